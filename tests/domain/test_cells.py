"""Cells: one number for a place, from which squares of every size and what lies in a box can be told."""

from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from trygghetsvandring.domain.cells import FINEST, Box, cell_of, level_for, ranges, shift_of

LATS = st.floats(-90, 90)
LONS = st.floats(-180, 180)
POINTS = st.tuples(LATS, LONS)
BOXES = st.tuples(LATS, LATS, LONS, LONS).map(
    lambda it: Box(min(it[0], it[1]), min(it[2], it[3]), max(it[0], it[1]), max(it[2], it[3]))
)
SHARES = st.floats(0, 1)


def _within(box: Box, up: float, aside: float) -> tuple[float, float]:
    lat = min(box.north, box.south + (box.north - box.south) * up)
    return lat, min(box.east, box.west + (box.east - box.west) * aside)


@given(POINTS)
@example((90.0, 180.0))
@example((-90.0, -180.0))
def test_every_place_on_earth_has_a_cell(point: tuple[float, float]) -> None:
    assert 0 <= cell_of(*point) < 4**FINEST


@given(BOXES, SHARES, SHARES)
@example(Box(58.49, 13.1, 58.51, 13.2), 0.5, 0.5)
@example(Box(0.0, 0.0, 0.0, 0.0), 0.0, 0.0)
def test_what_lies_in_a_box_lies_in_exactly_one_of_its_ranges(box: Box, up: float, aside: float) -> None:
    there = cell_of(*_within(box, up, aside))

    assert sum(first <= there <= last for first, last in ranges(box)) == 1


@given(BOXES)
def test_ranges_are_few_in_order_and_never_touch(box: Box) -> None:
    found = ranges(box)

    assert 1 <= len(found) <= 25
    assert all(first <= last for first, last in found)
    assert all(before[1] + 1 < after[0] for before, after in pairwise(found))


@given(BOXES)
def test_a_box_turned_inside_out_holds_nothing(box: Box) -> None:
    turned = Box(box.north, box.east, box.south, box.west)

    assert ranges(turned) == [] or (box.north - box.south) < 0.001 or (box.east - box.west) < 0.001


@given(POINTS, st.integers(1, FINEST))
def test_a_square_lies_in_one_square_of_the_level_above(point: tuple[float, float], level: int) -> None:
    cell = cell_of(*point)

    assert cell >> shift_of(level) >> 2 == cell >> shift_of(level - 1)


@given(BOXES.filter(lambda box: box.east - box.west > 0.001 and box.north - box.south > 0.001))
def test_the_level_for_a_box_has_about_as_many_squares_as_asked_for(box: Box) -> None:
    level = level_for(box, 12)
    wide = max((box.east - box.west) / (360 / 2**level), (box.north - box.south) / (180 / 2**level))

    assert wide <= 12.001
    assert wide > 5.999 or level == FINEST


def test_no_box_at_all_is_looked_at_as_closely_as_can_be() -> None:
    assert level_for(Box(58.5, 13.1, 58.5, 13.1), 12) == FINEST
