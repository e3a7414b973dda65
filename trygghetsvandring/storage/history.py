"""What an entity has been, version by version, and who made each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import and_, or_, select

from trygghetsvandring.domain.people import Principal
from trygghetsvandring.storage.records import ROOMS, decode
from trygghetsvandring.storage.tables import operations, versions
from trygghetsvandring.storage.unit import Db

Key = tuple[type[Any], UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One version; `actor` None = nobody knows, or it does not matter."""

    entity: Any
    actor: Principal | None
    at: datetime | None


async def since(db: Db, municipality: str, wanted: Mapping[Key, int]) -> dict[Key, list[Made]]:
    """Every version of each from the given one on, oldest first, in one question."""
    if not wanted:
        return {}
    v, o = versions.c, operations.c
    theirs = or_(
        *(and_(v.kind == ROOMS[kind].kind, v.id == id, v.version >= base) for (kind, id), base in wanted.items())
    )
    rows = await db.execute(
        select(v.kind, v.id, v.doc, o.actor, o.corrected_at)
        .outerjoin_from(versions, operations, and_(o.municipality == v.municipality, o.id == v.operation))
        .where(v.municipality == municipality, theirs)
        .order_by(v.kind, v.id, v.version)
    )
    types = _types(wanted)
    found: dict[Key, list[Made]] = {}
    for kind, id, doc, actor, at in rows:
        type = types[kind]
        who = None if actor is None else msgspec.json.decode(actor, type=Principal)
        found.setdefault((type, id), []).append(Made(entity=decode(type, doc), actor=who, at=at))
    return found


def _types(wanted: Iterable[Key]) -> dict[str, type[Any]]:
    return {ROOMS[type].kind: type for type, _ in wanted}
