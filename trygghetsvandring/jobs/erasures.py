"""What was decided is removed: rows, bytes and letters, a piece at a time, going on where it was cut off."""

from typing import Final
from uuid import UUID

import msgspec

from trygghetsvandring.jobs.work import Context, Lane, handles
from trygghetsvandring.storage.queue import Waiting
from trygghetsvandring.sync.erasing import carry_out
from trygghetsvandring.sync.ops import erasures

KIND: Final = erasures.KIND


class CarryOut(msgspec.Struct, kw_only=True):
    decision: UUID


@handles(KIND, Lane.ERASURES)
async def remove(context: Context, job: Waiting) -> None:
    decision = msgspec.json.decode(job.body, type=CarryOut).decision
    await carry_out(context.hands, job.municipality, decision, context.clock())
