"""Work with no one waiting: done once, tried again, never in each other's way."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select

from tests.imaging.makers import a_photo
from tests.web.phones import MUNICIPALITY, Evening
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.photos import PhotoState
from trygghetsvandring.integrations.mail import Letter, NotDelivered
from trygghetsvandring.jobs.runner import Runner
from trygghetsvandring.jobs.work import HANDLERS, Context, Lane
from trygghetsvandring.storage import queue
from trygghetsvandring.storage.photos import received_key
from trygghetsvandring.storage.tables import jobs

pytest_plugins = ["tests.web.evenings"]


class Letterbox:
    """Takes letters, or refuses them for as long as it is told to."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.broken: Exception | None = None

    async def send(self, letter: Letter) -> None:
        if self.broken is not None:
            raise self.broken
        self.letters.append(letter)


@pytest.fixture
def letterbox() -> Letterbox:
    return Letterbox()


@pytest.fixture
def runner(evening: Evening, letterbox: Letterbox) -> Runner:
    house = evening.house
    context = Context(
        store=house.store,
        engine=house.engine,
        blobs=house.blobs,
        post=letterbox,
        public_url="https://trygg.test",
        clock=lambda: evening.now,
        hands=evening.app.state.runner._context.hands,
    )
    return Runner(context, poll=0.05)


@pytest_asyncio.fixture
async def working(runner: Runner) -> AsyncIterator[Runner]:
    task = asyncio.create_task(runner.run())
    yield runner
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def rows(evening: Evening) -> list[Any]:
    async with evening.house.store.read() as db:
        return list(await db.execute(select(jobs).order_by(jobs.c.run_at)))


async def a_danger(evening: Evening, **changes: Any) -> None:
    phone = await evening.phone()
    await phone.observe(**{"category": "el", "severity": 3, "sent_alone": True, **changes})


async def until(condition: Any) -> None:
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never happened")


async def test_a_letter_about_a_danger_leaves_at_once(evening: Evening, letterbox: Letterbox, working: Runner) -> None:
    await a_danger(
        evening, place_words="vid cykelstället", called={"choice": "not_called", "at": evening.now.isoformat()}
    )

    await until(lambda: letterbox.letters)

    (letter,) = letterbox.letters
    assert letter.to == "jour@lidkoping.example"
    assert "vid cykelstället" in letter.text
    assert "INTE RINGT" in letter.text
    assert "Ingen har läst detta före mottagandet" in letter.text


async def test_a_danger_at_a_stop_tells_the_stops_place_when_the_phone_had_none(
    evening: Evening, letterbox: Letterbox, runner: Runner
) -> None:
    await a_danger(evening, stop=str(evening.stop), position=None)

    await runner.round(Lane.LETTERS)

    assert "Läge: 58." in letterbox.letters[0].text


async def test_an_ordinary_finding_sends_no_letter(evening: Evening, letterbox: Letterbox, runner: Runner) -> None:
    await (await evening.phone()).observe()

    assert await runner.round(Lane.LETTERS) == 0
    assert letterbox.letters == []


async def test_a_danger_withdrawn_before_its_letter_left_sends_none(
    evening: Evening, letterbox: Letterbox, runner: Runner
) -> None:
    phone = await evening.phone()
    observation = await phone.observe(category="el", severity=3)
    await phone.push("observation.withdraw", observation, {"reason": ""})

    await runner.round(Lane.LETTERS)

    assert letterbox.letters == []


async def test_a_letter_that_cannot_leave_is_kept_with_its_reason_and_leaves_later(
    evening: Evening, letterbox: Letterbox, runner: Runner
) -> None:
    await a_danger(evening)
    letterbox.broken = NotDelivered("the mail server answered 451")

    await runner.round(Lane.LETTERS)
    (row,) = await rows(evening)
    assert (row.last_error, row.attempts, row.done_at) == ("NotDelivered: the mail server answered 451", 1, None)
    assert row.run_at - evening.now <= timedelta(seconds=10)

    letterbox.broken = None
    evening.now += timedelta(seconds=10)
    await runner.round(Lane.LETTERS)
    (row,) = await rows(evening)
    assert (row.last_error, row.done_at) == (None, evening.now)
    assert len(letterbox.letters) == 1


async def test_a_job_that_never_succeeds_stays_failed_and_visible(
    evening: Evening, letterbox: Letterbox, runner: Runner
) -> None:
    await a_danger(evening)
    letterbox.broken = NotDelivered("the mail server answered 550")

    for _ in range(queue.GIVE_UP_AFTER + 5):
        await runner.round(Lane.LETTERS)
        evening.now += timedelta(hours=7)

    (row,) = [row for row in await rows(evening) if row.kind == "mail.duty"]  # the others tell of it
    assert row.failed_at is not None
    assert row.attempts == queue.GIVE_UP_AFTER


async def test_the_kept_reason_never_holds_what_somebody_typed(
    evening: Evening, letterbox: Letterbox, runner: Runner
) -> None:
    await a_danger(evening)
    letterbox.broken = ValueError("kalle@example.org, vid cykelstället")

    await runner.round(Lane.LETTERS)

    assert [row.last_error for row in await rows(evening)] == ["ValueError"]


async def test_two_runners_send_one_letter(evening: Evening, letterbox: Letterbox, runner: Runner) -> None:
    await a_danger(evening)

    counts = await asyncio.gather(*(runner.round(Lane.LETTERS) for _ in range(4)))

    assert (sorted(counts), len(letterbox.letters)) == ([0, 0, 0, 1], 1)


async def test_a_job_whose_runner_died_is_due_again_when_its_lease_ends(
    evening: Evening, letterbox: Letterbox, runner: Runner
) -> None:
    await a_danger(evening)
    async with evening.house.store.write() as db:
        (job,) = await queue.due(db, evening.now, 1, kinds=["mail.duty"])
        await queue.lease(db, job, evening.now + timedelta(minutes=5))

    early = await runner.round(Lane.LETTERS)
    evening.now += timedelta(minutes=5)
    late = await runner.round(Lane.LETTERS)

    assert (early, late) == (0, 1)
    assert len(letterbox.letters) == 1


async def test_a_letter_never_stands_behind_photos(
    evening: Evening, letterbox: Letterbox, working: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def endless(_context: Context, _job: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setitem(HANDLERS[Lane.PHOTOS], "photo.derive", endless)
    await (await evening.phone()).hand_over(a_photo())
    await a_danger(evening)

    await until(lambda: letterbox.letters)

    assert len(letterbox.letters) == 1


async def test_a_received_photo_is_accepted_by_the_next_round(evening: Evening, runner: Runner) -> None:
    photo = await (await evening.phone()).hand_over(a_photo())

    await runner.round(Lane.PHOTOS)

    row = await evening.photo(photo)
    assert (row.state, row.sizes, row.shown_sha256) == (PhotoState.ACCEPTED, (320,), row.sha256)


async def test_deriving_twice_changes_nothing(evening: Evening, runner: Runner) -> None:
    photo = await (await evening.phone()).hand_over(a_photo())
    await runner.round(Lane.PHOTOS)
    again = {"municipality": MUNICIPALITY, "id": uuid7(), "kind": "photo.derive", "body": f'{{"photo":"{photo}"}}'}
    async with evening.house.store.write() as db:
        await queue.enqueue(db, [{**again, "run_at": evening.now, "attempts": 0}])

    assert await runner.round(Lane.PHOTOS) == 1
    assert (await evening.photo(photo)).version == 3  # declared, received, accepted


async def test_bytes_that_rotted_on_disk_are_named_and_never_shown(evening: Evening, runner: Runner) -> None:
    photo = await (await evening.phone()).hand_over(a_photo())
    place = evening.folder / "blobs" / received_key(MUNICIPALITY, photo)
    place.write_bytes(place.read_bytes()[:-1] + b"x")

    await runner.round(Lane.PHOTOS)

    assert [row.last_error for row in await rows(evening)] == ["BytesLost: the stored bytes are not the received ones"]
    assert (await evening.photo(photo)).state is PhotoState.RECEIVED


async def test_a_database_that_is_away_does_not_end_the_runner(
    evening: Evening, letterbox: Letterbox, working: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as away:
        away.setattr(queue, "due", lambda *_args, **_named: 1 / 0)
        working.wake()
        await asyncio.sleep(0.1)
    await a_danger(evening)

    await until(lambda: letterbox.letters)

    assert len(letterbox.letters) == 1


async def test_without_a_mail_server_the_letter_lies_in_the_folder_of_the_start_page(evening: Evening) -> None:
    await a_danger(evening)

    await evening.app.state.runner.round(Lane.LETTERS)

    start = (await evening.http.get("/api/start")).json()
    assert start["mail_folder"] == str(evening.folder / "mail")
    assert [file.suffix for file in (evening.folder / "mail").iterdir()] == [".eml"]


@pytest.mark.parametrize("turns", range(6))
async def test_a_server_that_is_told_to_stop_as_something_is_committed_stops(runner: Runner, turns: int) -> None:
    runner._poll = 60
    running = asyncio.create_task(runner.run())
    await asyncio.sleep(0.3)  # every lane rests

    runner.wake()
    for _ in range(turns):
        await asyncio.sleep(0)
    running.cancel()

    done, _ = await asyncio.wait({running}, timeout=10)
    assert done
