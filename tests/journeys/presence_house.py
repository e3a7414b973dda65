"""A field team's evening for real: the server as its own process, phones as Chromium profiles that can be closed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.journeys import house
from tests.journeys.house import CHROMIUM, PATIENCE_MS

PASSWORD = "lykta-i-natten"
TORGET = {"latitude": 58.50452, "longitude": 13.15694, "accuracy": 15}
_FLAGS = [
    *("--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
# Counts what a finger does, wherever it lands; kept in the page so that it cannot be told otherwise.
_COUNT_TAPS = """
  addEventListener("click", (event) => { if (event.isTrusted) window.taps = (window.taps ?? 0) + 1; }, true);
"""


class Server(house.Server):
    """With who signs in at its desk."""

    def signed_in(self, login: str) -> dict[str, str]:
        """Headers of a desk's session. The cookie is Secure, so a client on plain http is given it by hand."""
        answer = httpx.post(f"{self.url}/api/session", json={"login": login, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        name, value = answer.headers["set-cookie"].split(";")[0].split("=", 1)
        return {"Cookie": f"{name}={value}"}

    def get(self, path: str, headers: dict[str, str]) -> httpx.Response:
        return httpx.get(f"{self.url}{path}", headers=headers)


@contextmanager
def a_server(data: Path) -> Iterator[Server]:
    it = Server(data, f"sqlite+aiosqlite:///{data / 'trygg.sqlite'}", smtp_url="")
    it.start()
    try:
        yield it
    finally:
        it.stop()


@dataclass
class Phone:
    """One field secretary's phone: 390 × 844, dark, with its profile on disk."""

    playwright: Playwright
    profile: Path
    url: str
    faults: list[str] = field(default_factory=list)
    context: BrowserContext | None = None

    def open(self, path: str = "/falt/") -> Page:
        self.context = self.playwright.chromium.launch_persistent_context(
            self.profile,
            executable_path=CHROMIUM,
            headless=True,
            args=_FLAGS,
            viewport={"width": 390, "height": 844},
            color_scheme="dark",
            reduced_motion="reduce",
            locale="sv-SE",
            timezone_id="Europe/Stockholm",
            permissions=["geolocation"],
            geolocation={"latitude": TORGET["latitude"], "longitude": TORGET["longitude"], "accuracy": 15},
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.add_init_script(_COUNT_TAPS)
        page = self.context.pages[0]
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", lambda request: self._own_origin_only(request.url))
        page.goto(f"{self.url}{path}")
        return page

    def _own_origin_only(self, asked: str) -> None:
        if asked.startswith("http") and not asked.startswith(f"{self.url}/"):
            self.faults.append(f"asked another origin: {asked}")

    def close(self) -> None:
        if self.context is not None:
            self.context.close()
            self.context = None


def signs_in(page: Page) -> None:
    page.get_by_label("Inloggningsnamn").fill("falt@lidkoping")
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in").click()
    expect(page.get_by_role("heading", name="Redo utan nät")).to_be_visible()


def taps(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def taps_so_far(page: Page) -> int:
    return int(page.evaluate("window.taps ?? 0"))


def row(page: Page, place: str) -> str:
    """What the evening's list says of one place."""
    return page.get_by_role("listitem").filter(has_text=place).inner_text()
