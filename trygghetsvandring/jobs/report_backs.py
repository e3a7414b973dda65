"""Once a day: which reports are due, and which agreements are to be reviewed. One letter to each who should hear it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID, uuid5

import msgspec

from trygghetsvandring.domain import plans as rules
from trygghetsvandring.domain import report_backs as steps
from trygghetsvandring.domain import report_links as links
from trygghetsvandring.domain.agreements import Agreement
from trygghetsvandring.domain.answer_links import Standing
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import MAY, Act, Role, system
from trygghetsvandring.domain.plans import ActionPlan, Commitment
from trygghetsvandring.domain.report_backs import REPORT_DAY, REVIEW, Step
from trygghetsvandring.domain.report_links import ReportLink
from trygghetsvandring.domain.tasks import day_of
from trygghetsvandring.domain.times import is_working_day
from trygghetsvandring.integrations import report_letters
from trygghetsvandring.integrations.mail import Letter, is_address
from trygghetsvandring.integrations.report_letters import Due, Review
from trygghetsvandring.jobs.alarms import coordinators
from trygghetsvandring.jobs.sending import send_once
from trygghetsvandring.jobs.work import Context, Lane, handles
from trygghetsvandring.storage import agreements, municipalities, people, plans, queue, records
from trygghetsvandring.storage import reminders as stored
from trygghetsvandring.storage import report_links as stored_links
from trygghetsvandring.storage.people import User
from trygghetsvandring.storage.queue import Waiting
from trygghetsvandring.storage.unit import Db

DAILY: Final = "daily.report_backs"
MAIL: Final = "mail.report_back"
KINDS: Final = frozenset({DAILY, MAIL})


class Line(msgspec.Struct, kw_only=True):
    """`link`: by which an executor without an account answers. `due_on` None: sent by hand, about what is next."""

    commitment: UUID
    due_on: date | None = None
    step: int = 0
    link: UUID | None = None


class ReviewLine(msgspec.Struct, kw_only=True):
    agreement: UUID
    review_on: date
    step: int


class Asked(msgspec.Struct, kw_only=True):
    """To `user`, or to where the links of its lines go: no address stands in a job."""

    user: UUID | None = None
    lines: list[Line] = msgspec.field(default_factory=list)
    reviews: list[ReviewLine] = msgspec.field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Here:
    """Whom there is to write to, and what has been said."""

    place: Municipality
    users: Sequence[User]
    links: Mapping[UUID, ReportLink]  # by commitment: the newest that is open
    today: date

    def of(self, executor: str) -> list[User]:
        """Those who can report for it at the desk."""
        may = MAY[Act.REPORT_BACK] - {Role.COORDINATOR}
        return [user for user in self.users if user.organisation == executor and Role(user.role) in may]

    def mail_of(self, executor: str) -> str:
        known = self.place.organisation(executor)
        return known.mail if known is not None and not self.of(executor) else ""


@handles(DAILY, Lane.DAILY)
async def look_through(context: Context, job: Waiting) -> None:
    now = context.clock()
    today = day_of(now)
    if not is_working_day(today):
        return
    async with context.store.read() as db:
        here = await _here(context, db, job.municipality, today)
        due = await _due(db, job.municipality, today)
        reviews = await _reviews(db, job.municipality, today)
    if here is None:
        return
    told: dict[tuple[str, str], Asked] = {}
    for it, line in due:
        await _tell(context, job, told, here, it, line)
    for user in coordinators(list(here.users)) if reviews else []:
        told.setdefault(("user", str(user.id)), Asked(user=user.id)).reviews.extend(reviews)
    said = [((line.commitment, REPORT_DAY, line.due_on or today), step) for _, line in due for step in _up_to(line)]
    said += [((line.agreement, REVIEW, line.review_on), step) for line in reviews for step in _up_to(line)]
    async with context.store.write() as db:
        for (kind, id), asked in told.items():
            body = msgspec.json.encode(asked).decode()
            await queue.plan(db, job.municipality, uuid5(job.id, f"{kind} {id}"), MAIL, body, now)
        await stored.keep(db, job.municipality, said, now)


def _up_to(line: Line | ReviewLine) -> range:
    """Steps that were passed while the server was away are said with the highest one."""
    return range(1, line.step + 1)


async def _here(context: Context, db: Db, municipality: str, today: date) -> Here | None:
    place = await municipalities.municipality(db, municipality)
    if place is None:
        return None
    users = [it for it in await people.listed(db, municipality) if it.disabled_at is None and is_address(it.login)]
    all_of = {it.id: it for it in await plans.commitments_of(db, municipality)}
    open_ = dict[UUID, ReportLink]()
    for link in await stored_links.of_commitments(db, municipality, all_of):
        if links.standing(link, all_of[link.commitment], context.clock()) is Standing.OPEN:
            open_.setdefault(link.commitment, link)
    return Here(place, users, open_, today)


async def _due(db: Db, municipality: str, today: date) -> list[tuple[Commitment, Line]]:
    """The last of the report days without a report that has come to a step that has not been said of it."""
    all_of = await plans.commitments_of(db, municipality)
    said = await stored.said(db, municipality, [it.id for it in all_of])
    found = []
    for it in all_of:
        for day in reversed(rules.unanswered(it, today)):
            step = steps.step(day, today)
            if step > max((one.step for one in said.get((it.id, REPORT_DAY, day), [])), default=0):
                found.append((it, Line(commitment=it.id, due_on=day, step=step)))
                break
    return found


async def _reviews(db: Db, municipality: str, today: date) -> list[ReviewLine]:
    all_of = await agreements.all_of(db, municipality)
    succeeded = {it.predecessor for it in all_of}
    said = await stored.said(db, municipality, [it.id for it in all_of])
    found = []
    for it in all_of:
        step = steps.review_step(it, today, has_successor=it.id in succeeded)
        before = said.get((it.id, REVIEW, it.review_on), []) if it.review_on else []
        if it.review_on is not None and step > max((one.step for one in before), default=0):
            found.append(ReviewLine(agreement=it.id, review_on=it.review_on, step=step))
    return found


async def _tell(
    context: Context, job: Waiting, told: dict[tuple[str, str], Asked], here: Here, it: Commitment, line: Line
) -> None:
    """Its executor; the coordinator when it is late, or when the executor cannot be written to."""
    executors = here.of(it.executor)
    for user in executors:
        told.setdefault(("user", str(user.id)), Asked(user=user.id)).lines.append(line)
    link = await _link(context, job, here, it) if not executors else None
    if link is not None:
        mine = msgspec.structs.replace(line, link=link.id)
        told.setdefault(("link", link.to), Asked()).lines.append(mine)
    if steps.goes_up(Step(line.step)) or (not executors and link is None):
        for user in coordinators(list(here.users)):
            told.setdefault(("user", str(user.id)), Asked(user=user.id)).lines.append(line)


async def _link(context: Context, job: Waiting, here: Here, it: Commitment) -> ReportLink | None:
    """The one that is out, or a new one to the executor's own address."""
    if it.id in here.links:
        return here.links[it.id]
    if not here.mail_of(it.executor) or not it.is_open:
        return None
    id = uuid5(job.id, str(it.id))
    place, now = here.place.id, context.clock()
    await context.engine.act(place, "report_link.send", it.id, {"link": id, "to": ""}, now, actor=system(place))
    async with context.store.read() as db:
        return await records.one(db, place, ReportLink, id)


# ---------------------------------------------------------------- the letter


@handles(MAIL, Lane.LETTERS)
async def send(context: Context, job: Waiting) -> None:
    """Without what has been answered meanwhile; no letter when nothing is left of it."""
    asked = msgspec.json.decode(job.body, type=Asked)
    async with context.store.read() as db:
        here = await municipalities.municipality(db, job.municipality)
        to, is_executor = await _to(db, job.municipality, asked)
        if here is None or not to:
            return
        dues = await _dues(context, db, here, asked.lines, is_executor)
        reviews = await _to_review(context, db, job.municipality, asked.reviews)
    if not dues and not reviews:
        return
    letter = Letter(
        id=str(job.id),
        to=to,
        subject=report_letters.subject(here.name, dues, reviews),
        text=report_letters.text(here.name, dues, reviews),
    )
    await send_once(context, job.municipality, letter)


async def _to(db: Db, municipality: str, asked: Asked) -> tuple[str, bool]:
    """(address, whether it is the executor's own)"""
    if asked.user is not None:
        user = await people.user(db, municipality, asked.user)
        if user is None or user.disabled_at is not None:
            return "", False
        return user.login, user.role != Role.COORDINATOR
    out = await records.load(db, municipality, ReportLink, [line.link for line in asked.lines if line.link])
    return next((link.to for link in out.values() if link.revoked_at is None), ""), True


async def _dues(context: Context, db: Db, here: Municipality, lines: Sequence[Line], is_executor: bool) -> list[Due]:
    found = await records.load(db, here.id, Commitment, [line.commitment for line in lines])
    by_id = await records.load(db, here.id, ActionPlan, {it.plan for it in found.values()})
    open_ = await records.load(db, here.id, ReportLink, [line.link for line in lines if line.link])
    dues = []
    for line in lines:
        it = found.get(line.commitment)
        day = None if it is None else _still_asked(it, line, day_of(context.clock()))
        link = open_.get(line.link) if line.link else None
        is_shut = line.link is not None and (link is None or link.revoked_at is not None)
        if it is None or day is None or is_shut:
            continue
        known = here.organisation(it.executor)
        dues.append(
            Due(
                text=it.text,
                plan=by_id[it.plan].title,
                day=day,
                step=Step(line.step),
                link=_address(context, line.link),
                who="" if is_executor or known is None else known.name,
            )
        )
    return dues


def _still_asked(it: Commitment, line: Line, today: date) -> date | None:
    if line.due_on is None:
        return rules.asked_for(it, today)
    return line.due_on if line.due_on in rules.unanswered(it, today) else None


def _address(context: Context, link: UUID | None) -> str:
    if link is None:
        return f"{context.public_url}/desk/planer"
    return f"{context.public_url}/redovisa/{links.secret(context.engine.key, link)}"


async def _to_review(context: Context, db: Db, municipality: str, lines: Sequence[ReviewLine]) -> list[Review]:
    found = await records.load(db, municipality, Agreement, [line.agreement for line in lines])
    return [
        Review(title=it.title, day=line.review_on, step=Step(line.step), link=f"{context.public_url}/desk/loften")
        for line in lines
        if (it := found.get(line.agreement)) is not None and it.review_on == line.review_on
    ]
