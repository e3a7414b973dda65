"""Operations on connections: keys, partners, webhooks, and what became of each handing over."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import msgspec

from trygghetsvandring.domain import connections as rules
from trygghetsvandring.domain.connections import (
    ApiKey,
    Delivery,
    DeliveryStands,
    DeliveryState,
    Format,
    Partner,
    PartnerUnknown,
    Webhook,
    delivery_id,
    partner_id,
)
from trygghetsvandring.domain.errors import Malformed
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.tasks import Task, TaskIsClosed
from trygghetsvandring.storage import connections as _stored  # noqa: F401  # registers how they are stored
from trygghetsvandring.storage import tasks as _stored_too  # noqa: F401
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.ops.tasks import must_own_tasks
from trygghetsvandring.sync.outcomes import Decision, Job, Op, operation
from trygghetsvandring.sync.wire import Body

PUSH = "open311.push"
SWEEP = "open311.sweep"
AGAIN = "webhook.again"


class CreateKey(Body, kw_only=True):
    """The key itself is made where it is shown, once; only its digest travels."""

    name: str
    secret_hash: str
    organisation: str | None = None


class Nothing(Body, kw_only=True):
    pass


class SetPartner(Body, kw_only=True):
    """`sealed_key` was sealed by the server a moment ago; None keeps the one there is. `attributes` too."""

    organisation: str
    endpoint: str
    jurisdiction: str = ""
    format: Format = Format.JSON
    services: dict[str, str]
    sealed_key: str | None = None
    knows_repeats: bool = False
    is_open: bool = True
    attributes: dict[str, str] | None = None


class CreateWebhook(Body, kw_only=True):
    """`unit`: told of that unit's tasks and of nothing else; None: of what is public."""

    name: str
    url: str
    unit: str | None = None


class Deliver(Body, kw_only=True):
    """`to` and what is known by then; what is None stays as it was. The entity is the task."""

    turn: int
    organisation: str
    to: DeliveryState
    reason: str = ""
    tried: bool = False
    remote_id: str | None = None
    token: str | None = None
    remote_status: str | None = None
    remote_text: str | None = None
    heard: list[str] = msgspec.field(default_factory=list)
    asked_at: datetime | None = None
    undone_at: datetime | None = None


class Retry(Body, kw_only=True):
    turn: int


@operation("api_key.create", CreateKey, act=Act.CONNECT, needs=lambda op: [(ApiKey, op.entity)])
def create_key(op: Op[CreateKey], known: Known) -> Decision:
    if known.get(ApiKey, op.entity) is not None:
        raise Malformed(reason="a key with this id exists")
    body = op.body
    if body.organisation is not None and known.municipality.organisation(body.organisation) is None:
        raise PartnerUnknown()
    made = rules.new_key(
        op.entity,
        name=body.name,
        secret_hash=body.secret_hash,
        organisation=body.organisation,
        by=op.actor.function,
        at=op.received_at,
    )
    return Decision(entities=[made])


@operation("api_key.revoke", Nothing, act=Act.CONNECT, needs=lambda op: [(ApiKey, op.entity)])
def revoke_key(op: Op[Nothing], known: Known) -> Decision:
    return Decision(entities=[rules.revoke(known.need(ApiKey, op.entity), op.received_at)])


def _partner(op: Op[SetPartner]) -> list[Key]:
    return [(Partner, partner_id(op.actor.municipality, op.body.organisation))]


@operation("partner.set", SetPartner, act=Act.CONNECT, needs=_partner)
def set_partner(op: Op[SetPartner], known: Known) -> Decision:
    """Only who owns tasks. A unit that signs in may have a system too: it is answered from there or here."""
    body, id = op.body, partner_id(op.actor.municipality, op.body.organisation)
    owner = known.municipality.organisation(body.organisation)
    if op.entity != id:
        raise Malformed(reason="the id of a partner follows from the party")
    if owner is None or not owner.owns_tasks:
        raise PartnerUnknown()
    before = known.get(Partner, id)
    kept = before.sealed_key if before else ""
    answers = before.attributes if before else {}
    made = Partner(
        id=id,
        version=before.version if before else 0,
        organisation=owner.id,
        endpoint=rules.sound_address(body.endpoint),
        jurisdiction=body.jurisdiction.strip()[:120],
        format=body.format,
        services=_services(body.services),
        sealed_key=kept if body.sealed_key is None else body.sealed_key,
        knows_repeats=body.knows_repeats,
        is_open=body.is_open,
        changed_at=op.received_at,
        changed_by=op.actor.function,
        attributes=answers if body.attributes is None else _attributes(body.attributes),
    )
    # What waited while the connection was off, and what the party was given before it had one.
    return Decision(entities=[made], jobs=[Job(kind=SWEEP, body={})] if made.is_open else [])


def _services(asked: Mapping[str, str]) -> dict[str, str]:
    if len(asked) > 500 or any(len(code) > 80 or len(ours) > 60 for ours, code in asked.items()):
        raise Malformed(field="services")
    return {ours.strip(): code.strip() for ours, code in asked.items() if code.strip()}


def _attributes(asked: Mapping[str, str]) -> dict[str, str]:
    if len(asked) > 100 or any(len(code) > 80 or len(said) > 500 for code, said in asked.items()):
        raise Malformed(field="attributes")
    return {code.strip(): said.strip() for code, said in asked.items() if code.strip() and said.strip()}


@operation("webhook.create", CreateWebhook, act=Act.CONNECT, needs=lambda op: [(Webhook, op.entity)])
def create_webhook(op: Op[CreateWebhook], known: Known) -> Decision:
    if known.get(Webhook, op.entity) is not None:
        raise Malformed(reason="a webhook with this id exists")
    if op.body.unit is not None:
        must_own_tasks(op.body.unit, known)
    made = rules.new_webhook(
        op.entity,
        name=op.body.name,
        url=op.body.url,
        unit=op.body.unit,
        by=op.actor.function,
        at=op.received_at,
    )
    return Decision(entities=[made])


@operation("webhook.end", Nothing, act=Act.CONNECT, needs=lambda op: [(Webhook, op.entity)])
def end_webhook(op: Op[Nothing], known: Known) -> Decision:
    before = known.need(Webhook, op.entity)
    return Decision(entities=[before if not before.is_open else replace(before, ended_at=op.received_at)])


@operation("webhook.retry", Nothing, act=Act.CONNECT, needs=lambda op: [(Webhook, op.entity)])
def retry_webhook(op: Op[Nothing], known: Known) -> Decision:
    """What was given up is told again, as it stands now. An address that has ended is told nothing."""
    before = known.need(Webhook, op.entity)
    jobs = [Job(kind=AGAIN, body={"webhook": str(before.id)})] if before.is_open else []
    return Decision(entities=[before], jobs=jobs)


# ---------------------------------------------------------------- handing over


def _delivery(op: Op[Deliver]) -> list[Key]:
    return [(Task, op.entity), (Delivery, delivery_id(op.actor.municipality, op.entity, op.body.turn))]


@operation("delivery.note", Deliver, act=Act.SYSTEM, needs=_delivery)
def note(op: Op[Deliver], known: Known) -> Decision:
    """One step of a handing over, written before and after each word with the other system."""
    task, body = known.need(Task, op.entity), op.body
    id = delivery_id(op.actor.municipality, task.id, body.turn)
    before = known.get(Delivery, id) or Delivery(
        id=id,
        version=0,
        about=task.id,
        organisation=body.organisation,
        turn=body.turn,
        state=DeliveryState.PENDING,
        began_at=op.received_at,
        changed_at=op.received_at,
    )
    said = {name: value for name in _SAID if (value := getattr(body, name)) is not None}
    after = rules.deliver(
        before,
        body.to,
        op.received_at,
        reason=body.reason[:60],
        attempts=before.attempts + body.tried,
        heard=tuple(dict.fromkeys((*before.heard, *body.heard))),
        **said,
    )
    return Decision(entities=[after])


_SAID = ("remote_id", "token", "remote_status", "remote_text", "asked_at", "undone_at")


def _retried(op: Op[Retry]) -> list[Key]:
    return [(Task, op.entity), (Delivery, delivery_id(op.actor.municipality, op.entity, op.body.turn))]


@operation("delivery.retry", Retry, act=Act.CONNECT, needs=_retried)
def retry(op: Op[Retry], known: Known) -> Decision:
    """A person says that it did not arrive. The same idempotency key goes with it."""
    id = delivery_id(op.actor.municipality, op.entity, op.body.turn)
    task, before = known.need(Task, op.entity), known.need(Delivery, id)
    if task.is_closed:  # nothing would be sent
        raise TaskIsClosed(state=task.state.value)
    if before.state is not DeliveryState.FAILED:
        raise DeliveryStands(state=before.state.value)
    again = rules.deliver(before, DeliveryState.PENDING, op.received_at, reason="")
    job = Job(kind=PUSH, body=push_body(op.entity, before.organisation, before.turn))
    return Decision(entities=[again], jobs=[job])


def push_body(task: UUID, organisation: str, turn: int) -> dict[str, object]:
    return {"task": str(task), "organisation": organisation, "turn": turn}
