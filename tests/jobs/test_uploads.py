"""Uploads that have expired: empty ones go after two days, bytes by the nämnd's decision, and what is held stays."""

import os
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tests.imaging.makers import a_photo
from tests.web.phones import MUNICIPALITY, Evening, Phone
from tests.web.tus_client import Client
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.jobs import proving, uploads
from trygghetsvandring.jobs.work import Context, Lane
from trygghetsvandring.storage.photos import small_key
from trygghetsvandring.storage.queue import Waiting
from trygghetsvandring.storage.uploads import UploadBusy

pytest_plugins = ["tests.web.evenings"]
PHOTO = a_photo()


async def begun(evening: Evening, phone: Phone, come: int, days_ago: float) -> UUID:
    photo = await phone.declare(PHOTO)
    await phone.create(photo, PHOTO)
    await phone.send(photo, 0, PHOTO[:come])
    at = (evening.now - timedelta(days=days_ago)).timestamp()
    os.utime(evening.house.uploads.file(MUNICIPALITY, photo), (at, at))
    return photo


def context_of(evening: Evening) -> Context:
    it: Context = evening.app.state.runner._context
    return it


async def swept(evening: Evening) -> None:
    job = Waiting(id=uuid7(), municipality=MUNICIPALITY, kind=uploads.KIND, body="{}", attempts=0)
    await uploads.expired(context_of(evening), job)
    await evening.app.state.runner.round(Lane.ERASURES)


def left(evening: Evening) -> set[UUID]:
    return {it.photo for it in evening.house.uploads.unfinished(MUNICIPALITY)}


async def test_empty_uploads_go_after_two_days_and_no_byte_goes_without_a_decision(evening: Evening) -> None:
    phone = await evening.phone()
    old, young = await begun(evening, phone, 0, 2.1), await begun(evening, phone, 0, 1.9)
    half = await begun(evening, phone, 900, 4_000)
    rescue = evening.house.uploads.folder(MUNICIPALITY) / f"rescue-{uuid7()}.part"
    rescue.write_bytes(b"sealed")

    await swept(evening)

    assert left(evening) == {young, half}
    assert rescue.exists()
    assert (await phone.where(old)).status_code == 404
    await phone.create(old, PHOTO)
    assert (await phone.send(old, 0, PHOTO)).headers["Trygg-Photo"] == "received"


async def test_a_whole_photo_that_waits_for_the_store_is_no_half_photo(evening: Evening) -> None:
    phone = await evening.phone()
    await Client(evening, phone).nobody_waits_longer_than(30)
    whole = await begun(evening, phone, 900, 32)
    file = evening.house.uploads.file(MUNICIPALITY, whole)
    touched = file.stat().st_mtime
    file.write_bytes(PHOTO)
    os.utime(file, (touched, touched))

    await swept(evening)

    assert left(evening) == {whole}
    assert await context_of(evening).hands.journal.read() == []


async def test_half_photos_go_by_the_decision_given_up_or_not_and_what_is_held_stays(evening: Evening) -> None:
    phone = await evening.phone()
    await Client(evening, phone).nobody_waits_longer_than(30)
    old, young = await begun(evening, phone, 900, 32), await begun(evening, phone, 900, 29)
    given_up, held = await begun(evening, phone, 900, 32), await begun(evening, phone, 900, 32)
    assert (await evening.http.delete(f"/uploads/{given_up}", headers=phone.headers)).status_code == 204
    body = {"about": [{"kind": "photo", "id": str(held)}], "reason": "Begäran om handlingen"}
    await Client(evening, phone).keeps_the_register("hold.place", body)

    await swept(evening)
    await swept(evening)  # a job may run twice

    assert left(evening) == {young, held}
    assert (await phone.where(old)).status_code == 404
    journal = [line.erasing.refs for line in await context_of(evening).hands.journal.read()]
    assert {ref.id for refs in journal for ref in refs} == {old, given_up}
    await phone.create(old, PHOTO)
    assert (await phone.send(old, 0, PHOTO)).headers["Trygg-Photo"] == "received"


async def test_what_a_crash_left_beside_the_uploads_goes_and_what_somebody_holds_stays(evening: Evening) -> None:
    phone, uploads_ = await evening.phone(), evening.house.uploads
    half = await begun(evening, phone, 900, 4_000)
    folder = uploads_.folder(MUNICIPALITY)
    old, young, at_work = uuid7(), uuid7(), uuid7()
    for photo, days in ((half, 3), (old, 3), (young, 1)):
        chunk, lock = (folder / f"{photo}.{kind}" for kind in ("chunk", "lock"))
        chunk.write_bytes(b"never answered for")
        lock.touch()
        at = (evening.now - timedelta(days=days)).timestamp()
        os.utime(chunk, (at, at))
    alone = folder / f"{uuid7()}.lock"
    alone.touch()
    rescue = folder / f"rescue-{uuid7()}.lock"
    rescue.touch()

    async with uploads_.hold(MUNICIPALITY, at_work) as hold:
        await swept(evening)
        assert not hold.is_wanted
        assert (folder / f"{at_work}.lock").exists()

    left_here = {file.name for file in folder.iterdir()}
    assert left_here >= {f"{half}.part", f"{half}.lock", f"{young}.chunk", f"{young}.lock", rescue.name}
    assert not left_here & {f"{half}.chunk", f"{old}.chunk", f"{old}.lock", alone.name}
    await swept(evening)
    assert f"{at_work}.lock" not in {file.name for file in folder.iterdir()}


async def test_the_sweep_of_bytes_lets_go_of_a_lock_only_while_it_is_its_own(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands, stray = context_of(evening).hands, uuid7()
    await hands.blobs.keep(small_key(MUNICIPALITY, stray, 480), b"a copy that no row names")
    held: list[bool] = []
    forget = hands.uploads.forget_lock

    async def forgotten(municipality: str, photo: UUID) -> None:
        try:
            async with hands.uploads.hold(municipality, photo, wait=-1):
                held.append(False)
        except UploadBusy:
            held.append(True)
        await forget(municipality, photo)

    monkeypatch.setattr(hands.uploads, "forget_lock", forgotten)

    found = [it async for it in proving.sweep(hands, MUNICIPALITY, datetime(2126, 1, 1, tzinfo=UTC))]

    assert [(it.key, it.is_removed) for it in found] == [(small_key(MUNICIPALITY, stray, 480), True)]
    assert held == [True]
