"""Announcements: a coming walk that a named person has shown to everybody, as it was when they read it.

A walk that has changed since is called off in the calendar until somebody shows it anew: nobody is sent to the wrong
place by what was true last week.

    Refused
    ├── WalkEnded        (walks) it has been, or is ended
    ├── PreviewIsOld     (promises) it has changed since the person looked
    └── NotAnnounced     it is not shown
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.promises import LONGEST_NAME, PreviewIsOld
from trygghetsvandring.domain.tasks import FieldMissing, internal_safe, public_safe
from trygghetsvandring.domain.walks import Walk, WalkEnded, WalkState


class NotAnnounced(Refused):
    code = "not_announced"


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
    """The id is the walk's. `released_by`: the name of whoever showed it or took it away, and their function."""

    id: UUID
    version: int
    shown: Outing
    is_shown: bool
    released_by: str
    changed_at: datetime


def outing(walk: Walk) -> Outing:
    return Outing(
        name=walk.name,
        place=walk.place,
        meeting_point=walk.meeting_point,
        starts_at=walk.starts_at,
        ends_at=walk.ends_at,
    )


def announced(
    walk: Walk, before: Announcement | None, *, seen: int, name: str, function: str, at: datetime
) -> Announcement:
    """`seen`: the version of the walk that the person had before them."""
    if seen != walk.version:
        raise PreviewIsOld()
    if walk.state is WalkState.ENDED or walk.ends_at <= at:
        raise WalkEnded()
    name = internal_safe(name)
    if not name or len(name) > LONGEST_NAME:
        raise FieldMissing(operation="walk.announce", fields=["name"])
    shown = outing(walk)
    for words in (shown.name, shown.place, shown.meeting_point):
        public_safe(words)
    return Announcement(
        id=walk.id,
        version=0 if before is None else before.version,
        shown=shown,
        is_shown=True,
        released_by=f"{name}, {function}",
        changed_at=at,
    )


def taken_back(it: Announcement | None, *, by: str, at: datetime) -> Announcement:
    if it is None or not it.is_shown:
        raise NotAnnounced()
    return replace(it, is_shown=False, released_by=by, changed_at=at)


def standing(it: Announcement | None, walk: Walk, now: datetime) -> Announced:
    if it is None:
        return Announced.NO
    if it.shown.ends_at <= now:
        return Announced.OVER
    holds = it.is_shown and walk.state is not WalkState.ENDED and outing(walk) == it.shown
    return Announced.SHOWN if holds else Announced.CALLED_OFF
