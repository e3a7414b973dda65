"""A walk that is in gets its protocol begun, so that the draft is there when the coordinator comes to work."""

from typing import Final
from uuid import UUID

import msgspec

from trygghetsvandring.domain.protocols import Protocol, protocol_id
from trygghetsvandring.domain.walks import Walk, WalkState
from trygghetsvandring.jobs.work import Context, Lane, handles
from trygghetsvandring.storage import people, records
from trygghetsvandring.storage.queue import Waiting

KIND: Final = "protocol.draft"


class About(msgspec.Struct, kw_only=True):
    walk: UUID


@handles(KIND, Lane.PHOTOS)
async def draft(context: Context, job: Waiting) -> None:
    """Every phone that joined has handed in, or the walk was ended. The second time changes nothing."""
    id = msgspec.json.decode(job.body, type=About).walk
    async with context.store.read() as db:
        walk = await records.one(db, job.municipality, Walk, id)
        begun = await records.one(db, job.municipality, Protocol, protocol_id(id))
        phones = await people.on_walk(db, job.municipality, id)
    if walk is None or begun is not None:
        return
    if walk.state is WalkState.ENDED or all(phone.handed_in_at is not None for phone in phones):
        await context.engine.act(job.municipality, "protocol.draft", protocol_id(id), {"walk": id}, context.clock())
