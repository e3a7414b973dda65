"""Devices: what a phone has promised, how long its token lasts, and when a person has to look at what it sends.

Capturing never needs a token. A token that is over, a phone that was shut and somebody who is no longer with us may
still hand in: what they send is kept as it came and waits for a person. They read nothing more.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from trygghetsvandring.domain.errors import Refused, TextTooLong
from trygghetsvandring.domain.people import Device

Range = tuple[int, int]  # first and last, both missing

MOST_PROMISED = 10_000
WALK_TOKEN = timedelta(days=400)  # as long as the answers can be read
FIELD_TOKEN = timedelta(days=30)  # as long as the log lies on the phone
GRACE = timedelta(days=60)  # after that: a phone found in a drawer may send, and nothing it sends is let in unseen

REVOKED, EXPIRED, DISABLED = "device_revoked", "token_expired", "user_disabled"
UNPROVEN = "rescue_unproven"  # a rescue file that does not show it was made by the phone it names

MOST_REASON = 200


class DeviceShut(Refused):
    """It may hand in, and read nothing."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class DeviceRestarted(Refused):
    """The phone counts lower than what it has sent before: its storage is an older one. It needs a new id."""

    code = "device_restarted"


class ReasonMissing(Refused):
    """Shutting a phone out and refusing what was handed in are decisions, and a decision has a reason."""

    code = "reason_missing"


def reason_of(written: str) -> str:
    reason = written.strip()
    if not reason:
        raise ReasonMissing()
    if len(reason) > MOST_REASON:
        raise TextTooLong(field="reason", limit=MOST_REASON)
    return reason


def _over_at(device: Device) -> datetime:
    lasts = WALK_TOKEN if device.kind == "walk" else FIELD_TOKEN
    return (device.token_at or device.joined_at) + lasts


def shut(device: Device, now: datetime, *, user_is_gone: bool) -> str:
    """Why it may not read; "" when it may."""
    if device.revoked_at is not None:
        return REVOKED
    if user_is_gone:
        return DISABLED
    return EXPIRED if now >= _over_at(device) else ""


def held(device: Device, now: datetime, *, user_is_gone: bool) -> str:
    """Why what it sends waits for a person; "" when it does not. A token that has just run out holds nothing up."""
    why = shut(device, now, user_is_gone=user_is_gone)
    return "" if why == EXPIRED and now < _over_at(device) + GRACE else why


def must_go_on(device: Device, last_seq: int | None) -> None:
    """`last_seq` is the highest number the phone has given out; None from a phone that does not say."""
    if last_seq is not None and last_seq < device.max_seq:
        raise DeviceRestarted(last_seq=device.max_seq)


def promised(device: Device, last_seq: int | None) -> int:
    """The highest number that is known to have been given out; one push can make it look no worse than an evening."""
    return max(device.promised_seq, min(last_seq or 0, device.max_seq + MOST_PROMISED))


def missing(device: Device, gaps: Iterable[Range], received: int) -> list[Range]:
    """The numbers below what was promised that never came. `received` is the highest that did, 0 for none."""
    end = max(device.promised_seq, device.max_seq)
    tail = [(max(received + 1, device.first_seq), end)]
    clipped = [(max(first, device.first_seq), last) for first, last in (*gaps, *tail)]
    return [(first, last) for first, last in clipped if first <= last]


def count(ranges: Iterable[Range]) -> int:
    return sum(last - first + 1 for first, last in ranges)
