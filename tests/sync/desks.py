"""Desks at the same house as the phones: signed in, pushing operations and reading lists."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select

from tests.web.phones import MUNICIPALITY, Evening, Phone
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.people import Role
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.storage import people, records
from trygghetsvandring.storage.people import User
from trygghetsvandring.storage.tables import jobs
from trygghetsvandring.web.access import COOKIE

LAMP = {"category": "bel.trasig", "severity": 2, "text": "Mörkt nästan hela vägen."}


@dataclass
class Desk:
    evening: Evening
    device: UUID
    token: str
    user: UUID

    @property
    def headers(self) -> dict[str, str]:
        return {"Cookie": f"{COOKIE}={self.token}", "Origin": "https://trygg.test"}

    async def push(self, type: str, entity: UUID, body: dict[str, Any], base: int | None = None) -> Any:
        return (await self.push_all([(type, entity, body)], base))[0]

    async def push_all(self, wanted: list[tuple[str, UUID, dict[str, Any]]], base: int | None = None) -> Any:
        """The outcomes of one batch, as plain JSON."""
        at, session = self.evening.now.isoformat(), str(uuid7())
        operations = [
            {"id": uuid7(), "seq": None, "type": type, "entity": entity, "base": base, "at": at, "mono_ms": 1}
            | {"session": session, "body": body}
            for type, entity, body in wanted
        ]
        push = {"protocol": 1, "device": self.device, "sent_at": at, "session": session, "mono_ms": 1}
        answer = await self.evening.http.post(
            "/sync/push", content=msgspec.json.encode({**push, "operations": operations}), headers=self.headers
        )
        assert answer.status_code == 200, answer.text
        return answer.json()["outcomes"]

    async def done(self, type: str, entity: UUID, **body: Any) -> None:
        """Pushed, and applied."""
        outcome = await self.push(type, entity, body)
        assert outcome["outcome"] == "applied", outcome

    async def refused(self, type: str, entity: UUID, **body: Any) -> Any:
        """Pushed, and refused with this code."""
        outcome = await self.push(type, entity, body)
        assert outcome["outcome"] == "rejected", outcome
        return outcome["code"]

    async def get(self, path: str, status: int = 200) -> Any:
        answer = await self.evening.http.get(path, headers=self.headers)
        assert answer.status_code == status, answer.text
        return answer.json()


async def desk(evening: Evening, role: Role, organisation: str, function: str = "") -> Desk:
    user, device, token = uuid7(), uuid7(), f"session-{uuid7()}"
    named = function or f"{role}, {organisation}"
    async with evening.house.store.write() as db:
        await people.add_user(
            db,
            User(
                municipality=MUNICIPALITY,
                id=user,
                login=f"{user}@test",
                function=named,
                role=role,
                organisation=organisation,
                password_hash="-",
                demo=False,
                disabled_at=None,
            ),
        )
        await people.begin_session(
            db,
            token_hash=digest(token),
            municipality=MUNICIPALITY,
            user=user,
            device=device,
            now=evening.now,
            expires_at=evening.now + timedelta(days=365),
        )
    return Desk(evening, device, token, user)


async def coordinator(evening: Evening) -> Desk:
    return await desk(evening, Role.COORDINATOR, "samordning", "Trygghetssamordnare")


async def handler(evening: Evening, organisation: str = "gata-park") -> Desk:
    return await desk(evening, Role.HANDLER, organisation, f"Handläggare, {organisation}")


async def head(evening: Evening, organisation: str = "gata-park") -> Desk:
    return await desk(evening, Role.DEPARTMENT_HEAD, organisation)


async def reviewed(phone: Phone, triage: Desk, **changes: Any) -> UUID:
    """A lamp that one has seen and the other has sorted."""
    facts = LAMP | {"stop": str(phone.evening.stop)} | changes
    found = await phone.observe(**facts)
    await triage.done("observation.review", found, category=facts["category"], severity=facts["severity"], note="")
    return found


async def a_task(phone: Phone, triage: Desk, *, department: str | None = "gata-park", **changes: Any) -> UUID:
    """A task of one lamp, given to a unit unless `department` is None."""
    found, task = await reviewed(phone, triage, **changes), uuid7()
    await triage.done("task.create", task, title="Byt lampa", observations=[found], priority=2)
    if department is not None:
        await triage.done(
            "task.assign", task, department=department, explanation="Lampor sköter de.", due_on="2026-12-04"
        )
    return task


async def the_task(evening: Evening, id: UUID) -> Task:
    async with evening.house.store.read() as db:
        found = await records.one(db, MUNICIPALITY, Task, id)
    assert found is not None
    return found


async def the_finding(evening: Evening, id: UUID) -> Observation:
    async with evening.house.store.read() as db:
        found = await records.one(db, MUNICIPALITY, Observation, id)
    assert found is not None
    return found


async def jobs_of(evening: Evening, kind: str) -> list[Any]:
    async with evening.house.store.read() as db:
        rows = await db.execute(select(jobs.c.body).where(jobs.c.kind == kind).order_by(jobs.c.run_at, jobs.c.id))
    return [msgspec.json.decode(body) for (body,) in rows]


async def replies(phone: Phone) -> dict[str, Any]:
    """What the phone has been told, by finding, as it keeps it: never an older version over a newer one."""
    answer = await phone.evening.http.get("/sync/pull", headers=phone.headers)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = {}
    versions: dict[str, int] = {}
    for change in answer.json()["changes"]:
        if change["kind"] == "reply" and change["version"] >= versions.get(change["id"], -1):
            told[change["id"]] = change.get("state")
            versions[change["id"]] = change["version"]
    return told
