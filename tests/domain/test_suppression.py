"""What everybody may read of a count: nobody is counted out of one edition, nor out of two laid beside each other."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trygghetsvandring.domain import suppression
from trygghetsvandring.domain.period_counts import FELT, Coarse, Heading
from trygghetsvandring.domain.periods import Period
from trygghetsvandring.domain.suppression import FEWEST, NOTHING, UNDER, bases, said

KEYS = [f"ort {n}" for n in range(4)]
counts = st.lists(st.integers(0, 40), min_size=4, max_size=4)
editions = st.lists(counts, min_size=2, max_size=6)
evenings = st.lists(st.integers(0, 3), min_size=4, max_size=4)


def cells(ns: list[int], out: list[int], part: str = Heading.UNSAFE) -> list[Coarse]:
    rows = zip(KEYS, ns, out, strict=True)
    return [Coarse(part=part, row=row, column="", n=n, evenings=nights) for row, n, nights in rows]


def read(of: list[Coarse], told_by: dict[str, int]) -> list[str]:
    return [said(cell, told_by[cell.key]) for cell in of]


@given(editions, evenings, st.sampled_from([Heading.UNSAFE, Heading.ORDER, FELT]))
def test_no_edition_tells_a_number_under_five(every: list[list[int]], out: list[int], part: str) -> None:
    told_by: dict[str, int] = {}
    for ns in every:
        now = cells(ns, out, part)
        told_by = bases(now, told_by)
        for words in read(now, told_by):
            assert words in {UNDER, NOTHING, suppression.FEW_PEOPLE} or not words.isdigit() or int(words) >= FEWEST


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


@given(counts, st.lists(st.integers(-4, 4), min_size=4, max_size=4), evenings, st.sampled_from([Heading.ORDER, FELT]))
def test_an_edition_that_differs_by_fewer_than_five_reads_the_same(
    first: list[int], change: list[int], out: list[int], part: str
) -> None:
    """Whoever lays them beside each other learns nothing: not that one came, nor that one went."""
    later = [max(0, n + d) for n, d in zip(first, change, strict=True)]
    told_by = bases(cells(first, out, part), {})

    assert read(cells(later, out, part), bases(cells(later, out, part), told_by)) == read(
        cells(first, out, part), told_by
    )


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


@pytest.mark.parametrize(("first", "last", "is_so"), [("05-01", "08-31", True), ("08-31", "12-01", True)])
def test_periods_that_share_a_single_evening_overlap(first: str, last: str, is_so: bool) -> None:
    summer = Period(date(2026, 5, 1), date(2026, 8, 31))
    other = Period(date.fromisoformat(f"2026-{first}"), date.fromisoformat(f"2026-{last}"))

    assert summer.overlaps(other) is other.overlaps(summer) is is_so
    assert not summer.overlaps(Period(date(2026, 9, 1), date(2026, 12, 31)))
