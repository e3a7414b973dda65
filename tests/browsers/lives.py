"""A phone that can die in mid-sentence and be there again: SIGKILL and the same profile, or in WebKitGTK a reload."""

import threading
from dataclasses import dataclass, field
from typing import Protocol

from playwright.sync_api import Error

from tests.browsers.phone import Phone
from tests.browsers.profiles import Pocket
from tests.browsers.webkit import WebKit


class Life(Protocol):
    phone: Phone

    def opens(self, url: str) -> Phone: ...
    def taps_and_dies(self, words: str, after_s: float) -> None: ...
    def strike(self) -> None:
        """From the proxy's thread."""

    def dies_when_struck(self) -> None: ...
    def comes_back(self, url: str) -> Phone: ...


@dataclass
class ChromiumLife:
    pocket: Pocket
    phone: Phone = field(init=False)
    struck: threading.Event = field(default_factory=threading.Event)

    def opens(self, url: str) -> Phone:
        self.phone = self.pocket.opens(url)
        return self.phone

    def taps_and_dies(self, words: str, after_s: float) -> None:
        self.phone.screen.press(words)
        threading.Timer(after_s, self.strike).start()
        self.dies_when_struck()

    def strike(self) -> None:
        self.pocket.is_struck()
        self.struck.set()

    def dies_when_struck(self) -> None:
        try:
            self.phone.waits(self.struck.is_set, "nothing struck the phone")
        except Error:
            self.struck.wait(10)
        self.struck.clear()
        self.pocket.is_killed()

    def comes_back(self, url: str) -> Phone:
        return self.opens(url)


@dataclass
class WebKitLife:
    """The page dies, and everything it had in memory: its automation knows no second start with the same storage."""

    browser: WebKit
    phone: Phone = field(init=False)
    struck: threading.Event = field(default_factory=threading.Event)

    def opens(self, url: str) -> Phone:
        self.browser.go(url)
        self.phone = Phone(self.browser)
        return self.phone

    def taps_and_dies(self, words: str, after_s: float) -> None:
        self.browser.press(words)
        self.struck.wait(after_s)
        self.browser.reload()

    def strike(self) -> None:
        self.struck.set()

    def dies_when_struck(self) -> None:
        self.phone.waits(self.struck.is_set, "nothing struck the phone")
        self.struck.clear()
        self.browser.reload()

    def comes_back(self, url: str) -> Phone:
        return self.opens(url)
