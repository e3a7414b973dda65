"""The runner: takes due jobs and does them, in the server's process or in one of its own (`trygg jobs`).

Any number of runners may work on one database. A job is leased before it is done, so a runner that dies loses nothing:
the job is due again when the lease ends. What fails is tried again, later and later, and keeps its reason.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

import structlog

from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.integrations.mail import NotDelivered
from trygghetsvandring.jobs import (
    alarms,
    arrivals,
    catching_up,
    daily,
    derivatives,
    devices,
    digest,
    duty,
    erasures,
    feedback,
    followers,
    group,
    handover,
    helped,
    incoming_mail,
    news,
    noticed,
    open311,
    open311_sweep,
    protocols,
    proving,
    push_lines,
    pushes,
    reminders,
    report_backs,
    rota,
    taken_back,
    trade,
    unreached,
    uploads,
    webhooks,
)
from trygghetsvandring.jobs.work import HANDLERS, Context, Lane
from trygghetsvandring.storage import queue
from trygghetsvandring.storage.queue import Waiting

log = structlog.get_logger()
KINDS: Final = frozenset(
    {
        *(alarms.KIND, catching_up.KIND, derivatives.KIND, devices.KIND, duty.KIND, erasures.KIND, group.KIND),
        *(*handover.KINDS, helped.KIND, *news.KINDS),
        protocols.KIND,
        proving.KIND,
        push_lines.KIND,
        *(*feedback.KINDS, *followers.KINDS, *reminders.KINDS),
        *report_backs.KINDS,
        *(*open311.KINDS, *open311_sweep.KINDS, *webhooks.KINDS),
        *(noticed.KIND, *taken_back.KINDS),
        *(*trade.KINDS, *rota.KINDS),
        *(*digest.KINDS, *incoming_mail.KINDS),
        unreached.KIND,
        uploads.KIND,
    }
)
_A_ROUND: Final = 8
_LEASE: Final = dict.fromkeys(Lane, timedelta(minutes=5)) | {
    Lane.LETTERS: timedelta(minutes=1),
    Lane.FOLLOWERS: timedelta(minutes=1),
    Lane.PROOFS: timedelta(hours=6),
}
"""Longer than the work can take. What a process was doing when it died waits so long; a letter must not for long."""
_PLAN_EVERY: Final = 3600.0
_LOOK_EVERY: Final = 60.0
_ARRIVALS_EVERY: Final = 15.0
_MAIL_EVERY: Final = 60.0
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
            lanes.create_task(self._now_and_then("plan", daily.plan, _PLAN_EVERY))
            lanes.create_task(self._now_and_then("pushes", pushes.look, _LOOK_EVERY))
            if self._context.mail_in:
                lanes.create_task(self._now_and_then("mail", incoming_mail.look, _MAIL_EVERY))
            lanes.create_task(self._now_and_then("arrivals", arrivals.look, _ARRIVALS_EVERY))

    async def round(self, lane: Lane) -> int:
        """Does what is due in one lane, a few jobs at most, and says how many that was."""
        for done in range(_A_ROUND):
            job = await self._begin(lane)
            if job is None:
                return done
            await self._do(lane, job)
        return _A_ROUND

    async def _begin(self, lane: Lane) -> Waiting | None:
        """The next job, leased. One at a time: what a process that dies had not begun is due at once for another."""
        now = self._context.clock()
        async with self._context.store.write() as db:
            jobs = await queue.due(db, now, 1, kinds=HANDLERS[lane])
            for job in jobs:
                await queue.lease(db, job, now + _LEASE[lane])
        return jobs[0] if jobs else None

    async def _run(self, lane: Lane) -> None:
        woken = self._woken[lane]
        while True:
            woken.clear()
            if not await self._round_or_rest(lane):
                # Not wait_for: until Python 3.12 it forgets a cancellation that comes together with the waking.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._poll):
                        await woken.wait()

    async def _now_and_then(self, name: str, work: Callable[[Context], Awaitable[object]], every_s: float) -> None:
        """What no commit asks for: tomorrow's work, also for a municipality that was added today."""
        while True:
            try:
                await work(self._context)
            except Exception as failed:  # noqa: BLE001 - a database that is away must not end the runner
                log.warning("jobs_rest", lane=name, error=type(failed).__name__)
            await asyncio.sleep(every_s)

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
                await alarms.retry(db, job, context.clock(), failed, _reason(failed))
        else:
            async with context.store.write() as db:
                await queue.finish(db, job, context.clock())


def _reason(failed: Exception) -> str:
    """Our own refusals say what happened; of anything else only its kind is kept, since its text may name people."""
    if isinstance(failed, NotDelivered | Refused):
        return f"{type(failed).__name__}: {failed}"
    return type(failed).__name__
