"""Municipalities and their settings."""

import msgspec
from sqlalchemy import select

from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.storage.records import encode, insert_into
from trygghetsvandring.storage.tables import municipalities
from trygghetsvandring.storage.unit import Db

_decoder = msgspec.json.Decoder(Municipality)


async def municipality(db: Db, id: str) -> Municipality | None:
    doc = (await db.execute(select(municipalities.c.doc).where(municipalities.c.id == id))).scalar_one_or_none()
    return None if doc is None else _decoder.decode(doc)


async def all_ids(db: Db) -> list[str]:
    return list((await db.execute(select(municipalities.c.id).order_by(municipalities.c.id))).scalars())


async def keep(db: Db, it: Municipality) -> None:
    values = {"id": it.id, "name": it.name, "version": it.version, "doc": encode(it)}
    statement = insert_into(db, municipalities).values(values)
    await db.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))
