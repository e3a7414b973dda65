"""Reminders: the tasks somebody is waited for on, and the steps that have been said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select

from trygghetsvandring.domain.tasks import Task, TaskState
from trygghetsvandring.storage.letter_tables import reminders
from trygghetsvandring.storage.records import found, insert_into
from trygghetsvandring.storage.tables import tasks
from trygghetsvandring.storage.unit import Db

_WAITED_FOR = tuple(state for state in TaskState if state not in {TaskState.WONT_DO, TaskState.VERIFIED})
_PART = 400

Stay = tuple[UUID, str, date]  # task, clock, the day it began


@dataclass(frozen=True, slots=True)
class Said:
    step: int
    at: datetime


async def waited_for(db: Db, municipality: str, department: str | None = None) -> list[Task]:
    """Every task that some clock runs for; of one unit or of all."""
    c = tasks.c
    question = select(c.doc).where(c.municipality == municipality, or_(c.state.in_(_WAITED_FOR), c.doubted.is_(True)))
    if department is not None:
        question = question.where(c.department == department)
    return await found(db, Task, question.order_by(c.look_on, c.id))


async def said(db: Db, municipality: str, ids: Iterable[UUID]) -> dict[Stay, list[Said]]:
    """The steps said in each stay of these tasks, in order."""
    c, wanted, told = reminders.c, list(ids), dict[Stay, list[Said]]()
    for first in range(0, len(wanted), _PART):
        rows = await db.execute(
            select(c.task, c.clock, c.since, c.step, c.sent_at)
            .where(c.municipality == municipality, c.task.in_(wanted[first : first + _PART]))
            .order_by(c.task, c.clock, c.since, c.step)
        )
        for row in rows:
            told.setdefault((row.task, row.clock, row.since), []).append(Said(row.step, row.sent_at))
    return told


async def keep(db: Db, municipality: str, steps: Sequence[tuple[Stay, int]], now: datetime) -> None:
    """Said once: kept again it changes nothing."""
    rows = [
        {"municipality": municipality, "task": task, "clock": clock, "since": since, "step": step, "sent_at": now}
        for (task, clock, since), step in steps
    ]
    if rows:
        await db.execute(insert_into(db, reminders).on_conflict_do_nothing(), rows)
