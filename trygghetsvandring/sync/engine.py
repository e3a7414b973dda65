"""The one door for writes. A batch is decided in memory and stored as a set; every operation gets its own outcome.

Operations are decided in the order they came. What one needs and is not here defers it; when the missing thing
arrives, in this batch or a later one, the deferred operation is decided again. A rejected operation stops nothing.
What waits in a municipality is decided one after another and stored together (`turns.py`). If storing the set fails it
is replayed request by request, and then one operation at a time, so that one impossible row cannot hold up the others.
One set at a time is decided in a municipality, on PostgreSQL as on SQLite: what a rule read is still true when its
decision is stored.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import structlog

from trygghetsvandring.domain import devices
from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Device, Principal, system
from trygghetsvandring.storage import changes as feed
from trygghetsvandring.storage import erasures, history, municipalities, operations, queue, records
from trygghetsvandring.storage.journal import Journal
from trygghetsvandring.storage.unit import Db, NotStorable, Store, Unavailable
from trygghetsvandring.sync import changes, erasing, holding, items, outbound, repeats, replies
from trygghetsvandring.sync.clocks import Exchange, remembered
from trygghetsvandring.sync.items import Batch, Item
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.turns import Request, Turns
from trygghetsvandring.sync.wire import MAX_OPERATIONS, PROTOCOL, Outcome, Push, Pushed

log = structlog.get_logger()


class UnknownMunicipality(Refused):
    code = "municipality_unknown"


class Engine:
    def __init__(self, store: Store, *, key: bytes, journal: Journal | None = None) -> None:
        self.store = store
        self.journal = journal
        self.key = key
        self.after_commit: list[Callable[[], object]] = []  # told that jobs may be waiting
        self._turns = Turns(self._together)

    async def push(self, principal: Principal, push: Push, now: datetime) -> Pushed:
        """Outcomes in the order of the operations."""
        exchange = Exchange(push.session, push.sent_at, push.mono_ms, now, push.last_seq)
        raws = [bytes(raw) for raw in push.operations]
        outcomes = await self._turns.outcomes(Request(principal, exchange, raws))
        return Pushed(protocol=PROTOCOL, server_time=now, outcomes=outcomes)

    async def take_in(self, principal: Principal, raws: Sequence[bytes], now: datetime) -> list[Outcome]:
        """What a phone handed over by a file instead of the wire: decided as if it had sent it, once in all."""
        exchange, outcomes = Exchange(uuid7(), now, 0, now, is_phones=False), list[Outcome]()
        for first in range(0, len(raws), MAX_OPERATIONS):
            part = Request(principal, exchange, raws[first : first + MAX_OPERATIONS])
            outcomes += await self._turns.outcomes(part)
        return outcomes

    async def act(
        self,
        municipality: str,
        type: str,
        entity: UUID,
        body: dict[str, Any],
        now: datetime,
        *,
        actor: Principal | None = None,
        id: UUID | None = None,
    ) -> Outcome:
        """An operation by the server itself, or by a person through a route of its own: the same door, the same log.

        `id`: of what is to be done once, whoever asks and however many at a time.
        """
        raw = msgspec.json.encode({"id": id or uuid7(), "type": type, "entity": entity, "at": now, "body": body})
        exchange = Exchange(uuid7(), now, 0, now, is_phones=False)
        return (await self._turns.outcomes(Request(actor or system(municipality), exchange, [raw])))[0]

    async def _together(self, group: Sequence[Request]) -> None:
        """Outcomes for each, committed. A set that fails is replayed in its parts; each waits for what it asks for."""
        try:
            await self._decide_and_store(group)
        except Unavailable:
            raise
        except Exception as error:
            if len(group) == 1:
                if not isinstance(error, NotStorable):
                    raise
                await self._one_by_one(group[0])
            else:
                log.warning("set_replayed_by_request", requests=len(group), error=str(error))
                for request in group:
                    await self._alone(request)
        for tell in self.after_commit:
            tell()

    async def _alone(self, request: Request) -> None:
        """Its fault is its own."""
        if request.is_over:
            return
        request.begin()
        try:
            await self._together([request])
        except Unavailable:
            raise
        except Exception as fault:  # noqa: BLE001  # raised again, where it is waited for
            request.fault = fault

    async def _one_by_one(self, request: Request) -> None:
        if len(request.raws) == 1:
            request.outcomes = [await self._not_storable(request.principal, request.exchange, request.raws[0])]
            return
        log.warning("batch_replayed_one_by_one", operations=len(request.raws))
        outcomes: list[Outcome] = []
        for raw in request.raws:
            one = Request(request.principal, request.exchange, [raw])
            await self._together([one])
            outcomes += one.answer()
        request.outcomes = outcomes

    async def _not_storable(self, principal: Principal, exchange: Exchange, raw: bytes) -> Outcome:
        """What the database itself cannot hold is set aside for a person, and stops nothing else."""
        async with self.store.write() as db:
            await self._set_aside(db, principal, raw, "not_storable", exchange.received_at)
        return Outcome(id=items.claimed_id(raw), outcome="rejected", code="not_storable", facts={})

    async def _set_aside(self, db: Db, principal: Principal, raw: bytes, code: str, now: datetime) -> None:
        gone = await erasures.mentioned(db, principal.municipality, raw)
        wire = items.kept_text(raw) if not gone else '{"erased":true}'
        await operations.set_aside(db, principal.municipality, uuid7(), principal.device, code, wire, now)

    async def _decide_and_store(self, group: Sequence[Request]) -> None:
        await self.store.done_at_once(lambda db: self._decided(db, group))
        for request in group:
            if request.fault is None:
                request.outcomes = repeats.answers(request.came)

    async def _decided(self, db: Db, group: Sequence[Request]) -> None:
        """Runs in a thread of its own and waits for nothing but the database and the journal."""
        municipality = group[0].principal.municipality
        await operations.take_turn(db, municipality)
        place = await municipalities.municipality(db, municipality)
        if place is None:
            raise UnknownMunicipality(municipality=municipality)
        batch = Batch(known=Known(place, key=self.key, names={t: r.kind for t, r in records.ROOMS.items()}))
        senders = await self._open(db, batch, group)
        freed: list[Item] = []
        for request in group:
            repeats.join(request.came, freed)
            freed += await self._decide_request(db, batch, request)
        freed += await self._free_deferred(db, batch, group)
        now = group[-1].exchange.received_at
        decided = [await erasing.settle(db, place, it, now) for it in batch.erasing]
        await self._store(db, group, batch, freed, senders)
        for it, (what, digests) in zip(batch.erasing, decided, strict=True):
            # The last thing before commit: what stands in the journal is carried out whatever happens now.
            self._journal().write(place.id, it.board, what, digests, now)

    def _journal(self) -> Journal:
        if self.journal is None:
            raise RuntimeError("an erasure cannot be decided without a journal")
        return self.journal

    async def _refuse_erased(self, db: Db, batch: Batch, came: Sequence[Item]) -> None:
        """Also what we cannot read or do not know yet: nothing about an erased thing goes into the log as it came."""
        if not batch.known.next_numbers.get(erasures.SERIES):
            return
        new = [item for item in came if item.envelope and not item.twin and not item.code and not item.is_repeated]
        about = [item.envelope.entity for item in new if item.envelope]
        erasing.refuse(new, await erasures.among(db, batch.known.municipality.id, about))

    async def _open(self, db: Db, batch: Batch, group: Sequence[Request]) -> dict[UUID, Device]:
        """Everything the group asks for in one question each, before its first decision. Returns who sends."""
        place = batch.known.municipality
        senders = await records.load(
            db, place.id, Device, {id for it in group if (id := it.principal.device) is not None}
        )
        for request in group:
            _must_go_on(request, senders)
        _with_clocks(group, senders)
        came = [item for request in group for item in request.came]
        before = await operations.answered(db, place.id, [item.envelope.id for item in came if item.envelope])
        seen: dict[UUID, Item] = {}
        for request in group:
            repeats.recall(request.came, before, request.principal, seen)
            for item in request.came:
                items.open_item(item, request.principal, request.exchange)
        batch.known.next_numbers = await feed.drawn(db, place.id)
        await self._refuse_erased(db, batch, came)
        undecided = [item for item in came if item.is_open]
        await self._learn(db, batch, {key for item in undecided for key in items.needs(item, batch, more=False)})
        return senders

    async def _decide_request(self, db: Db, batch: Batch, request: Request) -> list[Item]:
        """Returns what a person's decision in it let go."""
        place, came, exchange = batch.known.municipality.id, request.came, request.exchange
        held = await holding.hold(db, place, request.principal, came)
        await self._decide(db, batch, [item for item in came if item.is_open])
        let_go = await holding.let_go(db, batch, exchange, came, held)
        await self._decide(db, batch, [item for item in let_go if item.is_open])
        await holding.store(db, place, held, exchange)
        return let_go

    async def _decide(self, db: Db, batch: Batch, undecided: Sequence[Item]) -> None:
        """In order. Everything is loaded first; what an operation of this same batch made may lead to a little more."""
        await self._learn(db, batch, {key for item in undecided for key in items.needs(item, batch, more=False)})
        undecided = [item for item in undecided if item.is_open]
        await self._learn(db, batch, {key for item in undecided for key in items.needs(item, batch, more=True)})
        if unseen := items.unseen(undecided, batch):
            for key, made in (await history.since(db, batch.known.municipality.id, unseen)).items():
                batch.known.remember(key, made)
        for item in undecided:
            if item.is_open and batch.changed and batch.known.unasked(more := items.needs(item, batch, more=True)):
                await self._learn(db, batch, more)
            if item.is_open:
                items.decide(item, batch)

    async def _learn(self, db: Db, batch: Batch, keys: set[Key]) -> None:
        wanted = batch.known.unasked(keys)
        if not wanted:
            return
        by_type: dict[type[Any], list[UUID]] = {}
        for kind, id in wanted:
            by_type.setdefault(kind, []).append(id)
        entities: dict[Key, Any] = {}
        for kind, ids in by_type.items():
            loaded = await records.load(db, batch.known.municipality.id, kind, ids)
            entities.update({(kind, id): entity for id, entity in loaded.items()})
        if batch.known.next_numbers.get(erasures.SERIES):
            missing = {id for kind, id in wanted if (kind, id) not in entities}
            batch.known.erased |= await erasures.among(db, batch.known.municipality.id, missing)
        batch.known.learn(wanted, entities)

    async def _free_deferred(self, db: Db, batch: Batch, group: Sequence[Request]) -> list[Item]:
        """Deferred operations that what just arrived sets free, until nothing more moves."""
        came, exchange = [item for request in group for item in request.came], group[-1].exchange
        mine = {item.envelope.id for item in came if item.envelope}
        freed: dict[UUID, Item] = {}
        tried: set[UUID] = set()
        while new := {id for _, id in batch.changed} - tried:
            tried |= new
            logged = await operations.waiting_for(db, batch.known.municipality.id, new)
            earlier = [items.again(it, exchange) for it in logged if it.id not in mine and it.id not in freed]
            earlier += [item for item in freed.values() if item.waits_for in new]
            here = [item for item in came if item.waits_for in new]
            for item in (*earlier, *here):
                if item.op is not None:
                    item.outcome, item.waits_for = None, None
            await self._decide(db, batch, [item for item in (*earlier, *here) if item.is_open])
            freed |= {item.logged.id: item for item in earlier if item.logged is not None}
        return list(freed.values())

    async def _store(
        self, db: Db, group: Sequence[Request], batch: Batch, freed: Iterable[Item], senders: Mapping[UUID, Device]
    ) -> None:
        now, place = group[-1].exchange.received_at, batch.known.municipality
        changed = list(batch.changed.values())
        docs: records.Docs = {}
        await records.save(db, place.id, changed, now, docs)
        await records.keep_versions(db, place.id, batch.history, now, docs)
        logged = [items.log_rows(it.came, it.principal, it.exchange) for it in group]
        await operations.log(db, place.id, [row for rows in logged for row in rows])
        tried_again = [item for request in group for item in request.came if item.logged is not None]
        await operations.settle(db, place.id, [items.settled(item) for item in (*tried_again, *freed)])
        for request in group:
            for item in request.came:
                if item.code:
                    await self._set_aside(db, request.principal, item.raw, item.code, now)
        await queue.enqueue(db, [*batch.jobs, *await outbound.jobs(db, batch.known, changed, now)])
        await self._touch_devices(db, batch, group, senders)
        for series, count in batch.drawn.items():
            await feed.draw(db, place.id, series, count)
        rows = [row for entity in changed for row in changes.rows(entity, batch.known)]
        rows += await replies.rows(db, batch.known, changed)
        await feed.append(db, place.id, rows)

    async def _touch_devices(
        self, db: Db, batch: Batch, group: Sequence[Request], senders: Mapping[UUID, Device]
    ) -> None:
        """When each phone was last seen, and how far it has counted."""
        touched: dict[UUID, Device] = {}
        for request in group:
            id = request.principal.device
            if id is not None and id in senders and request.fault is None:
                latest = touched.get(id) or batch.changed.get((Device, id), senders[id])
                touched[id] = items.seen(latest, request.came, request.exchange)
        now = group[-1].exchange.received_at
        await records.save(db, batch.known.municipality.id, list(touched.values()), now)


def _must_go_on(request: Request, senders: Mapping[UUID, Device]) -> None:
    """A phone that counts from the beginning again is refused, and nobody who goes with it."""
    sender = senders.get(request.principal.device) if request.principal.device else None
    if sender is None:
        return
    try:
        devices.must_go_on(sender, request.exchange.last_seq)
    except Refused as refused:
        request.fault, request.came = refused, []


def _with_clocks(group: Sequence[Request], senders: Mapping[UUID, Device]) -> None:
    """What is known of each sender's clock, also by what it sends earlier in the same set."""
    latest = dict(senders)
    for request in group:
        sender = latest.get(request.principal.device) if request.principal.device else None
        request.exchange = request.exchange.knowing(sender)
        if sender is not None and request.fault is None:
            latest[sender.id] = replace(sender, heard=remembered(sender, request.exchange))
