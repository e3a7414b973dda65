"""The one door for writes. A batch is decided in memory and stored as a set; every operation gets its own outcome.

Operations are decided in the order they came. What one needs and is not here defers it; when the missing thing
arrives, in this batch or a later one, the deferred operation is decided again. A rejected operation stops nothing.
If storing the set fails, the batch is replayed one operation at a time, so that one impossible row cannot hold up the
others. One batch at a time is decided in a municipality, on PostgreSQL as on SQLite: what a rule read is still true
when its decision is stored.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import structlog

from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Device, Principal, system
from trygghetsvandring.storage import changes as feed
from trygghetsvandring.storage import municipalities, operations, queue, records
from trygghetsvandring.storage.unit import Db, NotStorable, Store
from trygghetsvandring.sync import changes, items, replies
from trygghetsvandring.sync.clocks import Exchange
from trygghetsvandring.sync.items import Batch, Item
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.wire import PROTOCOL, Outcome, Push, Pushed

log = structlog.get_logger()


class UnknownMunicipality(Refused):
    code = "municipality_unknown"


class Engine:
    def __init__(self, store: Store, *, key: bytes) -> None:
        self.store = store
        self.key = key
        self.after_commit: list[Callable[[], object]] = []  # told that jobs may be waiting
        # Waiting here holds no connection; waiting for the database's own lock does.
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

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
        except NotStorable as error:
            if len(raws) == 1:
                return [await self._not_storable(principal, exchange, raws[0])]
            log.warning("batch_replayed_one_by_one", operations=len(raws), error=str(error))
            outcomes = []
            for raw in raws:
                outcomes += await self._all_or_each(principal, exchange, [raw])
        for tell in self.after_commit:
            tell()
        return outcomes

    async def _not_storable(self, principal: Principal, exchange: Exchange, raw: bytes) -> Outcome:
        """What the database itself cannot hold is set aside for a person, and stops nothing else."""
        async with self.store.write() as db:
            await self._set_aside(db, principal, raw, "not_storable", exchange.received_at)
        return Outcome(id=items.claimed_id(raw), outcome="rejected", code="not_storable", facts={})

    async def _set_aside(self, db: Db, principal: Principal, raw: bytes, code: str, now: datetime) -> None:
        wire = items.kept_text(raw)
        await operations.set_aside(db, principal.municipality, uuid7(), principal.device, code, wire, now)

    async def _decide_and_store(self, principal: Principal, exchange: Exchange, raws: Sequence[bytes]) -> list[Outcome]:
        async with self._turns[principal.municipality], self.store.write() as db:
            await operations.take_turn(db, principal.municipality)
            place = await municipalities.municipality(db, principal.municipality)
            if place is None:
                raise UnknownMunicipality(municipality=principal.municipality)
            batch = Batch(known=Known(place, key=self.key, names={t: r.kind for t, r in records.ROOMS.items()}))
            came = [items.read(raw) for raw in raws]
            ids = [item.envelope.id for item in came if item.envelope]
            items.recall(came, await operations.answered(db, place.id, ids), principal.device)
            for item in came:
                items.open_item(item, principal, exchange)
            batch.known.next_numbers = await feed.drawn(db, place.id)
            device = await self._device(db, principal)
            await self._decide(db, batch, [item for item in came if item.is_open])
            freed = await self._free_deferred(db, batch, exchange, came)
            await self._store(db, principal, exchange, batch, came, freed, device)
            return items.answers(came)

    async def _device(self, db: Db, principal: Principal) -> Device | None:
        if principal.device is None:
            return None
        return await records.one(db, principal.municipality, Device, principal.device)

    async def _decide(self, db: Db, batch: Batch, undecided: Sequence[Item]) -> None:
        """In order. Everything is loaded first; what an operation of this same batch made may lead to a little more."""
        await self._learn(db, batch, {key for item in undecided for key in items.needs(item, batch, more=False)})
        undecided = [item for item in undecided if item.is_open]
        await self._learn(db, batch, {key for item in undecided for key in items.needs(item, batch, more=True)})
        for item in undecided:
            if item.is_open and batch.changed:
                await self._learn(db, batch, items.needs(item, batch, more=True))
            if item.is_open:
                items.decide(item, batch)

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

    async def _free_deferred(self, db: Db, batch: Batch, exchange: Exchange, came: Sequence[Item]) -> list[Item]:
        """Deferred operations that what just arrived sets free, until nothing more moves."""
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
        self,
        db: Db,
        principal: Principal,
        exchange: Exchange,
        batch: Batch,
        came: Sequence[Item],
        freed: Iterable[Item],
        device: Device | None,
    ) -> None:
        now, place = exchange.received_at, batch.known.municipality
        changed = list(batch.changed.values())
        await records.save(db, place.id, changed, now)
        await records.keep_versions(db, place.id, batch.history, now)
        await operations.log(db, place.id, [items.log_row(i, principal, exchange) for i in came if items.is_new(i)])
        tried_again = [item for item in came if item.logged is not None]
        await operations.settle(db, place.id, [items.settled(item) for item in (*tried_again, *freed)])
        for item in came:
            if item.code:
                await self._set_aside(db, principal, item.raw, item.code, now)
        await queue.enqueue(db, batch.jobs)
        if device is not None and (Device, device.id) not in batch.changed:
            await records.save(db, place.id, [items.seen(device, came, now)], now)
        for series, count in batch.drawn.items():
            await feed.draw(db, place.id, series, count)
        rows = [row for entity in changed for row in changes.rows(entity, batch.known)]
        rows += await replies.rows(db, batch.known, changed)
        await feed.append(db, place.id, rows)
