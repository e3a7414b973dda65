"""Reminders: six clocks for tasks and one for findings, three steps each, counted in Swedish working days.

    undecided      with the coordinator: nobody has it yet, or it came back
    not_accepted   given to somebody who has not taken it
    no_news        taken, and nothing has been heard since
    look_passed    waiting or with somebody else, and the day of the next look has gone by
    not_verified   said to be done, and nobody else has seen it
    doubted        said to be done, and somebody has been there and says that it is not

    unsorted       findings that nobody has sorted: one clock for all, as old as the oldest

A stay is the clock and the day it began. Each step is said once in a stay; something that happens begins a new one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from trygghetsvandring.domain.tasks import CLOSED, Task, TaskState, day_of
from trygghetsvandring.domain.times import is_working_day


class Clock(StrEnum):
    UNDECIDED = "undecided"
    NOT_ACCEPTED = "not_accepted"
    NO_NEWS = "no_news"
    LOOK_PASSED = "look_passed"
    NOT_VERIFIED = "not_verified"
    DOUBTED = "doubted"


class Whom(StrEnum):
    HANDLER = "handler"
    HEAD = "department_head"
    COORDINATOR = "coordinator"
    PARTY = "party"  # who has no account and answers by link


STEPS: Final[Mapping[Clock, tuple[int, int, int]]] = {
    Clock.UNDECIDED: (2, 4, 7),
    Clock.NOT_ACCEPTED: (2, 4, 7),
    Clock.NO_NEWS: (10, 15, 20),
    Clock.LOOK_PASSED: (1, 3, 6),
    Clock.NOT_VERIFIED: (10, 20, 30),
    Clock.DOUBTED: (0, 3, 6),
}
"""Working days after the stay began. The first reminder stays with those who do the work."""
_CLOCKS: Final[Mapping[TaskState, Clock]] = {
    TaskState.NEW: Clock.UNDECIDED,
    TaskState.ASSIGNED: Clock.NOT_ACCEPTED,
    TaskState.ACCEPTED: Clock.NO_NEWS,
    TaskState.IN_PROGRESS: Clock.NO_NEWS,
    TaskState.PLANNED: Clock.NO_NEWS,
    TaskState.WAITING: Clock.LOOK_PASSED,
    TaskState.REFERRED: Clock.LOOK_PASSED,
    TaskState.DONE: Clock.NOT_VERIFIED,
}
COORDINATORS: Final = frozenset({Clock.UNDECIDED, Clock.NOT_VERIFIED, Clock.DOUBTED})
"""Clocks that only a coordinator can stop."""

_STAFF: Final = (
    frozenset({Whom.HANDLER}),
    frozenset({Whom.HANDLER, Whom.HEAD}),
    frozenset({Whom.HEAD, Whom.COORDINATOR}),
)
_OUTSIDE: Final = (
    frozenset({Whom.PARTY}),
    frozenset({Whom.PARTY, Whom.COORDINATOR}),
    frozenset({Whom.COORDINATOR}),
)
_LONGEST: Final = 400  # days looked back over: later than the last step is late enough


AGAIN: Final = timedelta(weeks=1)
UNSORTED: Final = (2, 4, 7)
"""Working days for the oldest finding that nobody has sorted: the coordinator's own clock, for all of them together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsorted:
    """`since`: the day the oldest came, which is what the stay is about."""

    count: int
    since: date
    days: int
    step: int


def unsorted(count: int, oldest: datetime | None, today: date) -> Unsorted | None:
    """None before the first step."""
    if not count or oldest is None:
        return None
    since = day_of(oldest)
    days = working_days(since, today)
    step = sum(days >= limit for limit in UNSORTED)
    return Unsorted(count=count, since=since, days=days, step=step) if step else None


def is_told_of(waits: Unsorted, told: date | None, today: date) -> bool:
    """Once when something becomes late, and then weekly. `told`: the day of the last letter.

    The oldest is another one each morning that somebody sorts: only when all that waited at the last letter is sorted
    does it begin anew.
    """
    return told is None or waits.since > told or today - told >= AGAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """`days` are working days since the stay began; `step` is the step reached, 0 before the first."""

    clock: Clock
    since: date
    days: int
    step: int


def late(task: Task, today: date) -> Late | None:
    """The clock that runs for the task as it stands; None when nobody is waited for."""
    is_gone = task.is_closed and task.state not in CLOSED  # merged into another, or taken back
    stay = None if is_gone or task.handed_over or not task.history else _stay(task)
    if stay is None:
        return None
    clock, since = stay
    days = working_days(since, today)
    return Late(clock=clock, since=since, days=days, step=sum(days >= limit for limit in STEPS[clock]))


def _stay(task: Task) -> tuple[Clock, date] | None:
    clock = Clock.DOUBTED if task.reopen_proposed else _CLOCKS.get(task.state)
    return None if clock is None else (clock, _began(task, clock))


def _began(task: Task, clock: Clock) -> date:
    last = day_of(task.history[-1].at)
    match clock:
        case Clock.DOUBTED:
            return task.doubted_on or last
        case Clock.NO_NEWS:  # nobody is silent who has said a day that has not come
            heard = max(_came_on(task), task.heard_on or _came_on(task))
            return max(heard, task.planned_on or heard) if task.state is TaskState.PLANNED else heard
        case Clock.LOOK_PASSED:
            return task.next_look_on or last
        case Clock.NOT_VERIFIED:
            return task.done_on or _came_on(task)
        case _:
            return _came_on(task)


def _came_on(task: Task) -> date:
    """The day it came to where it stands: notes and new findings do not turn the clock back."""
    moves = [event for event in task.history if event.start is not event.end]
    return day_of((moves or list(task.history))[-1].at)


def working_days(since: date, today: date) -> int:
    """How many working days have begun after `since`, today among them; never below 0."""
    days = min((today - since).days, _LONGEST)
    return sum(is_working_day(today - timedelta(days=back)) for back in range(max(days, 0)))


def whom(clock: Clock, step: int, *, has_accounts: bool, here: frozenset[Whom]) -> frozenset[Whom]:
    """Who is told at this step. `here` = whom there is anybody to write to; a step that reaches nobody goes on up."""
    if clock in COORDINATORS:  # of these the last two never go to those who say that it is done
        return frozenset({Whom.COORDINATOR})
    wanted = (_STAFF if has_accounts else _OUTSIDE)[step - 1]
    return wanted & here or frozenset({Whom.COORDINATOR})
