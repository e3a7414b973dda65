"""A backup of an evening's database, and how it is brought back while nobody uses it: a file, or every row there is."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import delete, insert, select

from trygghetsvandring.storage.tables import metadata
from trygghetsvandring.storage.unit import Store


def cells(rows: Any) -> str:
    """Everything a table says, in lower case."""
    return "\n".join(str(value) for row in rows for value in row if value is not None).lower()


class Base(Protocol):
    """Where an evening's database is, and how it is copied and brought back while nobody uses it."""

    def begin(self, folder: Path) -> str: ...

    async def said(self, store: Store) -> dict[str, str]:
        """Everything each table says."""
        ...

    async def kept(self, store: Store, to: Path) -> None: ...

    async def bring_back(self, url: str, folder: Path, kept: Path) -> None: ...


@dataclass
class OnSqlite(Base):
    template: Path

    def begin(self, folder: Path) -> str:
        shutil.copy(self.template, folder / "trygg.sqlite")
        return f"sqlite+aiosqlite:///{folder / 'trygg.sqlite'}"

    async def said(self, store: Store) -> dict[str, str]:
        with closing(sqlite3.connect(store.url.partition("///")[2])) as db:
            return {it.name: cells(db.execute(f"SELECT * FROM {it.name}")) for it in metadata.sorted_tables}  # noqa: S608

    async def kept(self, store: Store, to: Path) -> None:
        await store.squeeze()
        shutil.copy(store.url.partition("///")[2], to / "trygg.sqlite")

    async def bring_back(self, url: str, folder: Path, kept: Path) -> None:
        for rest in ("trygg.sqlite-wal", "trygg.sqlite-shm"):
            (folder / rest).unlink(missing_ok=True)
        shutil.copy(kept / "trygg.sqlite", folder / "trygg.sqlite")


@dataclass
class OnPostgres(Base):
    """Every row of every table is a backup as good as any."""

    emptied: Any  # () -> the address
    copies: dict[Path, dict[str, list[Any]]] = field(default_factory=dict)

    def begin(self, folder: Path) -> str:
        url: str = self.emptied()
        return url

    async def said(self, store: Store) -> dict[str, str]:
        async with store.read() as db:
            return {it.name: cells(await db.execute(select(it))) for it in metadata.sorted_tables}

    async def kept(self, store: Store, to: Path) -> None:
        async with store.read() as db:
            tables = metadata.sorted_tables
            rows = {it.name: [dict(row._mapping) for row in await db.execute(select(it))] for it in tables}
        self.copies[to] = rows

    async def bring_back(self, url: str, folder: Path, kept: Path) -> None:
        store = Store(url)
        async with store.write() as db:
            for table in reversed(metadata.sorted_tables):
                await db.execute(delete(table))
            for table in metadata.sorted_tables:
                if rows := self.copies[kept][table.name]:
                    await db.execute(insert(table), rows)
        await store.close()
