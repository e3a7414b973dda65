"""The coordinator is written to when another system was not reached: one letter for all of it, within the hour."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.tasks import day_of
from trygghetsvandring.domain.unreached import Unreached
from trygghetsvandring.integrations.mail import Letter
from trygghetsvandring.integrations.outside_letters import (
    NotThrough,
    reason_words,
    undone_words,
    unreached_subject,
    unreached_text,
)
from trygghetsvandring.jobs.alarms import coordinators
from trygghetsvandring.jobs.sending import send_each
from trygghetsvandring.jobs.work import Context, Lane, handles
from trygghetsvandring.storage import municipalities, people, queue
from trygghetsvandring.storage.queue import Waiting
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync.unreached import unreached

KIND: Final = "mail.outside"
_ROUNDS: Final = UUID("3b0c6d0a-51c6-5a07-9a43-0d3c9d2f6b77")
_HOUR: Final = timedelta(hours=1)


async def tell_within_the_hour(db: Db, municipality: str, now: datetime) -> None:
    """Thirty tasks that a wrong key stops are one letter."""
    at = now.replace(minute=0, second=0, microsecond=0) + _HOUR
    await queue.plan(db, municipality, uuid5(_ROUNDS, f"{municipality} {at.isoformat()}"), KIND, "{}", at)


async def tell_today(db: Db, municipality: str, about: UUID, now: datetime) -> None:
    """An address that is not there fails at every change: of it, one letter a day."""
    at = now + _HOUR
    id = uuid5(_ROUNDS, f"{municipality} {about} {day_of(now)}")
    await queue.plan(db, municipality, id, KIND, "{}", at)


@handles(KIND, Lane.LETTERS)
async def send(context: Context, job: Waiting) -> None:
    """As it stands when it is written: what has come through meanwhile is not told of."""
    async with context.store.read() as db:
        here = await municipalities.municipality(db, job.municipality)
        now = await unreached(db, job.municipality, context.clock())
        users = await people.listed(db, job.municipality)
    if here is None or now.is_nothing:
        return
    lines = _lines(now, here)
    text = unreached_text(here.name, lines, f"{context.public_url}/desk/sent")
    letters = [
        Letter(id=f"{job.id}.{user.id}", to=user.login, subject=unreached_subject(lines), text=text)
        for user in coordinators(users)
    ]
    await send_each(context, here.id, letters)


def _lines(it: Unreached, here: Municipality) -> list[NotThrough]:
    def name(id: str) -> str:
        party = here.organisation(id)
        return party.name if party else id

    tasks = [
        NotThrough(
            what=f"{each.task.title} ({each.task.number}) till {name(each.delivery.organisation)}",
            why=reason_words(each.delivery.reason),
        )
        for each in it.stuck
    ]
    silent = [
        NotThrough(what=name(each.organisation), why=f"Har inte svarat sedan {day_of(each.since)}.")
        for each in it.silent
    ]
    unheard = [NotThrough(what=each.webhook.name, why=reason_words(each.reason)) for each in it.unheard]
    undone = [
        NotThrough(what=f"{each.task.title} ({each.task.number})", why=undone_words(name(each.delivery.organisation)))
        for each in it.undone
    ]
    return [*undone, *tasks, *silent, *unheard]
