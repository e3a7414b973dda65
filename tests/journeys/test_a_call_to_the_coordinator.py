"""Somebody rings with a receipt's number: it is found, put right, given on within the unit, doubted and answered."""

import re

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.house import DESK, Server
from tests.journeys.staff import Desk
from tests.quality.world import desk, settle
from trygghetsvandring.demo import seed

pytestmark = pytest.mark.journey


def signed_in(browser: Browser, server: Server, login: str) -> Desk:
    page = browser.new_page(viewport={"width": DESK["width"], "height": DESK["height"]})
    page.goto(f"{server.url}/desk/")
    it = Desk(page)
    it.signs_in(login, seed.PASSWORD)
    return it


def test_what_happened_with_it_is_answered_within_the_call(server: Server, browser: Browser) -> None:
    world = settle(server.url)
    office = signed_in(browser, server, "samordnare@lidkoping")

    number = _number_of(server, world.finding)
    office.press("Inkommet")
    office.page.keyboard.press("/")
    office.page.keyboard.type(number.lower())
    expect(office.page.get_by_role("button", name=number)).to_have_count(1)
    office.press("Visa åtgärden")
    office.heading("Släckt lampa vid gångvägen")

    office.press("Ändra")
    office.field("Vad som ska göras").fill("Byt lampan vid gångvägen")
    office.page.get_by_text("Genast", exact=True).click()
    office.page.get_by_role("textbox", name="Varför ändrar du?").fill("Den lyser skolans ingång.")
    office.press("Spara ändringen")
    office.heading("Byt lampan vid gångvägen")
    office.sees(re.compile(r"Ny rubrik\. Genast, förut snart\..*Den lyser skolans ingång\."))  # and perhaps another day

    unit = signed_in(browser, server, "handlaggare@lidkoping")
    _opens(unit.page, office.page.url)
    unit.press("Ge till en annan")
    unit.field("Vem gör det?").select_option(label="Någon annan")
    unit.field("Vem? Ett lag eller en roll.").fill("Kvällslaget")
    unit.press("Spara ändringen")
    unit.sees("Kvällslaget, Gata och park")
    unit.page.close()


def test_a_no_from_the_place_comes_first_and_is_answered(server: Server, browser: Browser) -> None:
    settle(server.url)
    clerk, out = desk(server.url, "samordnare@lidkoping"), desk(server.url, "falt@lidkoping")
    (mended,) = httpx.get(f"{server.url}/api/tasks?state=done", headers=clerk.headers).json()["tasks"]
    out.does("task.confirm", mended["id"], {"seen": "no", "seen_on": None})
    office = signed_in(browser, server, "samordnare@lidkoping")

    office.press("Åtgärder")
    office.sees("Någon såg att det inte är åtgärdat")
    office.page.get_by_label("Status").first.select_option("doubted")
    office.press(mended["title"])
    office.press("Stå fast")
    said = office.page.get_by_role("textbox", name="Svar som alla kan läsa")
    said.fill("Vi var där i kväll. Den ena lampan lyser, den andra byts i maj.")
    office.press("Skicka svaret")

    expect(office.button("Stå fast")).to_have_count(0)
    office.sees("Samordnaren har svarat. Åtgärden står kvar.")
    expect(office.page.get_by_text("Någon såg att det inte är åtgärdat")).to_have_count(0)


def test_the_caller_means_a_task_that_lies_far_away_and_then_another(server: Server, browser: Browser) -> None:
    settle(server.url)
    office = signed_in(browser, server, "samordnare@lidkoping")

    office.press("Inkommet")
    office.press(re.compile("^Lägg till åtgärd"))
    office.field("Sök en åtgärd").fill("gångvägen")
    office.press(re.compile("^Å-1: Släckt lampa vid gångvägen"))
    office.sees("LK-4 hör nu till åtgärden.")

    office.press("Åtgärder")
    office.press("Släckt lampa vid gångvägen")
    behind = office.page.get_by_role("region", name="Bakom åtgärden").get_by_role("listitem")
    expect(behind).to_have_count(2)
    office.page.get_by_text("Ta bort ett fynd härifrån").click()
    office.field("Vilket fynd?").select_option(label="LK-4: Öppet elskåp.")
    office.press("Ta bort härifrån")
    expect(behind).to_have_count(1)


def _number_of(server: Server, finding: str) -> str:
    clerk = desk(server.url, "samordnare@lidkoping")
    found: str = httpx.get(f"{server.url}/api/observations/{finding}", headers=clerk.headers).json()["number"]
    return found


def _opens(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_load_state("networkidle")
