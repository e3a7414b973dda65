"""One letter to one person about everything that has happened to tasks of theirs since the last: a line for each."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from trygghetsvandring.domain.answer_links import AnswerAct, AnswerLink
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.notices import Notice
from trygghetsvandring.domain.tasks import Task, TaskState
from trygghetsvandring.integrations.mail import Letter
from trygghetsvandring.integrations.news_letters import Item, news_subject, news_text
from trygghetsvandring.jobs import helped, rounds, told
from trygghetsvandring.jobs import noticed as noticing
from trygghetsvandring.jobs.sending import send_once
from trygghetsvandring.jobs.told import MAIL
from trygghetsvandring.jobs.work import Context, Lane, handles
from trygghetsvandring.storage import municipalities, people, records
from trygghetsvandring.storage.letter_lines import Line
from trygghetsvandring.storage.people import User
from trygghetsvandring.storage.queue import Waiting

KINDS: Final = frozenset({told.KIND, MAIL})


@handles(MAIL, Lane.LETTERS)
async def send(context: Context, job: Waiting) -> None:
    lines = await rounds.taken(context, job)
    if not lines:
        return
    async with context.store.read() as db:
        here = await municipalities.municipality(db, job.municipality)
        user = await people.user(db, job.municipality, lines[0].reader)
        tasks = await records.load(db, job.municipality, Task, {line.about for line in lines})
        links = await records.load(db, job.municipality, AnswerLink, {line.link for line in lines if line.link})
    if here is None or user is None:
        return
    items = _items(context, here, user, lines, tasks, links)
    if not items:  # it went to somebody else before it left
        return
    letter = Letter(
        id=str(job.id), to=user.login, subject=news_subject(here.name, items), text=news_text(here.name, items)
    )
    await send_once(context, here.id, letter, about=lines[0].about if len(items) == 1 else None)


def _items(
    context: Context,
    here: Municipality,
    user: User,
    lines: Sequence[Line],
    tasks: Mapping[UUID, Task],
    links: Mapping[UUID, AnswerLink],
) -> list[Item]:
    """What happened last to each task, and what each helper said last. Where it has moved, that is what is told."""
    items: dict[tuple[UUID, UUID | None], Item] = {}
    noticed: dict[tuple[UUID, UUID | None], Item] = {}
    for line in lines:
        task, link = tasks.get(line.about), links.get(line.link) if line.link else None
        if task is None:  # erased
            continue
        if line.link is None and line.became in set(Notice):
            notice = Notice(line.became)
            if noticing.hears(user, notice, task.department):
                noticed[task.id, None] = noticing.words(context, here, task, notice)
        elif line.link is None and _is_told(user, state := TaskState(line.became), task):
            items[task.id, None] = told.words(context, here, task, state)
        elif link is not None and helped.hears(user, link):
            items[task.id, link.id] = helped.words(context, here, task, link, AnswerAct(line.became))
    return list({**noticed, **items}.values())


def _is_told(user: User, state: TaskState, task: Task) -> bool:
    return told.hears(user, state, task.department) or told.is_given(user, state, task)
