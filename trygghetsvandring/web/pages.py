"""Pages of the feed as they travel: JSON joined from stored text, and gzip that need not be done again.

A full page below the head of a scope that many share never changes, so its rows are kept compressed. Only the answer's
tail (time, cursor) is new: it is compressed as a stream of its own and laid behind the kept one.
"""

import zlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from trygghetsvandring.storage.changes import Row

_HEAD: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"  # gzip: deflate, no name, no time
_WORTH_PACKING: Final = 1_000
_MOST_BYTES: Final = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Packed:
    """The beginning of an answer, deflated up to a whole byte and not ended; `last` is its last row's number."""

    deflated: bytes
    crc: int
    length: int
    last: int


def line(row: Row, *, leaves: bool = False) -> str:
    head = msgspec.json.encode({"kind": row.kind, "id": row.id, "version": row.version}).decode()[:-1]
    return f'{head},"gone":true}}' if leaves or row.state is None else f'{head},"state":{row.state}}}'


def changes(lines: str) -> bytes:
    """The beginning of every answer."""
    return f'{{"changes":[{lines}]'.encode()


def tail(facts: dict[str, object]) -> bytes:
    """The rest of it."""
    return b"," + msgspec.json.encode(facts)[1:]


def packed(plain: bytes, last: int) -> Packed:
    pack = zlib.compressobj(6, zlib.DEFLATED, -15)
    deflated = pack.compress(plain) + pack.flush(zlib.Z_FULL_FLUSH)
    return Packed(deflated, zlib.crc32(plain), len(plain), last)


def whole(begun: Packed, end: bytes) -> bytes:
    """A gzip of both, at the price of the end alone."""
    pack = zlib.compressobj(1, zlib.DEFLATED, -15)
    crc = zlib.crc32(end, begun.crc)
    size = (begun.length + len(end)) & 0xFFFFFFFF
    sums = crc.to_bytes(4, "little") + size.to_bytes(4, "little")
    return _HEAD + begun.deflated + pack.compress(end) + pack.flush() + sums


def gzipped(plain: bytes) -> bytes:
    """For an answer that nobody else will get."""
    pack = zlib.compressobj(1, zlib.DEFLATED, 31)
    return pack.compress(plain) + pack.flush()


def is_worth_packing(plain: bytes) -> bool:
    return len(plain) > _WORTH_PACKING


Key = tuple[str, str, int, str, int, int]  # municipality, epoch, times rewritten, scope, from, rows


class Kept:
    """The pages last asked for, up to 32 MiB of them. A key names everything a page depends on."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._most = most_bytes
        self._pages: OrderedDict[Key, Packed] = OrderedDict()
        self._bytes = 0

    def get(self, key: Key) -> Packed | None:
        page = self._pages.get(key)
        if page is not None:
            self._pages.move_to_end(key)
        return page

    def keep(self, key: Key, page: Packed) -> None:
        before = self._pages.pop(key, None)
        self._bytes += len(page.deflated) - (0 if before is None else len(before.deflated))
        self._pages[key] = page
        while self._bytes > self._most:
            _, oldest = self._pages.popitem(last=False)
            self._bytes -= len(oldest.deflated)

    def __len__(self) -> int:
        return len(self._pages)


def joined(rows: Sequence[Row], *, leaves: bool = False) -> str:
    return ",".join(line(row, leaves=leaves) for row in rows)
