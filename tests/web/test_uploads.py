"""Photos in by tus 1.0: cut anywhere, repeated, out of order, by the wrong phone."""

import asyncio
import os
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.imaging.makers import PLANTED, a_photo
from tests.web.phones import TUS, Evening, Phone, b64, sha256
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.photos import PhotoState
from trygghetsvandring.storage.photos import received_key

pytest_plugins = ["tests.web.evenings"]

PHOTO = a_photo()


async def stored(evening: Evening, photo: Any) -> bytes | None:
    return await evening.house.blobs.read(received_key("lidkoping", photo))


async def test_a_photo_sent_in_one_piece_is_received_with_the_same_bytes(evening: Evening) -> None:
    phone = await evening.phone()
    photo = await phone.declare(PHOTO)

    created = await phone.create(photo, PHOTO)
    sent = await phone.send(photo, 0, PHOTO)

    assert (created.status_code, created.headers["Location"]) == (201, f"/uploads/{photo}")
    assert (sent.status_code, sent.headers["Trygg-Photo"]) == (204, "received")
    assert sent.headers["Upload-Offset"] == str(len(PHOTO))
    assert await stored(evening, photo) == PHOTO
    assert (await evening.photo(photo)).state is PhotoState.RECEIVED


async def test_received_is_not_said_before_the_last_byte(evening: Evening) -> None:
    phone = await evening.phone()
    photo = await phone.declare(PHOTO)
    await phone.create(photo, PHOTO)

    most = await phone.send(photo, 0, PHOTO[:-1])
    last = await phone.send(photo, len(PHOTO) - 1, PHOTO[-1:])

    assert "Trygg-Photo" not in most.headers
    assert (await phone.where(photo)).headers["Trygg-Photo"] == "received"
    assert last.headers["Trygg-Photo"] == "received"


async def test_every_answer_says_that_it_is_ours(evening: Evening) -> None:
    phone = await evening.phone()
    photo = await phone.declare(PHOTO)

    answers = [
        await phone.create(photo, PHOTO),
        await phone.where(photo),
        await phone.send(photo, 7, b""),
        await phone.send(uuid7(), 0, b""),
        await evening.http.head(f"/uploads/{photo}", headers=TUS),
    ]

    assert [answer.status_code for answer in answers] == [201, 200, 409, 404, 401]
    assert {answer.headers.get("Trygg-Protocol") for answer in answers} == {"1"}


async def test_repeating_the_create_gives_the_same_place_and_loses_nothing(evening: Evening) -> None:
    phone = await evening.phone()
    photo = await phone.declare(PHOTO)
    first = await phone.create(photo, PHOTO)
    await phone.send(photo, 0, PHOTO[:100])

    again = await phone.create(photo, PHOTO)

    assert again.headers["Location"] == first.headers["Location"]
    assert (await phone.where(photo)).headers["Upload-Offset"] == "100"


async def test_repeating_everything_after_the_receipt_changes_nothing(evening: Evening) -> None:
    phone = await evening.phone()
    photo = await phone.hand_over(PHOTO)

    again = [await phone.create(photo, PHOTO), await phone.where(photo), await phone.send(photo, len(PHOTO), b"")]

    assert [answer.status_code for answer in again] == [201, 200, 204]
    assert again[1].headers["Upload-Offset"] == str(len(PHOTO))
    assert again[2].headers["Trygg-Photo"] == "received"
    assert (await evening.photo(photo)).version == 2  # declared, received


@pytest.mark.parametrize("offset", [0, 99, 101, 5000])
async def test_a_wrong_offset_is_told_the_right_one(evening: Evening, offset: int) -> None:
    phone = await evening.phone()
    photo = await phone.declare(PHOTO)
    await phone.create(photo, PHOTO)
    await phone.send(photo, 0, PHOTO[:100])

    answer = await phone.send(photo, offset, PHOTO[offset:])

    assert (answer.status_code, answer.headers["Upload-Offset"]) == (409, "100")
    assert (await phone.where(photo)).headers["Upload-Offset"] == "100"


_ONE: dict[UUID, Phone] = {}


async def one_phone(evening: Evening) -> Phone:
    """The same for every example of a property: a walk has places for 25 phones, and there may be more examples."""
    if evening.walk not in _ONE:
        _ONE[evening.walk] = await evening.phone()
    return _ONE[evening.walk]


@given(cuts=st.lists(st.integers(0, len(PHOTO)), max_size=6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_cut_anywhere_any_number_of_times_the_bytes_are_the_same(evening: Evening, cuts: list[int]) -> None:
    phone = await one_phone(evening)
    photo = await phone.declare(PHOTO)
    await phone.create(photo, PHOTO)

    at = 0
    for cut in sorted({*cuts, len(PHOTO)}):
        answer = await phone.send(photo, at, PHOTO[at:cut])
        at = int(answer.headers["Upload-Offset"])
        assert at == cut

    assert await stored(evening, photo) == PHOTO


async def test_what_came_before_a_cut_is_kept(evening: Evening) -> None:
    phone = await evening.phone()
    photo = await phone.declare(PHOTO)
    await phone.create(photo, PHOTO)

    await cut(evening, phone, photo, PHOTO[:1234])

    assert (await phone.where(photo)).headers["Upload-Offset"] == "1234"


async def test_a_cut_after_the_last_byte_is_a_received_photo(evening: Evening) -> None:
    phone = await evening.phone()
    photo = await phone.declare(PHOTO)
    await phone.create(photo, PHOTO)

    await cut(evening, phone, photo, PHOTO)

    assert (await phone.where(photo)).headers["Trygg-Photo"] == "received"


async def test_a_request_that_died_before_it_could_finish_is_finished_by_the_next(evening: Evening) -> None:
    phone = await evening.phone()
    photo = await phone.declare(PHOTO)
    await phone.create(photo, PHOTO)
    # As a killed process leaves it: every byte in the partial file, no row, no receipt.
    evening.house.uploads.file("lidkoping", photo).write_bytes(PHOTO)

    answer = await phone.where(photo)

    assert answer.headers["Trygg-Photo"] == "received"
    assert await stored(evening, photo) == PHOTO


async def test_a_server_killed_between_the_rename_and_the_row_takes_the_photo_again(evening: Evening) -> None:
    phone = await evening.phone()
    photo = await phone.declare(PHOTO)
    await phone.create(photo, PHOTO)
    file = evening.house.uploads.file("lidkoping", photo)
    file.write_bytes(PHOTO)
    await evening.house.blobs.take(file, received_key("lidkoping", photo))

    assert (await phone.where(photo)).status_code == 404
    await phone.create(photo, PHOTO)
    assert (await phone.send(photo, 0, PHOTO)).headers["Trygg-Photo"] == "received"


async def test_other_bytes_than_declared_start_again_from_nothing(evening: Evening) -> None:
    phone = await evening.phone()
    photo = await phone.declare(PHOTO)
    await phone.create(photo, PHOTO)
    damaged = PHOTO[:500] + bytes([PHOTO[500] ^ 1]) + PHOTO[501:]

    answer = await phone.send(photo, 0, damaged)

    assert (answer.status_code, answer.json()["code"]) == (460, "digest_differs")
    assert "Trygg-Photo" not in answer.headers
    assert (await phone.where(photo)).headers["Upload-Offset"] == "0"
    assert await stored(evening, photo) is None
    assert (await phone.send(photo, 0, PHOTO)).headers["Trygg-Photo"] == "received"


@pytest.mark.parametrize("told", [True, False])
async def test_more_bytes_than_declared_are_not_written(evening: Evening, told: bool) -> None:
    phone = await evening.phone()
    photo = await phone.declare(PHOTO)
    await phone.create(photo, PHOTO)

    async def unannounced() -> AsyncIterator[bytes]:
        yield PHOTO
        yield b"mer"

    answer = await phone.send(photo, 0, PHOTO + b"mer" if told else unannounced())

    assert (answer.status_code, answer.json()["code"]) == (413, "photo_too_large")
    assert evening.house.uploads.file("lidkoping", photo).stat().st_size <= len(PHOTO)


async def test_a_photo_nobody_declared_is_not_taken(evening: Evening) -> None:
    phone = await evening.phone()

    answer = await phone.create(uuid7(), PHOTO)

    assert (answer.status_code, answer.json()["code"]) == (404, "photo_not_declared")


async def test_another_phone_can_neither_create_nor_ask_nor_send(evening: Evening) -> None:
    mine, other = await evening.phone(), await evening.phone()
    photo = await mine.declare(PHOTO)
    await mine.create(photo, PHOTO)

    answers = [await other.create(photo, PHOTO), await other.where(photo), await other.send(photo, 0, PHOTO)]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert (await mine.where(photo)).headers["Upload-Offset"] == "0"


@pytest.mark.parametrize(
    "header",
    [{"Upload_Length": "17"}, {"Upload_Metadata": f"photo PHOTO,sha256 {b64('0' * 64)}"}],
    ids=["length", "digest"],
)
async def test_a_create_that_differs_from_the_declaration_is_refused(evening: Evening, header: dict[str, str]) -> None:
    phone = await evening.phone()
    photo = await phone.declare(PHOTO)

    answer = await phone.create(photo, PHOTO, **{k: v.replace("PHOTO", b64(str(photo))) for k, v in header.items()})

    assert (answer.status_code, answer.json()["code"]) == (409, "photo_differs")


async def test_a_length_over_the_limit_is_refused_before_anything_is_written(evening: Evening) -> None:
    phone = await evening.phone()
    photo = await phone.declare(PHOTO)

    answer = await phone.create(photo, PHOTO, Upload_Length=str(25 * 1024 * 1024 + 1))

    assert (answer.status_code, answer.json()["code"]) == (413, "photo_too_large")
    assert not evening.house.uploads.file("lidkoping", photo).exists()


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("POST", {"Tus-Resumable": "0.2.2"}, 412),
        ("POST", {"Upload-Length": "-1"}, 400),
        ("POST", {"Upload-Length": "1e3"}, 400),
        ("POST", {"Upload-Length": "\u0663"}, 400),
        ("POST", {"Upload-Length": "9" * 40}, 400),
        ("POST", {"Upload-Metadata": "photo %%%"}, 400),
        ("POST", {"Upload-Metadata": "photo bm90IGFuIGlk"}, 404),
        ("PATCH", {"Content-Type": "image/jpeg"}, 415),
        ("PATCH", {"Upload-Offset": ""}, 400),
        ("PATCH", {"Upload-Offset": "0x10"}, 400),
    ],
)
async def test_a_request_that_is_not_tus_is_refused_with_its_status(
    evening: Evening, method: str, headers: dict[str, str], status: int
) -> None:
    phone = await evening.phone()
    photo = await phone.declare(PHOTO)
    sound = {
        "Upload-Length": str(len(PHOTO)),
        "Upload-Metadata": f"photo {b64(str(photo))},sha256 {b64(sha256(PHOTO))}",
        "Upload-Offset": "0",
        "Content-Type": "application/offset+octet-stream",
    }
    asked = [(name.encode(), value.encode()) for name, value in {**phone.headers, **sound, **headers}.items()]

    url = "/uploads/" if method == "POST" else f"/uploads/{photo}"
    answer = await evening.http.request(method, url, headers=asked)

    assert answer.status_code == status, answer.text


async def test_what_the_server_speaks_can_be_asked_without_signing_in(evening: Evening) -> None:
    answer = await evening.http.options("/uploads/")

    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"


async def test_a_text_called_jpg_is_refused_with_its_reason_and_stays_refused(evening: Evening) -> None:
    phone, text = await evening.phone(), b"Hej, jag heter bild.jpg"
    photo = await phone.declare(text)
    await phone.create(photo, text)

    answer = await phone.send(photo, 0, text)

    assert (answer.status_code, answer.json()["code"]) == (422, "not_a_photo")
    assert (await phone.send(photo, 0, text)).json()["code"] == "not_a_photo"
    assert ((await evening.photo(photo)).state, (await evening.photo(photo)).code) == (
        PhotoState.REFUSED,
        "not_a_photo",
    )


@pytest.mark.parametrize("plant", PLANTED)
async def test_a_photo_with_metadata_is_sealed_byte_for_byte(evening: Evening, plant: str) -> None:
    phone, content = await evening.phone(), PLANTED[plant]()

    photo = await phone.hand_over(content)

    assert (await evening.photo(photo)).is_sealed
    assert await stored(evening, photo) == content


async def test_a_full_disk_refuses_politely_and_takes_the_rest_when_there_is_room(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = await evening.phone()
    photo = await phone.declare(PHOTO)
    await phone.create(photo, PHOTO)

    with monkeypatch.context() as full:
        full.setattr("shutil.disk_usage", lambda _path: type("Usage", (), {"used": 99, "free": 1})())
        answer = await phone.send(photo, 0, PHOTO)

    assert (answer.status_code, answer.headers["Retry-After"]) == (507, "300")
    assert (await phone.send(photo, 0, PHOTO)).headers["Trygg-Photo"] == "received"


@pytest.mark.parametrize("failing", range(1, 9))
async def test_the_kth_fsync_that_fails_never_gives_a_receipt(
    evening: Evening, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    phone = await evening.phone()
    photo = await phone.declare(PHOTO)
    await phone.create(photo, PHOTO)
    calls = 0
    real = os.fsync

    def fsync(descriptor: int) -> None:
        nonlocal calls
        calls += 1
        if calls == failing:
            raise OSError(5, "Input/output error")
        real(descriptor)

    monkeypatch.setattr("os.fsync", fsync)
    answer = await phone.send(photo, 0, PHOTO)

    if calls < failing:
        assert answer.headers["Trygg-Photo"] == "received"
        return
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_stopped")
    assert (await evening.photo(photo)).state is PhotoState.DECLARED
    assert (await phone.create(await phone.declare(PHOTO), PHOTO)).status_code == 503


async def cut(evening: Evening, phone: Phone, photo: Any, sent: bytes, offset: int = 0, **said: str) -> None:
    """A PATCH whose connection dies after these bytes of a longer body."""
    pieces: list[dict[str, Any]] = [{"type": "http.request", "body": sent, "more_body": True}]

    async def receive() -> dict[str, Any]:
        return pieces.pop() if pieces else {"type": "http.disconnect"}

    async def nobody(_message: Any) -> None:
        await asyncio.sleep(0)

    headers = {name.replace("_", "-"): value for name, value in said.items()}
    await evening.app(_scope(phone, f"/uploads/{photo}", {"Upload-Offset": str(offset), **headers}), receive, nobody)


def _scope(phone: Phone, path: str, said: dict[str, str]) -> dict[str, Any]:
    headers = {**phone.headers, "Content-Type": "application/offset+octet-stream", **said}
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "PATCH",
        "scheme": "https",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("trygg.test", 443),
    }
