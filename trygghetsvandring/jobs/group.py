"""The coordinator's one message back, to everybody on the walk who gave an address; the phones get it by themselves."""

from typing import Final
from uuid import UUID

import msgspec

from trygghetsvandring.domain.digests import GroupMessage
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.integrations.digest_letters import group_subject, group_text
from trygghetsvandring.integrations.mail import Letter
from trygghetsvandring.jobs.digest import one_click, page, stop
from trygghetsvandring.jobs.sending import send_each
from trygghetsvandring.jobs.work import Context, Lane, handles
from trygghetsvandring.storage import digests, municipalities, records
from trygghetsvandring.storage.queue import Waiting

KIND: Final = "mail.group"


class ToGroup(msgspec.Struct, kw_only=True):
    walk: UUID


@handles(KIND, Lane.LETTERS)
async def send(context: Context, job: Waiting) -> None:
    id = msgspec.json.decode(job.body, type=ToGroup).walk
    async with context.store.read() as db:
        here = await municipalities.municipality(db, job.municipality)
        walk = await records.one(db, job.municipality, Walk, id)
        message = await records.one(db, job.municipality, GroupMessage, id)
        if here is None or walk is None or message is None:
            return
        mine = await digests.confirmed(db, job.municipality, walk)
    letters = [
        Letter(
            id=f"{job.id}.{each.id}",
            to=each.address,
            subject=group_subject(walk.name),
            text=group_text(here.name, message.text, message.by, page(context, each.id), stop(context, each.id)),
            headers=one_click(stop(context, each.id)),
            thread=(f"vandring-{walk.id}",),
        )
        for each in mine
    ]
    await send_each(context, here.id, letters)
