"""Tasks handed to another system by Open311, and what it reports back. Nothing is sent twice.

Before each word with the other system it is written down what is about to be said, and after it what came of it. What
left and was not answered goes again only to a system that knows repeats by their Idempotency-Key; else a person asks.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

import msgspec

from trygghetsvandring.domain import reported
from trygghetsvandring.domain.connections import (
    NAMESPACE,
    Delivery,
    DeliveryState,
    Partner,
    delivery_id,
    partner_id,
    turn_of,
)
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.people import Principal, Role
from trygghetsvandring.domain.tasks import Task, day_of
from trygghetsvandring.integrations import open311 as theirs
from trygghetsvandring.integrations.mail import NotDelivered
from trygghetsvandring.integrations.open311 import Endpoint, TurnedAway, Word
from trygghetsvandring.integrations.outside import NoAnswer, NotReached
from trygghetsvandring.jobs import unreached
from trygghetsvandring.jobs.work import Context, Lane, handles
from trygghetsvandring.storage import municipalities, queue, records, sealed
from trygghetsvandring.storage.queue import Waiting
from trygghetsvandring.storage.unit import NotStorable
from trygghetsvandring.sync.ops.connections import PUSH

PULL: Final = "open311.pull"
KINDS: Final = (PUSH, PULL)
PAUSED: Final = "paused"
_MOST_TRIES: Final = 12
_MOST_LOOKS: Final = 6  # over about ten minutes; then a person is told that nobody knows
_SOON: Final = timedelta(minutes=15)
_LATER: Final = timedelta(hours=1)
_SINCE_MARGIN: Final = timedelta(hours=1)
_LONGEST_ASKED: Final = timedelta(days=85)  # within the 90 days that one question may span
_D = DeliveryState


class About(msgspec.Struct, kw_only=True, frozen=True):
    task: UUID
    organisation: str
    turn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One handing over, with all it needs. `delivery` None: nothing has been written down yet."""

    here: Municipality
    about: About
    task: Task
    partner: Partner
    delivery: Delivery | None
    category: str

    @property
    def is_over(self) -> bool:
        """Given to somebody else meanwhile, closed, or given to the same party anew."""
        elsewhere = self.task.department != self.about.organisation or turn_of(self.task) != self.about.turn
        return elsewhere or self.task.is_closed

    @property
    def party(self) -> str:
        owner = self.here.organisation(self.about.organisation)
        return owner.name if owner else self.about.organisation


async def _case(context: Context, job: Waiting) -> Case | None:
    about = msgspec.json.decode(job.body, type=About)
    place = job.municipality
    async with context.store.read() as db:
        here = await municipalities.municipality(db, place)
        task = await records.one(db, place, Task, about.task)
        partner = await records.one(db, place, Partner, partner_id(place, about.organisation))
        delivery = await records.one(db, place, Delivery, delivery_id(place, about.task, about.turn))
        found = await records.one(db, place, Observation, task.findings[0]) if task and task.findings else None
    if here is None or task is None or partner is None:
        return None
    category = found.category if found else ""
    return Case(here=here, about=about, task=task, partner=partner, delivery=delivery, category=category)


def _endpoint(context: Context, case: Case) -> Endpoint:
    partner, place = case.partner, case.here.id
    key = sealed.unsealed(context.hands.key, place, partner.sealed_key) if partner.sealed_key else ""
    return Endpoint(
        url=partner.endpoint,
        format=partner.format.value,
        jurisdiction=partner.jurisdiction,
        key=key,
        own_networks=case.here.own_networks,
        seconds=SECONDS,
    )


SECONDS = 20.0


async def _note(context: Context, case: Case, to: DeliveryState, **said: object) -> None:
    body = {"turn": case.about.turn, "organisation": case.about.organisation, "to": to.value, **said}
    outcome = await context.engine.act(case.here.id, "delivery.note", case.task.id, body, context.clock())
    if outcome.outcome != "applied":
        raise NotDelivered(f"the delivery stands elsewhere: {outcome.code}")
    if to is _D.FAILED:
        async with context.store.write() as db:
            await unreached.tell_within_the_hour(db, case.here.id, context.clock())


# ---------------------------------------------------------------- sending


@handles(PUSH, Lane.OUTSIDE)
async def push(context: Context, job: Waiting) -> None:
    case = await _case(context, job)
    if case is None or await _goes_nowhere(context, case, job):
        return
    state = case.delivery.state if case.delivery else None
    if state is None:
        await _note(context, case, _D.PENDING)
    if state is _D.SENT and not case.partner.knows_repeats:
        await _unclear(context, case, "unclear", job)
        return
    service = case.partner.service_for(case.category)
    if service is None:
        await _failed(context, case, "no_service_code")
        return
    await _send(context, case, service, job)


async def _goes_nowhere(context: Context, case: Case, job: Waiting) -> bool:
    """Whether there is nothing to send now; what is left to do instead has then been done."""
    state = case.delivery.state if case.delivery else None
    if case.is_over:
        if state is _D.SENT and not case.partner.knows_repeats:  # it may lie there, and nobody will ask any more
            await _failed(context, case, "unclear: given elsewhere")
        return True
    if state is _D.ACKNOWLEDGED:  # written down by a process that died before it planned the question
        await _ask_later(context, case, job, _SOON)
    if state in {_D.ACKNOWLEDGED, _D.FAILED}:
        return True
    if not case.partner.is_open and state is not _D.SENT:
        await _note(context, case, _D.PENDING, reason=PAUSED)  # the sweep sends it when the connection is on again
    return not case.partner.is_open


async def _send(context: Context, case: Case, service: str, job: Waiting) -> None:
    tries = case.delivery.attempts + 1 if case.delivery else 1
    key = str(delivery_id(case.here.id, case.task.id, case.about.turn))
    try:
        to = _endpoint(context, case)
    except sealed.NotOurs:
        await _failed(context, case, "key_not_readable")
        return
    await _note(context, case, _D.SENT, tried=True)
    try:
        taken = await theirs.send(to, _fields(case, service), idempotency=key)
    except NotReached as failed:
        await _note(context, case, _D.PENDING, reason=str(failed))
        await _again_or_failed(context, case, tries, str(failed))
    except NoAnswer as failed:
        if not case.partner.knows_repeats:
            await _unclear(context, case, str(failed), job)
            return
        await _note(context, case, _D.SENT, reason=str(failed))
        await _again_or_failed(context, case, tries, str(failed))
    except TurnedAway as no:
        await _note(context, case, _D.FAILED, reason=str(no))
    else:
        await _note(context, case, _D.ACKNOWLEDGED, remote_id=taken.id, token=taken.token)
        await _ask_later(context, case, job, _SOON)


async def _again_or_failed(context: Context, case: Case, tries: int, reason: str) -> None:
    """Tried again with longer and longer waits, for about half a day; then a person has to look."""
    if tries >= _MOST_TRIES:
        await _note(context, case, _D.FAILED, reason=reason)
        return
    raise NotDelivered(reason)


async def _failed(context: Context, case: Case, reason: str) -> None:
    await _note(context, case, _D.FAILED, reason=reason)


async def _unclear(context: Context, case: Case, reason: str, job: Waiting) -> None:
    """It left, and they do not know repeats. If they show it to everybody it did arrive; else a person asks them.

    Who does not answer this either is asked again: silence says nothing about what arrived.
    """
    assert case.delivery is None or case.delivery.state in {_D.SENT, _D.PENDING}
    began = case.delivery.began_at if case.delivery else context.clock()
    try:
        number = await theirs.looked_for(_endpoint(context, case), _reference(case), began - _SINCE_MARGIN)
    except (NotReached, NoAnswer) as silent:
        if job.attempts < _MOST_LOOKS:
            raise NotDelivered(str(silent)) from None
        number = ""
    except TurnedAway:
        number = ""
    if number:
        await _note(context, case, _D.ACKNOWLEDGED, remote_id=number)
        await _ask_later(context, case, job, _SOON)
    else:
        await _note(context, case, _D.FAILED, reason=f"unclear: {reason}"[:60])


def _reference(case: Case) -> str:
    return f"{case.task.number}, {case.here.name}"


def _fields(case: Case, service: str) -> dict[str, str]:
    """What the party needs in order to do the work. No walker's own words, and nothing about anybody."""
    task = case.task
    fields = {
        "service_code": service,
        "description": f"{task.title}\n{task.place}\nVårt nummer: {_reference(case)}",
        "address_string": task.place or case.here.name,
    }
    if task.lat is not None and task.lon is not None:
        fields |= {"lat": f"{task.lat:.6f}", "long": f"{task.lon:.6f}"}
    return fields


# ---------------------------------------------------------------- asking


async def _ask_later(context: Context, case: Case, job: Waiting, wait: timedelta) -> None:
    """One successor to each job, whatever happens twice."""
    row: dict[str, object] = {
        "municipality": case.here.id,
        "id": uuid5(NAMESPACE, f"after {job.id}"),
        "kind": PULL,
        "body": msgspec.json.encode(case.about).decode(),
        "run_at": context.clock() + wait,
        "attempts": 0,
    }
    try:
        async with context.store.write() as db:
            await queue.enqueue(db, [row])
    except NotStorable:
        return  # it is there already


@handles(PULL, Lane.OUTSIDE)
async def pull(context: Context, job: Waiting) -> None:
    case = await _case(context, job)
    if case is None or case.is_over or not case.partner.is_open:
        return
    if case.delivery is None or case.delivery.state is not _D.ACKNOWLEDGED:
        return
    try:
        await _asked(context, case, case.delivery)
    except (NotReached, NoAnswer, TurnedAway) as failed:
        raise NotDelivered(str(failed)) from None
    age = context.clock() - case.delivery.began_at
    await _ask_later(context, case, job, _SOON if age < timedelta(days=1) else _LATER)


async def _asked(context: Context, case: Case, delivery: Delivery) -> None:
    to, now, number = _endpoint(context, case), context.clock(), delivery.remote_id
    if not number:
        number = await theirs.number_of(to, delivery.token)
        if not number:
            await _note(context, case, _D.ACKNOWLEDGED, asked_at=now.isoformat())
            return
        await _note(context, case, _D.ACKNOWLEDGED, remote_id=number)
    if case.task.state == "assigned":
        await _act(context, case, "task.accept", {"person": f"{case.party}: {number}"[:200]})
    since = max(delivery.began_at - _SINCE_MARGIN, now - _LONGEST_ASKED)
    news = [word for word in await theirs.updates(to, number, since, now) if word.id not in delivery.heard]
    for word in news:
        await _follow(context, case, word, now)
        await _note(context, case, _D.ACKNOWLEDGED, heard=[word.id], **_kept(word))
    whole = await theirs.about(to, number)
    if whole is not None and not news and _is_news(whole, delivery):
        if not delivery.heard:  # a system without updates says everything here
            await _follow(context, case, whole, now)
        await _note(context, case, _D.ACKNOWLEDGED, **_kept(whole))
    await _note(context, case, _D.ACKNOWLEDGED, asked_at=now.isoformat())


def _is_news(word: Word, delivery: Delivery) -> bool:
    return (word.status, word.text) != (delivery.remote_status, delivery.remote_text)


def _kept(word: Word) -> dict[str, object]:
    return {"remote_status": word.status[:60], "remote_text": word.text[:1_000]}


async def _follow(context: Context, case: Case, word: Word, now: datetime) -> None:
    """Their word on our task, by the coordination's stand-in. Refused, it becomes a note without their text."""
    async with context.store.read() as db:
        task = await records.one(db, case.here.id, Task, case.task.id)
    if task is None or task.is_closed or word.status.upper() == "OPEN":
        return
    expected = day_of(word.expected) if word.expected else None
    for step in reported.steps(task, word.status, word.text, party=case.party, expected=expected, today=day_of(now)):
        if step.type == "task.note" and any(event.text == step.body["text"] for event in task.history):
            continue
        if not await _act(context, case, step.type, dict(step.body)):
            said = f"{case.party}: {word.status[:40]}. Texten kan inte visas här. Läs den hos dem."
            await _act(context, case, "task.note", {"text": said})


async def _act(context: Context, case: Case, type: str, body: dict[str, object]) -> bool:
    actor = Principal(municipality=case.here.id, role=Role.COORDINATOR, function="Open311")
    outcome = await context.engine.act(case.here.id, type, case.task.id, body, context.clock(), actor=actor)
    return outcome.outcome == "applied"
