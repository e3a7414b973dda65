"""Those whom a change, a note or a handing on concerns are told, in the same letter as their other news."""

from typing import Final
from uuid import UUID

import msgspec

from trygghetsvandring.domain import pushes
from trygghetsvandring.domain.moderation import MODERATE
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.notices import Notice, concerns
from trygghetsvandring.domain.task_changes import CHANGE, REPLAN
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.integrations.letters import Told
from trygghetsvandring.integrations.mail import is_address
from trygghetsvandring.jobs import push_lines, rounds
from trygghetsvandring.jobs.rounds import News, Pace
from trygghetsvandring.jobs.told import MAIL
from trygghetsvandring.jobs.work import Context, Lane, handles
from trygghetsvandring.storage import municipalities, people, records
from trygghetsvandring.storage.people import User
from trygghetsvandring.storage.queue import Waiting

KIND: Final = "mail.noticed"
_SAID: Final = {Notice.CHANGED: {CHANGE, MODERATE}, Notice.REPLANNED: {REPLAN}}


class Noticed(msgspec.Struct, kw_only=True):
    """`by`: whoever did it hears nothing of it."""

    task: UUID
    notice: Notice
    by: UUID | None = None


@handles(KIND, Lane.LETTERS)
async def send(context: Context, job: Waiting) -> None:
    body = msgspec.json.decode(job.body, type=Noticed)
    async with context.store.write() as db:
        here = await municipalities.municipality(db, job.municipality)
        task = await records.one(db, job.municipality, Task, body.task)
        users = await people.listed(db, job.municipality)
        if here is None or task is None:
            return
        pace = await rounds.pace(db, here, task) if body.notice is Notice.REPLANNED else Pace.ROUND
        news = [
            News(reader=user.id, about=task.id, became=body.notice.value)
            for user in users
            if user.id != body.by and hears(user, body.notice, task.department)
        ]
        await rounds.wait(db, context, job, MAIL, news, pace)
        word = push_lines.News(
            concern=pushes.of_notice(body.notice), about=task.id, by=body.by, department=task.department
        )
        to = [user for user in users if concerns(body.notice, user.role, is_of_unit=_is_of(user, task.department))]
        await push_lines.tell(db, context, job, word, to)


def hears(user: User, notice: Notice, department: str | None) -> bool:
    if user.disabled_at is not None or not is_address(user.login):
        return False
    return concerns(notice, user.role, is_of_unit=_is_of(user, department))


def _is_of(user: User, department: str | None) -> bool:
    return department is not None and user.organisation == department


def words(context: Context, here: Municipality, task: Task, notice: Notice) -> Told:
    """A note is for those who sign in: the letter says only that there is one."""
    owner = here.organisation(task.department)
    changes = [event.text for event in task.history if event.type in _SAID.get(notice, ())]
    return Told(
        number=task.number,
        municipality=here.name,
        department=owner.name if owner else "",
        title=task.title,
        place=task.place,
        state=notice.value,
        public_text=changes[-1] if changes else "",
        link=f"{context.public_url}/desk/atgarder/{task.id}",
    )
