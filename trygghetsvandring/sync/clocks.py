"""Phones' clocks: what a phone claims, corrected by what its session's clock was off when it sent.

Order and merging never use these times; they are shown, with their uncertainty, and both are kept.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Exchange:
    """One push: the phone's clock when it sent, its monotonic clock then, and the server's clock on receipt."""

    session: UUID
    sent_at: datetime
    mono_ms: float
    received_at: datetime


def corrected(exchange: Exchange, at: datetime, mono_ms: float, session: UUID | None) -> tuple[datetime, int]:
    """(corrected time, uncertainty in whole seconds).

    In the same session the monotonic clocks tell how long ago it was, whatever the wall clock did meanwhile. From an
    earlier session the wall clock is moved by today's offset, and the size of that offset is the uncertainty.
    """
    if session == exchange.session and 0 <= exchange.mono_ms - mono_ms < 7 * 86_400_000:
        return exchange.received_at - timedelta(milliseconds=exchange.mono_ms - mono_ms), 2
    offset = exchange.received_at - exchange.sent_at
    uncertain_s = min(int(abs(offset.total_seconds())) + 2, 2_000_000_000)
    try:
        moved = at.astimezone(UTC) + offset
    except OverflowError:  # a clock thousands of years off says nothing but that it was before now
        moved = exchange.received_at
    return min(moved, exchange.received_at), uncertain_s
