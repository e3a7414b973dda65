"""Web Push: a word to a phone that walked when there is an answer, and to those who work when something is theirs.

To those who walked the message is empty, at most one a day. To those who work it says what kind of thing it is and
where to press, sealed for that browser: never a task's title, a place or anything that somebody wrote.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.notices import Notice
from trygghetsvandring.domain.people import Role
from trygghetsvandring.domain.replies import ReplyWord
from trygghetsvandring.domain.tasks import Task, TaskState
from trygghetsvandring.domain.times import STOCKHOLM, is_working_day

FIRST_HOUR, LAST_HOUR = 8, 20
NOT_WITHIN: Final = timedelta(hours=20)
STAFF_NOT_WITHIN: Final = timedelta(minutes=10)
KEPT_FOR: Final = timedelta(days=365)  # a walk's follow-up is over by then
STAFF_KEPT_FOR: Final = timedelta(days=30)  # since the person was last there: as long as a phone's sign-in lasts
LINES_KEPT_FOR: Final = timedelta(days=7)
LONGEST: Final = 1_000
# What the phone knew when it handed in is no news.
_NO_NEWS: Final = frozenset({ReplyWord.RECEIVED})
_UNIT: Final = frozenset({Role.HANDLER, Role.DEPARTMENT_HEAD})
_COORDINATOR: Final = frozenset({Role.COORDINATOR})
STAFF: Final = _UNIT | _COORDINATOR | {Role.FIELD_SECRETARY}


class NotAPushAddress(Refused):
    """No https address that a browser's push service could have given, or no key that a browser could have made."""

    code = "not_a_push_address"


class Concern(StrEnum):
    """Why somebody who works is told, the most pressing first."""

    DANGER = "danger"
    MINE = "mine"
    GIVEN = "given"
    BACK = "back"
    ANSWERED = "answered"
    CHANGED = "changed"
    LATE = "late"
    UNSEEN = "unseen"


_HEARD_BY: Final[Mapping[Concern, frozenset[Role]]] = {
    Concern.DANGER: _COORDINATOR,
    Concern.MINE: _UNIT,
    Concern.GIVEN: _UNIT,
    Concern.BACK: _COORDINATOR,
    Concern.ANSWERED: _UNIT | _COORDINATOR,
    Concern.CHANGED: _UNIT,
    Concern.LATE: _UNIT | _COORDINATOR,
    Concern.UNSEEN: frozenset({Role.FIELD_SECRETARY}),
}
_OF_STATE: Final = {
    TaskState.ASSIGNED: Concern.GIVEN,
    TaskState.ACCEPTED: Concern.MINE,
    TaskState.NEW: Concern.BACK,
    TaskState.DONE: Concern.UNSEEN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One phone or computer that wants a word. `seen`: how far in the municipality's feed it has been looked.

    `user_id` None: a phone that walked. `duty`: that person is on duty and is told of a danger at any hour. The two
    `browser_…` are base64url, made by the browser, and what it is told is sealed for them. `failed`: why the last try,
    at `tried_at`, did not reach its push service.
    """

    municipality: str
    device: UUID
    endpoint: str
    seen: int
    told_at: datetime | None
    asked_at: datetime
    user_id: UUID | None = None
    duty: bool = False
    browser_key: str = ""
    browser_secret: str = ""
    tried_at: datetime | None = None
    failed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PushLine:
    """One thing to tell one reader. `source`: the job that asked. `urgent`: who is on duty hears at once."""

    reader: UUID
    source: UUID
    concern: Concern
    about: UUID
    at: datetime
    urgent: bool = False


def address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"https", "http"} or not parts.hostname or len(text) > LONGEST or parts.username:
        raise NotAPushAddress()
    return text


def may_be_told(wish: Wish, now: datetime) -> bool:
    return _is_day(now) and _is_rested(wish, now, NOT_WITHIN)


def is_news(state: str) -> bool:
    return state not in _NO_NEWS


# ---------------------------------------------------------------- those who work


def of_state(state: TaskState, *, to_one: bool) -> Concern | None:
    """What it is to somebody that a task became so. Accepted concerns whom it was given to, and nobody else."""
    concern = _OF_STATE.get(state)
    return None if (concern is Concern.MINE) != to_one else concern


def of_notice(notice: Notice) -> Concern:
    return Concern.ANSWERED if notice in {Notice.NOTED, Notice.NOTED_BY_UNIT} else Concern.CHANGED


def concerns(concern: Concern, role: str, organisation: str, department: str | None) -> bool:
    """Whether it is a matter of this role, in this unit."""
    if role not in _HEARD_BY[concern]:
        return False
    return role not in _UNIT or concern is Concern.LATE or (department is not None and organisation == department)


def still(concern: Concern, task: Task, user: UUID) -> bool:
    """A task that has moved on since is told of by what came then."""
    match concern:
        case Concern.MINE:
            return task.assignee == user
        case Concern.GIVEN:
            return task.state is TaskState.ASSIGNED
        case Concern.BACK:
            return task.state is TaskState.NEW and not task.is_gone
        case Concern.UNSEEN:
            return task.state is TaskState.DONE
        case _:
            return True


def wants(wish: Wish, concern: Concern) -> bool:
    return wish.duty or concern is not Concern.DANGER


def may_be_told_now(wish: Wish, role: str, now: datetime, *, urgent: bool) -> bool:
    """Who is on duty hears of what is urgent at once. Else by day, and at a desk on working days only."""
    if urgent and wish.duty:
        return True
    if role == Role.FIELD_SECRETARY:
        return _is_day(now) and _is_rested(wish, now, NOT_WITHIN)
    is_at_work = is_working_day(now.astimezone(STOCKHOLM).date())
    return is_at_work and _is_day(now) and _is_rested(wish, now, STAFF_NOT_WITHIN)


def _is_day(now: datetime) -> bool:
    return FIRST_HOUR <= now.astimezone(STOCKHOLM).hour < LAST_HOUR


def _is_rested(wish: Wish, now: datetime, rest: timedelta) -> bool:
    return wish.told_at is None or now - wish.told_at >= rest
