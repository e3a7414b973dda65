"""Rights change: what was granted comes, what was taken goes, and nothing else is read again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import makers
from tests.makers import LIDKOPING, Evening, Phone
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Device, Principal, Role
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.storage import changes as feed
from trygghetsvandring.storage import people, records
from trygghetsvandring.storage.people import User
from trygghetsvandring.sync import cursors
from trygghetsvandring.sync.cursors import Behind, Cursor
from trygghetsvandring.web import pull as web_pull

evening = makers.evening  # and not the web's fixture of the same name, whichever was loaded last

NORTH, SOUTH = "faltarna-norr", "faltarna-soder"


@pytest.fixture(params=[500, 2])
def page(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Everything on one page, and hardly anything."""
    monkeypatch.setattr(web_pull, "_PAGE", request.param)
    return int(request.param)


async def fed(evening: Evening, *rows: tuple[str, str, int, str | None]) -> None:
    """(scope, id, version, state) as presence rows."""
    async with evening.store.write() as db:
        lines = [feed.Row(scope=s, kind="presence", id=id, version=v, state=state) for s, id, v, state in rows]
        await feed.append(db, LIDKOPING, lines)


async def secretary(evening: Evening, organisation: str) -> Phone:
    user, device, token = uuid7(), uuid7(), f"token-{uuid7()}"
    async with evening.store.write() as db:
        await people.add_user(
            db,
            User(
                municipality=LIDKOPING,
                id=user,
                login=f"{user}@falt",
                function="Fältsekreterare",
                role="field_secretary",
                organisation=organisation,
                password_hash="",
                demo=False,
                disabled_at=None,
            ),
        )
        await records.save(db, LIDKOPING, [a_device(evening, device, token, user=user)], evening.now)
    who = Principal(municipality=LIDKOPING, role=Role.FIELD_SECRETARY, device=device, organisation=organisation)
    return Phone(evening=evening, principal=who, device=device, walk=evening.walk, token=token)


def a_device(evening: Evening, id: UUID, token: str, **changes: Any) -> Device:
    given: dict[str, Any] = {
        "kind": "field",
        "walk": None,
        "user": None,
        "organisation": None,
        "alias": "",
        "version": 1,
    }
    now = evening.now
    given |= {"id": id, "token_hash": digest(token), "language": "sv", "joined_at": now, "last_seen_at": now}
    return Device(**(given | changes))


async def moves_to(evening: Evening, phone: Phone, organisation: str) -> None:
    async with evening.store.write() as db:
        await db.exec_driver_sql(f"UPDATE users SET organisation = '{organisation}'")  # noqa: S608


async def device_is(evening: Evening, phone: Phone, **changes: Any) -> None:
    async with evening.store.write() as db:
        device = await records.one(db, LIDKOPING, Device, phone.device)
        assert device is not None
        await records.save(db, LIDKOPING, [replace(device, **changes)], evening.now)


def held(changes: list[dict[str, Any]], before: dict[str, int] | None = None) -> dict[str, int]:
    """What a phone that obeys holds of presence rows: id and version."""
    now = dict(before or {})
    for it in changes:
        if it["kind"] != "presence" or now.get(it["id"], 0) > it["version"]:
            continue
        if it.get("gone"):
            now.pop(it["id"], None)
        else:
            now[it["id"]] = it["version"]
    return now


def ids(changes: list[dict[str, Any]]) -> list[str]:
    return [it["id"] for it in changes]


# ---------------------------------------------------------------- grants and revocations


@pytest.mark.law(9)
async def test_who_changes_organisation_gets_the_new_ones_log_and_loses_the_old_ones(
    evening: Evening, page: int
) -> None:
    a, b, c = (str(uuid7()) for _ in range(3))
    await fed(
        evening, (of(NORTH), a, 1, "{}"), (of(SOUTH), b, 1, "{}"), (of(NORTH), a, 2, "{}"), (of(SOUTH), c, 1, "{}")
    )
    phone = await secretary(evening, NORTH)
    first = await phone.pull()
    assert held(first.changes) == {a: 2}

    await moves_to(evening, phone, SOUTH)
    second = await phone.pull(first.cursor)

    assert held(second.changes, held(first.changes)) == {b: 1, c: 1}
    assert LIDKOPING not in ids(second.changes), "the municipality was read again"
    assert (await phone.pull(second.cursor)).changes == []
    await moves_to(evening, phone, NORTH)
    assert held((await phone.pull(second.cursor)).changes, {b: 1, c: 1}) == {a: 2}


@pytest.mark.law(9)
async def test_rights_that_change_in_the_middle_of_reading_leave_nothing_behind(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_pull, "_PAGE", 2)
    north, south = [str(uuid7()) for _ in range(5)], [str(uuid7()) for _ in range(5)]
    await fed(evening, *((of(NORTH), id, 1, "{}") for id in north), *((of(SOUTH), id, 1, "{}") for id in south))
    phone, shown, cursor = await secretary(evening, NORTH), dict[str, int](), None
    turns = [NORTH, NORTH, SOUTH, SOUTH, NORTH, SOUTH, SOUTH, NORTH]
    for organisation in turns:  # a page at a time, with other rights each time
        await moves_to(evening, phone, organisation)
        answer = await evening.http.get(
            "/sync/pull", params={"cursor": cursor} if cursor else {}, headers=phone.headers
        )
        shown = held(answer.json()["changes"], shown)
        cursor = answer.json()["cursor"]

    await phone.pull(cursor)
    assert held((await phone.pull(cursor)).changes, shown) == dict.fromkeys(north, 1)


@pytest.mark.law(9)
async def test_what_another_scope_still_shows_does_not_go(evening: Evening, page: int) -> None:
    both, only = str(uuid7()), str(uuid7())
    await fed(evening, (of(NORTH), both, 1, "{}"), (of(NORTH), only, 1, "{}"), ("municipality", both, 1, "{}"))
    phone = await secretary(evening, NORTH)
    first = await phone.pull()

    await moves_to(evening, phone, SOUTH)

    assert held((await phone.pull(first.cursor)).changes, held(first.changes)) == {both: 1}


@pytest.mark.law(9)
async def test_a_phone_that_was_shut_out_is_told_so_at_its_very_next_pull(evening: Evening) -> None:
    phone = await evening.phone()
    cursor = (await phone.pull()).cursor

    await device_is(evening, phone, revoked_at=evening.now)

    for params in ({"cursor": cursor}, {}, {"cursor": cursor, "checksum": "x"}):
        answer = await evening.http.get("/sync/pull", params=params, headers=phone.headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "device_revoked")


@pytest.mark.law(9)
async def test_a_user_who_is_disabled_reads_nothing_more(evening: Evening) -> None:
    phone = await secretary(evening, NORTH)
    cursor = (await phone.pull()).cursor
    async with evening.store.write() as db:
        assert await people.disable(db, f"{await user_of(evening, phone)}@falt", evening.now)

    answer = await evening.http.get("/sync/pull", params={"cursor": cursor}, headers=phone.headers)

    assert answer.status_code == 401


async def user_of(evening: Evening, phone: Phone) -> UUID:
    async with evening.store.read() as db:
        device = await records.one(db, LIDKOPING, Device, phone.device)
    assert device is not None and device.user is not None
    return device.user


def of(organisation: str) -> str:
    return f"organisation:{organisation}"


# ---------------------------------------------------------------- cursors


@pytest.mark.law(4)
async def test_a_cursor_older_than_the_tombstones_starts_over(evening: Evening) -> None:
    phone = await evening.phone()
    cursor = (await phone.pull()).cursor
    headers = phone.headers

    evening.passes(days=cursors.HORIZON_DAYS - 1)
    young = await evening.http.get("/sync/pull", params={"cursor": cursor}, headers=headers)
    evening.passes(days=2)
    old = await evening.http.get("/sync/pull", params={"cursor": cursor}, headers=headers)

    assert young.json().get("code") in (None, "token_expired")
    assert old.status_code in (401, 409)
    assert old.json()["code"] in ("must_refetch", "token_expired")


@pytest.mark.law(9)
@settings(suppress_health_check=list(HealthCheck))
@given(where=st.integers(0, 10_000), to=st.characters(codec="ascii"), cut=st.integers(0, 60))
def test_a_cursor_that_was_touched_is_no_cursor(where: int, to: str, cut: int) -> None:
    scopes = ("municipality", f"walk:{UUID(int=1)}", f"device:{UUID(int=2)}")
    text = cursors.written(Cursor(LIDKOPING, str(UUID(int=2)), "e", 20_000, 12, scopes), b"k" * 32)
    at = where % len(text)
    touched = (text[:at] + to + text[at + 1 :])[: len(text) - cut]

    read = cursors.read(touched, b"k" * 32)

    assert (read is None) == (plain(touched) != plain(text))
    assert cursors.read(text, b"o" * 32) is None


def plain(text: str) -> bytes | None:
    """The bytes base64 means: its last character may say the same in several ways."""
    from base64 import urlsafe_b64decode

    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None


def test_a_grant_is_read_from_its_beginning_and_a_revocation_taken_back_first() -> None:
    was = Cursor("m", "d", "e", 0, 9, ("municipality", "walk:1"), (Behind("walk:1", 4),))

    now = cursors.granted(was, ["municipality", "walk:2"])

    assert now.behind == (Behind("walk:1", 0, True), Behind("walk:2", 0))
    assert cursors.granted(now, ["municipality", "walk:2"]) is now
    assert cursors.granted(now, ["municipality", "walk:1", "walk:2"]).behind == (
        Behind("walk:2", 0),
        Behind("walk:1", 0),
    )


# ---------------------------------------------------------------- the checksum


async def asked(evening: Evening, phone: Phone, cursor: str, sum: str) -> httpx.Response:
    return await evening.http.get("/sync/pull", params={"cursor": cursor, "checksum": sum}, headers=phone.headers)


def sum_of(held: dict[tuple[str, str], int]) -> str:
    return web_pull.checksum_of([(kind, id, version) for (kind, id), version in held.items()])


@pytest.mark.law(3)
async def test_a_missing_an_extra_or_an_older_row_on_a_phone_is_always_found(evening: Evening) -> None:
    phone = await evening.phone()
    await phone.push(*(phone.observation() for _ in range(3)), phone.feeling(), phone.feeling())
    pulled = await phone.pull()
    right = {(it["kind"], it["id"]): it["version"] for it in pulled.changes if not it.get("gone")}

    assert (await asked(evening, phone, pulled.cursor, sum_of(right))).status_code == 200
    planted = 0
    for wrong in faults(right):
        answer = await asked(evening, phone, pulled.cursor, sum_of(wrong))
        assert (answer.status_code, answer.json()["facts"]) == (409, {"reason": "checksum"})
        planted += 1
    async with evening.store.read() as db:
        assert await feed.differences(db) == {LIDKOPING: planted}


def faults(right: dict[tuple[str, str], int]) -> Iterator[dict[tuple[str, str], int]]:
    for key, version in right.items():
        yield {k: v for k, v in right.items() if k != key}
        yield right | {key: version - 1}
    yield right | {("reply", str(uuid7())): 1}
    yield {}


@pytest.mark.law(3)
@settings(max_examples=200)
@given(
    rows=st.dictionaries(
        st.tuples(st.sampled_from(["reply", "photo", "walk"]), st.uuids().map(str)), st.integers(0, 5), max_size=20
    ),
    extra=st.tuples(st.just("reply"), st.uuids().map(str)),
    pick=st.integers(0, 99),
)
def test_no_single_fault_leaves_the_checksum_as_it_was(
    rows: dict[tuple[str, str], int], extra: tuple[str, str], pick: int
) -> None:
    sums = {sum_of(rows), sum_of(rows | {extra: 1})}
    for key in sorted(rows)[pick % max(len(rows), 1) :][:1]:
        sums |= {sum_of(rows | {key: rows[key] + 1}), sum_of({k: v for k, v in rows.items() if k != key})}
        assert len(sums) == 4
    assert len(sums) >= 2


@pytest.mark.law(3)
async def test_the_checksum_counts_the_newest_state_of_what_is_left(evening: Evening) -> None:
    a, b = str(uuid7()), str(uuid7())
    phone = await secretary(evening, NORTH)
    await fed(
        evening, (of(NORTH), a, 1, "{}"), (of(NORTH), b, 1, "{}"), (of(NORTH), a, 2, "{}"), (of(NORTH), b, 2, None)
    )
    pulled = await phone.pull()
    place = next(it for it in pulled.changes if it["kind"] == "municipality")
    right = {("presence", a): 2, ("municipality", LIDKOPING): place["version"]}

    assert (await asked(evening, phone, pulled.cursor, sum_of(right))).status_code == 200
    await fed(evening, (of(NORTH), a, 3, "{}"))  # what came since is not held against the phone
    answer = await asked(evening, phone, pulled.cursor, sum_of(right))
    assert (answer.status_code, held(answer.json()["changes"])) == (200, {a: 3})


def test_the_phone_and_the_server_add_up_alike() -> None:
    """The same rows and sum stand in pwa/src/sync/checksum.test.ts."""
    rows = [("walk", "0b", 2), ("reply", "a1", 10), ("photo", "a1", 0), ("municipality", "lidkoping", 1)]

    assert web_pull.checksum_of(rows) == "0dce1cb2c74ae8b72d4649c7de11c7aaac50c3436fd167a9511dc73725232c38"
    assert timedelta(days=cursors.HORIZON_DAYS) >= timedelta(days=400)
