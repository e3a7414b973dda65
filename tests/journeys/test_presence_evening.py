"""A field team's evening: logged without a network, shared by the team, summed for the desk, hidden from the rest."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect, sync_playwright

from tests.journeys.presence_house import Phone, Server, a_server, row, signs_in, taps, taps_so_far
from trygghetsvandring.domain.times import evening_of

pytestmark = pytest.mark.journey

ROOT = Path(__file__).parents[2]
AXE = ROOT / "pwa" / "node_modules" / "axe-core" / "axe.min.js"
WAITING, RECEIVED = "Väntar på nät.", "Mottaget kl."
SOON = 90_000  # a phone that met a dead server waits before it tries again


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as it:
        yield it


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    assert (ROOT / "trygghetsvandring/static/falt/index.html").is_file(), "build the front end first: make build"
    data = tmp_path / "data"
    data.mkdir()
    with a_server(data) as it:
        yield it


def phone(playwright: Playwright, folder: Path, server: Server) -> Phone:
    return Phone(playwright, folder, server.url)


def logged(server: Server) -> list[tuple[str, int]]:
    """Every presence operation the server has decided, and how many versions of entries it keeps."""
    with sqlite3.connect(server.data / "trygg.sqlite") as db:
        done = db.execute(
            "SELECT type, count(*) FROM operations WHERE type LIKE 'presence.%' GROUP BY type ORDER BY type"
        )
        kept = db.execute("SELECT 'versions', count(*) FROM versions WHERE kind = 'presence'")
        return [*done.fetchall(), *kept.fetchall()]


def sums(server: Server) -> dict[str, dict[str, Any]]:
    tonight = evening_of(datetime.now(UTC)).isoformat()
    answer = server.get(f"/api/presence/sums?from={tonight}&to={tonight}", server.signed_in("samordnare@lidkoping"))
    assert answer.status_code == 200, answer.text
    return {found["area"]: found for found in answer.json()["rows"]}


def logs_somewhere(page: Page, area: str, *answers: str) -> None:
    page.get_by_role("link", name="Logga en plats").click()
    page.get_by_role("link", name="Annan plats").click()
    taps(page, f"Någonstans i {area}")
    for answer in answers:
        taps(page, answer)
    taps(page, "Spara")


def test_an_evening_logged_without_a_network_arrives_once_and_stays_behind_its_wall(
    playwright: Playwright, server: Server, tmp_path: Path
) -> None:
    first, mate = phone(playwright, tmp_path / "first", server), phone(playwright, tmp_path / "mate", server)

    # Signed in once, with a network.
    page = first.open()
    signs_in(page)
    page.get_by_role("link", name="Börja logga").click()
    expect(page.get_by_role("button", name="Nya Stadens torg", pressed=True)).to_be_visible()  # where they stand

    # Without one: six taps from the form to the saved entry, and nothing but the place chosen beforehand.
    server.stop()
    assert page.get_by_role("button", pressed=True).count() == 1
    before = taps_so_far(page)
    for answer in ("Nya Stadens torg", "6–15", "Livlig", "Tecken", "Samtal", "Spara"):
        taps(page, answer)
    assert taps_so_far(page) - before <= 6
    expect(page.get_by_text("Sparat på telefonen").nth(1)).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="Nya Stadens torg")).to_contain_text(WAITING)

    # Closed, and opened cold from the phone's own storage; with so few, one question less.
    first.close()
    page = first.open("/falt/kvallen")
    assert "6–15 personer. Livlig. Samtal." in row(page, "Nya Stadens torg")
    logs_somewhere(page, "Örslösa", "1–5", "Hotfull", "Fanns på plats")
    expect(page.get_by_text("2 platser i kväll").last).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="Någonstans i Örslösa")).to_contain_text(WAITING)

    # The network is back: it goes by itself, once.
    server.start()
    for place in ("Nya Stadens torg", "Någonstans i Örslösa"):
        expect(page.get_by_role("listitem").filter(has_text=place)).to_contain_text(RECEIVED, timeout=SOON)
    assert logged(server) == [("presence.log", 2), ("presence.pass", 1), ("versions", 2)]

    # The team mate sees the same list and corrects it; the first phone gets the version.
    theirs = mate.open()
    signs_in(theirs)
    theirs.goto(f"{server.url}/falt/kvallen")
    assert "Loggat i laget." in row(theirs, "Nya Stadens torg")
    theirs.get_by_role("link", name="Rätta").and_(theirs.locator("[aria-label*='Nya Stadens torg']")).click()
    taps(theirs, "16–30")
    taps(theirs, "Spara rättelsen")
    expect(theirs.get_by_role("listitem").filter(has_text="16–30 personer")).to_contain_text("Rättad.")
    expect(theirs.get_by_text("Mottaget").first).to_be_visible(timeout=SOON)
    page.reload()
    expect(page.get_by_role("listitem").filter(has_text="16–30 personer")).to_contain_text("Rättad.", timeout=SOON)
    assert logged(server) == [("presence.correct", 1), ("presence.log", 2), ("presence.pass", 1), ("versions", 3)]

    # The coordinator sees sums, and of so few only that somebody was there.
    seen = sums(server)
    assert (seen["Lidköping"]["people"], seen["Lidköping"]["moods"]) == ("16–30", {"lively": 1})
    assert (seen["Örslösa"]["people"], seen["Örslösa"]["moods"]) == ("färre än 5", None)
    assert (seen["Järpås"]["people"], seen["Järpås"]["passes"]) == ("–", 0)

    # Everybody else gets what one gets for a page that does not exist.
    for login in ("handlaggare@lidkoping", "arbetsledare@lidkoping", "butik@lidkoping"):
        headers = server.signed_in(login)
        for path in ("/api/presence/sums", "/api/presence/passes"):
            assert server.get(path, headers).status_code == 404
        feed = server.get("/sync/pull", headers)
        assert feed.status_code == 200 and '"presence"' not in feed.text and '"pass"' not in feed.text
    assert server.get("/api/presence/passes", server.signed_in("samordnare@lidkoping")).status_code == 404
    for it in (first, mate):
        it.close()
        assert it.faults == []


def test_two_taps_on_save_are_one_entry_and_what_is_missing_is_said(
    playwright: Playwright, server: Server, tmp_path: Path
) -> None:
    it = phone(playwright, tmp_path / "phone", server)
    page = it.open()
    signs_in(page)
    page.get_by_role("link", name="Börja logga").click()
    expect(page.get_by_role("button", name="Nya Stadens torg", pressed=True)).to_be_visible()

    taps(page, "Spara")
    expect(page.get_by_role("alert")).to_contain_text("Välj också hur många, stämning, vad ni gjorde.")
    taps(page, "1–5")
    expect(page.get_by_text("Alkohol eller droger på platsen?")).to_have_count(0)
    expect(page.get_by_role("status").filter(has_text="då frågar vi inte")).to_be_visible()
    for answer in ("Lugn", "Gav stöd"):
        taps(page, answer)
    page.evaluate(
        """() => {
          const save = [...document.querySelectorAll("button")].find((it) => it.textContent === "Spara");
          save.click();
          save.click();
        }"""
    )

    expect(page.get_by_role("listitem")).to_contain_text(RECEIVED, timeout=SOON)
    assert logged(server) == [("presence.log", 1), ("presence.pass", 1), ("versions", 1)]
    it.close()
    assert it.faults == []


def test_the_door_says_in_words_why_it_stays_shut(playwright: Playwright, server: Server, tmp_path: Path) -> None:
    it = phone(playwright, tmp_path / "phone", server)
    page = it.open()

    def tries(login: str, password: str) -> None:
        page.get_by_label("Inloggningsnamn").fill(login)
        page.get_by_label("Lösenord").fill(password)
        page.get_by_role("button", name="Logga in").click()

    tries("falt@lidkoping", "fel")
    expect(page.get_by_text("Fel namn eller lösenord.").first).to_be_visible()
    tries("handlaggare@lidkoping", "lykta-i-natten")
    expect(page.get_by_text("hör inte till fältgruppen").first).to_be_visible()
    for _ in range(10):
        tries("falt@lidkoping", "fel igen")
        expect(page.get_by_role("button", name="Logga in")).to_be_visible()
    expect(page.get_by_text("För många försök.").first).to_be_visible()
    server.stop()
    tries("falt@lidkoping", "lykta-i-natten")
    expect(page.get_by_text("Ingen kontakt med servern.").first).to_be_visible()
    assert it.context is not None and it.context.cookies() == []
    it.close()
    assert it.faults == []


def test_the_log_can_be_read_and_pressed_by_everybody_in_all_three_lights(
    playwright: Playwright, server: Server, tmp_path: Path
) -> None:
    it = phone(playwright, tmp_path / "phone", server)
    page = it.open()
    signs_in(page)
    page.get_by_role("link", name="Börja logga").click()
    for answer in ("6–15", "Lugn", "Nej", "Samtal"):
        taps(page, answer)
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), "the entry fits on one page"
    taps(page, "Mer")
    for theme in ("dark", "red", "day"):
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme }", theme)
        assert faults_of(page) == [], theme
    taps(page, "Spara")
    for theme in ("day", "red", "dark"):
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme }", theme)
        assert faults_of(page) == [], theme
    it.close()
    assert it.faults == []


def faults_of(page: Page) -> list[str]:
    """What axe finds, with 7:1 for text, and every target that is under 48 px high."""
    page.evaluate(AXE.read_text())
    found: list[str] = page.evaluate(
        """async () => {
          const rules = { "color-contrast-enhanced": { enabled: true } };
          const { violations } = await axe.run(document, { rules });
          const small = [...document.querySelectorAll("button, a, summary, input, select")]
            .filter((it) => it.offsetParent !== null && it.getBoundingClientRect().height < 48)
            .map((it) => `under 48 px: ${it.textContent}`);
          return [...violations.map((it) => `${it.id}: ${it.nodes.map((node) => node.html).join(" ")}`), ...small];
        }"""
    )
    return found
