"""Mail about the public page: asked, confirmed, told of what is new and only that, and gone with one press."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest_asyncio
from sqlalchemy import func, select

from tests.makers import COORDINATOR, LIDKOPING, an_evening
from tests.web.mail_houses import MailHouse, a_mail_house, links_in, text_of
from trygghetsvandring.domain import followers as rules
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.jobs import daily
from trygghetsvandring.jobs.work import Lane
from trygghetsvandring.storage import records
from trygghetsvandring.storage.public_tables import followers as table
from trygghetsvandring.storage.tables import operations, versions
from trygghetsvandring.web import followers, middleware

ASK = f"/folj/{LIDKOPING}/mejl"
ADDRESS = "en.lasare@post.example"


@pytest_asyncio.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[MailHouse]:
    followers.forget_tries()
    async with an_evening(database, tmp_path) as evening, a_mail_house(evening) as it:
        yield it


async def ask(house: MailHouse, address: str = ADDRESS) -> int:
    answer = await house.evening.http.post(ASK, data={"mail": address})
    await house.work()
    return answer.status_code


async def link(house: MailHouse, address: str = ADDRESS) -> str:
    return links_in(house.inbox.to(address)[-1], "/foljare/")[0]


async def follow(house: MailHouse, address: str = ADDRESS) -> str:
    """The path of their own page."""
    await ask(house, address)
    path = await link(house, address)
    answer = await house.evening.http.post("/foljare/bekrafta", data={"secret": path.rpartition("/")[2]})
    assert "Nu är det klart" in answer.text
    return path


async def kept(house: MailHouse) -> int:
    async with house.evening.store.read() as db:
        return int((await db.execute(select(func.count()).select_from(table))).scalar_one())


async def a_day(house: MailHouse, days: int = 1) -> None:
    house.evening.passes(days=days - 1)
    await daily.plan(house.evening.app.state.runner._context)
    house.evening.times["now"] = daily.next_time(house.evening.now)
    await house.work(Lane.DAILY)
    await house.work()


async def a_shown_walk(house: MailHouse, name: str) -> UUID:
    starts = house.evening.now + timedelta(days=60)
    id = await house.evening.plan(walk=uuid7(), name=name, starts_at=starts, ends_at=starts + timedelta(hours=2))
    async with house.evening.store.read() as db:
        walk = await records.one(db, LIDKOPING, Walk, id)
    assert walk is not None
    outcome = await house.evening.act("walk.announce", id, {"seen": walk.version, "name": "Anna Ek"}, COORDINATOR)
    assert outcome.outcome == "applied", outcome
    return id


async def test_opening_the_link_changes_nothing_and_the_button_confirms(house: MailHouse) -> None:
    assert ASK in (await house.get(f"/folj/{LIDKOPING}")).text
    assert await ask(house) == 200
    path = await link(house)

    for _ in range(2):  # a scanner of mail, and then the reader
        assert "Vill du ha mejl?" in (await house.get(path)).text
    answer = await house.evening.http.post("/foljare/bekrafta", data={"secret": path.rpartition("/")[2]})

    assert "Nu är det klart" in answer.text
    assert "Du får mejl" in (await house.get(path)).text


async def test_what_is_new_is_told_once_and_what_stood_there_before_is_not(house: MailHouse) -> None:
    await a_shown_walk(house, "Gamla rundan")
    await a_day(house)
    await follow(house)
    await a_shown_walk(house, "Nya rundan")
    gone = await a_shown_walk(house, "Indragna rundan")
    await house.evening.act("walk.take_back", gone, {}, COORDINATOR)

    await a_day(house, 8)
    await a_day(house, 8)

    (mail,) = house.inbox.to(ADDRESS)[1:]
    text = text_of(mail)
    assert "Nya rundan" in text
    assert "Gamla rundan" not in text
    assert "Indragna rundan" not in text
    assert f"https://trygg.test/folj/{LIDKOPING}" in text


async def test_one_press_in_the_mail_program_stops_it_and_the_address_is_nowhere(house: MailHouse) -> None:
    await a_day(house)
    await follow(house)
    await a_shown_walk(house, "Nya rundan")
    await a_day(house, 8)
    mail = house.inbox.to(ADDRESS)[-1]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    (stop,) = re.findall(r"<https://trygg\.test(/foljare/sluta/\S+)>", str(mail["List-Unsubscribe"]))

    assert "Sluta få mejl?" in (await house.get(stop)).text
    assert await kept(house) == 1
    for _ in range(2):
        answer = await house.evening.http.post(stop, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200

    assert await kept(house) == 0
    assert (await house.get(stop)).status_code == 404
    async with house.evening.store.read() as db:
        for logged in (operations, versions):
            assert ADDRESS not in str((await db.execute(select(logged))).all())
    sent = len(house.inbox.mails)
    await a_shown_walk(house, "Ännu en runda")
    await a_day(house, 8)
    assert len(house.inbox.mails) == sent


async def test_who_never_confirms_hears_nothing_and_is_forgotten_in_a_week(house: MailHouse) -> None:
    await a_day(house)
    await ask(house)
    await a_shown_walk(house, "Nya rundan")

    await a_day(house, rules.CONFIRM_WITHIN.days - 1)
    assert await kept(house) == 1
    await a_day(house, 3)

    assert await kept(house) == 0
    assert len(house.inbox.to(ADDRESS)) == 1  # the question


async def test_asked_again_it_says_the_same_and_writes_no_more(house: MailHouse) -> None:
    assert [await ask(house) for _ in range(3)] == [200, 200, 200]
    assert len(house.inbox.to(ADDRESS)) == 1
    assert await ask(house, "ingen adress") == 422
    assert await ask(house, "annan@post.example") == 200
    assert [await ask(house, f"n{n}@post.example") for n in range(2)] == [200, 429]


def test_no_log_has_the_secret_of_such_a_link() -> None:
    assert middleware.loggable("/foljare/vBFnYzv_SSLag_6TR5Dgcw") == "/foljare/…"
    assert middleware.loggable("/foljare/sluta/vBFnYzv_SSLag_6TR5Dgcw") == "/foljare/sluta/…"
    assert middleware.loggable("/foljare/bekrafta") == "/foljare/bekrafta"
