"""An S3 server of the test run's own, on loopback: real requests, real answers, and a wire that can be cut.

`s3` is the server, `bucket_place` an empty bucket of it for one test, `Wire` stands between and may be silent or gone.
"""

import asyncio
import contextlib
from collections.abc import Iterator
from itertools import count
from typing import Self

import httpx
import pytest

from trygghetsvandring.storage.buckets import Patience, Place

REGION = "eu-north-1"
HASTY = Patience(connect=2.0, whole=8.0, rest_first=5.0, rest_most=300.0)
"""For tests in which nobody answers: what is waited for is short, what is rested is on the test's own clock."""
_numbers = count(1)


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The server's address."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


@pytest.fixture
def bucket_place(s3: str) -> Place:
    return a_place(s3)


def a_place(s3: str, *, folder: str = "trygg", browsers: str | None = None) -> Place:
    """An empty bucket."""
    name = f"foton-{next(_numbers)}"
    wanted = f"<CreateBucketConfiguration><LocationConstraint>{REGION}</LocationConstraint></CreateBucketConfiguration>"
    httpx.put(f"{s3}/{name}", content=wanted).raise_for_status()
    return Place(
        bucket=name, folder=folder, endpoint=s3, region=REGION, key_id="nyckel", secret="hemlig", browsers=browsers
    )


def keep_versions(place: Place) -> None:
    wanted = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
    httpx.put(f"{place.endpoint}/{place.bucket}?versioning", content=wanted).raise_for_status()


class Wire:
    """Between a store and its server. `through`, `silent` (takes all, answers nothing) or `gone` (hangs up)."""

    def __init__(self, behind: str) -> None:
        _, _, there = behind.partition("://")
        self._host, _, port = there.partition(":")
        self._port = int(port)
        self.mood = "through"
        self.asked = 0
        self._open: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    def be(self, mood: str) -> None:
        """From now on, also for connections that are open."""
        self.mood = mood
        for task in list(self._open):
            task.cancel()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        self.asked += 1
        try:
            if self.mood == "silent":
                await asyncio.sleep(3_600)
            elif self.mood == "through":
                await self._join(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass  # cut, as it was told to be
        finally:
            self._open.discard(task)
            writer.close()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(self._host, self._port)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(_pour(reader, back))
                both.create_task(_pour(there, writer))
        finally:
            back.close()


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while piece := await reader.read(65_536):
            writer.write(piece)
            await writer.drain()
    writer.close()
