"""The runner: takes due jobs and does them, in the server's process or in one of its own (`trygg jobs`).

Any number of runners may work on one database. A job is leased before it is done, so a runner that dies loses nothing:
the job is due again when the lease ends. What fails is tried again, later and later, and keeps its reason.
"""

import asyncio
import contextlib
from datetime import timedelta
from typing import Final

import structlog

from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.integrations.mail import NotDelivered
from trygghetsvandring.jobs import derivatives, duty, told
from trygghetsvandring.jobs.work import HANDLERS, Context, Lane
from trygghetsvandring.storage import queue
from trygghetsvandring.storage.queue import Waiting

log = structlog.get_logger()
KINDS: Final = frozenset({derivatives.KIND, duty.KIND, told.KIND})
_AT_ONCE: Final = 8
_LEASE: Final = timedelta(minutes=5)
_POLL: Final = 2.0
"""Seconds between looks, for what another process has enqueued; our own commits wake us at once."""


class Runner:
    def __init__(self, context: Context, *, poll: float = _POLL) -> None:
        self._context = context
        self._poll = poll
        self._woken = {lane: asyncio.Event() for lane in Lane}
        context.engine.after_commit.append(self.wake)

    def wake(self) -> None:
        """Something was committed: perhaps a letter that should leave now."""
        for event in self._woken.values():
            event.set()

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as lanes:
            for lane in Lane:
                lanes.create_task(self._run(lane))

    async def round(self, lane: Lane) -> int:
        """Does what is due in one lane, and says how many jobs that was."""
        context, kinds = self._context, HANDLERS[lane]
        now = context.clock()
        async with context.store.write() as db:
            jobs = await queue.due(db, now, _AT_ONCE, kinds=kinds)
            for job in jobs:
                await queue.lease(db, job, now + _LEASE)
        for job in jobs:
            await self._do(lane, job)
        return len(jobs)

    async def _run(self, lane: Lane) -> None:
        woken = self._woken[lane]
        while True:
            woken.clear()
            if not await self._round_or_rest(lane):
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(woken.wait(), self._poll)

    async def _round_or_rest(self, lane: Lane) -> int:
        try:
            return await self.round(lane)
        except Exception as failed:  # noqa: BLE001 - a database that is away must not end the runner
            log.warning("jobs_rest", lane=lane.value, error=type(failed).__name__)
            return 0

    async def _do(self, lane: Lane, job: Waiting) -> None:
        context = self._context
        try:
            await HANDLERS[lane][job.kind](context, job)
        except Exception as failed:  # noqa: BLE001 - the reason is kept with the job, and the job is tried again
            log.warning("job_failed", kind=job.kind, job=str(job.id), error=_reason(failed))
            async with context.store.write() as db:
                await queue.retry(db, job, context.clock(), _reason(failed))
        else:
            async with context.store.write() as db:
                await queue.finish(db, job, context.clock())


def _reason(failed: Exception) -> str:
    """Our own refusals say what happened; of anything else only its kind is kept, since its text may name people."""
    if isinstance(failed, NotDelivered | Refused):
        return f"{type(failed).__name__}: {failed}"
    return type(failed).__name__
