"""Four numbers a week through a real mail server: asked for by link, told once, corrected with history."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
import pytest_asyncio

from tests.jobs.test_report_backs import done, mornings
from tests.makers import COORDINATOR, LIDKOPING, an_evening
from tests.web.mail_houses import MailHouse, a_mail_house, forms_in, links_in, text_of
from trygghetsvandring.domain.ids import trade_id, uuid7
from trygghetsvandring.domain.people import Principal, Role
from trygghetsvandring.jobs import daily
from trygghetsvandring.jobs.work import Lane

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


@pytest.mark.parametrize("typed", ["1000", "-1", "7 st"])
async def test_what_is_no_number_is_refused_and_stands_in_its_field(house: MailHouse, typed: str) -> None:
    await a_card(house)
    await mornings(house, "2026-11-23")
    (path,) = links_in(house.inbox.to(SHOPS_MAIL)[0], "/butik/")
    refused = await told(house, path, **{"n-stold": typed})
    assert refused.status_code == 422
    assert f'value="{typed}"' in refused.text
    assert (await told(house, path, **{"n-stold": ""})).status_code == 422
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

    (seen,) = (await seen_by(house, "police", "polisen"))["cards"]
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

    police = Principal(municipality=LIDKOPING, role=Role.ANSWERING_PARTY, organisation="polisen", function="Polisen")
    body = {"link": link, "form": "x", "seen": 0, "shop": SHOP, "week": "2026-W47", "numbers": {"stold": 5}}
    week = trade_id(LIDKOPING, "week", SHOP, "2026-W47")
    outcome = await house.evening.act("trade.answer", week, body, police)
    assert (outcome.outcome, outcome.code) == ("rejected", "not_allowed")


async def test_a_page_that_is_out_of_date_takes_no_numbers_away(house: MailHouse) -> None:
    await a_card(house)
    await mornings(house, "2026-11-23")
    (path,) = links_in(house.inbox.to(SHOPS_MAIL)[0], "/butik/")
    stale = week_form(await house.get(path))
    assert (await told(house, path, **{"n-stold": "9", "n-hot": "2"})).status_code == 200

    moved = await house.evening.http.post("/butik/svar", data=stale | {"n-stold": "4"})
    assert moved.status_code == 422
    assert "Uppgifterna har ändrats" in moved.text
    assert "Stöld 9" in moved.text
    assert 'value="4"' in moved.text
    assert numbers_of(await seen_by(house, "police", "polisen"), "2026-W47")["numbers"]["stold"] == 9
    forged = await house.evening.http.post("/butik/svar", data=stale | {"seen": "1", "n-stold": "4"})
    assert "Sidan var för gammal" in forged.text

    assert (await house.evening.http.post("/butik/svar", data=week_form(moved) | {"n-stold": "4"})).status_code == 200
    assert numbers_of(await seen_by(house, "police", "polisen"), "2026-W47")["numbers"]["stold"] == 4


async def test_a_card_that_has_changed_is_not_confirmed_unread(house: MailHouse) -> None:
    card = await a_card(house)
    await mornings(house, "2026-11-23")
    (path,) = links_in(house.inbox.to(SHOPS_MAIL)[0], "/butik/")
    stale = forms_in(await house.get(path))["card"]
    await changed(house, card, 1, phone="031-390 06 99")
    refused = await house.evening.http.post("/butik/svar", data=stale)
    assert refused.status_code == 422
    assert "031-390 06 99" in refused.text
    (seen,) = (await seen_by(house, "police", "polisen"))["cards"]
    assert seen["version"] == 2


async def changed(house: MailHouse, card: UUID, base: int | None, **changes: str) -> Any:
    contact = {"function": "Butikschef", "phone": "031-390 06 01", "mail": SHOPS_MAIL, "hours": ""} | changes
    about = {"id": uuid7(), "type": "trade.card", "entity": card, "at": house.evening.now, "base": base}
    raw = msgspec.json.encode(about | {"body": {"party": SHOP, **contact}})
    return (await house.evening.engine.take_in(COORDINATOR, [raw], house.evening.now))[0]


@pytest.mark.parametrize("how", ["address", "left", "revoked", "late"])
async def test_a_link_that_is_over_shows_and_takes_nothing(house: MailHouse, how: str) -> None:
    card = await a_card(house)
    link = uuid7()
    await done(house, "trade.link", card, {"link": link})
    await house.work()
    (path,) = links_in(house.inbox.to(SHOPS_MAIL)[0], "/butik/")
    fields = week_form(await house.get(path)) | {"n-stold": "7"}
    if how == "address":
        assert (await changed(house, card, 1, mail="ny@torget.example")).outcome == "applied"
    elif how == "left":
        await done(house, "trade.leave", card, {"reason": "Butiken har stängt."})
    elif how == "revoked":
        await done(house, "trade.unlink", card, {"link": link})
    else:
        house.evening.times["now"] += timedelta(days=90)

    assert (await house.get(path)).status_code == 410
    answer = await house.evening.http.post("/butik/svar", data=fields)
    assert answer.status_code == 410
    assert "Butikschef" not in answer.text
    shop = Principal(municipality=LIDKOPING, role=Role.ANSWERING_PARTY, organisation=SHOP, function="Butiken")
    body = {"link": link, "form": "x", "seen": 0, "shop": SHOP, "week": fields["week"], "numbers": {"stold": 5}}
    outcome = await house.evening.act("trade.answer", trade_id(LIDKOPING, "week", SHOP, fields["week"]), body, shop)
    assert (outcome.outcome, outcome.code) == ("rejected", "link_over")


async def test_a_letter_on_its_way_to_an_address_that_was_left_is_not_sent(house: MailHouse) -> None:
    card = await a_card(house)
    await done(house, "trade.link", card, {"link": uuid7()})
    await changed(house, card, 1, mail="ny@torget.example")
    await house.work()
    assert house.inbox.mails == []


async def test_a_letter_of_last_week_is_not_sent_in_the_next_one(house: MailHouse) -> None:
    await a_card(house)
    for _ in range(3):  # until Monday, and no letter has left yet
        await daily.plan(house.evening.app.state.runner._context)
        house.evening.times["now"] = daily.next_time(house.evening.now).astimezone(UTC)
        await house.work(Lane.DAILY)
    house.evening.times["now"] += timedelta(days=7)
    house.inbox.mails.clear()
    await house.work()
    assert house.inbox.mails == []


async def test_who_has_left_is_asked_nothing_and_stands_nowhere(house: MailHouse) -> None:
    card = await a_card(house)
    await a_card(house, "polisen", "polisen@lk.example")
    await done(house, "trade.leave", card, {"reason": "Butiken har stängt."})
    assert await mornings(house, "2026-11-27") == []
    shop = await seen_by(house, "shop", SHOP)
    assert (shop["is_member"], shop["cards"], shop["shops"], shop["shifts"]) == (False, [], [], [])
    mine = await seen_by(house, "coordinator", "samordning")
    assert [it["party"] for it in mine["cards"]] == ["polisen"]
    assert [it["reason"] for it in mine["left"][0]["left"]] == ["Butiken har stängt."]
    assert SHOPS_MAIL not in str(mine)
    again = {"function": "Butikschef", "phone": "031-390 06 01", "mail": SHOPS_MAIL, "hours": ""}
    own = Principal(municipality=LIDKOPING, role=Role.SHOP, organisation=SHOP, function="Butikschef")
    refused = await house.evening.act("trade.card", card, {"party": SHOP, **again}, own)
    assert (refused.outcome, refused.code) == ("rejected", "not_allowed")
    assert (await changed(house, card, 2)).outcome == "applied"


async def test_earlier_contacts_are_read_by_the_party_itself_only(house: MailHouse) -> None:
    card = await a_card(house)
    await changed(house, card, 1, phone="031-390 06 99")
    (others,) = (await seen_by(house, "police", "polisen"))["cards"]
    assert [it["phone"] for it in others["contacts"]] == ["031-390 06 99"]
    (own,) = (await seen_by(house, "shop", SHOP))["cards"]
    assert [it["phone"] for it in own["contacts"]] == ["031-390 06 99", "031-390 06 01"]


@pytest.mark.parametrize("base", [0, None])
async def test_a_second_new_card_for_one_party_takes_nothing_away(house: MailHouse, base: int | None) -> None:
    card = trade_id(LIDKOPING, "card", SHOP)
    assert (await changed(house, card, 0)).outcome == "applied"
    second = await changed(house, card, base, phone="031-390 06 99")
    assert (second.outcome, second.code) == ("rejected", "seen_has_moved")


async def test_a_reminder_goes_out_with_a_link_that_lasts_and_says_how_long(house: MailHouse) -> None:
    card = await a_card(house)
    await done(house, "trade.link", card, {"link": uuid7()})
    await house.work()
    old = links_in(house.inbox.to(SHOPS_MAIL)[0], "/butik/")
    house.evening.times["now"] = datetime(2027, 2, 8, 1, tzinfo=UTC)
    assert len(await mornings(house, "2027-02-08")) == 1
    (mail,) = house.inbox.to(SHOPS_MAIL)
    assert links_in(mail, "/butik/") != old
    assert "Länken gäller till 9 maj 2027" in text_of(mail)


async def test_the_53rd_week_is_told_by_link(house: MailHouse) -> None:
    await a_card(house)
    house.evening.times["now"] = datetime(2027, 1, 4, 1, tzinfo=UTC)
    await mornings(house, "2027-01-04")
    (path,) = links_in(house.inbox.to(SHOPS_MAIL)[0], "/butik/")
    assert "Tack. Era tal är sparade." in (await told(house, path, **{"n-stold": "3"})).text
    assert numbers_of(await seen_by(house, "police", "polisen"), "2026-W53")["numbers"]["stold"] == 3


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
