"""The office is told what became of tasks: those who gave them out, and the department when they are theirs again."""

from typing import Final
from uuid import UUID

import msgspec

from trygghetsvandring.domain import pushes
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import Role
from trygghetsvandring.domain.pushes import Concern
from trygghetsvandring.domain.tasks import Extent, Task, TaskState
from trygghetsvandring.integrations.letters import Told
from trygghetsvandring.integrations.mail import is_address
from trygghetsvandring.jobs import handover, push_lines, rounds
from trygghetsvandring.jobs.rounds import News, Pace
from trygghetsvandring.jobs.work import Context, Lane, handles
from trygghetsvandring.storage import municipalities, people, records
from trygghetsvandring.storage.people import User
from trygghetsvandring.storage.queue import Waiting

KIND: Final = "mail.told"
MAIL: Final = "mail.news"
_TO_THE_COORDINATOR: Final = frozenset(
    {TaskState.NEW, TaskState.PLANNED, TaskState.DONE, TaskState.WONT_DO, TaskState.VERIFIED}
)
_TO_THE_DEPARTMENT: Final = frozenset({TaskState.ASSIGNED, TaskState.VERIFIED})


class Tell(msgspec.Struct, kw_only=True):
    """`state` is what the task became; it may have gone on since. `to`: for the one it was given to alone."""

    task: UUID
    state: TaskState
    to: UUID | None = None
    by: UUID | None = None  # whoever did it gets no word of it on a browser


@handles(KIND, Lane.LETTERS)
async def send(context: Context, job: Waiting) -> None:
    body = msgspec.json.decode(job.body, type=Tell)
    async with context.store.read() as db:
        municipality = await municipalities.municipality(db, job.municipality)
        task = await records.one(db, job.municipality, Task, body.task)
        users = await people.listed(db, job.municipality)
    if municipality is None or task is None:
        return
    if body.state is TaskState.ASSIGNED:
        await handover.offer(context, municipality, task, users, job.id)
    async with context.store.write() as db:
        pace = await rounds.pace(db, municipality, task)
        news = [
            News(reader=user.id, about=task.id, became=body.state.value)
            for user in users
            if (is_given(user, body.state, task) if body.to else hears(user, body.state, task.department))
        ]
        await rounds.wait(db, context, job, MAIL, news, pace)
        concern = pushes.of_state(body.state, to_one=body.to is not None)
        if concern is None:
            return
        urgent = pace is Pace.DANGER and concern is not Concern.UNSEEN
        word = push_lines.News(concern=concern, about=task.id, by=body.by, department=task.department, urgent=urgent)
        to = [user for user in users if body.to is None or user.id == task.assignee]
        await push_lines.tell(db, context, job, word, to)


def words(context: Context, here: Municipality, task: Task, state: TaskState) -> Told:
    department = here.organisation(task.department)
    return Told(
        number=task.number,
        municipality=here.name,
        department=department.name if department else "",
        title=task.title,
        place=task.place,
        state=state.value,
        public_text=task.public_text,
        link=f"{context.public_url}/desk/atgarder/{task.id}",
        partly=_in_part(task, state),
    )


def _in_part(task: Task, became: TaskState) -> bool:
    """What its owner said was done when it became so; it may have been opened again since."""
    then = [event.extent for event in task.history if event.end is became and event.start is not event.end]
    return bool(then) and then[-1] is Extent.PARTLY


def is_given(user: User, state: TaskState, task: Task) -> bool:
    """Still theirs, in the unit that still has it."""
    is_theirs = user.id == task.assignee and user.organisation == task.department
    return state is TaskState.ACCEPTED and is_theirs and user.disabled_at is None and is_address(user.login)


def hears(user: User, state: TaskState, department: str | None) -> bool:
    """A login that is no mail address hears nothing by mail; the list on the desk says the same."""
    if user.disabled_at is not None or not is_address(user.login):
        return False
    if user.role == Role.COORDINATOR:
        return state in _TO_THE_COORDINATOR
    is_theirs = user.role in {Role.HANDLER, Role.DEPARTMENT_HEAD} and user.organisation == department
    return is_theirs and state in _TO_THE_DEPARTMENT
