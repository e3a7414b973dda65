"""Mail to those who walked: asked for, confirmed, one for the walk, and gone when it is over."""

from collections.abc import AsyncIterator
from datetime import UTC
from pathlib import Path
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import select

from tests.makers import COORDINATOR, HANDLER, Phone, an_evening
from tests.web.mail_houses import MailHouse, a_mail_house, links_in, text_of
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.tasks import TaskState
from trygghetsvandring.jobs import daily
from trygghetsvandring.jobs.work import Lane
from trygghetsvandring.storage.letter_tables import subscriptions
from trygghetsvandring.storage.tables import metadata
from trygghetsvandring.web import digests

MINE = "kim@example.org"


@pytest_asyncio.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[MailHouse]:
    digests.forget_tries()
    async with an_evening(database, tmp_path) as evening, a_mail_house(evening) as it:
        yield it


async def asks(house: MailHouse, phone: Phone, address: str = MINE) -> httpx.Response:
    answer = await house.evening.http.post("/api/subscriptions", json={"address": address}, headers=phone.headers)
    await house.work()
    return answer


async def press(house: MailHouse, path: str, **fields: str) -> httpx.Response:
    return await house.evening.http.post(path, data=fields)


async def subscribed(house: MailHouse, phone: Phone, address: str = MINE) -> str:
    """The secret of a confirmed address."""
    assert (await asks(house, phone, address)).status_code == 202
    (path,) = links_in(house.inbox.to(address)[-1], "/brev/")
    secret = path.rsplit("/", 1)[1]
    assert "Tack." in (await press(house, "/brev/bekrafta", secret=secret)).text
    house.inbox.mails.clear()
    return secret


async def morning(house: MailHouse, *, after_days: float = 0) -> None:
    house.evening.passes(days=after_days)
    await daily.plan(house.evening.app.state.runner._context)
    house.evening.times["now"] = daily.next_time(house.evening.now).astimezone(UTC)
    house.inbox.mails.clear()
    await house.work(Lane.DAILY)
    await house.work()


async def done(house: MailHouse, phone: Phone) -> UUID:
    task = await house.task("gata-park", phone=phone)
    for type, body in (
        ("task.accept", {"person": "Laget"}),
        ("task.finish", {"extent": "full", "public_text": "Lampan är bytt."}),
    ):
        assert (await house.evening.act(type, task, body, HANDLER)).outcome == "applied"
    await house.work()
    return task


async def addresses(house: MailHouse) -> list[str]:
    async with house.evening.store.read() as db:
        return list((await db.execute(select(subscriptions.c.address))).scalars())


# ---------------------------------------------------------------- asked for and confirmed


async def test_an_address_hears_nothing_before_its_link_is_used_and_a_scanner_confirms_nothing(
    house: MailHouse,
) -> None:
    phone = await house.evening.phone()
    await asks(house, phone)
    (mail,) = house.inbox.to(MINE)
    (path,) = links_in(mail, "/brev/")
    await done(house, phone)

    assert (await house.get(path)).status_code == 200
    await morning(house)
    assert house.inbox.mails == []

    assert mail["Subject"] == "Bekräfta: mejl om Margretelund, fredag kväll"
    assert "List-Unsubscribe" not in mail


async def test_the_address_stands_in_one_table_and_nothing_joins_it_to_the_phone(house: MailHouse) -> None:
    phone = await house.evening.phone()
    await subscribed(house, phone)

    async with house.evening.store.read() as db:
        for name, table in metadata.tables.items():
            rows = [str(tuple(row)) for row in await db.execute(select(table))]
            assert name == "subscriptions" or not any(MINE in row for row in rows), name
        (row,) = (await db.execute(select(subscriptions))).all()
    assert str(phone.device) not in str(tuple(row))


async def test_asking_again_sends_nothing_and_says_the_same(house: MailHouse) -> None:
    phone = await house.evening.phone()
    first = await asks(house, phone)
    second = await asks(house, phone, "KIM@example.org")

    assert (first.status_code, first.json()) == (second.status_code, second.json()) == (202, {"sent": True})
    assert len(house.inbox.mails) == 1


@pytest.mark.parametrize("address", ["", "kim", "a@b.se, c@d.se", "a@b.se\r\nBcc: c@d.se", "Kim <a@b.se>", "å@b.se"])
async def test_what_is_not_one_address_is_refused(house: MailHouse, address: str) -> None:
    answer = await asks(house, await house.evening.phone(), address)

    assert (answer.status_code, answer.json()["code"]) == (422, "not_an_address")


async def test_one_phone_does_not_write_to_the_whole_town(house: MailHouse) -> None:
    phone = await house.evening.phone()
    answers = [await asks(house, phone, f"granne{n}@example.org") for n in range(6)]

    assert [answer.status_code for answer in answers] == [202] * 5 + [429]


async def test_an_address_that_nobody_confirms_is_removed_after_a_week(house: MailHouse) -> None:
    await asks(house, await house.evening.phone())

    await morning(house, after_days=6)
    assert await addresses(house) == [MINE]
    await morning(house, after_days=1)

    assert await addresses(house) == []


# ---------------------------------------------------------------- the digest


async def test_three_findings_are_one_letter_and_no_news_is_none(house: MailHouse) -> None:
    phone = await house.evening.phone()
    await subscribed(house, phone)
    await house.task("gata-park", phone=phone)
    await done(house, phone)
    await phone.push(phone.observation(text="Hemligt om en granne"))

    await morning(house)
    (mail,) = house.inbox.to(MINE)
    text = text_of(mail)

    assert mail["Subject"] == "Så går det efter Margretelund, fredag kväll: 1 av 2 åtgärdade"
    assert "Åtgärdat enligt Gata och park 20 november." in text
    assert "Lampan är bytt." in text
    assert "Dessutom 1 som inte blev en åtgärd." in text
    assert "granne" not in text
    assert "tunnelns norra mynning" not in text  # what a walker wrote
    assert MINE not in text

    for _ in range(8):
        await morning(house)
        assert house.inbox.mails == []


async def test_news_waits_until_a_week_has_gone(house: MailHouse) -> None:
    phone = await house.evening.phone()
    await subscribed(house, phone)
    await done(house, phone)
    await morning(house)
    await done(house, phone)

    sent = []
    for day in range(1, 9):
        await morning(house)
        sent += [day] * len(house.inbox.mails)

    assert sent == [7]


async def test_the_mail_programs_own_button_stops_it_and_looking_does_not(house: MailHouse) -> None:
    phone = await house.evening.phone()
    await subscribed(house, phone)
    await done(house, phone)
    await morning(house)
    (mail,) = house.inbox.mails
    link = str(mail["List-Unsubscribe"]).strip("<>").removeprefix("https://trygg.test")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    assert (await house.get(link)).status_code == 200
    assert await addresses(house) == [MINE]
    pressed = await house.evening.http.post(link, data={"List-Unsubscribe": "One-Click"})

    assert pressed.status_code == 200
    assert await addresses(house) == []
    assert (await house.evening.http.post(link)).status_code == 200  # pressed twice


async def test_a_letter_that_waits_does_not_go_to_who_has_said_stop(house: MailHouse) -> None:
    phone = await house.evening.phone()
    secret = await subscribed(house, phone)
    await done(house, phone)
    house.inbox.refuses[MINE] = "451 Later"
    await morning(house)
    await press(house, f"/brev/sluta/{secret}")
    house.inbox.refuses.clear()

    house.evening.passes(hours=3)
    await house.work()

    assert house.inbox.mails == []


async def test_does_it_hold_is_answered_on_the_page_and_counts_once(house: MailHouse) -> None:
    phone = await house.evening.phone()
    secret = await subscribed(house, phone)
    task = await done(house, phone)
    await morning(house)
    (path,) = {link for link in links_in(house.inbox.mails[0], "/brev/") if "sluta" not in link}

    page = await house.get(path)
    assert "Har du varit där efter 20 november, när det var mörkt?" in page.text
    assert (await house.read(task)).state is TaskState.DONE
    for seen in ("no", "no", "partly"):
        assert (
            "Tack. Ditt svar är sparat."
            in (await press(house, "/brev/svar", secret=secret, task=str(task), seen=seen)).text
        )

    told = (await house.read(task)).confirmations
    assert [each.seen.value for each in told] == ["partly"]
    assert (await press(house, "/brev/svar", secret=secret, task=str(task), seen="good")).status_code == 200
    assert (await house.read(task)).state is TaskState.VERIFIED


async def test_somebody_elses_walk_is_not_answered_about(house: MailHouse) -> None:
    phone = await house.evening.phone()
    secret = await subscribed(house, phone)
    another = await house.evening.plan(walk=uuid7(), name="En annan vandring")
    task = await done(house, await house.evening.phone(another))

    page = await press(house, "/brev/svar", secret=secret, task=str(task), seen="good")

    assert page.status_code == 422
    assert (await house.read(task)).state is TaskState.DONE


async def test_addresses_go_when_everything_has_its_answer(house: MailHouse) -> None:
    phone = await house.evening.phone()
    await subscribed(house, phone)
    task = await done(house, phone)
    seen = {"seen": "Lyser.", "seen_on": "2026-11-20"}
    assert (await house.evening.act("task.verify", task, seen, COORDINATOR)).outcome == "applied"
    await house.work()

    await morning(house)
    assert "Det här är det sista mejlet" in text_of(house.inbox.to(MINE)[0])
    assert await addresses(house) == [MINE]
    await morning(house, after_days=7)

    assert await addresses(house) == []


async def test_addresses_go_when_the_follow_up_ends(house: MailHouse) -> None:
    await subscribed(house, await house.evening.phone())

    await morning(house, after_days=399)
    assert await addresses(house) == [MINE]
    await morning(house, after_days=1)

    assert await addresses(house) == []


# ---------------------------------------------------------------- one message to all


async def test_one_message_reaches_the_phones_and_the_addresses_once(house: MailHouse) -> None:
    phone = await house.evening.phone()
    await subscribed(house, phone)
    text = "Tack för att ni gick. Kom på mötet den 9 december."

    outcome = await house.evening.act("walk.message", house.evening.walk, {"text": text}, COORDINATOR)
    again = await house.evening.act("walk.message", house.evening.walk, {"text": "Mer."}, COORDINATOR)
    await house.work()

    assert (outcome.outcome, again.code) == ("applied", "message_sent_already")
    (mail,) = house.inbox.to(MINE)
    assert mail["Subject"] == "Till dig som gick: Margretelund, fredag kväll"
    assert text_of(mail).startswith(text)
    (message,) = [change["state"] for change in (await phone.pull()).changes if change["kind"] == "message"]
    assert (message["text"], message["by"]) == (text, COORDINATOR.function)


async def test_nobody_is_named_in_it(house: MailHouse) -> None:
    body = {"text": "Tack till 850709-9805."}

    outcome = await house.evening.act("walk.message", house.evening.walk, body, COORDINATOR)

    assert outcome.code == "public_text_not_safe"
