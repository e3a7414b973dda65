"""Going back to look: a walk made of what is said to be mended, and what those who go there see."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from tests.imaging.makers import a_photo
from tests.sync.desks import a_task, coordinator, handler, the_task
from tests.web.phones import MUNICIPALITY, Evening, Phone
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.rewalks import MOST_STOPS
from trygghetsvandring.domain.tasks import TaskState
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.jobs.work import Lane
from trygghetsvandring.storage import records

pytest_plugins = ["tests.web.evenings"]
WEST, MIDDLE, EAST = 13.1700, 13.1760, 13.1800


def spot(lon: float) -> dict[str, Any]:
    return {"lat": 58.495, "lon": lon, "accuracy_m": 6, "age_s": 2, "source": "gps"}


async def mended(evening: Evening, phone: Phone, triage: Any, *lons: float) -> list[UUID]:
    """A task at each of these, said to be done."""
    unit = await handler(evening)
    made = []
    for lon in lons:
        task = await a_task(phone, triage, stop=None, position=spot(lon))
        await unit.done("task.accept", task, person="Laget")
        await unit.done("task.finish", task, extent="full", public_text="Lampan är bytt.")
        made.append(task)
    return made


async def rewalk(evening: Evening, triage: Any, tasks: list[UUID]) -> Walk:
    id = uuid7()
    starts = evening.now + timedelta(hours=1)
    body = {"name": "Vi går igen", "place": "Margretelund", "starts_at": starts.isoformat()}
    body |= {"ends_at": (starts + timedelta(hours=1)).isoformat(), "leader": "Maria", "meeting_point": "Torget"}
    await triage.done("rewalk.plan", id, **body, tasks=tasks, stops=[uuid7() for _ in tasks])
    await triage.done("walk.invite", id, cap=10)
    async with evening.house.store.read() as db:
        walk = await records.one(db, MUNICIPALITY, Walk, id)
    assert walk is not None
    evening.walk = id
    return walk


async def check(phone: Phone, walk: Walk, task: UUID, seen: str) -> Any:
    stop = next(each.stop for each in walk.revisits if each.id == task)
    body = {"walk": str(walk.id), "stop": str(stop), "seen": seen, "seen_on": phone.evening.now.date().isoformat()}
    return await phone.push("rewalk.check", task, body)


async def test_more_than_a_walk_has_time_for_is_refused_and_none_is_left_out(evening: Evening) -> None:
    triage = await coordinator(evening)
    tasks = await mended(evening, await evening.phone(), triage, *(WEST + 0.001 * n for n in range(MOST_STOPS + 1)))
    starts = evening.now + timedelta(hours=1)
    body: dict[str, Any] = {"name": "För långt", "place": "Överallt", "starts_at": starts.isoformat()}
    body |= {"ends_at": (starts + timedelta(hours=1)).isoformat(), "leader": "Maria", "meeting_point": "Torget"}
    body |= {"tasks": tasks, "stops": [uuid7() for _ in tasks]}

    assert await triage.refused("rewalk.plan", uuid7(), **body) == "too_many_stops"

    assert len((await rewalk(evening, triage, tasks[1:])).stops) == MOST_STOPS


async def test_its_stops_lie_in_walking_order_and_say_what_is_looked_at(evening: Evening) -> None:
    triage = await coordinator(evening)
    tasks = await mended(evening, await evening.phone(), triage, EAST, WEST, MIDDLE, MIDDLE + 0.0002)
    open_one = await a_task(await evening.phone(), triage, stop=None, position=spot(WEST))

    walk = await rewalk(evening, triage, [*tasks, open_one])

    assert [round(stop.lon, 4) for stop in walk.stops] == [WEST, MIDDLE, EAST]
    assert [each.id for each in walk.revisits] == [tasks[1], tasks[2], tasks[3], tasks[0]]
    assert {each.unit for each in walk.revisits} == {"Gata och park"}


async def test_a_rewalk_has_no_card_whose_page_would_say_that_nothing_came_in(evening: Evening) -> None:
    triage = await coordinator(evening)
    walk = await rewalk(evening, triage, await mended(evening, await evening.phone(), triage, WEST))
    phone = await evening.phone()

    asked = await evening.http.get("/api/card", headers=phone.headers)
    made = await triage.refused("walk.make_card", walk.id)

    assert (asked.status_code, asked.json()["code"]) == (404, "card_too_late")
    assert made == "card_too_late"


async def test_seen_mended_verifies_seen_undone_opens_again_and_in_part_asks(evening: Evening) -> None:
    triage = await coordinator(evening)
    good, bad, part = await mended(evening, await evening.phone(), triage, WEST, MIDDLE, EAST)
    walk = await rewalk(evening, triage, [good, bad, part])
    evening.now += timedelta(days=1)
    phone = await evening.phone()

    for task, seen in ((good, "good"), (bad, "no"), (part, "partly")):
        assert (await check(phone, walk, task, seen))["outcome"] == "applied"

    assert (await the_task(evening, good)).state is TaskState.VERIFIED
    again = await the_task(evening, bad)
    assert (again.state, again.reopened, again.department) == (TaskState.ASSIGNED, 1, "gata-park")
    in_part = await the_task(evening, part)
    assert (in_part.state, in_part.reopen_proposed) == (TaskState.DONE, True)


async def test_nobody_checks_what_their_walk_does_not_go_to(evening: Evening) -> None:
    triage = await coordinator(evening)
    first, second = await mended(evening, await evening.phone(), triage, WEST, EAST)
    walk = await rewalk(evening, triage, [first])
    phone = await evening.phone()

    body = {"walk": str(walk.id), "stop": str(walk.stops[0].id), "seen": "no", "seen_on": "2026-11-20"}
    assert (await phone.push("rewalk.check", second, body))["code"] == "not_on_this_walk"
    assert (await the_task(evening, second)).state is TaskState.DONE


async def test_what_came_again_changes_nothing_and_what_comes_late_is_kept(evening: Evening) -> None:
    triage = await coordinator(evening)
    (task,) = await mended(evening, await evening.phone(), triage, WEST)
    walk = await rewalk(evening, triage, [task])
    first, late = await evening.phone(), await evening.phone()

    await check(first, walk, task, "no")
    await check(late, walk, task, "no")

    assert (await the_task(evening, task)).reopened == 1


async def test_those_who_go_back_have_the_old_photo_and_nobody_else_gets_it(evening: Evening) -> None:
    triage, seer, stranger = await coordinator(evening), await evening.phone(), await evening.phone()
    found = uuid7()
    photo = await seer.hand_over(a_photo(), of=found)
    body: dict[str, Any] = {
        "walk": str(evening.walk),
        "stop": None,
        "category": "bel.trasig",
        "severity": 2,
        "text": "",
    }
    body |= {"position": spot(WEST), "place_words": "", "seen_at": evening.now.isoformat(), "photos": [str(photo)]}
    await seer.push("observation.record", found, body | {"called": None, "checklist_item": None, "sent_alone": False})
    await evening.app.state.runner.round(Lane.PHOTOS)
    await triage.done("observation.review", found, category="bel.trasig", severity=2, note="")
    task, unit = uuid7(), await handler(evening)
    await triage.done("task.create", task, title="Byt lampa", observations=[found], priority=2)
    await triage.done("task.assign", task, department="gata-park", explanation="De.", due_on="2026-12-04")
    await unit.done("task.accept", task, person="Laget")
    await unit.done("task.finish", task, extent="full", public_text="Bytt.")

    await rewalk(evening, triage, [task])

    assert (await (await evening.phone()).get(photo)).status_code == 200
    assert (await stranger.get(photo)).status_code == 404
