"""Two desks, two of one unit and a phone that change the same walk, finding and task, seldom having seen each other.

Every text is written once in the whole game, so that what is lost can be named.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import text

from tests.makers import COORDINATOR, HANDLER, LIDKOPING, Evening, Phone, an_evening
from trygghetsvandring.domain.conflicts import Conflict
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.people import Principal
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.storage import conflicts, records
from trygghetsvandring.sync.wire import Outcome, Push

KINDS: dict[str, type[Any]] = {"walk": Walk, "finding": Observation, "task": Task}
DESKS, UNIT = (0, 1), (2, 3)
DAYS = st.integers(min_value=1, max_value=28).map(lambda day: f"2026-12-{day:02}")


class TwoDesks(RuleBasedStateMachine):
    database: Callable[[Path], str]  # the address of an empty database, given a folder of one's own

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp())
        self.people = [replace(who, device=uuid7()) for who in (COORDINATOR, COORDINATOR, HANDLER, HANDLER)]
        self.seen: list[dict[str, int]] = [{} for _ in range(5)]
        self.written: list[str] = []  # what was answered with applied
        self.open: set[UUID] = set()
        self.sent: list[tuple[int, dict[str, Any], Outcome]] = []
        self.count = 0

    def teardown(self) -> None:
        self.runner.run(self.within.__aexit__(None, None, None))
        self.runner.close()
        shutil.rmtree(self.folder)

    @initialize()
    def begins(self) -> None:
        self.within: AbstractAsyncContextManager[Evening] = an_evening(type(self).database(self.folder), self.folder)
        self.evening = self.runner.run(self.within.__aenter__())
        self.phone: Phone = self.runner.run(self.evening.phone())
        self.ids = {"walk": self.evening.walk, "finding": uuid7(), "task": uuid7()}
        other = uuid7()
        self.runner.run(self.phone.push(self.phone.observation(self.ids["finding"]), self.phone.observation(other)))
        for type_, id, body in (
            ("observation.review", other, {"category": "bel.trasig", "severity": 1}),
            ("task.create", self.ids["task"], {"title": "Lampan", "observations": [other], "priority": 2}),
            (
                "task.assign",
                self.ids["task"],
                {"department": "gata-park", "explanation": "De.", "due_on": "2026-12-31"},
            ),
        ):
            assert self.runner.run(self.evening.act(type_, id, body)).outcome == "applied"
        for who in range(5):
            self.looks(who)

    # --- what they do

    def looks(self, who: int) -> None:
        self.seen[who] = {name: self.now(name).version for name in KINDS}

    @rule(who=st.sampled_from(range(5)))
    def somebody_looks(self, who: int) -> None:
        self.looks(who)

    @rule(who=st.sampled_from(DESKS), field=st.sampled_from(["name", "leader", "meeting_point", "place"]))
    def plans(self, who: int, field: str) -> None:
        self.does(who, "walk", "walk.change", {field: self.word()})

    @rule(who=st.sampled_from(DESKS), hours=st.integers(-3, 3))
    def moves_the_end(self, who: int, hours: int) -> None:
        end = self.now("walk").ends_at + timedelta(hours=hours)
        self.does(who, "walk", "walk.change", {"ends_at": end})

    @rule(who=st.sampled_from(DESKS))
    def ends_it(self, who: int) -> None:
        self.does(who, "walk", "walk.end", {})

    @rule(who=st.sampled_from(DESKS), severity=st.integers(0, 3))
    def sorts(self, who: int, severity: int) -> None:
        body = {"category": "bel.trasig", "severity": severity, "note": self.word()}
        self.does(who, "finding", "observation.review", body)

    @rule(who=st.sampled_from(DESKS))
    def dismisses(self, who: int) -> None:
        body = {"reason": "not_found", "public_text": self.word()}
        self.does(who, "finding", "observation.dismiss", body)

    @rule()
    def the_walker_corrects(self) -> None:
        self.does(4, "finding", "observation.correct", {"text": self.word()})

    @rule()
    def the_walker_takes_back(self) -> None:
        self.does(4, "finding", "observation.withdraw", {"reason": self.word()})

    @rule(who=st.sampled_from(UNIT))
    def accepts(self, who: int) -> None:
        self.does(who, "task", "task.accept", {"person": self.word()})

    @rule(who=st.sampled_from(UNIT), day=DAYS)
    def sets_a_day(self, who: int, day: str) -> None:
        self.does(who, "task", "task.plan", {"planned_on": day})

    @rule(who=st.sampled_from(UNIT), day=DAYS)
    def lets_it_wait(self, who: int, day: str) -> None:
        body = {"reason": "parts", "public_text": self.word(), "next_look_on": day}
        self.does(who, "task", "task.wait", body)

    @rule(who=st.sampled_from(UNIT))
    def declines(self, who: int) -> None:
        self.does(who, "task", "task.decline", {"reason": "unclear", "public_text": self.word()})

    @rule(who=st.sampled_from(UNIT))
    def finishes(self, who: int) -> None:
        self.does(who, "task", "task.finish", {"extent": "full", "public_text": self.word()})

    @rule(who=st.sampled_from(UNIT))
    def notes(self, who: int) -> None:
        self.does(who, "task", "task.note", {"text": self.word()})

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def an_answer_is_lost_and_asked_for_again(self, data: Any) -> None:
        who, operation, first = data.draw(st.sampled_from(self.sent))
        before = {name: self.now(name).version for name in KINDS}
        (again,) = self.runner.run(self.push(who, operation))
        assert (again.conflict_id, again.version) == (first.conflict_id, first.version)
        assert {name: self.now(name).version for name in KINDS} == before

    @precondition(lambda self: self.open)
    @rule(data=st.data(), choice=st.sampled_from(["keep", "take", "anew"]))
    def a_person_decides(self, data: Any, choice: str) -> None:
        it = self.runner.run(self.conflict(data.draw(st.sampled_from(sorted(self.open)))))
        about = next(self.now(name) for name, id in self.ids.items() if id == it.about)
        operation = self.operation("conflict.close", it.id, None, {"choice": choice, "about_version": about.version})
        (outcome,) = self.runner.run(self.push(0, operation))
        if outcome.outcome == "applied":
            self.open.discard(it.id)
        else:
            assert (choice, outcome.code) == ("take", "conflict_not_takeable")

    # --- what always holds

    @invariant()
    def nothing_that_was_accepted_is_lost(self) -> None:
        kept = self.runner.run(self.everything_kept())
        lost = [word for word in self.written if word not in kept]
        assert not lost, f"law 22: {lost} stand in no version and no conflict"

    @invariant()
    def a_conflict_waits_until_a_person_closes_it(self) -> None:
        assert {it.id for it in self.runner.run(self.waiting())} == self.open, (
            "law 22: a conflict came or went by itself"
        )

    # --- how

    def word(self) -> str:
        self.count += 1
        return f"ord{self.count}ord"

    def now(self, name: str) -> Any:
        async def read() -> Any:
            async with self.evening.store.read() as db:
                return await records.one(db, LIDKOPING, KINDS[name], self.ids[name])

        return self.runner.run(read())

    def operation(self, type: str, entity: UUID, base: int | None, body: dict[str, Any]) -> dict[str, Any]:
        return {"id": uuid7(), "type": type, "entity": entity, "base": base, "at": self.evening.now, "body": body}

    def does(self, who: int, about: str, type: str, body: dict[str, Any]) -> None:
        before = self.now(about)
        operation = self.operation(type, self.ids[about], self.seen[who][about], body)
        (outcome,) = self.runner.run(self.push(who, operation))
        self.sent.append((who, operation, outcome))
        if outcome.outcome != "applied":
            return
        self.written += [value for value in body.values() if isinstance(value, str) and value.startswith("ord")]
        if outcome.conflict_id is not None:
            self.open.add(outcome.conflict_id)
        if (outcome.facts or {}).get("held"):
            assert self.now(about) == before, "law 22: a held operation changed something"

    async def push(self, who: int, operation: dict[str, Any]) -> list[Outcome]:
        principal: Principal = self.phone.principal if who == 4 else self.people[who]
        assert principal.device is not None
        push = Push(
            protocol=1,
            device=principal.device,
            sent_at=self.evening.now,
            session=uuid7(),
            mono_ms=0,
            operations=[msgspec.Raw(msgspec.json.encode(operation))],
        )
        return (await self.evening.engine.push(principal, push, self.evening.now)).outcomes

    async def conflict(self, id: UUID) -> Conflict:
        async with self.evening.store.read() as db:
            it = await records.one(db, LIDKOPING, Conflict, id)
        assert it is not None
        return it

    async def waiting(self) -> list[Conflict]:
        async with self.evening.store.read() as db:
            return await conflicts.waiting(db, LIDKOPING, None, 1000)

    async def everything_kept(self) -> str:
        async with self.evening.store.read() as db:
            return "\n".join((await db.execute(text("SELECT doc FROM versions"))).scalars())
