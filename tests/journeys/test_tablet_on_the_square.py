"""A tablet on the square without a network: ten people answer, none sees the one before, and each is counted once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.house import DESK, Server
from tests.journeys.work import sign_in

pytestmark = pytest.mark.journey
AXE = Path(__file__).parents[2] / "pwa" / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = """() => axe.run(document).then(({ violations }) => violations
    .filter((one) => one.impact === "serious" || one.impact === "critical").map((one) => one.id))"""
KEPT = """() => new Promise((told) => {
    const opened = indexedDB.open("trygg-enkat");
    opened.onsuccess = () => {
        const counted = opened.result.transaction("answers").objectStore("answers").count();
        counted.onsuccess = () => { opened.result.close(); told(counted.result); };
    };
})"""
TITLE = "Hur är kvällarna?"


@pytest.fixture(scope="module")
def square(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("torg")
    it = Server(data=data, database_url=f"sqlite+aiosqlite:///{data / 'trygg.sqlite'}", smtp_url="")
    it.start()
    try:
        yield it
    finally:
        it.stop()


def made(desk: Page, url: str) -> str:
    """A survey of one place and hour, and where a tablet opens it."""
    desk.goto(f"{url}/desk/dialog")
    desk.get_by_text("Gör en enkät").click()
    desk.get_by_label("Rubrik").first.fill(TITLE)
    desk.get_by_label("Nya Stadens torg").check()
    desk.get_by_label("fre–lör 22–00").check()
    desk.get_by_role("button", name="Gör enkäten").click()
    survey = desk.get_by_role("article", name=TITLE)
    survey.get_by_text("Länk till enkäten").click()
    return survey.get_by_role("link", name="surfplatta").get_attribute("href") or ""


def nothing_is_chosen(tablet: Page) -> None:
    expect(tablet.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(tablet.locator("[aria-pressed=true]")).to_have_count(0)
    expect(tablet.get_by_role("button", name="Skicka mitt svar")).to_be_disabled()


def test_ten_people_answer_without_a_network_and_nobody_sees_the_one_before(square: Server, browser: Browser) -> None:
    desk = browser.new_context(viewport={"width": DESK["width"], "height": DESK["height"]}).new_page()
    sign_in(desk, square.url, "samordnare@lidkoping")
    where = made(desk, square.url)
    context = browser.new_context(viewport={"width": 820, "height": 1180})
    tablet = context.new_page()
    tablet.goto(where)
    nothing_is_chosen(tablet)
    tablet.evaluate(AXE.read_text())
    assert tablet.evaluate(SERIOUS) == []
    tablet.evaluate("() => navigator.serviceWorker.ready.then(() => null)")

    context.set_offline(True)
    tablet.reload()
    for n in range(10):
        nothing_is_chosen(tablet)
        tablet.get_by_role("button", name="Otrygg" if n < 7 else "Varken eller", exact=True).click()
        tablet.get_by_role("button", name="Skicka mitt svar").click()
        expect(tablet.get_by_role("heading", name="Tack för ditt svar")).to_be_visible()
        tablet.get_by_role("button", name="Nästa person").click()
    expect(tablet.get_by_text("Svar väntar på nät.")).to_be_visible()
    tablet.get_by_role("button", name="Otrygg", exact=True).click()
    tablet.evaluate("() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    nothing_is_chosen(tablet)

    context.set_offline(False)
    expect(tablet.get_by_text("Svar väntar på nät.")).to_have_count(0, timeout=30_000)
    assert tablet.evaluate(KEPT) == 0
    desk.reload()
    survey = desk.get_by_role("article", name=TITLE)
    survey.get_by_role("button", name="Räkna svaren").click()
    felt = survey.get_by_role("table", name="Hur känns det för dig här?").get_by_role("row").nth(1)
    expect(felt.get_by_role("cell")).to_have_text(["0–4", "0–4", "5–9", "10–14"])
