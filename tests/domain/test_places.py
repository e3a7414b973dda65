"""Places: distances on the ground."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trygghetsvandring.domain.places import distance_m, length_m

POINT = st.tuples(st.floats(-90, 90, allow_nan=False), st.floats(-180, 180, allow_nan=False))


@pytest.mark.parametrize(
    ("a", "b", "metres"),
    [
        ((58.0, 13.0), (59.0, 13.0), 111_195),
        ((58.505, 13.158), (58.505, 13.159), 58.1),  # a minute's walk east in Lidköping
        ((58.505, 13.158), (57.707, 11.967), 112_900),  # Lidköping to Göteborg
        ((0.0, 179.9), (0.0, -179.9), 22_239),  # over the date line, not round the earth
        ((90.0, 0.0), (-90.0, 0.0), 20_015_115),
    ],
)
def test_distances_are_those_on_the_map(a: tuple[float, float], b: tuple[float, float], metres: float) -> None:
    assert distance_m(a, b) == pytest.approx(metres, rel=0.005)


@given(POINT, POINT)
def test_it_is_as_far_there_as_back_and_never_farther_than_round_half_the_earth(
    a: tuple[float, float], b: tuple[float, float]
) -> None:
    assert distance_m(a, b) == pytest.approx(distance_m(b, a), abs=0.01)
    assert 0 <= distance_m(a, b) <= 20_015_116


def test_a_walk_is_as_long_as_its_legs_together_and_a_point_has_no_length() -> None:
    there, turn = (58.505, 13.158), (58.506, 13.158)

    assert length_m([there, turn, there]) == 2 * length_m([there, turn]) == 222
    assert length_m([there]) == length_m([]) == 0
