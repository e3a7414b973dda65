"""What lies in a rescue file, record by record, once it is opened."""

import hashlib
from collections.abc import Iterable, Iterator

import msgspec

from trygghetsvandring.domain.rescues import (
    MOST_PHOTO,
    MOST_RECORD,
    MOST_RECORDS,
    Record,
    Rescue,
    RescueDamaged,
    RescueTruncated,
)

_records = msgspec.json.Decoder(Record)
Piece = tuple[Record, bytes | None]


def pieces(plain: Iterable[bytes]) -> Iterator[Piece]:
    """Records and the bytes that follow them, out of the opened pieces. One photo in memory at a time."""
    stream = _Stream(plain)
    while not stream.is_at_end():
        length = int.from_bytes(stream.take(4), "big")
        if length > MOST_RECORD:
            raise RescueDamaged()
        try:
            record = _records.decode(stream.take(length))
        except (msgspec.DecodeError, ValueError, RecursionError):
            raise RescueDamaged() from None
        content = None
        if record.photo is not None:
            if not 0 < record.photo.bytes <= MOST_PHOTO:
                raise RescueDamaged()
            content = stream.take(record.photo.bytes)
        yield record, content


def read(plain: Iterable[bytes]) -> Rescue:
    """The whole file, looked through to its end: every photo has its digest and every count is right."""
    rescue: Rescue | None = None
    whole: Rescue | None = None
    for at, (record, content) in enumerate(pieces(plain)):
        if at > MOST_RECORDS or whole is not None:
            raise RescueDamaged()
        if record.kind == "end":  # read on: the last piece says itself that it is the last
            whole = _whole(rescue, record.count or {})
        elif rescue is None:
            if record.manifest is None:
                raise RescueDamaged()
            rescue = Rescue(record.manifest)
        else:
            _add(rescue, record, content)
    if whole is None:
        raise RescueTruncated()
    return whole


def _add(rescue: Rescue, record: Record, content: bytes | None) -> None:
    if record.wire is not None:
        rescue.operations.append(record.wire.encode())
    elif record.draft is not None:
        rescue.drafts.append(record.draft)
    elif record.photo is not None and content is not None:
        if hashlib.sha256(content).hexdigest() != record.photo.sha256:
            raise RescueDamaged(photo=str(record.photo.id))
        rescue.photos.append(record.photo)
    # Another kind is from a newer phone. The sealed file is kept, so nothing of it is lost.


def _whole(rescue: Rescue | None, count: dict[str, int]) -> Rescue:
    if rescue is None:
        raise RescueDamaged()
    here = {name: len(getattr(rescue, name)) for name in ("operations", "drafts", "photos")}
    if any(count.get(name) != n for name, n in here.items()):
        raise RescueDamaged()
    return rescue


class _Stream:
    """Bytes in pieces of any size, taken in the sizes that are wanted."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._here = bytearray()

    def take(self, count: int) -> bytes:
        while len(self._here) < count:
            if not self._more():
                raise RescueTruncated()
        taken = bytes(self._here[:count])
        del self._here[:count]
        return taken

    def is_at_end(self) -> bool:
        return not self._here and not self._more()

    def _more(self) -> bool:
        for piece in self._pieces:
            self._here += piece
            return True
        return False
