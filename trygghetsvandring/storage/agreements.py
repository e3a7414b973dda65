"""Agreements, all of a municipality's: there are a handful."""

from sqlalchemy import select

from trygghetsvandring.domain.agreements import Agreement
from trygghetsvandring.storage.promise_tables import agreements
from trygghetsvandring.storage.records import found, register
from trygghetsvandring.storage.unit import Db

register(Agreement, "agreement", agreements, lambda _it: {})


async def all_of(db: Db, municipality: str) -> list[Agreement]:
    """As they were entered, the first first."""
    c = agreements.c
    return await found(db, Agreement, select(c.doc).where(c.municipality == municipality).order_by(c.id))
