"""What everybody may read of a count: never under five, and never a difference under five.

Three rules, which together let nobody be counted out of it:

* Under five is told as an interval that holds 0 too. Where nobody was out either, nothing is told.
* A number stands until it differs by five or more from the one it was told by (its basis). So a later edition says
  the same, or differs by five at least; many small changes add up to one large one.
* No sums, and nothing is counted in two cells: no cell can be taken from a sum of others (`Coarse`).

Two periods that overlap could be taken from each other too: that one of them is refused is `lagesbild`'s rule.
"""

from collections.abc import Iterable, Mapping

from trygghetsvandring.domain.est_picture import band_of
from trygghetsvandring.domain.period_counts import FELT, Coarse

FEWEST = 5
UNDER = f"0–{FEWEST - 1}"
NOTHING = "–"
FEW_PEOPLE = band_of(FEWEST)


def bases(cells: Iterable[Coarse], before: Mapping[str, int]) -> dict[str, int]:
    """By key: the count that each cell is told by now. `before`: those of the edition that was released last."""
    told = dict(before)
    for cell in cells:
        earlier = told.get(cell.key)
        if earlier is None or abs(cell.n - earlier) >= FEWEST:
            told[cell.key] = cell.n
    return told


def said(cell: Coarse, basis: int) -> str:
    """As everybody reads it."""
    if cell.part == FELT:
        return NOTHING if cell.evenings == 0 else band_of(basis) if basis > FEWEST else FEW_PEOPLE
    if basis >= FEWEST:
        return str(basis)
    return UNDER if cell.evenings else NOTHING
