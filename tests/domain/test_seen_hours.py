"""When it was seen, as the work lists are split: the evening it began, and two hours of the clock in Stockholm."""

from datetime import datetime

import pytest

from trygghetsvandring.domain.errors import Malformed
from trygghetsvandring.domain.seen_hours import HOURS, by_day, slot_of, slots_asked, together

MONDAY, FRIDAY, SATURDAY, SUNDAY = 0, 4, 5, 6


@pytest.mark.parametrize(
    ("at", "day", "hour"),
    [
        ("2026-11-20T21:30:00+00:00", FRIDAY, 22),
        ("2026-11-20T23:30:00+00:00", FRIDAY, 0),  # half past midnight on Saturday
        ("2026-11-21T04:59:00+00:00", FRIDAY, 4),
        ("2026-11-21T05:00:00+00:00", SATURDAY, 6),
        ("2026-11-22T23:00:00+00:00", SUNDAY, 0),  # Monday's midnight
        ("2026-07-03T20:30:00+00:00", FRIDAY, 22),  # in summer
        ("2026-10-25T00:30:00+00:00", SATURDAY, 2),  # 02.30, and an hour later
        ("2026-10-25T01:30:00+00:00", SATURDAY, 2),  # 02.30 once more
        ("2026-12-31T23:30:00+00:00", 3, 0),  # New Year's night is Thursday's
    ],
)
def test_what_was_seen_after_midnight_stands_with_the_evening_it_began(at: str, day: int, hour: int) -> None:
    slot = slot_of(datetime.fromisoformat(at))
    assert slots_asked(f"{day}-{hour}") == (slot,)
    assert slot in slots_asked(str(day))
    table = by_day({slot: 3})
    assert table[day][HOURS.index(hour)] == 3
    assert sum(map(sum, table)) == 3


def test_every_slot_has_one_cell_and_a_day_has_all_of_its_own() -> None:
    assert [n for day in by_day({slot: slot + 1 for slot in range(84)}) for n in sorted(day)] == list(range(1, 85))
    assert slots_asked("") == ()
    assert len({slot for day in range(7) for slot in slots_asked(str(day))}) == 84


def test_what_was_seen_at_two_hours_of_a_day_is_one_of_that_day() -> None:
    slots, days = together([(FRIDAY, 1 << 11 | 1 << 10, 2), (FRIDAY, 1 << 11, 3), (SUNDAY, 1 << 0, 1)])
    assert days == [0, 0, 0, 0, 5, 0, 1]
    assert slots == {FRIDAY * 12 + 11: 5, FRIDAY * 12 + 10: 2, SUNDAY * 12: 1}


@pytest.mark.parametrize("text", ["7", "-1", "4-21", "4-", "fri", "4-22-0", "04", "4-024", "٤"])
def test_what_is_no_day_and_hour_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        slots_asked(text)
