"""Findings and tasks through the one door, on both databases: any row of links, splits, mergers and undoings."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import makers
from tests.makers import COORDINATOR, LIDKOPING, Evening, Phone, an_evening
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.observations import Observation, ObservationState
from trygghetsvandring.domain.replies import ReplyWord, word_of
from trygghetsvandring.domain.routing import BECOMES_TASK
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.storage import records
from trygghetsvandring.sync.wire import Outcome, Push

evening = makers.evening  # and not the web's fixture of the same name, whichever was loaded last

LAMPS, TASKS = 4, 3
MUSIC = LAMPS  # the one finding that is social
ORDER = list(ReplyWord)
ASSIGN = {"department": "gata-park", "explanation": "De sköter ljus.", "due_on": "2026-12-04"}

_finding, _task = st.integers(0, LAMPS), st.integers(0, TASKS - 1)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["task.create", "task.link", "task.unlink", "task.split"]), _task, _finding),
        st.tuples(st.sampled_from(["task.merge", "task.unmerge", "task.retract", "task.assign"]), _task, _task),
        st.tuples(st.just("observation.merge"), _finding, _finding),
        st.tuples(
            st.sampled_from(
                [
                    *("observation.unmerge", "observation.withhold", "observation.release", "observation.dismiss"),
                    *("observation.review", "review as music", "observation.keep_apart", "observation.moderate"),
                ]
            ),
            _finding,
            _task,
        ),
    ),
    min_size=4,
    max_size=22,
)


@dataclass
class Story:
    """Some findings of one phone and the tasks that come of them. Every operation is sent twice."""

    evening: Evening
    phone: Phone
    findings: list[UUID] = field(default_factory=lambda: [uuid7() for _ in range(LAMPS + 1)])
    tasks: list[UUID] = field(default_factory=lambda: [uuid7() for _ in range(TASKS)])
    applied: int = 0

    async def begins(self) -> None:
        categories = [*["bel.trasig"] * LAMPS, "ljud.musik"]
        await self.phone.push(
            *(self.phone.observation(id, category=it) for id, it in zip(self.findings, categories, strict=True))
        )
        for n, category in enumerate(categories):
            await self.sends("observation.review", self.findings[n], {"category": category, "severity": 1})

    async def sends(self, type: str, entity: UUID, body: dict[str, Any]) -> Outcome:
        now, session = self.evening.now, uuid7()
        operation = {"id": uuid7(), "seq": None, "type": type, "entity": entity, "base": None, "at": now}
        raw = msgspec.json.encode(operation | {"mono_ms": 0, "session": session, "body": body})
        push = {"protocol": 1, "device": uuid7(), "sent_at": now, "session": session, "mono_ms": 0}
        decoded = msgspec.json.decode(msgspec.json.encode(push | {"operations": [msgspec.Raw(raw)]}), type=Push)
        (first,) = (await self.evening.engine.push(COORDINATOR, decoded, now)).outcomes
        assert first.code != "rule_failed", (type, first)
        before = await self.standing()
        (again,) = (await self.evening.engine.push(COORDINATOR, decoded, now)).outcomes
        assert again.outcome in ("repeated", first.outcome)
        assert await self.standing() == before, f"{type} twice is not {type} once"
        self.applied += first.outcome == "applied"
        return first

    async def standing(self) -> tuple[dict[UUID, Observation], dict[UUID, Task]]:
        async with self.evening.store.read() as db:
            return (
                await records.load(db, LIDKOPING, Observation, self.findings),
                await records.load(db, LIDKOPING, Task, self.tasks),
            )

    async def step(self, what: str, a: int, b: int) -> None:
        type = "observation.review" if what == "review as music" else what
        entity = self.findings[a] if type.startswith("observation.") else self.tasks[a]
        if type in ("task.create", "task.split"):
            _, tasks = await self.standing()
            entity = next((id for id in self.tasks if id not in tasks), entity)
        await self.sends(type, entity, self.body(what, a, b, entity))

    def body(self, what: str, a: int, b: int, entity: UUID) -> dict[str, Any]:
        made = {"title": "Lampa", "priority": 2}
        bodies: dict[str, Callable[[], dict[str, Any]]] = {
            "task.create": lambda: made | {"observations": [self.findings[b]]},
            "task.split": lambda: made | {"task": self.tasks[a], "observations": [self.findings[b]]},
            "task.link": lambda: {"observation": self.findings[b]},
            "task.unlink": lambda: {"observation": self.findings[b]},
            "task.merge": lambda: {"into": self.tasks[b]},
            "task.assign": lambda: ASSIGN,
            "task.retract": lambda: {"reason": "Av misstag."},
            "observation.merge": lambda: {"into": self.findings[b]},
            "observation.withhold": lambda: {"reason": "En person syns."},
            "observation.dismiss": lambda: {"reason": "not_found", "public_text": "Vi hittar inget."},
            "observation.review": lambda: {"category": "bel.svag" if a != MUSIC else "ljud.musik", "severity": 2},
            "review as music": lambda: {"category": "ljud.musik", "severity": None},
            "observation.keep_apart": lambda: {"kind": "observation", "other": self.findings[b]},
            "observation.moderate": lambda: {"text": "Det är mörkt."},
        }
        return bodies[what]() if what in bodies else {}

    async def holds(self) -> None:
        """What is true whatever has been done."""
        findings, tasks = await self.standing()
        for found in findings.values():
            assert bool(found.tasks) <= (found.state in {ObservationState.LINKED, ObservationState.WITHHELD})
            assert (found.state is ObservationState.LINKED) <= bool(found.tasks)
            assert bool(found.tasks) <= (found.kind in BECOMES_TASK), "a social finding in a task"
            assert not set(found.tasks) & set(found.was_in)
            for id in found.tasks:
                assert found.id in tasks[id].findings and not tasks[id].is_gone
            if found.merged_into is not None:
                assert found.id in findings[found.merged_into].merged_from
        for task in tasks.values():
            assert task.retracted or task.findings
            assert all(task.is_gone or task.id in findings[id].tasks for id in task.findings)
            if task.merged_into is not None:
                assert task.id in {each.id for each in tasks[task.merged_into].absorbed}

    async def is_told(self) -> None:
        """Each walker's answer is that of the worst task that goes on, for what their finding was merged into."""
        findings, tasks = await self.standing()
        told = (await self.phone.pull()).of("reply")
        for found in findings.values():
            source = found
            while source.state is ObservationState.MERGED and source.merged_into is not None:
                source = findings[source.merged_into]
            said = told[str(found.id)]["state"]
            if source.state is ObservationState.LINKED:
                worst = min((word_of(tasks[id]) for id in source.tasks), key=ORDER.index)
                assert said == worst, f"{said}, not {worst}"
            elif source.state is ObservationState.NO_ACTION:
                assert said == "no_action"
            else:
                assert said in ("received", "reviewed")


@contextmanager
def a_house(database: str, folder: Path) -> Iterator[tuple[asyncio.Runner, Evening]]:
    with asyncio.Runner() as runner:
        entered = an_evening(database, folder)
        evening = runner.run(entered.__aenter__())
        try:
            yield runner, evening
        finally:
            runner.run(entered.__aexit__(None, None, None))


def test_whatever_is_linked_split_merged_and_undone_findings_tasks_and_answers_agree(
    database: str, tmp_path: Path
) -> None:
    applied = 0
    with a_house(database, tmp_path) as (runner, evening):

        @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(steps=STEPS)
        def tell(steps: list[tuple[str, int, int]]) -> None:
            nonlocal applied
            applied += runner.run(_told(evening, steps))

        tell()
    assert applied > 50, "hardly anything was let through: the stories say nothing"


async def _told(evening: Evening, steps: list[tuple[str, int, int]]) -> int:
    story = Story(evening, await evening.phone())
    await story.begins()
    for step in (("task.create", 0, 0), ("task.create", 1, 1), *steps):
        await story.step(*step)
        await story.holds()
    await story.is_told()
    return story.applied


# ---------------------------------------------------------------- one by one


@pytest.fixture
async def story(evening: Evening) -> Story:
    it = Story(evening, await evening.phone())
    await it.begins()
    return it


async def a_task_of(story: Story, at: int, *findings: int) -> UUID:
    body = {"title": "Lampa", "priority": 2, "observations": [story.findings[n] for n in findings]}
    assert (await story.sends("task.create", story.tasks[at], body)).outcome == "applied"
    assert (await story.sends("task.assign", story.tasks[at], ASSIGN)).outcome == "applied"
    return story.tasks[at]


async def said(story: Story, at: int) -> dict[str, Any]:
    answer: dict[str, Any] = (await story.phone.pull()).of("reply")[str(story.findings[at])]
    return answer


async def test_who_followed_a_merged_task_hears_of_the_one_that_goes_on_and_answers_it(story: Story) -> None:
    one, two = await a_task_of(story, 0, 0), await a_task_of(story, 1, 1)

    await story.sends("task.merge", one, {"into": two})
    assert (await said(story, 0))["task"] == str(two)

    asked = story.phone.operation("task.confirm", one, {"seen": "not_there", "seen_on": None})
    (outcome,) = await story.phone.push(asked)
    _, tasks = await story.standing()
    assert outcome.outcome == "applied"
    assert (len(tasks[one].confirmations), len(tasks[two].confirmations)) == (0, 1)

    await story.sends("task.unmerge", one, {})
    assert (await said(story, 0))["task"] == str(one)
    assert (await said(story, 1))["task"] == str(two)


async def test_those_who_follow_what_is_merged_follow_along_and_come_back(story: Story) -> None:
    first, second, third = story.findings[:3]
    await story.sends("observation.merge", first, {"into": second})
    await story.sends("observation.merge", second, {"into": third})
    await a_task_of(story, 0, 2)
    assert [(await said(story, n))["state"] for n in range(3)] == ["with_department"] * 3

    await story.sends("observation.unmerge", second, {})

    assert [(await said(story, n))["state"] for n in range(3)] == ["reviewed", "reviewed", "with_department"]


async def test_a_task_made_by_mistake_is_taken_back_and_its_findings_are_judged_again(story: Story) -> None:
    task = await a_task_of(story, 0, 0, 1)

    assert (await story.sends("task.retract", task, {"reason": "Ångrat."})).outcome == "applied"

    findings, tasks = await story.standing()
    assert {findings[id].state for id in story.findings[:2]} == {ObservationState.REVIEWED}
    assert tasks[task].is_gone
    assert (await said(story, 0))["state"] == "reviewed"


async def test_what_is_social_comes_to_a_department_by_no_way(story: Story) -> None:
    music, lamp = story.findings[MUSIC], story.findings[0]
    task = await a_task_of(story, 0, 0, 1)
    made = {"title": "Musik", "priority": 2}
    for type, entity, body in (
        ("task.create", uuid7(), made | {"observations": [music]}),
        ("task.create", uuid7(), made | {"observations": [story.findings[2], music]}),
        ("task.link", task, {"observation": music}),
        ("observation.review", lamp, {"category": "ljud.musik", "severity": None}),
    ):
        assert (await story.sends(type, entity, body)).code == "social_is_not_a_task"
    for one, other in ((music, story.findings[2]), (story.findings[2], music)):
        assert (await story.sends("observation.merge", one, {"into": other})).code == "cannot_merge"
    assert (await story.sends("task.split", uuid7(), made | {"task": task, "observations": [music]})).code == (
        "needs_a_finding"
    )
    await story.holds()


async def test_sorted_as_social_by_one_and_made_a_task_by_another_it_waits_for_a_person(story: Story) -> None:
    lamp = story.findings[0]
    base = (await story.standing())[0][lamp].version
    await a_task_of(story, 0, 0)
    now, session = story.evening.now, uuid7()
    late = {"id": uuid7(), "seq": None, "type": "observation.review", "entity": lamp, "base": base, "at": now}
    body = {"category": "ljud.musik", "severity": None}
    push = {"protocol": 1, "device": uuid7(), "sent_at": now, "session": session, "mono_ms": 0}
    operations = [late | {"mono_ms": 0, "session": session, "body": body}]
    decoded = msgspec.json.decode(msgspec.json.encode(push | {"operations": operations}), type=Push)
    (outcome,) = (await story.evening.engine.push(COORDINATOR, decoded, now)).outcomes

    assert (outcome.facts or {}).get("held") is True, outcome
    assert outcome.conflict_id is not None
    closing = {"choice": "take", "about_version": (await story.standing())[0][lamp].version}
    taken = await story.sends("conflict.close", outcome.conflict_id, closing)
    await story.holds()
    assert taken.outcome == "rejected"


async def test_a_moderated_text_is_what_the_department_reads_and_the_original_stays(story: Story) -> None:
    lamp = story.findings[0]
    assert (await story.sends("observation.moderate", lamp, {"text": "Ring 850709-9805"})).code == (
        "public_text_not_safe"
    )
    await story.sends("observation.moderate", lamp, {"text": "Det är mörkt här."})
    found = (await story.standing())[0][lamp]
    assert (found.text, found.moderated) == ("Mörkt nästan hela vägen.", "Det är mörkt här.")

    await story.sends("observation.moderate", lamp, {"text": None})
    assert (await story.standing())[0][lamp].moderated is None


async def test_a_personal_matter_is_turned_away_with_where_to_turn(story: Story) -> None:
    body = {"reason": "personal_matter", "public_text": "Det här tar vi inte emot."}
    await story.sends("observation.dismiss", story.findings[0], body)

    text = (await said(story, 0))["public_text"]
    assert text.startswith("Det här tar vi inte emot. ")
    assert all(number in text for number in ("112", "114 14", "116 111"))
