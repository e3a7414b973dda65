"""A rescue file made by the phone's own code is opened, taken in once, and refused whole when anything is wrong."""

import base64
import json
import os
import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tests import makers
from tests.makers import FRIDAY, LIDKOPING, Evening, Phone, count, sha256
from tests.sync.phone_desk import signed_in
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Device
from trygghetsvandring.domain.rescues import MAGIC
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.storage import records

evening = makers.evening
GOLDEN = Path(__file__).parents[1] / "rescues"
FILE = (GOLDEN / "phone.trygg").read_bytes()
WALK = UUID("01930000-0000-7000-8000-00000000aaaa")
DEVICE = UUID("01930000-0000-7000-8000-00000000dddd")


@pytest.fixture
def _keys(tmp_path: Path) -> None:
    (tmp_path / "rescue-keys").mkdir()
    shutil.copy(GOLDEN / "lidkoping.pem", tmp_path / "rescue-keys" / "lidkoping.pem")


async def the_phone(evening: Evening, *, is_another: bool = False) -> Phone:
    """The one that made the golden file: its ids, and the token it had."""
    await evening.plan(walk=WALK)
    phone = await evening.phone(WALK, device=DEVICE)
    async with evening.store.write() as db:
        device = await records.one(db, LIDKOPING, Device, DEVICE)
        assert device is not None
        await records.save(
            db, LIDKOPING, [replace(device, token_hash=digest("another" if is_another else "t"))], FRIDAY
        )
    return phone


async def handed_over(evening: Evening, content: bytes = FILE) -> httpx.Response:
    return await evening.http.post("/api/rescues", content=content, headers=await signed_in(evening))


async def rows(evening: Evening, *tables: str) -> list[int]:
    async with evening.store.read() as db:
        return [await count(db, table) for table in tables]


# ---------------------------------------------------------------- what the phone's own code made


@pytest.mark.usefixtures("_keys")
@pytest.mark.law(23)
async def test_what_the_phone_sealed_is_taken_in_once_however_often_it_comes(evening: Evening) -> None:
    await the_phone(evening)

    first = await handed_over(evening)
    here = await rows(evening, "observations", "photos", "operations", "rescues")
    again = await handed_over(evening)

    assert first.status_code == 201, first.text
    assert first.json()["operations"] == {"applied": 4, "repeated": 0, "held": 0, "deferred": 0, "rejected": 0}
    assert first.json()["photos"] == {"taken": 1, "here": 0, "sealed": 2}
    assert again.json()["operations"]["repeated"] == 4
    assert again.json()["photos"] == {"taken": 0, "here": 1, "sealed": 2}
    assert again.json()["id"] == first.json()["id"]
    assert await rows(evening, "observations", "photos", "operations", "rescues") == here
    assert here[0] == 2


@pytest.mark.usefixtures("_keys")
@pytest.mark.law(23)
async def test_a_draft_is_shown_without_its_photo_and_taken_in_only_when_somebody_says_so(evening: Evening) -> None:
    await the_phone(evening)
    desk, made = await signed_in(evening), (await handed_over(evening)).json()
    drafts = {draft["said"]["text"]: draft for draft in made["drafts"]}
    unseen, seen = drafts["Inte inlämnat än."], drafts["Sett och maskat."]
    assert [(it["photos"], it["unchecked"], it["here"]) for it in (unseen, seen)] == [(1, 1, False), (1, 0, False)]
    assert await rows(evening, "observations") == [2]

    path, body = f"/api/rescues/{made['id']}/drafts", {"drafts": [unseen["id"], seen["id"]]}
    taken = (await evening.http.post(path, json=body, headers=desk)).json()
    again = (await evening.http.post(path, json=body, headers=desk)).json()

    assert taken["operations"] == {"applied": 3, "repeated": 0, "held": 0, "deferred": 0, "rejected": 0}
    assert taken["photos"] == {"taken": 1, "here": 1, "sealed": 1}  # the one nobody has looked over
    assert again["operations"]["repeated"] == 3
    assert all(draft["here"] for draft in again["drafts"])
    assert await rows(evening, "observations", "photos") == [4, 2]
    shown = (await evening.http.get(f"/api/rescues/{made['id']}", headers=desk)).json()
    assert {draft["id"] for draft in shown["drafts"]} == {unseen["id"], seen["id"]}


@pytest.mark.usefixtures("_keys")
async def test_a_file_that_nobody_vouches_for_waits_for_a_person(evening: Evening) -> None:
    await the_phone(evening, is_another=True)

    made = (await handed_over(evening)).json()

    assert made["held"] == "rescue_unproven"
    assert made["operations"]["held"] == 4
    assert made["photos"] == {"taken": 1, "here": 0, "sealed": 2}
    assert await rows(evening, "observations", "held") == [0, 4]


# ---------------------------------------------------------------- files that are not right


@pytest.mark.usefixtures("_keys")
@pytest.mark.law(23)
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_a_rescue"),
        (b"\xff\xd8 a photo", "not_a_rescue"),
        (FILE[:10], "rescue_truncated"),
        (FILE[:60], "rescue_truncated"),
        (FILE[: len(FILE) // 2], "rescue_truncated"),
        (FILE[:-1], "rescue_truncated"),
        (FILE + b"x", "rescue_damaged"),
        (FILE[:-1] + bytes([FILE[-1] ^ 1]), "rescue_damaged"),
        (FILE.replace(b'"municipality":"lidkoping"', b'"municipality":"grannbyn1"'), "rescue_elsewhere"),
    ],
)
async def test_a_file_that_is_not_whole_and_ours_leaves_nothing_behind(
    evening: Evening, content: bytes, code: str, tmp_path: Path
) -> None:
    await the_phone(evening)
    before = await rows(evening, "operations", "rescues", "held")

    answer = await handed_over(evening, content)

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert await rows(evening, "operations", "rescues", "held") == before
    assert not list((tmp_path / "partial").rglob("rescue-*"))


@pytest.mark.usefixtures("_keys")
async def test_any_changed_byte_is_noticed(evening: Evening) -> None:
    await the_phone(evening)
    before = await rows(evening, "operations")
    length = int.from_bytes(FILE[8:12], "big")
    at = [12 + length, 12 + length + 3, 12 + length + 4, 12 + length + 5, len(FILE) // 3, len(FILE) - 20]

    for place in at:
        broken = bytearray(FILE)
        broken[place] ^= 0x40
        answer = await handed_over(evening, bytes(broken))
        assert answer.status_code == 422, place
        assert answer.json()["code"] in {"rescue_damaged", "rescue_truncated"}

    assert await rows(evening, "operations") == before


async def test_a_file_for_another_servers_key_is_said_to_be_one(evening: Evening) -> None:
    await the_phone(evening)

    assert (await handed_over(evening)).json()["code"] == "rescue_key_unknown"


@pytest.mark.usefixtures("_keys")
async def test_a_phone_nobody_knows_is_said_to_be_unknown(evening: Evening) -> None:
    assert (await handed_over(evening)).json()["code"] == "rescue_device_unknown"


# ---------------------------------------------------------------- both ways


def sealed(to: dict[str, str], *entries: tuple[dict[str, Any], bytes]) -> bytes:
    """A file, in this test's own words."""
    theirs = serialization.load_der_public_key(base64.b64decode(to["spki"]))
    assert isinstance(theirs, ec.EllipticCurvePublicKey)
    once = ec.generate_private_key(ec.SECP256R1())
    raw = (serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    epk = once.public_key().public_bytes(*raw)
    info = b"trygg-rescue-1" + theirs.public_bytes(*raw)
    key = HKDF(algorithm=hashes.SHA256(), length=32, salt=epk, info=info).derive(once.exchange(ec.ECDH(), theirs))
    named = {"municipality": to["municipality"], "key": to["key"], "epk": base64.b64encode(epk).decode()}
    text = json.dumps(named).encode()
    header = MAGIC + len(text).to_bytes(4, "big") + text
    plain = b"".join(len(it).to_bytes(4, "big") + it + more for it, more in _lines(entries))
    piece = AESGCM(key).encrypt(bytes(11) + b"\x01", plain, bytes.fromhex(sha256(header)))
    return header + len(piece).to_bytes(4, "big") + b"\x01" + piece


def _lines(entries: tuple[tuple[dict[str, Any], bytes], ...]) -> list[tuple[bytes, bytes]]:
    return [(json.dumps(record).encode(), more) for record, more in entries]


def manifest(phone: Phone, **changes: Any) -> tuple[dict[str, Any], bytes]:
    said = {"version": 1, "municipality": LIDKOPING, "device": str(phone.device), "token": phone.token}
    made_at: datetime = FRIDAY
    return {"kind": "manifest", "manifest": {**said, "made_at": made_at.isoformat(), **changes}}, b""


def end(**counts: int) -> tuple[dict[str, Any], bytes]:
    return {"kind": "end", "count": {"operations": 0, "drafts": 0, "photos": 0} | counts}, b""


async def key_of(evening: Evening, phone: Phone) -> dict[str, str]:
    answer: dict[str, str] = (await evening.http.get("/api/rescue-key", headers=phone.headers)).json()
    return answer


@pytest.mark.law(23)
async def test_sent_by_the_phone_after_all_it_is_there_once_and_the_phone_gets_its_receipt(evening: Evening) -> None:
    phone = await evening.phone()
    wire = phone.batch(phone.observation())
    (raw,) = [json.dumps(op) for op in json.loads(wire)["operations"]]
    file = sealed(
        await key_of(evening, phone), manifest(phone), ({"kind": "operation", "wire": raw}, b""), end(operations=1)
    )

    assert (await handed_over(evening, file)).json()["operations"]["applied"] == 1
    answer = await phone.post(phone.batch(raw.encode()))

    (outcome,) = answer.json()["outcomes"]
    assert (outcome["outcome"], outcome["first"]) == ("repeated", "applied")
    assert outcome["receipt"]["number"]
    assert await rows(evening, "observations") == [1]


async def test_a_photo_whose_bytes_are_others_than_its_digest_says_makes_the_whole_file_damaged(
    evening: Evening,
) -> None:
    phone = await evening.phone()
    facts = {"id": str(uuid7()), "of": str(uuid7()), "width": 1, "height": 1, "masks": 0, "checked": True}
    photo = {**facts, "sha256": sha256(b"one"), "taken_at": FRIDAY.isoformat(), "handed_in": True, "bytes": 3}
    file = sealed(
        await key_of(evening, phone), manifest(phone), ({"kind": "photo", "photo": photo}, b"two"), end(photos=1)
    )

    assert (await handed_over(evening, file)).json()["code"] == "rescue_damaged"


async def test_counts_that_do_not_hold_and_a_file_without_an_end_are_not_taken_in(evening: Evening) -> None:
    phone = await evening.phone()
    to = await key_of(evening, phone)

    short = await handed_over(evening, sealed(to, manifest(phone), end(operations=1)))
    endless = await handed_over(evening, sealed(to, manifest(phone)))
    nameless = await handed_over(evening, sealed(to, end()))
    elsewhere = await handed_over(evening, sealed(to, manifest(phone, municipality="grannby"), end()))

    codes = [it.json()["code"] for it in (short, endless, nameless, elsewhere)]
    assert codes == ["rescue_damaged", "rescue_truncated", "rescue_damaged", "rescue_elsewhere"]


async def test_the_private_key_is_readable_by_us_only_and_made_once(evening: Evening, tmp_path: Path) -> None:
    phone = await evening.phone()
    first, again = await key_of(evening, phone), await key_of(evening, phone)

    file = tmp_path / "rescue-keys" / "lidkoping.pem"
    assert first == again
    assert file.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "rescue-keys").stat().st_mode & 0o077 == 0 or os.name != "posix"


async def test_the_sealed_file_is_kept_as_it_came_and_says_who_took_it_in(evening: Evening) -> None:
    phone = await evening.phone()
    file = sealed(await key_of(evening, phone), manifest(phone), end())
    made = (await handed_over(evening, file)).json()

    kept = await evening.app.state.house.blobs.read(f"{LIDKOPING}/rescues/{made['id']}/sealed")
    (row,) = (await evening.http.get("/api/rescues", headers=await signed_in(evening))).json()["rescues"]

    assert kept == file
    assert (row["imported_by"], row["alias"]) == ("Trygghetssamordnare", "Kim")
    async with evening.store.read() as db:
        assert await count(db, "operations", "type = 'rescue.import'") == 1
