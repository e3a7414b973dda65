"""Two coordinators at once: one finding does not become two tasks, and no answer settles a doubt nobody had read."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec

from tests import makers
from tests.makers import COORDINATOR, HANDLER, LIDKOPING, Evening, Phone
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.storage import records
from trygghetsvandring.sync.wire import Outcome, Push

evening = makers.evening  # and not the web's fixture of the same name, whichever was loaded last

REVIEW = {"category": "bel.trasig", "severity": 1}


async def a_finding(evening: Evening, phone: Phone) -> UUID:
    finding = uuid7()
    await phone.push(phone.observation(finding))
    assert (await evening.act("observation.review", finding, REVIEW)).outcome == "applied"
    return finding


def a_task(*findings: UUID, **more: Any) -> dict[str, Any]:
    return {"title": "Laga lampan", "observations": list(findings), "priority": 2} | more


async def tasks_of(evening: Evening, finding: UUID) -> tuple[UUID, ...]:
    async with evening.store.read() as db:
        found = await records.one(db, LIDKOPING, Observation, finding)
    assert found is not None
    return found.tasks


async def test_who_comes_second_is_told_of_the_task_that_is_there(evening: Evening) -> None:
    finding = await a_finding(evening, await evening.phone())
    first, second = uuid7(), uuid7()
    assert (await evening.act("task.create", first, a_task(finding, besides=[]))).outcome == "applied"
    await evening.act("observation.review", finding, REVIEW | {"note": "En annan lampa."})  # as before every decision

    refused = await evening.act("task.create", second, a_task(finding, besides=[]))

    assert (refused.outcome, refused.code) == ("rejected", "task_is_made")
    async with evening.store.read() as db:
        made = await records.one(db, LIDKOPING, Task, first)
    assert made is not None
    assert refused.facts == {"task": str(first), "number": made.number}
    assert await tasks_of(evening, finding) == (first,)
    # Whoever has seen the first may make another on purpose, and one from before says nothing of it.
    assert (await evening.act("task.create", uuid7(), a_task(finding, besides=[first]))).outcome == "applied"
    assert (await evening.act("task.create", uuid7(), a_task(finding))).outcome == "applied"
    assert len(await tasks_of(evening, finding)) == 3


async def test_one_of_many_that_has_a_task_refuses_for_all(evening: Evening) -> None:
    phone = await evening.phone()
    taken, free = await a_finding(evening, phone), await a_finding(evening, phone)
    await evening.act("task.create", uuid7(), a_task(taken, besides=[]))

    refused = await evening.act("task.create", uuid7(), a_task(free, taken, besides=[]))

    assert refused.code == "task_is_made"
    assert await tasks_of(evening, free) == ()


async def test_an_answer_to_a_doubt_is_an_answer_to_what_was_read(evening: Evening) -> None:
    phone = await evening.phone()
    finding, task = await a_finding(evening, phone), uuid7()
    given = {"department": "gata-park", "explanation": "Deras lampa.", "due_on": "2026-12-18"}
    for type_, body, who in (
        ("task.create", a_task(finding, besides=[]), COORDINATOR),
        ("task.assign", given, COORDINATOR),
        ("task.accept", {"person": "Laget"}, HANDLER),
        ("task.finish", {"extent": "full", "public_text": "Lagat."}, HANDLER),
    ):
        assert (await evening.act(type_, task, body, who)).outcome == "applied"
    await phone.push(phone.operation("task.confirm", task, {"seen": "no", "seen_on": None}))
    opened = await the_version(evening, task)
    await evening.act("task.note", task, {"text": "Någon ringde och sa samma sak."})

    async def answered(base: int | None) -> Outcome:
        op = phone.operation("task.uphold", task, {"public_text": "Vi var där. Den lyser."}, base=base)
        push = msgspec.json.decode(phone.batch(op), type=Push)
        (outcome,) = (await evening.engine.push(replace(COORDINATOR, device=uuid7()), push, evening.now)).outcomes
        return outcome

    moved = await answered(opened)
    assert (moved.outcome, moved.code) == ("rejected", "seen_has_moved")
    assert (await answered(await the_version(evening, task))).outcome == "applied"


async def the_version(evening: Evening, task: UUID) -> int:
    async with evening.store.read() as db:
        found = await records.one(db, LIDKOPING, Task, task)
    assert found is not None
    return found.version
