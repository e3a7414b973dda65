"""Headcounts: people as a number everybody may read. Few are never counted, and subtraction gives nobody away.

How a stop felt is told in classes of five, as a survey's counts are, and anew only when five more have answered
(`survey_counts` says why). How many answered is told only where no feeling is of few: beside three cells of few,
"10–14" says that each of them is two or more.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from trygghetsvandring.domain.presence import FEW_WORDS
from trygghetsvandring.domain.stops import Feeling, FeelingAnswer
from trygghetsvandring.domain.stops import people as counted
from trygghetsvandring.domain.survey_counts import floor, may_count, words

FEW = 5
AT_LEAST = f"{FEW} eller fler"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an approved edition says of a stop. `counted`: of how many; told nowhere."""

    stop: UUID
    counted: int
    felt: Felt


def told(answers: Iterable[FeelingAnswer], stop: UUID, before: Told | None = None) -> Told | None:
    """None when nobody answered. Of a phone that answered twice, the later: nobody is counted twice.

    `before`: what was told last. It stands until five more have answered: one more would be read from the difference.
    """
    latest = {it.device: it for it in sorted(answers, key=lambda it: (it.felt_at, it.id)) if it.stop == stop}
    sums: Counter[Feeling] = Counter()
    for it in latest.values():
        sums.update(counted(it.own, it.counts))
    n = sums.total()
    if before is not None and not may_count(n, before.counted):
        return before
    if n == 0:
        return None
    if n < FEW:
        return Told(stop=stop, counted=0, felt=Felt(n=FEW_WORDS, safe="–", neither="–", unsafe="–"))
    return Told(stop=stop, counted=n, felt=in_classes(sums[Feeling.SAFE], sums[Feeling.NEITHER], sums[Feeling.UNSAFE]))


def in_classes(safe: int, neither: int, unsafe: int) -> Felt:
    """Of five people or more."""
    is_few = min(safe, neither, unsafe) < FEW
    return Felt(
        n=AT_LEAST if is_few else _class(safe + neither + unsafe),
        safe=_class(safe),
        neither=_class(neither),
        unsafe=_class(unsafe),
    )


def _class(n: int) -> str:
    return FEW_WORDS if n < FEW else words(floor(n))
