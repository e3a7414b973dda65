"""Phones' clocks: what a phone claims, corrected by what that session's clock was off when the server heard from it.

Order and merging never use these times; they are shown, with their uncertainty, and both are kept.
"""

import math
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from trygghetsvandring.domain.people import Device, Heard

MOST_SESSIONS = 8
FLAGGED_S = 120  # a time less certain than this is said to be uncertain
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_BOUND_S = 2  # the way to the server, and two clocks that do not tick quite alike
_DAY_MS, _WEEK_MS = 86_400_000, 7 * 86_400_000
_MOST_S = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Exchange:
    """One push: the phone's clock when it sent, its monotonic clock then, and the server's clock on receipt.

    `last_seq` is what the phone says it has counted to. `heard` and `joined_at` are what its record knew before this.
    """

    session: UUID
    sent_at: datetime
    mono_ms: float
    received_at: datetime
    last_seq: int | None = None
    is_phones: bool = True  # False: the server's own clock stands for the phone's
    heard: tuple[Heard, ...] = ()
    joined_at: datetime | None = None
    now: Heard = field(init=False, repr=False, compare=False)  # this one, as it will be remembered

    def __post_init__(self) -> None:
        received = _ms(self.received_at)
        now = Heard(self.session, received - _ms(self.sent_at), self.mono_ms, self.received_at)
        object.__setattr__(self, "now", now)

    def knowing(self, device: Device | None) -> "Exchange":
        return self if device is None else replace(self, heard=device.heard, joined_at=device.joined_at)


def remembered(device: Device, exchange: Exchange) -> tuple[Heard, ...]:
    """The last exchange of each of the latest sessions, the latest last."""
    if not exchange.is_phones or not math.isfinite(exchange.mono_ms) or abs(exchange.mono_ms) >= 2**53:
        return device.heard
    others = [it for it in device.heard if it.session != exchange.session]
    return (*others, exchange.now)[-MOST_SESSIONS:]


def corrected(exchange: Exchange, at: datetime, mono_ms: float, session: UUID | None) -> tuple[datetime, int]:
    """(corrected time, uncertainty in whole seconds).

    By an exchange of the operation's own session when the server has heard one, this or an earlier: the clock may have
    been set between sessions. From a session nobody has heard from the wall clock is moved by today's offset, and all
    the time since the phone joined is uncertain.
    """
    claimed = _ms(at)
    own = [it for it in (exchange.now, *exchange.heard) if it.session == session]
    if session == exchange.session and mono_ms > exchange.mono_ms:
        own = []  # nothing was made after it was sent
    readings = [found for it in own if (found := _read(it, claimed, mono_ms)) is not None]
    if readings:
        when, uncertain_s = min(readings, key=lambda it: it[1])
    else:
        when, uncertain_s = _unheard(exchange, claimed)
    return _moment(when, exchange.received_at), min(uncertain_s, _MOST_S)


def _read(heard: Heard, claimed: int, mono_ms: float) -> tuple[int, int] | None:
    """By one exchange of the same session; None when the monotonic clock cannot be right.

    It never runs fast, but stands still while a phone sleeps. So when the wall clock says more, the phone slept or
    its clock was set: less than a day is believed to be sleep, and the difference is uncertain either way.
    """
    mono = mono_ms - heard.mono_ms  # below 0: made before that exchange
    if not math.isfinite(mono) or abs(mono) >= _WEEK_MS:
        return None
    wall = claimed + heard.offset_ms - _ms(heard.received_at)
    more = int((wall if mono > 0 else -wall) - abs(mono))
    if more < _BOUND_S * 1_000:
        return _ms(heard.received_at) + int(mono), _BOUND_S
    apart = wall if more <= _DAY_MS else int(mono)
    return _ms(heard.received_at) + apart, _BOUND_S + more // 1_000


def _unheard(exchange: Exchange, claimed: int) -> tuple[int, int]:
    """Moved by today's offset. How large that is, and how much others differed from it, is the least uncertainty."""
    offset, received = exchange.now.offset_ms, _ms(exchange.received_at)
    when = min(claimed + offset, received)
    apart = [abs(offset), *(abs(offset - it.offset_ms) for it in exchange.heard)]
    if exchange.joined_at is not None:
        apart.append(received - min(when, _ms(exchange.joined_at)))
    return when, max(max(apart) // 1_000 + _BOUND_S, FLAGGED_S + 1)


def _ms(at: datetime) -> int:
    return (at - _EPOCH) // _MS


def _moment(ms: int, latest: datetime) -> datetime:
    try:
        return min(_EPOCH + ms * _MS, latest)
    except OverflowError:  # a clock thousands of years off says nothing but that it was before now
        return latest
