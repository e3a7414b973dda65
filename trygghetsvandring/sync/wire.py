"""What travels: `pwa/src/domain/wire.ts` in Python. Unknown fields are kept in the log, never refused."""

import re
from datetime import datetime
from uuid import UUID

import msgspec

from trygghetsvandring.domain.errors import Malformed

PROTOCOL = 1
MAX_OPERATIONS = 200
MAX_BYTES = 256 * 1024


class Push(msgspec.Struct, kw_only=True):
    """Operations are decoded one by one, so that one malformed operation is refused alone."""

    protocol: int
    device: UUID
    sent_at: datetime
    session: UUID
    mono_ms: float
    last_seq: int | None = None  # the highest number the phone has given out
    operations: list[msgspec.Raw]


class Envelope(msgspec.Struct, kw_only=True):
    id: UUID
    seq: int | None = None
    type: str
    entity: UUID
    base: int | None = None
    at: datetime
    mono_ms: float = 0
    session: UUID | None = None
    body: msgspec.Raw


class Body(msgspec.Struct, kw_only=True, omit_defaults=False):
    """Base of every operation's body. Lengths are checked by the rules, which answer with codes."""


class Receipt(msgspec.Struct, kw_only=True):
    number: str
    received_at: datetime
    read_on: str


class Outcome(msgspec.Struct, kw_only=True, omit_defaults=True):
    id: str
    outcome: str
    first: str | None = None
    version: int | None = None
    code: str | None = None
    facts: dict[str, object] | None = None
    conflict_id: UUID | None = None
    receipt: Receipt | None = None


class Pushed(msgspec.Struct, kw_only=True):
    protocol: int
    server_time: datetime
    outcomes: list[Outcome]


# An escape, a pair of surrogates, or half of one: what a phone sends when a text was cut inside an emoji.
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89aAbB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)"
)


def whole_characters(raw: bytes) -> bytes:
    """JSON in which half a character reads as U+FFFD: a finding is never turned away for a cut emoji."""
    return _ESCAPE.sub(lambda found: rb"\ufffd" if found[1] else found[0], raw)


def read_push(raw: bytes) -> Push:
    if rb"\ud" in raw or rb"\uD" in raw:
        raw = whole_characters(raw)
    try:
        push = msgspec.json.decode(raw, type=Push)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise BatchMalformed(reason=str(error)[:200]) from None
    if len(push.operations) > MAX_OPERATIONS:
        raise BatchTooLarge(operations=len(push.operations), limit=MAX_OPERATIONS)
    if push.last_seq is not None and not 0 <= push.last_seq < 2**31:
        raise BatchMalformed(reason="last_seq out of range")
    if push.sent_at.tzinfo is None:
        raise BatchMalformed(reason="sent_at without a time zone")
    return push


class BatchMalformed(Malformed):
    code = "batch_malformed"


class BatchTooLarge(Malformed):
    code = "batch_too_large"
