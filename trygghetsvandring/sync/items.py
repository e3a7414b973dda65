"""One operation on its way through the door: read, opened, decided, answered. Pure: no I/O, no clock.

Nothing in here raises because of what a phone sent. What cannot be read is refused alone; what a rule stumbles on is
kept and decided again, so that a fault of ours never costs a phone its operation or holds up its neighbours.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import structlog

from trygghetsvandring.domain import times
from trygghetsvandring.domain.errors import Malformed, Missing, NotAllowed, Refused
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Device, Principal, may
from trygghetsvandring.storage.operations import Logged
from trygghetsvandring.sync.clocks import Exchange, corrected
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.outcomes import OPERATIONS, Decision, Op, Registered
from trygghetsvandring.sync.wire import Body, Envelope, Outcome, Receipt

log = structlog.get_logger()
_MAX_SEQ = 2**31 - 1
_MAX_KEPT = 65_536
_envelopes = msgspec.json.Decoder(Envelope)
# Deeply nested JSON ends in RecursionError, bytes that are no text in UnicodeDecodeError.
_UNREADABLE = (msgspec.DecodeError, ValueError, OverflowError, RecursionError)


@dataclass(slots=True)
class Item:
    raw: bytes
    envelope: Envelope | None
    request_hash: str
    outcome: Outcome | None = None
    rule: Registered | None = None
    op: Op[Any] | None = None
    logged: Logged | None = None  # the log's row when it was deferred before
    twin: "Item | None" = None  # the same operation earlier in the same batch
    waits_for: UUID | None = None
    code: str = ""  # why it is set aside instead of logged

    @property
    def is_open(self) -> bool:
        return self.op is not None and self.outcome is None


@dataclass(slots=True)
class Batch:
    """What the set statements will write."""

    known: Known
    changed: dict[Key, Any] = field(default_factory=dict)
    history: list[tuple[Any, UUID]] = field(default_factory=list)
    jobs: list[dict[str, object]] = field(default_factory=list)
    drawn: dict[str, int] = field(default_factory=dict)


# ---------------------------------------------------------------- reading


def read(raw: bytes) -> Item:
    request_hash = hashlib.sha256(raw).hexdigest()
    try:
        raw.decode()
        envelope = _envelopes.decode(raw)
        _must_be_storable(envelope)
    except _UNREADABLE:
        outcome = Outcome(id=claimed_id(raw), outcome="rejected", code="operation_malformed", facts={})
        return Item(raw, None, request_hash, outcome, code="operation_malformed")
    return Item(raw, envelope, request_hash)


def _must_be_storable(envelope: Envelope) -> None:
    if envelope.at.tzinfo is None:
        raise ValueError("at without a time zone")
    envelope.at.astimezone(UTC)  # the first and last hours of the calendar have no UTC
    if envelope.seq is not None and not 1 <= envelope.seq <= _MAX_SEQ:
        raise ValueError("seq out of range")
    if "\x00" in envelope.type:
        raise ValueError("type with a NUL")


def claimed_id(raw: bytes) -> str:
    """The id a malformed operation says it has, so that the phone can park the right item; "" when unreadable."""
    try:
        return str(UUID(msgspec.json.decode(raw.decode("utf-8", "replace"))["id"]))
    except (*_UNREADABLE, KeyError, TypeError, AttributeError):
        return ""


def kept_text(raw: bytes) -> str:
    """As it came, as far as text can hold it."""
    return raw[:_MAX_KEPT].decode("utf-8", "replace").replace("\x00", "\ufffd")


# ---------------------------------------------------------------- answered before


def recall(items: list[Item], before: dict[UUID, Logged], device: UUID | None) -> None:
    """The same id with the same content gets the stored answer; with other content it is refused.

    One that is still deferred is tried again: what it waited for, or the rule it lacked, may be here by now.
    """
    seen: dict[UUID, Item] = {}
    for item in items:
        if item.envelope is None:
            continue
        id = item.envelope.id
        old, twin = before.get(id), seen.setdefault(id, item)
        if twin is not item:
            _recall_twin(item, twin)
        elif old is None:
            continue
        elif old.device != device or old.request_hash != item.request_hash:
            _reuse(item)
        elif old.outcome == "deferred":
            item.logged = old
        else:
            item.outcome = _repeated(msgspec.json.decode(old.answer, type=Outcome))


def _recall_twin(item: Item, twin: Item) -> None:
    if twin.request_hash != item.request_hash:
        _reuse(item)
    else:
        item.twin = twin


def _reuse(item: Item) -> None:
    assert item.envelope is not None
    item.code = "id_reuse"
    item.outcome = Outcome(id=str(item.envelope.id), outcome="rejected", code="id_reuse", facts={})


def _repeated(first: Outcome) -> Outcome:
    if first.outcome == "repeated" or first.code == "id_reuse":
        return first
    return msgspec.structs.replace(first, outcome="repeated", first=first.outcome)


def answers(items: list[Item]) -> list[Outcome]:
    """One for each, in order. What was deferred and still is, is a repetition of that answer."""
    said = []
    for item in items:
        outcome = (item.twin or item).outcome
        assert outcome is not None
        is_again = item.twin is not None or (item.logged is not None and outcome.outcome == "deferred")
        said.append(_repeated(outcome) if is_again else outcome)
    return said


# ---------------------------------------------------------------- opening


def open_item(item: Item, actor: Principal, exchange: Exchange) -> None:
    """Finds the rule and decodes the body; a type we do not know is from a newer phone and waits."""
    envelope = item.envelope
    if envelope is None or item.outcome is not None or item.twin is not None:
        return
    rule = OPERATIONS.get(envelope.type)
    if rule is None:
        item.outcome = _deferred(envelope.id, "type_unknown", {"type": envelope.type[:60]})
        return
    try:
        body: Body = msgspec.json.decode(envelope.body, type=rule.body)
    except _UNREADABLE as error:
        item.outcome = _rejected(envelope.id, Malformed(where=str(error)[:200]))
        return
    item.rule = rule
    if item.logged is None:
        when, _ = corrected(exchange, envelope.at, envelope.mono_ms, envelope.session)
        item.op = _op(envelope, body, actor, when, exchange.received_at)
    else:  # as it came the first time: same actor, same times
        actor = msgspec.json.decode(item.logged.actor, type=Principal)
        item.op = _op(envelope, body, actor, item.logged.corrected_at, item.logged.received_at)


def _op(envelope: Envelope, body: Body, actor: Principal, when: datetime, received_at: datetime) -> Op[Any]:
    return Op(
        id=envelope.id,
        type=envelope.type,
        entity=envelope.entity,
        base=envelope.base,
        at=envelope.at,
        corrected_at=when,
        received_at=received_at,
        actor=actor,
        body=body,
    )


def again(logged: Logged, exchange: Exchange) -> Item:
    """From the log, opened; with an outcome already when today's rules cannot read it."""
    item = read(logged.wire.encode())
    item.logged = logged
    open_item(item, msgspec.json.decode(logged.actor, type=Principal), exchange)
    return item


def needs(item: Item, batch: Batch, *, more: bool) -> set[Key]:
    """What the rule says it will ask for; nothing when it stumbles, and the item then waits."""
    assert item.rule is not None and item.op is not None
    try:
        return set(item.rule.needs_more(item.op, batch.known) if more else item.rule.needs(item.op))
    except Refused as refused:
        item.outcome = _rejected(item.op.id, refused)
    except Exception as fault:  # noqa: BLE001  # see the module's docstring
        _stumbled(item, fault)
    return set()


# ---------------------------------------------------------------- deciding


def decide(item: Item, batch: Batch) -> None:
    assert item.op is not None and item.rule is not None
    numbers = dict(batch.known.next_numbers)
    op = item.op
    try:
        if not may(op.actor, item.rule.act):
            raise NotAllowed(type=op.type)
        if item.rule.receipt:
            op = replace(op, number=batch.known.number(batch.known.municipality.prefix))
        decision = item.rule.rule(op, batch.known)
    except Missing as missing:
        item.waits_for = missing.id
        item.outcome = _deferred(op.id, missing.code, dict(missing.facts))
    except Refused as refused:
        item.outcome = _rejected(op.id, refused)
    except Exception as fault:  # noqa: BLE001  # see the module's docstring
        _stumbled(item, fault)
    else:
        for series, value in batch.known.next_numbers.items():
            batch.drawn[series] = batch.drawn.get(series, 0) + value - numbers.get(series, 0)
        item.outcome = _applied(op, decision, _put(batch, decision, op))
        return
    batch.known.next_numbers = numbers  # nothing happened, so no number was used


def _stumbled(item: Item, fault: Exception) -> None:
    assert item.op is not None
    log.error("rule_failed", type=item.op.type, operation=str(item.op.id), exc_info=fault)
    item.outcome = _deferred(item.op.id, "rule_failed", {"type": item.op.type})


def _put(batch: Batch, decision: Decision, op: Op[Any]) -> int | None:
    """Lays the decision over what is known. Returns the new version of what the operation is about."""
    version: int | None = None
    for entity in decision.entities:
        raised = replace(entity, version=entity.version + 1)
        batch.known.put(raised)
        batch.changed[(type(raised), raised.id)] = raised
        batch.history.append((raised, op.id))
        version = raised.version if version is None else version
    for job in decision.jobs:
        batch.jobs.append(
            {
                "municipality": batch.known.municipality.id,
                "id": uuid7(),
                "kind": job.kind,
                "body": msgspec.json.encode(job.body).decode(),
                "run_at": job.run_at or op.received_at,
                "attempts": 0,
            }
        )
    return version


# ---------------------------------------------------------------- answering


def _applied(op: Op[Any], decision: Decision, version: int | None) -> Outcome:
    receipt = None
    if op.number:
        receipt = Receipt(
            number=op.number, received_at=op.received_at, read_on=times.read_on(op.received_at).isoformat()
        )
    return Outcome(
        id=str(op.id),
        outcome="applied",
        version=version,
        facts=dict(decision.facts) or None,
        conflict_id=decision.conflict_id,
        receipt=receipt,
    )


def _rejected(id: UUID, refused: Refused) -> Outcome:
    return Outcome(id=str(id), outcome="rejected", code=refused.code, facts=dict(refused.facts))


def _deferred(operation: UUID, code: str, facts: dict[str, object]) -> Outcome:
    return Outcome(id=str(operation), outcome="deferred", code=code, facts=facts)


# ---------------------------------------------------------------- the log's rows


def is_new(item: Item) -> bool:
    """Goes into the log now; neither seen before nor set aside."""
    return item.envelope is not None and item.logged is None and item.twin is None and not _is_old(item)


def _is_old(item: Item) -> bool:
    return bool(item.code) or (item.outcome is not None and item.outcome.outcome == "repeated")


def log_row(item: Item, principal: Principal, exchange: Exchange) -> Logged:
    envelope, outcome = item.envelope, item.outcome
    assert envelope is not None and outcome is not None
    when, uncertain = corrected(exchange, envelope.at, envelope.mono_ms, envelope.session)
    return Logged(
        id=envelope.id,
        device=principal.device,
        seq=envelope.seq,
        type=envelope.type[:60],
        entity=envelope.entity,
        outcome=outcome.outcome,
        request_hash=item.request_hash,
        answer=_written(outcome),
        wire=item.raw.decode(),
        actor=msgspec.json.encode(principal).decode(),
        at=envelope.at,
        corrected_at=when,
        uncertain_s=uncertain,
        received_at=exchange.received_at,
        waits_for=item.waits_for,
    )


def settled(item: Item) -> Logged:
    assert item.logged is not None and item.outcome is not None
    return replace(item.logged, outcome=item.outcome.outcome, answer=_written(item.outcome), waits_for=item.waits_for)


def _written(outcome: Outcome) -> str:
    return msgspec.json.encode(outcome).decode()


def seen(device: Device, items: Iterable[Item], now: datetime) -> Device:
    seqs = [i.envelope.seq for i in items if i.envelope is not None and i.envelope.seq is not None and is_new(i)]
    return replace(device, last_seen_at=now, max_seq=max([device.max_seq, *seqs]))
