"""The feed has no holes: whatever commits in whatever order, a reader that goes on from its cursor sees every row.

The bar is shown to be able to fail: the same writers, numbered by a plain sequence, do lose rows on PostgreSQL.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import text

from tests import makers, profile
from tests.makers import LIDKOPING, Evening, Phone, a_municipality, emptied
from trygghetsvandring.storage import changes as feed
from trygghetsvandring.storage.unit import Db, Store
from trygghetsvandring.sync.municipalities import settle

evening = makers.evening  # and not the web's fixture of the same name, whichever was loaded last

WRITERS = 8
EACH = profile.pick(quick=25, ci=100, night=100)
ROUNDS = profile.pick(quick=2, ci=20, night=20)
Number = Callable[[Db, str], Awaitable[None]]


def a_row(id: str, scope: str = "municipality") -> feed.Row:
    return feed.Row(scope=scope, kind="walk", id=id, version=1, state='{"ord":"å ä ö 🌲"}')


async def under_the_counter(db: Db, id: str) -> None:
    await asyncio.sleep(random.uniform(0, 0.008))  # a rule that takes its time
    await feed.append(db, LIDKOPING, [a_row(id)])
    await asyncio.sleep(random.uniform(0, 0.002))  # and a commit that does, as on a busy disk


async def by_a_sequence(db: Db, id: str) -> None:
    insert = (
        "INSERT INTO changes (municipality, seq, scope, kind, id, version, state) "
        "VALUES (:m, nextval('plain'), 'municipality', 'walk', :id, 1, null)"
    )
    await db.execute(text(insert), {"m": LIDKOPING, "id": id})
    await asyncio.sleep(random.uniform(0, 0.008))


async def missed(store: Store, number: Number, round: int = 0) -> set[str]:
    """What a reader that polls all the while, and once more when all is done, has not seen."""
    written: set[str] = set()
    seen: set[str] = set()
    done = asyncio.Event()

    async def write(writer: int) -> None:
        for turn in range(EACH):
            id = f"{round}-{writer}-{turn}"
            async with store.write() as db:
                await number(db, id)
            written.add(id)

    async def poll(cursor: int) -> None:
        last = False
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

    async with store.read() as db:
        head = await feed.head(db, LIDKOPING)  # before the first of them writes
    await asyncio.gather(all_writers(), poll(head))
    assert len(written) == WRITERS * EACH
    return written - seen


@pytest.mark.law(4)
async def test_a_reader_that_polls_among_many_writers_misses_nothing(store: Store) -> None:
    """SQLite has one writer, so one round says it all; PostgreSQL's eight get twenty."""
    for round in range(1 if store.is_sqlite else ROUNDS):
        assert await missed(store, under_the_counter, round) == set(), f"round {round}"


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
    """Through the whole house: eight phones hand in, two watch their own replies, none is missing at the end."""
    phones = [await evening.phone() for _ in range(WRITERS)]
    handed_in: dict[str, set[str]] = {str(phone.device): set() for phone in phones}
    done = asyncio.Event()

    async def hand_in(phone: Phone) -> None:
        for _ in range(profile.pick(quick=6, ci=25, night=100)):
            op = phone.observation()
            await phone.push(op, phone.feeling())
            handed_in[str(phone.device)].add(str(op["entity"]))

    async def all_hand_in() -> None:
        await asyncio.gather(*(hand_in(phone) for phone in phones))
        done.set()

    async def watch(phone: Phone) -> set[str]:
        cursor, got, last = None, set[str](), False
        while not last:
            last = done.is_set()
            pulled = await phone.pull(cursor)
            cursor = pulled.cursor
            got |= set(pulled.of("observation"))
            await asyncio.sleep(0)
        return got

    _, *watched = await asyncio.gather(all_hand_in(), *(watch(phone) for phone in phones[:2]))

    for phone, got in zip(phones, watched, strict=False):
        assert got == handed_in[str(phone.device)]


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
