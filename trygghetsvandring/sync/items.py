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

from trygghetsvandring.domain import devices, times
from trygghetsvandring.domain.copies import copied
from trygghetsvandring.domain.erasures import Erased
from trygghetsvandring.domain.errors import Malformed, Missing, NotAllowed, Refused
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Device, Principal, may
from trygghetsvandring.storage.history import Made
from trygghetsvandring.storage.operations import Logged
from trygghetsvandring.storage.scrub import redacted
from trygghetsvandring.sync import behind
from trygghetsvandring.sync.clocks import Exchange, corrected, remembered
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
    text: str = ""  # the same as `raw`, when it could be read
    outcome: Outcome | None = None
    rule: Registered | None = None
    op: Op[Any] | None = None
    logged: Logged | None = None  # the log's row when it was deferred before
    twin: "Item | None" = None  # the same operation earlier in the same batch
    waits_for: UUID | None = None
    code: str = ""  # why it is set aside instead of logged
    device: UUID | None = None  # who sent it
    when: tuple[datetime, int] | None = None  # the corrected time and its uncertainty
    needs: set[Key] | None = None  # what its rule asks for at first

    @property
    def is_repeated(self) -> bool:
        return self.outcome is not None and self.outcome.outcome == "repeated"

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
    erasing: list[Decision] = field(default_factory=list)


# ---------------------------------------------------------------- reading


def read(raw: bytes) -> Item:
    request_hash = hashlib.sha256(raw).hexdigest()
    try:
        text = raw.decode()
        envelope = _envelopes.decode(raw)
        _must_be_storable(envelope)
    except _UNREADABLE:
        outcome = Outcome(id=claimed_id(raw), outcome="rejected", code="operation_malformed", facts={})
        return Item(raw, None, request_hash, outcome=outcome, code="operation_malformed")
    return Item(raw, envelope, request_hash, text)


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
        body: Body = rule.read(envelope.body)
    except _UNREADABLE as error:
        item.outcome = _rejected(envelope.id, Malformed(where=str(error)[:200]))
        return
    item.rule = rule
    if item.logged is None:
        item.op = _op(envelope, body, actor, _when(item, envelope, exchange)[0], exchange.received_at)
    else:  # as it came the first time: same actor, same times
        actor = msgspec.json.decode(item.logged.actor, type=Principal)
        item.op = _op(envelope, body, actor, item.logged.corrected_at, item.logged.received_at)


def _when(item: Item, envelope: Envelope, exchange: Exchange) -> tuple[datetime, int]:
    if item.when is None:
        item.when = corrected(exchange, envelope.at, envelope.mono_ms, envelope.session)
    return item.when


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
        if more:
            return set(item.rule.needs_more(item.op, batch.known))
        if item.needs is None:
            item.needs = set(item.rule.needs(item.op))
    except Refused as refused:
        item.outcome = _rejected(item.op.id, refused)
    except Exception as fault:  # noqa: BLE001  # see the module's docstring
        _stumbled(item, fault)
    else:
        return item.needs
    return set()


def unseen(items: Iterable[Item], batch: Batch) -> dict[Key, int]:
    """The oldest version any of these was made on, of what has moved on since. Empty on an ordinary evening."""
    oldest: dict[Key, int] = {}
    for item in items:
        if not item.is_open or item.op is None or item.op.base is None:
            continue
        base, about = item.op.base, item.op.entity
        for key in needs(item, batch, more=False):
            now = batch.known.get(*key) if key[1] == about else None
            if now is None or not 1 <= base <= now.version:
                continue  # a version that this server has lost is like none
            here = batch.known.past.get(key)
            if now.version == base and here is None:
                batch.known.remember(key, [Made(entity=now, actor=None, at=None)])
            elif here is None or here[0].entity.version > base:
                oldest[key] = min(base, oldest.get(key, base))
    return oldest


# ---------------------------------------------------------------- deciding


def decide(item: Item, batch: Batch) -> None:
    assert item.op is not None and item.rule is not None
    numbers = dict(batch.known.next_numbers)
    op = item.op
    try:
        if not may(op.actor, item.rule.act) or (item.rule.at_the_door and op.actor.device is not None):
            raise NotAllowed(type=op.type)
        if item.rule.receipt:
            op = op.numbered(batch.known.number(batch.known.municipality.prefix))
        decision = behind.decide(item.rule.rule, op, batch.known)
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
    version = decision.version
    for entity in (*decision.entities, *([decision.conflict] if decision.conflict else [])):
        raised = copied(entity, version=entity.version + 1)
        batch.known.put(raised)
        batch.changed[(type(raised), raised.id)] = raised
        batch.history.append((raised, op.id))
        if batch.known.past and (type(raised), raised.id) in batch.known.past:
            batch.known.past[type(raised), raised.id].append(Made(entity=raised, actor=op.actor, at=op.corrected_at))
        version = raised.version if version is None else version
    if decision.erasing is not None:
        batch.erasing.append(decision)
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
        facts=_facts(decision) or None,
        conflict_id=None if decision.conflict is None else decision.conflict.id,
        receipt=receipt,
    )


def _facts(decision: Decision) -> dict[str, object]:
    """`held`: nothing changed, a person decides; else the operation stands, and a person may choose the other."""
    held = {} if decision.conflict is None else {"held": decision.conflict.held}
    return {**decision.facts, **held}


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


def log_rows(items: Iterable[Item], principal: Principal, exchange: Exchange) -> list[Logged]:
    actor = msgspec.json.encode(principal).decode()
    return [_log_row(item, principal, actor, exchange) for item in items if is_new(item)]


def _log_row(item: Item, principal: Principal, actor: str, exchange: Exchange) -> Logged:
    envelope, outcome = item.envelope, item.outcome
    assert envelope is not None and outcome is not None
    when, uncertain = _when(item, envelope, exchange)
    return Logged(
        id=envelope.id,
        device=principal.device,
        seq=envelope.seq,
        type=envelope.type[:60],
        entity=envelope.entity,
        outcome=outcome.outcome,
        request_hash=item.request_hash,
        answer=_written(outcome),
        wire=_kept_wire(item, envelope, outcome),
        actor=actor,
        at=envelope.at,
        corrected_at=when,
        uncertain_s=uncertain,
        received_at=exchange.received_at,
        waits_for=item.waits_for,
    )


def _kept_wire(item: Item, envelope: Envelope, outcome: Outcome) -> str:
    """As it came; of what is about something erased only that it came, of what we counted ourselves the digest."""
    if outcome.code == Erased.code:
        return redacted(envelope.id, envelope.type[:60], envelope.entity, "refused")
    known = OPERATIONS.get(envelope.type)
    if known is not None and known.digest_only:
        told = {"id": envelope.id, "type": known.name, "entity": envelope.entity, "digest": item.request_hash}
        return msgspec.json.encode(told).decode()
    return item.text


def settled(item: Item) -> Logged:
    assert item.logged is not None and item.outcome is not None
    return replace(item.logged, outcome=item.outcome.outcome, answer=_written(item.outcome), waits_for=item.waits_for)


def _written(outcome: Outcome) -> str:
    return msgspec.json.encode(outcome).decode()


def seen(device: Device, items: Iterable[Item], exchange: Exchange) -> Device:
    seqs = [i.envelope.seq for i in items if i.envelope is not None and i.envelope.seq is not None and is_new(i)]
    promised = devices.promised(device, exchange.last_seq)
    return replace(
        device,
        last_seen_at=exchange.received_at,
        max_seq=max([device.max_seq, *seqs]),
        promised_seq=promised,
        heard=remembered(device, exchange),
    )
