"""A party without an account hears that it need not answer any more: one letter to each address, a round later."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID, uuid5

import msgspec

from trygghetsvandring.domain.answer_links import AnswerLink, Standing, standing
from trygghetsvandring.domain.taken_back import is_taken_back
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.integrations.mail import Letter
from trygghetsvandring.integrations.taken_back_letters import Ended, ended_subject, ended_text
from trygghetsvandring.jobs import rounds
from trygghetsvandring.jobs.alarms import coordinators
from trygghetsvandring.jobs.handover import thread_of
from trygghetsvandring.jobs.rounds import News, Pace
from trygghetsvandring.jobs.sending import send_once
from trygghetsvandring.jobs.work import Context, Lane, handles
from trygghetsvandring.storage import answer_links as links
from trygghetsvandring.storage import letter_lines, letters, municipalities, people, records
from trygghetsvandring.storage.queue import Waiting
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync.outbound import TAKEN_BACK

KIND: Final = TAKEN_BACK
MAIL: Final = "mail.ended"
KINDS: Final = frozenset({KIND, MAIL})
_READERS: Final = UUID("b3d6f1d8-8f50-5a86-9a0c-0f3e7b1f5d44")


class TakenBack(msgspec.Struct, kw_only=True):
    task: UUID


@handles(KIND, Lane.LETTERS)
async def wait(context: Context, job: Waiting) -> None:
    """For a round: what is given to the same address again meanwhile was never taken from it."""
    id, place, now = msgspec.json.decode(job.body, type=TakenBack).task, job.municipality, context.clock()
    async with context.store.write() as db:
        task = await records.one(db, place, Task, id)
        into = await records.one(db, place, Task, task.merged_into) if task and task.merged_into else None
        ended = [it for it in await links.of_tasks(db, place, [id]) if task and is_taken_back(it, task, now, into)]
        asked = await _asked(db, place, ended)
        news = [News(reader=_reader(it), about=id, became="taken_back", link=it.id) for it in asked]
        await rounds.wait(db, context, job, MAIL, news, Pace.ROUND)


async def _asked(db: Db, place: str, ended: Sequence[AnswerLink]) -> list[AnswerLink]:
    """Those whose letter has left, and who have not been told that it is over."""
    by_link = await letter_lines.letters_of(db, place, [it.id for it in ended])
    left = await letters.fates(db, place, [str(id) for id in by_link.values()])
    told = await letter_lines.links_told(db, place, [it.id for it in ended], "taken_back")
    gone = {id for id, fate in left.items() if fate.sent_at is not None}
    return [it for it in ended if it.id not in told and it.id in by_link and str(by_link[it.id]) in gone]


def _reader(link: AnswerLink) -> UUID:
    return uuid5(_READERS, f"{link.party} {link.to} {link.recipient}")


@handles(MAIL, Lane.LETTERS)
async def send(context: Context, job: Waiting) -> None:
    lines, place, now = await rounds.taken(context, job), job.municipality, context.clock()
    async with context.store.read() as db:
        here = await municipalities.municipality(db, place)
        mine = await records.load(db, place, AnswerLink, {line.link for line in lines if line.link})
        tasks = await records.load(db, place, Task, {link.task for link in mine.values()})
        goes_on = await records.load(db, place, Task, {it.merged_into for it in tasks.values() if it.merged_into})
        of_tasks = await links.of_tasks(db, place, tasks)
        users = await people.listed(db, place)
    open_ = {(it.task, it.to) for it in of_tasks if standing(it, tasks[it.task], now) is Standing.OPEN}
    ended = [
        it
        for it in sorted(mine.values(), key=lambda it: (len(it.number), it.number))
        if (task := tasks.get(it.task))
        and is_taken_back(it, task, now, goes_on.get(task.merged_into) if task.merged_into else None)
        and (it.task, it.to) not in open_
    ]
    if here is None or not ended:
        return
    told = [
        Ended(title=tasks[it.task].title, place=tasks[it.task].place, number=tasks[it.task].number, receipt=it.number)
        for it in ended
    ]
    party = here.organisation(ended[0].party)
    recipient = ended[0].recipient or (party.name if party else "")
    letter = Letter(
        id=str(job.id),
        to=ended[0].to,
        subject=ended_subject(here.name, told),
        text=ended_text(here.name, recipient, told),
        thread=(thread_of(ended[0].task),) if len(ended) == 1 else (),
        reply_to=next((user.login for user in coordinators(users)), ""),
    )
    await send_once(context, place, letter, about=ended[0].task if len(ended) == 1 else None)
