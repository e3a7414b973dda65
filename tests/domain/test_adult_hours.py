"""Adults' hours by area and month: whole hundreds, evenings, and nothing where few people live."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.promise_makers import an_evening_out
from trygghetsvandring.domain.adult_hours import AdultMonth, by_area, by_month, lasted
from trygghetsvandring.domain.presence import Pass, PresenceEntry

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
Log = tuple[Pass, list[PresenceEntry]]


def a_night(evening: date, hours: float, *, adults: int | None = 10, areas: tuple[str, str] = ("A", "A")) -> Log:
    one, (first, last) = an_evening_out(evening, adults, hours)
    return one, [replace(first, area=areas[0]), replace(last, area=areas[1])]


def rows(*passes: Log, small: tuple[str, ...] = ()) -> dict[tuple[str, date], AdultMonth]:
    return {(it.area, it.month): it for it in by_area(passes, ("A", "B"), (MAY, JUNE), small)}


def test_hours_are_whole_hundreds_of_the_area_and_the_month_and_nobody_out_is_no_nought() -> None:
    may = [a_night(MAY + timedelta(days=n), 4) for n in range(6)]
    found = rows(*may, a_night(JUNE, 4, adults=None))

    assert (found["A", MAY].evenings, found["A", MAY].hours) == (6, 200)  # of 240
    assert (found["A", JUNE].evenings, found["A", JUNE].hours) == (1, None)
    assert (found["B", MAY].evenings, found["B", MAY].hours) == (0, None)


def test_a_pass_is_where_its_entries_say_until_the_next_one() -> None:
    nights = [a_night(MAY + timedelta(days=n), 11, areas=("A", "B")) for n in range(2)]
    found = rows(*nights)

    assert (found["A", MAY].hours, found["B", MAY].hours) == (200, None)
    assert found["A", MAY].evenings == found["B", MAY].evenings == 2


def test_where_few_people_live_only_the_evenings_are_told() -> None:
    nights = [a_night(MAY + timedelta(days=n), 8) for n in range(4)]

    assert (rows(*nights)["A", MAY].hours, rows(*nights)["A", MAY].is_hidden) == (300, False)
    hidden = rows(*nights, small=("A",))["A", MAY]
    assert (hidden.evenings, hidden.hours, hidden.is_hidden) == (4, None, True)


@given(
    st.integers(1, 4),
    st.floats(0, 40),
    st.lists(st.tuples(st.integers(0, 60), st.floats(0, 16), st.integers(5, 30)), max_size=12),
)
def test_a_pass_of_fewer_than_five_moves_no_number_by_more_than_one_step(
    adults: int, hours: float, others: list[tuple[int, float, int]]
) -> None:
    """As one of five for the longest evening would, so no reading before and after it tells that they were few."""
    before = [a_night(MAY + timedelta(days=n), long, adults=many) for n, long, many in others]
    after = [*before, a_night(MAY, hours, adults=adults, areas=("A", "B"))]

    steps = [((rows(*after)[cell].hours or 0) - (rows(*before)[cell].hours or 0)) for cell in rows(*before)]
    assert set(steps) <= {0, 100}
    assert lasted(after[-1][1]) <= timedelta(hours=16)
    assert sum(it.evenings for it in by_month(after)) == len({one.evening for one, _ in after})
