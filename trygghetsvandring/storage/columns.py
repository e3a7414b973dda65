"""What tables are made of: the names of keys, moments in UTC, and a table of one kind of entity."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    Uuid,
    cast,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware datetime in UTC. SQLite forgets the zone; this puts it back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without a time zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class written(FunctionElement[str]):  # noqa: N801  # reads as what the database does
    """An id as it is written in JSON. Hundreds of them are written by the database, not made into ids first."""

    inherit_cache = True
    type = String()

    def __init__(self, id: ColumnElement[UUID]) -> None:
        super().__init__(id)


@compiles(written)
def _written(element: written, compiler: Any, **how: Any) -> str:
    (id,) = element.clauses
    return str(compiler.process(cast(id, String), **how))


@compiles(written, "sqlite")
def _written_on_sqlite(element: written, compiler: Any, **how: Any) -> str:
    """SQLite keeps the thirty-two letters without their dashes."""
    (id,) = element.clauses
    said = compiler.process(id, **how)
    return " || '-' || ".join(
        f"substr({said}, {at}, {long})" for at, long in ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
    )


class each_id(FunctionElement[str]):  # noqa: N801  # reads as what the database does
    """The ids of a list that is written in JSON, one by one: `.table_valued("value")`. For lists of ids only."""

    inherit_cache = True
    type = String()

    def __init__(self, ids: ColumnElement[str]) -> None:
        super().__init__(ids)


@compiles(each_id)
def _each_id(element: each_id, compiler: Any, **how: Any) -> str:
    (ids,) = element.clauses
    return f"jsonb_array_elements_text(CAST({compiler.process(ids, **how)} AS JSONB))"


@compiles(each_id, "sqlite")
def _each_id_on_sqlite(element: each_id, compiler: Any, **how: Any) -> str:
    (ids,) = element.clauses
    return f"json_each({compiler.process(ids, **how)})"


class as_id(FunctionElement[UUID]):  # noqa: N801  # reads as what the database does
    """An id that is written in JSON, as a column of ids has it."""

    inherit_cache = True
    type = Uuid()

    def __init__(self, text: ColumnElement[Any]) -> None:
        super().__init__(text)


@compiles(as_id)
def _as_id(element: as_id, compiler: Any, **how: Any) -> str:
    (text,) = element.clauses
    return f"CAST({compiler.process(text, **how)} AS UUID)"


@compiles(as_id, "sqlite")
def _as_id_on_sqlite(element: as_id, compiler: Any, **how: Any) -> str:
    (text,) = element.clauses
    return f"replace({compiler.process(text, **how)}, '-', '')"


class all_bits(FunctionElement[int]):  # noqa: N801  # reads as what the database does
    """Every bit that is in one of a group's numbers. For numbers of one bit each."""

    inherit_cache = True
    type = Integer()

    def __init__(self, bit: ColumnElement[int]) -> None:
        super().__init__(bit)


@compiles(all_bits)
def _all_bits(element: all_bits, compiler: Any, **how: Any) -> str:
    (bit,) = element.clauses
    return f"bit_or({compiler.process(bit, **how)})"


@compiles(all_bits, "sqlite")
def _all_bits_on_sqlite(element: all_bits, compiler: Any, **how: Any) -> str:
    (bit,) = element.clauses
    return f"sum(DISTINCT {compiler.process(bit, **how)})"


def municipality_key() -> Column[str]:
    return Column("municipality", String(40), ForeignKey("municipalities.id"), primary_key=True)


def record_table(name: str, *columns: Column[object] | Index) -> Table:
    """A table of one kind of entity: the whole entity as JSON text in `doc`, beside the columns it is asked for by."""
    return Table(
        name,
        metadata,
        municipality_key(),
        Column("id", Uuid, primary_key=True),
        Column("version", Integer, nullable=False),
        Column("doc", Text, nullable=False),
        Column("updated_at", Moment, nullable=False),
        *columns,
    )
