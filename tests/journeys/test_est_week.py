"""The weekly EST meeting, from one screen: forty reports, the sign-off, decisions that become work, and the export."""

import asyncio
import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.domain.test_est_picture import a_walk, seen
from tests.journeys.house import DESK, Server
from tests.journeys.work import sign_in
from trygghetsvandring.demo.seed import MUNICIPALITY
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.times import STOCKHOLM
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.domain.weeks import Week, week_at
from trygghetsvandring.storage import records
from trygghetsvandring.storage.unit import Store

pytestmark = pytest.mark.journey
AXE = Path(__file__).parents[2] / "pwa" / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = """() => axe.run(document).then(({ violations }) => violations
    .filter((one) => one.impact === "serious" || one.impact === "critical").map((one) => one.id))"""
# What stands in the cells of a table, row by row: its heading, and each cell's number, – or nothing.
CELLS = """(table) => [...table.querySelectorAll("tbody tr")].map((row) => [
    row.querySelector("th").firstChild.textContent.trim(),
    ...[...row.querySelectorAll("td")].map((cell) => cell.innerText.trim().split(/\\s/)[0]),
])"""
CODES = ("bel.trasig", "ljud.musik", "motor", "skrap", "bel.bra", "klotter")


@pytest.fixture(scope="module")
def week() -> Week:
    """One that is over, and that the demo has nothing in."""
    return week_at(datetime.now(UTC)).after(-4)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, week: Week) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("est")
    it = Server(data=data, database_url=f"sqlite+aiosqlite:///{data / 'trygg.sqlite'}", smtp_url="")
    it.start()
    try:
        asyncio.run(thirty_six_findings(it.database_url, week))
        yield it
    finally:
        it.stop()


async def thirty_six_findings(database_url: str, week: Week) -> None:
    """Of two walks, on Friday over midnight and on Saturday, sorted as a coordinator would have."""
    store, made = Store(database_url), list[Walk | Observation]()
    for day, place, count in ((4, "nya-stadens-torg", 24), (5, "parken", 12)):
        starts = datetime.combine(week.evenings[day], time(21, 30), STOCKHOLM)
        walk = a_walk(starts, hours=4, place=place)
        made.append(walk)
        for n in range(count):
            at = starts + timedelta(minutes=9 * n)
            one = seen(walk, at, CODES[n % len(CODES)])
            made.append(replace(one, number=f"LK-{500 + len(made)}", received_at=at.astimezone(UTC), photos=()))
    async with store.write() as db:
        await records.save(db, MUNICIPALITY, made, datetime.now(UTC))
    await store.close()


def test_one_week_of_forty_reports_is_run_from_one_screen_and_its_export_says_the_same(
    office: Server, week: Week, browser: Browser
) -> None:
    desk = browser.new_context(viewport={"width": DESK["width"], "height": DESK["height"]}).new_page()
    sign_in(desk, office.url, "samordnare@lidkoping")
    desk.goto(f"{office.url}/desk/veckan?v={week}")
    expect(desk.get_by_text("36 händelser")).to_be_visible()

    desk.get_by_text("Skriv in ett tal").click()
    desk.get_by_label("Vem har räknat?").select_option("polisen")
    desk.get_by_label("Vem berättade?").fill("Kommunpolis")
    desk.get_by_label("Vad räknades?").select_option("motor")
    desk.get_by_label("Hur många händelser?").fill("4")
    counts = desk.get_by_role("region", name="Parternas tal")
    counts.get_by_label("Plats").select_option("stadstradgarden")
    counts.get_by_label("Kväll").select_option(week.evenings[2].isoformat())
    counts.get_by_label("Tid").select_option("22")
    desk.get_by_role("button", name="Spara talet").click()
    expect(desk.get_by_text("40 händelser")).to_be_visible()

    desk.get_by_role("button", name="Börja granska").click()
    desk.get_by_role("button", name="Sammanställ veckan").click()
    expect(desk.get_by_text("40 händelser.")).to_be_visible()  # in the sign-off
    _decide(desk, "Byt lamporna vid torget", "gata-park", ("LK-501", "LK-507"))
    expect(desk.get_by_role("link", name="Åtgärd Å-")).to_be_visible()
    _decide(desk, "Åk förbi parken på lördag", "polisen", ())
    expect(desk.get_by_text("Åk förbi parken på lördag")).to_be_visible()
    expect(desk.get_by_text("Talen har ändrats sedan dess.")).to_have_count(0)

    desk.get_by_text("Lägg till en plats").click()
    places = desk.get_by_role("region", name="Platser nästa vecka")
    places.get_by_label("Plats").select_option("parken")
    places.get_by_label("Vem går dit?").select_option("nattvandrarna")
    places.get_by_role("button", name="Lägg till").click()
    expect(places.get_by_text("Parken i Margretelund", exact=True).first).to_be_visible()
    desk.get_by_text("Skriv in mötet").click()
    desk.get_by_label("Vilka var med?").fill("Kommunpolis\nBovärd")
    desk.get_by_role("button", name="Spara mötet").click()
    expect(desk.get_by_text("Med: Kommunpolis, Bovärd.")).to_be_visible()

    _is_the_same(desk, _exported(desk), week)
    desk.evaluate(AXE.read_text())
    assert desk.evaluate(SERIOUS) == []

    unit = browser.new_context(viewport={"width": DESK["width"], "height": DESK["height"]}).new_page()
    sign_in(unit, office.url, "handlaggare@lidkoping")
    expect(unit.get_by_role("link", name="Byt lamporna vid torget")).to_be_visible()
    unit.goto(f"{office.url}/desk/veckan")
    expect(unit.get_by_role("heading", name="Det här kan du inte se").first).to_be_attached()


def _decide(desk: Page, text: str, owner: str, findings: tuple[str, ...]) -> None:
    decisions = desk.get_by_role("region", name="Beslut")
    if not decisions.get_by_label("Vad ska göras?").is_visible():
        decisions.get_by_text("Nytt beslut").click()
    decisions.get_by_label("Vad ska göras?").fill(text)
    decisions.get_by_label("Vem ansvarar?").select_option(owner)
    for number in findings:
        decisions.get_by_label(number).check()
    decisions.get_by_role("button", name="Spara som åtgärd" if findings else "Spara beslutet").click()
    expect(decisions.get_by_text(text)).to_be_visible()


def _exported(desk: Page) -> list[dict[str, str]]:
    with desk.expect_download() as waiting:
        desk.get_by_role("link", name="Till EST-verktyget (CSV)").click()
    with waiting.value.path().open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def _is_the_same(desk: Page, lines: list[dict[str, str]], week: Week) -> None:
    """Every cell of both tables, from the lines alone; and – exactly where nobody was out and nothing was told."""
    assert len(lines) == 37
    days = {day.isoformat(): n for n, day in enumerate(week.evenings, start=1)}
    by_place, by_hour = Counter[tuple[str, int]](), Counter[tuple[int, str]]()
    for line in lines:
        n, day = int(line["antal"]), days[line["datum"]]
        by_place[line["plats"], day] += n
        by_place[line["omrade"], day] += n
        by_hour[day, line["tid"]] += n
    shown = desk.get_by_role("region", name="Plats och kväll").locator("table").first.evaluate(CELLS)
    told = {(row[0], n): int(cell) for row in shown for n, cell in enumerate(row[1:8], start=1) if cell not in "–0"}
    assert told == dict(by_place)
    assert {row[0]: row[8] for row in shown}["Lidköping"] == "40"
    out = {4 + 1, 5 + 1}
    assert {n for row in shown if row[0] == "Lidköping" for n, cell in enumerate(row[1:8], start=1) if cell == "–"} == (
        set(range(1, 8)) - out - {3}
    )
    table = desk.get_by_role("region", name="Kväll och timme").locator("table").first
    blocks = table.locator("thead th").all_inner_texts()[1:]
    hours = {
        (day, block): int(cell)
        for day, row in enumerate(table.evaluate(CELLS), start=1)
        for block, cell in zip(blocks, row[1:], strict=True)
        if cell not in "–0"
    }
    assert hours == dict(by_hour)
