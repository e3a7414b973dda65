"""What an EST week is made of, found by week, on SQLite and PostgreSQL alike; and the week itself as it is kept."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from tests import makers
from tests.makers import COORDINATOR, FRIDAY, LIDKOPING, Evening, a_municipality
from trygghetsvandring.domain.est_week import EstStep, EstWeek
from trygghetsvandring.domain.ids import est_week_id, uuid7
from trygghetsvandring.domain.observations import Observation, ObservationState
from trygghetsvandring.domain.people import system
from trygghetsvandring.domain.tasks import Task, TaskState
from trygghetsvandring.domain.weeks import Week
from trygghetsvandring.storage import est_week, records
from trygghetsvandring.sync import est_sources

evening = makers.evening  # and not the web's fixture of the same name, whichever was loaded last

WEEK = Week(2026, 47)
ID = est_week_id(LIDKOPING, str(WEEK))


async def does(evening: Evening, type: str, entity: UUID = ID, **body: Any) -> None:
    about = {"week": str(WEEK)} if type.startswith("est.") else {}
    outcome = await evening.act(type, entity, about | body)
    assert outcome.outcome == "applied", outcome


async def refused(evening: Evening, type: str, entity: UUID = ID, **body: Any) -> str | None:
    outcome = await evening.act(type, entity, {"week": str(WEEK)} | body)
    assert outcome.outcome == "rejected", outcome
    return outcome.code


async def a_lamp(evening: Evening, *, category: str = "bel.trasig") -> UUID:
    phone, id = await evening.phone(), uuid7()
    operation = phone.observation(id, category=category)
    outcome = await evening.act("observation.record", id, operation["body"], phone.principal)
    assert outcome.outcome == "applied", outcome
    await does(evening, "observation.review", id, category=category, severity=2, note="")
    return id


async def test_a_week_finds_its_own_walks_and_what_was_handed_in_on_them(evening: Evening) -> None:
    """Sunday's walk that began after midnight is the old week's; Monday evening's is the new one's."""
    sunday, monday = uuid7(), uuid7()
    late = FRIDAY + timedelta(days=2, hours=7)  # two o'clock on Monday
    await evening.plan(walk=sunday, starts_at=late, ends_at=late + timedelta(hours=1))
    await evening.plan(walk=monday, starts_at=FRIDAY + timedelta(days=3), ends_at=FRIDAY + timedelta(days=3, hours=1))
    found = await a_lamp(evening)

    async with evening.store.read() as db:
        walks = [walk.id for walk in await est_week.walks_in(db, LIDKOPING, [WEEK])]
        assert walks == [evening.walk, sunday]
        assert [it.id for it in await est_week.findings_in(db, LIDKOPING, [WEEK], walks)] == [found]
        assert await est_week.findings_in(db, LIDKOPING, [WEEK], []) == []
        assert await est_week.walks_in(db, "grannby", [WEEK]) == []
        assert await est_week.findings_in(db, "grannby", [WEEK], walks) == []
        assert [walk.id for walk in await est_week.walks_in(db, LIDKOPING, [WEEK.after(1)])] == [sunday, monday]


async def test_what_residents_told_is_found_for_three_weeks_after_and_not_before(evening: Evening) -> None:
    key, id = uuid7(), uuid7()
    await does(evening, "api_key.create", key, name="Felanmälan", secret_hash="0" * 64)
    body = {"key": key, "category": "skrap", "text": "Skräp.", "seen_at": evening.now}
    outcome = await evening.act("observation.receive", id, body, system(LIDKOPING))
    assert outcome.outcome == "applied", outcome

    async with evening.store.read() as db:
        here = {n: await est_week.findings_in(db, LIDKOPING, [WEEK.after(n)], []) for n in (-4, -3, 0, 1)}
    assert {n: [it.id for it in each] for n, each in here.items()} == {-4: [], -3: [id], 0: [id], 1: []}


async def test_a_week_is_there_when_something_is_done_with_it_and_there_is_only_one(evening: Evening) -> None:
    async with evening.store.read() as db:
        assert await est_week.of_week(db, LIDKOPING, WEEK) is None
    await does(evening, "est.meet", met_on="2026-11-20", present=["Kommunpolis"])
    await does(evening, "est.review")

    async with evening.store.read() as db:
        it = await est_week.of_week(db, LIDKOPING, WEEK)
        assert await est_week.of_week(db, "grannby", WEEK) is None
    assert it is not None
    assert (it.id, it.version, it.step, it.present) == (ID, 2, EstStep.REVIEW, ("Kommunpolis",))
    assert await refused(evening, "est.review", uuid7()) == "est_week_differs"
    assert await refused(evening, "est.review", week="2026-W54") == "malformed"


async def test_a_decision_with_findings_becomes_its_owners_task_in_the_same_act(evening: Evening) -> None:
    found, task, decision = await a_lamp(evening), uuid7(), uuid7()
    decided: dict[str, Any] = {
        "decision": decision,
        "text": "Laga lampan i tunneln",
        "owner": "gata-park",
        "due_on": "2026-12-04",
        "place": "gangtunneln-osbyskolan",
        "task": task,
        "observations": [found],
    }
    await does(evening, "est.decide", **decided)

    async with evening.store.read() as db:
        work = await records.one(db, LIDKOPING, Task, task)
        lamp = await records.one(db, LIDKOPING, Observation, found)
        week = await records.one(db, LIDKOPING, EstWeek, ID)
    assert work is not None
    assert lamp is not None
    assert week is not None
    assert (work.state, work.department, work.due_on) == (TaskState.ASSIGNED, "gata-park", date(2026, 12, 4))
    assert (work.title, work.number[:2], [event.type for event in work.history]) == (
        *("Laga lampan i tunneln", "Å-"),
        ["task.create", "task.assign"],
    )
    assert "vecka 47" in work.explanation
    assert (lamp.state, lamp.tasks) == (ObservationState.LINKED, (task,))
    assert [(each.id, each.task) for each in week.decisions] == [(decision, task)]


async def test_nothing_social_becomes_work_and_nothing_of_the_decision_is_kept_when_it_is_refused(
    evening: Evening,
) -> None:
    lamp, music = await a_lamp(evening), await a_lamp(evening, category="ljud.musik")
    body: dict[str, Any] = {"decision": uuid7(), "text": "Åk dit", "due_on": "2026-12-04", "task": uuid7()}

    assert await refused(evening, "est.decide", **body, owner="gata-park", observations=[music]) == (
        "social_is_not_a_task"
    )
    assert await refused(evening, "est.decide", **body, owner="polisen", observations=[lamp]) == "department_unknown"
    assert await refused(evening, "est.decide", **body, owner="gata-park", observations=[]) == "field_missing"
    without = body | {"task": None, "owner": "gata-park", "observations": [lamp]}
    assert await refused(evening, "est.decide", **without) == "malformed"
    async with evening.store.read() as db:
        assert await est_week.of_week(db, LIDKOPING, WEEK) is None
    await does(evening, "est.decide", **body | {"task": None, "owner": "polisen"})


async def test_a_finding_that_got_a_task_while_the_group_was_talking_does_not_become_two(evening: Evening) -> None:
    lamp = await a_lamp(evening)
    await does(evening, "task.create", uuid7(), title="Byt lampa", observations=[lamp], priority=2)
    body: dict[str, Any] = {"text": "Byt lampan", "owner": "gata-park", "due_on": "2026-12-04"}
    code = await refused(evening, "est.decide", **body, decision=uuid7(), task=uuid7(), observations=[lamp])
    async with evening.store.read() as db:
        found = await records.one(db, LIDKOPING, Observation, lamp)
        week = await est_week.of_week(db, LIDKOPING, WEEK)
    assert found is not None
    assert (code, len(found.tasks), week) == ("task_is_made", 1, None)


async def test_signing_off_is_never_pushed(evening: Evening) -> None:
    await does(evening, "est.review")
    phone = await evening.phone()
    outcome = await evening.act(
        "est.compile",
        ID,
        {"week": str(WEEK), "unsorted": 0, "events": 1, "digest": "d"},
        replace(COORDINATOR, device=phone.device),
    )
    assert (outcome.outcome, outcome.code) == ("rejected", "not_allowed")


async def test_weeks_read_together_are_the_weeks_read_one_by_one(evening: Evening) -> None:
    """A walk that is on its way from Sunday into Monday is in both, as when each is asked for alone."""
    late = FRIDAY + timedelta(days=2, hours=7)
    await evening.plan(walk=uuid7(), starts_at=late, ends_at=late + timedelta(hours=1))
    await a_lamp(evening)
    tonight, here = evening.now.date() + timedelta(days=9), a_municipality()
    weeks = [WEEK.after(n) for n in (-1, 0, 1)]

    async with evening.store.read() as db:
        together, is_whole = await est_sources.of_weeks(db, here, weeks, tonight)
        alone = [await est_sources.of_week(db, here, week, None, tonight) for week in weeks]

    assert is_whole
    assert [len(it.found.walks) for it in together] == [0, 2, 1]
    for it, (found, _) in zip(together, alone, strict=True):
        assert (it.found.walks, it.found.findings, it.found.presence) == (
            found.walks,
            found.findings,
            found.presence,
        )
