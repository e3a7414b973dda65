"""The bytes of one request, written down as they come, by whoever holds the upload's lock."""

import asyncio
import time
from typing import Final

from starlette.requests import Request

from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.photos import Photo, PhotoTooLarge
from trygghetsvandring.storage.uploads import Hold, Pen, UploadBusy, Uploads
from trygghetsvandring.web.tus import Checksum, ChecksumDiffers

_WRITE_AT: Final = 1024 * 1024
_LOOK_EVERY: Final = 0.25  # seconds between asking whether somebody newer wants this upload
_LINGER: Final = 0.05  # seconds without a byte after which a sender that is overtaken is given up
_LINGER_IN_ALL: Final = 1.0
_SILENT_FOR: Final = 60.0  # seconds without a byte


class ConnectionSilent(Refused):
    code = "connection_silent"


class Arrival:
    """`pen` stands where the bytes go: in what has come, or, with a checksum, in a chunk beside it."""

    def __init__(self, request: Request, hold: Hold, pen: Pen, most: int) -> None:
        self._request = request
        self._hold = hold
        self._pen = pen
        self._most = most
        self._waiting: list[bytes] = []
        self._size = 0
        self._heard = time.monotonic()
        self._ended: Refused | None = None
        self._until = 0.0

    async def take_all(self, checksum: Checksum | None = None) -> bool:
        """Until the request ends, dies, or is overtaken; whether it ended. What has come is written in every case.

        A dead connection's last bytes are here already when its successor comes: they are taken before it is let in.
        """
        self._must_fit(int(self._request.headers.get("content-length") or 0))
        try:
            async with asyncio.timeout(None) as patience:
                watching = asyncio.create_task(self._watch(patience))
                try:
                    return await self._take(checksum, patience)
                finally:
                    watching.cancel()
        except TimeoutError:
            if self._ended is None:
                raise
            raise self._ended from None
        finally:
            await self._write()

    async def _take(self, checksum: Checksum | None, patience: asyncio.Timeout) -> bool:
        while True:
            message = await self._request.receive()
            if message["type"] == "http.disconnect":
                return False
            piece = message.get("body", b"")
            self._heard = time.monotonic()
            self._must_fit(self._size + len(piece))
            if checksum is not None:
                checksum.add(piece)
            self._waiting.append(piece)
            self._size += len(piece)
            if not message.get("more_body", False):
                return True
            if self._size >= _WRITE_AT:
                await self._write()
            self._is_wanted(patience)

    async def _watch(self, patience: asyncio.Timeout) -> None:
        """Nobody says anything while nothing comes, so somebody must look."""
        while not self._is_wanted(patience):
            await asyncio.sleep(_LOOK_EVERY)
            if time.monotonic() - self._heard > _SILENT_FOR:
                self._ended = ConnectionSilent()
                patience.reschedule(asyncio.get_running_loop().time())
                return

    def _is_wanted(self, patience: asyncio.Timeout) -> bool:
        """If so, every piece that still comes wins a moment for the next, up to a second in all."""
        now = asyncio.get_running_loop().time()
        if self._ended is None and self._hold.is_wanted:
            self._ended, self._until = UploadBusy("a newer request has taken over"), now + _LINGER_IN_ALL
        if self._ended is not None:
            patience.reschedule(min(now + _LINGER, self._until))
        return self._ended is not None

    async def _write(self) -> None:
        if self._waiting:
            pieces, self._waiting, self._size = self._waiting, [], 0
            await self._pen.write(pieces)

    def _must_fit(self, more: int) -> None:
        if self._pen.offset + more > self._most:
            raise PhotoTooLarge(bytes=self._pen.offset + more, most=self._most)


async def take(
    request: Request,
    uploads: Uploads,
    hold: Hold,
    municipality: str,
    photo: Photo,
    offset: int,
    checksum: Checksum | None,
) -> int:
    """The bytes of this request, from `offset` on; gives the new length. With a checksum all of them or none."""
    if hold.is_wanted:  # the way here was long, and somebody newer has been served meanwhile
        raise UploadBusy("a newer request has taken over")
    if checksum is None:
        with uploads.pen(municipality, photo.id, offset) as pen:
            await Arrival(request, hold, pen, photo.bytes).take_all()
            return pen.offset
    with uploads.chunk(municipality, photo.id) as pen:
        if not await Arrival(request, hold, pen, photo.bytes - offset).take_all(checksum):
            raise ChecksumDiffers(offset=offset)
        checksum.must_be_right(offset)
        return await uploads.adopt(municipality, photo.id, offset)
