"""Areas: polygons as data, and whether a point lies in one. GeoJSON's order: rings of [lon, lat], degrees WGS 84.

Even-odd over all rings: a ring within a ring is a hole, two beside each other are two parts of the same area. A point
on any edge is inside, so that two areas with a border in common leave nobody between them. A ring need not be closed.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from math import isfinite

Spot = tuple[float, float]  # lon, lat
Ring = tuple[Spot, ...]
MOST_POINTS = 400
_ON_THE_EDGE = 1e-12  # square degrees: far under a millimetre at any length of edge we draw


def inside(rings: Sequence[Ring], lat: float, lon: float) -> bool:
    odd = False
    for ring in rings:
        for a, b in _edges(ring):
            if _on(a, b, lon, lat):
                return True
            # Half-open in latitude: a ray through a corner meets exactly one of the two edges that share it.
            if (a[1] > lat) != (b[1] > lat) and lon < (b[0] - a[0]) * (lat - a[1]) / (b[1] - a[1]) + a[0]:
                odd = not odd
    return odd


def fault(rings: Sequence[Ring]) -> str | None:
    """Why these are no area, or None: too_many_points, not_on_earth, too_few_points, no_area, crosses_itself."""
    if sum(len(ring) for ring in rings) > MOST_POINTS:
        return "too_many_points"
    if not all(_is_on_earth(point) for ring in rings for point in ring):
        return "not_on_earth"
    return next((why for ring in rings if (why := _ring_fault(ring)) is not None), None)


def _ring_fault(ring: Ring) -> str | None:
    corners = _open(ring)
    if len(set(corners)) < 3:
        return "too_few_points"
    if len(set(corners)) != len(corners) or _crosses_itself(corners):
        return "crosses_itself"
    twice = sum(a[0] * b[1] - b[0] * a[1] for a, b in _edges(corners))
    return "no_area" if abs(twice) < _ON_THE_EDGE else None


def _crosses_itself(corners: Ring) -> bool:
    edges = list(_edges(corners))
    last = len(edges) - 1
    return any(
        _meet(*edges[i], *edges[j])
        for i, j in combinations(range(len(edges)), 2)
        if j - i > 1 and (i, j) != (0, last)  # neighbours share a corner, and so do the first and the last
    )


def _meet(a: Spot, b: Spot, c: Spot, d: Spot) -> bool:
    sides = _side(a, b, c), _side(a, b, d), _side(c, d, a), _side(c, d, b)
    if sides[0] * sides[1] < 0 and sides[2] * sides[3] < 0:
        return True
    return _on(a, b, *c) or _on(a, b, *d) or _on(c, d, *a) or _on(c, d, *b)


def _side(a: Spot, b: Spot, p: Spot) -> float:
    return (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])


def _on(a: Spot, b: Spot, lon: float, lat: float) -> bool:
    within = min(a[0], b[0]) <= lon <= max(a[0], b[0]) and min(a[1], b[1]) <= lat <= max(a[1], b[1])
    return within and abs(_side(a, b, (lon, lat))) <= _ON_THE_EDGE


def _edges(ring: Ring) -> Iterator[tuple[Spot, Spot]]:
    corners = _open(ring)
    return pairwise((*corners, *corners[:1]))


def _open(ring: Ring) -> Ring:
    return ring[:-1] if len(ring) > 1 and ring[0] == ring[-1] else ring


def _is_on_earth(point: Spot) -> bool:
    lon, lat = point
    return isfinite(lon) and isfinite(lat) and -180 <= lon <= 180 and -90 <= lat <= 90
