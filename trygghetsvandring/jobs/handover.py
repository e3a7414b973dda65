"""Tasks go out by mail to a party without an account, each with the link it answers by; many in one letter."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID, uuid5

import msgspec

from trygghetsvandring.domain import answer_links, read_by_others
from trygghetsvandring.domain.answer_links import AnswerLink, Standing
from trygghetsvandring.domain.connections import Partner, partner_id
from trygghetsvandring.domain.departments import OrganisationKind
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.people import system
from trygghetsvandring.domain.tasks import Task, TaskState
from trygghetsvandring.integrations.handover_letters import Asked, HandOver, handover_subject, handover_text
from trygghetsvandring.integrations.mail import Letter, is_address
from trygghetsvandring.jobs import rounds
from trygghetsvandring.jobs.alarms import coordinators
from trygghetsvandring.jobs.rounds import News, Pace
from trygghetsvandring.jobs.sending import answered_at, send_once
from trygghetsvandring.jobs.work import Context, Lane, handles
from trygghetsvandring.storage import connections as _stored  # noqa: F401  # registers how partners are stored
from trygghetsvandring.storage import municipalities, people, records
from trygghetsvandring.storage.incoming_mail import Answered
from trygghetsvandring.storage.people import User
from trygghetsvandring.storage.queue import Waiting

KIND: Final = "mail.handover"
MAIL: Final = "mail.asked"
KINDS: Final = frozenset({KIND, MAIL})
_HOLDERS: Final = UUID("5f8d0c52-1d0a-5a2e-9b53-3a8f6f3b7c10")


class HandedOver(msgspec.Struct, kw_only=True):
    link: UUID
    task: UUID


@handles(KIND, Lane.LETTERS)
async def wait(context: Context, job: Waiting) -> None:
    """For the others that go to the same address: each link is its own, and one letter carries them."""
    body = msgspec.json.decode(job.body, type=HandedOver)
    async with context.store.write() as db:
        here = await municipalities.municipality(db, job.municipality)
        link = await records.one(db, job.municipality, AnswerLink, body.link)
        task = await records.one(db, job.municipality, Task, body.task)
        if here is None or link is None or task is None:
            return
        pace = await rounds.pace(db, here, task)
        if pace is Pace.ROUND and link.made_by != system(here.id).function:
            pace = Pace.PRESSED
        await rounds.wait(db, context, job, MAIL, [News(reader=_holder(link), about=task.id, link=link.id)], pace)


def _holder(link: AnswerLink) -> UUID:
    """Whoever reads the letter: another function at the same address gets a letter of its own."""
    return uuid5(_HOLDERS, f"{link.party} {link.to} {link.recipient} {link.helps}")


@handles(MAIL, Lane.LETTERS)
async def send(context: Context, job: Waiting) -> None:
    lines = await rounds.taken(context, job)
    async with context.store.read() as db:
        here = await municipalities.municipality(db, job.municipality)
        links = await records.load(db, job.municipality, AnswerLink, {line.link for line in lines if line.link})
        tasks = await records.load(db, job.municipality, Task, {link.task for link in links.values()})
        users = await people.listed(db, job.municipality)
        behind = await records.load(
            db, job.municipality, Observation, {id for task in tasks.values() for id in task.findings}
        )
    now = context.clock()
    mine = sorted(links.values(), key=lambda link: (len(link.number), link.number))
    open_ = [each for each in mine if answer_links.standing(each, tasks.get(each.task), now) is Standing.OPEN]
    if here is None or not open_:  # revoked, or answered in another way, before it left
        return
    about = [Answered(letter=job.id, task=each.task, link=each.id, user=None) for each in open_]
    answered = await answered_at(context, here.id, job.id, about)
    it = _hand_over(context, here, [(each, tasks[each.task]) for each in open_], users, behind, answered)
    letter = Letter(
        id=str(job.id),
        to=open_[0].to,
        subject=handover_subject(it),
        text=handover_text(it),
        thread=(thread_of(open_[0].task),) if len(open_) == 1 else (),
        reply_to=it.reply_to,
        bounces_to=answered,
    )
    await send_once(context, here.id, letter, about=open_[0].task if len(open_) == 1 else None)


def _hand_over(
    context: Context,
    here: Municipality,
    pairs: Sequence[tuple[AnswerLink, Task]],
    users: list[User],
    behind: Mapping[UUID, Observation],
    answered: str,
) -> HandOver:
    link = pairs[0][0]
    party = here.organisation(link.party)
    helped = all(each.helps for each, _ in pairs)
    return HandOver(
        municipality=here.name,
        recipient=link.recipient or (party.name if party else ""),
        by=link.made_by if link.made_by != system(here.id).function else here.read_by,
        reply_to=answered or next((user.login for user in coordinators(users)), ""),
        is_fetched=bool(answered),
        may_refuse=party is not None and party.kind is OrganisationKind.PRIVATE and not helped,
        asked_by=party.name if party is not None and helped else "",
        ends_at=min(each.ends_at for each, _ in pairs),
        tasks=[_asked(context, each, task, read_by_others.point(task, behind)) for each, task in pairs],
    )


def _asked(context: Context, link: AnswerLink, task: Task, point: tuple[float, float] | None) -> Asked:
    return Asked(
        title=task.title,
        place=task.place,
        number=task.number,
        receipt=link.number,
        explanation="" if link.helps else task.explanation,  # why it is the unit's
        due_on=task.due_on,
        answer_by=link.answer_by,
        link=address(context, link.id),
        findings=len(task.findings),
        answers=f"{'' if link.helps else 'ta emot, '}säg en dag, säg att det är klart eller säg nej",
        point=f"{point[0]:.5f}, {point[1]:.5f} (WGS 84)" if point else "",
    )


def thread_of(task: UUID) -> str:
    """What all letters about one task hang together by."""
    return f"atgard-{task}"


def address(context: Context, link: UUID) -> str:
    return f"{context.public_url}/besked/{answer_links.secret(context.engine.key, link)}"


async def offer(context: Context, here: Municipality, task: Task, users: list[User], link: UUID) -> None:
    """A link unasked, when nobody in the unit signs in and there is an address. `link` is its id, the same again."""
    party = here.organisation(task.department)
    if party is None or not is_address(party.mail) or task.state is not TaskState.ASSIGNED:
        return
    if any(user.organisation == party.id and user.disabled_at is None for user in users):
        return
    async with context.store.read() as db:
        partner = await records.one(db, here.id, Partner, partner_id(here.id, party.id))
    if partner is not None and partner.is_open:  # its own system has the task: nobody is asked twice
        return
    await context.engine.act(here.id, "answer_link.send", task.id, {"link": link}, context.clock())
