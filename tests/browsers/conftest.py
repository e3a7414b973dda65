"""One seeded house to copy, one Chromium for phones that are never killed, a WebKitGTK for what is marked W."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

from tests.browsers.lives import ChromiumLife, Life, WebKitLife
from tests.browsers.phone import Phone, Tab
from tests.browsers.profiles import Pocket
from tests.browsers.site import Site, a_site
from tests.browsers.webkit import a_webkit
from tests.journeys.house import CHROMIUM, PATIENCE_MS, PHONE

Engine = Literal["chromium", "webkit"]
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--use-fake-device-for-media-stream"),
    "--use-fake-ui-for-media-stream",
]


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a house with the demo and this evening's walk in it: loading them is slow."""
    folder = tmp_path_factory.mktemp("seeded")
    with a_site(folder):
        pass
    (folder / "server.log").unlink()
    return folder


@pytest.fixture
def site(seeded: Path, tmp_path: Path) -> Iterator[Site]:
    with a_site(tmp_path / "house", like=seeded) as it:
        yield it


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as it:
        yield it


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()


NewContext = Callable[[], BrowserContext]


@pytest.fixture
def a_context(chromium: Browser) -> Iterator[NewContext]:
    """A new phone's browser: its storage is its own, and gone with the test."""
    made: list[BrowserContext] = []

    def make() -> BrowserContext:
        context = chromium.new_context(
            viewport={"width": PHONE["width"], "height": PHONE["height"]},
            color_scheme="dark",
            reduced_motion="reduce",
            locale="sv-SE",
            timezone_id="Europe/Stockholm",
            permissions=["geolocation", "camera"],
            geolocation={"latitude": 58.49503, "longitude": 13.17665, "accuracy": 12},
        )
        context.set_default_timeout(PATIENCE_MS)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture
def phone(a_context: NewContext) -> Phone:
    return Phone(Tab(a_context().new_page()))


@pytest.fixture(params=["chromium", "webkit"])
def either(request: pytest.FixtureRequest) -> Iterator[Phone]:
    """A phone in Chromium, and the same test again in WebKitGTK."""
    if request.param == "chromium":
        yield request.getfixturevalue("phone")
    else:
        with a_webkit() as browser:
            yield Phone(browser)


@pytest.fixture
def pocket(playwright: Playwright, tmp_path: Path) -> Iterator[Pocket]:
    it = Pocket(playwright, tmp_path / "pocket")
    yield it
    it.is_killed()


@pytest.fixture(params=["chromium", "webkit"])
def life(request: pytest.FixtureRequest) -> Iterator[Life]:
    if request.param == "chromium":
        yield ChromiumLife(request.getfixturevalue("pocket"))
    else:
        with a_webkit() as browser:
            yield WebKitLife(browser)
