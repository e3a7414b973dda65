"""The drawing of a walk: our own lines and lamps, no map of anybody else's. Coarse on purpose, north up.

A finding is drawn at its stop and nowhere else: what a table of stops can say is all that the picture says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import cos, radians

_WIDTH, _HEIGHT, _MARGIN = 360.0, 240.0, 34.0
_M_PER_DEGREE = 111_320.0
_GRID_M = 25.0  # about what a stop's own radius is


@dataclass(frozen=True, slots=True, kw_only=True)
class Lamp:
    """One stop of the drawing."""

    number: int
    name: str
    lat: float
    lon: float
    faults: int
    good: int


def coarse(lat: float, lon: float) -> tuple[float, float]:
    """To the nearest corner of a 25 m grid, as degrees with no more figures than that is worth."""
    step = _GRID_M / _M_PER_DEGREE
    aside = step / max(cos(radians(lat)), 0.01)
    return round(round(lat / step) * step, 5), round(round(lon / aside) * aside, 5)


def walk_svg(lamps: Sequence[Lamp]) -> str:
    points = _placed(lamps)
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    way = f'<polyline points="{line}" fill="none" stroke="#0E4436" stroke-width="2.5"/>' if len(points) > 1 else ""
    body = "".join(_lamp(lamp, x, y) for lamp, (x, y) in zip(lamps, points, strict=True))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:.0f} {_HEIGHT:.0f}"'
        f' width="{_WIDTH:.0f}" height="{_HEIGHT:.0f}" font-family="Atkinson Hyperlegible Next, sans-serif">'
        f'<rect x="0.5" y="0.5" width="{_WIDTH - 1:.0f}" height="{_HEIGHT - 1:.0f}" fill="#FFFFFF" stroke="#71796F"/>'
        f"{way}{body}{_north()}{_scale(lamps)}</svg>"
    )


def walk_words(lamps: Sequence[Lamp]) -> str:
    """The drawing in words, for whoever does not see it: the same stops and numbers, in the order walked."""
    stops = ". ".join(f"Stopp {lamp.number}, {lamp.name}: {_counts(lamp)}" for lamp in lamps)
    return f"Karta över vandringen med {len(lamps)} stopp, norr uppåt. {stops}."


def _counts(lamp: Lamp) -> str:
    return f"{lamp.good} bra, {lamp.faults} att åtgärda"


def _lamp(lamp: Lamp, x: float, y: float) -> str:
    """A disc with the stop's number; beside it how many findings, `+` good and `!` to mend."""
    signs = f"+{lamp.good}  !{lamp.faults}"
    side, anchor = (x - 13, "end") if x > _WIDTH - 80 else (x + 13, "start")
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9" fill="#F4B63F" stroke="#12231E" stroke-width="1.5"/>'
        f'<text x="{x:.1f}" y="{y + 3.8:.1f}" text-anchor="middle" font-size="10.5" font-weight="700"'
        f' fill="#12231E">{lamp.number}</text>'
        f'<text x="{side:.1f}" y="{y + 3.4:.1f}" text-anchor="{anchor}" font-size="9" fill="#12231E"'
        f' stroke="#FFFFFF" stroke-width="2.5" paint-order="stroke">{escape(signs)}</text>'
    )


def _metres(lamps: Sequence[Lamp]) -> list[tuple[float, float]]:
    """East and north of the first stop, coarsened."""
    spots = [coarse(lamp.lat, lamp.lon) for lamp in lamps]
    lat, lon = spots[0]
    aside = _M_PER_DEGREE * cos(radians(lat))
    return [((e - lon) * aside, (n - lat) * _M_PER_DEGREE) for n, e in spots]


def _per_metre(metres: Sequence[tuple[float, float]]) -> float:
    wide = max(x for x, _ in metres) - min(x for x, _ in metres)
    high = max(y for _, y in metres) - min(y for _, y in metres)
    room = (_WIDTH - 2 * _MARGIN, _HEIGHT - 2 * _MARGIN)
    return min(room[0] / max(wide, 50.0), room[1] / max(high, 50.0))


def _placed(lamps: Sequence[Lamp]) -> list[tuple[float, float]]:
    if not lamps:
        return []
    metres = _metres(lamps)
    unit = _per_metre(metres)
    mid_x = (max(x for x, _ in metres) + min(x for x, _ in metres)) / 2
    mid_y = (max(y for _, y in metres) + min(y for _, y in metres)) / 2
    return [(_WIDTH / 2 + (x - mid_x) * unit, _HEIGHT / 2 - (y - mid_y) * unit) for x, y in metres]


def _north() -> str:
    x, y = _WIDTH - 16, 14.0
    return (
        f'<path d="M{x:.0f} {y:.0f} l5 14 l-5 -4 l-5 4 z" fill="#12231E"/>'
        f'<text x="{x:.0f}" y="{y + 25:.0f}" text-anchor="middle" font-size="9" fill="#12231E">N</text>'
    )


def _scale(lamps: Sequence[Lamp]) -> str:
    if not lamps:
        return ""
    unit = _per_metre(_metres(lamps))
    metres = next((step for step in (1000, 500, 200, 100, 50) if step * unit <= 90), 20)
    end, y = 12 + metres * unit, _HEIGHT - 12
    return (
        f'<path d="M12 {y - 4:.0f} V{y:.0f} H{end:.1f} V{y - 4:.0f}" fill="none" stroke="#12231E"/>'
        f'<text x="{end + 5:.1f}" y="{y:.0f}" font-size="9" fill="#12231E">{metres} m</text>'
    )
