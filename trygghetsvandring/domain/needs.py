"""Needs by place and hour, and the commitments that meet them, for a promise about going where it is needed most.

    Refused
    └── NeedNotPossible   a place, hour, number or commitment of it that cannot be: the `reason`

At the desk a need is of the last signed lägesbild, exact, with the evenings somebody was out. What everybody reads is
only what a lägesbild that is shown already says, of the same parts of the week: no place, and nothing to count out that
could not be read there.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.est_events import BLOCKS
from trygghetsvandring.domain.lagesbild import LagesbildEdition, ShownPeriod
from trygghetsvandring.domain.lagesbild_words import span
from trygghetsvandring.domain.met_needs import MetNeed, ShownNeeds
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.period_counts import Coarse, Days, Heading, Hours
from trygghetsvandring.domain.period_picture import WEEKEND, hours_of
from trygghetsvandring.domain.plans import Commitment, CommitmentState
from trygghetsvandring.domain.protocol_words import day
from trygghetsvandring.domain.suppression import said

MOST_MET = 20


class NeedNotPossible(Refused):
    code = "need_not_possible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One place at two hours of one day of the week. `n` events, `evenings` somebody was out there then."""

    area: str
    place: str
    weekday: int
    block: int
    n: int
    evenings: int
    names: tuple[str, ...]


def slots(edition: LagesbildEdition | None) -> list[Slot]:
    """The most first, as the edition was signed; whatever it was about is told together."""
    at: dict[tuple[str, str, int, int], list[tuple[int, int, str]]] = {}
    for it in edition.picture.needs if edition is not None else ():
        at.setdefault((it.area, it.place, it.weekday, it.block), []).append((it.n, it.evenings, it.name))
    found = [
        Slot(
            area=area,
            place=place,
            weekday=weekday,
            block=block,
            n=sum(n for n, _, _ in told),
            evenings=max(evenings for _, evenings, _ in told),
            names=tuple(dict.fromkeys(name for _, _, name in told if name)),
        )
        for (area, place, weekday, block), told in at.items()
    ]
    return sorted(found, key=lambda it: -it.n)


def must_be_needs(
    met: Sequence[MetNeed], promise: UUID, commitments: Mapping[UUID, Commitment], here: Municipality
) -> tuple[MetNeed, ...]:
    """Without what stands twice."""
    if len(met) > MOST_MET:
        raise NeedNotPossible(reason="many")
    names = {(it.area, it.name) for it in here.places} | {(area, "") for area in here.areas}
    for it in met:
        if (it.area, it.place) not in names:
            raise NeedNotPossible(reason="place")
        if not 0 <= it.weekday <= 6 or it.block not in BLOCKS:
            raise NeedNotPossible(reason="hour")
        if promise not in commitments[it.commitment].promises:
            raise NeedNotPossible(reason="commitment")
    return tuple(dict.fromkeys(met))


# ---------------------------------------------------------------- as everybody reads it

_SAID: Mapping[CommitmentState, str] = {
    CommitmentState.PLANNED: "Planerat, senast {day}.",
    CommitmentState.UNDER_WAY: "Pågår, klart senast {day}.",
    CommitmentState.DONE: "Klart enligt {who}.",
    CommitmentState.NOT_DONE: "Blir inte av enligt {who}.",
}


def shown_needs(
    met: Sequence[MetNeed],
    commitments: Mapping[UUID, Commitment],
    shown: tuple[ShownPeriod, LagesbildEdition] | None,
    called: Callable[[str | None], str],
) -> ShownNeeds | None:
    """`shown`: the last lägesbild that everybody may read. None: nothing is linked, and nothing is shown."""
    kept = [it for it in met if it.commitment in commitments]
    if not kept:
        return None
    behind = dict.fromkeys(it.commitment for it in kept)
    rows = () if shown is None else tuple(_rows(kept, *shown))
    return ShownNeeds(
        lagesbild=shown[0].of if shown is not None and rows else None,
        source="" if shown is None or not rows else f"Lägesbilden {span(shown[0].first, shown[0].last)}",
        rows=rows,
        met=tuple(_met(commitments[id], called) for id in behind),
    )


def _met(it: Commitment, called: Callable[[str | None], str]) -> str:
    who = called(it.executor)
    return f"{who}: {it.text.strip()} {_SAID[it.state].format(day=day(it.due_on), who=who)}"


def _rows(met: Iterable[MetNeed], period: ShownPeriod, edition: LagesbildEdition) -> Iterable[str]:
    """Each part of the week once, with the number and the evenings that the lägesbild's own table has."""
    told = {each.key: each.n for each in period.bases}
    cells = {it.key: it for it in edition.picture.coarse if it.part == Heading.ORDER}
    for days in Days:
        for hours in Hours:
            cell = cells.get(Coarse(part=Heading.ORDER, row=days, column=hours, n=0).key)
            if cell is not None and any(_part(it) == (days, hours) for it in met):
                yield f"{days} {hours}: {said(cell, told.get(cell.key))} (kvällar med vandring: {cell.walked})"


def _part(it: MetNeed) -> tuple[Days, Hours]:
    return Days.WEEKEND if it.weekday in WEEKEND else Days.WEEK, hours_of(it.block)
