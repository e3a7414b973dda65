"""Addresses of those who may be asked about their feedback: beside the log, since what is logged is never removed.

As with the digests' addresses the one exception from the one door, and therefore small.
"""

from datetime import datetime
from uuid import UUID

from trygghetsvandring.storage import feedback
from trygghetsvandring.sync.engine import Engine


async def keep(engine: Engine, municipality: str, id: UUID, address: str, now: datetime) -> None:
    """Before the feedback itself: cut off between the two, nothing is promised that is not kept."""
    async with engine.store.write() as db:
        await feedback.keep_contact(db, municipality, id, address, now)


async def forget(engine: Engine, municipality: str, id: UUID) -> None:
    async with engine.store.write() as db:
        await feedback.forget_contact(db, municipality, id)
