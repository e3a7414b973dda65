"""The schema, brought to its newest form by migrations only."""

import secrets
from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, select
from sqlalchemy.ext.asyncio import create_async_engine

from trygghetsvandring.storage.tables import meta

_HERE = Path(__file__).resolve()
# In a checkout the migrations lie at the top; in an installed package beside the code.
_PLACES = (_HERE.parents[2] / "migrations", _HERE.parents[1] / "migrations")


def config() -> Config:
    folder = next(place for place in _PLACES if (place / "env.py").is_file())
    it = Config()
    it.set_main_option("script_location", str(folder))
    it.set_main_option("path_separator", "os")
    return it


async def upgrade(url: str, revision: str = "head") -> None:
    """Up to `revision`; gives a new database its feed epoch."""
    await _run(url, lambda it: command.upgrade(it, revision))
    engine = create_async_engine(url)
    async with engine.begin() as db:
        known = (await db.execute(select(meta.c.value).where(meta.c.name == "epoch"))).scalar_one_or_none()
        if known is None:
            await db.execute(meta.insert().values(name="epoch", value=secrets.token_hex(8)))
    await engine.dispose()


async def downgrade(url: str, revision: str = "base") -> None:
    await _run(url, lambda it: command.downgrade(it, revision))


async def check(url: str) -> None:
    """Raises when the tables in the code are not what the migrations make."""
    await _run(url, command.check)


async def _run(url: str, act: Callable[[Config], object]) -> None:
    def inside(connection: Connection) -> None:
        it = config()
        it.attributes["connection"] = connection
        act(it)

    engine = create_async_engine(url)
    async with engine.begin() as db:
        await db.run_sync(inside)
    await engine.dispose()
