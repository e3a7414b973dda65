"""The office is told what became of a task: those who gave it out, and the department when the task is theirs again."""

from typing import Final
from uuid import UUID

import msgspec

from trygghetsvandring.domain.people import Role
from trygghetsvandring.domain.tasks import Task, TaskState
from trygghetsvandring.integrations.letters import Told, told_subject, told_text
from trygghetsvandring.integrations.mail import Letter, is_address
from trygghetsvandring.jobs.work import Context, Lane, handles
from trygghetsvandring.storage import municipalities, people, records
from trygghetsvandring.storage.people import User
from trygghetsvandring.storage.queue import Waiting

KIND: Final = "mail.told"
_TO_THE_COORDINATOR: Final = frozenset({TaskState.NEW, TaskState.DONE, TaskState.WONT_DO, TaskState.VERIFIED})
_TO_THE_DEPARTMENT: Final = frozenset({TaskState.ASSIGNED, TaskState.VERIFIED})


class Tell(msgspec.Struct, kw_only=True):
    """`state` is what the task became; it may have gone on since."""

    task: UUID
    state: TaskState


@handles(KIND, Lane.LETTERS)
async def send(context: Context, job: Waiting) -> None:
    body = msgspec.json.decode(job.body, type=Tell)
    async with context.store.read() as db:
        municipality = await municipalities.municipality(db, job.municipality)
        task = await records.one(db, job.municipality, Task, body.task)
        users = await people.listed(db, job.municipality)
    if municipality is None or task is None:
        return
    department = municipality.organisation(task.department)
    told = Told(
        number=task.number,
        municipality=municipality.name,
        department=department.name if department else "",
        title=task.title,
        place=task.place,
        state=body.state.value,
        public_text=task.public_text,
        link=f"{context.public_url}/desk/atgarder/{task.id}",
    )
    for user in users:
        if hears(user, body.state, task.department):
            letter = Letter(id=f"{job.id}.{user.id}", to=user.login, subject=told_subject(told), text=told_text(told))
            await context.post.send(letter)


def hears(user: User, state: TaskState, department: str | None) -> bool:
    """A login that is no mail address hears nothing by mail; the list on the desk says the same."""
    if user.disabled_at is not None or not is_address(user.login):
        return False
    if user.role == Role.COORDINATOR:
        return state in _TO_THE_COORDINATOR
    is_theirs = user.role in {Role.HANDLER, Role.DEPARTMENT_HEAD} and user.organisation == department
    return is_theirs and state in _TO_THE_DEPARTMENT
