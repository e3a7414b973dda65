"""The one door for writes. A batch is decided in memory and stored as a set; every operation gets its own outcome.

Operations are decided in the order they came. What one needs and is not here defers it; when the missing thing
arrives, in this batch or a later one, the deferred operation is decided again. A rejected operation stops nothing.
If storing the set fails, the batch is replayed one operation at a time, so that one impossible row cannot hold up the
others.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import structlog
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from trygghetsvandring.domain import times
from trygghetsvandring.domain.errors import Malformed, Missing, NotAllowed, Refused
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import Device, Principal, may, system
from trygghetsvandring.storage import changes as feed
from trygghetsvandring.storage import municipalities, operations, queue, records
from trygghetsvandring.storage.operations import Logged
from trygghetsvandring.storage.unit import Db, Store
from trygghetsvandring.sync import changes, replies
from trygghetsvandring.sync.clocks import Exchange, corrected
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.outcomes import OPERATIONS, Decision, Op, Registered
from trygghetsvandring.sync.wire import PROTOCOL, Body, Envelope, Outcome, Push, Pushed, Receipt

log = structlog.get_logger()
_MAX_SEQ = 2**31 - 1
_envelopes = msgspec.json.Decoder(Envelope)


class UnknownMunicipality(Refused):
    code = "municipality_unknown"


@dataclass(slots=True)
class Item:
    """One operation on its way through the door."""

    raw: bytes
    envelope: Envelope | None
    request_hash: str
    outcome: Outcome | None = None
    rule: Registered | None = None
    op: Op[Any] | None = None
    logged: Logged | None = None  # the log's row when it was deferred before
    waits_for: UUID | None = None


@dataclass(slots=True)
class Batch:
    """What the set statements will write."""

    known: Known
    changed: dict[Key, Any] = field(default_factory=dict)
    history: list[tuple[Any, UUID]] = field(default_factory=list)
    jobs: list[dict[str, object]] = field(default_factory=list)
    drawn: dict[str, int] = field(default_factory=dict)


class Engine:
    def __init__(self, store: Store, *, key: bytes) -> None:
        self.store = store
        self.key = key
        self.after_commit: list[Any] = []  # callables told that jobs may be waiting

    async def push(self, principal: Principal, push: Push, now: datetime) -> Pushed:
        """Outcomes in the order of the operations."""
        exchange = Exchange(push.session, push.sent_at, push.mono_ms, now)
        raws = [bytes(raw) for raw in push.operations]
        outcomes = await self._all_or_each(principal, exchange, raws)
        return Pushed(protocol=PROTOCOL, server_time=now, outcomes=outcomes)

    async def act(
        self,
        municipality: str,
        type: str,
        entity: UUID,
        body: dict[str, Any],
        now: datetime,
        *,
        actor: Principal | None = None,
    ) -> Outcome:
        """An operation by the server itself, or by a person through a route of its own: the same door, the same log."""
        raw = msgspec.json.encode({"id": uuid7(), "type": type, "entity": entity, "at": now, "body": body})
        exchange = Exchange(uuid7(), now, 0, now)
        return (await self._all_or_each(actor or system(municipality), exchange, [raw]))[0]

    async def _all_or_each(self, principal: Principal, exchange: Exchange, raws: Sequence[bytes]) -> list[Outcome]:
        try:
            outcomes = await self._decide_and_store(principal, exchange, raws)
        except DBAPIError as error:
            if len(raws) == 1 and isinstance(error, DataError | IntegrityError):
                return [await self._not_storable(principal, exchange, raws[0])]
            if len(raws) == 1:
                raise
            log.warning("batch_replayed_one_by_one", operations=len(raws), error=type(error.orig).__name__)
            outcomes = []
            for raw in raws:
                outcomes += await self._all_or_each(principal, exchange, [raw])
        for tell in self.after_commit:
            tell()
        return outcomes

    async def _not_storable(self, principal: Principal, exchange: Exchange, raw: bytes) -> Outcome:
        """What the database itself cannot hold is set aside for a person, and stops nothing else."""
        wire = raw.decode("utf-8", "replace").replace("\x00", "\ufffd")
        async with self.store.write() as db:
            await operations.set_aside(
                db, principal.municipality, uuid7(), principal.device, "not_storable", wire, exchange.received_at
            )
        return Outcome(id=_claimed_id(raw), outcome="rejected", code="not_storable", facts={})

    async def _decide_and_store(self, principal: Principal, exchange: Exchange, raws: Sequence[bytes]) -> list[Outcome]:
        async with self.store.write() as db:
            place = await municipalities.municipality(db, principal.municipality)
            if place is None:
                raise UnknownMunicipality(municipality=principal.municipality)
            items = [_read(raw) for raw in raws]
            batch = Batch(known=Known(place, key=self.key, names={t: r.kind for t, r in records.ROOMS.items()}))
            await self._answer_repeated(db, principal, items)
            for item in items:
                _open(item, principal, exchange)
            if any(item.rule is not None for item in items):
                batch.known.next_numbers = await feed.drawn(db, place.id)
            device = await self._device(db, principal)
            await self._load(db, batch, [item for item in items if item.op is not None])
            for item in items:
                if item.op is not None and item.outcome is None:
                    _decide(item, batch, place)
            freed = await self._free_deferred(db, batch, place, items)
            await self._store(db, principal, exchange, batch, items, freed, device)
            return [item.outcome for item in items if item.outcome is not None]

    async def _answer_repeated(self, db: Db, principal: Principal, items: list[Item]) -> None:
        """The same id with the same content gets the stored answer; with other content it is refused."""
        seen: dict[UUID, Item] = {}
        before = await operations.answered(
            db, principal.municipality, [item.envelope.id for item in items if item.envelope]
        )
        for item in items:
            if item.envelope is None:
                continue
            old = before.get(item.envelope.id)
            twin = seen.get(item.envelope.id)
            if old is not None:
                mine = old.device == principal.device
                item.outcome = (
                    _repeated(old.answer) if mine and old.request_hash == item.request_hash else _id_reuse(item)
                )
            elif twin is not None:
                item.outcome = _id_reuse(item) if twin.request_hash != item.request_hash else None
                item.logged = twin.logged
                if item.outcome is None:
                    item.outcome = Outcome(id=str(item.envelope.id), outcome="repeated")
            else:
                seen[item.envelope.id] = item

    async def _device(self, db: Db, principal: Principal) -> Device | None:
        if principal.device is None:
            return None
        return await records.one(db, principal.municipality, Device, principal.device)

    async def _load(self, db: Db, batch: Batch, items: Sequence[Item]) -> None:
        open_items = [item for item in items if item.op is not None and item.rule is not None]
        await self._learn(db, batch, {k for i in open_items if i.rule and i.op for k in i.rule.needs(i.op)})
        more = {k for i in open_items if i.rule and i.op for k in i.rule.needs_more(i.op, batch.known)}
        await self._learn(db, batch, more)

    async def _learn(self, db: Db, batch: Batch, keys: set[Key]) -> None:
        wanted = batch.known.unasked(keys)
        by_type: dict[type[Any], list[UUID]] = {}
        for kind, id in wanted:
            by_type.setdefault(kind, []).append(id)
        entities: dict[Key, Any] = {}
        for kind, ids in by_type.items():
            loaded = await records.load(db, batch.known.municipality.id, kind, ids)
            entities.update({(kind, id): entity for id, entity in loaded.items()})
        batch.known.learn(wanted, entities)

    async def _free_deferred(self, db: Db, batch: Batch, place: Municipality, items: list[Item]) -> list[Item]:
        """Deferred operations that what just arrived sets free, until nothing more moves."""
        freed: list[Item] = []
        tried: set[UUID] = set()
        while True:
            new = {id for _, id in batch.changed} - tried
            if not new:
                return freed
            tried |= new
            here = [i for i in items if i.waits_for in new and i.op is not None]
            earlier = [_again(logged) for logged in await operations.waiting_for(db, place.id, new)]
            await self._load(db, batch, [*here, *earlier])
            for item in [*here, *earlier]:
                item.outcome, item.waits_for = None, None
                _decide(item, batch, place)
            freed += [item for item in earlier if item.outcome is not None]

    async def _store(
        self,
        db: Db,
        principal: Principal,
        exchange: Exchange,
        batch: Batch,
        items: list[Item],
        freed: list[Item],
        device: Device | None,
    ) -> None:
        now, place = exchange.received_at, batch.known.municipality
        await records.save(db, place.id, list(batch.changed.values()), now)
        await records.keep_versions(db, place.id, batch.history, now)
        await operations.log(db, place.id, [_log_row(i, principal, exchange) for i in items if _is_new(i)])
        await operations.settle(db, place.id, [_settled(item) for item in freed])
        for item in items:
            if item.envelope is None:
                code = "operation_malformed"
                wire = item.raw[:65_536].decode("utf-8", "replace").replace("\x00", "\ufffd")
                await operations.set_aside(db, place.id, uuid7(), principal.device, code, wire, now)
        await queue.enqueue(db, batch.jobs)
        if device is not None and (Device, device.id) not in batch.changed:
            await records.save(db, place.id, [_seen(device, items, now)], now)
        for series, count in batch.drawn.items():
            await feed.draw(db, place.id, series, count)
        rows = [row for entity in batch.changed.values() for row in changes.rows(entity, batch.known)]
        rows += await replies.rows(db, batch.known, list(batch.changed.values()))
        await feed.append(db, place.id, rows)


def _read(raw: bytes) -> Item:
    request_hash = hashlib.sha256(raw).hexdigest()
    try:
        envelope = _envelopes.decode(raw)
        if envelope.at.tzinfo is None:
            raise ValueError("at without a time zone")
        if envelope.seq is not None and not 1 <= envelope.seq <= _MAX_SEQ:
            raise ValueError("seq out of range")
    except (msgspec.DecodeError, ValueError, OverflowError):
        outcome = Outcome(id=_claimed_id(raw), outcome="rejected", code="operation_malformed", facts={})
        return Item(raw, None, request_hash, outcome)
    return Item(raw, envelope, request_hash)


def _claimed_id(raw: bytes) -> str:
    """The id a malformed operation says it has, so that the phone can park the right item; "" when unreadable."""
    try:
        return str(UUID(msgspec.json.decode(raw)["id"]))
    except (msgspec.DecodeError, KeyError, TypeError, ValueError, AttributeError):
        return ""


def _open(item: Item, principal: Principal, exchange: Exchange) -> None:
    """Finds the rule and decodes the body; a type we do not know is from a newer phone and waits."""
    envelope = item.envelope
    if envelope is None or item.outcome is not None:
        return
    rule = OPERATIONS.get(envelope.type)
    if rule is None:
        item.outcome = Outcome(
            id=str(envelope.id), outcome="deferred", code="type_unknown", facts={"type": envelope.type[:60]}
        )
        return
    try:
        body: Body = msgspec.json.decode(envelope.body, type=rule.body)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        item.outcome = _rejected(envelope.id, Malformed(where=str(error)[:200]))
        return
    when, _ = corrected(exchange, envelope.at, envelope.mono_ms, envelope.session)
    item.rule = rule
    item.op = Op(
        id=envelope.id,
        type=envelope.type,
        entity=envelope.entity,
        base=envelope.base,
        at=envelope.at,
        corrected_at=when,
        received_at=exchange.received_at,
        actor=principal,
        body=body,
    )


def _decide(item: Item, batch: Batch, place: Municipality) -> None:
    assert item.op is not None and item.rule is not None
    numbers = dict(batch.known.next_numbers)
    op = item.op
    try:
        if not may(op.actor, item.rule.act):
            raise NotAllowed(type=op.type)
        if item.rule.receipt:
            op = replace(op, number=batch.known.number(place.prefix))
        decision = item.rule.rule(op, batch.known)
    except Missing as missing:
        batch.known.next_numbers = numbers
        item.waits_for = missing.id
        item.outcome = Outcome(id=str(op.id), outcome="deferred", code=missing.code, facts=dict(missing.facts))
        return
    except Refused as refused:
        batch.known.next_numbers = numbers
        item.outcome = _rejected(op.id, refused)
        return
    for series, value in batch.known.next_numbers.items():
        batch.drawn[series] = batch.drawn.get(series, 0) + value - numbers.get(series, 0)
    item.outcome = _applied(op, decision, _put(batch, decision, op))


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


def _repeated(answer: str) -> Outcome:
    stored = msgspec.json.decode(answer, type=Outcome)
    return msgspec.structs.replace(stored, outcome="repeated", first=stored.outcome)


def _id_reuse(item: Item) -> Outcome:
    assert item.envelope is not None
    return Outcome(id=str(item.envelope.id), outcome="rejected", code="id_reuse", facts={})


def _is_new(item: Item) -> bool:
    return (
        item.envelope is not None
        and item.outcome is not None
        and item.outcome.outcome != "repeated"
        and item.outcome.code != "id_reuse"
    )


def _again(logged: Logged) -> Item:
    """A deferred operation as it was decided the first time: same actor, same times, from the log."""
    envelope = _envelopes.decode(logged.wire.encode())
    rule = OPERATIONS[logged.type]
    actor = msgspec.json.decode(logged.actor, type=Principal)
    op: Op[Any] = Op(
        id=logged.id,
        type=logged.type,
        entity=logged.entity,
        base=envelope.base,
        at=logged.at,
        corrected_at=logged.corrected_at,
        received_at=logged.received_at,
        actor=actor,
        body=msgspec.json.decode(envelope.body, type=rule.body),
    )
    return Item(logged.wire.encode(), envelope, logged.request_hash, rule=rule, op=op, logged=logged)


def _settled(item: Item) -> Logged:
    assert item.logged is not None and item.outcome is not None
    return replace(
        item.logged,
        outcome=item.outcome.outcome,
        answer=msgspec.json.encode(item.outcome).decode(),
        waits_for=item.waits_for,
    )


def _log_row(item: Item, principal: Principal, exchange: Exchange) -> Logged:
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
        answer=msgspec.json.encode(outcome).decode(),
        wire=item.raw.decode(),
        actor=msgspec.json.encode(principal).decode(),
        at=envelope.at,
        corrected_at=when,
        uncertain_s=uncertain,
        received_at=exchange.received_at,
        waits_for=item.waits_for,
    )


def _seen(device: Device, items: Iterable[Item], now: datetime) -> Device:
    seqs = [i.envelope.seq for i in items if i.envelope is not None and i.envelope.seq is not None and _is_new(i)]
    return replace(device, last_seen_at=now, max_seq=max([device.max_seq, *seqs]))
