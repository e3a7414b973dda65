"""Tasks: work that somebody owns. The machine is data; every passage is an arrow of ``ARROWS``.

    Refused
    ├── NoSuchArrow         the task does not stand where this may be done
    ├── NotYourTask         it lies with another unit, or behind another walk
    ├── CloserCannotVerify  the one who says it is mended is never the one who has seen it
    ├── FieldMissing        a reason, date or party that the arrow demands is not there
    ├── PublicTextNotSafe   the guard found something about a person in words that everybody may read
    ├── DateNotPossible     a next look in the past, a visit in the future
    ├── SeenBeforeDone      a visit from before the work was said to be done proves nothing
    ├── TaskIsClosed        a new finding never hides behind finished work
    ├── TaskIsGone          it was merged into another, or taken back
    └── NeedsAFinding       a task without a finding is nobody's

Who may do what at all is `people.MAY`; which task it may be done to is said here. Times are the actor's (`at`, aware).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from trygghetsvandring.domain.errors import PersonalData, Refused, TextTooLong
from trygghetsvandring.domain.guard import Verdict, inspect
from trygghetsvandring.domain.hand_overs import HandOver
from trygghetsvandring.domain.people import Principal, Role
from trygghetsvandring.domain.routing import Route
from trygghetsvandring.domain.settling import Settled
from trygghetsvandring.domain.times import STOCKHOLM

LONGEST_TEXT, LONGEST_TITLE = 1000, 120


class TaskState(StrEnum):
    NEW = "new"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    REFERRED = "referred"
    DONE = "done"  # the owner says so
    WONT_DO = "wont_do"
    VERIFIED = "verified"  # somebody else has been there


CLOSED = frozenset({TaskState.DONE, TaskState.WONT_DO, TaskState.VERIFIED})
STANDING_STILL = frozenset({TaskState.WAITING, TaskState.REFERRED})  # counted apart, so that medians stay honest


class Who(StrEnum):
    TRIAGE = "triage"
    DEPARTMENT = "department"
    HEAD = "head"  # of the department
    WITNESS = "witness"  # outside the unit that closed it


@dataclass(frozen=True, slots=True)
class Arrow:
    """One passage. `requires` names the facts that must be there; "evidence" is a text or an after-photo."""

    operation: str
    start: TaskState | None
    end: TaskState
    who: Who
    requires: tuple[str, ...] = ()


def _arrows(
    operation: str, starts: tuple[TaskState | None, ...], end: TaskState, who: Who, *requires: str
) -> tuple[Arrow, ...]:
    return tuple(Arrow(operation, start, end, who, requires) for start in starts)


_S, _W = TaskState, Who
_WORKING = (_S.ACCEPTED, _S.PLANNED, _S.IN_PROGRESS)
_WAIT = ("reason", "public_text", "next_look_on")
_REFER = ("party", "contact", "reference", "public_text", "next_look_on")
_HAND_OVER = ("party", "reference", "public_text", "handed_on")

ARROWS: tuple[Arrow, ...] = (
    *_arrows("task.create", (None,), _S.NEW, _W.TRIAGE, "findings", "title", "priority"),
    *_arrows("task.assign", (_S.NEW,), _S.ASSIGNED, _W.TRIAGE, "department", "explanation", "due_on"),
    *_arrows("task.accept", (_S.ASSIGNED,), _S.ACCEPTED, _W.DEPARTMENT, "person"),
    *_arrows("task.decline", (_S.ASSIGNED,), _S.NEW, _W.DEPARTMENT, "reason", "public_text"),
    *_arrows("task.plan", (_S.ACCEPTED, _S.WAITING), _S.PLANNED, _W.DEPARTMENT, "planned_on"),
    *_arrows("task.replan", (_S.PLANNED,), _S.PLANNED, _W.DEPARTMENT, "planned_on", "public_text"),
    *_arrows("task.start", (_S.ACCEPTED, _S.PLANNED, _S.WAITING), _S.IN_PROGRESS, _W.DEPARTMENT),
    # Coming back from somebody else's table, the answer or the silence has to be written down.
    *_arrows("task.start", (_S.REFERRED,), _S.IN_PROGRESS, _W.DEPARTMENT, "note"),
    *_arrows("task.wait", _WORKING, _S.WAITING, _W.DEPARTMENT, *_WAIT),
    *_arrows("task.refer", (*_WORKING, _S.WAITING), _S.REFERRED, _W.DEPARTMENT, *_REFER),
    *_arrows("task.hand_over", (*_WORKING, _S.WAITING), _S.REFERRED, _W.DEPARTMENT, *_HAND_OVER),
    *_arrows("task.finish", _WORKING, _S.DONE, _W.DEPARTMENT, "extent", "evidence"),
    *_arrows("task.finish", (_S.REFERRED,), _S.DONE, _W.DEPARTMENT, "extent", "public_text"),
    *_arrows("task.refuse", (*_WORKING, _S.WAITING, _S.REFERRED), _S.WONT_DO, _W.HEAD, "public_text"),
    *_arrows("task.verify", (_S.DONE,), _S.VERIFIED, _W.WITNESS, "seen", "seen_on"),
    *_arrows("task.reopen", (_S.DONE, _S.WONT_DO, _S.VERIFIED), _S.ASSIGNED, _W.TRIAGE, "department", "seen", "due_on"),
)


class DeclineReason(StrEnum):
    WRONG_OWNER = "wrong_owner"
    DUPLICATE = "duplicate"
    UNCLEAR = "unclear"


class WaitReason(StrEnum):
    PARTS = "parts"
    PERMIT = "permit"
    SEASON = "season"
    BUDGET = "budget"
    EXTERNAL = "external"
    INVESTIGATION = "investigation"


class Extent(StrEnum):
    FULL = "full"
    PARTLY = "partly"


class SeenThere(StrEnum):
    """What a walker answers to "Har du varit där efter …?"."""

    GOOD = "good"
    PARTLY = "partly"
    NO = "no"
    NOT_THERE = "not_there"


class NoSuchArrow(Refused):
    code = "no_such_arrow"


class NotYourTask(Refused):
    code = "not_your_task"


class CloserCannotVerify(Refused):
    code = "closer_cannot_verify"


class FieldMissing(Refused):
    code = "field_missing"


class PublicTextNotSafe(Refused):
    code = "public_text_not_safe"


class DateNotPossible(Refused):
    code = "date_not_possible"


class SeenBeforeDone(Refused):
    code = "seen_before_done"


class TaskIsClosed(Refused):
    code = "task_is_closed"


class TaskIsGone(Refused):
    code = "task_is_gone"


class NeedsAFinding(Refused):
    code = "needs_a_finding"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskEvent:
    """One line of the history. `by` is a function, never a person."""

    at: datetime
    type: str
    start: TaskState | None
    end: TaskState
    by: str
    text: str
    internal: bool = False
    extent: Extent | None = None  # how much its owner said was done, as it stood then


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    party: str
    contact: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    device: UUID | None
    seen: SeenThere
    seen_on: date | None
    at: datetime
    in_the_dark: bool = False  # whoever is asked is asked of when it was dark; on a re-walk the hour says
    user: UUID | None = None  # whoever is signed in is one voice, on whatever they sign in with


@dataclass(frozen=True, slots=True, kw_only=True)
class Absorbed:
    """A task that was merged into this one: the findings that came with it, and the counts."""

    id: UUID
    findings: tuple[UUID, ...]
    reopened: int
    bounced: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """`due_on` is the promise to the walkers, `next_look_on` when a task that stands still is looked at again."""

    id: UUID
    version: int
    number: str
    title: str
    state: TaskState
    priority: int  # 1 first
    findings: tuple[UUID, ...]
    place: str
    lat: float | None
    lon: float | None
    tile: str = ""
    radius_m: int = 0
    department: str | None = None
    explanation: str = ""
    person: str = ""
    assignee: UUID | None = None  # whose that is, when they were chosen among the unit's own
    due_on: date | None = None
    planned_on: date | None = None
    next_look_on: date | None = None
    done_on: date | None = None
    extent: Extent | None = None
    public_text: str = ""
    reopened: int = 0
    bounced: int = 0
    wait_reason: WaitReason | None = None
    referral: Referral | None = None
    photos: tuple[UUID, ...] = ()
    finished_by: str | None = None
    finished_by_user: UUID | None = None
    finished_by_organisation: str | None = None
    confirmations: tuple[Confirmation, ...] = ()
    reopen_proposed: bool = False
    doubted_on: date | None = None  # the last day somebody said that it is not mended
    settled: Settled | None = None  # what was said before, of that day or earlier, is no doubt any more
    history: tuple[TaskEvent, ...] = ()
    routed: Route | None = None  # where the rules sent its first finding
    priority_reason: str = ""
    next_owner: str | None = None  # whom the unit that declined it named
    handed_over: HandOver | None = None  # nothing more is expected of us
    merged_into: UUID | None = None
    absorbed: tuple[Absorbed, ...] = ()
    retracted: bool = False
    heard_on: date | None = None  # the last day those who work on it said anything; None: nothing, or from before this

    @property
    def is_gone(self) -> bool:
        return self.retracted or self.merged_into is not None

    @property
    def is_closed(self) -> bool:
        return self.state in CLOSED or self.is_gone

    @property
    def late_after(self) -> date | None:
        """The last day on which it is not late: the next look while it stands still, else the promise."""
        if self.is_closed or self.handed_over:
            return None
        return self.next_look_on if self.state in STANDING_STILL else self.due_on

    def is_late(self, today: date) -> bool:
        return self.late_after is not None and self.late_after < today


# ---------------------------------------------------------------- the checks every passage goes through


def arrow_from(operation: str, state: TaskState | None) -> Arrow:
    for arrow in ARROWS:
        if arrow.operation == operation and arrow.start == state:
            return arrow
    raise NoSuchArrow(operation=operation, state=None if state is None else state.value)


def who_does(operation: str) -> Who:
    """All arrows of one operation are taken by the same people."""
    return next(arrow.who for arrow in ARROWS if arrow.operation == operation)


def allowed_arrows(task: Task, by: Principal) -> tuple[str, ...]:
    """The operations this person could do to the task as it stands, in the table's order."""
    if task.is_gone:
        return ()
    return tuple(arrow.operation for arrow in ARROWS if arrow.start is task.state and may_take(arrow.who, task, by))


def may_take(who: Who, task: Task, by: Principal) -> bool:
    try:
        must_be(who, task, by)
    except Refused:
        return False
    return True


def must_be(who: Who, task: Task | None, by: Principal) -> None:
    """Refuses everyone who is not `who` to this very task."""
    match who:
        case Who.TRIAGE:
            allowed = by.role is Role.COORDINATOR
        case Who.DEPARTMENT:
            # A coordinator stands in only for a party that does not sign in (`stand_in` in sync/ops/tasks.py).
            allowed = by.role in {Role.HANDLER, Role.DEPARTMENT_HEAD, Role.COORDINATOR} and _same_unit(task, by)
        case Who.HEAD:
            allowed = by.role in {Role.DEPARTMENT_HEAD, Role.COORDINATOR} and _same_unit(task, by)
        case Who.WITNESS:
            allowed = by.role in {Role.COORDINATOR, Role.FIELD_SECRETARY, Role.WALKER} or _same_unit(task, by)
            _must_not_have_closed(task, by)
        case _:
            assert_never(who)
    if not allowed:
        raise NotYourTask(role=by.role.value)


def must_be_here(task: Task) -> None:
    """Nothing is done to what was merged into another or taken back; `into` says where the work goes on."""
    if task.is_gone:
        raise TaskIsGone(into=None if task.merged_into is None else str(task.merged_into))


def _same_unit(task: Task | None, by: Principal) -> bool:
    return task is not None and task.department is not None and by.organisation == task.department


def _must_not_have_closed(task: Task | None, by: Principal) -> None:
    if task is None:
        return
    same_person = by.user is not None and by.user == task.finished_by_user
    same_unit = by.organisation is not None and by.organisation == task.finished_by_organisation
    if same_person or same_unit:
        raise CloserCannotVerify()


def must_have(arrow: Arrow, facts: Mapping[str, object]) -> None:
    missing = [name for name in arrow.requires if _is_empty(facts.get(name))]
    if missing:
        raise FieldMissing(operation=arrow.operation, fields=missing)


def _is_empty(fact: object) -> bool:
    return fact is None or fact == () or (isinstance(fact, str) and not fact.strip())


def short(text: str, field: str, longest: int = 200) -> str:
    """For the desk only: who to ring at the other party may be named there, but no number of a person's own."""
    if len(text) > longest:
        raise TextTooLong(field=field, longest=longest)
    return internal_safe(text)


def public_safe(text: str) -> str:
    """The text as it may stand in public, or a refusal that names kinds and never the words."""
    if kinds := _kinds_found(text):
        raise PublicTextNotSafe(kinds=kinds)
    return text.strip()


def internal_safe(text: str) -> str:
    """An internal note can be asked for too: nobody is named in it either."""
    if kinds := _kinds_found(text):
        raise PersonalData(kinds=kinds)
    return text.strip()


def _kinds_found(text: str) -> list[str]:
    if len(text) > LONGEST_TEXT:
        raise TextTooLong(longest=LONGEST_TEXT)
    found = inspect(text)
    return sorted({span.kind.value for span in found.spans}) if found.verdict is Verdict.BLOCK else []


def day_of(at: datetime) -> date:
    return at.astimezone(STOCKHOLM).date()


def not_before(day: date, first: date, field: str) -> date:
    if day < first:
        raise DateNotPossible(field=field, day=day.isoformat())
    return day


def not_after(day: date, last: date, field: str) -> date:
    if day > last:
        raise DateNotPossible(field=field, day=day.isoformat())
    return day
