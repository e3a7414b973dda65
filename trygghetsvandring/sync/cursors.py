"""Cursors: how far a phone has read of each scope, signed, and worth nothing to anybody else.

`seq` is read to the end in every scope but those in `behind`. A scope somebody was just granted is read there from its
beginning (enter); one that was taken away is walked through the same way, every row as gone (leave). So a grant brings
exactly what it grants, a revocation takes exactly what it took, and a pull from nothing is a grant of everything.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

HORIZON_DAYS = 400
"""Tombstones are kept at least this long. An older cursor may have missed one, so its phone reads everything again."""

_SIGNATURE = 16
_MOST = 4_096


class Behind(msgspec.Struct, array_like=True, frozen=True):
    """One scope that is not read up to the cursor's `seq` yet. `leaves`: its rows are taken back, not given."""

    scope: str
    seq: int
    leaves: bool = False


class Cursor(msgspec.Struct, array_like=True, frozen=True):
    """`reader` is the device it was given to, `day` when: days since 1970, the server's."""

    municipality: str
    reader: str
    epoch: str
    day: int
    seq: int
    scopes: tuple[str, ...]
    behind: tuple[Behind, ...] = ()


_decoder = msgspec.msgpack.Decoder(Cursor)


def day_of(now: datetime) -> int:
    return int(now.astimezone(UTC).timestamp()) // 86_400


def written(cursor: Cursor, key: bytes) -> str:
    packed = msgspec.msgpack.encode(cursor)
    return urlsafe_b64encode(_signature(packed, key) + packed).decode().rstrip("=")


def read(text: str, key: bytes) -> Cursor | None:
    """None for what this server did not sign."""
    if len(text) > _MOST:
        return None
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None
    if not hmac.compare_digest(raw[:_SIGNATURE], _signature(raw[_SIGNATURE:], key)):
        return None
    try:
        return _decoder.decode(raw[_SIGNATURE:])
    except msgspec.MsgspecError:  # signed by another version of ours
        return None


def _signature(packed: bytes, key: bytes) -> bytes:
    return hmac.digest(key, b"feed cursor " + packed, "sha256")[:_SIGNATURE]


def from_nothing(municipality: str, reader: str, epoch: str, head: int, scopes: Sequence[str]) -> Cursor:
    behind = tuple(Behind(scope, 0) for scope in scopes)
    return Cursor(municipality, reader, epoch, 0, head, tuple(scopes), behind)


def granted(cursor: Cursor, scopes: Sequence[str]) -> Cursor:
    """The cursor as it must be read by somebody who may now see `scopes`. What is taken away goes first."""
    if cursor.scopes == tuple(scopes):
        return cursor
    now, before = set(scopes), set(cursor.scopes)
    going_on = [it for it in cursor.behind if it.leaves is (it.scope not in now)]
    known = {it.scope for it in going_on}
    leaves = [Behind(scope, 0, True) for scope in cursor.scopes if scope not in now and scope not in known]
    enters = [Behind(scope, 0) for scope in scopes if scope not in before and scope not in known]
    behind = sorted((*going_on, *leaves, *enters), key=lambda it: not it.leaves)
    return msgspec.structs.replace(cursor, scopes=tuple(scopes), behind=tuple(behind))
