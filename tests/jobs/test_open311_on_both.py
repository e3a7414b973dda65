"""What is planned again, and what a person is told of, as both databases keep it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest_asyncio
from sqlalchemy import select, update

from tests.makers import COORDINATOR, LIDKOPING, Evening, an_evening
from trygghetsvandring.domain.connections import partner_id
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.jobs import open311_sweep
from trygghetsvandring.storage import connections
from trygghetsvandring.storage.queue import Waiting
from trygghetsvandring.storage.tables import jobs
from trygghetsvandring.sync.unreached import unreached

PARTY = "vasttrafik"


@pytest_asyncio.fixture
async def evening(database: str, tmp_path: Path) -> AsyncIterator[Evening]:
    async with an_evening(database, tmp_path) as it:
        yield it


async def handed(evening: Evening) -> None:
    """A task that lies with the party's system, whose next question has been lost."""
    phone, finding, task = await evening.phone(), uuid7(), uuid7()
    await phone.push(phone.observation(finding))
    given = {"department": PARTY, "explanation": "Deras.", "due_on": "2026-12-18"}
    for type, entity, body in (
        ("observation.review", finding, {"category": "bel.trasig", "severity": 1}),
        ("task.create", task, {"title": "Lampa", "observations": [finding], "priority": 2}),
        ("task.assign", task, given),
    ):
        assert (await evening.act(type, entity, body)).outcome == "applied"
    for to in ("pending", "sent", "acknowledged"):
        said = {"turn": 1, "organisation": PARTY, "to": to, "remote_id": "100"}
        told = await evening.engine.act(LIDKOPING, "delivery.note", task, said, evening.now)
        assert told.outcome == "applied", told
    async with evening.store.write() as db:
        await db.execute(update(jobs).values(done_at=evening.now))


async def planned(evening: Evening, kind: str) -> int:
    async with evening.store.read() as db:
        asked = select(jobs.c.id).where(jobs.c.kind == kind, jobs.c.done_at.is_(None), jobs.c.failed_at.is_(None))
        return len((await db.execute(asked)).all())


async def test_a_lost_question_is_planned_once_and_silence_and_lost_calls_are_told(evening: Evening) -> None:
    body = {"organisation": PARTY, "endpoint": "https://ut.example/open311/v2", "services": {"": "lampor"}}
    await evening.act("partner.set", partner_id(LIDKOPING, PARTY), body)
    await handed(evening)
    hook, finding = uuid7(), uuid7()
    await evening.act("webhook.create", hook, {"name": "Öppna data", "url": "https://ut.example/in"}, COORDINATOR)
    context = evening.app.state.runner._context
    for day in range(2):
        job = Waiting(municipality=LIDKOPING, id=uuid5(UUID(int=day), "x"), kind="", body="{}", attempts=0)
        await open311_sweep.look_through(context, job)
        await open311_sweep.look_through(context, job)
    calls = [uuid7(), uuid7()]
    at = evening.now + timedelta(days=3)
    async with evening.store.write() as db:
        for n, id in enumerate(calls):
            about: dict[str, Any] = {"webhook": hook, "finding": finding, "event": "request.updated"}
            about |= {"attempts": 20, "status": 500}
            when = evening.now + timedelta(minutes=n)
            await connections.note_call(db, LIDKOPING, id, **about, state="failed", reason="http_500", at=when)
        before = await unreached(db, LIDKOPING, at)
        for _ in range(2):
            await connections.tell_again(db, LIDKOPING, hook, at, {"finding": "webhook.call", "task": "webhook.work"})
        after = await unreached(db, LIDKOPING, at)
        said = {row["id"]: row["state"] for row in await connections.calls(db, LIDKOPING, 10)}

    assert await planned(evening, "open311.pull") == 1 and await planned(evening, "webhook.call") == 1
    assert [(it.organisation, it.tasks) for it in before.silent] == [(PARTY, 1)]
    assert [(it.webhook.id, it.calls, it.reason) for it in before.unheard] == [(hook, 2, "http_500")]
    assert list(after.unheard) == [] and said == {calls[0]: "superseded", calls[1]: "waiting"}
    assert before.stuck == []
