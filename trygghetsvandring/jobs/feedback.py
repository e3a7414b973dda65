"""Addresses left with feedback go: at once when it is closed, and else by time, looked through once a day."""

from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec

from trygghetsvandring.domain.feedback import KEEP_CONTACT
from trygghetsvandring.jobs.work import Context, Lane, handles
from trygghetsvandring.storage import feedback
from trygghetsvandring.storage.queue import Waiting
from trygghetsvandring.sync import contacting
from trygghetsvandring.sync.ops.feedback import FORGET_KIND

DAILY: Final = "daily.feedback"
KINDS: Final = frozenset({DAILY, FORGET_KIND})
_LONELY: Final = timedelta(hours=1)  # an address is kept a moment before the feedback it belongs to


class Forget(msgspec.Struct, kw_only=True):
    feedback: UUID


@handles(FORGET_KIND, Lane.ERASURES)
async def forget(context: Context, job: Waiting) -> None:
    id = msgspec.json.decode(job.body, type=Forget).feedback
    await contacting.forget(context.engine, job.municipality, id)


@handles(DAILY, Lane.DAILY)
async def look_through(context: Context, job: Waiting) -> None:
    now = context.clock()
    async with context.store.write() as db:
        await feedback.forget_contacts(
            db, job.municipality, given_before=now - KEEP_CONTACT, lonely_before=now - _LONELY
        )
