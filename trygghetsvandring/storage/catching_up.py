"""Columns that the code of the version before left empty or as they were: worked out anew from what is stored.

While processes are replaced one by one, and after a step back, that code writes rows that this one's lists are asked
by. The document is the truth; only the columns beside it are put right, and only while it is the same version.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import or_, select, update

from trygghetsvandring.storage.records import ROOMS, decode
from trygghetsvandring.storage.tables import observations
from trygghetsvandring.storage.unit import Db

AT_A_TIME: Final = 500


@dataclass(frozen=True, slots=True)
class Stray:
    """A row that does not say what its document does; `columns` as they ought to be."""

    id: UUID
    version: int
    columns: Mapping[str, object]


async def strays(
    db: Db, municipality: str, type: type[Any], since: datetime, after: UUID | None
) -> tuple[list[Stray], UUID | None]:
    """Among the next rows that were written since then, by id; and where to go on (None at the end).

    A finding that has no slot is looked at however old: this code never writes one.
    """
    room = ROOMS[type]
    c = room.table.c
    question = select(room.table).where(c.municipality == municipality)
    recent = c.updated_at >= since
    question = question.where(or_(recent, c.slot.is_(None)) if room.table is observations else recent)
    if after is not None:
        question = question.where(c.id > after)
    rows = (await db.execute(question.order_by(c.id).limit(AT_A_TIME))).mappings().all()
    found = list[Stray]()
    for row in rows:
        ought = room.columns(decode(type, row["doc"]))
        wrong = {name: value for name, value in ought.items() if row[name] != value}
        if wrong:
            found.append(Stray(row["id"], row["version"], wrong))
    return found, rows[-1]["id"] if len(rows) == AT_A_TIME else None


async def put_right(db: Db, municipality: str, type: type[Any], found: Sequence[Stray]) -> int:
    """How many still were the version that was looked at."""
    table, done = ROOMS[type].table, 0
    for it in found:
        same = (table.c.municipality == municipality, table.c.id == it.id, table.c.version == it.version)
        done += (await db.execute(update(table).where(*same).values(dict(it.columns)))).rowcount
    return done
