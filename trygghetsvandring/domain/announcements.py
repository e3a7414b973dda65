"""Announcements: a coming walk that a named person has shown to everybody, as it was when they read it.

A walk that has changed since is called off in the calendar until somebody shows it anew: nobody is sent to the wrong
place by what was true last week.

    Refused
    ├── WalkEnded        (walks) it has been, or is ended
    ├── PreviewIsOld     (promises) it has changed since the person looked
    ├── AnnouncementAsks its words may be about a person, and whoever shows it has not said that they are not
    └── NotAnnounced     it is not shown
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.guard import Verdict, inspect
from trygghetsvandring.domain.promises import LONGEST_NAME, PreviewIsOld
from trygghetsvandring.domain.tasks import FieldMissing, internal_safe, public_safe
from trygghetsvandring.domain.walks import Walk, WalkEnded, WalkState


class NotAnnounced(Refused):
    code = "not_announced"


class AnnouncementAsks(Refused):
    code = "announcement_asks"


class Announced(StrEnum):
    """What everybody reads of it."""

    NO = "no"
    SHOWN = "shown"
    CALLED_OFF = "called_off"  # shown once; taken away, ended or changed since
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outing:
    """All that everybody reads of a walk: never who leads it."""

    name: str
    place: str
    meeting_point: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """The id is the walk's. `released_by`: the name of whoever showed it or took it away, and their function.

    `has_changed`: the walk is no longer what was shown, or was not for a while; only being shown anew takes it away.
    """

    id: UUID
    version: int
    shown: Outing
    is_shown: bool
    released_by: str
    changed_at: datetime
    has_changed: bool = False


def outing(walk: Walk) -> Outing:
    return Outing(
        name=walk.name,
        place=walk.place,
        meeting_point=walk.meeting_point,
        starts_at=walk.starts_at,
        ends_at=walk.ends_at,
    )


def announced(
    walk: Walk, before: Announcement | None, *, seen: int, sure: bool, name: str, function: str, at: datetime
) -> Announcement:
    """`seen`: the version of the walk that the person had before them; `sure`: that no word of it is about anybody."""
    if seen != walk.version:
        raise PreviewIsOld()
    if walk.state is WalkState.ENDED or walk.ends_at <= at:
        raise WalkEnded()
    name = internal_safe(name)
    if not name or len(name) > LONGEST_NAME:
        raise FieldMissing(operation="walk.announce", fields=["name"])
    shown = outing(walk)
    for words in _words(shown):
        public_safe(words)
    if may_name_somebody(shown) and not sure:
        raise AnnouncementAsks()
    return Announcement(
        id=walk.id,
        version=0 if before is None else before.version,
        shown=shown,
        is_shown=True,
        released_by=f"{name}, {function}",
        changed_at=at,
    )


def _words(shown: Outing) -> tuple[str, ...]:
    return shown.name, shown.place, shown.meeting_point


def may_name_somebody(shown: Outing) -> bool:
    return any(inspect(words).verdict is Verdict.ASK for words in _words(shown))


def called_off(it: Announcement, walk: Walk, at: datetime) -> Announcement:
    """After the walk was changed or ended. Changed back it stays called off: who read that it was, looks no more."""
    holds = walk.state is not WalkState.ENDED and outing(walk) == it.shown
    if holds or it.has_changed or not it.is_shown or it.shown.ends_at <= at:
        return it
    return replace(it, has_changed=True, changed_at=at)


def taken_back(it: Announcement | None, *, by: str, at: datetime) -> Announcement:
    if it is None or not it.is_shown:
        raise NotAnnounced()
    return replace(it, is_shown=False, released_by=by, changed_at=at)


def is_off(it: Announcement, walk: Walk) -> bool:
    """Taken away or ended: not merely changed since it was shown."""
    return not it.is_shown or walk.state is WalkState.ENDED


def standing(it: Announcement | None, walk: Walk, now: datetime) -> Announced:
    if it is None:
        return Announced.NO
    if it.shown.ends_at <= now:
        return Announced.OVER
    holds = it.is_shown and not it.has_changed and walk.state is not WalkState.ENDED and outing(walk) == it.shown
    return Announced.SHOWN if holds else Announced.CALLED_OFF
