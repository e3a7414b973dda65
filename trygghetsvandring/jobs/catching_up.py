"""Once a day: rows of findings and tasks that the code of the version before has written are put right."""

from datetime import timedelta
from typing import Any, Final

import structlog

from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.jobs.work import Context, Lane, handles
from trygghetsvandring.storage import catching_up as stored
from trygghetsvandring.storage import observations as _stored  # noqa: F401  # registers how they are stored
from trygghetsvandring.storage import tasks as _stored_too  # noqa: F401
from trygghetsvandring.storage.queue import Waiting

KIND: Final = "daily.columns"
LOOKS_BACK: Final = timedelta(days=30)
_OF: Final[tuple[type[Any], ...]] = (Observation, Task)
log = structlog.get_logger()


@handles(KIND, Lane.DAILY)
async def catch_up(context: Context, job: Waiting) -> None:
    """A few hundred rows in each transaction: nobody waits for the whole."""
    place, since = job.municipality, context.clock() - LOOKS_BACK
    for kind in _OF:
        after, done = None, 0
        while True:
            async with context.store.read() as db:
                found, after = await stored.strays(db, place, kind, since, after)
            if found:
                async with context.store.write() as db:
                    done += await stored.put_right(db, place, kind, found)
            if after is None:
                break
        if done:
            log.info("columns_put_right", kind=kind.__name__, rows=done)
