"""What has not come through to other systems, read whole: for the desk's list and for the letter about it."""

from datetime import datetime, timedelta
from typing import Final

from trygghetsvandring.domain import unreached as rules
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.domain.unreached import Unreached
from trygghetsvandring.storage import connections, records
from trygghetsvandring.storage.unit import Db

LOOKED_BACK: Final = timedelta(days=30)
"""For calls, and for what failed with a party that no longer has the task. A task that is theirs is never left out."""


async def unreached(db: Db, municipality: str, now: datetime) -> Unreached:
    partners = await connections.all_partners(db, municipality)
    told = {it.id: it for it in await connections.all_webhooks(db, municipality)}
    failed_calls = await connections.failed_calls(db, municipality, now - LOOKED_BACK) if told else []
    if not partners:
        return Unreached(stuck=[], silent=[], unheard=rules.unheard(told, failed_calls))
    handed = await connections.handed_over(db, municipality, [it.organisation for it in partners])
    failed = await connections.failed_deliveries(db, municipality, now - LOOKED_BACK)
    tasks = await records.load(db, municipality, Task, {it.about for it in failed})
    elsewhere = [(task, it) for it in failed if (task := tasks.get(it.about)) is not None]
    return Unreached(
        stuck=rules.stuck(handed, elsewhere, now),
        silent=rules.silent(partners, handed, now),
        unheard=rules.unheard(told, failed_calls),
        undone=rules.undone(handed),
    )
