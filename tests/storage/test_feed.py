"""The feed has no holes: whatever commits in whatever order, a reader that goes on from its cursor sees every row.

The bar is shown to be able to fail: the same writers, numbered by a plain sequence, do lose rows on PostgreSQL.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import text

from tests import makers
from tests.makers import LIDKOPING, Evening, a_municipality, emptied
from trygghetsvandring.storage import changes as feed
from trygghetsvandring.storage.unit import Db, Store
from trygghetsvandring.sync.municipalities import settle

evening = makers.evening  # and not the web's fixture of the same name, whichever was loaded last

WRITERS, EACH = 8, 30
Number = Callable[[Db, str], Awaitable[None]]


def a_row(id: str, scope: str = "municipality") -> feed.Row:
    return feed.Row(scope=scope, kind="walk", id=id, version=1, state='{"ord":"å ä ö 🌲"}')


async def under_the_counter(db: Db, id: str) -> None:
    await feed.append(db, LIDKOPING, [a_row(id)])
    await asyncio.sleep(random.uniform(0, 0.008))  # a commit that takes its time, as on a busy disk


async def by_a_sequence(db: Db, id: str) -> None:
    insert = (
        "INSERT INTO changes (municipality, seq, scope, kind, id, version, state) "
        "VALUES (:m, nextval('plain'), 'municipality', 'walk', :id, 1, null)"
    )
    await db.execute(text(insert), {"m": LIDKOPING, "id": id})
    await asyncio.sleep(random.uniform(0, 0.008))


async def missed(store: Store, number: Number) -> set[str]:
    """What a reader that polls all the while, and once more when all is done, has not seen."""
    written: set[str] = set()
    seen: set[str] = set()
    done = asyncio.Event()

    async def write(writer: int) -> None:
        for turn in range(EACH):
            id = f"{writer}-{turn}"
            async with store.write() as db:
                await number(db, id)
            written.add(id)

    async def poll() -> None:
        cursor, last = 0, False
        while True:
            async with store.read() as db:
                rows = await feed.after(db, LIDKOPING, ["municipality"], cursor, 7)
            seen.update(row.id for _, row in rows)
            cursor = rows[-1][0] if rows else cursor
            if not rows and last:
                return
            last = done.is_set()
            await asyncio.sleep(0)

    async def all_writers() -> None:
        await asyncio.gather(*(write(writer) for writer in range(WRITERS)))
        done.set()

    await asyncio.gather(all_writers(), poll())
    assert len(written) == WRITERS * EACH
    return written - seen


@pytest.mark.law(4)
async def test_a_reader_that_polls_among_many_writers_misses_nothing(store: Store) -> None:
    assert await missed(store, under_the_counter) == set()


@pytest.mark.law(4)
@pytest.mark.postgres
async def test_the_harness_sees_what_a_plain_sequence_loses(postgres_schema: str) -> None:
    store = Store(emptied(postgres_schema))
    await settle(store, a_municipality())
    async with store.write() as db:
        await db.execute(text("CREATE SEQUENCE IF NOT EXISTS plain START 2"))

    lost = await missed(store, by_a_sequence)

    async with store.write() as db:
        await db.execute(text("DROP SEQUENCE plain"))
    await store.close()
    print(f"a plain sequence lost {len(lost)} of {WRITERS * EACH}; the counter row lost 0")
    assert lost


@pytest.mark.law(4)
async def test_phones_that_push_at_once_are_all_seen_by_one_that_polls(evening: Evening) -> None:
    """Through the whole house: eight phones hand in, one watches its own replies, none is missing at the end."""
    phones = [await evening.phone() for _ in range(6)]
    handed_in: dict[str, set[str]] = {}

    async def hand_in(index: int) -> None:
        phone = phones[index]
        mine = handed_in.setdefault(str(phone.device), set())
        for _ in range(6):
            op = phone.observation()
            await phone.push(op, phone.feeling())
            mine.add(str(op["entity"]))

    async def watch(index: int) -> set[str]:
        phone, cursor, got = phones[index], None, set[str]()
        for _ in range(200):
            pulled = await phone.pull(cursor)
            cursor = pulled.cursor
            got |= set(pulled.of("observation"))
            if len(got) == 6:
                break
        return got

    watched = await asyncio.gather(*(watch(i) for i in range(2)), *(hand_in(i) for i in range(6)))

    for index in range(2):
        assert watched[index] == handed_in[str(phones[index].device)]


# ---------------------------------------------------------------- order, scopes, pages


async def test_the_feed_comes_oldest_first_in_pages_and_only_in_ones_own_scopes(store: Store) -> None:
    async with store.write() as db:
        await feed.append(db, LIDKOPING, [a_row(str(n), "walk:1" if n % 2 else "walk:2") for n in range(10)])

    async with store.read() as db:
        first = await feed.after(db, LIDKOPING, ["walk:1"], 0, 3)
        rest = await feed.after(db, LIDKOPING, ["walk:1"], first[-1][0], 3)
        both = await feed.after(db, LIDKOPING, ["walk:1", "walk:2"], 1, 100)
        none = await feed.after(db, "grannby", ["walk:1", "walk:2"], 0, 100)
        head = await feed.head(db, LIDKOPING)

    assert [row.id for _, row in first + rest] == ["1", "3", "5", "7", "9"]
    assert [seq for seq, _ in both] == list(range(2, 12))
    assert (none, head) == ([], 11)
    assert both[0][1].state == '{"ord":"å ä ö 🌲"}'


async def test_an_empty_append_draws_no_number(store: Store) -> None:
    async with store.write() as db:
        await feed.append(db, LIDKOPING, [])

    async with store.read() as db:
        assert await feed.head(db, LIDKOPING) == 1


async def test_a_rolled_back_unit_leaves_no_row_and_no_gap(store: Store) -> None:
    async def fails() -> None:
        async with store.write() as db:
            await feed.append(db, LIDKOPING, [a_row("never")])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()

    async with store.write() as db:
        await feed.append(db, LIDKOPING, [a_row("first")])
    async with store.read() as db:
        rows = await feed.after(db, LIDKOPING, ["municipality"], 1, 9)
    assert [(seq, row.id) for seq, row in rows] == [(2, "first")]


async def test_numbers_drawn_at_the_same_time_are_all_different(store: Store) -> None:
    async def draw() -> int:
        async with store.write() as db:
            return await feed.draw(db, LIDKOPING, "LK", 3)

    firsts = await asyncio.gather(*(draw() for _ in range(12)))

    assert sorted(firsts) == list(range(1, 37, 3))
    async with store.read() as db:
        assert (await feed.drawn(db, LIDKOPING)) == {"LK": 36}


async def test_series_and_municipalities_count_for_themselves(store: Store) -> None:
    await settle(store, a_municipality("grannby"))
    async with store.write() as db:
        drawn = [
            await feed.draw(db, place, series, 1)
            for place, series in ((LIDKOPING, "LK"), (LIDKOPING, "Å"), ("grannby", "LK"), (LIDKOPING, "LK"))
        ]

    assert drawn == [1, 1, 1, 2]


async def test_the_epoch_is_one_and_stays(store: Store) -> None:
    async with store.read() as db:
        epoch = await feed.epoch(db)
        assert len(epoch) == 16 and epoch == await feed.epoch(db)
