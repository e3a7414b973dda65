"""Activity words: what everybody may read of activities, as told by a party. Partners stay at the desk."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta

from trygghetsvandring.domain.activities import Activity, Said, end_of_month
from trygghetsvandring.domain.municipalities import ActivityKind
from trygghetsvandring.domain.promise_counts import public_words
from trygghetsvandring.domain.promises import Line, Mark
from trygghetsvandring.domain.protocol_words import day, month


def activity_lines(
    activities: Iterable[Activity], name: Mapping[str, str], known: Sequence[ActivityKind]
) -> list[Line]:
    """One line for each party and kind, with a row for each activity; as it told, on the last day it did."""
    groups: dict[tuple[str, str], list[Said]] = {}
    for it in activities:
        groups.setdefault((it.now.party, it.now.kind), []).append(it.now)
    kinds, things = {it.id: it.name for it in known}, {it.unit for it in known}
    return [
        Line(
            mark=Mark.REPORTED,
            lead=f"Redovisat av {name.get(party, party)}, {day(max(it.told_on for it in said))}.",
            text=_sum(kinds.get(kind, kind), said, things),
            more=_by_month(said, things) if said[0].place_type else tuple(_row(it, things) for it in said),
        )
        for (party, kind), said in groups.items()
    ]


def _sum(kind: str, said: list[Said], things: Collection[str]) -> str:
    """A single one says all there is; more are counted, and never added up: classes may be the same ones."""
    if len(said) > 1:
        return f"{kind}, {len(said)} gånger." if not said[0].place_type else f"{kind}, månad för månad."
    counted = ", ".join(public_words(count, things) for count in said[0].counts)
    return f"{kind}: {counted}." if counted else f"{kind}."


def _by_month(said: Sequence[Said], things: Collection[str]) -> tuple[str, ...]:
    """Every month from the first to the last that somebody told of, for each kind of place that was told of."""
    told: dict[tuple[date, str], list[Said]] = {}
    for it in said:
        told.setdefault((it.first, it.place_type), []).append(it)
    places = dict.fromkeys(it.place_type for it in said)
    rows: list[str] = []
    for first in months(it.first for it in said):
        for place in places:
            here = told.get((first, place), [])
            rows += [_row(it, things) for it in here] or [f"{month(first)}, {place}: uppgift saknas."]
    return tuple(rows)


def months(told: Iterable[date]) -> list[date]:
    """The first day of each month, from the first that was told of to the last."""
    known = sorted(told)
    found = known[:1]
    while found and found[-1] < known[-1]:
        found.append(end_of_month(found[-1]) + timedelta(days=1))
    return found


def _row(it: Said, things: Collection[str]) -> str:
    when = month(it.first) if it.first != it.last else day(it.first)
    where = f", {it.place_type}" if it.place_type else ""
    counted = ", ".join(public_words(count, things) for count in it.counts)
    return f"{when}{where}: {counted}." if counted else f"{when}{where}."
