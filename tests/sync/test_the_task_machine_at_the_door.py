"""The task machine as properties through the real engine, on both databases: who closes is never who verifies."""

import asyncio
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.makers import COORDINATOR, HANDLER, LIDKOPING, Evening, an_evening
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.people import Principal, Role
from trygghetsvandring.domain.replies import ReplyWord, reply
from trygghetsvandring.domain.tasks import ARROWS, CLOSED, Task, TaskState, allowed_arrows
from trygghetsvandring.storage import records

LATER, WORDS = "2026-12-18", {"public_text": "Så här är det."}
BODIES: dict[str, dict[str, Any]] = {
    "task.assign": {"department": "gata-park", "explanation": "Lampor.", "due_on": LATER},
    "task.accept": {"person": "Laget"},
    "task.decline": {"reason": "unclear", **WORDS},
    "task.plan": {"planned_on": LATER},
    "task.start": {"note": "Svar kom."},
    "task.wait": {"reason": "parts", "next_look_on": LATER, **WORDS},
    "task.refer": {"party": "A", "contact": "B", "reference": "1", "next_look_on": LATER, **WORDS},
    "task.hand_over": {"party": "A", "reference": "1", "handed_on": "2026-11-20", **WORDS},
    "task.finish": {"extent": "full", "photos": [], **WORDS},
    "task.refuse": WORDS,
    "task.verify": {"seen": "Den lyser.", "seen_on": "2026-11-20"},
    "task.confirm": {"seen": "good", "seen_on": "2026-11-20"},
    "task.reopen": {"department": "gata-park", "seen": "Den är mörk.", "due_on": LATER},
}
HEAD = replace(HANDLER, role=Role.DEPARTMENT_HEAD, user=uuid7())
EVERYONE: tuple[Principal, ...] = (
    replace(COORDINATOR, user=uuid7()),
    replace(HANDLER, user=uuid7()),
    HEAD,
    replace(HANDLER, user=uuid7(), organisation="ab-bostader"),
    Principal(municipality=LIDKOPING, role=Role.FIELD_SECRETARY, organisation="gata-park", user=uuid7()),
    Principal(municipality=LIDKOPING, role=Role.FIELD_SECRETARY, organisation="falt", user=uuid7()),
)
STEPS = 16
_OPEN_BEFORE = frozenset({ReplyWord.DONE, ReplyWord.VERIFIED, ReplyWord.PARTLY, ReplyWord.PARTLY_VERIFIED})


class Two:
    """A finding with two tasks, and the engine they go through."""

    def __init__(self, evening: Evening, finding: UUID, tasks: tuple[UUID, UUID]) -> None:
        self.evening, self.finding, self.tasks = evening, finding, tasks

    async def task(self, id: UUID) -> Task:
        async with self.evening.store.read() as db:
            found = await records.one(db, LIDKOPING, Task, id)
        assert found is not None
        return found

    async def step(self, name: str, before: Task, by: Principal) -> None:
        id, operation = before.id, uuid7()
        outcome = await self._act(name, id, by, operation)
        after = await self.task(id)
        if outcome.outcome != "applied":
            assert after == before, name
            return
        _holds(name, before, after, by)
        await self._act(name, id, by, operation)
        assert await self.task(id) == after, "said twice it is done once"
        await self.tells_no_more_than_the_worst()

    async def _act(self, name: str, id: UUID, by: Principal, operation: UUID) -> Any:
        return await self.evening.engine.act(
            LIDKOPING, name, id, BODIES[name], self.evening.now, actor=by, id=operation
        )

    async def tells_no_more_than_the_worst(self) -> None:
        tasks = [await self.task(id) for id in self.tasks]
        async with self.evening.store.read() as db:
            found = await records.one(db, LIDKOPING, Observation, self.finding)
        assert found is not None
        told = reply(found, tasks=tasks)
        assert told is not None
        if any(task.state not in CLOSED for task in tasks):
            assert told.state not in _OPEN_BEFORE, (told.state, [task.state for task in tasks])
        if told.state is ReplyWord.VERIFIED:
            assert {task.state for task in tasks} == {TaskState.VERIFIED}


def _let_through(task: Task, by: Principal) -> list[str]:
    """Of the arrows whose words are known here; what somebody has seen there may always be said of what is done."""
    said = ["task.confirm"] if task.state is TaskState.DONE and by.role is not Role.HANDLER else []
    return [name for name in (*allowed_arrows(task, by), *said) if name in BODIES]


def _holds(name: str, before: Task, after: Task, by: Principal) -> None:
    ends = {arrow.end for arrow in ARROWS if arrow.operation == name and arrow.start is before.state}
    if name != "task.confirm":
        assert after.state in ends, (name, before.state, after.state)
    assert after.history[: len(before.history)] == before.history
    if after.state in CLOSED:
        assert after.public_text or after.photos
    if after.state is TaskState.VERIFIED and before.state is not TaskState.VERIFIED:
        assert before.state is TaskState.DONE
        assert by.user is None or by.user != before.finished_by_user
        assert by.organisation is None or by.organisation != before.finished_by_organisation
    assert after.reopened == before.reopened + (name == "task.reopen")


async def _two_tasks(evening: Evening) -> Two:
    phone, finding, tasks = await evening.phone(), uuid7(), (uuid7(), uuid7())
    await phone.push(phone.observation(finding))
    await evening.act("observation.review", finding, {"category": "bel.trasig", "severity": 1})
    for id in tasks:
        made = await evening.act("task.create", id, {"title": "Lampa", "observations": [finding], "priority": 2})
        assert made.outcome == "applied", made
    return Two(evening, finding, tasks)


def test_whatever_people_try_at_the_door_the_machine_holds_and_nobody_verifies_their_own_work(
    database: str, tmp_path: Path
) -> None:
    with asyncio.Runner() as runner:
        opened = an_evening(database, tmp_path)
        evening = runner.run(opened.__aenter__())
        seen = set[TaskState]()

        @settings(
            max_examples=4,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(chance=st.integers(0, 10**9))
        def tried(chance: int) -> None:
            runner.run(_tried(evening, Random(chance), seen))

        try:
            tried()
            runner.run(_the_whole_way(evening))
        finally:
            runner.run(opened.__aexit__(None, None, None))
    assert len(seen) >= 5, seen


async def _tried(evening: Evening, chance: Random, seen: set[TaskState]) -> None:
    """Now and then anything at all, else one of what would be let through, so that a few steps come far."""
    two = await _two_tasks(evening)
    for _ in range(STEPS):
        which, by = chance.choice(two.tasks), chance.choice(EVERYONE)
        before = await two.task(which)
        if chance.random() < 0.2:
            await two.step(chance.choice(sorted(BODIES)), before, by)
        elif able := [(name, who) for who in EVERYONE for name in _let_through(before, who)]:
            name, who = chance.choice(able)
            await two.step(name, before, who)
        seen.add((await two.task(which)).state)


async def _the_whole_way(evening: Evening) -> None:
    """From given to verified, where everybody tries to verify: each of the unit that closed it is turned away."""
    two = await _two_tasks(evening)
    triage, unit, head, _, same_unit, elsewhere = EVERYONE
    for name, by in (("task.assign", triage), ("task.accept", unit), ("task.start", unit), ("task.finish", unit)):
        assert (await two._act(name, two.tasks[0], by, uuid7())).outcome == "applied", name
    codes = [(await two._act("task.verify", two.tasks[0], by, uuid7())).code for by in (unit, head, same_unit)]
    seen = await two._act("task.verify", two.tasks[0], elsewhere, uuid7())

    assert codes[2] == "closer_cannot_verify" and None not in codes, codes
    assert seen.outcome == "applied", seen
    assert (await two.task(two.tasks[0])).state is TaskState.VERIFIED
