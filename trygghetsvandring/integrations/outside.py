"""Calls to addresses that somebody typed in: only to public machines, or to networks the municipality has named.

What a name leads to is looked up here, and the connection goes to that very address: a name that answers differently
the second time gains nothing. Without TLS only a network of one's own is called. No redirect is followed, no proxy
asked, and no answer read beyond a megabyte.
"""

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
MOST_BYTES = 1024 * 1024
SECONDS = 20.0
# These carry a v4 address inside, which would be reached behind our back.
_TUNNELS = tuple(ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))


class NotReached(Exception):
    """It is certain that nothing was received there. The text is a code, without addresses."""


class NoAnswer(Exception):
    """It left, and nothing readable came back: it may have been received."""


@dataclass(frozen=True, slots=True)
class Answered:
    status: int
    media: str
    content: bytes


def may_reach(address: Address, own: Sequence[Network], *, with_tls: bool) -> bool:
    plain = getattr(address, "ipv4_mapped", None) or address
    if any(plain.version == net.version and plain in net for net in own):
        return True
    is_public = plain.is_global and not plain.is_multicast and not any(plain in net for net in _TUNNELS)
    return with_tls and is_public


def networks(written: Iterable[str]) -> list[Network]:
    """Those that can be read; a network with a fault opens nothing."""
    read: list[Network] = []
    for text in written:
        try:
            read.append(ipaddress.ip_network(text))
        except ValueError:
            continue
    return read


class _Guarded(httpcore.AsyncNetworkBackend):
    def __init__(self, own: Sequence[Network], *, with_tls: bool) -> None:
        self._own, self._with_tls = own, with_tls
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # the protocol's own
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        found = await _resolved(host, port)
        if not found or not all(may_reach(each, self._own, with_tls=self._with_tls) for each in found):
            raise NotReached("address_not_allowed")
        return await self._inner.connect_tcp(str(found[0]), port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


async def _resolved(host: str, port: int) -> list[Address]:
    try:
        rows = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotReached("name_unknown") from None
    return [ipaddress.ip_address(str(row[4][0]).partition("%")[0]) for row in rows]


class _Transport(httpx.AsyncHTTPTransport):
    def __init__(self, own: Sequence[Network], *, with_tls: bool) -> None:
        super().__init__(trust_env=False)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False) if with_tls else None,
            network_backend=_Guarded(own, with_tls=with_tls),
            max_connections=4,
        )


@asynccontextmanager
async def client(
    url: str, own_networks: Iterable[str], *, seconds: float = SECONDS
) -> AsyncIterator[httpx.AsyncClient]:
    transport = _Transport(networks(own_networks), with_tls=urlsplit(url).scheme == "https")
    async with httpx.AsyncClient(
        transport=transport, timeout=seconds, follow_redirects=False, trust_env=False
    ) as opened:
        yield opened


async def call(opened: httpx.AsyncClient, request: httpx.Request, *, seconds: float = SECONDS) -> Answered:
    """Within `seconds` in all: a machine that drips its answer is one that does not answer."""
    try:
        async with asyncio.timeout(seconds):
            return await _call(opened, request)
    except TimeoutError:
        raise NoAnswer("no_answer") from None


async def _call(opened: httpx.AsyncClient, request: httpx.Request) -> Answered:
    try:
        answer = await opened.send(request, stream=True)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol, httpx.InvalidURL):
        raise NotReached("not_reached") from None
    except httpx.HTTPError:
        raise NoAnswer("no_answer") from None
    try:
        content = b""
        async for part in answer.aiter_bytes():
            content += part
            if len(content) > MOST_BYTES:
                raise NoAnswer("answer_too_long")
        return Answered(answer.status_code, answer.headers.get("content-type", ""), content)
    except httpx.HTTPError:
        raise NoAnswer("no_answer") from None
    finally:
        await answer.aclose()
