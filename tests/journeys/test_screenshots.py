"""The README's pictures, taken from the product as it runs.

`TRYGG_SCREENS=1` writes them to docs/screens; without it the same screens are only opened and looked at.
"""

import io
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Browser, Geolocation, Page, expect, sync_playwright

from tests.journeys.house import CHROMIUM, DESK, PHONE, Server
from tests.journeys.staff import Desk
from tests.journeys.volunteer import Volunteer

pytestmark = pytest.mark.journey

FOLDER = Path(__file__).parents[2] / "docs" / "screens"
PASSWORD = "lykta-i-natten"
TUNNEL: Geolocation = {"latitude": 58.49503, "longitude": 13.17665, "accuracy": 12}
MOST_BYTES = 120 * 1024


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("screens")
    it = Server(data, f"sqlite+aiosqlite:///{data / 'trygg.sqlite'}", "")
    it.start()
    yield it
    it.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    flags = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]
    fake = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    with sync_playwright() as playwright:
        it = playwright.chromium.launch(executable_path=CHROMIUM, args=[*flags, *fake])
        yield it
        it.close()


@pytest.fixture
def opened(browser: Browser, server: Server) -> Iterator[Callable[..., Page]]:
    contexts = []

    def open_(path: str, size: dict[str, int], scheme: str) -> Page:
        context = browser.new_context(
            viewport={"width": size["width"], "height": size["height"]},
            color_scheme="dark" if scheme == "dark" else "light",
            locale="sv-SE",
            permissions=["geolocation", "camera"],
            geolocation=TUNNEL,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(path if path.startswith("http") else server.url + path)
        return page

    yield open_
    for context in contexts:
        context.close()


def pictured(page: Page, name: str) -> None:
    """A palette of 64 colours is enough for a screen and a fifth of the bytes."""
    shot = page.screenshot(animations="disabled")
    small = io.BytesIO()
    image = Image.open(io.BytesIO(shot), formats=("PNG",)).convert("RGB")
    image.quantize(64, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    assert len(small.getvalue()) <= MOST_BYTES
    if os.environ.get("TRYGG_SCREENS") == "1":
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / f"{name}.png").write_bytes(small.getvalue())


def home(phone: Volunteer, server: Server) -> None:
    phone.page.goto(server.url + "/")
    phone.heading(re.compile(r"Stopp \d av \d"))


def test_the_screens_of_an_evening(server: Server, opened: Callable[..., Page]) -> None:
    walk = httpx.get(f"{server.url}/api/start").json()["walk"]
    phone = Volunteer(opened(walk["link"], PHONE, "dark"))
    phone.joins("Kim")
    home(phone, server)
    pictured(phone.page, "field-home")

    phone.press("Notera utan foto")
    expect(phone.button(re.compile("^Ljus")).first).to_be_visible()
    pictured(phone.page, "field-what")
    phone.press(re.compile("^Ljus"))
    phone.press("Trasig belysning")
    phone.press("Till vandringen")

    home(phone, server)
    phone.press("Notera utan foto")
    phone.press("Fara nu")
    phone.heading("Är någon i fara? Ring 112.")
    pictured(phone.page, "field-danger")
    phone.tap(phone.button(re.compile("^Ringt")))

    home(phone, server)
    phone.press("Karta")
    phone.press("Till Lämna in")
    phone.sees(re.compile("Det du lämnar in blir allmän handling"))
    pictured(phone.page, "field-hand-in")
    phone.press("Lämna in")
    expect(phone.page.get_by_text("Allt är mottaget").first).to_be_visible()

    desk = Desk(opened("/desk/", DESK, "light"))
    desk.signs_in("samordnare@lidkoping", PASSWORD)
    desk.press("Inkommet")
    desk.button(re.compile("^Trasig belysning")).first.click()
    desk.heading("Trasig belysning")
    desk.sees(re.compile("^Förslag"))
    pictured(desk.page, "desk-inbox")
    desk.press(re.compile("^Gör åtgärd"))
    desk.button("Gör åtgärd").last.click()
    expect(desk.button(re.compile("^Trasig belysning"))).to_have_count(0)
    desk.press("Åtgärder")
    desk.link("Trasig belysning").first.click()
    desk.heading("Trasig belysning")
    pictured(desk.page, "desk-task")


def test_the_screen_of_the_evening_log(opened: Callable[..., Page]) -> None:
    page = opened("/falt/", PHONE, "dark")
    page.get_by_label("Inloggningsnamn").fill("falt@lidkoping")
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in").click()
    page.get_by_role("link", name="Börja logga").click()
    for answer in ("6–15", "Lugn", "Nej", "Samtal"):
        page.get_by_role("button", name=answer, exact=True).click()
    expect(page.get_by_role("button", name="Spara", exact=True)).to_be_visible()
    pictured(page, "falt-entry")
