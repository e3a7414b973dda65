"""A party has told: the coordinator writes it down, reads what everybody would read, and a resident reads just that."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.house import DESK, PHONE, Server
from tests.journeys.work import sign_in

pytestmark = pytest.mark.journey
AXE = Path(__file__).parents[2] / "pwa" / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = """() => axe.run(document).then(({ violations }) => violations
    .filter((one) => one.impact === "serious" || one.impact === "critical").map((one) => one.id))"""


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("folj")
    it = Server(data=data, database_url=f"sqlite+aiosqlite:///{data / 'trygg.sqlite'}", smtp_url="")
    it.start()
    try:
        yield it
    finally:
        it.stop()


def test_what_a_party_told_is_read_by_a_resident_without_a_script(followed: Server, browser: Browser) -> None:
    desk = browser.new_context(viewport={"width": DESK["width"], "height": DESK["height"]}).new_page()
    sign_in(desk, followed.url, "samordnare@lidkoping")
    desk.goto(f"{followed.url}/desk/loften")
    desk.get_by_role("link", name="Besök i skolan").click()
    expect(desk.get_by_text("Redovisas senast")).to_be_visible()
    desk.get_by_text("Skriv in vad en part berättar").click()
    desk.get_by_label("Vem berättar?").fill("Kommunpolis")
    desk.get_by_role("radio", name="Gjort").check(force=True)
    desk.get_by_label("Vad är gjort?").fill("Besök i årskurs 7 båda åren.")
    desk.get_by_label("Ett tal").fill("12")
    desk.get_by_role("radio", name="Nej, annat än människor").check(force=True)
    desk.get_by_label("Av hur många?").fill("12")
    desk.get_by_label("Vad räknas?").fill("klasser")
    desk.get_by_label("Parten säger att det får visas").check()
    desk.get_by_role("button", name="Spara svaret").click()
    expect(desk.get_by_text("Sidan visar något äldre.")).to_be_visible()

    # Four hundred per cent of 1280 pixels, without a script: the page before anybody has stood for the new words.
    resident = browser.new_context(viewport={"width": 320, "height": 256}, java_script_enabled=False).new_page()
    resident.goto(f"{followed.url}/folj")
    promise = resident.get_by_role("article").filter(has_text="Att informera samtliga elever i årskurs 7")
    expect(promise).to_contain_text("Uppgift saknas.")

    desk.get_by_label("Ditt namn").fill("Anna Ek")
    desk.get_by_role("button", name="Visa för alla").click()
    expect(desk.get_by_text("Sidan visar det du läser här.")).to_be_visible()
    resident.reload()
    expect(promise).to_contain_text("Redovisat av Polisen,")
    expect(promise).to_contain_text("12 av 12 klasser.")
    expect(resident.get_by_text("Anna Ek")).to_have_count(0)
    resident.get_by_text("Så börjar texten").first.click()
    expect(resident.get_by_text("Medborgarlöftet har tagits fram i dialog")).to_be_visible()

    looked = browser.new_context(viewport={"width": PHONE["width"], "height": PHONE["height"]}).new_page()
    looked.goto(f"{followed.url}/folj")
    looked.evaluate(AXE.read_text())
    assert looked.evaluate(SERIOUS) == []
    looked.emulate_media(media="print")
    assert looked.evaluate("getComputedStyle(document.querySelector('summary')).display") == "none"
    assert looked.evaluate("document.documentElement.scrollWidth <= innerWidth")

    desk.get_by_role("button", name="Ta bort från sidan").click()
    expect(desk.get_by_text("Löftet är borta från sidan.")).to_be_visible()
    resident.reload()
    expect(promise).to_have_count(0)
