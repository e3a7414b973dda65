"""Places: points, distances, and the municipality's own list of them. Degrees WGS 84, distances in metres."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt

_EARTH_M = 6_371_008.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A public place the municipality knows by name."""

    id: str
    name: str
    area: str  # tätort
    place_type: str
    lat: float
    lon: float
    owner: str = ""  # the organisation whose ground it is; "" = not known


def distance_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance between two (lat, lon)."""
    lat_a, lon_a, lat_b, lon_b = map(radians, (*a, *b))
    h = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * _EARTH_M * asin(sqrt(h))


def length_m(points: Sequence[tuple[float, float]]) -> int:
    """Length of the line through the points, in order."""
    return round(sum(distance_m(a, b) for a, b in pairwise(points)))
