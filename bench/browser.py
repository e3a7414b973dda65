"""A Chromium whose profile stays on disk, that can be slowed, killed and started again."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, Geolocation, Page, Playwright

from tests.journeys.house import CHROMIUM, PHONE, free_port

_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)
HERE: Geolocation = {"latitude": 58.49503, "longitude": 13.17665, "accuracy": 12}


@dataclass
class Phone:
    playwright: Playwright
    profile: Path
    flags: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    browser: Browser | None = None
    _pages: dict[Page, CDPSession] = field(default_factory=dict)

    def start(self, origin: str) -> Page:
        """An empty page in a new browser process that may use camera and position at this origin."""
        port = free_port()
        self.process = subprocess.Popen(
            [
                CHROMIUM,
                *_FLAGS,
                *self.flags,
                f"--remote-debugging-port={port}",
                f"--user-data-dir={self.profile}",
                "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.browser = self._connected(port)
        context = self.browser.contexts[0]
        context.set_default_timeout(20_000)
        context.grant_permissions(["geolocation", "camera"], origin=origin)
        context.set_geolocation(HERE)
        page = context.pages[0]
        page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
        return page

    def _connected(self, port: int) -> Browser:
        for _ in range(200):
            try:
                return self.playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
            except Exception:  # noqa: BLE001  # it is not listening yet
                time.sleep(0.1)
        raise RuntimeError("Chromium did not start")

    def slow(self, page: Page, times: int) -> None:
        """The page's own thread runs this many times slower; workers do not."""
        if page not in self._pages:
            self._pages[page] = page.context.new_cdp_session(page)
        self._pages[page].send("Emulation.setCPUThrottlingRate", {"rate": times})

    def kill(self) -> None:
        """SIGKILL to the browser and all its children."""
        self._pages.clear()
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=20)
            self.process = None
        self.browser = None


@contextmanager
def phone(playwright: Playwright, profile: Path, *flags: str) -> Iterator[Phone]:
    it = Phone(playwright, profile, flags)
    try:
        yield it
    finally:
        it.kill()
