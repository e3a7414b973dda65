"""One upload, many hands: cut at any byte, two clients at once, pieces in parallel, requests out of order, quotas."""

import asyncio
import random
import time
from uuid import UUID

import pytest

from tests.imaging.makers import a_photo
from tests.web.phones import MUNICIPALITY, Evening, Phone, sha256
from tests.web.test_uploads import cut
from trygghetsvandring.domain import uploads as rules
from trygghetsvandring.domain.uploads import QuotaOf
from trygghetsvandring.storage.photos import received_key
from trygghetsvandring.storage.uploads import UploadBusy

pytest_plugins = ["tests.web.evenings"]

PHOTO = a_photo()
SEED, CUTS, PHOTOS = 20_261_123, 200, 20


async def is_whole(evening: Evening, photo: UUID) -> bool:
    return await evening.house.blobs.digest(received_key(MUNICIPALITY, photo)) == sha256(PHOTO)


async def offset_of(phone: Phone, photo: UUID) -> int:
    return int((await phone.where(photo)).headers["Upload-Offset"])


async def test_cut_at_two_hundred_random_bytes_every_photo_is_the_same(evening: Evening) -> None:
    phone, chance = await evening.phone(), random.Random(SEED)
    for _ in range(PHOTOS):
        photo = await phone.declare(PHOTO)
        await phone.create(photo, PHOTO)
        at = 0
        for byte in sorted(chance.randrange(len(PHOTO)) for _ in range(CUTS // PHOTOS)):
            await cut(evening, phone, photo, PHOTO[at:byte], at)
            at = await offset_of(phone, photo)
            assert at == byte  # every byte that came is kept
        assert (await phone.send(photo, at, PHOTO[at:])).headers["Trygg-Photo"] == "received"
        assert await is_whole(evening, photo)


async def test_two_clients_at_once_and_pieces_in_parallel_make_one_whole_photo(evening: Evening) -> None:
    phone = await evening.phone()
    for seed in range(10):
        photo = await phone.declare(PHOTO)
        await phone.create(photo, PHOTO)

        async def client(number: int, seed: int = seed, photo: UUID = photo) -> None:
            chance = random.Random(SEED + 100 * seed + number)
            while (at := await offset_of(phone, photo)) < len(PHOTO):
                ends = [min(len(PHOTO), at + chance.randrange(1, len(PHOTO) // 2)) for _ in range(3)]
                await asyncio.gather(*(phone.send(photo, at, PHOTO[at:end]) for end in ends))

        await asyncio.gather(client(0), client(1))
        assert await is_whole(evening, photo)


async def test_a_dying_request_that_reaches_the_lock_after_its_successor_gives_way(evening: Evening) -> None:
    phone = await evening.phone()
    photo = await phone.declare(PHOTO)
    await phone.create(photo, PHOTO)
    uploads, came = evening.house.uploads, time.monotonic_ns()

    async with uploads.hold(MUNICIPALITY, photo, since=came) as first:
        assert not first.is_wanted
    async with uploads.hold(MUNICIPALITY, photo, since=came + 2) as successor:
        assert not successor.is_wanted
        with pytest.raises(UploadBusy):
            async with uploads.hold(MUNICIPALITY, photo, since=came + 1, wait=0.05):
                pass
        assert not successor.is_wanted  # by nobody older than itself
    async with uploads.hold(MUNICIPALITY, photo, since=came + 1) as late:
        assert late.is_wanted
    async with uploads.hold(MUNICIPALITY, photo, since=came + 3) as newest:
        assert not newest.is_wanted


async def test_a_full_quota_asks_the_next_to_wait_and_stops_nothing_that_has_begun(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "SURE", 1)
    monkeypatch.setattr(rules, "MOST", dict.fromkeys(QuotaOf, 2 * len(PHOTO)) | {QuotaOf.WALK: 10**9})
    mine, other = await evening.phone(), await evening.phone()
    first, second, third = [await mine.declare(PHOTO) for _ in range(3)]
    theirs = await other.declare(PHOTO)
    assert [(await mine.create(photo, PHOTO)).status_code for photo in (first, second)] == [201, 201]

    waits = await mine.create(third, PHOTO)
    others = await other.create(theirs, PHOTO)

    assert (waits.status_code, waits.json()["code"], waits.json()["facts"]["of"]) == (429, "uploads_full", "device")
    assert waits.headers["Retry-After"] and (await mine.where(third)).status_code == 404
    assert others.json()["facts"]["of"] == "municipality"
    assert (await mine.create(first, PHOTO)).status_code == 201  # begun already
    assert (await mine.send(first, 0, PHOTO)).headers["Trygg-Photo"] == "received"
    assert (await mine.create(third, PHOTO)).status_code == 201


@pytest.mark.parametrize(
    ("declared", "told", "code"),
    [("application/pdf", "", "not_a_photo"), ("image/jpeg", ",filetype aW1hZ2UvcG5n", "photo_differs")],
)
async def test_another_type_than_a_photos_or_than_was_declared_is_not_begun(
    evening: Evening, declared: str, told: str, code: str
) -> None:
    phone = await evening.phone()
    photo = await phone.declare(PHOTO, media_type=declared)
    said = (await phone.create(photo, PHOTO)).request.headers["Upload-Metadata"] + told

    answer = await phone.create(photo, PHOTO, Upload_Metadata=said)

    assert answer.json()["code"] == code
