"""Observations: the coordinator's list, danger first and then newest first, by key."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from math import cos, radians
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnClause,
    CompoundSelect,
    Select,
    and_,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)

from trygghetsvandring.domain.observations import Observation, ObservationState
from trygghetsvandring.domain.routing import Kind
from trygghetsvandring.domain.sameness import CANDIDATES, point
from trygghetsvandring.domain.seen_hours import slot_of
from trygghetsvandring.storage.records import decode, encode, found, load, register, searchable
from trygghetsvandring.storage.tables import observations
from trygghetsvandring.storage.unit import Db

register(
    Observation,
    "observation",
    observations,
    lambda o: {
        "walk": o.walk,
        "state": o.state,
        "kind": o.kind,
        "danger": o.danger,
        "received_at": o.received_at,
        "lat": point(o)[0],
        "lon": point(o)[1],
        "number": o.number,
        "words": searchable(f"{o.number} {o.text} {o.place_words}"),
        "slot": slot_of(o.seen_at),
        "behind": encode(o.tasks),
    },
)
COUNTED = 1_000  # more than so many in one state are not counted: nobody sorts by that number
_MOST_NEAR = 50
_MOST_MERGES = 10  # followed one after the other
_NUMBER = re.compile(r"([A-Za-zÅÄÖåäö]{2,4})-?([0-9]{1,9})")
_M_PER_DEGREE = 111_320


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
    words: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    ids: tuple[UUID, ...] = ()
    slots: tuple[int, ...] = ()


async def page(
    db: Db, municipality: str, wanted: Wanted, after: Place | None, limit: int
) -> tuple[list[Observation], Place | None]:
    """Danger first, then newest first, and where the next page begins (None at the end)."""
    rows = (await db.execute(_page(municipality, wanted, after, limit))).all()
    more = Place(rows[limit - 1].danger, rows[limit - 1].received_at, rows[limit - 1].id) if len(rows) > limit else None
    return [decode(Observation, row.doc) for row in rows[:limit]], more


# The same question each time it is asked: building it costs more than answering it.
_asked_again = lru_cache(256)


@_asked_again
def _page(municipality: str, wanted: Wanted, after: Place | None, limit: int) -> Select[Any]:
    """Each state from its own end of the index: together they are a walk through all that was ever sorted."""
    if len(wanted.states) < 2:
        return _part(municipality, wanted, after, limit)
    one_by_one = (replace(wanted, states=(state,)) for state in wanted.states)
    each = [_part(municipality, one, after, limit).subquery() for one in one_by_one]
    some = union_all(*(select(one) for one in each)).subquery()
    ordered = select(some).order_by(some.c.danger.desc(), some.c.received_at.desc(), some.c.id.desc())
    return ordered.limit(_written(limit + 1))


def _written(ours: object) -> ColumnClause[Any]:
    """A word or number of ours, not a parameter: with what it does not know the database plans anew each time."""
    return literal_column(str(ours))


def _part(municipality: str, wanted: Wanted, after: Place | None, limit: int) -> Select[Any]:
    c = observations.c
    question = _narrowed(select(c.danger, c.received_at, c.id, c.doc), municipality, wanted)
    if wanted.states:
        question = question.where(c.state.in_([_written(f"'{state.value}'") for state in wanted.states]))
    if after is not None:
        older = or_(c.received_at < after.received_at, and_(c.received_at == after.received_at, c.id < after.id))
        here = and_(c.danger.is_(after.danger), older)
        question = question.where(or_(here, c.danger.is_(False)) if after.danger else here)
    return question.order_by(c.danger.desc(), c.received_at.desc(), c.id.desc()).limit(_written(limit + 1))


async def counts(db: Db, municipality: str, wanted: Wanted) -> dict[str, int]:
    """How many there are in each state, whatever states are wanted; every state is named.

    At most `COUNTED` + 1, so that no list waits for a million to be counted.
    """
    return {row[0]: row[1] for row in await db.execute(_counts(municipality, replace(wanted, states=())))}


@_asked_again
def _counts(municipality: str, wanted: Wanted) -> CompoundSelect[Any]:
    c = observations.c
    of_each = []
    for state in ObservationState:
        one = _narrowed(select(c.id), municipality, wanted).where(c.state == _written(f"'{state.value}'"))
        some = one.limit(_written(COUNTED + 1)).subquery()
        of_each.append(select(literal(state.value), func.count()).select_from(some))
    return union_all(*of_each)


async def by_slot(db: Db, municipality: str, wanted: Wanted) -> dict[int, int]:
    """How many were seen in each slot (`domain.seen_hours`), whatever slots are wanted."""
    c = observations.c
    question = _narrowed(select(c.slot, func.count()), municipality, replace(wanted, slots=()))
    if wanted.states:
        question = question.where(c.state.in_(wanted.states))
    rows = await db.execute(question.where(c.slot.is_not(None)).group_by(c.slot))
    return {row[0]: row[1] for row in rows}


async def unsorted(db: Db, municipality: str) -> tuple[int, datetime | None]:
    """How many nobody has sorted, and when the oldest of them came."""
    c = observations.c
    waits = (c.municipality == municipality, c.state == ObservationState.RECEIVED)
    count, oldest = (await db.execute(select(func.count(), func.min(c.received_at)).where(*waits))).one()
    return int(count), oldest


async def near(db: Db, municipality: str, lat: float, lon: float, radius_m: int) -> list[Observation]:
    """What could be the same as something at this point, in a box round it; the true distance is the domain's."""
    c = observations.c
    up = radius_m / _M_PER_DEGREE
    aside = up / max(cos(radians(lat)), 0.01)
    question = select(c.doc).where(
        c.municipality == municipality,
        c.lat.between(lat - up, lat + up),
        c.lon.between(lon - aside, lon + aside),
        c.state.in_(CANDIDATES),
    )
    return await found(db, Observation, question.order_by(c.received_at.desc(), c.id).limit(_MOST_NEAR))


def number_in(word: str, prefix: str) -> str | None:
    """A finding's number as somebody reads it from the phone: `lk1042` is LK-1042. None for another word: rv44."""
    asked = _NUMBER.fullmatch(word)
    return f"{prefix}-{asked[2]}" if asked and asked[1].upper() == prefix else None


async def tasks_of(db: Db, municipality: str, number: str, *, withheld: bool) -> frozenset[UUID]:
    """The tasks of the finding with that number, or of what it was merged into; `withheld`: also what is held back."""
    c = observations.c
    question = select(c.doc).where(c.municipality == municipality, c.number == number)
    here = await found(db, Observation, question)
    for _ in range(_MOST_MERGES):
        into = {it.merged_into for it in here if it.state is ObservationState.MERGED and it.merged_into}
        if not into:
            break
        here = list((await load(db, municipality, Observation, into)).values())
    seen = [it for it in here if withheld or it.state is not ObservationState.WITHHELD]
    return frozenset(task for each in seen for task in each.tasks)


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
    if wanted.slots:
        question = question.where(c.slot.in_(wanted.slots))
    if wanted.ids:
        question = question.where(c.id.in_(wanted.ids))
    for number in wanted.numbers:  # LK-1 is not LK-10
        question = question.where(c.number == number)
    for word in wanted.words:
        question = question.where(c.words.contains(searchable(word), autoescape=True))
    return question if wanted.walk is None else question.where(c.walk == wanted.walk)
