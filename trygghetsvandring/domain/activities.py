"""Activities: what a party has done for a promise together with others, with numbers only.

    Refused
    └── ActivityNotPossible   of a kind, time, party or number that cannot be: the `reason`

What is said of an activity is never written over: a correction stands after what it corrects, with its reason, and the
last word holds. Partners are organisations. Few people are never written down, so that nothing later can show them.
"""

from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from trygghetsvandring.domain.agreements import Agreement
from trygghetsvandring.domain.errors import Refused, TextTooLong
from trygghetsvandring.domain.municipalities import ActivityKind, Municipality
from trygghetsvandring.domain.promise_counts import FEW, Count, must_be_possible
from trygghetsvandring.domain.promises import EvidenceKind, Promise
from trygghetsvandring.domain.tasks import public_safe

LONGEST_NAME = 80
LONGEST_REASON = 300
MOST_PARTNERS = 20
MOST_COUNTS = 4
FED = frozenset({EvidenceKind.REPORTED, EvidenceKind.WALKS})
"""Street things have lamps. What is about persons has one text a year from its owner, and never a list of occasions."""


class ActivityNotPossible(Refused):
    code = "activity_not_possible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """`kind`: one of the municipality's. `first` to `last`: one day, or a whole month. `told_by`: a function.

    `place_type`: what sort of place, for kinds that are counted so; never which one. `may_publish`: the party's word.
    """

    kind: str
    first: date
    last: date
    party: str
    place_type: str
    partners: tuple[str, ...]
    counts: tuple[Count, ...]
    told_by: str
    told_on: date
    may_publish: bool
    reason: str
    is_withdrawn: bool
    entered_by: str
    entered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What has been said of it, the last word last."""

    id: UUID
    version: int
    promise: UUID
    said: tuple[Said, ...]

    @property
    def now(self) -> Said:
        return self.said[-1]

    @property
    def is_shown(self) -> bool:
        return self.now.may_publish and not self.now.is_withdrawn


def entered(it: Activity, promise: Promise, agreement: Agreement, here: Municipality, today: date) -> Activity:
    """New, or corrected: `it` carries what is said now last."""
    said = it.now
    if len(it.said) > 1:
        _must_correct(it.said[-2], said)
    kind = next((each for each in here.activity_kinds if each.id == said.kind), None)
    if kind is None:
        raise ActivityNotPossible(reason="kind")
    if promise.evidence not in FED:
        raise ActivityNotPossible(reason="promise")
    if agreement.party(said.party) is None:
        raise ActivityNotPossible(reason="party")
    _must_be_in_time(said, kind, agreement, today)
    if said.place_type not in (kind.places or ("",)):
        raise ActivityNotPossible(reason="place_type")
    _must_have_words(said.told_by, "told_by", LONGEST_NAME)
    if len(said.partners) > MOST_PARTNERS:
        raise ActivityNotPossible(reason="partners")
    for partner in said.partners:
        _must_have_words(partner, "partners", LONGEST_NAME)
    _must_be_counts(said.counts, kind, {each.unit for each in here.activity_kinds})
    return it


def withdrawn(it: Activity, *, reason: str, by: str, at: datetime) -> Activity:
    """It counts nowhere any more. What was said of it stays."""
    if it.now.is_withdrawn:
        raise ActivityNotPossible(reason="withdrawn")
    _must_have_words(reason, "reason", LONGEST_REASON)
    last = replace(it.now, is_withdrawn=True, reason=reason, entered_by=by, entered_at=at)
    return replace(it, said=(*it.said, last))


def _must_correct(before: Said, said: Said) -> None:
    if before.is_withdrawn:
        raise ActivityNotPossible(reason="withdrawn")
    _must_have_words(said.reason, "reason", LONGEST_REASON)


def end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _must_be_in_time(said: Said, kind: ActivityKind, agreement: Agreement, today: date) -> None:
    is_month = said.first.day == 1 and said.last == end_of_month(said.first)
    if not is_month and (kind.places or said.first != said.last):
        raise ActivityNotPossible(reason="time")
    if said.last > today or said.told_on > today:
        raise ActivityNotPossible(reason="future")
    if said.told_on < said.last:
        raise ActivityNotPossible(reason="told_on")
    begins, ends = agreement.valid_from, agreement.valid_to
    if (begins and said.first < begins) or (ends and said.first <= ends < said.last):
        raise ActivityNotPossible(reason="period")


def _must_be_counts(counts: tuple[Count, ...], kind: ActivityKind, things: Collection[str]) -> None:
    """`things`: the units of the municipality's own list. Whatever else is counted is people, and no few."""
    if len(counts) > MOST_COUNTS or (kind.places and [it.unit for it in counts] != [kind.unit]):
        raise ActivityNotPossible(reason="counts")
    for it in counts:
        must_be_possible(it, is_yearly=False)
        if not it.is_of_people and it.unit not in things:
            raise ActivityNotPossible(reason="unit")
        if it.is_of_people and it.n < FEW:
            raise ActivityNotPossible(reason="few")


def _must_have_words(text: str, field: str, longest: int) -> None:
    if not text.strip():
        raise ActivityNotPossible(reason=field)
    if len(text) > longest:
        raise TextTooLong(field=field, longest=longest)
    public_safe(text)
