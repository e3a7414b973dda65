"""What proves that work is done, and what a walker is shown as the place before it: photos of that very thing only."""

from typing import Any
from uuid import UUID

from tests.imaging.makers import a_photo
from tests.sync.desks import Desk, a_task, coordinator, desk, handler, replies, the_task
from tests.web.phones import Evening, Phone
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Role
from trygghetsvandring.domain.tasks import TaskState

pytest_plugins = ["tests.web.evenings"]

PHOTO = a_photo()


async def accepted(phone: Phone, triage: Desk, gata: Desk) -> UUID:
    task = await a_task(phone, triage)
    await gata.done("task.accept", task, person="Belysningslaget")
    return task


async def declares(gata: Desk, phone: Phone, task: UUID) -> UUID:
    photo = uuid7()
    await gata.done("photo.declare", photo, **phone.declaration(PHOTO, of=task, kind="task", role="after"))
    return photo


def done(*photos: UUID, text: str = "") -> dict[str, Any]:
    return {"extent": "full", "public_text": text, "photos": list(photos)}


async def test_a_photo_of_what_was_done_is_evidence_without_words(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await coordinator(evening), await handler(evening)
    task = await accepted(phone, triage, gata)
    photo = await declares(gata, phone, task)

    await gata.done("task.finish", task, **done(photo, photo))

    finished = await the_task(evening, task)
    assert (finished.state, finished.photos) == (TaskState.DONE, (photo,))


async def test_work_with_neither_words_nor_photo_is_not_done(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await coordinator(evening), await handler(evening)
    task = await accepted(phone, triage, gata)

    assert await gata.refused("task.finish", task, **done()) == "field_missing"


async def test_work_whose_photo_is_not_here_waits_for_it(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await coordinator(evening), await handler(evening)
    task, photo = await accepted(phone, triage, gata), uuid7()

    waiting = await gata.push("task.finish", task, done(photo))
    before = (await the_task(evening, task)).state
    await gata.done("photo.declare", photo, **phone.declaration(PHOTO, of=task, kind="task", role="after"))

    assert (waiting["outcome"], waiting["facts"]) == ("deferred", {"kind": "photo", "id": str(photo)})
    assert (before, (await the_task(evening, task)).state) == (TaskState.ACCEPTED, TaskState.DONE)


async def test_a_photo_of_something_else_proves_nothing_also_with_words(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await coordinator(evening), await handler(evening)
    task, other = await accepted(phone, triage, gata), await accepted(phone, triage, gata)
    elsewhere, seen = await declares(gata, phone, other), await phone.declare(PHOTO, of=await phone.observe())

    for photo in (elsewhere, seen):
        for text in ("", "Lampan är bytt."):
            assert await gata.refused("task.finish", task, **done(photo, text=text)) == "photo_of_another"
    assert (await the_task(evening, task)).state is TaskState.ACCEPTED


async def test_a_photo_that_could_not_be_read_is_no_evidence(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await coordinator(evening), await handler(evening)
    task = await accepted(phone, triage, gata)
    photo = await declares(gata, phone, task)
    server = evening.house.engine
    await server.act("lidkoping", "photo.refused", photo, {"code": "not_a_photo"}, evening.now)

    assert await gata.refused("task.finish", task, **done(photo)) == "field_missing"


async def test_a_stranger_learns_nothing_of_a_task_from_the_photos_it_names(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await coordinator(evening), await handler(evening)
    stranger = await desk(evening, Role.HANDLER, "fastighet")
    task = await accepted(phone, triage, gata)

    for photo in (uuid7(), await declares(gata, phone, task)):
        assert await stranger.refused("task.finish", task, **done(photo)) == "not_your_task"


async def test_the_answer_shows_the_first_photo_declared_on_that_very_observation(evening: Evening) -> None:
    phone, other = await evening.phone(), await evening.phone()
    others = await other.declare(PHOTO, of=await other.observe())
    mine, never = uuid7(), uuid7()
    seen = await phone.observe(photos=[str(others), str(never), str(mine)])
    before = (await replies(phone))[str(seen)]["before"]

    await phone.push("photo.declare", mine, phone.declaration(PHOTO, of=seen))

    assert (before, (await replies(phone))[str(seen)]["before"]) == (None, str(mine))


async def test_the_answer_shows_no_photo_that_another_phone_hung_on_the_observation(evening: Evening) -> None:
    phone, other, seen, photo = await evening.phone(), await evening.phone(), uuid7(), uuid7()
    await other.push("photo.declare", photo, other.declaration(PHOTO, of=seen))
    body = {"walk": str(evening.walk), "category": "bel.trasig", "seen_at": evening.now.isoformat()}

    await phone.push("observation.record", seen, body | {"photos": [str(photo)]})

    assert (await replies(phone))[str(seen)]["before"] is None
