"""Mail that was asked for on a card's page: to few, seldom, with the card's voice, and gone with the card."""

from collections.abc import AsyncIterator
from datetime import UTC
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import select

from tests.makers import an_evening
from tests.web.card_houses import applied, code_of, done, press
from tests.web.mail_houses import MailHouse, a_mail_house, links_in
from trygghetsvandring.domain import digests as rules
from trygghetsvandring.domain.tasks import TaskState
from trygghetsvandring.jobs import daily
from trygghetsvandring.jobs.work import Lane
from trygghetsvandring.storage.letter_tables import subscriptions
from trygghetsvandring.web import cards, digests, sessions


@pytest_asyncio.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[MailHouse]:
    cards.forget_tries()
    digests.forget_tries()
    async with an_evening(database, tmp_path) as evening, a_mail_house(evening) as it:
        yield it


async def test_an_address_is_confirmed_by_its_own_letter(house: MailHouse) -> None:
    code = await code_of(await house.evening.phone())
    answers = [await press(house, "/kort/mejl", code=code, address="kim@example.org") for _ in range(2)]
    await house.work()

    assert {answer.text for answer in answers} == {answers[0].text}
    (mail,) = house.inbox.to("kim@example.org")
    (path,) = links_in(mail, "/brev/")
    page = await press(house, "/brev/bekrafta", secret=path.rsplit("/", 1)[1])
    assert "Tack. Du får ett mejl när något händer." in page.text


async def test_a_card_does_not_write_to_the_whole_town(house: MailHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    code = await code_of(await house.evening.phone())
    told = [await press(house, "/kort/mejl", code=code, address=f"granne{n}@example.org") for n in range(6)]
    assert [answer.status_code for answer in told] == [200] * 5 + [429]

    senders = {"now": ""}
    monkeypatch.setattr(sessions, "address", lambda _request: senders["now"])
    statuses = []
    for n in range(16):
        senders["now"] = f"192.0.2.{n}"
        statuses.append((await press(house, "/kort/mejl", code=code, address=f"by{n}@example.org")).status_code)
    assert statuses == [200] * 15 + [429]
    assert (await press(house, "/kort/mejl", code=code, address="kim")).status_code == 422


async def test_an_address_that_asked_for_nothing_hears_twice_in_a_week_and_is_then_gone(house: MailHouse) -> None:
    code = await code_of(await house.evening.phone())
    for _ in range(6):
        cards.forget_tries()
        await press(house, "/kort/mejl", code=code, address="granne@example.org")
        await house.work()
        house.evening.passes(days=1)
    assert len(house.inbox.to("granne@example.org")) == 2

    house.evening.passes(days=1.5)
    await _morning(house)
    assert await _addresses(house) == 0


async def test_addresses_nobody_confirmed_by_a_card_shut_nobody_out(
    house: MailHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_ADDRESSES", 2)
    code = await code_of(await house.evening.phone())
    for name in ("a", "b", "c"):
        await press(house, "/kort/mejl", code=code, address=f"{name}@example.org")
    await house.work()

    assert len(house.inbox.to("c@example.org")) == 1


# ---------------------------------------------------------------- what a shut card takes with it


async def test_a_shut_card_takes_with_it_what_was_got_by_it(house: MailHouse) -> None:
    phone = await house.evening.phone()
    code, task = await code_of(phone), await done(house, phone)
    secret = await _subscribed(house, code, "kim@example.org")
    await press(house, "/kort/mejl", code=code, address="bo@example.org")
    await house.work()
    (path,) = links_in(house.inbox.to("bo@example.org")[-1], "/brev/")
    house.inbox.mails.clear()

    await applied(house, "walk.make_card", house.evening.walk)

    assert (await house.get(f"/brev/{secret}")).status_code == 404
    assert (await press(house, "/brev/svar", secret=secret, task=str(task), seen="good")).status_code == 404
    assert (await press(house, "/brev/bekrafta", secret=path.rsplit("/", 1)[1])).status_code == 404
    await applied(house, "walk.message", house.evening.walk, text="Tack för att ni gick.")
    await house.work()
    await _morning(house)
    assert [mail for name in ("kim", "bo") for mail in house.inbox.to(f"{name}@example.org")] == []
    assert await _addresses(house) == 0
    assert (await house.read(task)).state is TaskState.DONE


async def test_by_mail_too_the_card_is_one_voice(house: MailHouse) -> None:
    phone = await house.evening.phone()
    code, task = await code_of(phone), await done(house, phone)
    secrets = [await _subscribed(house, code, f"kim+{n}@example.org") for n in range(3)]

    for secret in secrets:
        assert (await press(house, "/brev/svar", secret=secret, task=str(task), seen="no")).status_code == 200
    await press(house, "/kort/svar", code=code, task=str(task), seen="no")
    told = await house.read(task)

    assert len(told.confirmations) == 1
    assert [event.by for event in told.history if event.type == "task.confirm"] == ["Någon med vandringens kort"]


async def test_asked_for_on_a_phone_as_well_it_no_longer_goes_with_the_card(house: MailHouse) -> None:
    phone = await house.evening.phone()
    secret = await _subscribed(house, await code_of(phone), "kim@example.org")
    await house.evening.http.post("/api/subscriptions", json={"address": "kim@example.org"}, headers=phone.headers)

    await applied(house, "walk.shut_card", house.evening.walk)

    assert (await house.get(f"/brev/{secret}")).status_code == 200


async def _subscribed(house: MailHouse, code: str, address: str) -> str:
    assert (await press(house, "/kort/mejl", code=code, address=address)).status_code == 200
    await house.work()
    (path,) = links_in(house.inbox.to(address)[-1], "/brev/")
    secret = path.rsplit("/", 1)[1]
    assert "Tack." in (await press(house, "/brev/bekrafta", secret=secret)).text
    return secret


async def _morning(house: MailHouse) -> None:
    await daily.plan(house.evening.app.state.runner._context)
    house.evening.times["now"] = daily.next_time(house.evening.now).astimezone(UTC)
    await house.work(Lane.DAILY)
    await house.work()


async def _addresses(house: MailHouse) -> int:
    async with house.evening.store.read() as db:
        return len((await db.execute(select(subscriptions))).all())
