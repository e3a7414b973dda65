"""Other systems: keys, partners, deliveries, reports and webhooks, and the log of calls."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from trygghetsvandring.domain.connections import ApiKey, Delivery, Partner, Report, Webhook
from trygghetsvandring.storage.outside import (
    api_keys,
    deliveries,
    partners,
    reports,
    webhook_calls,
    webhooks,
)
from trygghetsvandring.storage.records import decode, found, insert_into, register
from trygghetsvandring.storage.unit import Db

register(ApiKey, "api_key", api_keys, lambda k: {"secret_hash": k.secret_hash, "is_open": k.is_open})
register(Partner, "partner", partners, lambda p: {"organisation": p.organisation})
register(Delivery, "delivery", deliveries, lambda d: {"about": d.about, "state": d.state, "changed_at": d.changed_at})
register(Report, "report", reports, lambda r: {"about": r.about})
register(Webhook, "webhook", webhooks, lambda w: {"is_open": w.is_open})


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


async def calls(db: Db, municipality: str, limit: int) -> list[dict[str, Any]]:
    """The delivery log, newest first."""
    c = webhook_calls.c
    asked = select(c.id, c.webhook, c.finding, c.event, c.state, c.status, c.reason, c.attempts, c.changed_at)
    rows = await db.execute(asked.where(c.municipality == municipality).order_by(c.changed_at.desc()).limit(limit))
    return [dict(row._mapping) for row in rows]
