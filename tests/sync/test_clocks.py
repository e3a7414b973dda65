"""Times that phones claim, corrected: shown, never used for order."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.sync.clocks import Exchange, corrected

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
SESSION = uuid7()


def exchange(off: timedelta = timedelta(), mono_ms: float = 3_600_000) -> Exchange:
    return Exchange(SESSION, NOW + off, mono_ms, NOW)


@pytest.mark.law(11)
@pytest.mark.parametrize("off", [timedelta(), timedelta(days=3), timedelta(days=-365)])
def test_in_the_same_session_the_monotonic_clock_tells_how_long_ago(off: timedelta) -> None:
    ten_minutes_ago = 3_000_000.0

    when, uncertain_s = corrected(exchange(off), NOW + timedelta(days=99), ten_minutes_ago, SESSION)

    assert (when, uncertain_s) == (NOW - timedelta(minutes=10), 2)


@pytest.mark.law(11)
def test_from_an_earlier_session_the_wall_clock_is_moved_and_the_move_is_the_uncertainty() -> None:
    fast = exchange(timedelta(hours=1))

    when, uncertain_s = corrected(fast, NOW + timedelta(minutes=40), 0, uuid7())

    assert (when, uncertain_s) == (NOW - timedelta(minutes=20), 3_602)


@pytest.mark.law(11)
def test_nothing_was_seen_after_it_was_received() -> None:
    assert corrected(exchange(), NOW + timedelta(days=400), 0, None)[0] == NOW


@pytest.mark.law(11)
@pytest.mark.parametrize("mono_ms", [3_600_001.0, -700_000_000.0, 1e308, float("inf")])
def test_a_monotonic_clock_that_cannot_be_right_is_not_believed(mono_ms: float) -> None:
    when, _ = corrected(exchange(), NOW - timedelta(hours=2), mono_ms, SESSION)

    assert when == NOW - timedelta(hours=2)


@pytest.mark.law(11)
@pytest.mark.parametrize(
    ("at", "sent_at"),
    [
        (datetime(9999, 12, 30, tzinfo=UTC), datetime(1, 1, 2, tzinfo=UTC)),
        (datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)),
        (datetime(1, 1, 2, tzinfo=timezone(timedelta(hours=14))), NOW + timedelta(days=2)),
    ],
)
def test_a_clock_thousands_of_years_off_gives_a_time_that_can_be_stored(at: datetime, sent_at: datetime) -> None:
    when, uncertain_s = corrected(Exchange(SESSION, sent_at, 0, NOW), at, 0, None)

    assert when <= NOW
    assert when.astimezone(UTC).year >= 1
    assert uncertain_s <= 2_000_000_000
