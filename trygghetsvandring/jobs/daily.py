"""What is done once a day in each municipality: planned ahead as rows, so that a server that was away does it late."""

from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID, uuid5

from trygghetsvandring.domain.times import STOCKHOLM
from trygghetsvandring.jobs.work import HANDLERS, Context, Lane
from trygghetsvandring.storage import municipalities, queue

AT: Final = time(7, 0)  # before the office opens
_DAYS: Final = UUID("0f5b7c1e-6c0e-5f0a-8f0b-9d5a3a1c7e21")


def next_time(now: datetime) -> datetime:
    """The first seven o'clock in Stockholm that has not been."""
    local = now.astimezone(STOCKHOLM)
    today = datetime.combine(local.date(), AT, STOCKHOLM)
    return today if today > local else datetime.combine(local.date() + timedelta(days=1), AT, STOCKHOLM)


async def plan(context: Context) -> None:
    """One row for each kind and municipality. Asked any number of times, by any number of runners, it is one."""
    run_at = next_time(context.clock())
    async with context.store.read() as db:
        places = await municipalities.all_ids(db)
    async with context.store.write() as db:
        for place in places:
            for kind in (*HANDLERS[Lane.DAILY], *HANDLERS[Lane.PROOFS]):
                id = uuid5(_DAYS, f"{place} {kind} {run_at:%Y-%m-%d}")
                await queue.plan(db, place, id, kind, "{}", run_at)
