"""What both databases promise alike: one suite, run on SQLite and on PostgreSQL."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.makers import FRIDAY, LIDKOPING, a_municipality, count
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Device
from trygghetsvandring.storage import municipalities, operations, people, records
from trygghetsvandring.storage import tables as t
from trygghetsvandring.storage.operations import Logged
from trygghetsvandring.storage.people import User
from trygghetsvandring.storage.unit import NotStorable, Store, Unavailable
from trygghetsvandring.sync.municipalities import settle

WORDS = 'Gångtunneln vid Ösbyskolan – "mörkt" \\ 🌲👨‍👩‍👧 \ufffd'


def a_device(**changes: Any) -> Device:
    return replace(
        Device(
            id=uuid7(),
            version=1,
            kind="walk",
            token_hash="t" * 64,
            walk=uuid7(),
            user=None,
            organisation=None,
            alias=WORDS,
            language="sv",
            joined_at=FRIDAY,
            last_seen_at=FRIDAY,
        ),
        **changes,
    )


def a_logged(**changes: Any) -> Logged:
    facts = Logged(
        id=uuid7(),
        device=uuid7(),
        seq=1,
        type="observation.record",
        entity=uuid7(),
        outcome="applied",
        request_hash="h" * 64,
        answer="{}",
        wire=f'{{"text":"{WORDS}"}}',
        actor="{}",
        at=FRIDAY,
        corrected_at=FRIDAY,
        uncertain_s=2,
        received_at=FRIDAY,
        waits_for=None,
    )
    return replace(facts, **changes)


async def keep(store: Store, *devices: Device, municipality: str = LIDKOPING) -> None:
    async with store.write() as db:
        await records.save(db, municipality, devices, FRIDAY)


# ---------------------------------------------------------------- records


async def test_a_record_comes_back_as_it_was_with_every_character(store: Store) -> None:
    one, other = a_device(drafts=2**40), a_device(handed_in_at=FRIDAY)
    await keep(store, one, other)

    async with store.read() as db:
        found = await records.load(db, LIDKOPING, Device, [one.id, other.id, uuid7()])

    assert found == {one.id: one, other.id: other}


async def test_a_record_is_one_municipalitys_own(store: Store) -> None:
    await settle(store, a_municipality("grannby"))
    mine = a_device()
    await keep(store, mine)
    await keep(store, replace(mine, alias="den andra"), municipality="grannby")

    async with store.read() as db:
        assert await records.one(db, LIDKOPING, Device, mine.id) == mine
        assert await records.one(db, "ingenstans", Device, mine.id) is None


async def test_saving_again_replaces_and_many_are_saved_in_one_go(store: Store) -> None:
    devices = [a_device() for _ in range(200)]
    await keep(store, *devices)
    await keep(store, *(replace(it, version=2, alias="ny") for it in devices))

    async with store.read() as db:
        found = await records.load(db, LIDKOPING, Device, [it.id for it in devices])
        assert await count(db, "devices") == 200
    assert {(it.version, it.alias) for it in found.values()} == {(2, "ny")}


async def test_every_version_is_kept_and_none_is_written_twice(store: Store) -> None:
    from tests.domain.finding_makers import a_finding

    operation = uuid7()
    first, second = a_finding(version=1), a_finding(version=2, text=WORDS)
    async with store.write() as db:
        await records.keep_versions(db, LIDKOPING, [(first, operation), (second, operation)], FRIDAY)
        await records.keep_versions(db, LIDKOPING, [(a_device(), operation)], FRIDAY)  # a phone's state is no history

    async with store.read() as db:
        rows = (await db.execute(select(t.versions.c.version, t.versions.c.doc).order_by(t.versions.c.version))).all()
    assert [records.decode(type(first), doc) for _, doc in rows] == [first, second]

    async def again() -> None:
        async with store.write() as db:
            await records.keep_versions(db, LIDKOPING, [(second, operation)], FRIDAY)

    with pytest.raises(NotStorable):
        await again()


# ---------------------------------------------------------------- units of work


async def test_a_unit_that_fails_leaves_nothing(store: Store) -> None:
    device = a_device()

    async def fails() -> None:
        async with store.write() as db:
            await records.save(db, LIDKOPING, [device], FRIDAY)
            await operations.log(db, LIDKOPING, [a_logged()])
            raise LookupError

    with pytest.raises(LookupError):
        await fails()
    async with store.read() as db:
        assert [await count(db, name) for name in ("devices", "operations")] == [0, 0]


async def test_many_writers_wait_for_each_other_instead_of_failing(store: Store) -> None:
    await asyncio.gather(*(keep(store, a_device()) for _ in range(30)))

    async with store.read() as db:
        assert await count(db, "devices") == 30


async def test_a_row_that_breaks_a_rule_of_the_schema_is_not_storable(store: Store) -> None:
    with pytest.raises(NotStorable):
        await keep(store, a_device(), municipality="ingenstans")


async def test_a_time_without_a_zone_is_not_storable(store: Store) -> None:
    async def log() -> None:
        async with store.write() as db:
            await operations.log(db, LIDKOPING, [a_logged(at=datetime(2026, 11, 20, 19))])  # noqa: DTZ001

    with pytest.raises(NotStorable):
        await log()


async def test_an_integer_of_more_than_64_bits_is_not_storable(store: Store) -> None:
    async def log() -> None:
        async with store.write() as db:
            await operations.log(db, LIDKOPING, [a_logged(uncertain_s=2**70)])

    with pytest.raises(NotStorable):
        await log()


@pytest.mark.postgres
async def test_a_nul_in_a_column_is_not_storable_on_postgresql(postgres_schema: str) -> None:
    from tests.makers import emptied

    store = Store(emptied(postgres_schema))
    await settle(store, a_municipality())

    with pytest.raises(NotStorable):
        await keep(store, a_device(token_hash="a\x00b"))
    await store.close()


async def test_a_database_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    async def ask(store: Store) -> None:
        async with store.read() as db:
            await municipalities.all_ids(db)

    nobody_listens = Store("postgresql+psycopg://trygg@127.0.0.1:1/trygg")
    for store in (Store(f"sqlite+aiosqlite:///{tmp_path / 'empty.sqlite'}"), nobody_listens):
        with pytest.raises(Unavailable):
            await ask(store)
        await store.close()


async def test_the_store_opens_only_on_a_database_that_keeps_what_it_acknowledged(store: Store) -> None:
    await store.open()


@pytest.mark.postgres
async def test_a_database_that_forgets_is_refused_at_the_start(postgres_url: str) -> None:
    """The test cluster itself is one: it runs with synchronous_commit off."""
    store = Store(postgres_url)

    with pytest.raises(RuntimeError, match="not durable"):
        await store.open()
    await store.close()


async def test_times_come_back_aware_and_in_utc(store: Store) -> None:
    swedish = datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=1)))
    logged = a_logged(at=swedish)
    async with store.write() as db:
        await operations.log(db, LIDKOPING, [logged])

    async with store.read() as db:
        at = (await operations.answered(db, LIDKOPING, [logged.id]))[logged.id].at
    assert (at, at.tzinfo) == (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), UTC)


# ---------------------------------------------------------------- the operations' log


async def test_the_log_gives_back_what_was_answered_to_whom(store: Store) -> None:
    one, other = a_logged(), a_logged(device=None, seq=None)
    async with store.write() as db:
        await operations.log(db, LIDKOPING, [one, other])

    async with store.read() as db:
        assert await operations.answered(db, LIDKOPING, [one.id, other.id, uuid7()]) == {one.id: one, other.id: other}
        assert await operations.answered(db, "grannby", [one.id]) == {}
        assert one.device is not None
        assert await operations.known(db, LIDKOPING, [one.device], [one.id, other.id]) == {one.id: one.answer}
        assert await operations.known(db, LIDKOPING, [None, uuid7()], [one.id, other.id]) == {}


async def test_the_same_operation_cannot_be_logged_twice(store: Store) -> None:
    one = a_logged()

    async def log() -> None:
        async with store.write() as db:
            await operations.log(db, LIDKOPING, [one])

    await log()
    with pytest.raises(NotStorable):
        await log()


async def test_what_waits_is_found_by_what_it_waits_for_in_the_order_it_came(store: Store) -> None:
    missing, elsewhere = uuid7(), uuid7()
    late = a_logged(waits_for=missing, seq=1, received_at=FRIDAY + timedelta(minutes=1))
    second = a_logged(waits_for=missing, seq=2)
    first = a_logged(waits_for=missing, seq=1)
    async with store.write() as db:
        await operations.log(db, LIDKOPING, [late, second, first, a_logged(waits_for=elsewhere)])

    async with store.write() as db:
        assert await operations.waiting_for(db, LIDKOPING, [missing]) == [first, second, late]
        await operations.settle(db, LIDKOPING, [replace(first, waits_for=None, outcome="applied", answer='{"a":1}')])
        assert await operations.waiting_for(db, LIDKOPING, [missing]) == [second, late]
        assert (await operations.answered(db, LIDKOPING, [first.id]))[first.id].answer == '{"a":1}'


async def test_what_could_not_be_read_is_kept(store: Store) -> None:
    async with store.write() as db:
        await operations.set_aside(db, LIDKOPING, uuid7(), None, "operation_malformed", WORDS, FRIDAY)

    async with store.read() as db:
        (row,) = await db.execute(select(t.quarantine.c.code, t.quarantine.c.wire))
    assert tuple(row) == ("operation_malformed", WORDS)


# ---------------------------------------------------------------- people


async def a_user(store: Store, login: str = "samordnare@lidkoping") -> User:
    it = User(
        municipality=LIDKOPING,
        id=uuid7(),
        login=login,
        function="Trygghetssamordnare",
        role="coordinator",
        organisation="samordning",
        password_hash="$argon2",
        demo=False,
        disabled_at=None,
    )
    async with store.write() as db:
        await people.add_user(db, it)
    return it


async def begun(store: Store, user: User, token: str, hours: int = 12) -> UUID:
    device = uuid7()
    async with store.write() as db:
        await people.begin_session(
            db,
            token_hash=token,
            municipality=user.municipality,
            user=user.id,
            device=device,
            now=FRIDAY,
            expires_at=FRIDAY + timedelta(hours=hours),
        )
    return device


async def test_a_session_is_its_users_until_it_ends(store: Store) -> None:
    user = await a_user(store)
    device = await begun(store, user, "a")
    await begun(store, user, "b")

    async with store.write() as db:
        here = await municipalities.municipality(db, user.municipality)
        assert await people.session(db, "a", FRIDAY) == people.Session(user, device, here)
        assert await people.session(db, "a", FRIDAY + timedelta(hours=12)) is None
        await people.end_session(db, "a")
        assert await people.session(db, "a", FRIDAY) is None
        assert await people.session(db, "b", FRIDAY) is not None
        await people.disable(db, user.login, FRIDAY)
        assert await people.session(db, "b", FRIDAY) is None


async def test_a_login_is_one_users_in_the_whole_installation(store: Store) -> None:
    await a_user(store)

    with pytest.raises(NotStorable):
        await a_user(store)


async def test_a_phone_is_found_by_its_token(store: Store) -> None:
    device = a_device(token_hash="d" * 64)
    await keep(store, device)

    async with store.read() as db:
        assert await people.by_token(db, "d" * 64) == (LIDKOPING, device)
        assert await people.by_token(db, "e" * 64) is None
