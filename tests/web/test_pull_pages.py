"""Pages of the feed: full ones of shared scopes are compressed once, and worth nothing after a rewriting."""

import gzip
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import makers
from tests.makers import LIDKOPING, Evening, Phone
from trygghetsvandring.storage import changes as feed
from trygghetsvandring.storage.glances import Postgres
from trygghetsvandring.web import pages
from trygghetsvandring.web import pull as web_pull

evening = makers.evening  # and not the web's fixture of the same name, whichever was loaded last


@given(begun=st.text(max_size=400).map(str.encode), ends=st.lists(st.binary(max_size=60), min_size=1, max_size=3))
def test_a_kept_beginning_and_any_end_are_one_gzip(begun: bytes, ends: list[bytes]) -> None:
    kept = pages.packed(begun, 7)

    for end in ends:
        assert gzip.decompress(pages.whole(kept, end)) == begun + end


def test_the_least_recently_asked_for_goes_first_when_it_is_full() -> None:
    kept = pages.Kept(most_bytes=2_100)
    one, two, three = (("m", "e", 0, "walk:1", at, 500) for at in range(3))
    page = pages.Packed(b"x" * 1_000, 0, 0, 0)
    kept.keep(one, page)
    kept.keep(two, page)
    kept.get(one)
    kept.keep(three, page)

    assert (kept.get(one), kept.get(two), kept.get(three)) == (page, None, page)
    kept.keep(three, page)
    assert len(kept) == 2


async def raw(evening: Evening, phone: Phone, cursor: str | None = None, **headers: str) -> dict[str, Any]:
    params = {"cursor": cursor} if cursor else {}
    answer = await evening.http.get("/sync/pull", params=params, headers=phone.headers | headers)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = json.loads(answer.content)  # httpx has unpacked it
    return body


@pytest.fixture
def three_to_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_pull, "_PAGE", 3)


async def feed_walk(evening: Evening, count: int, word: str) -> None:
    scope = f"walk:{evening.walk}"
    rows = [
        feed.Row(scope=scope, kind="walk", id=f"{n}", version=1, state=json.dumps({"w": word})) for n in range(count)
    ]
    async with evening.store.write() as db:
        await feed.append(db, LIDKOPING, rows)


@pytest.mark.law(9)
@pytest.mark.usefixtures("three_to_a_page")
async def test_full_pages_of_the_walk_are_made_once_and_nobodys_own_are_kept(evening: Evening) -> None:
    await feed_walk(evening, 10, "hemligt")
    one, two = await evening.phone(), await evening.phone()
    await one.push(*(one.observation() for _ in range(5)))
    kept = evening.app.state.house.pages

    first = await one.pull()
    made = len(kept)
    second = await two.pull()

    assert made == len(kept) and made >= 3
    assert all("device:" not in key[3] for key in kept._pages)
    shared = [it for it in first.changes if it["kind"] == "walk"]
    assert [it for it in second.changes if it["kind"] == "walk"][: len(shared)] == shared
    assert second.of("observation") == {}


@pytest.mark.usefixtures("three_to_a_page")
async def test_after_a_rewriting_no_process_sends_what_was_erased(evening: Evening) -> None:
    await feed_walk(evening, 6, "hemligt")
    phone = await evening.phone()
    assert "hemligt" in json.dumps((await phone.pull()).changes)

    async with evening.store.write() as db:
        await db.exec_driver_sql("UPDATE changes SET state = '{}' WHERE kind = 'walk' AND length(id) = 1")
        await feed.drop(db, LIDKOPING)

    assert "hemligt" not in json.dumps((await phone.pull()).changes)


@pytest.mark.law(3)
@pytest.mark.usefixtures("three_to_a_page")
async def test_packed_or_plain_from_nothing_or_bit_by_bit_the_same_is_shown(evening: Evening) -> None:
    await feed_walk(evening, 7, "ord å ä ö 🌲")
    phone = await evening.phone()
    await phone.push(*(phone.observation(text='"\\\n å 🌲') for _ in range(4)))

    async def all_of(**headers: str) -> list[Any]:
        got, cursor = [], None
        while True:
            page = await raw(evening, phone, cursor, **headers)
            got += page["changes"]
            cursor = page["cursor"]
            if not page["more"]:
                return got

    assert await all_of() == await all_of(**{"accept-encoding": "identity"})


async def test_a_glance_says_what_reading_says(evening: Evening) -> None:
    """The two ways to an answer: the same rows, told alike, with texts that need escaping and things that are gone."""
    phone = await evening.phone()
    before = await phone.pull()
    await phone.push(phone.observation(text='å "citat" \\ 🌲'), phone.feeling())
    scope = f"device:{phone.device}"
    async with evening.store.write() as db:
        await feed.append(db, LIDKOPING, [feed.Row(scope=scope, kind="reply", id="x", version=3, state=None)])

    glanced = await raw(evening, phone, before.cursor)
    fresh = (await phone.pull()).changes

    own = [it for it in fresh if it["kind"] not in ("municipality", "walk")]
    assert [it for it in glanced["changes"] if it["kind"] != "walk"] == own
    assert glanced["changes"][-1] == {"kind": "reply", "id": "x", "version": 3, "gone": True}
    assert glanced["more"] is False


async def test_a_connection_that_was_cut_costs_nobody_an_answer(evening: Evening) -> None:
    phone = await evening.phone()
    cursor = (await phone.pull()).cursor
    await phone.pull(cursor)
    glances = evening.app.state.house.glances
    if isinstance(glances, Postgres):
        async with evening.store.write() as db:
            await db.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
    else:
        glances._free.pop().close()

    assert (await phone.pull(cursor)).changes == []
