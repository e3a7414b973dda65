"""Observations: the coordinator's list, danger first and then newest first, by key."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select

from trygghetsvandring.domain.observations import Observation, ObservationState
from trygghetsvandring.domain.routing import Kind
from trygghetsvandring.storage.records import decode, found, register
from trygghetsvandring.storage.tables import observations
from trygghetsvandring.storage.unit import Db

register(
    Observation,
    "observation",
    observations,
    lambda o: {"walk": o.walk, "state": o.state, "kind": o.kind, "danger": o.danger, "received_at": o.received_at},
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ends: the next one begins just below it."""

    danger: bool
    received_at: datetime
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """None or empty wants everything."""

    states: tuple[ObservationState, ...] = ()
    kinds: tuple[Kind, ...] = ()
    walk: UUID | None = None


async def page(
    db: Db, municipality: str, wanted: Wanted, after: Place | None, limit: int
) -> tuple[list[Observation], Place | None]:
    """Danger first, then newest first, and where the next page begins (None at the end)."""
    c = observations.c
    question = _narrowed(select(c.danger, c.received_at, c.id, c.doc), municipality, wanted)
    if wanted.states:
        question = question.where(c.state.in_(wanted.states))
    if after is not None:
        older = or_(c.received_at < after.received_at, and_(c.received_at == after.received_at, c.id < after.id))
        here = and_(c.danger.is_(after.danger), older)
        question = question.where(or_(here, c.danger.is_(False)) if after.danger else here)
    rows = (
        await db.execute(question.order_by(c.danger.desc(), c.received_at.desc(), c.id.desc()).limit(limit + 1))
    ).all()
    more = Place(rows[limit - 1].danger, rows[limit - 1].received_at, rows[limit - 1].id) if len(rows) > limit else None
    return [decode(Observation, row.doc) for row in rows[:limit]], more


async def counts(db: Db, municipality: str, wanted: Wanted) -> dict[str, int]:
    """How many there are in each state, whatever states are wanted; every state is named."""
    c = observations.c
    question = _narrowed(select(c.state, func.count()), municipality, wanted).group_by(c.state)
    rows = await db.execute(question)
    return {state.value: 0 for state in ObservationState} | {row[0]: row[1] for row in rows}


async def on_walk(db: Db, municipality: str, walk: UUID) -> list[Observation]:
    """In the order they came in."""
    c = observations.c
    question = select(c.doc).where(c.municipality == municipality, c.walk == walk)
    return await found(db, Observation, question.order_by(c.received_at, c.id))


def _narrowed(question: Select[Any], municipality: str, wanted: Wanted) -> Select[Any]:
    c = observations.c
    question = question.where(c.municipality == municipality)
    if wanted.kinds:
        question = question.where(c.kind.in_(wanted.kinds))
    return question if wanted.walk is None else question.where(c.walk == wanted.walk)
