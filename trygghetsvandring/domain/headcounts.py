"""Headcounts: people as a number everybody may read. Few are never counted, and subtraction gives nobody away."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from trygghetsvandring.domain.presence import FEW_WORDS
from trygghetsvandring.domain.stops import Feeling, FeelingAnswer
from trygghetsvandring.domain.stops import people as counted

FEW = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Felt:
    """People per feeling as they may be told: words, never the numbers behind them."""

    n: str
    safe: str
    neither: str
    unsafe: str


def people(n: int, *, otherwise: str = "–") -> str:
    """A number of people as it may be told by itself: few are never counted, many are rounded."""
    if n == 0:
        return otherwise
    return FEW_WORDS if n < FEW else f"runt {round(n / 5) * 5}"


def felt(answers: Iterable[FeelingAnswer], stop: UUID) -> Felt | None:
    """None when nobody answered. Of a phone that answered twice, the later: nobody is counted twice.

    A cell of fewer than five is not told, nor is nought; then the sum is rounded too, so that nothing is left over.
    """
    latest = {it.device: it for it in sorted(answers, key=lambda it: (it.felt_at, it.id)) if it.stop == stop}
    sums: Counter[Feeling] = Counter()
    for it in latest.values():
        sums.update(counted(it.own, it.counts))
    n = sums.total()
    if n == 0:
        return None
    if n < FEW:
        return Felt(n=FEW_WORDS, safe="–", neither="–", unsafe="–")
    cells = {feeling: str(sums[feeling]) if sums[feeling] >= FEW else FEW_WORDS for feeling in Feeling}
    hidden = any(sums[feeling] < FEW for feeling in Feeling)
    return Felt(
        n=people(n) if hidden else str(n),
        safe=cells[Feeling.SAFE],
        neither=cells[Feeling.NEITHER],
        unsafe=cells[Feeling.UNSAFE],
    )
