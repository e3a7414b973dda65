"""Attestations: an association's walked evenings, counted and signed by a named coordinator.

    Refused
    └── AttestationNotPossible   no association, no evenings, no name, no reason, or taken back already: the `reason`

A pass of the association's own log stands for its evening and kind. Where there is none, or one that lasted no time,
what the association said by its link does, or the coordinator's word, with the planned hours. Nobody who was seen is in
it, and nobody who walked: evenings, hours, adults. What is paid for an evening is the municipality's own matter.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from trygghetsvandring.domain.adult_hours import lasted
from trygghetsvandring.domain.departments import Organisation, OrganisationKind
from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.evidence import is_evening, is_weekend
from trygghetsvandring.domain.papers import Cell, Facts, Heading, Paper, Table, Text
from trygghetsvandring.domain.presence import Pass, PresenceEntry
from trygghetsvandring.domain.protocol_words import day
from trygghetsvandring.domain.rota import RotaEvening, Told, When
from trygghetsvandring.domain.tasks import internal_safe

LONGEST_NAME = 80
LONGEST_REASON = 200
MOST_DAYS = 366
_KINDS = {"night_walk": "Nattvandring", "field_shift": "Fältpass", "safety_walk": "Trygghetsvandring"}
_WHEN = {When.EVENING: "Kväll", When.WEEKEND: "Helg", When.DAY: "Dag"}
_DAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
COLUMNS = ("Datum", "Veckodag", "Kväll eller helg", "Slag", "Vuxna", "Minuter", "Enligt")


class AttestationNotPossible(Refused):
    code = "attestation_not_possible"


class Source(StrEnum):
    LOG = "log"
    LINK = "link"
    DESK = "desk"


_ACCORDING_TO = {Source.LOG: "närvarologgen", Source.LINK: "föreningen", Source.DESK: "samordnaren"}


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkedEvening:
    """`adults` None: nobody has said. `minutes`: how long."""

    evening: date
    kind: str
    when: When
    adults: int | None
    minutes: int
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """Frozen as it was signed. `signed_by`: a name and a function. Taken back it stays, marked, and counts no more."""

    id: UUID
    version: int
    party: str
    party_name: str
    first: date
    last: date
    rows: tuple[WalkedEvening, ...]
    signed_by: str
    signed_at: datetime
    taken_back: TakenBack | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """`evenings` are days, however many passes; `logged` those of them that a kept pass tells of.

    `hours`: adults' whole hours; of a row without adults nothing counts.
    """

    evenings: int
    weekends: int
    logged: int
    hours: int
    unsaid: int


def must_be_association(it: Organisation | None) -> Organisation:
    """Of the social services' own log nothing is counted for one organisation."""
    if it is None or it.kind is not OrganisationKind.ASSOCIATION:
        raise AttestationNotPossible(reason="party")
    return it


def must_be_period(first: date, last: date, today: date) -> None:
    if not first <= last < today or (last - first).days >= MOST_DAYS:
        raise AttestationNotPossible(reason="period")


def rows(
    party: str,
    passes: Iterable[tuple[Pass, Sequence[PresenceEntry]]],
    evenings: Iterable[RotaEvening],
    first: date,
    last: date,
) -> tuple[WalkedEvening, ...]:
    """The oldest first."""
    logged = [
        _logged(one, entries)
        for one, entries in passes
        if one.organisation == party and entries and first <= one.evening <= last
    ]
    inside = [it for it in evenings if first <= it.evening <= last]
    said = [_told(it, out) for it in inside if (out := it.out_by(party)) is not None and out.adults]
    has_word = {(it.evening, it.kind) for it in said}
    kept = [it for it in logged if it.minutes or (it.evening, it.kind) not in has_word]
    has_log = {(it.evening, it.kind) for it in kept}
    told = [it for it in said if (it.evening, it.kind) not in has_log]
    return tuple(sorted([*kept, *told], key=lambda it: (it.evening, it.kind, it.minutes)))


def _logged(one: Pass, entries: Sequence[PresenceEntry]) -> WalkedEvening:
    begun = min(entry.at for entry in entries)
    return WalkedEvening(
        evening=one.evening,
        kind=one.kind.value,
        when=_when(begun),
        adults=one.adults,
        minutes=int(lasted(entries) / timedelta(minutes=1)),
        source=Source.LOG,
    )


def _told(it: RotaEvening, out: Told) -> WalkedEvening:
    return WalkedEvening(
        evening=it.evening,
        kind=it.kind.value,
        when=it.when,
        adults=out.adults,
        minutes=int((it.ends_at - it.starts_at) / timedelta(minutes=1)),
        source=Source.LINK if out.by_link else Source.DESK,
    )


def _when(at: datetime) -> When:
    if is_weekend(at):
        return When.WEEKEND
    return When.EVENING if is_evening(at) else When.DAY


def totals(of: Sequence[WalkedEvening]) -> Totals:
    return Totals(
        evenings=len({it.evening for it in of}),
        weekends=len({it.evening for it in of if it.when is When.WEEKEND}),
        logged=len({it.evening for it in of if it.source is Source.LOG}),
        hours=sum((it.adults or 0) * it.minutes for it in of) // 60,
        unsaid=sum(it.adults is None for it in of),
    )


def signed(it: Attestation, name: str, function: str) -> str:
    """Who stands for it, as it is written under it."""
    if not it.rows:
        raise AttestationNotPossible(reason="empty")
    name = internal_safe(name)
    if not name or len(name) > LONGEST_NAME:
        raise AttestationNotPossible(reason="name")
    return f"{name}, {function}"


def taken_back(it: Attestation, back: TakenBack) -> Attestation:
    if it.taken_back is not None:
        raise AttestationNotPossible(reason="taken_back")
    if not back.reason or len(back.reason) > LONGEST_REASON:
        raise AttestationNotPossible(reason="reason")
    return replace(it, taken_back=replace(back, reason=internal_safe(back.reason)))


# ---------------------------------------------------------------- as a paper


def cells(it: WalkedEvening) -> tuple[Cell, ...]:
    return (
        it.evening.isoformat(),
        _DAYS[it.evening.weekday()],
        _WHEN[it.when],
        _KINDS.get(it.kind, it.kind),
        "–" if it.adults is None else it.adults,
        it.minutes,
        _ACCORDING_TO[it.source],
    )


def paper(it: Attestation, municipality: str) -> Paper:
    sums = totals(it.rows)
    facts: list[tuple[str, Cell]] = [
        ("Förening", it.party_name),
        ("Period", f"{day(it.first)} till {day(it.last)}"),
        ("Kvällar", sums.evenings),
        ("Varav helg", sums.weekends),
        ("Varav enligt närvarologgen", sums.logged),
        ("Vuxentimmar", sums.hours),
    ]
    if sums.unsaid:
        facts.append(("Rader utan antal vuxna", sums.unsaid))
    facts.append(("Intygat av", it.signed_by))
    if it.taken_back is not None:
        facts.append(("Gäller inte", f"Tillbakadraget {day(it.taken_back.at)}. {it.taken_back.reason}"))
    return Paper(
        title=f"Intyg om gångna kvällar: {it.party_name}",
        subject=f"{it.first} till {it.last}",
        author=municipality,
        blocks=(
            Heading(text=f"Intyg om gångna kvällar: {it.party_name}", level=1),
            Facts(caption="Sammanfattning", rows=tuple(facts)),
            Table(caption="Kvällarna", columns=COLUMNS, rows=tuple(cells(each) for each in it.rows)),
            Text(text=f"Intygat {day(it.signed_at)}. Här finns inga namn på dem som gick.", quiet=True),
        ),
    )
