"""Mail about the public page: asked, confirmed, told of what is new and only that, and gone with one press."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import func, select, update
from starlette.requests import Request

from tests.makers import COORDINATOR, LIDKOPING, an_evening
from tests.web.mail_houses import MailHouse, a_mail_house, links_in, text_of
from trygghetsvandring.domain import followers as rules
from trygghetsvandring.domain.followers import Follower, Kind, News
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.integrations.mail import NotDelivered
from trygghetsvandring.jobs import alarms, daily
from trygghetsvandring.jobs.work import Lane
from trygghetsvandring.storage import announcements as announced
from trygghetsvandring.storage import followers as stored
from trygghetsvandring.storage import municipalities, queue, records
from trygghetsvandring.storage.public_tables import followers as table
from trygghetsvandring.storage.queue import Waiting
from trygghetsvandring.storage.tables import jobs, metadata
from trygghetsvandring.sync import following
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
    await house.work(Lane.FOLLOWERS)
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
    await house.work(Lane.FOLLOWERS)


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
        for each in metadata.sorted_tables:
            assert ADDRESS not in str((await db.execute(select(each))).all())
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


async def test_asked_again_a_second_letter_goes_after_an_hour_and_never_a_third(house: MailHouse) -> None:
    for passes, letters in ((0, 1), (0, 1), (1, 2), (2, 2), (20, 2)):
        house.evening.passes(hours=passes, minutes=1)
        assert await ask(house) == 200
        assert len(house.inbox.to(ADDRESS)) == letters


async def test_who_follows_and_who_does_not_read_the_same_page(house: MailHouse) -> None:
    await follow(house)
    pages = [await house.evening.http.post(ASK, data={"mail": it}) for it in (ADDRESS.upper(), "ny@post.example")]

    assert pages[0].text == pages[1].text
    assert pages[0].status_code == pages[1].status_code == 200
    await house.work(Lane.FOLLOWERS)
    assert len(house.inbox.to(ADDRESS)) == 1
    assert await kept(house) == 2


@pytest.mark.parametrize("address", ["ingen adress", "a?bcc=b@post.example", "a&b@post.example", "a%0a@post.example"])
async def test_what_a_mail_program_could_take_for_an_instruction_is_no_address(house: MailHouse, address: str) -> None:
    assert await ask(house, address) == 422
    assert await kept(house) == 0


async def test_readers_behind_one_address_are_counted_and_a_whole_ipv6_site_is_one(house: MailHouse) -> None:
    for n in range(30):
        assert await ask(house, f"n{n}@post.example") == 200
    assert await ask(house, "en.till@post.example") == 429

    followers.forget_tries()
    here = await _here(house)
    may = [followers._may(_from(f"2001:db8:7:{n:x}::1"), here) for n in range(61)]
    assert may == [*[True] * 60, False]
    assert followers._may(_from("2001:db8:8::1"), here)


async def _here(house: MailHouse) -> Municipality:
    async with house.evening.store.read() as db:
        here = await municipalities.municipality(db, LIDKOPING)
    assert here is not None
    return here


def _from(address: str) -> Request:
    return Request({"type": "http", "client": (address, 1), "headers": []})


async def test_who_fills_the_waiting_places_pushes_out_only_what_is_not_confirmed(
    house: MailHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_WAITING", 2)
    await follow(house)
    for name in ("forsta", "andra", "tredje"):
        house.evening.passes(minutes=1)
        assert await ask(house, f"{name}@post.example") == 200

    async with house.evening.store.read() as db:
        there = set((await db.execute(select(table.c.address))).scalars())
    assert there == {ADDRESS, "andra@post.example", "tredje@post.example"}
    assert house.inbox.to("tredje@post.example")

    monkeypatch.setattr(rules, "MOST", 1)
    full = [await house.evening.http.post(ASK, data={"mail": it}) for it in (ADDRESS, "ny@post.example")]
    assert [it.status_code for it in full] == [429, 429]
    assert all("inte går att ta emot fler" in it.text for it in full)
    assert await kept(house) == 3


async def test_one_address_is_one_row_whoever_was_first(house: MailHouse) -> None:
    for n, address in enumerate((ADDRESS, ADDRESS.upper())):
        it = Follower(id=uuid7(), address=address, asked_at=house.evening.now, confirmed_at=None)
        async with house.evening.store.write() as db:
            await stored.keep(db, LIDKOPING, it, f"hash{n}")
    assert await kept(house) == 1

    await following.stop(house.evening.engine, LIDKOPING, ADDRESS.upper())
    assert await kept(house) == 0


async def test_a_danger_leaves_before_many_letters_to_followers(house: MailHouse) -> None:
    async with house.evening.store.write() as db:
        for n in range(50):
            body = f'{{"follower": "{uuid7()}", "news": ["x {n}"]}}'
            await queue.plan(db, LIDKOPING, uuid7(), "mail.followed", body, house.evening.now - timedelta(hours=1))
    phone = await house.evening.phone()
    (seen,) = await phone.push(phone.observation(uuid7(), category="el", severity=3))
    assert seen.outcome == "applied"

    assert await house.evening.app.state.runner.round(Lane.LETTERS) == 1

    assert house.inbox.to("jour@lidkoping.example")


@pytest.mark.parametrize("is_confirmed", [False, True])
async def test_an_address_that_takes_no_letters_is_forgotten_and_alarms_nobody(
    house: MailHouse, is_confirmed: bool
) -> None:
    await a_day(house)
    if is_confirmed:
        await follow(house)
    house.inbox.refuses[ADDRESS] = "550 no such user"
    await (a_shown_walk(house, "Nya rundan") if is_confirmed else ask(house))
    await a_day(house, 8 if is_confirmed else 1)

    assert await kept(house) == 0
    async with house.evening.store.read() as db:
        kinds = set((await db.execute(select(jobs.c.kind))).scalars())
    assert "mail.alarm" not in kinds


async def test_what_cannot_leave_for_days_is_given_up_without_an_alarm(house: MailHouse) -> None:
    job = Waiting(municipality=LIDKOPING, id=uuid7(), kind="mail.followed", body="{}", attempts=queue.GIVE_UP_AFTER)
    async with house.evening.store.write() as db:
        await queue.plan(db, LIDKOPING, job.id, job.kind, job.body, house.evening.now)
        await alarms.retry(db, job, house.evening.now, NotDelivered("away"), "away")
        kinds = set((await db.execute(select(jobs.c.kind))).scalars())
    assert "mail.alarm" not in kinds


async def test_what_once_stood_there_is_no_news_when_it_comes_back(
    house: MailHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, oldest, new = (News("1", Kind.PROTOCOL, name) for name in ("Gammalt", "Äldst", "Nytt"))
    looks = [
        {"protocol a": old, "protocol b": oldest},
        {"protocol a": old, "protocol c": new},
        {"protocol a": old, "protocol b": oldest},
    ]

    async def released(*_: Any, **__: Any) -> dict[str, News]:
        return looks[0]

    monkeypatch.setattr(following, "released", released)
    await a_day(house)
    await follow(house)
    for _ in range(2):
        looks.pop(0)
        await a_day(house, 8)

    (mail,) = house.inbox.to(ADDRESS)[1:]
    assert "Nytt" in text_of(mail)


async def test_a_look_that_runs_twice_and_a_letter_that_runs_twice_are_once(house: MailHouse) -> None:
    await a_day(house)
    await follow(house)
    await a_shown_walk(house, "Nya rundan")
    await a_day(house, 8)
    async with house.evening.store.write() as db:
        ours = jobs.c.kind.in_(["daily.followers", "mail.followed"])
        await db.execute(update(jobs).where(ours).values(done_at=None, run_at=house.evening.now))

    await house.work(Lane.DAILY)
    await house.work(Lane.FOLLOWERS)

    assert len(house.inbox.to(ADDRESS)) == 2


def test_no_log_has_the_secret_of_such_a_link() -> None:
    assert middleware.loggable("/foljare/vBFnYzv_SSLag_6TR5Dgcw") == "/foljare/…"
    assert middleware.loggable("/foljare/sluta/vBFnYzv_SSLag_6TR5Dgcw") == "/foljare/sluta/…"
    assert middleware.loggable("/foljare/bekrafta") == "/foljare/bekrafta"


async def told_of_a_walk(house: MailHouse) -> UUID:
    """Somebody follows, and has just been told of it: this week's letter has left."""
    await a_day(house)
    await follow(house)
    walk = await a_shown_walk(house, "Torgrundan")
    await a_day(house, 8)
    assert "Torgrundan" in text_of(house.inbox.to(ADDRESS)[-1])
    return walk


async def shown_again(house: MailHouse, walk: UUID) -> None:
    async with house.evening.store.read() as db:
        it = await records.one(db, LIDKOPING, Walk, walk)
    assert it is not None
    await house.evening.act("walk.announce", walk, {"seen": it.version, "name": "Anna Ek"}, COORDINATOR)
    await house.work(Lane.DAILY)
    await house.work(Lane.FOLLOWERS)


async def test_a_walk_shown_again_is_told_at_once_to_those_who_heard_that_it_was_off(house: MailHouse) -> None:
    walk = await told_of_a_walk(house)
    await house.evening.act("walk.take_back", walk, {}, COORDINATOR)
    await house.work(Lane.DAILY)
    await house.work(Lane.FOLLOWERS)
    assert "Inställd: Torgrundan" in text_of(house.inbox.to(ADDRESS)[-1])

    await shown_again(house, walk)

    assert "Vandring att gå med på: Torgrundan" in text_of(house.inbox.to(ADDRESS)[-1])


async def test_a_walk_that_was_changed_is_not_called_off_and_waits_for_the_weekly_letter(house: MailHouse) -> None:
    await told_of_a_walk(house)
    letters = len(house.inbox.to(ADDRESS))
    async with house.evening.store.write() as db:
        it = (await announced.coming(db, LIDKOPING, house.evening.now))[0][0]
        await records.save(db, LIDKOPING, [replace(it, has_changed=True)], house.evening.now)
    await a_day(house)
    assert len(house.inbox.to(ADDRESS)) == letters
    await a_day(house, 8)
    text = text_of(house.inbox.to(ADDRESS)[-1])
    assert "Ändrad: Torgrundan" in text
    assert "Inställd" not in text


async def test_who_asked_in_arabic_has_every_letter_and_every_page_behind_it_in_arabic(house: MailHouse) -> None:
    arabic = {"sprak": "ar"}
    await a_shown_walk(house, "Gamla rundan")
    await a_day(house)
    wrong = await house.evening.http.post(ASK, params=arabic, data={"mail": "fel"})
    assert (wrong.status_code, "عنوان البريد الإلكتروني غير صحيح" in wrong.text) == (422, True)
    await house.evening.http.post(ASK, params=arabic, data={"mail": ADDRESS})
    await house.work(Lane.FOLLOWERS)

    (mail,) = house.inbox.to(ADDRESS)
    assert "افتح الرابط" in text_of(mail)
    path = links_in(mail, "/foljare/")[0]
    assert path.endswith("?sprak=ar")
    opened = (await house.get(path)).text
    assert '<html lang="ar" dir="rtl">' in opened
    action = re.findall(r'action="([^"]+)"', opened)
    secret = re.findall(r'name="secret" value="([^"]+)"', opened)[0]
    done = await house.evening.http.post(action[0], data={"secret": secret})
    assert "شكرًا. تمّ الأمر." in done.text
    await follow(house, "en.annan@post.example")

    await a_shown_walk(house, "Nya rundan")
    await a_day(house, 8)
    told, swedish = (house.inbox.to(it)[-1] for it in (ADDRESS, "en.annan@post.example"))
    assert "جولة يمكنك المشاركة فيها: Nya rundan" in text_of(told)
    assert f"/folj/{LIDKOPING}?sprak=ar" in text_of(told)
    assert "Vandring att gå med på: Nya rundan" in text_of(swedish)
    assert "sprak=" not in text_of(swedish)
    stop = str(told["List-Unsubscribe"]).strip("<>").replace("https://trygg.test", "")
    assert "لن تصلك رسائل أخرى" in (await house.evening.http.post(stop)).text
    assert await kept(house) == 1
