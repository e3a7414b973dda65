"""Buckets: the same blobs in an S3 server, with the same promise before a receipt.

Stored means: the server has answered that it has the whole object, and what it has is what we sent. S3 says so with an
ETag that is the content's MD5; a server that gives another one (encryption with its own keys, several parts) is asked
for the bytes, and they are hashed.

A server that is away must not take us with it. Every question has an end (`Patience`), only a few are asked at once,
and after the first without an answer the rest are refused at once; then one at a time tries, more and more seldom.
"""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar
from uuid import uuid4

import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import S3Store

from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.storage.blobs import Stored, checked, digest_of
from trygghetsvandring.storage.disk import to_the_end

if TYPE_CHECKING:
    from obstore import GetResult, PutResult

log = structlog.get_logger()
T = TypeVar("T")

LINK_FOR: Final = timedelta(seconds=60)
_PIECE: Final = 4 * 1024 * 1024
_WHOLE_UP_TO: Final = 32 * 1024 * 1024  # a photo is one request, so that its ETag is its digest
_AT_ONCE: Final = 8  # with 25 MiB each, the most that is held in memory on its way
_SLOWEST: Final = 512 * 1024  # bytes a second
_TYPES: Final = {".jpg": "image/jpeg", ".pdf": "application/pdf"}


class StoreAway(Refused):
    """The object store does not answer, or not as it should. What was to be stored waits where it is."""

    code = "store_away"


class BucketUnsound(ValueError):
    """The bucket that the settings name cannot be used. `code` is stable."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(f"{code}: {why}")
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the bucket is. `browsers` is its address as browsers reach it; without one they get photos from us."""

    bucket: str
    endpoint: str
    region: str
    key_id: str
    secret: str = field(repr=False)
    folder: str = ""
    browsers: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds. `whole` is the most that one question may take, its repetitions too, and what it carries comes on top
    of that; `rest_*` how long we leave it."""

    connect: float = 3.0
    whole: float = 20.0
    rest_first: float = 5.0
    rest_most: float = 60.0


class Bucket:
    """Blobs in a bucket."""

    def __init__(
        self, place: Place, *, patience: Patience = Patience(), clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._at = place
        self._store = _opened(place, place.endpoint, patience)
        self._browsers = _opened(place, place.browsers, patience) if place.browsers else None
        self._patience = patience
        self._clock = clock
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._since: float | None = None
        self._rest = patience.rest_first
        self._again_at = 0.0

    @property
    def silent_for(self) -> float | None:
        return None if self._since is None else max(0.0, self._clock() - self._since)

    # ------------------------------------------------------------ the words of Blobs

    async def read(self, key: str) -> bytes | None:
        name = self._name(key)

        async def work() -> "GetResult":
            return await obstore.get_async(self._store, name)

        if (found := await self._found(work)) is None:
            return None
        return bytes(await self._ask(found.bytes_async, found.meta["size"]))

    async def part(self, key: str, start: int, length: int) -> bytes | None:
        size = await self.size(key)
        if size is None or start >= size or length < 1:
            return None if size is None else b""
        name, end = self._name(key), min(start + length, size)

        async def work() -> bytes:
            return bytes(await obstore.get_range_async(self._store, name, start=start, end=end))

        return await self._found(work)

    async def size(self, key: str) -> int | None:
        name = self._name(key)

        async def work() -> int:
            return int((await obstore.head_async(self._store, name))["size"])

        return await self._found(work)

    async def digest(self, key: str) -> str | None:
        """Read a piece at a time, each with an end of its own."""
        if (size := await self.size(key)) is None:
            return None
        hashed = hashlib.sha256()
        for start in range(0, size, _PIECE):
            piece = await self.part(key, start, _PIECE)
            if piece is None:
                return None
            await to_the_end(lambda piece=piece: hashed.update(piece))  # type: ignore[misc]
        return hashed.hexdigest()

    async def keep(self, key: str, content: bytes) -> None:
        name, kind = self._name(key), _TYPES.get(Path(key).suffix, "application/octet-stream")

        async def work() -> "PutResult":
            return await obstore.put_async(
                self._store,
                name,
                content,
                use_multipart=False,
                attributes={"Content-Type": kind, "Cache-Control": "private, no-store"},
            )

        said = await self._ask(work, len(content))
        digest = await to_the_end(lambda: hashlib.md5(content, usedforsecurity=False).hexdigest())
        await self._must_be(key, said, digest, lambda: hashlib.sha256(content).hexdigest())

    async def take(self, file: Path, key: str) -> None:
        """The file goes when its bytes are stored, and not before."""
        size = (await to_the_end(file.stat)).st_size
        if size <= _WHOLE_UP_TO:
            await self.keep(key, await to_the_end(file.read_bytes))
        else:
            await self._take_in_parts(file, key, size)
        await to_the_end(lambda: file.unlink(missing_ok=True))

    async def remove(self, key: str) -> None:
        await self._delete([self._name(key)])

    async def remove_all(self, prefix: str) -> None:
        """Asked again afterwards: somebody may have stored a copy meanwhile."""
        while names := [self._name(each.key) async for each in self.under(prefix)]:
            await self._delete(names)

    async def is_any(self, prefix: str) -> bool:
        async for _ in self.under(prefix):
            return True
        return False

    async def under(self, prefix: str) -> AsyncIterator[Stored]:
        pages = obstore.list(self._store, self._name(prefix), chunk_size=1_000)
        before = len(self._at.folder) + 1 if self._at.folder else 0
        while page := await self._ask(lambda: anext(pages, None)):
            for it in page:
                yield Stored(key=it["path"][before:], bytes=it["size"], at=it["last_modified"])

    async def link(self, key: str) -> str | None:
        """Signed here, without asking anybody."""
        if self._browsers is None:
            return None
        return await obstore.sign_async(self._browsers, "GET", self._name(key), LINK_FOR)

    # ------------------------------------------------------------ before anything is served

    async def prove(self) -> None:
        """Writes, reads, lists and deletes. `BucketUnsound` when it is wrong; `StoreAway` when nobody answers."""
        key, content = f"probe/{uuid4().hex}", b"trygghetsvandring"
        try:
            await self.keep(key, content)
            if await self.digest(key) != hashlib.sha256(content).hexdigest() or not await self.is_any("probe"):
                raise BucketUnsound("s3_not_faithful", f"{self._at.bucket} did not give back what was stored")
            await self.remove(key)
            if await self.size(key) is not None:
                raise BucketUnsound("s3_not_faithful", f"{self._at.bucket} did not delete")
        except StoreAway as away:
            for sign, code in _SIGNS:
                if sign in str(away.facts.get("why", "")):
                    raise BucketUnsound(code, f"{self._at.bucket} at {self._at.endpoint}") from away
            raise

    # ------------------------------------------------------------ asking

    def _name(self, key: str) -> str:
        return f"{self._at.folder}/{checked(key)}" if self._at.folder else checked(key)

    async def _found(self, work: Callable[[], Awaitable[T]]) -> T | None:
        try:
            return await self._ask(work)
        except FileNotFoundError:
            return None

    async def _ask(self, work: Callable[[], Awaitable[T]], carries: int = 0) -> T:
        """`carries`: bytes there or back."""
        self._must_answer()
        async with self._turns:
            self._must_answer()
            if is_try := self._since is not None:  # the others go on resting
                self._again_at = self._clock() + self._rest
            try:
                async with asyncio.timeout(self._patience.whole + carries / _SLOWEST):
                    answer = await work()
            except FileNotFoundError as missing:
                if "NoSuchBucket" in str(missing):
                    raise self._is_away("NoSuchBucket") from None
                self._is_back()
                raise
            except (BaseError, OSError) as failed:  # a TimeoutError is an OSError
                raise self._is_away(_why(failed), is_try=is_try) from None
            self._is_back()
            return answer

    def _must_answer(self) -> None:
        if self._since is not None and self._clock() < self._again_at:
            raise StoreAway("the object store does not answer", retry_after=self._wait())

    def _wait(self) -> int:
        return max(1, round(self._again_at - self._clock()))

    def _is_away(self, why: str, *, is_try: bool = False) -> StoreAway:
        """Several may be under way when it goes silent; only a try that fails makes the rest longer."""
        if self._since is None:
            self._since, self._rest = self._clock(), self._patience.rest_first
            self._again_at = self._since + self._rest
            log.warning("store_away", why=why)
        elif is_try:
            self._rest = min(self._rest * 2, self._patience.rest_most)
            self._again_at = self._clock() + self._rest
        return StoreAway("the object store does not answer", retry_after=self._wait(), why=why)

    def _is_back(self) -> None:
        if self._since is not None:
            log.warning("store_back", silent_s=round(self._clock() - self._since))
            self._since = None

    async def _must_be(self, key: str, said: "PutResult", md5: str, sha256: Callable[[], str]) -> None:
        """Nothing counts as stored before this. Where old versions are kept an erasure would be a lie."""
        if said["version"] not in {None, "null"}:
            raise self._is_away("versioned")
        if (said["e_tag"] or "").strip('"') == md5:
            return
        if await self.digest(key) != await to_the_end(sha256):
            raise self._is_away("stored other bytes than were sent")

    async def _take_in_parts(self, file: Path, key: str, size: int) -> None:
        name = self._name(key)

        async def work() -> "PutResult":
            return await obstore.put_async(self._store, name, file, chunk_size=_PIECE * 2, max_concurrency=2)

        said = await self._ask(work, size)
        await self._must_be(key, said, "", lambda: digest_of(file) or "")

    async def _delete(self, names: list[str]) -> None:
        async def work() -> None:
            await obstore.delete_async(self._store, names)

        try:
            await self._ask(work)
        except FileNotFoundError:
            return


_SIGNS: Final = (
    ("NoSuchBucket", "s3_bucket_missing"),
    ("versioned", "s3_versioned"),
    ("denied", "s3_access_denied"),
)


def _why(failed: Exception) -> str:
    """What it was, in a word: the text names keys, and keys name photos."""
    text = str(failed)
    if isinstance(failed, TimeoutError):
        return "no answer in time"
    if "NoSuchBucket" in text:
        return "NoSuchBucket"
    if isinstance(failed, PermissionError) or any(word in text for word in ("403 Forbidden", "401 Unauthorized")):
        return "denied"
    return type(failed).__name__


def _opened(place: Place, endpoint: str, patience: Patience) -> S3Store:
    return S3Store(
        place.bucket,
        endpoint=endpoint,
        region=place.region,
        access_key_id=place.key_id,
        secret_access_key=place.secret,
        virtual_hosted_style_request=False,  # by path, which every server and every certificate understands
        client_options={
            "connect_timeout": timedelta(seconds=patience.connect),
            "timeout": timedelta(seconds=patience.whole + _WHOLE_UP_TO / _SLOWEST),  # each question has an end before
            "allow_http": True,  # which addresses may be without TLS is the settings' to say
        },
        retry_config={
            "max_retries": 2,
            "retry_timeout": timedelta(seconds=patience.whole),
            "backoff": {
                "init_backoff": timedelta(milliseconds=100),
                "max_backoff": timedelta(seconds=1),
                "base": 2,
            },
        },
    )
