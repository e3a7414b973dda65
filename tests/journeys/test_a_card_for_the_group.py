"""One person writes for the group; the others take a card home and read what became of it, without an account."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.journeys.house import DESK, PHONE, Chromium, Server
from tests.journeys.staff import Desk
from tests.journeys.volunteer import Volunteer
from tests.quality.world import desk
from trygghetsvandring.demo import seed
from trygghetsvandring.domain.ids import uuid7

pytestmark = pytest.mark.journey

WALK = "Hamnen, en antecknar"


def test_those_who_walked_with_one_recorder_see_what_became_of_it(
    server: Server, playwright: Playwright, browser: Browser, tmp_path: Path
) -> None:
    walk, link = _planned(server)
    phone = Chromium(playwright, tmp_path / "recorder")
    try:
        code = _recorded_and_shown_without_a_network(server, phone, link)
    finally:
        phone.kill()
    assert phone.faults == []
    task = _mended(server, walk)

    home = _typed(browser, server, code.lower())
    expect(home.get_by_text("Åtgärdat enligt Gata och park")).to_be_visible()
    expect(home.get_by_text("Vi har bytt lampan.")).to_be_visible()
    assert "Lampan vid kajen" not in home.content()  # what the recorder wrote
    home.get_by_text("Nej", exact=True).click()
    home.get_by_role("button", name="Svara").click()
    expect(home.get_by_role("status")).to_have_text("Tack. Ditt svar är sparat.")
    home.context.close()

    office = _office(browser, server)
    office.page.goto(f"{server.url}/desk/atgarder/{task}")
    office.sees("Någon såg att det inte är åtgärdat")
    office.sees(re.compile("Någon med vandringens kort"))
    office.page.goto(f"{server.url}/desk/vandringar/{walk}")
    office.heading("Kort till dem som gick")
    office.sees(code)
    with office.page.expect_popup() as printed:
        office.link("Skriv ut åtta kort").click()
    expect(printed.value.get_by_text(code)).to_have_count(8)
    office.page.get_by_text("Stäng eller byt kortet").click()
    office.press("Byt till ett nytt")
    expect(office.page.get_by_text(code)).to_have_count(0)
    newer = office.page.locator(".handout dd b").inner_text()

    _the_qr_types_it_and_no_address_keeps_it(browser, server, newer)
    old = _typed(browser, server, code)
    expect(old.get_by_role("alert")).to_have_text(re.compile("^Koden öppnar inget kort."))
    office.press("Stäng kortet")
    expect(office.page.get_by_text(newer)).to_have_count(0)
    expect(office.page.get_by_role("button", name="Gör ett kort")).to_be_visible()
    shut = _typed(browser, server, newer)
    expect(shut.get_by_role("alert")).to_have_text(re.compile("^Koden öppnar inget kort."))


def _planned(server: Server) -> tuple[str, str]:
    coordinator, walk = desk(server.url, "samordnare@lidkoping"), str(uuid7())
    starts = datetime.now(UTC)
    stop = {"id": str(uuid7()), "number": 1, "name": "Kajen vid bron", "place": None, "place_type": "gc-vag"}
    stop |= {"lat": 58.5052, "lon": 13.1578, "radius_m": 40, "template": "gc-vag"}
    body = {"name": WALK, "place": "Hamnen", "starts_at": starts.isoformat(), "leader": "Maria", "stops": [stop]}
    body |= {"ends_at": (starts + timedelta(hours=2)).isoformat(), "meeting_point": "Bron"}
    coordinator.does("walk.plan", walk, {**body, "recording": "one_recorder"})
    coordinator.does("walk.invite", walk, {"cap": 5})
    link: str = httpx.get(f"{server.url}/api/walks/{walk}/invite", headers=coordinator.headers).json()["link"]
    return walk, link


def _recorded_and_shown_without_a_network(server: Server, chromium: Chromium, link: str) -> str:
    phone = Volunteer(chromium.open(link, PHONE))
    phone.joins("Anna")
    phone.starts_walking()
    phone.press("Notera utan foto")
    phone.press(re.compile("^Ljus"))
    phone.press("Trasig belysning")
    phone.page.get_by_role("textbox").first.fill("Lampan vid kajen")
    server.stop()
    phone.goes_home()
    phone.press("Karta")
    phone.press("Till Lämna in")
    phone.press("Lämna in")
    phone.heading("Inlämnat. Tack!")
    phone.heading("Kort till alla som gick")
    qr = phone.page.get_by_alt_text("QR-kod till sidan som säger hur det går")
    expect(qr).to_be_visible()
    box = qr.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 200  # read across a table
    code = phone.page.get_by_text(re.compile(r"^\w{4}-\w{4}-\w{4}$")).inner_text()
    server.start()
    phone.hears_the_network()
    expect(phone.page.get_by_text("Allt är mottaget").first).to_be_visible()
    return code


def _mended(server: Server, walk: str) -> str:
    """Sorted, given out and said to be done by those whose desks have journeys of their own."""
    coordinator, handler = desk(server.url, "samordnare@lidkoping"), desk(server.url, "handlaggare@lidkoping")
    found = httpx.get(f"{server.url}/api/observations?walk={walk}", headers=coordinator.headers).json()
    (finding,) = found["observations"]
    task, due = str(uuid7()), (datetime.now(UTC) + timedelta(days=14)).date().isoformat()
    coordinator.does("observation.review", finding["id"], {"category": "bel.trasig", "severity": 2, "note": ""})
    coordinator.does("task.create", task, {"title": "Släckt lampa", "observations": [finding["id"]], "priority": 2})
    given = {"department": "gata-park", "explanation": "Belysning.", "due_on": due}
    coordinator.does("task.assign", task, given)
    handler.does("task.accept", task, {"person": "Laget"})
    handler.does("task.finish", task, {"extent": "full", "public_text": "Vi har bytt lampan.", "photos": []})
    return task


def _typed(browser: Browser, server: Server, code: str) -> Page:
    """On somebody's own telephone at home, with no script at all."""
    page = browser.new_context(
        java_script_enabled=False, viewport={"width": PHONE["width"], "height": PHONE["height"]}
    ).new_page()
    page.goto(f"{server.url}/kort")
    page.get_by_label("Koden på kortet").fill(code)
    page.get_by_role("button", name="Visa").click()
    assert page.url == f"{server.url}/kort"
    return page


def _the_qr_types_it_and_no_address_keeps_it(browser: Browser, server: Server, code: str) -> None:
    page = browser.new_context(viewport={"width": PHONE["width"], "height": PHONE["height"]}).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url + str(request.headers.get("referer", ""))))
    page.goto(f"{server.url}/kort#{code}")
    expect(page.get_by_text(re.compile(f"^Det här såg ni: {WALK}"))).to_be_visible()
    assert page.url == f"{server.url}/kort"
    assert not [each for each in asked[1:] if code in each]


def _office(browser: Browser, server: Server) -> Desk:
    page = browser.new_page(viewport={"width": DESK["width"], "height": DESK["height"]})
    page.goto(f"{server.url}/desk/")
    it = Desk(page)
    it.signs_in("samordnare@lidkoping", seed.PASSWORD)
    return it
