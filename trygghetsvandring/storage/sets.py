"""Many rows as one set, past the statement compiler: what a batch stores costs one statement a table, not one a row.

PostgreSQL takes each column as one binary array and unnests it; SQLite's driver takes all rows in one hop to its
thread. Values are bound exactly as SQLAlchemy's column types bind them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Dialect, Row, Select, String, Table, Text, Uuid, bindparam, cast, column, func, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql.psycopg import dialect as postgresql
from sqlalchemy.dialects.sqlite import dialect as sqlite

from trygghetsvandring.storage.tables import Moment
from trygghetsvandring.storage.unit import Db, NotStorable

Bind = Callable[[Any], Any]
Columns = Mapping[str, Sequence[Any]]  # of equal length
_DIALECTS: Mapping[str, Dialect] = {"sqlite": sqlite(), "postgresql": postgresql()}  # type: ignore[no-untyped-call]


async def add(db: Db, table: Table, columns: Columns) -> None:
    """A row that is there already is `NotStorable`."""
    await _store(db, table, columns, replacing=False)


async def put(db: Db, table: Table, columns: Columns) -> None:
    """As `add`, but a row with the same municipality and id is replaced."""
    await _store(db, table, columns, replacing=True)


def columns(rows: Sequence[Mapping[str, object]]) -> Columns:
    """Every row has the same names in the same order."""
    return dict(zip(rows[0], zip(*(row.values() for row in rows)))) if rows else {}  # noqa: B905  # a table's width


async def _store(db: Db, table: Table, given: Columns, *, replacing: bool) -> None:
    if not any(given.values()):
        return
    statement, binds = _statement(db.dialect.name, table, tuple(given), replacing)
    try:
        columns = [_bound(values, bind) for values, bind in zip(given.values(), binds, strict=True)]
    except (ValueError, OverflowError) as error:
        raise NotStorable(type(error).__name__) from error
    if db.dialect.name == "sqlite":
        await db.exec_driver_sql(statement, list(zip(*columns, strict=True)))
    else:
        await db.exec_driver_sql(statement, tuple(columns))


def _bound(column: Sequence[Any], bind: Bind | None) -> list[Any]:
    """A moment or an id is often that of the row before: it is bound once."""
    if bind is None:
        return column if isinstance(column, list) else list(column)
    bound: list[Any] = []
    last = value = None
    for each in column:
        if each is not last or not bound:
            last, value = each, bind(each)
        bound.append(value)
    return bound


@lru_cache(256)
def _statement(dialect: str, table: Table, names: tuple[str, ...], replacing: bool) -> tuple[str, list[Bind | None]]:
    spoken = _DIALECTS[dialect]
    types = [table.c[name].type for name in names]
    values = f"VALUES ({', '.join('?' * len(names))})"
    if dialect == "postgresql":
        values = "SELECT * FROM unnest(" + ", ".join(f"%b::{_array(type, spoken)}" for type in types) + ")"  # noqa: S608
    done = f"INSERT INTO {table.name} ({', '.join(names)}) {values}"
    if replacing:
        changed = ", ".join(f"{name} = excluded.{name}" for name in names if name not in ("municipality", "id"))
        done += f" ON CONFLICT (municipality, id) DO UPDATE SET {changed}"
    return done, [_bind(type, spoken) for type in types]


def _bind(type: Any, spoken: Dialect) -> Bind | None:
    if isinstance(type, Moment) and spoken.name == "sqlite":
        return _moment
    bind: Bind | None = type.dialect_impl(spoken).bind_processor(spoken)
    return bind


def _moment(value: datetime | None) -> str | None:
    """As SQLite's DateTime writes it, at a fifth of the price."""
    if value is None:
        return None
    if value.tzinfo is not UTC:
        if value.tzinfo is None:
            raise ValueError("a time without a time zone")
        value = value.astimezone(UTC)
    return value.replace(tzinfo=None).isoformat(" ", "microseconds")


def _array(type: Any, spoken: Dialect) -> str:
    # A cast to VARCHAR(40) cuts in silence what the column itself refuses.
    return "text[]" if isinstance(type, String) else f"{type.compile(spoken)}[]"


async def among(
    db: Db, table: Table, columns: Sequence[str], municipality: str, key: str, ids: Iterable[UUID], order: str = ""
) -> Sequence[Row[Any]]:
    """These columns of a municipality's rows whose `key` is one of the ids: one bound value however many they are.

    `order` names the columns to sort by.
    """
    question = _among(db.dialect.name, table, tuple(columns), key, tuple(order.split()))
    listed = "[" + ",".join(f'"{id.hex}"' for id in ids) + "]"
    if db.dialect.name == "postgresql":
        listed = "{" + listed[1:-1].replace('"', "") + "}"
    found: Sequence[Row[Any]] = (await db.execute(question, {"in_municipality": municipality, "listed": listed})).all()
    return found


@lru_cache(256)  # what costs more to put together than to ask
def _among(dialect: str, table: Table, columns: tuple[str, ...], key: str, order: tuple[str, ...]) -> Select[Any]:
    place = bindparam("in_municipality", type_=String)
    asked = select(*(table.c[name] for name in columns)).where(table.c.municipality == place)
    if dialect == "sqlite":
        each_id = func.json_each(bindparam("listed", type_=Text)).table_valued("value")
        return asked.where(table.c[key].in_(select(each_id.c.value))).order_by(*(table.c[name] for name in order))
    listed = func.unnest(cast(bindparam("listed", type_=Text), ARRAY(Uuid)))
    wanted = listed.table_valued(column("id", Uuid), name="wanted").render_derived()
    # Id by id through the index. Left to choose, and without statistics on a first evening, PostgreSQL reads the whole
    # municipality and holds every row against every id.
    each = asked.where(table.c[key] == wanted.c.id).offset(0).lateral()
    return select(each).select_from(wanted.join(each, true())).order_by(*(each.c[name] for name in order))
