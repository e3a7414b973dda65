"""A letter that does not leave: the coordinator is told when it is given up, and of a danger much sooner."""

import sys
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

import msgspec

from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.people import Role
from trygghetsvandring.domain.rota import RotaEvening
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.integrations.handover_letters import failed_subject, failed_text
from trygghetsvandring.integrations.mail import Letter, NotDelivered, is_address
from trygghetsvandring.integrations.rota_letters import what
from trygghetsvandring.jobs.sending import send_each
from trygghetsvandring.jobs.work import Context, Lane, handles
from trygghetsvandring.storage import letter_lines, municipalities, people, queue, records
from trygghetsvandring.storage.buckets import StoreAway
from trygghetsvandring.storage.people import User
from trygghetsvandring.storage.queue import Waiting
from trygghetsvandring.storage.unit import Db

KIND: Final = "mail.alarm"
DANGER: Final = "mail.duty"
TO_STRANGERS: Final = frozenset({"mail.follow", "mail.followed"})
"""To addresses that anybody may fill in: who writes those that bounce must not fill the coordinators' boxes."""
DANGER_AFTER: Final = 5  # attempts, about five minutes: somebody may still ring
OFF: Final = "mail.rota"
OFF_WITHIN: Final = timedelta(hours=48)
"""Who does not hear in time that an evening is off stands there: so near, the coordinator is told as of a danger."""


class Alarm(msgspec.Struct, kw_only=True):
    """`about` is the failed job's own body: ids, no words. `job` may have lines: what its letter tells of."""

    kind: str
    job: UUID | None = None
    about: str
    reason: str
    gave_up: bool


async def retry(db: Db, job: Waiting, now: datetime, failed: Exception, reason: str) -> None:
    """Puts it back, and asks for an alarm in the same transaction when there is one to raise."""
    # A danger is tried for two days whatever the server says; somebody may mend the address meanwhile.
    for_good = isinstance(failed, NotDelivered) and failed.for_good and job.kind != DANGER
    after = queue.GIVE_UP_FOR_GOOD_AFTER if for_good else queue.GIVE_UP_AFTER
    if isinstance(failed, StoreAway):
        after = sys.maxsize  # however long it is away: nobody else would do it when it is back
    gave_up = await queue.retry(db, job, now, reason, give_up_after=after)
    early = job.attempts + 1 == DANGER_AFTER and (job.kind == DANGER or await _is_off_soon(db, job, now))
    if job.kind == KIND or job.kind in TO_STRANGERS or not job.kind.startswith("mail.") or not (gave_up or early):
        return
    alarm = Alarm(kind=job.kind, job=job.id, about=job.body, reason=reason, gave_up=gave_up)
    id = uuid5(job.id, "gave up" if gave_up else "early")
    await queue.plan(db, job.municipality, id, KIND, msgspec.json.encode(alarm).decode(), now)


async def _is_off_soon(db: Db, job: Waiting, now: datetime) -> bool:
    if job.kind != OFF:
        return False
    body = msgspec.json.decode(job.body)
    if body.get("about") != "off" or not isinstance(body.get("evening"), str):
        return False
    it = await records.one(db, job.municipality, RotaEvening, UUID(body["evening"]))
    return it is not None and now < it.ends_at and it.starts_at - now <= OFF_WITHIN


@handles(KIND, Lane.LETTERS)
async def send(context: Context, job: Waiting) -> None:
    alarm = msgspec.json.decode(job.body, type=Alarm)
    async with context.store.read() as db:
        municipality = await municipalities.municipality(db, job.municipality)
        about = await _about(db, job.municipality, alarm)
        users = await people.listed(db, job.municipality)
    if municipality is None:
        return
    text = failed_text(
        municipality.name,
        alarm.kind,
        about,
        alarm.reason.partition(": ")[2] or alarm.reason,
        gave_up=alarm.gave_up,
        link=f"{context.public_url}/desk/sent",
    )
    subject = failed_subject(alarm.kind, gave_up=alarm.gave_up)
    letters = [
        Letter(id=f"{job.id}.{user.id}", to=user.login, subject=subject, text=text) for user in coordinators(users)
    ]
    await send_each(context, job.municipality, letters)


def coordinators(users: list[User]) -> list[User]:
    """Those a letter reaches."""
    return [
        user for user in users if user.role == Role.COORDINATOR and user.disabled_at is None and is_address(user.login)
    ]


async def _about(db: Db, municipality: str, alarm: Alarm) -> str:
    """Its number and title, which evening, or where it was seen: nothing that anybody wrote on a phone."""
    body = msgspec.json.decode(alarm.about)
    if isinstance(id := body.get("observation"), str):
        found = await records.one(db, municipality, Observation, UUID(id))
        return found.number if found else ""
    if isinstance(id := body.get("evening"), str):
        evening = await records.one(db, municipality, RotaEvening, UUID(id))
        return what(evening) if evening else ""
    ids = {UUID(id)} if isinstance(id := body.get("task"), str) else set[UUID]()
    if alarm.job is not None:
        ids |= (await letter_lines.tasks_of(db, municipality, [alarm.job])).get(alarm.job, set())
    tasks = await records.load(db, municipality, Task, ids)
    return ", ".join(sorted(f"{task.title} ({task.number})" for task in tasks.values()))
