"""Those who work and have asked for it get a word when something is theirs: soon, by day, and never of what they did.

Who hears is decided where the letter about it is. A line waits for its reader; the next look gathers what waits into
one word for each of the reader's browsers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

import msgspec

from trygghetsvandring.domain import pushes as rules
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.observations import Observation, ObservationState
from trygghetsvandring.domain.people import Role
from trygghetsvandring.domain.pushes import Concern, PushLine, Wish
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.jobs.work import Context
from trygghetsvandring.storage import municipalities, people, pushes, queue, records
from trygghetsvandring.storage.people import User
from trygghetsvandring.storage.queue import Waiting
from trygghetsvandring.storage.unit import Db

KIND = "push.wake"


class Said(msgspec.Struct, kw_only=True):
    """`about`: the one thing there is to open; None when there are several."""

    concern: Concern
    count: int
    about: UUID | None = None
    urgent: bool = False


class Wake(msgspec.Struct, kw_only=True):
    """`said` None: an empty word, to a phone that walked."""

    device: UUID
    said: Said | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """`by`: whoever did it hears nothing of it. `department`: the unit it lies with, where it is a unit's matter."""

    concern: Concern
    about: UUID
    by: UUID | None = None
    department: str | None = None
    urgent: bool = False


async def tell(db: Db, context: Context, job: Waiting, news: News, users: Iterable[User]) -> None:
    """A line for each of `users` whom it concerns and who wants it. Told again by the same `job` it changes nothing."""
    wishes = await pushes.of_staff(db, job.municipality)
    listening = {wish.user_id for wish in wishes if rules.wants(wish, news.concern)}
    for user in users:
        if user.id not in listening or user.id == news.by or user.disabled_at is not None:
            continue
        if rules.concerns(news.concern, user.role, user.organisation, news.department):
            line = PushLine(
                reader=user.id,
                source=job.id,
                concern=news.concern,
                about=news.about,
                at=context.clock(),
                urgent=news.urgent,
            )
            await pushes.add_line(db, job.municipality, line)


async def look(context: Context) -> int:
    """What waits, for everybody who may be told now. Says how many browsers will be woken."""
    async with context.store.read() as db:
        waiting = {place: await pushes.waiting(db, place) for place in await municipalities.all_ids(db)}
    return sum([await _leave_all(context, place, lines) for place, lines in waiting.items() if lines])


async def at_once(context: Context, place: str) -> None:
    """What is urgent does not wait for the next look."""
    async with context.store.read() as db:
        lines = [line for line in await pushes.waiting(db, place) if line.urgent]
    await _leave_all(context, place, lines)


async def _leave_all(context: Context, place: str, lines: Sequence[PushLine]) -> int:
    woken = 0
    for reader, mine in groupby(sorted(lines, key=lambda line: line.reader), lambda line: line.reader):
        async with context.store.write() as db:
            woken += await _leave(db, place, reader, list(mine), context.clock())
    return woken


async def _leave(db: Db, place: str, reader: UUID, lines: Sequence[PushLine], now: datetime) -> int:
    user, wishes = await people.user(db, place, reader), await pushes.of_person(db, place, reader)
    if user is None or not wishes:
        await pushes.take(db, place, lines, now)
        return 0
    urgent = any(line.urgent for line in lines)
    awake = [wish for wish in wishes if rules.may_be_told_now(wish, user.role, now, urgent=urgent)]
    taken = await pushes.take(db, place, lines, now) if awake else []
    true = await _still(db, place, user, taken)
    woken = [(wish, said) for wish in awake if (said := _said(wish, true)) is not None]
    for wish, said in woken:
        body = msgspec.json.encode(Wake(device=wish.device, said=said)).decode()
        await queue.plan(db, place, uuid7(), KIND, body, now)
    await pushes.told(db, [wish for wish, _ in woken], now)
    return len(woken)


async def _still(db: Db, place: str, user: User, lines: Sequence[PushLine]) -> list[PushLine]:
    """What has gone to somebody else, or is settled, is not told any more."""
    about = {line.about for line in lines}
    tasks = await records.load(db, place, Task, about)
    findings = await records.load(db, place, Observation, about)
    return [line for line in lines if _is_true(line, user, tasks, findings)]


def _is_true(line: PushLine, user: User, tasks: Mapping[UUID, Task], findings: Mapping[UUID, Observation]) -> bool:
    if line.concern is Concern.LATE:
        return True
    if line.concern is Concern.DANGER:
        found = findings.get(line.about)
        return found is not None and found.state is not ObservationState.WITHDRAWN and user.role == Role.COORDINATOR
    task = tasks.get(line.about)
    if task is None or not rules.concerns(line.concern, user.role, user.organisation, task.department):
        return False
    return rules.still(line.concern, task, user.id)


def _said(wish: Wish, lines: Sequence[PushLine]) -> Said | None:
    """The most pressing kind, and how many things of it; the way leads to the thing itself where there is one only."""
    mine = [line for line in lines if rules.wants(wish, line.concern)]
    if not mine:
        return None
    order = list(Concern)
    first = min((line.concern for line in mine), key=order.index)
    about = {line.about for line in mine if line.concern is first}
    everything = {line.about for line in mine}
    urgent = any(line.urgent for line in mine)
    return Said(
        concern=first, count=len(about), about=next(iter(about)) if len(everything) == 1 else None, urgent=urgent
    )
