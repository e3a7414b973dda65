"""tokens.css read as data: each theme's colours, and the grounds each colour's comment promises a ratio on."""

import re
from dataclasses import dataclass
from pathlib import Path

TOKENS = Path(__file__).parents[2] / "pwa" / "src" / "ui" / "styles" / "tokens.css"
GRAPHICS = {"edge", "focus", "lamp-edge", "map-route"}
_BLOCK = re.compile(r'\[data-theme="(day|dark|red)"\] \{\s*color-scheme(.*?)\n\}', re.DOTALL)
_TOKEN = re.compile(r"--([a-z0-9-]+): (#[0-9A-Fa-f]{6});(?: /\* on ([^*]+) \*/)?")


@dataclass(frozen=True, slots=True)
class Promise:
    theme: str
    colour: str
    ground: str
    written: float
    """The ratio in the comment, rounded down."""
    measured: float

    @property
    def needed(self) -> float:
        return 3.0 if self.colour in GRAPHICS else 7.0


def themes() -> dict[str, dict[str, str]]:
    return {theme: {name: value for name, value, _ in _TOKEN.findall(block)} for theme, block in _blocks()}


def promises() -> list[Promise]:
    made = []
    for theme, block in _blocks():
        colours = {name: value for name, value, _ in _TOKEN.findall(block)}
        for name, value, comment in _TOKEN.findall(block):
            for ground, written in re.findall(r"([a-z0-9-]+) (\d+\.\d)", comment):
                made.append(Promise(theme, name, ground, float(written), ratio(value, colours[ground])))
    return made


def phone_decides() -> dict[str, str]:
    """The colours of `prefers-color-scheme: dark` when nobody has chosen."""
    css = TOKENS.read_text()
    block = css[css.index(":root:not([data-theme])") :].partition("}")[0]
    return {name: value for name, value, _ in _TOKEN.findall(block)}


def _blocks() -> list[tuple[str, str]]:
    return _BLOCK.findall(TOKENS.read_text())


def ratio(one: str, other: str) -> float:
    """WCAG 2 contrast of two #RRGGBB."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    r, g, b = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
