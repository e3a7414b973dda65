"""Areas drawn on a map: which points lie in them, also on edges, corners and in holes; and what is no area."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trygghetsvandring.domain.areas import MOST_POINTS, Ring, fault, inside

SQUARE: Ring = ((13.0, 58.0), (14.0, 58.0), (14.0, 59.0), (13.0, 59.0))
HOLE: Ring = ((13.4, 58.4), (13.6, 58.4), (13.6, 58.6), (13.4, 58.6))
APART: Ring = ((15.0, 58.0), (16.0, 58.0), (16.0, 59.0))
ARROW: Ring = ((13.0, 58.0), (13.5, 58.5), (14.0, 58.0), (13.5, 59.0))  # bent inwards


@pytest.mark.parametrize(
    ("lat", "lon"),
    [(58.5, 13.5), (58.0, 13.5), (58.5, 13.0), (58.0, 13.0), (59.0, 14.0), (58.5, 14.0)],
    ids=["middle", "lower edge", "left edge", "corner", "far corner", "right edge"],
)
def test_the_middle_the_edges_and_the_corners_are_inside(lat: float, lon: float) -> None:
    assert inside((SQUARE,), lat, lon)
    assert inside(((*SQUARE, SQUARE[0]),), lat, lon)  # closed as GeoJSON closes it
    assert inside((SQUARE[::-1],), lat, lon)


@pytest.mark.parametrize(("lat", "lon"), [(58.5, 12.999), (58.5, 14.001), (57.999, 13.5), (58.0, 12.9), (59.0, 14.1)])
def test_a_point_level_with_a_corner_but_outside_is_outside(lat: float, lon: float) -> None:
    assert not inside((SQUARE,), lat, lon)


def test_a_ring_in_a_ring_is_a_hole_and_its_edge_is_still_inside() -> None:
    assert not inside((SQUARE, HOLE), 58.5, 13.5)
    assert inside((SQUARE, HOLE), 58.4, 13.5)
    assert inside((SQUARE, HOLE), 58.2, 13.2)


def test_two_rings_beside_each_other_are_one_area() -> None:
    assert inside((SQUARE, APART), 58.2, 15.8)
    assert inside((SQUARE, APART), 58.5, 13.5)
    assert not inside((SQUARE, APART), 58.5, 14.5)


def test_a_ray_through_a_corner_counts_once() -> None:
    assert inside((ARROW,), 58.6, 13.5)
    assert inside((ARROW,), 58.5, 13.5)  # the inner corner itself
    assert not inside((ARROW,), 58.2, 13.5)
    assert not inside((ARROW,), 58.5, 12.9)  # level with the inner corner, to the left of everything


def test_nothing_drawn_holds_nothing() -> None:
    assert not inside((), 58.5, 13.5)


@given(
    corners=st.integers(3, 12),
    turn=st.floats(0, 6.28),
    away=st.floats(0, 2),
    way=st.floats(0, 6.28),
)
def test_a_regular_polygon_holds_what_is_within_its_inner_circle_and_nothing_outside_its_outer(
    corners: int, turn: float, away: float, way: float
) -> None:
    ring = tuple(
        (math.cos(turn + 2 * math.pi * n / corners), math.sin(turn + 2 * math.pi * n / corners)) for n in range(corners)
    )
    found = inside((ring,), away * math.sin(way), away * math.cos(way))

    assert fault((ring,)) is None
    if away < math.cos(math.pi / corners) - 1e-9:
        assert found
    if away > 1 + 1e-9:
        assert not found


@pytest.mark.parametrize(
    ("ring", "why"),
    [
        (SQUARE[:2], "too_few_points"),
        ((SQUARE[0],) * 5, "too_few_points"),
        (((13.0, 58.0), (14.0, 58.0), (15.0, 58.0)), "no_area"),
        (((13.0, 58.0), (14.0, 59.0), (14.0, 58.0), (13.0, 59.0)), "crosses_itself"),  # a bow tie
        ((*SQUARE[:3], (13.5, 58.0)), "crosses_itself"),  # a corner on another edge
        ((*SQUARE, SQUARE[1]), "crosses_itself"),  # the same corner twice
        (((13.0, 58.0), (14.0, 58.0), (14.0, math.nan)), "not_on_earth"),
        (((58.0, 13.0), (59.0, 213.0), (58.0, 14.0)), "not_on_earth"),
        (tuple((13 + n / 1000, 58.0) for n in range(MOST_POINTS + 1)), "too_many_points"),
    ],
)
def test_what_is_no_area_says_why(ring: Ring, why: str) -> None:
    assert fault((SQUARE, ring)) == why


def test_a_square_a_hole_and_a_bent_arrow_are_areas() -> None:
    assert fault((SQUARE, HOLE)) is None
    assert fault((ARROW,)) is None
