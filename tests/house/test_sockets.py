"""A test that reaches for the outside world fails, whatever library it reaches with."""

import asyncio
import socket

import httpx
import pytest

OUTSIDE = "192.0.2.7"  # RFC 5737: documentation only, never routed


def test_a_connection_to_another_machine_is_refused_before_it_is_made() -> None:
    with socket.socket() as telephone, pytest.raises(AssertionError, match="only loopback"):
        telephone.connect((OUTSIDE, 80))


def test_a_name_is_not_even_looked_up() -> None:
    with pytest.raises(AssertionError, match=r"www\.example"):
        socket.getaddrinfo("www.example", 443)


def test_a_datagram_to_another_machine_is_refused() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as sender, pytest.raises(AssertionError, match="only loopback"):
        sender.sendto(b"x", (OUTSIDE, 53))


def test_the_http_client_is_held_by_the_same_rule() -> None:
    with httpx.Client(trust_env=False) as client, pytest.raises(AssertionError, match="only loopback"):
        client.get(f"http://{OUTSIDE}/")


async def test_the_event_loop_is_held_by_the_same_rule() -> None:
    with pytest.raises(AssertionError, match="only loopback"):
        await asyncio.open_connection(OUTSIDE, 80)


async def test_loopback_still_works() -> None:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"ok")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        reader, writer = await asyncio.open_connection("localhost", server.sockets[0].getsockname()[1])
        assert await reader.read() == b"ok"
        writer.close()
        await writer.wait_closed()
