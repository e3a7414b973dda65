"""Rounds: what is to be told to one reader waits a little, and leaves in one letter.

Whoever sorts thirty findings to a unit sends it one letter. Every line has a job of its own that comes when the line
has waited long enough. Where a later line will soon leave, that one takes the earlier along; else everything that waits
for the reader gets its place in this job's letter, and the letter is sent. The place is committed before the sending
and never changes: a job that runs again sends the same letter, and what has come meanwhile leaves by another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final
from uuid import UUID, uuid5

import msgspec

from trygghetsvandring.domain import observations
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.jobs.work import Context
from trygghetsvandring.storage import letter_lines, queue, records
from trygghetsvandring.storage.letter_lines import Line
from trygghetsvandring.storage.queue import Waiting
from trygghetsvandring.storage.unit import Db

LONGEST: Final = timedelta(hours=1)
"""From the first line of a letter. Where something happens all the time, nobody waits for it to be quiet."""


class Pace(Enum):
    """How long it is quiet before a letter leaves."""

    ROUND = timedelta(minutes=10)
    PRESSED = timedelta(seconds=5)  # somebody at a desk waits to see that it has left
    DANGER = timedelta(0)  # alone, and at once


async def pace(db: Db, here: Municipality, task: Task) -> Pace:
    """A task that somebody's danger led to waits for nothing else."""
    behind = await records.load(db, here.id, Observation, task.findings)
    is_danger = any(observations.is_danger(it, here.category(it.category)) for it in behind.values())
    return Pace.DANGER if is_danger else Pace.ROUND


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One thing for one reader: see `letter_lines.Line`."""

    reader: UUID
    about: UUID
    became: str = ""
    link: UUID | None = None


class Round(msgspec.Struct, kw_only=True):
    """`quiet_s`: the pace of the line it came with, in seconds."""

    reader: UUID
    quiet_s: float


async def wait(db: Db, context: Context, job: Waiting, kind: str, news: Sequence[News], pace: Pace) -> None:
    """With a job of `kind` to tell each. Asked again by the same `job` it changes nothing."""
    now = context.clock()
    due_at = now + pace.value
    for it in news:
        letter = uuid5(job.id, str(it.reader))
        line = Line(
            reader=it.reader, source=job.id, about=it.about, became=it.became, link=it.link, at=now, due_at=due_at
        )
        await letter_lines.add(db, job.municipality, line, letter=letter if pace is Pace.DANGER else None)
        body = msgspec.json.encode(Round(reader=it.reader, quiet_s=pace.value.total_seconds())).decode()
        await queue.plan(db, job.municipality, letter, kind, body, due_at)


async def taken(context: Context, job: Waiting) -> list[Line]:
    """What this job's letter tells of; nothing when another letter has taken it, or a later one will."""
    it, now = msgspec.json.decode(job.body, type=Round), context.clock()
    async with context.store.write() as db:
        before = await letter_lines.of_letter(db, job.municipality, job.id)
        if before:
            return before
        waiting = await letter_lines.waiting(db, job.municipality, it.reader)
        if not waiting or _leaves_soon(waiting, timedelta(seconds=it.quiet_s), now):
            return []
        await letter_lines.seal(db, job.municipality, it.reader, job.id)
        return await letter_lines.of_letter(db, job.municipality, job.id)


def _leaves_soon(waiting: Sequence[Line], quiet: timedelta, now: datetime) -> bool:
    """By the job of a later line, which takes all of these along."""
    is_long = now - waiting[0].at >= LONGEST
    return not is_long and any(now < line.due_at <= now + quiet for line in waiting)
