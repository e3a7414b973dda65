"""A unit gives a task to one of its own by choosing: they find it among theirs, and hear of it by a letter."""

from uuid import UUID

from tests.sync.desks import a_task, coordinator, handler, head, jobs_of, the_task
from tests.web.phones import Evening
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.storage import people

pytest_plugins = ["tests.web.evenings"]


async def test_whoever_was_chosen_finds_it_among_theirs_and_is_told_unless_it_was_they_who_chose(
    evening: Evening,
) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    amina, bo, other = await handler(evening), await handler(evening), await handler(evening, "fastighet")
    one, two = await a_task(phone, triage), await a_task(phone, triage)
    await jobs_of(evening, "mail.told")

    colleagues = {UUID(it["id"]) for it in (await amina.get("/api/colleagues"))["colleagues"]}
    assert {amina.user, bo.user} <= colleagues and other.user not in colleagues
    await amina.done("task.accept", one, person="Jag", assignee=str(amina.user))
    await amina.done("task.accept", two, person="Bo", assignee=str(bo.user))

    assert [row["id"] for row in (await bo.get("/api/tasks?mine=1"))["tasks"]] == [str(two)]
    assert [it["to"] for it in await jobs_of(evening, "mail.told") if "to" in it] == [str(bo.user)]
    await bo.done("task.hand_on", two, person="Jag", assignee=str(amina.user))
    assert (await bo.get("/api/tasks?mine=1"))["tasks"] == []
    assert len((await amina.get("/api/tasks?mine=1"))["tasks"]) == 2

    await amina.done("task.hand_on", one, person="Kvällslaget")
    assert (await the_task(evening, one)).assignee is None
    await other.get(f"/api/tasks/{one}", 404)
    assert (await other.get("/api/tasks?mine=1"))["tasks"] == []


async def test_nobody_is_given_a_task_who_would_never_hear_of_it(evening: Evening) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    amina, bo, other = await handler(evening), await handler(evening), await handler(evening, "fastighet")
    task = await a_task(phone, triage)

    for wrong in (other.user, uuid7(), triage.user):
        body = {"person": "Någon", "assignee": str(wrong)}
        assert await amina.refused("task.accept", task, **body) == "assignee_unknown"
    await amina.done("task.accept", task, person="Jag", assignee=str(amina.user))
    assert await amina.refused("task.hand_on", task, person="Kim", assignee=str(other.user)) == "assignee_unknown"
    await amina.done("task.hand_on", task, person="Bo", assignee=str(bo.user))

    async with evening.house.store.write() as db:
        await people.disable(db, f"{bo.user}@test", evening.now)
    chief = await head(evening)
    for reader in (amina, triage):
        assert "department_head, gata-park" in (await reader.get(f"/api/tasks/{task}"))["left_to"]
    await chief.done("task.hand_on", task, person="Amina", assignee=str(amina.user))
    assert (await amina.get(f"/api/tasks/{task}"))["left_to"] is None
    assert await chief.refused("task.hand_on", task, person="Bo", assignee=str(bo.user)) == "assignee_unknown"
