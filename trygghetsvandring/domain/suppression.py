"""What everybody may read of a count: never under five, and never anything that tells which number under five.

Three rules, which together let nobody be counted out of it:

* Under five is told as an interval that holds 0 too. Where no walk went either, nothing is told.
* What was told stands until the count has left it by five from every number it can stand for: a number until the
  count differs by five, `0–4` until it is nine. It becomes `0–4` again only from nine, since from five it would say 0.
* No sums, and nothing is counted in two cells: no cell can be taken from a sum of others (`Coarse`).

A cell that earlier editions did not have tells nothing: it is another's, by another name or another border.
Two periods that overlap could be taken from each other too: that one of them is refused is `lagesbild`'s rule.
"""

from collections.abc import Iterable, Mapping

from trygghetsvandring.domain.period_counts import Coarse

FEWEST = 5
UNDER = f"0–{FEWEST - 1}"
NOTHING = "–"
FEW = 0  # how `UNDER` is kept: what the count was is kept nowhere


def bases(cells: Iterable[Coarse], before: Mapping[str, int]) -> dict[str, int]:
    """By key: what each cell tells now, `FEW` or a number. `before`: of the edition that was released last."""
    told = dict(before)
    for cell in cells:
        if not before:
            told[cell.key] = cell.n if cell.n >= FEWEST else FEW
        elif cell.key in before:
            told[cell.key] = _after(before[cell.key], cell.n)
    return told


def _after(told: int, n: int) -> int:
    may_be = FEWEST - 1 if told < FEWEST else told  # the nearest that it can stand for
    if n >= FEWEST and abs(n - may_be) >= FEWEST:
        return n
    return FEW if told < FEWEST or (n < FEWEST and told >= FEWEST - 1 + FEWEST) else told


def said(cell: Coarse, told: int | None) -> str:
    """As everybody reads it. None: earlier editions did not have the cell."""
    if told is None:
        return NOTHING
    if told >= FEWEST:
        return str(told)
    return UNDER if cell.walked else NOTHING
