"""Settings are sent to a process once, and what was changed is seen at the next question, whoever changed it."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text, update

from tests.makers import FRIDAY, LIDKOPING, a_municipality, emptied
from tests.storage.test_contract import a_user, begun
from trygghetsvandring.storage import municipalities, people
from trygghetsvandring.storage.municipalities import SETTINGS, Words
from trygghetsvandring.storage.records import encode
from trygghetsvandring.storage.tables import municipalities as table
from trygghetsvandring.storage.unit import Store
from trygghetsvandring.sync.municipalities import settle


async def name(store: Store) -> str:
    """Of the municipality, asked for in both ways."""
    here = await store.at_once(lambda db: municipalities.municipality(db, LIDKOPING))
    async with store.read() as db:
        assert await municipalities.municipality(db, LIDKOPING) == here
    assert here is not None
    return here.name


async def is_sent(store: Store) -> bool:
    async with store.read() as db:
        (row,) = await db.execute(select(*SETTINGS), Words().known)
    return row[1] is not None


async def test_what_was_read_is_not_sent_again_until_it_is_changed(store: Store) -> None:
    for each in (f"Förra {uuid4()}", f"Nya {uuid4()}"):  # words that no other test has made known
        await settle(store, a_municipality(name=each))
        assert await is_sent(store)
        assert [await name(store), await is_sent(store)] == [each, False]


async def test_what_an_earlier_version_wrote_is_read_every_time_and_summed_up_at_the_start(store: Store) -> None:
    written = [encode(a_municipality(name=each)) for each in ("Med gammal summa", "Utan summa")]
    async with store.write() as db:
        await db.execute(update(table).values(doc=written[1], digest=None))
    assert [await name(store), await is_sent(store)] == ["Utan summa", True]

    async with store.write() as db:
        await municipalities.sum_up(db)
    assert [await name(store), await is_sent(store)] == ["Utan summa", False]
    async with store.write() as db:
        await db.execute(update(table).values(doc=written[0]))
        await municipalities.sum_up(db)
    assert await name(store) == "Med gammal summa"


def test_what_is_let_go_of_while_a_question_is_on_its_way_is_still_there_for_its_answer() -> None:
    ours = a_municipality()
    Words().settings("ours", encode(ours), None)
    asked = Words()
    assert "ours" in asked.known["known"].split()
    for n in range(100):
        Words().settings(f"other{n}", encode(replace(ours, version=n + 1)), None)

    assert "ours" not in Words().known["known"].split()
    assert asked.settings("ours", None, None) == ours


async def test_a_look_reads_a_session_as_the_long_way_does(store: Store) -> None:
    device = await begun(store, await a_user(store), "hash", hours=12)

    async def both(token: str, hours: int) -> people.Session | None:
        now = FRIDAY + timedelta(hours=hours)
        looked = await store.at_once(lambda db: people.session(db, token, now))
        async with store.read() as db:
            assert await people.session(db, token, now) == looked
        return looked

    found = await both("hash", 11)
    assert found is not None
    assert (found.device, found.here) == (device, a_municipality())
    assert [await both("hash", 12), await both("another", 0)] == [None, None]


@pytest.mark.postgres
async def test_a_session_is_read_though_every_connection_was_cut(postgres_schema: str) -> None:
    store = Store(emptied(postgres_schema))
    await settle(store, a_municipality())
    await begun(store, await a_user(store), "hash")
    assert await store.at_once(lambda db: people.session(db, "hash", FRIDAY))
    async with store.write() as db:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
        await db.execute(text(others + "AND datname = current_database()"))

    assert await store.at_once(lambda db: people.session(db, "hash", FRIDAY))
    await store.close()
