"""Promises: what a party has signed, word for word, what it has reported, and what everybody may read of it.

    Refused
    ├── NoSuchPromiseArrow   the promise does not stand where this may be done
    ├── PromiseIsAnswered    it is public or has been reported on: the signed words are not written over
    ├── HeadingAddsNumbers   the plain heading has a number that was never signed
    ├── OwnerUnknown         whoever promises or reports is no party to the agreement
    ├── ReportCrossesTheEnd  it tells of days inside and outside the promise's time at once
    ├── NothingSeenThere     "bekräftat" is for street things that somebody has been to, and for all of them
    ├── PreviewIsOld         something has changed since the person looked
    └── PromiseNotPublic     there is nothing to withdraw

The machine is data: every passage is an arrow of ``ARROWS``. A report never takes the place of another; the last one
inside the promise's time says how it stands, those before stay. Nothing here can hold a person or a case.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from trygghetsvandring.domain.agreements import Agreement, AgreementKind, Validity, validity_of
from trygghetsvandring.domain.errors import Refused, TextTooLong
from trygghetsvandring.domain.met_needs import MetNeed, ShownNeeds
from trygghetsvandring.domain.promise_counts import Count, must_be_possible
from trygghetsvandring.domain.publications import Release
from trygghetsvandring.domain.stretch_lamps import StretchLamps
from trygghetsvandring.domain.tasks import FieldMissing, public_safe

LONGEST_TEXT = 1000
LONGEST_HEADING = 80
MOST_BUILT_ON = 9
LONGEST_NAME = 80


class EvidenceKind(StrEnum):
    """What can show how it goes. Lamps are for street things; people and children have words only."""

    STREET = "street"  # tasks in `tiles`, as lamps
    WALKS = "walks"  # walks on evenings and weekends, and adults out
    REPORTED = "reported"  # the owner's own words and counts
    YEARLY = "yearly"  # a commitment about persons: one text or count a year from its owner, and no case anywhere


class PromiseState(StrEnum):
    PROMISED = "promised"
    DONE = "done"  # the owner says so
    NOT_DONE = "not_done"
    VERIFIED = "verified"  # somebody has been there; street things only


class Standing(StrEnum):
    """How it is read: as the state says, or that nobody has told."""

    PROMISED = "promised"
    DONE = "done"
    VERIFIED = "verified"
    NOT_DONE = "not_done"
    MISSING = "missing"


class Result(StrEnum):
    """What the owner says of it in a report."""

    GOING_ON = "going_on"
    DONE = "done"
    NOT_DONE = "not_done"


@dataclass(frozen=True, slots=True)
class Arrow:
    """`what`: a report's result, or "verify". `requires`: facts that must be there."""

    what: str
    start: PromiseState
    end: PromiseState
    requires: tuple[str, ...] = ()


_S, _R = PromiseState, Result
VERIFY = "verify"
ARROWS: tuple[Arrow, ...] = (
    *(Arrow(_R.GOING_ON, start, _S.PROMISED, ("text",)) for start in (_S.PROMISED, _S.DONE, _S.NOT_DONE)),
    *(Arrow(_R.DONE, start, _S.DONE, ("text",)) for start in (_S.PROMISED, _S.DONE, _S.NOT_DONE)),
    *(Arrow(_R.NOT_DONE, start, _S.NOT_DONE, ("reason",)) for start in (_S.PROMISED, _S.DONE, _S.NOT_DONE)),
    Arrow(VERIFY, _S.DONE, _S.VERIFIED),
    # Said again after somebody has been there: what was seen does not hold for what is said now.
    Arrow(_R.GOING_ON, _S.VERIFIED, _S.PROMISED, ("text",)),
    Arrow(_R.NOT_DONE, _S.VERIFIED, _S.NOT_DONE, ("reason",)),
    Arrow(_R.DONE, _S.VERIFIED, _S.VERIFIED, ("text",)),
)


class NoSuchPromiseArrow(Refused):
    code = "no_such_promise_arrow"


class PromiseIsAnswered(Refused):
    code = "promise_is_answered"


class HeadingAddsNumbers(Refused):
    code = "heading_adds_numbers"


class OwnerUnknown(Refused):
    code = "owner_unknown"


class ReportCrossesTheEnd(Refused):
    code = "report_crosses_the_end"


class NothingSeenThere(Refused):
    code = "nothing_seen_there"


class PreviewIsOld(Refused):
    code = "preview_is_old"


class PromiseNotPublic(Refused):
    code = "promise_not_public"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Återrapportering: what a party tells, for which days. `told_by` is a function. Kept for good, the latest last.

    `told_on`: the day the party said it, which may lie after the days it tells of. `may_publish`: the party's word.
    """

    id: UUID
    party: str
    told_by: str
    told_on: date
    first: date
    last: date
    result: Result
    text: str
    reason: str = ""
    count: Count | None = None
    may_publish: bool
    entered_by: str
    entered_at: datetime


class Mark(StrEnum):
    """What stands before a line: a lamp of the first four for street things, else an icon. Always beside its word."""

    LIT = "lit"
    HALF = "half"
    PLAN = "plan"
    NO = "no"
    REPORTED = "reported"
    COUNTED = "counted"
    DROPPED = "dropped"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`lead` stands bold. `more`: places and days, a row for each lamp. `about`: what each stands on, for no reader."""

    mark: Mark
    lead: str
    text: str
    lamps: int = 0
    more: tuple[str, ...] = ()
    about: tuple[tuple[UUID, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OfAgreement:
    """The agreement as the release shows it."""

    id: UUID
    kind: AgreementKind
    title: str
    purpose: str
    parties: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None
    keeper: str
    part_of: UUID | None
    predecessor: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """All that everybody reads of a promise: frozen when a named person released it."""

    agreement: OfAgreement
    number: int
    owners: tuple[str, ...]
    text: str
    heading: str
    standing: Standing
    lines: tuple[Line, ...]
    later: tuple[Line, ...]
    stretches: tuple[StretchLamps, ...] = ()
    built_on: tuple[str, ...] = ()
    needs: ShownNeeds | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """`text` is the signed words. `by`: ids of the parties that promise. `tiles`: what of the street counts into it.

    `released_by` is a name and a function; it stands at the desk and in the log, never on the page.
    """

    id: UUID
    version: int
    agreement: UUID
    number: int
    by: tuple[str, ...]
    text: str
    heading: str
    evidence: EvidenceKind
    tiles: tuple[str, ...] = ()
    report_by: date | None = None
    state: PromiseState = PromiseState.PROMISED
    reports: tuple[Report, ...] = ()
    verified_on: date | None = None
    release: Release = Release.INTERNAL
    shown: Shown | None = None
    published_at: datetime | None = None
    changed_at: datetime | None = None
    released_by: str = ""
    built_on: tuple[UUID, ...] = ()  # surveys and imported dialogues
    needs: tuple[MetNeed, ...] = ()


# ---------------------------------------------------------------- as it is entered

_NUMBER_WORDS = frozenset(
    {"två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv", "tretton", "fjorton", "femton"}
    | {"tjugo", "trettio", "fyrtio", "femtio", "sextio", "sjuttio", "åttio", "nittio", "hundra", "tusen"}
)


def entered(before: Promise | None, it: Promise, agreement: Agreement) -> Promise:
    """New, or corrected while nobody has answered it and nobody outside has read it."""
    _must_stand(before, it)
    if not it.text.strip():
        raise FieldMissing(operation="promise.enter", fields=["text"])
    for text, longest, field in ((it.text, LONGEST_TEXT, "text"), (it.heading, LONGEST_HEADING, "heading")):
        if len(text) > longest:
            raise TextTooLong(field=field, longest=longest)
    if not it.by or any(agreement.party(owner) is None for owner in it.by):
        raise OwnerUnknown(field="by")
    public_safe(it.heading)
    added = numbers_in(it.heading) - numbers_in(it.text)
    if added:
        raise HeadingAddsNumbers(numbers=sorted(added))
    # Lamps are for the street: a promise about people has nothing of it, whatever a desk sends.
    return it if it.evidence is EvidenceKind.STREET else replace(it, tiles=())


def _must_stand(before: Promise | None, it: Promise) -> None:
    """What has been answered, or is read outside, is not written over."""
    if before is None:
        return
    is_public = before.release is Release.PUBLIC
    signed = (it.text, it.by, it.evidence) == (before.text, before.by, before.evidence)
    if (not signed and (before.reports or is_public)) or (is_public and it.heading != before.heading):
        raise PromiseIsAnswered()


def numbers_in(text: str) -> set[str]:
    """Figures, and the numbers that are written as words."""
    words = "".join(sign if sign.isalnum() else " " for sign in text.lower()).split()
    return {word for word in words if word in _NUMBER_WORDS or any(sign.isdigit() for sign in word)}


def built_on(promise: Promise, surveys: Iterable[UUID]) -> Promise:
    """What everybody reads of it stands until somebody shows the promise again."""
    kept = tuple(dict.fromkeys(surveys))
    if len(kept) > MOST_BUILT_ON:
        raise TextTooLong(field="surveys", longest=MOST_BUILT_ON)
    return replace(promise, built_on=kept)


# ---------------------------------------------------------------- as it is answered


def reported(promise: Promise, report: Report, agreement: Agreement) -> Promise:
    """A report of days after the promise's time is kept and shown as that; it moves nothing."""
    _must_be_whole(promise, report, agreement)
    arrow = _arrow(report.result, promise.state)
    told = {"text": report.text, "reason": report.reason}
    missing = [name for name in arrow.requires if not told[name].strip()]
    if missing:
        raise FieldMissing(operation="promise.report", fields=missing)
    reports = (*promise.reports, report)
    if is_later(report.first, agreement.valid_to):
        return replace(promise, reports=reports)
    verified_on = promise.verified_on if arrow.end is PromiseState.VERIFIED else None
    return replace(promise, reports=reports, state=arrow.end, verified_on=verified_on)


def _must_be_whole(promise: Promise, report: Report, agreement: Agreement) -> None:
    if agreement.party(report.party) is None or not report.told_by.strip():
        raise OwnerUnknown(field="party")
    if report.last < report.first:
        raise ReportCrossesTheEnd(reason="order")
    ends, begins = agreement.valid_to, agreement.valid_from
    if (ends and report.first <= ends < report.last) or (begins and report.first < begins):
        raise ReportCrossesTheEnd(reason="period")
    for text in (report.text, report.reason, report.told_by):
        public_safe(text)
    if report.count is not None:
        must_be_possible(report.count, is_yearly=promise.evidence is EvidenceKind.YEARLY)


def verified(promise: Promise, *, lit: int, others: int, on: date) -> Promise:
    """`lit`: lamps that somebody has been to; `others`: said to be mended, planned or not done."""
    arrow = _arrow(VERIFY, promise.state)
    if promise.evidence is not EvidenceKind.STREET or lit == 0 or others > 0:
        raise NothingSeenThere(lit=lit, others=others)
    return replace(promise, state=arrow.end, verified_on=on)


def _arrow(what: str, start: PromiseState) -> Arrow:
    for arrow in ARROWS:
        if arrow.what == what and arrow.start is start:
            return arrow
    raise NoSuchPromiseArrow(what=what, state=start.value)


def is_later(day: date, ends: date | None) -> bool:
    return ends is not None and day > ends


def within(reports: Iterable[Report], ends: date | None) -> list[Report]:
    """Those that may be shown and tell of the promise's own time, the latest first."""
    return [it for it in reversed(tuple(reports)) if it.may_publish and not is_later(it.first, ends)]


def after(reports: Iterable[Report], ends: date | None) -> list[Report]:
    return [it for it in reversed(tuple(reports)) if it.may_publish and is_later(it.first, ends)]


def standing(promise: Promise, ends: date | None, *, has_evidence: bool) -> Standing:
    """`has_evidence`: our own data shows something inside its time. A report that may not be shown tells nobody."""
    told = within(promise.reports, ends)
    if promise.state is PromiseState.VERIFIED:
        return Standing.VERIFIED
    if not told:
        return Standing.PROMISED if has_evidence else Standing.MISSING
    match told[0].result:
        case Result.GOING_ON:
            return Standing.PROMISED
        case Result.DONE:
            return Standing.DONE
        case Result.NOT_DONE:
            return Standing.NOT_DONE


# ---------------------------------------------------------------- as everybody reads it


def published(promise: Promise, shown: Shown, *, seen: int, name: str, function: str, at: datetime) -> Promise:
    """`seen`: the version the person had before them. What is shown from now on is exactly what they read."""
    if seen != promise.version:
        raise PreviewIsOld()
    if not name.strip() or len(name) > LONGEST_NAME:
        raise FieldMissing(operation="promise.publish", fields=["name"])
    return replace(
        promise,
        release=Release.PUBLIC,
        shown=shown,
        published_at=promise.published_at or at,
        changed_at=at,
        released_by=f"{name.strip()}, {function}",
    )


def withdrawn(promise: Promise, *, by: str, at: datetime) -> Promise:
    """Out of sight at once. What was shown stays in the versions."""
    if promise.release is not Release.PUBLIC:
        raise PromiseNotPublic()
    return replace(promise, release=Release.WITHDRAWN, shown=None, changed_at=at, released_by=by)


def has_run_out(shown: Shown, today: date) -> bool:
    return validity_of(shown.agreement.valid_from, shown.agreement.valid_to, today) is Validity.EXPIRED
