"""What is said to be mended is shown to those who are out anyway, until somebody outside the unit has seen it."""

from typing import Any
from uuid import UUID

from tests.sync.desks import Desk, a_task, coordinator, desk, handler, the_task
from tests.web.phones import Evening
from trygghetsvandring.domain.people import Role
from trygghetsvandring.domain.tasks import TaskState

pytest_plugins = ["tests.web.evenings"]
AT = {"lat": 58.49503, "lon": 13.17665, "accuracy_m": 6, "age_s": 2, "source": "gps"}


async def secretary(evening: Evening) -> Desk:
    return await desk(evening, Role.FIELD_SECRETARY, "socialtjansten", "Fältsekreterare")


async def mended(evening: Evening, extent: str = "full") -> UUID:
    task, unit = await a_task(await evening.phone(), await coordinator(evening)), await handler(evening)
    await unit.done("task.accept", task, person="Laget")
    await unit.done("task.finish", task, extent=extent, public_text="Lampan är bytt.")
    return task


async def listed(who: Desk) -> Any:
    return (await who.get("/api/tasks/unseen"))["tasks"]


async def test_a_secretary_sees_what_is_said_to_be_mended_and_nothing_of_the_work_inside(evening: Evening) -> None:
    out, task = await secretary(evening), await mended(evening, "partly")
    await a_task(await evening.phone(), await coordinator(evening))  # not mended

    (row,) = await listed(out)

    assert (row["id"], row["unit"], row["said"], row["partly"]) == (
        str(task),
        "Gata och park",
        "Lampan är bytt.",
        True,
    )
    assert row.keys() == {"id", "title", "near", "lat", "lon", "unit", "done_on", "said", "partly"}


async def test_what_is_answered_about_is_asked_no_more_and_good_verifies(evening: Evening) -> None:
    out, another = await secretary(evening), await secretary(evening)
    good, bad = await mended(evening), await mended(evening)
    today = evening.now.date().isoformat()

    await out.done("task.confirm", good, seen="good", seen_on=today)
    await out.done("task.confirm", bad, seen="no", seen_on=today)

    assert (await the_task(evening, good)).state is TaskState.VERIFIED
    assert (await the_task(evening, bad)).reopen_proposed
    assert await listed(out) == []
    assert [row["id"] for row in await listed(another)] == [str(bad)]  # a "no" is one person's word so far


async def test_who_has_not_been_there_is_asked_again(evening: Evening) -> None:
    out, task = await secretary(evening), await mended(evening)

    await out.done("task.confirm", task, seen="not_there", seen_on=None)

    assert [row["id"] for row in await listed(out)] == [str(task)]


async def test_a_walkers_words_about_the_place_stay_with_triage(evening: Evening) -> None:
    phone, triage, unit = await evening.phone(), await coordinator(evening), await handler(evening)
    words = "Utanför Annas port, tvåan"
    task = await a_task(phone, triage, stop=None, place_words=words, position=AT)
    await unit.done("task.accept", task, person="Laget")
    await unit.done("task.finish", task, extent="full", public_text="Lampan är bytt.")

    (row,) = await listed(await secretary(evening))

    assert words not in str(row)
    assert row["near"] == "Gångtunneln vid Ösbyskolan"


async def test_what_is_held_back_is_not_asked_about(evening: Evening) -> None:
    out, triage, task = await secretary(evening), await coordinator(evening), await mended(evening)
    (finding,) = (await the_task(evening, task)).findings

    await triage.done("observation.withhold", finding, reason="Rör en person.")

    assert await listed(out) == []


async def test_whose_own_unit_says_it_is_mended_is_not_asked(evening: Evening) -> None:
    await mended(evening)

    assert await listed(await desk(evening, Role.FIELD_SECRETARY, "gata-park", "Fältsekreterare")) == []


async def test_a_department_has_no_such_list(evening: Evening) -> None:
    await mended(evening)

    await (await handler(evening)).get("/api/tasks/unseen", status=404)
