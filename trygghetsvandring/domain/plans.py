"""Action plans: what parties to an agreement do in a focus area, who does it, until when, and what they tell of it.

    Refused
    ├── PlanNotPossible       a plan without a focus area or a name
    ├── DueOutsidePeriod      the day lies outside the time that was agreed
    ├── CommitmentStands      who does it is never changed, nor the words once they have been reported on
    ├── NotAReportDay         nobody has been asked for a report on that day
    └── NoSuchCommitmentArrow it does not stand where this may be said

The machine is data: every passage is an arrow of ``ARROWS``. A report never takes the place of another. Which days are
report days, and whether one was met, is worked out from the terms and the reports, and stored nowhere.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

from trygghetsvandring.domain.agreements import Agreement
from trygghetsvandring.domain.errors import Refused, TextTooLong
from trygghetsvandring.domain.tasks import DateNotPossible, FieldMissing, day_of, public_safe
from trygghetsvandring.domain.times import is_working_day, working_days_after

LONGEST_NAME = 120
LONGEST_TEXT = 1000
LONGEST_FUNCTION = 80
MOST_LEADS = 50


class Rhythm(StrEnum):
    """How often its executor reports back. The last day is always a report day."""

    ONCE = "once"  # on the last day only
    MONTH = "month"
    QUARTER = "quarter"
    TERTIAL = "tertial"
    HALF_YEAR = "half_year"
    YEAR = "year"


ENDS: dict[Rhythm, frozenset[int]] = {
    Rhythm.ONCE: frozenset(),
    Rhythm.MONTH: frozenset(range(1, 13)),
    Rhythm.QUARTER: frozenset({3, 6, 9, 12}),
    Rhythm.TERTIAL: frozenset({4, 8, 12}),
    Rhythm.HALF_YEAR: frozenset({6, 12}),
    Rhythm.YEAR: frozenset({12}),
}
"""The months whose last day is a report day."""


class CommitmentState(StrEnum):
    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"  # its executor says so
    NOT_DONE = "not_done"


class Told(StrEnum):
    """What the executor says of it in a report."""

    NOT_BEGUN = "not_begun"
    GOING_ON = "going_on"
    DONE = "done"
    NOT_DONE = "not_done"


@dataclass(frozen=True, slots=True)
class Arrow:
    told: Told
    start: CommitmentState
    end: CommitmentState
    requires: str


_S = CommitmentState
ARROWS: tuple[Arrow, ...] = (
    Arrow(Told.NOT_BEGUN, _S.PLANNED, _S.PLANNED, "text"),
    *(Arrow(Told.GOING_ON, start, _S.UNDER_WAY, "text") for start in _S),
    *(Arrow(Told.DONE, start, _S.DONE, "text") for start in _S),
    *(Arrow(Told.NOT_DONE, start, _S.NOT_DONE, "reason") for start in _S),
)
OPEN = frozenset({_S.PLANNED, _S.UNDER_WAY})


class Kept(StrEnum):
    """How a report day was met."""

    COMING = "coming"
    ON_TIME = "on_time"
    LATE = "late"
    MISSING = "missing"


class PlanNotPossible(Refused):
    code = "plan_not_possible"


class DueOutsidePeriod(Refused):
    code = "due_outside_period"


class CommitmentStands(Refused):
    code = "commitment_stands"


class NotAReportDay(Refused):
    code = "not_a_report_day"


class NoSuchCommitmentArrow(Refused):
    code = "no_such_commitment_arrow"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionPlan:
    """Åtgärdsplan: one of an agreement's, in one focus area (fokusområde)."""

    id: UUID
    version: int
    agreement: UUID
    focus: str
    title: str
    entered_by: str
    entered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Until when, and how often it is reported on. They hold after `since`, until the next ones are set."""

    since: date
    due_on: date
    rhythm: Rhythm
    set_by: str
    set_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportBack:
    """Återrapportering: what the executor told for one report day. `told_by` and `entered_by` are functions.

    `told_on`: the day it was said, which may lie before it was written down.
    """

    id: UUID
    due_on: date
    told: Told
    text: str
    reason: str
    told_by: str
    told_on: date
    by_link: bool
    entered_by: str
    entered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """Åtagande: what one executor does. `promises` and `tasks` are what it leads to. The last terms hold now."""

    id: UUID
    version: int
    plan: UUID
    executor: str
    text: str
    promises: tuple[UUID, ...]
    tasks: tuple[UUID, ...]
    terms: tuple[Terms, ...]
    state: CommitmentState = CommitmentState.PLANNED
    reports: tuple[ReportBack, ...] = ()

    @property
    def due_on(self) -> date:
        return self.terms[-1].due_on

    @property
    def rhythm(self) -> Rhythm:
        return self.terms[-1].rhythm

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


# ---------------------------------------------------------------- as it is entered


def planned(it: ActionPlan) -> ActionPlan:
    for text, field in ((it.focus, "focus"), (it.title, "title")):
        if not text.strip():
            raise PlanNotPossible(reason=field)
        if len(text) > LONGEST_NAME:
            raise TextTooLong(field=field, longest=LONGEST_NAME)
        public_safe(text)
    return it


def committed(before: Commitment | None, it: Commitment, agreement: Agreement, today: date) -> Commitment:
    """New, or with other terms than before. `it` carries the terms that are wanted last."""
    if not it.text.strip():
        raise FieldMissing(operation="commitment.enter", fields=["text"])
    if len(it.text) > LONGEST_TEXT or len(it.promises) > MOST_LEADS or len(it.tasks) > MOST_LEADS:
        raise TextTooLong(field="text", longest=LONGEST_TEXT)
    public_safe(it.text)
    if before is not None and (it.executor != before.executor or (before.reports and it.text != before.text)):
        raise CommitmentStands()
    wanted = it.terms[-1]
    if before is not None and (wanted.due_on, wanted.rhythm) == (before.due_on, before.rhythm):
        return replace(it, terms=before.terms)
    _must_be_agreed(wanted.due_on, agreement)
    if wanted.due_on <= today:
        raise DateNotPossible(field="due_on", day=wanted.due_on.isoformat())
    return it


def _must_be_agreed(due_on: date, agreement: Agreement) -> None:
    first, last = agreement.valid_from, agreement.valid_to
    if (first is not None and due_on < first) or (last is not None and due_on > last):
        raise DueOutsidePeriod(first=first.isoformat() if first else None, last=last.isoformat() if last else None)


# ---------------------------------------------------------------- as it is reported on


def reported(it: Commitment, report: ReportBack) -> Commitment:
    if not _is_asked(it, report.due_on, day_of(report.entered_at)):
        raise NotAReportDay(day=report.due_on.isoformat())
    arrow = _arrow(report.told, it.state)
    given = {"text": report.text, "reason": report.reason, "told_by": report.told_by}
    missing = [name for name in (arrow.requires, "told_by") if not given[name].strip()]
    if missing:
        raise FieldMissing(operation="commitment.report", fields=missing)
    for name, text in given.items():
        longest = LONGEST_FUNCTION if name == "told_by" else LONGEST_TEXT
        if len(text) > longest:
            raise TextTooLong(field=name, longest=longest)
        public_safe(text)
    return replace(it, state=arrow.end, reports=(*it.reports, report))


def _arrow(told: Told, start: CommitmentState) -> Arrow:
    for arrow in ARROWS:
        if arrow.told is told and arrow.start is start:
            return arrow
    raise NoSuchCommitmentArrow(told=told.value, state=start.value)


def may_tell(state: CommitmentState) -> tuple[Told, ...]:
    return tuple(arrow.told for arrow in ARROWS if arrow.start is state)


# ---------------------------------------------------------------- report days


def report_days(it: Commitment) -> tuple[date, ...]:
    """In order. None is asked for after it was said to be done or not to be; a day with a report stays for good."""
    told = {report.due_on for report in it.reports}
    asked = {day for day in _scheduled(it) if _was_open(it, day)}
    return tuple(sorted(told | asked))


def _scheduled(it: Commitment) -> Iterator[date]:
    """By the terms that held then: what is changed today asks for nothing less of yesterday."""
    ends = [later.since for _, later in pairwise(it.terms)] + [date.max]
    for terms, end in zip(it.terms, ends, strict=True):
        yield from (day for day in _days(terms, it.terms[0].since) if terms.since < day <= end)


def _days(terms: Terms, began: date) -> Iterator[date]:
    """Every day moved to the next working day, when it is none: from when the commitment itself began."""
    months = ENDS[terms.rhythm]
    for year in range(began.year, terms.due_on.year + 1):
        for month in sorted(months):
            end = date(year, month, monthrange(year, month)[1])
            if began <= end < terms.due_on:
                yield _working(end)
    yield _working(terms.due_on)


def _working(day: date) -> date:
    return day if is_working_day(day) else working_days_after(day, 1)


def _was_open(it: Commitment, day: date) -> bool:
    """As the last report before that day left it."""
    before = [report for report in it.reports if report.told_on < day]
    return not before or before[-1].told not in {Told.DONE, Told.NOT_DONE}


def kept(it: Commitment, day: date, today: date) -> Kept:
    """By the first report for that day: what is written later neither mends nor breaks it."""
    first = next((report for report in it.reports if report.due_on == day), None)
    if first is not None:
        return Kept.ON_TIME if first.told_on <= day else Kept.LATE
    return Kept.MISSING if day < today else Kept.COMING


def asked_for(it: Commitment, today: date) -> date | None:
    """The first report day without a report: what the executor is asked about now. None before its time begins.

    When all are answered, its last day has come and it is still open: the last one again, so that it can be ended.
    """
    first = next(iter(unanswered(it, today)), None)
    if first is not None or not it.is_open or today < it.due_on:
        return first
    return report_days(it)[-1]


def unanswered(it: Commitment, today: date) -> tuple[date, ...]:
    """The report days without a report whose time has begun, in order."""
    told = {report.due_on for report in it.reports}
    return tuple(day for day in report_days(it) if day not in told and _is_asked(it, day, today))


def _is_asked(it: Commitment, day: date, today: date) -> bool:
    """Its time begins the day after the report day before it: nobody has reported in time for years ahead."""
    days = report_days(it)
    before = [each for each in days if each < day]
    return day in days and (day <= today or not before or before[-1] < today)


def is_late(it: Commitment, today: date) -> bool:
    """A report is missing, or its last day has gone by and it is still open."""
    missing = any(kept(it, day, today) is Kept.MISSING for day in report_days(it))
    return missing or (it.is_open and it.due_on < today)


@dataclass(frozen=True, slots=True)
class Rate:
    """Report days met in time, of those that have come or are met. `of` = 0: there is nothing to count yet."""

    on_time: int
    of: int


def rate(commitments: Iterable[Commitment], today: date) -> Rate:
    each = [kept(it, day, today) for it in commitments for day in report_days(it)]
    came = [how for how in each if how is not Kept.COMING]
    return Rate(sum(how is Kept.ON_TIME for how in came), len(came))


# ---------------------------------------------------------------- what the other parties are late with


@dataclass(frozen=True, slots=True)
class Other:
    """Another executor of the same agreement: its rate in that agreement, and what it is late with."""

    executor: str
    rate: Rate
    late: tuple[Commitment, ...]


def late_since(it: Commitment, today: date) -> date:
    """The first report day that went by without a report, else its last day. Of what `is_late`."""
    return next((day for day in report_days(it) if kept(it, day, today) is Kept.MISSING), it.due_on)


def others(
    executor: str, plans: Iterable[ActionPlan], commitments: Iterable[Commitment], today: date
) -> dict[UUID, tuple[Other, ...]]:
    """By agreement in which the executor itself has a commitment; of every other agreement it reads nothing."""
    agreement_of = {plan.id: plan.agreement for plan in plans}
    every: dict[UUID, dict[str, list[Commitment]]] = {}
    for it in commitments:
        every.setdefault(agreement_of[it.plan], {}).setdefault(it.executor, []).append(it)
    return {
        agreement: tuple(
            Other(name, rate(theirs, today), tuple(it for it in theirs if is_late(it, today)))
            for name, theirs in by_executor.items()
            if name != executor
        )
        for agreement, by_executor in every.items()
        if executor in by_executor
    }
