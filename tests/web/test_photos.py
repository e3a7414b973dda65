"""Photos out: invisible until accepted, and then only to those who may see them."""

import io
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from tests.imaging.makers import PHOTOS, PLANT, PLANTED, a_photo, picture, saved
from tests.web.phones import MUNICIPALITY, Desk, Evening, Phone, a_task_of, at_the_desk
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.photos import PhotoState
from trygghetsvandring.jobs.work import Lane

pytest_plugins = ["tests.web.evenings"]

PHOTO = a_photo()
COORDINATOR, HANDLER = "samordnare@lidkoping", "handlaggare@lidkoping"


async def derive(evening: Evening) -> None:
    await evening.app.state.runner.round(Lane.PHOTOS)


async def test_a_photo_is_invisible_until_it_is_accepted(evening: Evening) -> None:
    phone = await evening.phone()
    photo = await phone.hand_over(PHOTO)

    before = await phone.get(photo)
    await derive(evening)
    after = await phone.get(photo)

    assert (before.status_code, after.status_code) == (404, 200)


async def test_the_small_copy_is_for_lists_and_full_is_the_photo_itself(evening: Evening) -> None:
    phone = await evening.phone()
    photo = await phone.hand_over(PHOTO)
    await derive(evening)

    small, full = await phone.get(photo, "320"), await phone.get(photo, "full")

    assert Image.open(io.BytesIO(small.content)).size == (320, 240)
    assert full.content == PHOTO


async def test_of_a_large_photo_full_is_what_a_screen_can_show(evening: Evening) -> None:
    phone = await evening.phone()
    photo = await phone.hand_over(saved(picture(4000, 3000), quality=60))
    await derive(evening)

    assert Image.open(io.BytesIO((await phone.get(photo, "full")).content)).size == (1600, 1200)


async def test_nothing_keeps_or_guesses_what_a_photo_is(evening: Evening) -> None:
    phone = await evening.phone()
    photo = await phone.hand_over(PHOTO)
    await derive(evening)

    headers = (await phone.get(photo)).headers

    assert headers["Content-Type"] == "image/jpeg"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in headers["Cache-Control"]
    assert "sandbox" in headers["Content-Security-Policy"]


@pytest.mark.parametrize("plant", PLANTED)
@pytest.mark.parametrize("size", ["320", "full"])
async def test_a_sealed_photo_shows_nothing_but_its_picture(evening: Evening, plant: str, size: str) -> None:
    phone = await evening.phone()
    photo = await phone.hand_over(PLANTED[plant]())
    await derive(evening)

    shown = await phone.get(photo, size)

    assert shown.status_code == 200
    assert PLANT not in shown.content
    assert PLANT.decode().encode("utf-16-be") not in shown.content


async def test_a_sealed_photo_has_one_digest_for_what_came_and_one_for_what_is_shown(evening: Evening) -> None:
    content = (PHOTOS / "fuji_gps.jpg").read_bytes()
    phone = await evening.phone()
    photo = await phone.hand_over(content)
    await derive(evening)

    row = await evening.photo(photo)

    assert row.is_sealed
    assert row.shown_sha256 not in {None, row.sha256}


async def test_a_photo_that_does_not_decode_is_refused_and_comes_back_through_the_feed(evening: Evening) -> None:
    # Three codes of one bit: every marker is whole, and only a decoder sees that the table is impossible.
    at = PHOTO.index(b"\xff\xc4") + 5
    broken = PHOTO[:at] + bytes([sum(PHOTO[at : at + 16])]) + bytes(15) + PHOTO[at + 16 :]
    phone = await evening.phone()
    photo = await phone.hand_over(broken)
    await derive(evening)

    pulled = (await evening.http.get("/sync/pull", headers=phone.headers)).json()["changes"]

    state = [change["state"] for change in pulled if change["id"] == str(photo)][-1]
    assert (state["state"], state["code"]) == ("refused", "not_a_photo")
    assert (await phone.get(photo)).status_code == 404


async def test_the_feed_tells_its_own_phone_only(evening: Evening) -> None:
    mine, other = await evening.phone(), await evening.phone()
    photo = await mine.hand_over(PHOTO)

    seen = [
        [change["state"]["state"] for change in (await pull(evening, phone)) if change["id"] == str(photo)]
        for phone in (mine, other)
    ]

    assert seen[0][-1] == PhotoState.RECEIVED
    assert seen[1] == []


async def pull(evening: Evening, phone: Phone) -> list[dict[str, Any]]:
    answer = await evening.http.get("/sync/pull", headers=phone.headers)
    changes: list[dict[str, Any]] = answer.json()["changes"]
    return changes


async def test_strangers_get_the_same_answer_as_for_a_photo_that_does_not_exist(evening: Evening) -> None:
    mine, other = await evening.phone(), await evening.phone()
    photo = await mine.hand_over(PHOTO, of=await mine.observe())
    await derive(evening)
    handler = await at_the_desk(evening, HANDLER)
    secretary = await at_the_desk(evening, "falt@lidkoping")
    shop = await at_the_desk(evening, "butik@lidkoping")

    denied = [await asker.get(photo) for asker in (other, handler, secretary, shop)]
    nowhere = await other.get(uuid7())

    assert {(answer.status_code, answer.content) for answer in denied} == {(404, nowhere.content)}
    assert (await evening.http.get(f"/photos/{photo}")).status_code == 401


async def test_the_coordinator_sees_every_photo_of_the_municipality(evening: Evening) -> None:
    phone = await evening.phone()
    photo = await phone.hand_over(PHOTO, of=await phone.observe())
    await derive(evening)

    assert (await (await at_the_desk(evening, COORDINATOR)).get(photo)).status_code == 200


async def test_a_department_sees_the_photos_behind_the_tasks_it_has_and_no_others(evening: Evening) -> None:
    phone, handler = await evening.phone(), await at_the_desk(evening, HANDLER)
    observation = await phone.observe()
    photo = await phone.hand_over(PHOTO, of=observation)
    await derive(evening)

    before = await handler.get(photo)
    await a_task_of(evening, observation)
    after = await handler.get(photo)

    assert (before.status_code, after.status_code) == (404, 200)


async def test_a_withheld_finding_takes_its_photo_from_the_department_at_once(evening: Evening) -> None:
    phone, handler = await evening.phone(), await at_the_desk(evening, HANDLER)
    observation = await phone.observe()
    photo = await phone.hand_over(PHOTO, of=observation)
    await derive(evening)
    await a_task_of(evening, observation)

    coordinator = await at_the_desk(evening, COORDINATOR)
    await coordinator.act("observation.withhold", observation, {"reason": "En person syns"})

    assert (await handler.get(photo)).status_code == 404
    assert (await coordinator.get(photo)).status_code == 200


async def test_one_photo_is_held_back_and_its_finding_goes_on_with_the_others(evening: Evening) -> None:
    phone, handler = await evening.phone(), await at_the_desk(evening, HANDLER)
    face, lamp = uuid7(), uuid7()
    finding = await phone.observe(photos=[str(face), str(lamp)])
    for photo in (face, lamp):
        await phone.push("photo.declare", photo, phone.declaration(PHOTO, of=finding))
        await phone.create(photo, PHOTO)
        await phone.send(photo, 0, PHOTO)
    await derive(evening)
    task, triage = await a_task_of(evening, finding), await at_the_desk(evening, COORDINATOR)
    await triage.act("publication.publish", finding, {"text": "Lampan är släckt.", "photos": [str(face), str(lamp)]})
    outside = f"/open311/v2/photos/{finding}"
    assert (await evening.http.get(f"{outside}/{face}.jpg")).status_code == 200

    await triage.act("photo.hold", face, {"reason": "En person går att känna igen."})

    async def seen(desk: Desk) -> Any:
        rows = (await evening.http.get(f"/api/tasks/{task}", headers=desk.headers)).json()["findings"]
        return {photo["id"]: photo.get("held") for row in rows for photo in row["photos"]}

    assert [(await it.get(face)).status_code for it in (handler, triage, phone)] == [404, 200, 200]
    assert (await handler.get(lamp)).status_code == 200
    assert await seen(handler) == {str(lamp): None}
    assert await seen(triage) == {str(face): "En person går att känna igen.", str(lamp): None}
    assert (await evening.http.get(f"{outside}/{face}.jpg")).status_code == 404
    assert (await evening.http.get(f"{outside}/{lamp}.jpg")).status_code == 200

    await triage.act("photo.let_go", face, {})

    assert (await handler.get(face)).status_code == 200
    assert (await evening.http.get(f"{outside}/{face}.jpg")).status_code == 404  # public is chosen anew


async def test_who_saw_it_sees_the_after_photo_when_the_work_is_said_to_be_done(evening: Evening) -> None:
    phone, stranger = await evening.phone(), await evening.phone()
    observation = await phone.observe()
    task = await a_task_of(evening, observation)
    handler = await at_the_desk(evening, HANDLER)
    await handler.act("task.accept", task, {"person": "Bo"})
    await handler.act("task.plan", task, {"planned_on": "2026-11-25"})
    await handler.act("task.start", task, {"note": ""})
    after = await handler.hand_over(PHOTO, task=task)
    await derive(evening)

    early = await phone.get(after)
    done = {"extent": "full", "public_text": "Lampan är bytt.", "photos": [str(after)]}
    await handler.act("task.finish", task, done)

    assert early.status_code == 404
    assert (await phone.get(after)).status_code == 200
    assert (await stranger.get(after)).status_code == 404


async def declared_by(asker: Desk, facts: dict[str, Any]) -> str | None:
    """The code of the refusal, None when it was taken."""
    engine, now = asker.evening.house.engine, asker.evening.now
    outcome = await engine.act(MUNICIPALITY, "photo.declare", uuid7(), facts, now, actor=asker.principal)
    return outcome.code


async def test_a_department_declares_photos_of_its_own_tasks_only_and_only_of_what_was_done(evening: Evening) -> None:
    phone, handler = await evening.phone(), await at_the_desk(evening, HANDLER)
    own = await a_task_of(evening, await phone.observe())
    others = await a_task_of(evening, await phone.observe(), department="fastighet")

    async def code(task: UUID, role: str) -> str | None:
        return await declared_by(handler, phone.declaration(PHOTO, of=task, kind="task", role=role))

    assert await code(own, "after") is None
    assert await code(own, "before") == "photo_role_differs"
    assert await code(others, "after") == "not_your_task"


async def test_no_desk_declares_a_photo_of_what_somebody_else_saw(evening: Evening) -> None:
    phone = await evening.phone()
    seen = await phone.observe()
    await a_task_of(evening, seen)

    for login in (HANDLER, "arbetsledare@lidkoping", COORDINATOR):
        for role in ("before", "after"):
            facts = phone.declaration(PHOTO, of=seen, role=role)
            assert await declared_by(await at_the_desk(evening, login), facts) == "not_your_observation"


async def test_the_coordinator_declares_a_photo_only_for_a_party_that_does_not_sign_in(evening: Evening) -> None:
    phone, coordinator = await evening.phone(), await at_the_desk(evening, COORDINATOR)
    quiet = await a_task_of(evening, await phone.observe(), department="vasttrafik")
    signing = await a_task_of(evening, await phone.observe())

    codes = [
        await declared_by(coordinator, phone.declaration(PHOTO, of=task, kind="task", role="after"))
        for task in (quiet, signing)
    ]

    assert codes == [None, "not_your_task"]


async def test_a_phone_declares_photos_of_its_own_observations_only_as_they_were(evening: Evening) -> None:
    mine, other = await evening.phone(), await evening.phone()
    seen = await mine.observe()
    task = await a_task_of(evening, seen)

    async def code(phone: Phone, **changes: Any) -> str | None:
        outcome = await phone.push("photo.declare", uuid7(), phone.declaration(PHOTO, **changes))
        said: str | None = outcome.get("code")
        return said

    assert await code(mine, of=seen) is None
    assert await code(mine, of=seen, role="after") == "photo_role_differs"
    assert await code(other, of=seen) == "not_your_observation"
    assert await code(mine, of=task, kind="task", role="after") == "not_your_task"


async def test_a_photo_may_come_before_its_observation(evening: Evening) -> None:
    phone = await evening.phone()

    photo = await phone.hand_over(PHOTO, of=uuid7())

    assert (await evening.photo(photo)).has_arrived


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"bytes": 25 * 1024 * 1024 + 1}, "photo_too_large"),
        ({"bytes": 0}, "photo_too_large"),
        ({"width": 10_000, "height": 5_001}, "photo_too_large"),
        ({"width": 0}, "malformed"),
        ({"sha256": "A" * 64}, "malformed"),
        ({"sha256": "../../etc/passwd"}, "malformed"),
        ({"of": {"kind": "person", "id": str(uuid7())}}, "malformed"),
    ],
)
async def test_an_impossible_photo_is_refused_when_it_is_declared(
    evening: Evening, changes: dict[str, Any], code: str
) -> None:
    phone = await evening.phone()

    outcome = await phone.push("photo.declare", uuid7(), phone.declaration(PHOTO, **changes))

    assert (outcome["outcome"], outcome["code"]) == ("rejected", code)


async def test_declaring_the_same_photo_again_changes_nothing_and_another_is_refused(evening: Evening) -> None:
    phone = await evening.phone()
    photo, told = uuid7(), phone.declaration(PHOTO)
    await phone.push("photo.declare", photo, told)

    again = await phone.push("photo.declare", photo, told)
    other = await phone.push("photo.declare", photo, {**told, "sha256": "0" * 64})

    assert again["outcome"] == "applied"
    assert other["code"] == "photo_differs"
    assert (await evening.photo(photo)).version == 1


async def test_the_walk_says_how_many_photos_each_phone_still_has(evening: Evening) -> None:
    phone = await evening.phone()
    await phone.declare(PHOTO)
    await phone.declare(PHOTO)
    await phone.hand_over(PHOTO)
    coordinator = await at_the_desk(evening, COORDINATOR)

    walk = (await evening.http.get(f"/api/walks/{evening.walk}", headers=coordinator.headers)).json()

    assert [row["missing_photos"] for row in walk["phones"] if row["id"] == str(phone.device)] == [2]


async def test_an_unknown_size_is_refused(evening: Evening) -> None:
    phone = await evening.phone()

    assert (await phone.get(uuid7(), "9999")).status_code == 400
