"""A phone's Chromium with its profile on disk: it can be killed with SIGKILL and opened again, as after a crash."""

import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, Playwright

from tests.browsers.phone import Phone, Tab
from tests.journeys.house import PHONE, Chromium


@dataclass
class Pocket:
    """A person's phone. What it has in memory dies with `is_killed`; what it has on disk is what is left."""

    playwright: Playwright
    profile: Path
    chromium: Chromium | None = None

    def opens(self, url: str, script: str | None = None) -> Phone:
        self.chromium = Chromium(self.playwright, self.profile)
        return Phone(Tab(self.chromium.open(url, PHONE, script=script)))

    def opens_another_tab(self, url: str) -> Phone:
        assert self.chromium is not None and self.chromium.browser is not None
        page: Page = self.chromium.browser.contexts[0].new_page()
        page.goto(url)
        return Phone(Tab(page))

    @property
    def pid(self) -> int:
        assert self.chromium is not None and self.chromium.process is not None
        return self.chromium.process.pid

    def is_struck(self) -> None:
        """SIGKILL to the browser and all its children. Safe from any thread: nothing is waited for."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def is_killed(self) -> None:
        if self.chromium is not None and self.chromium.process is not None:
            with suppress(ProcessLookupError):
                self.chromium.kill()
        self.chromium = None
