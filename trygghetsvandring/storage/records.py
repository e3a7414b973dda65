"""Entities as rows: loaded and stored whole, many at a time, every version kept."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar, cast
from uuid import UUID

import msgspec
from sqlalchemy import Dialect, Select, Table
from sqlalchemy.dialects import postgresql, sqlite

from trygghetsvandring.storage import sets
from trygghetsvandring.storage.tables import versions
from trygghetsvandring.storage.unit import Db


class Entity(Protocol):
    @property
    def id(self) -> UUID: ...
    @property
    def version(self) -> int: ...


E = TypeVar("E", bound=Entity)
K = TypeVar("K")
Docs = dict[int, str]
"""What has been encoded already, by `id()`: worth something only while its entities are held by somebody."""


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


def searchable(text: str) -> str:
    """As it is searched: in lower case, and PostgreSQL keeps no NUL in a text."""
    return text.lower().replace("\x00", " ")


Reading = Callable[[Db, str, Sequence[UUID]], Awaitable[Mapping[UUID, Any]]]
_readings: dict[type[Any], Reading] = {}


def read_by(type: type[Any], reading: Reading) -> None:
    """What rules may ask for and no operation writes; it has no versions and is nobody's room."""
    _readings[type] = reading


async def load(db: Db, municipality: str, type: type[K], ids: Iterable[UUID]) -> dict[UUID, K]:
    """Those of the ids that exist, in one question."""
    wanted = list(ids)
    if not wanted:
        return {}
    if type in _readings:
        return dict(await _readings[type](db, municipality, wanted))
    table = ROOMS[type].table
    rows = await sets.among(db, table, ["doc"], municipality, "id", wanted)
    return {entity.id: entity for entity in (_decoders[type].decode(doc) for (doc,) in rows)}


async def one(db: Db, municipality: str, type: type[E], id: UUID) -> E | None:
    return (await load(db, municipality, type, [id])).get(id)


async def found(db: Db, type: type[E], question: Select[Any]) -> list[E]:
    """Entities for a question that selects `doc` only, in the question's order."""
    read = _decoders[type].decode
    return [read(doc) for doc in (await db.scalars(question)).all()]


def insert_into(db: Db, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT in the dialect at hand."""
    dialect: Dialect = db.dialect
    return sqlite.insert(table) if dialect.name == "sqlite" else postgresql.insert(table)


async def save(db: Db, municipality: str, entities: Sequence[Entity], now: datetime, docs: Docs | None = None) -> None:
    """Writes each entity's newest state: one statement per table. `docs` remembers how they were encoded."""
    by_type: dict[type[Any], list[Entity]] = {}
    for entity in entities:
        by_type.setdefault(type(entity), []).append(entity)
    for kind, group in by_type.items():
        room = ROOMS[kind]
        await sets.put(
            db,
            room.table,
            {
                "municipality": [municipality] * len(group),
                "id": [entity.id for entity in group],
                "version": [entity.version for entity in group],
                "doc": _docs(group, docs),
                "updated_at": [now] * len(group),
                **sets.columns([room.columns(entity) for entity in group]),
            },
        )


async def keep_versions(
    db: Db, municipality: str, history: Sequence[tuple[Entity, UUID]], now: datetime, docs: Docs | None = None
) -> None:
    """Every state there ever was, with the operation that made it."""
    kept = [(entity, operation) for entity, operation in history if ROOMS[type(entity)].kept]
    entities = [entity for entity, _ in kept]
    columns: sets.Columns = {
        "municipality": [municipality] * len(kept),
        "kind": [ROOMS[type(entity)].kind for entity in entities],
        "id": [entity.id for entity in entities],
        "version": [entity.version for entity in entities],
        "doc": _docs(entities, docs),
        "operation": [operation for _, operation in kept],
        "at": [now] * len(kept),
    }
    await sets.add(db, versions, columns)


def _docs(entities: Sequence[Entity], docs: Docs | None) -> list[str]:
    """A new entity stands in its table and in the history: it is encoded once."""
    if docs is None:
        return [encode(entity) for entity in entities]
    docs.update((id(entity), encode(entity)) for entity in entities if id(entity) not in docs)
    return [docs[id(entity)] for entity in entities]
