"""Questions of ours that are asked all day, past SQLAlchemy's machinery for results, which costs as much as the answer.

Values are bound and read exactly as the columns' types do it; what the machinery does better is left to it: see `rows`.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import psycopg
from sqlalchemy import Dialect, Select

from trygghetsvandring.storage.unit import Db, driver

Change = Callable[[Any], Any] | None


class Asked:
    """One question, written once for each dialect. Every value it takes is a named `bindparam` with a type."""

    def __init__(self, question: Select[Any]) -> None:
        self._question = question
        self._written: dict[str, _Written] = {}

    async def rows(self, db: Db, values: Mapping[str, object]) -> Sequence[Sequence[Any]]:
        """In the question's order. What a driver refuses is asked again the long way, which says why in our words."""
        asked = driver(db)
        if asked is not None:
            written = self._written.get(db.dialect.name) or self._write(db.dialect)
            try:
                return written.rows(asked, values)
            except (psycopg.Error, sqlite3.Error):
                pass
        found: Sequence[Sequence[Any]] = (await db.execute(self._question, dict(values))).all()
        return found

    def _write(self, dialect: Dialect) -> "_Written":
        written = self._written[dialect.name] = _Written(self._question, dialect)
        return written


class _Written:
    def __init__(self, question: Select[Any], dialect: Dialect) -> None:
        compiled = question.compile(dialect=dialect)
        self._sql = str(compiled)
        self._positions: list[str] | None = getattr(compiled, "positiontup", None)
        binds = getattr(compiled, "binds")  # noqa: B009  # of an SQLCompiler; `Compiled` does not name it
        self._binds: dict[str, Change] = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in binds.items()
        }
        self._reads: list[Change] = [
            column.type.dialect_impl(dialect).result_processor(dialect, None) for column in question.selected_columns
        ]

    def rows(self, asked: Any, values: Mapping[str, object]) -> list[list[Any]]:
        bound = {name: bind(values[name]) if bind else values[name] for name, bind in self._binds.items()}
        given = bound if self._positions is None else [bound[name] for name in self._positions]
        return [
            [read(value) if read else value for read, value in zip(self._reads, row, strict=True)]
            for row in asked.execute(self._sql, given).fetchall()
        ]
