"""Four numbers a week through a real mail server: asked for by link, told once, corrected with history."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from tests.jobs.test_report_backs import done, mornings
from tests.makers import COORDINATOR, LIDKOPING, an_evening
from tests.web.mail_houses import MailHouse, a_mail_house, forms_in, links_in, text_of
from trygghetsvandring.domain.ids import trade_id, uuid7

SHOP, SHOPS_MAIL = "butik-torget", "kassan@torget.example"
ASKED = "Hur många brott anmälde ni vecka 47?"


@pytest_asyncio.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[MailHouse]:
    async with an_evening(database, tmp_path) as evening, a_mail_house(evening) as it:
        yield it


async def a_card(house: MailHouse, party: str = SHOP, mail: str = SHOPS_MAIL) -> UUID:
    id = trade_id(LIDKOPING, "card", party)
    contact = {"function": "Butikschef", "phone": "031-390 06 01", "mail": mail, "hours": "7 till 22"}
    await done(house, "trade.card", id, {"party": party, **contact})
    return id


async def seen_by(house: MailHouse, role: str, organisation: str) -> Any:
    headers = await house.signed_in(await house.user(role, organisation, f"{role}-{uuid7()}@lk.example"))
    answer = await house.evening.http.get("/api/trade", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def numbers_of(view: Any, week: str) -> Any:
    (shop,) = [it for it in view["shops"] if it["id"] == SHOP]
    return shop["weeks"][view["weeks"].index(week)]


async def told(house: MailHouse, path: str, **fields: str) -> Any:
    return await house.evening.http.post("/butik/svar", data=week_form(await house.get(path)) | fields)


def week_form(page: Any) -> dict[str, str]:
    """The hidden fields of the first form: the week that has just ended."""
    return forms_in(type(page)(200, text=page.text.split("</form>")[0] + "</form>"))["week"]


async def test_a_shop_is_asked_by_link_tells_four_numbers_and_the_group_reads_them(house: MailHouse) -> None:
    await a_card(house)
    assert await mornings(house, "2026-11-23") == [("11-23", SHOPS_MAIL, ASKED)]
    (path,) = links_in(house.inbox.to(SHOPS_MAIL)[0], "/butik/")
    assert await mornings(house, "2026-11-26") == [("11-26", SHOPS_MAIL, ASKED)]
    assert links_in(house.inbox.to(SHOPS_MAIL)[0], "/butik/") == [path]

    await house.get(path)  # by a mail scanner
    first = await told(house, path, **{"n-stold": "7", "n-hot": "0", "n-skada": ""})
    assert "Tack. Era tal är sparade." in first.text
    assert "Rätta talen" in first.text

    view = await seen_by(house, "police", "polisen")
    it = numbers_of(view, "2026-W47")
    assert it["numbers"] == {"stold": 7, "hot": 0, "skada": None, "bedrageri": None}
    assert (it["told"][0]["by_link"], it["told"][0]["told_by"]) == (True, "Butiken vid torget, genom länk")
    assert numbers_of(view, "2026-W46")["numbers"] == {}
    assert await mornings(house, "2026-11-27") == []


async def test_a_correction_keeps_what_was_said_and_a_form_is_taken_once(house: MailHouse) -> None:
    await a_card(house)
    await mornings(house, "2026-11-23")
    (path,) = links_in(house.inbox.to(SHOPS_MAIL)[0], "/butik/")
    fields = week_form(await house.get(path)) | {"n-stold": "7"}
    await house.evening.http.post("/butik/svar", data=fields)
    again = await house.evening.http.post("/butik/svar", data=fields)
    assert "Vi har redan fått det svaret" in again.text
    assert (await told(house, path, **{"n-stold": "9"})).status_code == 200

    it = numbers_of(await seen_by(house, "shop", SHOP), "2026-W47")
    assert [one["numbers"]["stold"] for one in it["told"]] == [9, 7]


@pytest.mark.parametrize("typed", ["1000", "-1", "7 st", ""])
async def test_what_is_no_number_is_refused_and_stands_in_its_field(house: MailHouse, typed: str) -> None:
    await a_card(house)
    await mornings(house, "2026-11-23")
    (path,) = links_in(house.inbox.to(SHOPS_MAIL)[0], "/butik/")
    refused = await told(house, path, **{"n-stold": typed})
    assert refused.status_code == 422
    assert f'value="{typed}"' in refused.text
    assert numbers_of(await seen_by(house, "shop", SHOP), "2026-W47")["told"] == []


async def test_a_form_of_one_week_tells_of_no_other(house: MailHouse) -> None:
    await a_card(house)
    await mornings(house, "2026-11-23")
    (path,) = links_in(house.inbox.to(SHOPS_MAIL)[0], "/butik/")
    assert (await told(house, path, **{"week": "2026-W40", "n-stold": "1"})).status_code == 422


async def test_a_card_is_confirmed_by_link_when_its_quarter_is_out(house: MailHouse) -> None:
    card = await a_card(house, "polisen", "polisen@lk.example")
    assert await mornings(house, "2027-02-18") == []
    asked = [("02-19", "polisen@lk.example", "Stämmer ert kontaktkort?")]
    assert await mornings(house, "2027-02-26") == asked
    house.inbox.mails.clear()
    link = uuid7()
    await done(house, "trade.link", card, {"link": link})
    await house.work()
    (mail,) = house.inbox.to("polisen@lk.example")
    (path,) = links_in(mail, "/butik/")
    assert "kontaktkort" in text_of(mail)
    page = await house.get(path)
    assert "Hur många brott" not in page.text
    thanks = await house.evening.http.post("/butik/svar", data=forms_in(page)["card"])
    assert "Tack. Kortet är bekräftat." in thanks.text

    (seen,) = (await seen_by(house, "shop", SHOP))["cards"]
    assert (seen["confirmed_on"], seen["is_due"]) == ("2027-02-26", False)
    await done(house, "trade.unlink", card, {"link": link})
    assert (await house.get(path)).status_code == 410


async def test_another_shops_form_and_link_tell_nothing(house: MailHouse) -> None:
    await a_card(house)
    await a_card(house, "polisen", "polisen@lk.example")
    link = uuid7()
    await done(house, "trade.link", trade_id(LIDKOPING, "card", "polisen"), {"link": link})
    await house.work()
    (other,) = links_in(house.inbox.to("polisen@lk.example")[0], "/butik/")
    await mornings(house, "2026-11-23")
    (shops,) = links_in(house.inbox.to(SHOPS_MAIL)[0], "/butik/")
    stolen = week_form(await house.get(shops)) | {"secret": other.rsplit("/", 1)[1], "n-stold": "5"}
    assert (await house.evening.http.post("/butik/svar", data=stolen)).status_code == 422
    assert numbers_of(await seen_by(house, "shop", SHOP), "2026-W47")["told"] == []


async def test_the_group_reads_the_routine_and_takes_its_cards_along(house: MailHouse) -> None:
    await a_card(house)
    id = trade_id(LIDKOPING, "routine")
    for words, day in (("Larma på samma sätt.", "2026-11-01"), ("Ring varandra först.", "2027-01-01")):
        body = {"text": words, "decided_by": "Trygghetsgruppen", "valid_from": day}
        await done(house, "trade.routine", id, body, COORDINATOR)
    headers = await house.signed_in(await house.user("shop", SHOP, "butik@lk.example"))
    view = (await house.evening.http.get("/api/trade", headers=headers)).json()
    assert view["routine"]["now"]["text"] == "Larma på samma sätt."
    assert [it["text"] for it in view["routine"]["texts"]] == ["Ring varandra först.", "Larma på samma sätt."]
    cards = await house.evening.http.get("/api/trade/contacts.vcf", headers=headers)
    assert "FN:Butiken vid torget\\, Butikschef\r\n" in cards.text
    assert "TEL;VALUE=text:031-390 06 01\r\n" in cards.text
