"""A shop answers four numbers by link, without an account, and the group reads them at its desks."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.journeys.house import DESK, PHONE, Letters, Server, letters
from tests.journeys.open311_towns import until
from tests.journeys.work import sign_in

pytestmark = pytest.mark.journey
SHOPS_MAIL = "kassan@torget.example"


@pytest.fixture(scope="module")
def post() -> Iterator[Letters]:
    with letters() as it:
        yield it


@pytest.fixture(scope="module")
def grouped(tmp_path_factory: pytest.TempPathFactory, post: Letters) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("gruppen")
    it = Server(data=data, database_url=f"sqlite+aiosqlite:///{data / 'trygg.sqlite'}", smtp_url=post.url)
    it.start()
    try:
        yield it
    finally:
        it.stop()


def opened(browser: Browser, server: Server, login: str, size: dict[str, int]) -> Page:
    page = without_scripts(browser, size, scripts=True)
    sign_in(page, server.url, login)
    return page


def without_scripts(browser: Browser, size: dict[str, int], *, scripts: bool = False) -> Page:
    viewport: ViewportSize = {"width": size["width"], "height": size["height"]}
    return browser.new_context(viewport=viewport, java_script_enabled=scripts).new_page()


def link_in(post: Letters, server: Server) -> str:
    """The link of the letter to the shop, when it has come."""
    letter = until(lambda: next((it for _, to, it in post.received if SHOPS_MAIL in to), None))
    found = re.search(rf"{re.escape(server.url)}/butik/\S+", letter.get_content())
    assert found
    return found.group()


def test_a_shop_answers_by_link_and_the_group_sees_it(grouped: Server, post: Letters, browser: Browser) -> None:
    desk = opened(browser, grouped, "samordnare@lidkoping", DESK)
    desk.goto(f"{grouped.url}/desk/gruppen")
    card = desk.get_by_role("listitem").filter(has=desk.get_by_role("heading", name="Butiken vid torget"))
    expect(card).to_contain_text("Bekräftad")
    card.get_by_role("button", name="Skicka en länk").click()
    expect(desk.get_by_text("Länken är på väg.")).to_be_visible()

    shop = without_scripts(browser, PHONE)
    shop.goto(link_in(post, grouped))
    last = shop.locator("form").first
    last.get_by_label("Stöld").fill("11")
    last.get_by_label("Hot eller våld").fill("0")
    last.get_by_role("button", name="Skicka talen").click()
    expect(shop.get_by_text("Tack. Era tal är sparade.")).to_be_visible()
    shop.get_by_role("button", name="Ja, kortet stämmer").click()
    expect(shop.get_by_text("Tack. Kortet är bekräftat.")).to_be_visible()

    own = opened(browser, grouped, "butik@lidkoping", PHONE)
    expect(own.get_by_role("heading", name="Trygghetsgruppen")).to_be_visible()
    row = own.get_by_role("row").filter(has_text="Butiken vid torget")
    expect(row.get_by_role("cell").last).to_have_text("11")
    expect(own.get_by_text("Talen säger inget om varför.")).to_be_visible()
    expect(own.get_by_role("listitem").filter(has_text="Stöld: Butiken vid torget från 8 till 3")).to_be_visible()
    own.get_by_text("Skriv in eller rätta en vecka").click()
    own.get_by_label("Stöld").fill("12")
    own.get_by_role("button", name="Spara talen").click()
    expect(row.get_by_role("cell").last).to_have_text("12")
    assert own.evaluate("document.documentElement.scrollWidth <= innerWidth")

    desk.reload()
    expect(desk.get_by_role("row").filter(has_text="Butiken vid torget").get_by_role("cell").last).to_have_text("12")
