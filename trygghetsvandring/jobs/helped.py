"""A unit is told what somebody who helps it has answered by a link: a day, or no."""

from typing import Final
from uuid import UUID

import msgspec

from trygghetsvandring.domain.answer_links import AnswerAct, AnswerLink
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import Role
from trygghetsvandring.domain.pushes import Concern
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.integrations.handover_letters import Helped
from trygghetsvandring.integrations.mail import is_address
from trygghetsvandring.jobs import push_lines, rounds
from trygghetsvandring.jobs.alarms import coordinators
from trygghetsvandring.jobs.rounds import News
from trygghetsvandring.jobs.told import MAIL
from trygghetsvandring.jobs.work import Context, Lane, handles
from trygghetsvandring.storage import municipalities, people, records
from trygghetsvandring.storage.people import User
from trygghetsvandring.storage.queue import Waiting

KIND: Final = "mail.helped"


class Answered(msgspec.Struct, kw_only=True):
    task: UUID
    link: UUID
    act: AnswerAct


@handles(KIND, Lane.LETTERS)
async def send(context: Context, job: Waiting) -> None:
    body = msgspec.json.decode(job.body, type=Answered)
    async with context.store.read() as db:
        here = await municipalities.municipality(db, job.municipality)
        task = await records.one(db, job.municipality, Task, body.task)
        link = await records.one(db, job.municipality, AnswerLink, body.link)
        users = await people.listed(db, job.municipality)
    if here is None or task is None or link is None:
        return
    async with context.store.write() as db:
        news = [
            News(reader=user.id, about=task.id, became=body.act.value, link=link.id) for user in _who_asked(users, link)
        ]
        await rounds.wait(db, context, job, MAIL, news, await rounds.pace(db, here, task))
        word = push_lines.News(concern=Concern.ANSWERED, about=task.id, department=task.department)
        unit = [user for user in users if user.organisation == link.party]
        await push_lines.tell(db, context, job, word, unit)


def words(context: Context, here: Municipality, task: Task, link: AnswerLink, act: AnswerAct) -> Helped:
    return Helped(
        municipality=here.name,
        who=link.recipient or link.to,
        says_no=act is AnswerAct.DECLINE,
        title=task.title,
        place=task.place,
        number=task.number,
        link=f"{context.public_url}/desk/atgarder/{task.id}",
    )


def _who_asked(users: list[User], link: AnswerLink) -> list[User]:
    """The unit; where nobody there can be written to, the coordinator."""
    return [user for user in users if _is_of(user, link)] or coordinators(users)


def hears(user: User, link: AnswerLink) -> bool:
    """Still, when the letter leaves: whoever has changed unit since reads nothing of the old one's."""
    return _is_of(user, link) or bool(coordinators([user]))


def _is_of(user: User, link: AnswerLink) -> bool:
    is_theirs = user.role in {Role.HANDLER, Role.DEPARTMENT_HEAD} and user.organisation == link.party
    return is_theirs and user.disabled_at is None and is_address(user.login)
