"""What the tests at the door look at, and rules that only they have."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from tests.makers import COORDINATOR, Evening, Phone, a_municipality, count
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.people import Act, Principal
from trygghetsvandring.storage import records
from trygghetsvandring.sync.known import Known
from trygghetsvandring.sync.municipalities import settle
from trygghetsvandring.sync.outcomes import Decision, Op
from trygghetsvandring.sync.wire import Body


async def counts(evening: Evening, *tables: str) -> list[int]:
    async with evening.store.read() as db:
        return [await count(db, table) for table in tables]


async def kept_aside(evening: Evening) -> list[str]:
    async with evening.store.read() as db:
        return [code for (code,) in await db.exec_driver_sql("SELECT code FROM quarantine ORDER BY received_at, id")]


async def numbers(evening: Evening) -> list[str]:
    async with evening.store.read() as db:
        docs = [doc for (doc,) in await db.exec_driver_sql("SELECT doc FROM observations")]
    return sorted((records.decode(Observation, doc).number for doc in docs), key=lambda it: int(it.split("-")[1]))


class Anything(Body, kw_only=True):
    other: UUID | None = None


ARule = Callable[..., Callable[[Any], Any]]


def chain_of(a_rule: ARule) -> None:
    @a_rule(
        "test.copy",
        Anything,
        act=Act.CAPTURE,
        needs=lambda op: [(Observation, op.entity), (Observation, op.body.other)],
    )
    def copy(op: Op[Anything], known: Known) -> Decision:
        assert op.body.other is not None
        original = known.need(Observation, op.body.other)
        return Decision(entities=[replace(original, id=op.entity, version=0)])


async def neighbour(evening: Evening) -> Phone:
    await settle(evening.store, a_municipality("grannby"))
    coordinator = Principal(municipality="grannby", role=COORDINATOR.role, organisation="samordning")
    walk = await evening.plan(coordinator, uuid7())
    return await evening.phone(walk, municipality="grannby")
