"""Everything about one municipality, table by table, for whoever leaves or has to hand it over."""

from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from trygghetsvandring.storage.tables import metadata
from trygghetsvandring.storage.unit import Db

_SECRETS = {"token_hash", "password_hash", "code_hash", "secret_hash"}


async def tables(db: Db, municipality: str) -> AsyncIterator[tuple[str, list[dict[str, object]]]]:
    """(table's name, its rows) with secrets left out."""
    for table in metadata.sorted_tables:
        if "municipality" not in table.c or table.name == "sessions":
            continue
        columns = [column for column in table.c if column.name not in _SECRETS]
        rows = await db.execute(select(*columns).where(table.c.municipality == municipality))
        yield table.name, [{name: _plain(value) for name, value in row._mapping.items()} for row in rows]


def _plain(value: object) -> object:
    if isinstance(value, UUID | datetime | date):
        return value.isoformat() if not isinstance(value, UUID) else str(value)
    return b64encode(value).decode() if isinstance(value, bytes) else value
