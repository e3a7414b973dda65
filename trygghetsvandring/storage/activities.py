"""Activities: all of a municipality's, or of one promise."""

from uuid import UUID

from sqlalchemy import select

from trygghetsvandring.domain.activities import Activity
from trygghetsvandring.storage.promise_tables import activities
from trygghetsvandring.storage.records import found, register
from trygghetsvandring.storage.unit import Db

register(Activity, "activity", activities, lambda it: {"promise": it.promise})


async def all_of(db: Db, municipality: str) -> list[Activity]:
    """As they were entered, the first first."""
    c = activities.c
    return await found(db, Activity, select(c.doc).where(c.municipality == municipality).order_by(c.id))


async def of_promise(db: Db, municipality: str, promise: UUID) -> list[Activity]:
    """Likewise."""
    c = activities.c
    asked = select(c.doc).where(c.municipality == municipality, c.promise == promise)
    return await found(db, Activity, asked.order_by(c.id))
