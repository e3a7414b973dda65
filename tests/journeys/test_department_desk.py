"""A foreman's morning: one choice as list, map and board, twenty tasks in three actions, the van without a network."""

import asyncio
import re
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.journeys.house import CHROMIUM, DESK, PATIENCE_MS, PHONE, Server
from tests.journeys.work import fill, sign_in

pytestmark = pytest.mark.journey

FLAGS = [
    *("--headless=new", "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"),
]
TASKS = 180  # twenty in each state


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("desk")
    it = Server(data=data, database_url=f"sqlite+aiosqlite:///{data / 'trygg.sqlite'}", smtp_url="")
    it.start()
    asyncio.run(fill(it.database_url, TASKS))
    try:
        yield it
    finally:
        it.stop()


@pytest.fixture(scope="module")
def playwright(server: Server) -> Iterator[Playwright]:
    """After the server: its tasks are put in by a loop of its own."""
    with sync_playwright() as it:
        yield it


@pytest.fixture
def page(playwright: Playwright, server: Server) -> Iterator[Page]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    context = browser.new_context(viewport={"width": DESK["width"], "height": DESK["height"]})
    context.set_default_timeout(PATIENCE_MS)
    faults: list[str] = []
    it = context.new_page()
    it.on("pageerror", lambda error: faults.append(str(error)))
    sign_in(it, server.url)
    yield it
    assert faults == []
    browser.close()


def states(data: Path) -> dict[str, int]:
    with sqlite3.connect(data / "trygg.sqlite") as db:
        return dict(db.execute("SELECT state, count(*) FROM tasks GROUP BY state"))


def test_list_map_and_board_are_one_choice_and_back_goes_back(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/desk/atgarder?status=waiting")
    expect(page.get_by_role("heading", name="20 åtgärder")).to_be_visible()
    page.get_by_label("Typ").select_option("ljus")
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text(re.compile("^(?!20).+ åtgärd(er)?$"))
    lamps = title.inner_text()

    page.get_by_role("button", name="Tavla").click()
    expect(page.locator("[data-column=waiting] [data-row]").first).to_be_visible()
    expect(title).to_have_text(lamps)
    page.get_by_role("button", name="Karta").click()
    expect(page.get_by_role("img", name=re.compile("^Karta med"))).to_be_visible()
    expect(title).to_have_text(lamps)
    assert "typ=ljus" in page.url and "vy=karta" in page.url

    page.go_back()
    expect(page.get_by_role("button", name="Tavla")).to_have_attribute("aria-pressed", "true")
    page.go_back()
    page.go_back()
    expect(title).to_have_text("20 åtgärder")


def test_twenty_tasks_get_person_and_date_in_three_actions_and_one_undo_puts_all_back(
    page: Page, server: Server
) -> None:
    before = states(server.data)
    page.goto(f"{server.url}/desk/atgarder?status=assigned")

    def assigned_with_date() -> None:
        page.get_by_role("button", name="Tilldela och sätt datum (20)").click()
        page.get_by_role("button", name="Tilldela 20 med datum").click()

    page.get_by_label("Välj alla 20 i listan").click()
    assigned_with_date()
    page.get_by_role("button", name="Ångra").click()
    expect(page.get_by_text("20 åtgärder är som de var.")).to_be_visible()
    page.wait_for_timeout(9_000)  # longer than what is held is held
    assert states(server.data) == before

    assigned_with_date()  # they are still marked
    page.get_by_role("button", name="Skicka nu").click()
    expect(page.get_by_text("20 åtgärder är ändrade.")).to_be_visible()
    after = states(server.data)
    assert (after.get("assigned", 0), after["planned"]) == (0, before["planned"] + 20)


def test_the_coordinator_gives_one_of_four_equal_answers_about_what_is_said_to_be_mended(
    page: Page, server: Server
) -> None:
    assert page.context.browser is not None
    office = page.context.browser.new_page(viewport={"width": DESK["width"], "height": DESK["height"]})
    sign_in(office, server.url, "samordnare@lidkoping")
    office.goto(f"{server.url}/desk/atgarder?status=done")
    office.get_by_role("link", name=re.compile("^(Städa upp|Byt lampa) ")).first.click()
    asked = office.get_by_role("group", name=re.compile("^Har du varit där efter .+, när det var mörkt[?]$"))
    answers = asked.get_by_role("button")
    expect(answers).to_have_text(["Ja, bra", "Delvis", "Nej", "Har inte varit där"])
    assert {it.get_attribute("class") for it in answers.all()} == {"choice"}  # none is preferred

    answers.nth(1).click()
    expect(answers.nth(1)).to_have_attribute("aria-pressed", "true")
    expect(office.get_by_text("Sett på plats: delvis.")).to_be_visible()
    answers.nth(0).click()
    expect(asked).to_have_count(0)  # seen by another than who closed it: it is verified
    expect(office.locator(".status-line")).to_contain_text("bekräftat på plats")


def test_the_board_is_worked_by_keys_alone_and_the_focus_stays(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/desk/atgarder?vy=tavla")
    first = page.locator("[data-column=active] [data-row]").first
    expect(first).to_be_visible()
    first.focus()
    page.keyboard.press("j")
    row = page.evaluate("document.activeElement.dataset.row")

    page.keyboard.press("v")  # wait: its reason, date and words are asked for, never skipped
    expect(page.get_by_text("Skäl och nästa datum behövs.")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Låt vänta", exact=True).last.click()
    expect(page.get_by_role("dialog").get_by_text("Skriv ett svar. Det behövs.")).to_be_visible()
    page.get_by_role("dialog").get_by_text("Del saknas").click()
    page.get_by_label("Svar som alla kan läsa").fill("Vi väntar på en lampa.")
    page.get_by_role("dialog").get_by_role("button", name="Låt vänta", exact=True).last.click()

    expect(page.get_by_text("Åtgärden väntar.")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    # The row has gone to another column: the one that took its place is next.
    page.wait_for_function(
        "row => (it => it && it.dataset.row !== row)(document.querySelector('[data-column=active] [data-row]:focus'))",
        arg=row,
    )


def test_the_van_opens_works_and_photographs_without_a_network_and_sends_when_it_is_back(
    page: Page, server: Server
) -> None:
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    page.goto(f"{server.url}/desk/atgarder/bilen")
    expect(page.get_by_text(re.compile(r"^50 åtgärder\. Hämtad"))).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    done = states(server.data)["done"]

    server.stop()
    page.reload()
    page.locator(".van-row").filter(has_text="Planerat").first.click()
    page.get_by_role("button", name="Åtgärdat", exact=True).click()
    page.get_by_role("button", name=re.compile("Öppna kameran|Ta från samma håll")).click()
    page.wait_for_function("() => document.querySelector('dialog.ghost video')?.videoWidth > 0")
    page.get_by_role("button", name="Ta foto", exact=True).click()
    expect(page.locator(".afterphoto canvas")).to_be_visible()
    page.get_by_role("button", name="Säg att det är åtgärdat").click()
    expect(page.get_by_text("Sparat på telefonen")).to_be_visible()
    page.reload()
    expect(page.get_by_text("1 sak är sparad på telefonen")).to_be_visible()

    server.start()
    with suppress(PlaywrightTimeout):  # the van tries by itself too: whichever comes first sends it, once
        page.get_by_role("button", name="Försök nu").click(timeout=5_000)
    expect(page.get_by_text("Allt är skickat")).to_be_visible()
    assert states(server.data)["done"] == done + 1
    with sqlite3.connect(server.data / "trygg.sqlite") as db:
        assert db.execute("SELECT count(*) FROM photos").fetchone() == (1,)
