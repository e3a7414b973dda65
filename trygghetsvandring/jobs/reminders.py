"""Once a day: who is waited for, and one letter to each who should hear it. Never one letter for each task."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID, uuid5

import msgspec

from trygghetsvandring.domain import answer_links
from trygghetsvandring.domain import reminders as rules
from trygghetsvandring.domain.answer_links import AnswerLink, Standing
from trygghetsvandring.domain.people import Role
from trygghetsvandring.domain.pushes import Concern
from trygghetsvandring.domain.reminders import Late, Whom
from trygghetsvandring.domain.tasks import Extent, Task, day_of
from trygghetsvandring.domain.times import is_working_day
from trygghetsvandring.integrations.handover_letters import (
    Reminded,
    UnsortedFindings,
    reminder_subject,
    reminder_text,
    unsorted_subject,
    why_late,
)
from trygghetsvandring.integrations.mail import Letter, is_address
from trygghetsvandring.jobs import push_lines
from trygghetsvandring.jobs.handover import address, thread_of
from trygghetsvandring.jobs.sending import answered_at, send_once
from trygghetsvandring.jobs.work import Context, Lane, handles
from trygghetsvandring.storage import answer_links as links
from trygghetsvandring.storage import letter_lines, municipalities, observations, people, queue, records
from trygghetsvandring.storage import reminders as stored
from trygghetsvandring.storage.incoming_mail import Answered
from trygghetsvandring.storage.people import User
from trygghetsvandring.storage.queue import Waiting
from trygghetsvandring.storage.unit import Db

DAILY: Final = "daily.reminders"
MAIL: Final = "mail.reminder"
KINDS: Final = frozenset({DAILY, MAIL})
NO_TASK: Final = UUID(int=0)
UNSORTED: Final = "unsorted"
_ROLE: Final[Mapping[Whom, Role]] = {
    Whom.HANDLER: Role.HANDLER,
    Whom.HEAD: Role.DEPARTMENT_HEAD,
    Whom.COORDINATOR: Role.COORDINATOR,
}


class Line(msgspec.Struct, kw_only=True):
    """`link`: by which a party without an account answers."""

    task: UUID
    clock: str
    since: date
    days: int
    step: int
    link: UUID | None = None


class Remind(msgspec.Struct, kw_only=True):
    """`user`, or the link whose address it goes to: no address stands in a job.

    `unsorted_since`: see `rules.Unsorted`.
    """

    user: UUID | None = None
    to_link: UUID | None = None
    unsorted_since: date | None = None
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Here:
    """Whom there is to write to."""

    users: Sequence[User]
    links: Mapping[UUID, AnswerLink]  # by task: the newest that is open

    def of(self, task: Task) -> frozenset[Whom]:
        found = {whom for whom in _ROLE if self.who(whom, task)}
        return frozenset(found | ({Whom.PARTY} if task.id in self.links else set()))

    def who(self, whom: Whom, task: Task) -> list[User]:
        role = _ROLE.get(whom)
        everywhere = whom is Whom.COORDINATOR
        return [
            user for user in self.users if user.role == role and (everywhere or user.organisation == task.department)
        ]

    def has_accounts(self, task: Task) -> bool:
        return bool(self.who(Whom.HANDLER, task) or self.who(Whom.HEAD, task))


@handles(DAILY, Lane.DAILY)
async def look_through(context: Context, job: Waiting) -> None:
    now = context.clock()
    today = day_of(now)
    if not is_working_day(today):
        return
    async with context.store.write() as db:
        due = await _due(db, job.municipality, today)
        here = await _here(context, db, job.municipality, [task for task, _ in due])
        told: dict[tuple[str, str], Remind] = {}
        for task, late in due:
            _tell(told, here, task, late)
        steps = await _unsorted(db, job.municipality, today, told, here)
        for (kind, id), remind in told.items():
            body = msgspec.json.encode(remind).decode()
            await queue.plan(db, job.municipality, uuid5(job.id, f"{kind} {id}"), MAIL, body, now)
        word = push_lines.News(concern=Concern.LATE, about=NO_TASK)
        await push_lines.tell(db, context, job, word, [user for user in here.users if ("user", str(user.id)) in told])
        # Steps that were passed while the server was away are said with the highest one.
        steps += [
            ((task.id, late.clock.value, late.since), step) for task, late in due for step in range(1, late.step + 1)
        ]
        await stored.keep(db, job.municipality, steps, now)


async def _unsorted(
    db: Db, municipality: str, today: date, told: dict[tuple[str, str], Remind], here: Here
) -> list[tuple[stored.Stay, int]]:
    """That findings wait to be sorted, for every coordinator; what is then said of it: which letter of the stay."""
    waits = rules.unsorted(*await observations.unsorted(db, municipality), today)
    if waits is None:
        return []
    stay = (NO_TASK, UNSORTED, waits.since)
    said = await stored.said(db, municipality, [NO_TASK])
    last = max((day_of(it.at) for every in said.values() for it in every), default=None)
    if not rules.is_told_of(waits, last, today):
        return []
    for user in here.users:
        if user.role == Role.COORDINATOR:
            mine = told.setdefault(("user", str(user.id)), Remind(user=user.id, lines=[]))
            mine.unsorted_since = waits.since
    return [(stay, max((it.step for it in said.get(stay, [])), default=0) + 1)]


async def _due(db: Db, municipality: str, today: date) -> list[tuple[Task, Late]]:
    """Those that have come to a step which has not been said in this stay."""
    waiting = [(task, late) for task in await stored.waited_for(db, municipality) if (late := rules.late(task, today))]
    reached = [(task, late) for task, late in waiting if late.step]
    said = await stored.said(db, municipality, [task.id for task, _ in reached])
    return [
        (task, late)
        for task, late in reached
        if late.step > max((it.step for it in said.get((task.id, late.clock.value, late.since), [])), default=0)
    ]


async def _here(context: Context, db: Db, municipality: str, tasks: Sequence[Task]) -> Here:
    users = [it for it in await people.listed(db, municipality) if it.disabled_at is None and is_address(it.login)]
    by_id, open_ = {task.id: task for task in tasks}, dict[UUID, AnswerLink]()
    for link in await links.of_tasks(db, municipality, by_id):
        standing = answer_links.standing(link, by_id[link.task], context.clock())
        if standing is Standing.OPEN and not link.helps:  # who only helps has nothing to answer for
            open_.setdefault(link.task, link)
    return Here(users, open_)


def _tell(told: dict[tuple[str, str], Remind], here: Here, task: Task, late: Late) -> None:
    line = Line(task=task.id, clock=late.clock.value, since=late.since, days=late.days, step=late.step)
    has_accounts = here.has_accounts(task)
    for whom in rules.whom(late.clock, late.step, has_accounts=has_accounts, here=here.of(task)):
        for user in here.who(whom, task):
            told.setdefault(("user", str(user.id)), Remind(user=user.id, lines=[])).lines.append(line)
        if whom is Whom.PARTY:
            link = here.links[task.id]
            mine = msgspec.structs.replace(line, link=link.id)
            told.setdefault(("link", link.to), Remind(to_link=link.id, lines=[])).lines.append(mine)


@handles(MAIL, Lane.LETTERS)
async def send(context: Context, job: Waiting) -> None:
    remind = msgspec.json.decode(job.body, type=Remind)
    async with context.store.read() as db:
        here = await municipalities.municipality(db, job.municipality)
        tasks = await records.load(db, job.municipality, Task, [line.task for line in remind.lines])
        to, thread = await _to(db, job.municipality, remind)
        waits = rules.unsorted(*await observations.unsorted(db, job.municipality), day_of(context.clock()))
    lines = [_line(context, tasks[line.task], line) for line in remind.lines if _still(tasks.get(line.task), line)]
    unsorted = _findings(context, waits) if waits and waits.since == remind.unsorted_since else None
    if here is None or not to or not (lines or unsorted):
        return
    about = [
        Answered(letter=job.id, task=line.task, link=line.link, user=remind.user)
        for line in remind.lines
        if _still(tasks.get(line.task), line)
    ]
    answered = await answered_at(context, job.municipality, job.id, about)
    await send_once(
        context,
        job.municipality,
        Letter(
            id=str(job.id),
            to=to,
            subject=reminder_subject(here.name, lines) if lines else _subject(here.name, unsorted),
            text=reminder_text(here.name, lines, unsorted, is_fetched=bool(answered)),
            thread=thread,
            reply_to=answered,
            bounces_to=answered,
        ),
        about=remind.lines[0].task if len(remind.lines) == 1 and not unsorted else None,
    )


def _findings(context: Context, it: rules.Unsorted) -> UnsortedFindings:
    return UnsortedFindings(count=it.count, since=it.since, days=it.days, link=f"{context.public_url}/desk/inkommet")


def _subject(municipality: str, unsorted: UnsortedFindings | None) -> str:
    return unsorted_subject(municipality, unsorted) if unsorted else ""


def _still(task: Task | None, line: Line) -> bool:
    """Nothing has happened since it was looked through: a letter that waited a night reminds of nothing settled."""
    now = None if task is None else rules.late(task, line.since)
    return now is not None and (now.clock.value, now.since) == (line.clock, line.since)


async def _to(db: Db, municipality: str, remind: Remind) -> tuple[str, tuple[str, ...]]:
    """The address, and the letters it answers to: a reminder of one task lies with its hand-over."""
    thread = (thread_of(remind.lines[0].task),) if len(remind.lines) == 1 else ()
    if remind.user is not None:
        user = await people.user(db, municipality, remind.user)
        return (user.login if user is not None and user.disabled_at is None else ""), thread
    link = await records.one(db, municipality, AnswerLink, remind.to_link) if remind.to_link else None
    if link is None or link.revoked_at is not None:
        return "", ()
    letter = (await letter_lines.letters_of(db, municipality, [link.id])).get(link.id)
    return link.to, (*thread, str(letter) if letter else link.letter) if thread else ()


def _line(context: Context, task: Task, line: Line) -> Reminded:
    return Reminded(
        title=task.title,
        place=task.place,
        number=task.number,
        why=why_late(line.clock, line.since, line.days, partly=task.extent is Extent.PARTLY),
        step=line.step,
        link=address(context, line.link) if line.link else f"{context.public_url}/desk/atgarder/{task.id}",
    )
