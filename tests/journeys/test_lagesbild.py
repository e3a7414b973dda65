"""The lägesbild of four weeks: counted, written in, signed by both, shown to everybody, and read without a script."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.domain.test_est_picture import a_walk, seen
from tests.journeys.house import DESK, PHONE, Server
from tests.journeys.work import sign_in
from trygghetsvandring.demo.seed import MUNICIPALITY
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.periods import Period
from trygghetsvandring.domain.times import STOCKHOLM
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.storage import records
from trygghetsvandring.storage.unit import Store

pytestmark = pytest.mark.journey
AXE = Path(__file__).parents[2] / "pwa" / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = """() => axe.run(document).then(({ violations }) => violations
    .filter((one) => one.impact === "serious" || one.impact === "critical").map((one) => one.id))"""
JANUARY = Period(date(2025, 1, 6), date(2025, 2, 2))
ASKED = f"/desk/lagesbild?fran={JANUARY.first}&till={JANUARY.last}"
CODES = ("motor", "ljud.musik", "bel.trasig", "motor")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("lagesbild")
    it = Server(data=data, database_url=f"sqlite+aiosqlite:///{data / 'trygg.sqlite'}", smtp_url="")
    it.start()
    try:
        asyncio.run(four_fridays(it.database_url))
        yield it
    finally:
        it.stop()


async def four_fridays(database_url: str) -> None:
    """Two walks in the period with eight findings, and one the year before with four, all sorted."""
    store, made = Store(database_url), list[Walk | Observation]()
    for first, weeks in ((JANUARY.first, (0, 2)), (JANUARY.year_before.first, (1,))):
        for week in weeks:
            starts = datetime.combine(first + timedelta(days=4 + 7 * week), time(20), STOCKHOLM)
            walk = a_walk(starts)
            made.append(walk)
            for n, code in enumerate(CODES):
                one = seen(walk, starts + timedelta(minutes=9 * n), code)
                made.append(replace(one, number=f"LK-{700 + len(made)}", received_at=starts.astimezone(UTC)))
    async with store.write() as db:
        await records.save(db, MUNICIPALITY, made, datetime.now(UTC))
    await store.close()


def test_a_lagesbild_is_made_signed_by_both_parties_shown_and_read_by_everybody(
    office: Server, browser: Browser
) -> None:
    desk = browser.new_context(viewport={"width": DESK["width"], "height": DESK["height"]}).new_page()
    sign_in(desk, office.url, "samordnare@lidkoping")
    desk.goto(office.url + ASKED)
    order = desk.get_by_role("region", name="Ordningsstörning", exact=True)
    expect(order.get_by_text("6 händelser")).to_be_visible()
    for heading in ("Otrygghet", "Brott", "Ordningsstörning", "Utveckling av samverkan"):
        expect(desk.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    crime = desk.get_by_role("region", name="Brott", exact=True)
    expect(crime.get_by_text("Uppgift saknas.")).to_be_visible()
    _says_the_same_in_the_chart_and_in_the_table(desk)
    alike = order.get_by_role("row").filter(has_text="Mörkt 20–22")
    expect(alike).to_contain_text("3,0")  # six on two evenings
    expect(alike).to_contain_text("3 på 1 kväll")  # the year before

    desk.get_by_label("Om samverkan").fill("Fler föreningar går med oss.")
    desk.get_by_label("Det Polisen berättar").fill("Färre anmälda skadegörelser.")
    desk.get_by_label("Källa", exact=True).fill("Polisens statistik")
    desk.get_by_label("Vem berättade?").fill("Kommunpolis")
    desk.get_by_label("Trygghet i Lidköpings tätorter: Exempel på åtgärdsplan").check()
    desk.get_by_role("button", name="Spara texten").click()
    expect(crime.get_by_text("Källa: Polisens statistik. Kommunpolis,")).to_be_visible()

    desk.get_by_text("Skriv under", exact=True).click()
    signing = desk.get_by_role("region", name="Utgåvor")
    signing.get_by_label("Ditt namn").fill("Kim Prov")
    signing.get_by_label("Vem skriver under för Polisen?").fill("Kommunpolis")
    signing.get_by_role("button", name="Skriv under för båda").click()
    expect(signing.get_by_text("Utgåva 1")).to_be_visible()
    expect(signing.get_by_text("Polisen: Kommunpolis,")).to_be_visible()

    showing = desk.get_by_role("region", name="Visa för alla")
    showing.get_by_text("Se exakt vad som visas").click()
    expect(showing.get_by_text("Fler föreningar går med oss.")).to_be_visible()
    previewed = showing.locator(".lage-preview td").all_inner_texts()
    showing.get_by_label("Ditt namn").fill("Kim Prov")
    showing.get_by_role("button", name="Visa för alla").click()
    expect(showing.get_by_text("Utgåva 1 visas sedan")).to_be_visible()
    desk.evaluate(AXE.read_text())
    assert desk.evaluate(SERIOUS) == []

    phone = browser.new_context(
        viewport={"width": PHONE["width"], "height": PHONE["height"]}, java_script_enabled=False
    )
    resident = phone.new_page()
    resident.goto(f"{office.url}/folj/{MUNICIPALITY}/lagesbild")
    resident.get_by_role("link", name="6 januari 2025 till 2 februari 2025").click()
    expect(resident.get_by_text("Färre anmälda skadegörelser.")).to_be_visible()
    expect(resident.get_by_text("Sidansvarig: Trygghetssamordnare")).to_be_visible()
    assert resident.locator("td").all_inner_texts() == previewed
    assert "6 (2)" in previewed  # six on Friday evenings, on which somebody was out twice
    body = resident.locator("main").inner_text()
    assert "Nya Stadens torg" not in body
    assert "Kim Prov" not in body

    desk.goto(f"{office.url}/desk/planer")
    expect(desk.get_by_role("link", name=re.compile("Bygger på lägesbilden 6 januari"))).to_be_visible()


def _says_the_same_in_the_chart_and_in_the_table(desk: Page) -> None:
    order = desk.get_by_role("region", name="Ordningsstörning", exact=True)
    drawn = order.get_by_role("img").get_attribute("aria-label") or ""
    row = order.get_by_role("row").filter(has=desk.get_by_role("rowheader", name="Nya Stadens torg")).first
    assert "Nya Stadens torg: 6" in drawn
    assert row.get_by_role("cell").all_inner_texts() == ["6", "2", "3,0"]


def test_who_wrote_while_another_saved_keeps_their_text_and_is_told(office: Server, browser: Browser) -> None:
    mine, theirs = browser.new_context().new_page(), browser.new_context().new_page()
    for page in (mine, theirs):
        sign_in(page, office.url, "samordnare@lidkoping")
        page.goto(f"{office.url}/desk/lagesbild?fran=2025-03-03&till=2025-03-30")
        expect(page.get_by_label("Om samverkan")).to_be_visible()
    mine.get_by_label("Om samverkan").fill("Min text.")
    theirs.get_by_label("Om samverkan").fill("Deras text.")
    theirs.get_by_role("button", name="Spara texten").click()
    expect(theirs.get_by_role("region", name="Utveckling av samverkan")).to_contain_text("Deras text.")

    mine.get_by_role("button", name="Spara texten").click()
    expect(mine.get_by_text("Någon annan har sparat en nyare text.")).to_be_visible()
    expect(mine.get_by_role("region", name="Utveckling av samverkan")).to_contain_text("Deras text.")
    expect(mine.get_by_label("Om samverkan")).to_have_value("Min text.")

    mine.get_by_role("button", name="Jag har läst den").click()
    mine.get_by_role("button", name="Spara texten").click()
    expect(mine.get_by_role("region", name="Utveckling av samverkan")).to_contain_text("Min text.")
