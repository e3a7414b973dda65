"""Tasks handed to another system by Open311, and what it reports back. Nothing is sent twice.

Before each word with the other system it is written down what is about to be said, and after it what came of it. What
left and was not answered goes again only to a system that knows repeats by their Idempotency-Key; else a person asks.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid5

import msgspec

from trygghetsvandring.domain import reported
from trygghetsvandring.domain.connections import (
    NAMESPACE,
    Delivery,
    DeliveryState,
    delivery_id,
)
from trygghetsvandring.domain.people import Principal, Role
from trygghetsvandring.domain.tasks import Task, TaskState, day_of
from trygghetsvandring.integrations import open311 as theirs
from trygghetsvandring.integrations.mail import NotDelivered
from trygghetsvandring.integrations.open311 import TurnedAway, Word
from trygghetsvandring.integrations.outside import NoAnswer, NotReached
from trygghetsvandring.jobs import unreached
from trygghetsvandring.jobs.open311_case import Case, answer_to, case_of, endpoint, fields_of, reference
from trygghetsvandring.jobs.work import Context, Lane, handles
from trygghetsvandring.storage import queue, records, sealed
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
_A_DAY: Final = timedelta(days=1)
_SINCE_MARGIN: Final = timedelta(hours=1)
_LONGEST_ASKED: Final = timedelta(days=85)  # within the 90 days that one question may span
_D = DeliveryState


async def _note(context: Context, case: Case, to: DeliveryState, **said: object) -> None:
    body = {"turn": case.about.turn, "organisation": case.about.organisation, "to": to.value, **said}
    outcome = await context.engine.act(case.here.id, "delivery.note", case.task.id, body, context.clock())
    if outcome.outcome != "applied":
        raise NotDelivered(f"the delivery stands elsewhere: {outcome.code}")
    if to is _D.FAILED:
        await _alarm(context, case)


async def _alarm(context: Context, case: Case) -> None:
    async with context.store.write() as db:
        await unreached.tell_within_the_hour(db, case.here.id, context.clock())


# ---------------------------------------------------------------- sending


@handles(PUSH, Lane.OUTSIDE)
async def push(context: Context, job: Waiting) -> None:
    case = await case_of(context, job)
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
    fields = await _filled_in(context, case, service)
    if fields is not None:
        await _send(context, case, fields, job)


async def _filled_in(context: Context, case: Case, service: str) -> dict[str, str] | None:
    """With what they require. None when a person has to say it first, or has to enter the key anew."""
    try:
        wanted = await theirs.required(endpoint(context, case), service)
    except sealed.NotOurs:
        await _failed(context, case, "key_not_readable")
        return None
    except NotReached as failed:
        may_lie_there = case.delivery is not None and case.delivery.state is _D.SENT
        await _note(context, case, _D.SENT if may_lie_there else _D.PENDING, reason=str(failed), tried=True)
        await _again_or_failed(context, case, _tries(case), str(failed))
        return None
    fields = fields_of(case, service)
    for it in wanted:
        said = answer_to(it, case)
        if not said or (it.keys and said not in it.keys):
            await _failed(context, case, f"attribute_missing: {it.code}")
            return None
        fields[f"attribute[{it.code}]" + ("[]" if it.datatype == "multivaluelist" else "")] = said
    return fields


def _tries(case: Case) -> int:
    return case.delivery.attempts + 1 if case.delivery else 1


async def _goes_nowhere(context: Context, case: Case, job: Waiting) -> bool:
    """Whether there is nothing to send now; what is left to do instead has then been done."""
    state = case.delivery.state if case.delivery else None
    if case.is_over:
        if state is _D.SENT and not case.partner.knows_repeats:  # it may lie there, and nobody will ask any more
            await _failed(context, case, "unclear: given elsewhere")
        return True
    if state is _D.ACKNOWLEDGED:  # written down by a process that died before it planned the question
        await _ask_later(context, case, job, _SOON)
    if state is _D.FAILED:  # likewise, before anybody was told
        await _alarm(context, case)
    if state in {_D.ACKNOWLEDGED, _D.FAILED}:
        return True
    if not case.partner.is_open and state is not _D.SENT:
        await _note(context, case, _D.PENDING, reason=PAUSED)  # the sweep sends it when the connection is on again
    return not case.partner.is_open


async def _send(context: Context, case: Case, fields: Mapping[str, str], job: Waiting) -> None:
    tries, to = _tries(case), endpoint(context, case)
    key = str(delivery_id(case.here.id, case.task.id, case.about.turn))
    await _note(context, case, _D.SENT, tried=True)
    try:
        taken = await theirs.send(to, fields, idempotency=key)
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
        number = await theirs.looked_for(endpoint(context, case), reference(case), began - _SINCE_MARGIN)
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
    case = await case_of(context, job)
    if case is None or (case.is_over and not case.is_heard_of) or not case.partner.is_open:
        return
    if case.delivery is None or case.delivery.state is not _D.ACKNOWLEDGED:
        return
    try:
        await _asked(context, case, case.delivery)
    except (NotReached, NoAnswer, TurnedAway) as failed:
        raise NotDelivered(str(failed)) from None
    await _ask_later(context, case, job, _pace(context, case, case.delivery))


def _pace(context: Context, case: Case, delivery: Delivery) -> timedelta:
    if case.is_heard_of:
        return _A_DAY
    return _SOON if context.clock() - delivery.began_at < _A_DAY else _LATER


async def _asked(context: Context, case: Case, delivery: Delivery) -> None:
    to, now, number = endpoint(context, case), context.clock(), delivery.remote_id
    if not number:
        number = await theirs.number_of(to, delivery.token)
        if not number:
            await _note(context, case, _D.ACKNOWLEDGED, asked_at=now.isoformat())
            return
        await _note(context, case, _D.ACKNOWLEDGED, remote_id=number)
    if case.task.state is TaskState.ASSIGNED and not case.signs_in:
        await _accept(context, case, number)
    since = max(delivery.began_at - _SINCE_MARGIN, now - _LONGEST_ASKED)
    told = await theirs.updates(to, number, since, now)
    news = [word for word in told if word.id not in delivery.heard]
    for word in news:
        await _follow(context, case, word, now, number=number, is_last=word is told[-1])
        await _note(context, case, _D.ACKNOWLEDGED, heard=[word.id], **_kept(word))
    whole = await theirs.about(to, number)
    is_all_they_say = not news and not delivery.heard  # a system without updates
    if whole is not None and is_all_they_say and _is_news(whole, delivery):
        await _follow(context, case, whole, now, number=number, is_last=_was_over(delivery))
        await _note(context, case, _D.ACKNOWLEDGED, **_kept(whole))
    await _note(context, case, _D.ACKNOWLEDGED, asked_at=now.isoformat())


def _is_news(word: Word, delivery: Delivery) -> bool:
    return (word.status, word.text) != (delivery.remote_status, delivery.remote_text)


def _was_over(delivery: Delivery) -> bool:
    return bool(delivery.remote_status) and reported.is_over(delivery.remote_status)


def _kept(word: Word) -> dict[str, object]:
    return {"remote_status": word.status[:60], "remote_text": word.text[:1_000]}


async def _accept(context: Context, case: Case, number: str) -> None:
    await _act(context, case, "task.accept", {"person": f"{case.party}: {number}"[:200]})


async def _stands(context: Context, case: Case) -> Task | None:
    async with context.store.read() as db:
        return await records.one(db, case.here.id, Task, case.task.id)


async def _follow(context: Context, case: Case, word: Word, now: datetime, *, number: str, is_last: bool) -> None:
    """Their word on our task, by the coordination's stand-in. Refused, it becomes a note without their text.

    `is_last`: how it stands with them now; an older word that comes late opens nothing.
    """
    task = await _stands(context, case)
    if task is not None and task.state is TaskState.ASSIGNED and reported.works_on_it(word.status):
        await _accept(context, case, number)
        task = await _stands(context, case)
    if task is None or task.is_gone or (task.is_closed and task.state is not TaskState.DONE):
        return
    if is_last and reported.says_undone(task, word.status):
        await _note(context, case, _D.ACKNOWLEDGED, undone_at=now.isoformat())
        await _alarm(context, case)
    elif word.status.upper() == "OPEN":
        return
    expected = day_of(word.expected) if word.expected else None
    steps = reported.steps(
        task,
        word.status,
        word.text,
        party=case.party,
        expected=expected,
        today=day_of(now),
        may_refuse=not case.signs_in,
    )
    for step in steps:
        if step.type == "task.note" and any(event.text == step.body["text"] for event in task.history):
            continue
        if not await _act(context, case, step.type, dict(step.body)):
            said = f"{case.party}: {word.status[:40]}. Texten kan inte visas här. Läs den hos dem."
            await _act(context, case, "task.note", {"text": said})


async def _act(context: Context, case: Case, type: str, body: dict[str, object]) -> bool:
    """Where nobody signs in the coordination stands in; a unit's own system works as its handlers do."""
    actor = Principal(municipality=case.here.id, role=Role.COORDINATOR, function="Open311")
    if case.signs_in:
        unit, function = case.about.organisation, f"Open311, {case.party}"
        actor = Principal(municipality=case.here.id, role=Role.HANDLER, organisation=unit, function=function)
    outcome = await context.engine.act(case.here.id, type, case.task.id, body, context.clock(), actor=actor)
    return outcome.outcome == "applied"
