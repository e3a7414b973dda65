"""A commitment at two desks: refused outside the agreed time, entered inside it, reported on, and counted the same."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.house import DESK, PHONE, Server
from tests.journeys.work import sign_in
from trygghetsvandring.domain.times import STOCKHOLM

pytestmark = pytest.mark.journey
WORDS = "Se över armaturerna längs stråket."


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("planer")
    it = Server(data=data, database_url=f"sqlite+aiosqlite:///{data / 'trygg.sqlite'}", smtp_url="")
    it.start()
    try:
        yield it
    finally:
        it.stop()


def opened(browser: Browser, server: Server, login: str, size: dict[str, int]) -> Page:
    page = browser.new_context(viewport={"width": size["width"], "height": size["height"]}).new_page()
    sign_in(page, server.url, login)
    return page


def by_the_menu(page: Page, room: str) -> None:
    """With keys: Escape gives the button back, and a chosen room closes the list and is named by it."""
    more = page.get_by_role("button", name="Mer")
    link = page.get_by_role("link", name=room, exact=True)
    more.press("Enter")
    expect(link).to_be_visible()
    link.press("Escape")
    expect(link).to_be_hidden()
    expect(more).to_be_focused()
    more.press("Enter")
    link.press("Enter")
    expect(link).to_be_hidden()
    expect(more).to_have_text(f"Mer: {room}")


def test_a_commitment_is_entered_inside_the_agreed_time_and_both_desks_read_the_same_rate(
    planned: Server, browser: Browser
) -> None:
    last = datetime.now(STOCKHOLM).date() + timedelta(days=60)
    desk = opened(browser, planned, "samordnare@lidkoping", DESK)
    desk.goto(f"{planned.url}/desk/loften/ny")
    desk.get_by_label("Namn", exact=True).fill("Samverkan på prov")
    desk.get_by_label("Parter, en på varje rad").fill("kommunen | Lidköpings kommun")
    desk.get_by_label("Sista dagen").fill(last.isoformat())
    desk.get_by_label("Ska ses över senast").fill(last.isoformat())
    desk.get_by_label("Sidansvarig").fill("kansliet")
    desk.get_by_role("button", name="Spara").click()
    expect(desk.get_by_role("heading", name="Samverkan på prov")).to_be_visible()

    by_the_menu(desk, "Planer")
    agreement = desk.locator("section.group").filter(has=desk.get_by_role("heading", name="Samverkan på prov"))
    expect(agreement).to_contain_text("Ska ses över senast")
    agreement.get_by_text("Ny plan").click()
    agreement.get_by_label("Fokusområde").fill("Trygghet i tätorten")
    agreement.get_by_label("Planens namn").fill("Ljus längs stråket")
    agreement.get_by_role("button", name="Spara").click()
    agreement.get_by_text("Nytt åtagande").click()
    agreement.get_by_label("Utförare").select_option(label="Gata och park")
    agreement.get_by_label("Vad ska göras?").fill(WORDS)
    agreement.get_by_label("Hur ofta ska de svara?").select_option(label="Svar bara på sista dagen")
    save = agreement.locator("form").filter(has_text="Vad ska göras?").get_by_role("button", name="Spara")
    agreement.get_by_label("Klart senast").fill((last + timedelta(days=1)).isoformat())
    save.click()
    expect(agreement.get_by_text("Dagen ligger utanför överenskommelsens tid.")).to_be_visible()
    agreement.get_by_label("Klart senast").fill(last.isoformat())
    save.click()
    expect(agreement.get_by_role("heading", name=WORDS)).to_be_visible()

    unit = opened(browser, planned, "handlaggare@lidkoping", PHONE)
    unit.get_by_role("link", name="Planer").click()
    own = unit.get_by_role("listitem").filter(has=unit.get_by_role("heading", name=WORDS))
    own.get_by_text("Svara för").click()
    own.get_by_role("radio", name="Pågår").check(force=True)
    own.get_by_label("Vad har hänt?").fill("Tolv av trettio är bytta.")
    own.get_by_role("button", name="Spara svaret").click()
    expect(own.get_by_text("Tolv av trettio är bytta.")).to_be_visible()
    expect(unit.get_by_role("listitem").filter(has_text="1 av 1")).to_contain_text("Gata och park")
    assert unit.evaluate("document.documentElement.scrollWidth <= innerWidth")

    desk.reload()
    expect(desk.get_by_role("listitem").filter(has_text="1 av 1")).to_contain_text("Gata och park")
    expect(agreement.get_by_text("Handläggare, Gata och park.")).to_be_visible()
