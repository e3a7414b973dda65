"""Migrations for SQLite and PostgreSQL alike, on the connection or the URL that is handed in."""

import asyncio
from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, MetaData
from sqlalchemy.ext.asyncio import create_async_engine

from trygghetsvandring.storage import outside as _outside  # noqa: F401  # the tables beside
from trygghetsvandring.storage import pushes as _pushes  # noqa: F401
from trygghetsvandring.storage.tables import Moment, metadata

target_metadata: MetaData = metadata


def plainly(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """A migration names no class of ours: it must run after the class has changed."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=target_metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        render_item=plainly,
    )
    with context.begin_transaction():
        context.run_migrations()


async def run_at(url: str) -> None:
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()


connection = context.config.attributes.get("connection")
if connection is not None:
    run(connection)
else:
    url = context.config.get_main_option("sqlalchemy.url")
    if not url:
        raise SystemExit("alembic needs sqlalchemy.url; use `trygg migrate`")
    asyncio.run(run_at(url))
