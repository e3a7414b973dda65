"""An evening where one person writes for all: what is counted is people, whatever phones they carry."""

import re

from playwright.sync_api import expect

from tests.journeys.evening import PLAN, TUNNEL, WALK, Evening
from tests.journeys.house import PHONE, Chromium
from tests.journeys.volunteer import Volunteer


def plans(evening: Evening) -> None:
    desk = evening.opens_desk("samordnare@lidkoping")
    desk.begins_a_plan({**PLAN, "Namn": WALK})
    for place in ("Nya Stadens torg", TUNNEL):
        desk.adds_stop(place)
    desk.page.get_by_text("En antecknar", exact=True).click()
    desk.sees("En skriver för alla.")
    evening.link = desk.makes_the_invitation(evening.server.url)
    desk.signs_out()


def records_for_six(evening: Evening) -> None:
    phone = Volunteer(evening.phone_browser.open(evening.link, PHONE))
    phone.joins("Anna")
    phone.starts_walking()
    phone.page.get_by_role("link", name=re.compile("^Nya Stadens torg")).click()
    phone.counts(6, {"Trygg": 2, "Varken eller": 1, "Otrygg": 3})
    phone.hands_in()


def walks_beside_the_recorder(evening: Evening) -> None:
    """Another phone on the same walk: it is asked no feeling, and hands in what it saw."""
    beside = Chromium(evening.phone_browser.playwright, evening.server.data / "beside")
    try:
        phone = Volunteer(beside.open(evening.link, PHONE))
        phone.joins("Bo")
        phone.starts_walking()
        phone.page.get_by_role("link", name=re.compile("^Nya Stadens torg")).click()
        phone.press("Någon annan")
        phone.sees("Visa sedan ditt svar för den som antecknar.")
        expect(phone.button(re.compile("^(Trygg|Varken eller|Otrygg)"))).to_have_count(0)
        phone.press("Vidare")
        phone.tap(phone.button("Nej").first)
        phone.sees(re.compile("^1 av "))
        phone.hands_in()
    finally:
        beside.kill()
    assert beside.faults == []


def sees_six_people_and_two_phones(evening: Evening) -> None:
    desk = evening.opens_desk("samordnare@lidkoping")
    desk.press("Vandringar")
    desk.link(WALK).click()
    desk.sees(re.compile("2 telefoner är med"))
    desk.sees("Alla telefoner har skickat klart")
    felt = desk.page.get_by_role("table").filter(has_text="Varken eller").get_by_role("row")
    expect(felt.nth(1).get_by_role("cell")).to_have_text(["2", "1", "3", "6"])
    expect(felt.nth(2).get_by_role("cell")).to_have_text(["–", "–", "–", "–"])  # nobody was asked there
    desk.page.get_by_text("1. Nya Stadens torg").last.click()
    asked = desk.page.get_by_role("table").last.get_by_role("row")
    expect(asked.nth(1).get_by_role("cell")).to_have_text(["0", "1", "0"])  # the other phone was heard
    desk.signs_out()
