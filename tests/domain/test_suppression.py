"""What everybody may read of a count: nobody is counted out of one edition, nor out of two laid beside each other."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trygghetsvandring.domain.period_counts import Coarse, Heading
from trygghetsvandring.domain.periods import Period
from trygghetsvandring.domain.suppression import FEW, FEWEST, NOTHING, UNDER, bases, said

KEYS = [f"ort {n}" for n in range(4)]
counts = st.lists(st.integers(0, 40), min_size=4, max_size=4)
editions = st.lists(counts, min_size=2, max_size=6)
evenings = st.lists(st.integers(0, 3), min_size=4, max_size=4)


def cells(ns: list[int], out: list[int], part: str = Heading.UNSAFE) -> list[Coarse]:
    rows = zip(KEYS, ns, out, strict=True)
    return [Coarse(part=part, row=row, column="", n=n, walked=nights) for row, n, nights in rows]


def read(of: list[Coarse], told_by: dict[str, int]) -> list[str]:
    return [said(cell, told_by.get(cell.key)) for cell in of]


@given(editions, evenings, st.sampled_from([Heading.UNSAFE, Heading.ORDER]))
def test_no_edition_tells_a_number_under_five(every: list[list[int]], out: list[int], part: str) -> None:
    told_by: dict[str, int] = {}
    for ns in every:
        now = cells(ns, out, part)
        told_by = bases(now, told_by)
        for words in read(now, told_by):
            assert words in {UNDER, NOTHING} or int(words) >= FEWEST


@given(editions, evenings)
def test_two_editions_never_differ_by_fewer_than_five(every: list[list[int]], out: list[int]) -> None:
    told_by: dict[str, int] = {}
    before: list[str] = []
    for ns in every:
        now = cells(ns, out)
        told_by = bases(now, told_by)
        after = read(now, told_by)
        for was, now_said in zip(before, after, strict=bool(before)):
            if was.isdigit() and now_said.isdigit() and was != now_said:
                assert abs(int(was) - int(now_said)) >= FEWEST
        before = after


@given(counts, st.lists(st.integers(-4, 4), min_size=4, max_size=4), evenings)
def test_an_edition_that_differs_by_fewer_than_five_reads_the_same(
    first: list[int], change: list[int], out: list[int]
) -> None:
    """Whoever lays them beside each other learns nothing: not that one came, nor that one went."""
    later = [max(0, n + d) for n, d in zip(first, change, strict=True)]
    told_by = bases(cells(first, out), {})

    assert read(cells(later, out), bases(cells(later, out), told_by)) == read(cells(first, out), told_by)


def test_many_small_changes_are_told_when_they_are_five_together() -> None:
    told_by: dict[str, int] = {}
    heard = []
    for n in (10, 12, 14, 15, 16):
        (cell,) = [it for it in cells([n, 0, 0, 0], [1, 1, 1, 1]) if it.row == KEYS[0]]
        told_by = bases([cell], told_by)
        heard.append(said(cell, told_by[cell.key]))

    assert heard == ["10", "10", "10", "15", "15"]


def test_nobody_out_is_neither_nought_nor_few() -> None:
    assert read(cells([0, 3, 0, 7], [0, 0, 2, 0]), bases(cells([0, 3, 0, 7], [0, 0, 2, 0]), {})) == [
        NOTHING,
        NOTHING,
        UNDER,
        "7",
    ]


def _told(ns: tuple[int, ...]) -> tuple[str, ...]:
    told_by: dict[str, int] = {}
    heard = []
    for n in ns:
        cell = Coarse(part=Heading.ORDER, row="", column="", n=n, walked=1)
        told_by = bases([cell], told_by)
        heard.append(said(cell, told_by[cell.key]))
    return tuple(heard)


def test_whatever_was_told_in_a_row_every_number_under_five_remains_possible() -> None:
    """If the count can have been under five at an edition, it can have been any of 0 to 4."""
    lately = range(20)
    possible: dict[tuple[str, ...], set[tuple[int, ...]]] = {}
    for ns in [(a, b, c) for a in lately for b in lately for c in lately]:
        possible.setdefault(_told(ns), set()).add(ns)
    for every in possible.values():
        for at in range(3):
            small = {ns[at] for ns in every if ns[at] < FEWEST}
            assert small in (set(), set(range(FEWEST)))


def test_the_count_behind_a_few_is_kept_nowhere() -> None:
    for n in range(FEWEST):
        assert set(bases(cells([n] * 4, [1] * 4), {}).values()) == {FEW}


def test_what_a_cell_of_another_name_would_tell_is_not_told() -> None:
    """An area that has got another name is the same area: its old number beside its new one is a difference."""
    told = bases([Coarse(part=Heading.UNSAFE, row="Vinninga", column="", n=10, walked=1)], {})
    renamed = Coarse(part=Heading.UNSAFE, row="Vinninga tätort", column="", n=11, walked=1)

    assert said(renamed, bases([renamed], told).get(renamed.key)) == NOTHING


@pytest.mark.parametrize(
    ("first", "last", "is_so"), [("05-01", "08-31", True), ("08-31", "12-01", True), ("09-01", "12-31", False)]
)
def test_periods_that_share_a_single_evening_overlap(first: str, last: str, is_so: bool) -> None:
    summer = Period(date(2026, 5, 1), date(2026, 8, 31))
    other = Period(date.fromisoformat(f"2026-{first}"), date.fromisoformat(f"2026-{last}"))

    assert summer.overlaps(other) is other.overlaps(summer) is is_so
