"""Two who change the same thing without having seen each other, at the door, on both databases."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec
import pytest

from tests import makers
from tests.house.towns import signs_in
from tests.makers import COORDINATOR, FRIDAY, LIDKOPING, Evening
from trygghetsvandring.domain.conflicts import Conflict
from trygghetsvandring.domain.ids import pass_id, uuid7
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.people import Principal, Role
from trygghetsvandring.domain.tasks import Task, TaskState
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.storage import conflicts, records
from trygghetsvandring.sync.wire import Outcome, Push

evening = makers.evening

DESK, OTHER_DESK = (replace(COORDINATOR, device=uuid7()) for _ in range(2))


async def does(evening: Evening, who: Principal, *operations: dict[str, Any]) -> list[Outcome]:
    """Straight through the door, as a desk sends it."""
    raws = [msgspec.Raw(msgspec.json.encode(operation)) for operation in operations]
    assert who.device is not None
    push = Push(protocol=1, device=who.device, sent_at=evening.now, session=uuid7(), mono_ms=0, operations=raws)
    return (await evening.engine.push(who, push, evening.now)).outcomes


def an_act(evening: Evening, type: str, entity: UUID, base: int | None, /, **body: Any) -> dict[str, Any]:
    return {"id": uuid7(), "type": type, "entity": entity, "base": base, "at": evening.now, "body": body}


async def walk_of(evening: Evening) -> Walk:
    async with evening.store.read() as db:
        walk = await records.one(db, LIDKOPING, Walk, evening.walk)
    assert walk is not None
    return walk


async def waiting(evening: Evening) -> list[Conflict]:
    async with evening.store.read() as db:
        return await conflicts.waiting(db, LIDKOPING, None, 50)


async def test_two_who_change_different_fields_are_both_heard_and_nobody_is_asked(evening: Evening) -> None:
    seen = (await walk_of(evening)).version
    await does(evening, DESK, an_act(evening, "walk.change", evening.walk, seen, leader="Amina"))

    plan = {"name": "Margretelund, fredag kväll", "leader": "Maria", "meeting_point": "Torget"}
    (outcome,) = await does(evening, OTHER_DESK, an_act(evening, "walk.change", evening.walk, seen, **plan))

    walk = await walk_of(evening)
    assert (walk.leader, walk.meeting_point) == ("Amina", "Torget")
    assert (outcome.outcome, outcome.conflict_id) == ("applied", None)
    assert await waiting(evening) == []


@pytest.mark.law(22)
async def test_the_last_to_arrive_stands_and_the_first_can_be_read(evening: Evening) -> None:
    seen = (await walk_of(evening)).version
    await does(evening, DESK, an_act(evening, "walk.change", evening.walk, seen, leader="Amina"))

    (outcome,) = await does(evening, OTHER_DESK, an_act(evening, "walk.change", evening.walk, seen, leader="Bo"))

    (conflict,) = await waiting(evening)
    assert (await walk_of(evening)).leader == "Bo"
    assert (outcome.conflict_id, outcome.facts) == (conflict.id, {"held": False})
    (difference,) = conflict.differences
    assert (difference.field, difference.first, difference.second) == ("leader", '"Amina"', '"Bo"')


async def test_a_plan_changed_after_somebody_ended_the_walk_waits_for_a_person(evening: Evening) -> None:
    seen = (await walk_of(evening)).version
    await does(evening, DESK, an_act(evening, "walk.end", evening.walk, seen))

    (outcome,) = await does(evening, OTHER_DESK, an_act(evening, "walk.change", evening.walk, seen, leader="Bo"))

    (conflict,) = await waiting(evening)
    walk = await walk_of(evening)
    assert (outcome.outcome, outcome.version, outcome.facts) == ("applied", walk.version, {"held": True})
    assert walk.leader == "Maria"
    assert (conflict.held, conflict.refusal) == (True, "walk_ended")
    assert [each.second for each in conflict.differences] == ['"Bo"']


async def test_ones_own_earlier_change_is_no_conflict(evening: Evening) -> None:
    seen = (await walk_of(evening)).version

    outcomes = await does(
        evening,
        DESK,
        an_act(evening, "walk.change", evening.walk, seen, leader="Amina"),
        an_act(evening, "walk.change", evening.walk, seen, leader="Bo"),
    )

    assert [(each.outcome, each.conflict_id) for each in outcomes] == [("applied", None)] * 2
    assert (await walk_of(evening)).leader == "Bo"


# ---------------------------------------------------------------- a task that two units' desks work on

GATA, HEAD = (replace(makers.HANDLER, device=uuid7()) for _ in range(2))


async def a_task(evening: Evening, *, accepted: bool = True) -> UUID:
    phone, found, task = await evening.phone(), uuid7(), uuid7()
    await phone.push(phone.observation(found))
    await does(
        evening,
        DESK,
        an_act(evening, "observation.review", found, None, category="bel.trasig", severity=1),
        an_act(evening, "task.create", task, None, title="Lampan i tunneln", observations=[found], priority=2),
        an_act(evening, "task.assign", task, None, department="gata-park", explanation="De.", due_on="2026-12-18"),
    )
    if accepted:
        (taken,) = await does(evening, GATA, an_act(evening, "task.accept", task, None, person="Lag 2"))
        assert taken.outcome == "applied", taken
    return task


async def task_of(evening: Evening, id: UUID) -> Task:
    async with evening.store.read() as db:
        task = await records.one(db, LIDKOPING, Task, id)
    assert task is not None
    return task


WAITING = {"reason": "parts", "public_text": "Vi väntar på lampan.", "next_look_on": "2026-12-01"}


@pytest.mark.law(22)
async def test_two_who_move_the_same_task_are_settled_by_a_person_and_nothing_moves(evening: Evening) -> None:
    id = await a_task(evening)
    seen = (await task_of(evening, id)).version
    await does(evening, GATA, an_act(evening, "task.plan", id, seen, planned_on="2026-12-04"))

    (outcome,) = await does(evening, HEAD, an_act(evening, "task.wait", id, seen, **WAITING))

    (conflict,) = await waiting(evening)
    task = await task_of(evening, id)
    assert (task.state, task.public_text, task.version) == (TaskState.PLANNED, "", seen + 1)
    assert (outcome.outcome, outcome.conflict_id, outcome.facts) == ("applied", conflict.id, {"held": True})
    wanted = {each.field: each.second for each in conflict.differences}
    assert (wanted["state"], wanted["public_text"]) == ('"waiting"', '"Vi väntar på lampan."')
    assert (conflict.first_by, conflict.second_by) == (GATA.function, HEAD.function)
    planned = next(each for each in conflict.differences if each.field == "planned_on")
    assert (planned.first, planned.second) == ('"2026-12-04"', None)  # which taking the other would take away


@pytest.mark.law(22)
async def test_what_a_unit_wrote_is_not_lost_when_the_arrow_is_gone(evening: Evening) -> None:
    id = await a_task(evening)
    seen = (await task_of(evening, id)).version
    await does(evening, GATA, an_act(evening, "task.finish", id, seen, extent="full", public_text="Bytt."))

    (outcome,) = await does(evening, HEAD, an_act(evening, "task.wait", id, seen, **WAITING))

    (conflict,) = await waiting(evening)
    assert (outcome.outcome, conflict.held, conflict.refusal) == ("applied", True, "no_such_arrow")
    assert '"Vi väntar på lampan."' in {each.second for each in conflict.differences}
    assert (await task_of(evening, id)).state is TaskState.DONE


async def test_what_was_impossible_already_when_the_writer_looked_is_refused_as_ever(evening: Evening) -> None:
    id = await a_task(evening, accepted=False)
    seen = (await task_of(evening, id)).version
    await does(evening, GATA, an_act(evening, "task.note", id, seen, text="Stegen står i bilen."))

    (outcome,) = await does(evening, HEAD, an_act(evening, "task.wait", id, seen, **WAITING))

    assert (outcome.outcome, outcome.code) == ("rejected", "no_such_arrow")
    assert await waiting(evening) == []


async def test_a_stranger_gains_nothing_by_an_old_version(evening: Evening) -> None:
    id = await a_task(evening)
    stranger = replace(HEAD, organisation="miljo-bygg", device=uuid7())

    outcomes = [
        (await does(evening, stranger, an_act(evening, "task.wait", id, base, **WAITING)))[0] for base in (1, 2, 3, 99)
    ]

    assert {each.code for each in outcomes} == {"not_your_task"}
    assert await waiting(evening) == []


async def test_without_a_base_the_last_one_wins_as_before(evening: Evening) -> None:
    id = await a_task(evening)
    await does(evening, GATA, an_act(evening, "task.plan", id, None, planned_on="2026-12-04"))

    (outcome,) = await does(evening, HEAD, an_act(evening, "task.wait", id, None, **WAITING))

    assert (outcome.outcome, outcome.conflict_id) == ("applied", None)
    assert (await task_of(evening, id)).state is TaskState.WAITING


async def test_withholding_is_never_held_up(evening: Evening) -> None:
    phone, found = await evening.phone(), uuid7()
    await phone.push(phone.observation(found))
    await does(evening, DESK, an_act(evening, "observation.review", found, 1, category="bel.trasig", severity=2))

    (outcome,) = await does(
        evening, OTHER_DESK, an_act(evening, "observation.withhold", found, 1, reason="En person syns")
    )

    async with evening.store.read() as db:
        now = await records.one(db, LIDKOPING, Observation, found)
    assert now is not None
    assert (outcome.conflict_id, now.state) == (None, "withheld")


async def test_taking_back_loses_to_what_was_decided_meanwhile(evening: Evening) -> None:
    phone, found = await evening.phone(), uuid7()
    await phone.push(phone.observation(found))
    await does(evening, DESK, an_act(evening, "observation.review", found, 1, category="bel.trasig", severity=2))

    (outcome,) = await phone.push(phone.operation("observation.withdraw", found, {"reason": "Fel plats."}, base=1))

    (conflict,) = await waiting(evening)
    async with evening.store.read() as db:
        now = await records.one(db, LIDKOPING, Observation, found)
    assert now is not None
    assert (outcome.conflict_id, now.state) == (conflict.id, "reviewed")
    assert (await phone.pull()).of("conflict")[str(conflict.id)]["choice"] is None


# ---------------------------------------------------------------- a person decides


async def a_held_task(evening: Evening) -> tuple[UUID, Conflict]:
    id = await a_task(evening)
    seen = (await task_of(evening, id)).version
    await does(evening, GATA, an_act(evening, "task.plan", id, seen, planned_on="2026-12-04"))
    await does(evening, HEAD, an_act(evening, "task.wait", id, seen, **WAITING))
    (conflict,) = await waiting(evening)
    return id, conflict


def closing(evening: Evening, conflict: Conflict, choice: str, version: int) -> dict[str, Any]:
    return an_act(evening, "conflict.close", conflict.id, conflict.version, choice=choice, about_version=version)


async def test_keeping_changes_nothing_and_the_conflict_is_over(evening: Evening) -> None:
    id, conflict = await a_held_task(evening)
    before = await task_of(evening, id)

    (outcome,) = await does(evening, DESK, closing(evening, conflict, "keep", before.version))

    assert (outcome.outcome, await waiting(evening)) == ("applied", [])
    assert await task_of(evening, id) == before
    async with evening.store.read() as db:
        (closed,) = await conflicts.about(db, LIDKOPING, None, id)
    assert (closed.choice, closed.closed_by) == ("keep", "Trygghetssamordnare")


async def test_taking_the_other_gives_all_the_second_wrote(evening: Evening) -> None:
    id, conflict = await a_held_task(evening)
    version = (await task_of(evening, id)).version

    (outcome,) = await does(evening, DESK, closing(evening, conflict, "take", version))

    task = await task_of(evening, id)
    assert outcome.outcome == "applied", outcome
    assert (task.state, task.public_text, task.planned_on) == (TaskState.WAITING, "Vi väntar på lampan.", None)
    assert [event.type for event in task.history][-3:] == ["task.plan", "task.wait", "conflict.close"]


async def test_the_soft_one_can_be_taken_back_too(evening: Evening) -> None:
    seen = (await walk_of(evening)).version
    await does(evening, DESK, an_act(evening, "walk.change", evening.walk, seen, leader="Amina"))
    await does(evening, OTHER_DESK, an_act(evening, "walk.change", evening.walk, seen, leader="Bo"))
    (conflict,) = await waiting(evening)

    await does(evening, DESK, closing(evening, conflict, "take", (await walk_of(evening)).version))

    assert (await walk_of(evening)).leader == "Amina"


async def test_nobody_takes_what_has_moved_since_they_looked(evening: Evening) -> None:
    id, conflict = await a_held_task(evening)
    version = (await task_of(evening, id)).version
    await does(evening, GATA, an_act(evening, "task.start", id, version))

    (outcome,) = await does(evening, DESK, closing(evening, conflict, "take", version))

    assert (outcome.code, (await task_of(evening, id)).state) == ("conflict_moved", TaskState.IN_PROGRESS)
    assert len(await waiting(evening)) == 1


@pytest.mark.law(22)
async def test_a_conflict_is_closed_once_and_stays_until_then(evening: Evening) -> None:
    id, conflict = await a_held_task(evening)
    version = (await task_of(evening, id)).version
    await does(evening, GATA, an_act(evening, "task.start", id, version))  # work goes on, and it is not forgotten
    assert [each.id for each in await waiting(evening)] == [conflict.id]

    first, second = await does(
        evening, DESK, *(closing(evening, conflict, choice, version) for choice in ("keep", "anew"))
    )

    assert (first.outcome, second.code) == ("applied", "conflict_closed")


async def test_only_those_it_belongs_to_close_it(evening: Evening) -> None:
    id, conflict = await a_held_task(evening)
    version = (await task_of(evening, id)).version
    field = replace(makers.HANDLER, role=Role.FIELD_SECRETARY, organisation="socialtjansten", device=uuid7())

    answers = [(await does(evening, who, closing(evening, conflict, "keep", version)))[0].code for who in (GATA, field)]

    assert answers == ["not_allowed", "missing"]
    assert len(await waiting(evening)) == 1


async def test_the_desk_reads_both_values_who_and_when(evening: Evening) -> None:
    await a_held_task(evening)
    asker, _ = await signs_in(evening, LIDKOPING, "samordnaren", Role.COORDINATOR, "samordning")

    answer = (await evening.http.get("/api/conflicts", headers=asker)).json()

    (row,) = answer["conflicts"]
    assert (answer["waiting"], row["held"], row["takeable"], row["title"]) == (1, True, True, "Å-1 Lampan i tunneln")
    state = next(each for each in row["differences"] if each["field"] == "state")
    assert (state["seen"], state["first"], state["second"]) == ("accepted", "planned", "waiting")
    assert "finished_by_user" not in {each["field"] for each in row["differences"]}


# ---------------------------------------------------------------- a field team's log


async def test_a_teams_conflict_stays_behind_its_wall(evening: Evening) -> None:
    one, other = (
        replace(HEAD, role=Role.FIELD_SECRETARY, organisation="socialtjansten", device=uuid7()) for _ in range(2)
    )
    evening_on, entry = FRIDAY.date().isoformat(), uuid7()
    its_pass = pass_id("socialtjansten", evening_on, "field_shift")
    said = {"place": None, "area": "Lidköping", "at": FRIDAY, "band": "6-15", "mood": "calm", "action": "talk"}
    opened, logged = await does(
        evening,
        one,
        an_act(evening, "presence.pass", its_pass, None, evening=evening_on, kind="field_shift", adults=2),
        an_act(evening, "presence.log", entry, None, **{"pass": its_pass}, **said),
    )
    assert (opened.outcome, logged.outcome) == ("applied", "applied"), (opened, logged)
    await does(evening, one, an_act(evening, "presence.correct", entry, 1, mood="lively"))

    (outcome,) = await does(evening, other, an_act(evening, "presence.correct", entry, 1, mood="uneasy"))

    async with evening.store.read() as db:
        (conflict,) = await conflicts.waiting(db, LIDKOPING, "socialtjansten", 10)
    assert (outcome.conflict_id, await waiting(evening)) == (conflict.id, [])
    (coordinator,) = await does(evening, DESK, closing(evening, conflict, "keep", 3))
    (team,) = await does(evening, one, closing(evening, conflict, "keep", 3))
    assert (coordinator.code, team.outcome) == ("missing", "applied")


async def test_what_must_not_be_kept_is_not_kept_in_a_conflict(evening: Evening) -> None:
    one, other = (
        replace(HEAD, role=Role.FIELD_SECRETARY, organisation="socialtjansten", device=uuid7()) for _ in range(2)
    )
    evening_on, entry = FRIDAY.date().isoformat(), uuid7()
    its_pass = pass_id("socialtjansten", evening_on, "field_shift")
    said = {"place": None, "area": "Lidköping", "at": FRIDAY, "band": "6-15", "mood": "calm", "action": "talk"}
    await does(
        evening,
        one,
        an_act(evening, "presence.pass", its_pass, None, evening=evening_on, kind="field_shift", adults=2),
        an_act(evening, "presence.log", entry, None, **{"pass": its_pass}, **said),
        an_act(evening, "presence.correct", entry, 1, band="1-5"),
    )

    (outcome,) = await does(evening, other, an_act(evening, "presence.correct", entry, 1, ages=["16_18"]))

    async with evening.store.read() as db:
        kept = await conflicts.waiting(db, LIDKOPING, "socialtjansten", 10)
    assert (outcome.code, kept) == ("too_few_to_ask", [])
