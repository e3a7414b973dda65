"""Cells: squares of the earth in squares, numbered so that all within one square follow each other (Z-order).

A number at the finest level, shifted right by two bits a level, is the number of the square around it. One indexed
column is therefore enough to look into a box and to count by squares of any size. At the latitude of Lidköping a square
of the finest level is about 20 m wide and 19 m high.
"""

from dataclasses import dataclass
from math import ceil, log2

FINEST = 20
NOWHERE = -1  # of what has no position
_SIDES = 1 << FINEST
_EVERY_OTHER = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)


@dataclass(frozen=True, slots=True)
class Box:
    """Degrees; its borders belong to it. It does not reach over the date line."""

    south: float
    west: float
    north: float
    east: float


def cell_of(lat: float, lon: float) -> int:
    """At the finest level: 0 at the south pole's corner, less than 2**40 everywhere."""
    return _woven(_row(lat), _column(lon))


def level_for(box: Box, across: int) -> int:
    """The level at which the box is between half of `across` and `across` squares wide or high, whichever is more."""
    share = max((box.east - box.west) / 360, (box.north - box.south) / 180)
    return FINEST if share <= 0 else max(0, min(FINEST, int(log2(across / share))))


def shift_of(level: int) -> int:
    """Bits between the finest level and this one."""
    return 2 * (FINEST - level)


_AT_MOST_ACROSS = 4


def ranges(box: Box) -> list[tuple[int, int]]:
    """First and last number at the finest level, in order: together they hold the box, and a little more around it."""
    south, north = _row(box.south), _row(box.north)
    west, east = _column(box.west), _column(box.east)
    if south > north or west > east:
        return []
    bits = max(0, ceil(log2((max(north - south, east - west) + 1) / _AT_MOST_ACROSS)))
    squares = sorted(
        _woven(row, column)
        for row in range(south >> bits, (north >> bits) + 1)
        for column in range(west >> bits, (east >> bits) + 1)
    )
    found: list[tuple[int, int]] = []
    for square in squares:
        first, last = square << 2 * bits, ((square + 1) << 2 * bits) - 1
        if found and found[-1][1] + 1 == first:
            first = found.pop()[0]
        found.append((first, last))
    return found


def _row(lat: float) -> int:
    return max(0, min(_SIDES - 1, int((lat + 90) / 180 * _SIDES)))


def _column(lon: float) -> int:
    return max(0, min(_SIDES - 1, int((lon + 180) / 360 * _SIDES)))


def _woven(row: int, column: int) -> int:
    return _spread(row) << 1 | _spread(column)


def _spread(number: int) -> int:
    """Every bit gets a free one beside it."""
    for by, kept in _EVERY_OTHER:
        number = (number | number << by) & kept
    return number
