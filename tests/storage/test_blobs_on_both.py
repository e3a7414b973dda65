"""What `Blobs` promises holds in a folder and in a bucket alike; and what only a bucket must say."""

import asyncio
import hashlib
import os
from pathlib import Path

import httpx
import pytest

from tests.storage.buckets import HASTY, Wire, a_place, keep_versions
from trygghetsvandring.storage.blobs import Blobs, Folder
from trygghetsvandring.storage.buckets import Bucket, BucketUnsound, Place, StoreAway
from trygghetsvandring.storage.disk import Disk

KEY = "lidkoping/photos/ab/1/received"
CONTENT = os.urandom(300_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Store:
    """The blobs, and a hand that reaches behind their back."""

    def __init__(self, blobs: Blobs, folder: Path, place: Place | None) -> None:
        self.blobs, self.folder, self._place = blobs, folder, place

    async def rot(self, key: str, content: bytes) -> None:
        if self._place is None:
            (self.folder / "blobs" / key).write_bytes(content)
        else:
            await Bucket(self._place).keep(key, content)


@pytest.fixture(params=["folder", "bucket"])
def stored(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return Store(Folder(Disk(tmp_path, full_at=1.0)), tmp_path, None)
    place = a_place(request.getfixturevalue("s3"))
    return Store(Bucket(place), tmp_path, place)


async def keys(blobs: Blobs, prefix: str) -> list[str]:
    return sorted([each.key async for each in blobs.under(prefix)])


async def test_what_is_kept_is_read_whole_in_part_and_by_its_digest(stored: Store) -> None:
    blobs = stored.blobs
    await blobs.keep(KEY, CONTENT)

    assert await blobs.read(KEY) == CONTENT
    assert await blobs.part(KEY, 1_000, 20) == CONTENT[1_000:1_020]
    assert await blobs.part(KEY, len(CONTENT) - 5, 100) == CONTENT[-5:]
    assert await blobs.part(KEY, len(CONTENT) + 5, 100) == b""
    assert await blobs.size(KEY) == len(CONTENT)
    assert await blobs.digest(KEY) == SHA256
    assert blobs.silent_for is None


async def test_what_is_not_there_is_nothing_and_no_fault(stored: Store) -> None:
    blobs = stored.blobs

    told = [await blobs.read(KEY), await blobs.part(KEY, 0, 5), await blobs.size(KEY), await blobs.digest(KEY)]

    assert told == [None, None, None, None]
    assert not await blobs.is_any("lidkoping")
    assert await keys(blobs, "lidkoping") == []
    await blobs.remove(KEY)
    await blobs.remove_all("lidkoping/photos")
    assert blobs.silent_for is None


async def test_a_file_that_is_taken_is_stored_whole_and_gone_from_where_it_was(stored: Store) -> None:
    file = stored.folder / "whole.part"
    file.write_bytes(CONTENT)

    await stored.blobs.take(file, KEY)
    repeated = stored.folder / "again.part"
    repeated.write_bytes(CONTENT)
    await stored.blobs.take(repeated, KEY)

    assert not file.exists() and not repeated.exists()
    assert await stored.blobs.digest(KEY) == SHA256


async def test_bytes_that_changed_behind_our_back_have_another_digest(stored: Store) -> None:
    await stored.blobs.keep(KEY, CONTENT)

    await stored.rot(KEY, CONTENT[:-1] + bytes([CONTENT[-1] ^ 1]))

    assert await stored.blobs.digest(KEY) not in {SHA256, None}
    await stored.blobs.keep(KEY, CONTENT)  # sent again by whoever still has it
    assert await stored.blobs.digest(KEY) == SHA256


async def test_what_is_removed_is_gone_and_its_neighbours_stay(stored: Store) -> None:
    blobs = stored.blobs
    for key in ("lidkoping/photos/ab/1/320.jpg", "lidkoping/photos/ab/12/received", KEY):
        await blobs.keep(key, CONTENT[:50])

    await blobs.remove_all("lidkoping/photos/ab/1")
    await blobs.remove_all("lidkoping/photos/ab/1")

    assert await keys(blobs, "lidkoping") == ["lidkoping/photos/ab/12/received"]
    assert await blobs.read(KEY) is None
    await blobs.remove("lidkoping/photos/ab/12/received")
    assert not await blobs.is_any("lidkoping")


async def test_a_municipality_is_a_whole_name_and_no_key_leads_out_of_it(stored: Store) -> None:
    blobs = stored.blobs
    await blobs.keep("lid/photos/1", b"one")
    await blobs.keep("lidkoping/photos/1", b"two")

    assert await keys(blobs, "lid") == ["lid/photos/1"]
    await blobs.remove_all("lid")
    assert await keys(blobs, "lidkoping") == ["lidkoping/photos/1"]
    for key in ("lid/../lidkoping/photos/1", "/lidkoping/photos/1", "", "lid//photos", "lid/./x", "lid/å"):
        with pytest.raises(ValueError, match="not a key"):
            await blobs.read(key)
        with pytest.raises(ValueError, match="not a key"):
            await blobs.remove_all(key)


async def test_a_rescue_file_of_many_parts_is_proved_by_its_bytes(s3: str, tmp_path: Path) -> None:
    blobs, file, content = Bucket(a_place(s3)), tmp_path / "rescue.part", os.urandom(1_000_000) * 34
    file.write_bytes(content)

    await blobs.take(file, "lidkoping/rescues/1/sealed")

    assert not file.exists()
    assert await blobs.digest("lidkoping/rescues/1/sealed") == hashlib.sha256(content).hexdigest()


# ---------------------------------------------------------------- what is not stored is never called so


async def test_an_answer_that_says_other_bytes_is_no_receipt(
    bucket_place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server says 200 to every put, and stores something else."""
    import obstore

    real = obstore.put_async

    async def put(store: object, name: str, content: bytes, **said: object) -> object:
        return await real(store, name, content[:-1] + b"?", **said)  # type: ignore[arg-type]

    monkeypatch.setattr("obstore.put_async", put)
    with pytest.raises(StoreAway):
        await Bucket(bucket_place).keep(KEY, CONTENT)


async def test_a_bucket_that_is_wrong_says_how_before_anything_is_served(s3: str) -> None:
    sound, versioned = a_place(s3), a_place(s3)
    keep_versions(versioned)
    missing = Place(bucket="finns-inte", endpoint=s3, region=sound.region, key_id="nyckel", secret="hemlig")

    await Bucket(sound).prove()
    assert await keys(Bucket(sound), "probe") == []
    for place, code in ((missing, "s3_bucket_missing"), (versioned, "s3_versioned")):
        with pytest.raises(BucketUnsound) as wrong:
            await Bucket(place).prove()
        assert wrong.value.code == code
    with pytest.raises(StoreAway):  # later too: what is kept in versions cannot be erased
        await Bucket(versioned).keep(KEY, CONTENT)


# ---------------------------------------------------------------- away


async def test_a_store_that_is_away_is_left_alone_and_comes_back_by_itself(s3: str) -> None:
    now = [1_000.0]
    place = a_place(s3)
    async with Wire(s3) as wire:
        through = Place(bucket=place.bucket, endpoint=wire.url, region=place.region, key_id="nyckel", secret="hemlig")
        blobs = Bucket(through, patience=HASTY, clock=lambda: now[0])
        await blobs.keep(KEY, CONTENT)
        wire.be("gone")
        first = await asyncio.gather(*[blobs.read(KEY) for _ in range(8)], return_exceptions=True)
        asked = wire.asked

        told = await asyncio.gather(*[blobs.keep(KEY, CONTENT) for _ in range(500)], return_exceptions=True)

        assert {type(each) for each in (*first, *told)} == {StoreAway}
        assert {each.facts["retry_after"] for each in told if isinstance(each, StoreAway)} == {5}
        assert wire.asked == asked
        tries = 0
        for _ in range(600):  # ten minutes, a second at a time, with somebody asking each second
            now[0] += 1
            before = wire.asked
            with pytest.raises(StoreAway):
                await blobs.size(KEY)
            tries += wire.asked > before
        assert 5 <= tries <= 15
        assert blobs.silent_for == 600

        wire.be("through")
        now[0] += HASTY.rest_most
        assert await blobs.read(KEY) == CONTENT
        assert blobs.silent_for is None


async def test_while_a_store_is_silent_the_loop_turns(s3: str) -> None:
    async with Wire(s3) as wire:
        wire.be("silent")
        place = a_place(s3)
        through = Place(bucket=place.bucket, endpoint=wire.url, region=place.region, key_id="nyckel", secret="hemlig")
        asking = asyncio.ensure_future(Bucket(through, patience=HASTY).keep(KEY, CONTENT))
        turns = 0
        while not asking.done():
            await asyncio.sleep(0)
            turns += 1

        assert isinstance(asking.exception(), StoreAway)
        assert turns > 1_000  # a loop that was blocked would have turned once or twice


# ---------------------------------------------------------------- signed addresses


async def test_an_address_is_signed_for_one_key_and_a_minute_and_is_given_only_where_browsers_reach(s3: str) -> None:
    place = a_place(s3, browsers=s3)
    blobs = Bucket(place)
    await blobs.keep("lidkoping/photos/ab/1/320.jpg", CONTENT)

    link = await blobs.link("lidkoping/photos/ab/1/320.jpg")

    assert link is not None
    url = httpx.URL(link)
    assert url.path == f"/{place.bucket}/trygg/lidkoping/photos/ab/1/320.jpg"
    assert url.params["X-Amz-Expires"] == "60" and "hemlig" not in link
    assert url.params["X-Amz-Signature"] == _signature(link, place)
    async with httpx.AsyncClient() as browser:
        got = await browser.get(link)
    assert (got.content, got.headers["content-type"]) == (CONTENT, "image/jpeg")
    assert await Bucket(a_place(s3)).link(KEY) is None


def _signature(link: str, place: Place) -> str:
    """Worked out by somebody else's library."""
    from botocore.auth import S3SigV4QueryAuth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    said = httpx.URL(link).params
    request = AWSRequest("GET", link.partition("?")[0])
    request.context["timestamp"] = said["X-Amz-Date"]
    signer = S3SigV4QueryAuth(Credentials(place.key_id, place.secret), "s3", place.region, expires=60)
    signer._modify_request_before_signing(request)
    text = signer.string_to_sign(request, signer.canonical_request(request))
    return str(signer.signature(text, request))
