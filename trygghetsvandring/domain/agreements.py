"""Agreements: what parties have signed together, for how long, what it follows and what follows it.

    Refused
    └── AgreementNotPossible   it ends before it begins, nobody is a party, or it comes before itself: the `reason`

The parties' promises are rooms of their own (`promises`). An agreement is never deleted: one whose time has run out
says so, and the next one names it as its predecessor.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from trygghetsvandring.domain.errors import Refused, TextTooLong
from trygghetsvandring.domain.tasks import public_safe

LONGEST_TITLE = 120
LONGEST_PURPOSE = 2000
MOST_PARTIES = 12


class AgreementKind(StrEnum):
    SAMVERKANSOVERENSKOMMELSE = "samverkansoverenskommelse"
    MEDBORGARLOFTE = "medborgarlofte"
    TRYGGHETSOVERENSKOMMELSE = "trygghetsoverenskommelse"


class Validity(StrEnum):
    COMING = "coming"
    IN_FORCE = "in_force"
    EXPIRED = "expired"


class AgreementNotPossible(Refused):
    code = "agreement_not_possible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """`name` as it stands in a sentence ("kommunen", "Polisen"), `called` in full."""

    id: str
    name: str
    called: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """`purpose` is the signed text of its own. Without `valid_to` no end was agreed.

    `keeper`: the function that answers for the page.
    `part_of`: the agreement it is an annex to. `predecessor`: the one it took over from.
    """

    id: UUID
    version: int
    kind: AgreementKind
    title: str
    purpose: str
    parties: tuple[Party, ...]
    valid_from: date | None
    valid_to: date | None
    keeper: str
    part_of: UUID | None = None
    predecessor: UUID | None = None
    review_on: date | None = None
    entered_by: str
    entered_at: datetime

    def party(self, id: str) -> Party | None:
        return next((party for party in self.parties if party.id == id), None)


def entered(it: Agreement) -> Agreement:
    """The agreement as it may be kept. The signed words are not touched, only measured."""
    if not it.title.strip() or not it.keeper.strip():
        raise AgreementNotPossible(reason="title" if not it.title.strip() else "keeper")
    for text, longest, field in ((it.title, LONGEST_TITLE, "title"), (it.purpose, LONGEST_PURPOSE, "purpose")):
        if len(text) > longest:
            raise TextTooLong(field=field, longest=longest)
    _must_be_parties(it.parties)
    for text in (it.title, it.keeper):
        public_safe(text)
    if it.valid_from and it.valid_to and it.valid_to < it.valid_from:
        raise AgreementNotPossible(reason="period")
    if it.id in {it.predecessor, it.part_of}:
        raise AgreementNotPossible(reason="predecessor")
    return it


def _must_be_parties(parties: tuple[Party, ...]) -> None:
    if not 1 <= len(parties) <= MOST_PARTIES or len({party.id for party in parties}) < len(parties):
        raise AgreementNotPossible(reason="parties")
    for party in parties:
        if not (party.id and party.name.strip() and party.called.strip()):
            raise AgreementNotPossible(reason="parties")
        public_safe(party.name)
        public_safe(party.called)


def validity(it: Agreement, today: date) -> Validity:
    return validity_of(it.valid_from, it.valid_to, today)


def validity_of(first: date | None, last: date | None, today: date) -> Validity:
    """Both days are part of the period; an end that was not agreed never comes."""
    if first is not None and today < first:
        return Validity.COMING
    return Validity.EXPIRED if last is not None and today > last else Validity.IN_FORCE


def holds_on(it: Agreement, day: date) -> bool:
    """Whether what happened that day counts into its promises."""
    return validity(it, day) is Validity.IN_FORCE


def days_left(it: Agreement, today: date) -> int | None:
    """None: no end was agreed, or it has come."""
    return None if it.valid_to is None or today > it.valid_to else (it.valid_to - today).days
