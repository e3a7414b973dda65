"""Other systems: keys, partners, deliveries, reports and webhooks, and the log of calls."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, null, select, update

from trygghetsvandring.domain.connections import (
    ApiKey,
    Delivery,
    DeliveryState,
    Partner,
    Report,
    Webhook,
    WorkEvent,
)
from trygghetsvandring.domain.tasks import Task, TaskState
from trygghetsvandring.storage import queue, sets
from trygghetsvandring.storage.outside import (
    api_keys,
    deliveries,
    partners,
    reports,
    webhook_calls,
    webhooks,
    work_calls,
)
from trygghetsvandring.storage.records import decode, encode, found, insert_into, register
from trygghetsvandring.storage.tables import tasks
from trygghetsvandring.storage.unit import Db

register(ApiKey, "api_key", api_keys, lambda k: {"secret_hash": k.secret_hash, "is_open": k.is_open})
register(Partner, "partner", partners, lambda p: {"organisation": p.organisation})
register(Delivery, "delivery", deliveries, lambda d: {"about": d.about, "state": d.state, "changed_at": d.changed_at})
register(Report, "report", reports, lambda r: {"about": r.about})
register(Webhook, "webhook", webhooks, lambda w: {"is_open": w.is_open})

_AT_THEIR_END = (TaskState.WONT_DO, TaskState.VERIFIED)


async def by_key(db: Db, municipality: str, secret_hash: str) -> ApiKey | None:
    """The open key with this digest; a revoked one opens nothing."""
    c = api_keys.c
    rows = await db.execute(
        select(c.doc).where(c.municipality == municipality, c.secret_hash == secret_hash, c.is_open.is_(True))
    )
    return next((decode(ApiKey, doc) for (doc,) in rows), None)


async def keys(db: Db, municipality: str) -> list[ApiKey]:
    c = api_keys.c
    return await found(db, ApiKey, select(c.doc).where(c.municipality == municipality).order_by(c.id))


async def all_partners(db: Db, municipality: str) -> list[Partner]:
    c = partners.c
    question = select(c.doc).where(c.municipality == municipality)
    return await found(db, Partner, question.order_by(c.organisation))


async def open_webhooks(db: Db, municipality: str) -> list[Webhook]:
    c = webhooks.c
    question = select(c.doc).where(c.municipality == municipality, c.is_open.is_(True))
    return await found(db, Webhook, question.order_by(c.id))


async def all_webhooks(db: Db, municipality: str) -> list[Webhook]:
    c = webhooks.c
    return await found(db, Webhook, select(c.doc).where(c.municipality == municipality).order_by(c.id))


async def of_task(db: Db, municipality: str, task: UUID) -> list[Delivery]:
    """Every time it was handed over, the latest first."""
    c = deliveries.c
    question = select(c.doc).where(c.municipality == municipality, c.about == task)
    return sorted(await found(db, Delivery, question), key=lambda it: -it.turn)


async def latest_deliveries(db: Db, municipality: str, limit: int) -> list[Delivery]:
    c = deliveries.c
    question = select(c.doc).where(c.municipality == municipality)
    return await found(db, Delivery, question.order_by(c.changed_at.desc(), c.id).limit(limit))


async def handed_over(db: Db, municipality: str, organisations: Collection[str]) -> list[tuple[Task, list[Delivery]]]:
    """Tasks that lie with these parties and are not at their end, each with its deliveries, the latest first."""
    t = tasks.c
    asked = select(t.doc).where(t.municipality == municipality, t.department.in_(organisations))
    theirs = await found(db, Task, asked.where(t.state.not_in(_AT_THEIR_END)).order_by(t.id))
    rows = await sets.among(db, deliveries, ["doc"], municipality, "about", [task.id for task in theirs])
    of: dict[UUID, list[Delivery]] = {}
    for it in sorted((decode(Delivery, doc) for (doc,) in rows), key=lambda it: -it.turn):
        of.setdefault(it.about, []).append(it)
    return [(task, of.get(task.id, [])) for task in theirs if not task.is_gone]


async def failed_deliveries(db: Db, municipality: str, since: datetime) -> list[Delivery]:
    c = deliveries.c
    question = select(c.doc).where(c.municipality == municipality, c.changed_at >= since)
    return await found(db, Delivery, question.where(c.state == DeliveryState.FAILED).order_by(c.changed_at, c.id))


async def failed_calls(db: Db, municipality: str, since: datetime) -> list[tuple[UUID, str, datetime]]:
    """(webhook, reason, when) of calls that were given up, the latest first."""
    rows = [
        (row.webhook, row.reason, row.changed_at)
        for table in (webhook_calls, work_calls)
        for row in await db.execute(
            select(table.c.webhook, table.c.reason, table.c.changed_at).where(
                table.c.municipality == municipality, table.c.changed_at >= since, table.c.state == "failed"
            )
        )
    ]
    return sorted(rows, key=lambda row: row[2], reverse=True)


async def tell_again(db: Db, municipality: str, webhook: UUID, now: datetime, kinds: Mapping[str, str]) -> None:
    """What was given up leaves again under the same id: the latest of each finding and task, as that stands now.

    `kinds`: the job that tells of a "finding", and of a "task". Done twice it changes nothing.
    """
    for table, about in ((webhook_calls, "finding"), (work_calls, "task")):
        c = table.c
        mine = (c.municipality == municipality, c.webhook == webhook, c.state == "failed")
        rows = (await db.execute(select(c.id, c[about], c.event).where(*mine).order_by(c.changed_at, c.id))).all()
        latest = {row[1]: row for row in rows}
        for row in latest.values():
            body = encode({"webhook": str(webhook), about: str(row[1]), "event": row.event})
            await queue.plan_anew(db, municipality, row.id, kinds[about], body, now)
        again = [row.id for row in latest.values()]
        await db.execute(
            update(table).where(*mine, c.id.in_(again)).values(state="waiting", attempts=0, changed_at=now)
        )
        await db.execute(update(table).where(*mine).values(state="superseded"))


async def note_call(
    db: Db,
    municipality: str,
    id: UUID,
    *,
    webhook: UUID,
    finding: UUID,
    event: str,
    state: str,
    status: int | None,
    reason: str,
    attempts: int,
    at: datetime,
) -> None:
    """The latest try of one call. What it said is not kept."""
    row = {"municipality": municipality, "id": id, "webhook": webhook, "finding": finding, "event": event}
    changing = {"state": state, "status": status, "reason": reason[:60], "attempts": attempts, "changed_at": at}
    statement = insert_into(db, webhook_calls).values({**row, **changing})
    await db.execute(statement.on_conflict_do_update(index_elements=["municipality", "id"], set_=changing))


async def plan_work_calls(db: Db, rows: Sequence[Mapping[str, Any]]) -> None:
    """Each with municipality, id (also the job's), webhook, task, event and changed_at."""
    waiting = {"state": "waiting", "reason": "", "attempts": 0}
    await db.execute(insert(work_calls), [{**waiting, **row} for row in rows])


async def note_work_call(
    db: Db,
    municipality: str,
    id: UUID,
    *,
    event: str,
    state: str,
    status: int | None,
    reason: str,
    attempts: int,
    at: datetime,
) -> None:
    """The latest try of one planned call. What it said is not kept."""
    c = work_calls.c
    said = {"event": event, "state": state, "status": status, "reason": reason[:60], "attempts": attempts}
    await db.execute(update(work_calls).where(c.municipality == municipality, c.id == id).values(**said, changed_at=at))


async def told_of(db: Db, municipality: str, tasks: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """(webhook, task) for each address that has been told, or will be, that the task is its unit's."""
    c = work_calls.c
    asked = select(c.webhook, c.task, c.event).where(c.municipality == municipality, c.task.in_(tasks))
    last = {(row.webhook, row.task): row.event for row in await db.execute(asked.order_by(c.id))}
    return {key for key, event in last.items() if event != WorkEvent.LEFT}


async def calls(db: Db, municipality: str, limit: int) -> list[dict[str, Any]]:
    """The delivery log, newest first; each is of a finding or of a task."""
    told = [
        select(
            *(table.c[name] for name in ("id", "webhook")),
            (table.c.finding if table is webhook_calls else null()).label("finding"),
            (table.c.task if table is work_calls else null()).label("task"),
            *(table.c[name] for name in ("event", "state", "status", "reason", "attempts", "changed_at")),
        )
        .where(table.c.municipality == municipality)
        .order_by(table.c.changed_at.desc())
        .limit(limit)
        for table in (webhook_calls, work_calls)
    ]
    rows = [dict(row._mapping) for question in told for row in await db.execute(question)]
    return sorted(rows, key=lambda row: row["changed_at"], reverse=True)[:limit]
