"""The tables of docs/photos.md, read as what they promise."""

import re
from functools import cache
from pathlib import Path

from trygghetsvandring.imaging.derivatives import TOO_SLOW
from trygghetsvandring.imaging.intake import REFUSED

Outcome = tuple[str, str | None]
_TEXT = Path(__file__).parents[2] / "docs" / "photos.md"


@cache
def promised(section: str) -> dict[str, frozenset[Outcome]]:
    """Every (outcome, code) that a kind, or a file, may have."""
    text = _TEXT.read_text(encoding="utf-8").split(f"## {section}\n")[1].split("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0].strip("`"): _outcomes(row[-2], row[-1]) for row in cells}


def _outcomes(outcome: str, codes: str) -> frozenset[Outcome]:
    listed: list[str | None] = list(re.findall(r"`([a-z_]+)`", codes))
    listed += [None] if "–" in codes else []
    found = frozenset(("refused" if code in REFUSED | {TOO_SLOW} else "accepted", code) for code in listed)
    assert " or ".join(sorted({word for word, _ in found})) == outcome, (outcome, codes)
    return found
