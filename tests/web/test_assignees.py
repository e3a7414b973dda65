"""A unit gives a task to one of its own by choosing: they find it among theirs, and hear of it by a letter."""

from uuid import UUID

from tests.sync.desks import a_task, coordinator, handler, jobs_of, the_task
from tests.web.phones import Evening

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
