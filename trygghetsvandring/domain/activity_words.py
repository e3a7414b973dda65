"""Activity words: what everybody may read of activities, as told by a party. Partners stay at the desk."""

from collections.abc import Iterable, Mapping, Sequence

from trygghetsvandring.domain.activities import Activity, Said
from trygghetsvandring.domain.municipalities import ActivityKind
from trygghetsvandring.domain.promise_counts import count_words
from trygghetsvandring.domain.promises import Line, Mark
from trygghetsvandring.domain.protocol_words import day, month


def activity_lines(
    activities: Iterable[Activity], name: Mapping[str, str], known: Sequence[ActivityKind]
) -> list[Line]:
    """One line for each party and kind, with a row for each activity; as it told, on the last day it did."""
    groups: dict[tuple[str, str], list[Said]] = {}
    for it in activities:
        groups.setdefault((it.now.party, it.now.kind), []).append(it.now)
    kinds = {it.id: it.name for it in known}
    return [
        Line(
            mark=Mark.REPORTED,
            lead=f"Redovisat av {name.get(party, party)}, {day(max(it.told_on for it in said))}.",
            text=_sum(kinds.get(kind, kind), said),
            more=tuple(_row(it) for it in said),
        )
        for (party, kind), said in groups.items()
    ]


def _sum(kind: str, said: list[Said]) -> str:
    """A single one says all there is; more are counted, and never added up: classes may be the same ones."""
    if len(said) > 1:
        return f"{kind}, {len(said)} gånger." if not said[0].place_type else f"{kind}, månad för månad."
    counted = ", ".join(count_words(count) for count in said[0].counts)
    return f"{kind}: {counted}." if counted else f"{kind}."


def _row(it: Said) -> str:
    when = month(it.first) if it.first != it.last else day(it.first)
    where = f", {it.place_type}" if it.place_type else ""
    counted = ", ".join(count_words(count) for count in it.counts)
    return f"{when}{where}: {counted}." if counted else f"{when}{where}."
