"""Stråk: stretches of path, street or square with a name. What lies on one is worked out, never typed.

Settings of the municipality, as its places are. Degrees WGS 84, (lat, lon); distances in metres. A point lies on the
nearest stretch within whose reach it is, so it is counted on one only.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import cos, hypot, isfinite, radians

from trygghetsvandring.domain.cells import Box
from trygghetsvandring.domain.places import length_m

Point = tuple[float, float]
REACH_M = 30
MOST_REACH_M = 200
MOST_POINTS = 100
MOST_STRETCHES = 100
LONGEST_NAME = 80
_M_PER_DEGREE = 111_195


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """`line` through at least two points in order. `reach_m`: how far from it a lamp can stand and light it."""

    id: str
    name: str
    line: tuple[Point, ...]
    reach_m: int = REACH_M

    @property
    def length_m(self) -> int:
        return length_m(self.line)


def broken_stretches(stretches: Sequence[Stretch]) -> list[str]:
    """Everything in a municipality's own stretches that would fail when it is asked for. Empty = sound."""
    found = [f"stretch {it.id}: {why}" for it in stretches if (why := _fault(it))]
    for name in ("id", "name"):
        counted = Counter(getattr(it, name) for it in stretches)
        found += [f"stretch {value}: the same {name} twice" for value, n in counted.items() if n > 1]
    if len(stretches) > MOST_STRETCHES:
        found.append(f"more than {MOST_STRETCHES} stretches")
    return found


def _fault(it: Stretch) -> str:
    if not it.id.strip() or not it.name.strip() or len(it.name) > LONGEST_NAME:
        return "no name"
    if not all(isfinite(lat) and isfinite(lon) and -90 < lat < 90 and -180 <= lon <= 180 for lat, lon in it.line):
        return "not on this earth"
    if not 2 <= len(it.line) <= MOST_POINTS or it.length_m == 0:
        return "no line"
    return "" if 1 <= it.reach_m <= MOST_REACH_M else f"reach is 1 to {MOST_REACH_M} m"


@lru_cache(maxsize=8 * MOST_STRETCHES)
def box_of(it: Stretch) -> Box:
    """Everything that can lie on it, and the corners of the box about it."""
    lats, lons = zip(*it.line, strict=True)
    up = it.reach_m / _M_PER_DEGREE
    aside = up / cos(radians(max(map(abs, lats)) + up))  # as wide as it is at the corner farthest from the equator
    return Box(min(lats) - up, min(lons) - aside, max(lats) + up, max(lons) + aside)


def stretch_at(stretches: Iterable[Stretch], point: Point | None) -> Stretch | None:
    """The nearest, of two as near the first; None when the point is not known or lies on none."""
    if point is None:
        return None
    close = (it for it in stretches if _is_inside(box_of(it), point))
    near = [(away, it) for it in close if (away := _away_m(it.line, point)) <= it.reach_m]
    return min(near, key=lambda pair: pair[0])[1] if near else None


def _is_inside(box: Box, point: Point) -> bool:
    return box.south <= point[0] <= box.north and box.west <= point[1] <= box.east


def name_at(stretches: Iterable[Stretch], lat: float | None, lon: float | None) -> str | None:
    it = stretch_at(stretches, None if lat is None or lon is None else (lat, lon))
    return None if it is None else it.name


def _away_m(line: Sequence[Point], point: Point) -> float:
    """On a plane about the point: exact enough within a few kilometres of it."""
    narrow = cos(radians(point[0])) * _M_PER_DEGREE
    flat = [((lon - point[1]) * narrow, (lat - point[0]) * _M_PER_DEGREE) for lat, lon in line]
    return min(_from_origin(a, b) for a, b in pairwise(flat))


def _from_origin(a: Point, b: Point) -> float:
    (ax, ay), (dx, dy) = a, (b[0] - a[0], b[1] - a[1])
    square = dx * dx + dy * dy
    along = 0.0 if square == 0 else max(0.0, min(1.0, -(ax * dx + ay * dy) / square))
    return hypot(ax + along * dx, ay + along * dy)
