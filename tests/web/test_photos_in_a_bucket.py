"""Photos in an S3 server: received only when it has them, shown only to those who may, and all else goes on."""

import asyncio
import re
import resource
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import structlog.testing

from tests.imaging.makers import PLANTED, a_photo, picture, saved
from tests.storage.buckets import HASTY, Wire, a_place
from tests.web.phones import MUNICIPALITY, Evening, a_task_of, an_evening, at_the_desk
from trygghetsvandring.domain.photos import PhotoState
from trygghetsvandring.jobs import arrivals, daily, proving
from trygghetsvandring.jobs.photos import export
from trygghetsvandring.jobs.work import Context, Lane
from trygghetsvandring.storage.buckets import Bucket, Place
from trygghetsvandring.storage.photos import received_key, small_key
from trygghetsvandring.sync.erasing import remove_photo

pytest_plugins = ["tests.web.evenings"]

PHOTO = a_photo()
COORDINATOR, HANDLER = "samordnare@lidkoping", "handlaggare@lidkoping"
ON_A_PAGE = {"Sec-Fetch-Dest": "image"}


def another(quality: int) -> bytes:
    return saved(picture(640, 480), quality=quality)


class Town:
    """An evening whose photos lie in a bucket, and the wire to it. `clock` is the bucket's own, in seconds."""

    def __init__(self, evening: Evening, wire: Wire, bucket: Bucket, clock: list[float]) -> None:
        self.evening, self.wire, self.bucket, self.clock = evening, wire, bucket, clock

    @property
    def context(self) -> Context:
        it = self.evening.app.state.runner._context
        assert isinstance(it, Context)
        return it

    def passes(self, seconds: float) -> None:
        self.clock[0] += seconds
        self.evening.now += timedelta(seconds=seconds)

    async def derive(self) -> None:
        while await self.evening.app.state.runner.round(Lane.PHOTOS):
            pass


@pytest_asyncio.fixture
async def town(tmp_path: Path, seeded_database: Path, s3: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Town]:
    behind, clock = a_place(s3), [1_000.0]
    async with Wire(s3) as wire:
        place = Place(
            bucket=behind.bucket,
            folder=behind.folder,
            endpoint=wire.url,
            region=behind.region,
            key_id=behind.key_id,
            secret=behind.secret,
            browsers=s3,
        )
        bucket = Bucket(place, patience=HASTY, clock=lambda: clock[0])
        monkeypatch.setattr("trygghetsvandring.asgi.blobs_of", lambda _disk, _settings: bucket)
        async with an_evening(tmp_path, seeded_database, bucket=place) as evening:
            yield Town(evening, wire, bucket, clock)


async def phones_page(town: Town) -> Any:
    coordinator = await at_the_desk(town.evening, COORDINATOR)
    return (await town.evening.http.get("/api/phones", headers=coordinator.headers)).json()


async def test_a_photo_is_received_shown_exported_and_erased_where_the_bucket_is(town: Town, tmp_path: Path) -> None:
    evening = town.evening
    phone = await evening.phone()
    photo = await phone.hand_over(PHOTO, of=await phone.observe())
    await town.derive()

    assert await town.bucket.read(received_key(MUNICIPALITY, photo)) == PHOTO
    assert not (evening.folder / "blobs" / MUNICIPALITY).exists()
    assert not list((evening.folder / "partial").rglob("*.part"))
    assert (await phone.get(photo, "full")).content == PHOTO
    written = [it async for it in export(evening.house.store, town.bucket, MUNICIPALITY, tmp_path / "ut")]
    assert [type(it).__name__ for it in written] == ["PosixPath"]

    await remove_photo(town.bucket, evening.house.uploads, MUNICIPALITY, photo)

    assert [each async for each in town.bucket.under(MUNICIPALITY)] == []


async def test_a_picture_on_a_page_is_fetched_by_a_signed_address_that_nobody_keeps(town: Town) -> None:
    phone = await town.evening.phone()
    photo = await phone.hand_over(PHOTO, of=await phone.observe())
    await town.derive()
    asked = f"/photos/{photo}?size=320"

    page = await town.evening.http.get(asked, headers={**phone.headers, **ON_A_PAGE})
    script = await town.evening.http.get(asked, headers={**phone.headers, "Sec-Fetch-Dest": "empty"})
    nobody = await town.evening.http.get(asked, headers=ON_A_PAGE)
    stranger = await town.evening.http.get(asked, headers={**(await town.evening.phone()).headers, **ON_A_PAGE})

    assert (page.status_code, page.headers["Cache-Control"]) == (302, "private, no-store")
    where = page.headers["Location"]
    key = small_key(MUNICIPALITY, photo, 320)
    assert re.fullmatch(rf"http://127\.0\.0\.1:\d+/foton-\d+/trygg/{key}\?.*X-Amz-Expires=60.*", where)
    assert where.startswith(f"{where.split('/foton')[0]}/") and phone.token not in where
    assert f"img-src 'self' blob: data: {where.split('/foton')[0]};" in page.headers["Content-Security-Policy"]
    assert "connect-src 'self';" in page.headers["Content-Security-Policy"]
    assert (script.status_code, script.headers["Content-Type"]) == (200, "image/jpeg")
    assert "sandbox" in script.headers["Content-Security-Policy"] and "no-store" in script.headers["Cache-Control"]
    assert (nobody.status_code, stranger.status_code) == (401, 404)
    assert "Location" not in nobody.headers and "Location" not in stranger.headers


async def test_what_is_sealed_or_held_back_never_gets_an_address(town: Town) -> None:
    evening = town.evening
    phone = await evening.phone()
    sealed = await phone.hand_over(PLANTED["comment"](), of=await phone.observe())
    finding = await phone.observe()
    held_back = await phone.hand_over(PHOTO, of=finding)
    await town.derive()
    coordinator = await at_the_desk(evening, COORDINATOR)
    open_ = await evening.http.get(f"/photos/{held_back}?size=full", headers={**coordinator.headers, **ON_A_PAGE})
    await coordinator.act("observation.withhold", finding, {"reason": "En person syns"})

    for photo in (sealed, held_back):
        for size in ("320", "full"):
            asked = f"/photos/{photo}?size={size}"
            answer = await evening.http.get(asked, headers={**coordinator.headers, **ON_A_PAGE})
            assert (answer.status_code, "Location" in answer.headers) == (200, False)
    assert open_.status_code == 302  # before it was held back


# ---------------------------------------------------------------- bar 10: away for ten minutes


async def test_ten_minutes_without_the_bucket_cost_no_photo_and_stop_nothing_else(town: Town) -> None:
    evening = town.evening
    phone = await evening.phone()
    before = await phone.hand_over(PHOTO, of=await phone.observe())
    await town.derive()
    town.wire.be("silent")

    finding = await phone.observe(text="Lampan vid gångtunneln är trasig.")  # text goes on
    photos = [await phone.declare(another(50 + each), of=finding) for each in range(3)]
    contents = [another(50 + each) for each in range(3)]
    held_up = resource.getrusage(resource.RUSAGE_SELF)
    answers = []
    for photo, content in zip(photos, contents, strict=True):
        await phone.create(photo, content)
        answers.append(await phone.send(photo, 0, content))
    assert [(each.status_code, each.json()["code"]) for each in answers] == [(503, "store_away")] * 3
    assert all("Trygg-Photo" not in each.headers and each.headers["Retry-After"] for each in answers)

    town.wire.be("gone")
    asked = town.wire.asked
    for _ in range(120):  # ten minutes, with a phone that asks and a runner that looks every five seconds
        town.passes(5)
        where = await phone.where(photos[0])
        assert (where.status_code, where.headers.get("Trygg-Photo")) == (503, None)
        await arrivals.look(town.context)
    assert town.wire.asked - asked <= 60  # left alone, more and more seldom
    used = resource.getrusage(resource.RUSAGE_SELF)
    assert used.ru_maxrss - held_up.ru_maxrss < 64 * 1024  # KiB; each photo alone would be more, were it held

    assert {(await evening.photo(photo)).state for photo in photos} == {PhotoState.DECLARED}
    task = await a_task_of(evening, finding)  # the desk goes on
    assert (await evening.http.get(f"/api/tasks/{task}", headers=(await at_the_desk(evening, HANDLER)).headers)).json()
    health = (await evening.http.get("/healthz")).json()
    assert health["ok"] and health["photos_wait_for_s"] >= 600
    shown = await phones_page(town)
    assert shown["photos_wait"] == 3 and shown["store_silent_since"] is not None
    refused = await phone.get(before, "full")
    assert (refused.status_code, refused.json()["code"]) == (503, "store_away")

    town.wire.be("through")
    town.passes(HASTY.rest_most)
    assert await arrivals.look(town.context) == 3  # by itself: no phone has asked
    await town.derive()

    assert [await town.bucket.read(received_key(MUNICIPALITY, photo)) for photo in photos] == contents
    assert {(await evening.photo(photo)).state for photo in photos} == {PhotoState.ACCEPTED}
    assert [(await phone.where(photo)).headers["Trygg-Photo"] for photo in photos] == ["received"] * 3
    shown = await phones_page(town)
    assert (shown["photos_wait"], shown["store_silent_since"]) == (0, None)
    assert "photos_wait_for_s" not in (await evening.http.get("/healthz")).json()


async def test_whoever_waits_for_the_bucket_holds_no_connection_to_the_database(town: Town) -> None:
    evening, store = town.evening, town.evening.house.store
    phone = await evening.phone()
    shown = await phone.hand_over(PHOTO, of=await phone.observe())
    await town.derive()
    received = await phone.hand_over(another(71), of=await phone.observe())
    sent = await phone.declare(another(70), of=await phone.observe())
    await phone.create(sent, another(70))
    town.wire.be("silent")
    hands = town.context.hands

    async def checked() -> None:
        async for _ in proving.check(hands, None, evening.now):
            pass

    for ask in (
        lambda: phone.send(sent, 0, another(70)),
        lambda: phone.get(shown),
        lambda: evening.app.state.runner.round(Lane.PHOTOS),
        lambda: arrivals.look(town.context),
        lambda: remove_photo(town.bucket, evening.house.uploads, MUNICIPALITY, received),
        checked,
    ):
        before, asking = town.wire.asked, asyncio.ensure_future(ask())
        while town.wire.asked == before:
            assert not asking.done()
            await asyncio.sleep(0)
        assert [engine.pool.checkedout() for engine in (store._write, store._read)] == [0, 0]  # type: ignore[attr-defined]
        asking.cancel()
        await asyncio.wait({asking})


# ---------------------------------------------------------------- proved again


async def test_rot_is_named_and_what_no_row_names_is_found(town: Town) -> None:
    evening = town.evening
    phone = await evening.phone()
    sealed = await phone.hand_over(PLANTED["comment"](), of=await phone.observe())
    whole, rotten, lost, half = [await phone.hand_over(another(60 + n), of=await phone.observe()) for n in range(4)]
    await town.derive()
    stranger = "018f0000-0000-7000-8000-0000000000aa"
    came, copy = f"{MUNICIPALITY}/photos/aa/{stranger}/received", f"{MUNICIPALITY}/photos/aa/{stranger}/320.jpg"
    elsewhere = f"grannby/photos/aa/{stranger}/320.jpg"
    for key in (came, copy, elsewhere, small_key(MUNICIPALITY, whole, 1600)):
        await town.bucket.keep(key, b"bytes")
    await town.bucket.keep(received_key(MUNICIPALITY, rotten), another(61)[:-2] + b"??")
    await town.bucket.remove(received_key(MUNICIPALITY, lost))
    await town.bucket.remove(small_key(MUNICIPALITY, half, 320))

    async def found(later: timedelta = timedelta()) -> set[tuple[str, str | bool]]:
        said: set[tuple[str, str | bool]] = set()
        async for it in proving.check(town.context.hands, MUNICIPALITY, datetime.now(UTC) + later):
            said.add((it.key, it.what if isinstance(it, proving.Fault) else it.is_removed))
        return said

    faults: set[tuple[str, str | bool]] = {
        (received_key(MUNICIPALITY, rotten), "differs"),
        (received_key(MUNICIPALITY, lost), "missing"),
        (small_key(MUNICIPALITY, half, 320), "missing"),
    }
    assert await found() == faults  # what is young may be somebody's work
    strays = {(came, False), (copy, True), (small_key(MUNICIPALITY, whole, 1600), True)}
    assert await found(timedelta(days=2)) == faults | strays
    assert await found(timedelta(days=2)) == faults | {(came, False)}
    assert await town.bucket.read(elsewhere) == b"bytes"
    assert [(await phone.get(photo, "full")).status_code for photo in (whole, sealed)] == [200, 200]

    with structlog.testing.capture_logs() as lines:  # every photo once in four weeks, a part each day
        for _ in range(proving.EVERY_DAYS):
            await daily.plan(town.context)
            evening.now += timedelta(days=1)
            assert await evening.app.state.runner.round(Lane.PROOFS) == 1
    named = sorted((line["key"], line["what"]) for line in lines if line["event"] == "photo_bytes_lost")
    assert named == sorted(faults)
