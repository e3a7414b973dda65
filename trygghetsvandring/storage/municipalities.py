"""Municipalities and their settings."""

from functools import lru_cache

import msgspec
from sqlalchemy import bindparam, select

from trygghetsvandring.domain.correspondence import Correspondence, applied
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.storage.letter_tables import correspondence
from trygghetsvandring.storage.records import encode, insert_into
from trygghetsvandring.storage.tables import municipalities
from trygghetsvandring.storage.unit import Db

_decoder = msgspec.json.Decoder(Municipality)
_changed = msgspec.json.Decoder(Correspondence)
_ONE = (
    select(municipalities.c.doc, correspondence.c.doc)
    .outerjoin(correspondence, correspondence.c.municipality == municipalities.c.id)
    .where(municipalities.c.id == bindparam("wanted"))
)


async def municipality(db: Db, id: str) -> Municipality | None:
    """With what has been changed at the desk."""
    row = (await db.execute(_ONE, {"wanted": id})).one_or_none()
    return None if row is None else decoded(*row)


@lru_cache(32)
def decoded(doc: str, changed: str | None) -> Municipality:
    """Asked for by nearly every request and seldom changed: the same words are read once. Frozen: safe to share."""
    return applied(_decoder.decode(doc), None if changed is None else _changed.decode(changed))


async def all_ids(db: Db) -> list[str]:
    return list((await db.execute(select(municipalities.c.id).order_by(municipalities.c.id))).scalars())


async def keep(db: Db, it: Municipality) -> None:
    values = {"id": it.id, "name": it.name, "version": it.version, "doc": encode(it)}
    statement = insert_into(db, municipalities).values(values)
    await db.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))
