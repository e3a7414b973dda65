"""Entities as rows: loaded and stored whole, many at a time, every version kept."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar, cast
from uuid import UUID

import msgspec
from sqlalchemy import Dialect, Insert, Select, Table, select
from sqlalchemy.dialects import postgresql, sqlite

from trygghetsvandring.storage.tables import versions
from trygghetsvandring.storage.unit import Db


class Entity(Protocol):
    @property
    def id(self) -> UUID: ...
    @property
    def version(self) -> int: ...


E = TypeVar("E", bound=Entity)


@dataclass(frozen=True, slots=True)
class Room:
    """How one kind of entity is stored. `kept` = every version is history; a device's last-seen is not."""

    kind: str
    type: type[Any]
    table: Table
    columns: Callable[[Any], Mapping[str, object]]
    kept: bool


ROOMS: dict[type[Any], Room] = {}
_decoders: dict[type[Any], msgspec.json.Decoder[Any]] = {}


def register(
    type: type[E], kind: str, table: Table, columns: Callable[[E], Mapping[str, object]], *, kept: bool = True
) -> None:
    ROOMS[type] = Room(kind, type, table, columns, kept)
    _decoders[type] = msgspec.json.Decoder(type)


def kind_of(type: type[Any]) -> str:
    return ROOMS[type].kind


def decode(type: type[E], doc: str) -> E:
    return cast(E, _decoders[type].decode(doc))


def encode(entity: object) -> str:
    return msgspec.json.encode(entity).decode()


async def load(db: Db, municipality: str, type: type[E], ids: Iterable[UUID]) -> dict[UUID, E]:
    """Those of the ids that exist, in one question."""
    wanted = list(ids)
    if not wanted:
        return {}
    table = ROOMS[type].table
    rows = await db.execute(
        select(table.c.id, table.c.doc).where(table.c.municipality == municipality, table.c.id.in_(wanted))
    )
    return {id: decode(type, doc) for id, doc in rows}


async def one(db: Db, municipality: str, type: type[E], id: UUID) -> E | None:
    return (await load(db, municipality, type, [id])).get(id)


async def found(db: Db, type: type[E], question: Select[Any]) -> list[E]:
    """Entities for a question that selects `doc` only, in the question's order."""
    return [decode(type, doc) for (doc,) in await db.execute(question)]


def insert_into(db: Db, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT in the dialect at hand."""
    dialect: Dialect = db.dialect
    return sqlite.insert(table) if dialect.name == "sqlite" else postgresql.insert(table)


async def save(db: Db, municipality: str, entities: Sequence[Entity], now: datetime) -> None:
    """Writes each entity's newest state: one statement per table."""
    by_type: dict[type[Any], list[Entity]] = {}
    for entity in entities:
        by_type.setdefault(type(entity), []).append(entity)
    for kind, group in by_type.items():
        room = ROOMS[kind]
        await _upsert(db, room.table, [_row(room, municipality, entity, now) for entity in group])


async def keep_versions(db: Db, municipality: str, history: Sequence[tuple[Entity, UUID]], now: datetime) -> None:
    """Every state there ever was, with the operation that made it."""
    rows = [
        {
            "municipality": municipality,
            "kind": ROOMS[type(entity)].kind,
            "id": entity.id,
            "version": entity.version,
            "doc": encode(entity),
            "operation": operation,
            "at": now,
        }
        for entity, operation in history
        if ROOMS[type(entity)].kept
    ]
    if rows:
        await db.execute(versions.insert(), rows)


def _row(room: Room, municipality: str, entity: Entity, now: datetime) -> dict[str, object]:
    return {
        "municipality": municipality,
        "id": entity.id,
        "version": entity.version,
        "doc": encode(entity),
        "updated_at": now,
        **room.columns(entity),
    }


async def _upsert(db: Db, table: Table, rows: list[dict[str, object]]) -> None:
    statement = insert_into(db, table).values(rows)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in ("municipality", "id")}
    done: Insert = statement.on_conflict_do_update(index_elements=["municipality", "id"], set_=changed)
    await db.execute(done)
