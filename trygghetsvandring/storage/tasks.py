"""Tasks: the work list by its next date, searched and paged by key, and what is open near a point."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import cos, radians
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, case, func, or_, select

from trygghetsvandring.domain.tasks import Task, TaskState
from trygghetsvandring.storage.records import decode, found, register
from trygghetsvandring.storage.tables import tasks
from trygghetsvandring.storage.unit import Db

FAR_AWAY = date(9999, 12, 31)  # no date that counts: after everything that has one
_M_PER_DEGREE = 111_320


def _searchable(text: str) -> str:
    """PostgreSQL keeps no NUL in a text."""
    return text.lower().replace("\x00", " ")


register(
    Task,
    "task",
    tasks,
    lambda t: {
        "state": t.state,
        "department": t.department,
        "is_open": not t.is_closed,
        "look_on": t.late_after or FAR_AWAY,
        "words": _searchable(f"{t.number} {t.title} {t.place}"),
        "tile": t.tile,
        "lat": t.lat,
        "lon": t.lon,
    },
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ends."""

    look_on: date
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """`department` is the wall and the filter: None sees every unit's. `late_on` wants only what is late then."""

    department: str | None = None
    states: tuple[TaskState, ...] = ()
    words: tuple[str, ...] = ()
    late_on: date | None = None


async def page(
    db: Db, municipality: str, wanted: Wanted, after: Place | None, limit: int
) -> tuple[list[Task], Place | None]:
    """By the next date that counts, soonest first, and where the next page begins (None at the end)."""
    c = tasks.c
    question = _narrowed(select(c.look_on, c.id, c.doc), municipality, wanted)
    if wanted.states:
        question = question.where(c.state.in_(wanted.states))
    if wanted.late_on is not None:
        question = question.where(c.look_on < wanted.late_on)
    if after is not None:
        question = question.where(or_(c.look_on > after.look_on, and_(c.look_on == after.look_on, c.id > after.id)))
    rows = (await db.execute(question.order_by(c.look_on, c.id).limit(limit + 1))).all()
    more = Place(rows[limit - 1].look_on, rows[limit - 1].id) if len(rows) > limit else None
    return [decode(Task, row.doc) for row in rows[:limit]], more


async def counts(db: Db, municipality: str, wanted: Wanted, today: date) -> dict[str, int]:
    """How many in each state, late, and in turn this week, whatever states are wanted; every state is named."""
    c = tasks.c
    late = func.sum(case((c.look_on < today, 1), else_=0))
    sunday = today + timedelta(days=6 - today.weekday())
    week = func.sum(case((c.look_on.between(today, sunday), 1), else_=0))
    question = _narrowed(select(c.state, func.count(), late, week), municipality, wanted).group_by(c.state)
    counted = {state.value: 0 for state in TaskState} | {"late": 0, "week": 0}
    for state, n, late_ones, this_week in await db.execute(question):
        counted[state] = n
        counted["late"] += late_ones
        counted["week"] += this_week
    return counted


async def open_near(db: Db, municipality: str, tile: str, lat: float, lon: float, radius_m: int) -> list[Task]:
    """Open tasks of this group of categories in a box round the point; the true distance is the domain's to measure."""
    c = tasks.c
    up = radius_m / _M_PER_DEGREE
    aside = up / max(cos(radians(lat)), 0.01)
    question = select(c.doc).where(
        c.municipality == municipality,
        c.is_open.is_(True),
        c.tile == tile,
        c.lat.between(lat - up, lat + up),
        c.lon.between(lon - aside, lon + aside),
    )
    return await found(db, Task, question.order_by(c.id).limit(50))


def _narrowed(question: Select[Any], municipality: str, wanted: Wanted) -> Select[Any]:
    c = tasks.c
    question = question.where(c.municipality == municipality)
    if wanted.department is not None:
        question = question.where(c.department == wanted.department)
    for word in wanted.words:
        question = question.where(c.words.contains(_searchable(word), autoescape=True))
    return question
