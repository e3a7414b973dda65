"""Charts: bars that say what their table says. Our own lines, the number written at every bar, no colour that means."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

_WIDTH, _ROW, _HIGH, _LONGEST = 360.0, 44.0, 14.0, 290.0
PAPER_INK: Final = "#12231E"
PAPER_WIDTH: Final = 700.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """`n` None or 0: no bar, and `said` tells why. `said` stands at the bar as it stands in the table."""

    label: str
    n: int | None
    said: str


def bars_svg(bars: Sequence[Bar], *, ink: str = PAPER_INK, width: float = _WIDTH) -> str:
    """The label above each bar, so that it can be read as narrow as a phone. `ink`: any colour an SVG takes.

    `width` in its own units: on paper, which draws it as wide as the page, a wider one has smaller letters.
    """
    most = max((bar.n or 0 for bar in bars), default=0)
    height = _ROW * max(len(bars), 1)
    body = "".join(_row(bar, most, _ROW * at, ink) for at, bar in enumerate(bars))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}"'
        f' height="{height:.0f}" font-family="Atkinson Hyperlegible Next, sans-serif" font-size="14" fill="{ink}">'
        f"{body}</svg>"
    )


def _row(bar: Bar, most: int, top: float, ink: str) -> str:
    wide = _LONGEST * (bar.n or 0) / most if most else 0.0
    drawn = f'<rect x="0" y="{top + 21:.0f}" width="{wide:.1f}" height="{_HIGH:.0f}" rx="2"/>' if wide else ""
    line = f'<path d="M0.5 {top + 19:.0f} v18" stroke="{ink}"/>'
    said = f'<text x="{wide + 8:.1f}" y="{top + 33:.0f}" font-weight="700">{escape(bar.said)}</text>'
    return f'<text x="0" y="{top + 14:.0f}">{escape(bar.label)}</text>{line}{drawn}{said}'


def bars_words(of: str, bars: Sequence[Bar]) -> str:
    """The chart for whoever does not see it."""
    return f"{of}. " + ", ".join(f"{bar.label}: {bar.said}" for bar in bars) + "."
