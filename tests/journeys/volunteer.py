"""What a volunteer does with the phone, in the words on the screen. Every tap goes through `tap`, which counts."""

import re
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

_SAVED = re.compile("Sparat på telefonen")


@dataclass
class Volunteer:
    page: Page
    taps: int = 0
    said: list[str] = field(default_factory=list)

    def tap(self, what: Locator) -> None:
        self.taps += 1
        what.click()

    def button(self, name: str | re.Pattern[str], *, exact: bool = True) -> Locator:
        return self.page.get_by_role("button", name=name, exact=exact)

    def link(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("link", name=name)

    def press(self, name: str | re.Pattern[str]) -> None:
        """A button or a link, whichever it is: a thumb does not care."""
        both = self.button(name).or_(self.link(name))
        self.tap(both.first)

    def sees(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()

    def heading(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_role("heading", name=text).first).to_be_visible()

    # --- the evening
    def joins(self, name: str) -> int:
        """From the opened link to "Redo utan nät". Returns the taps it took."""
        before = self.taps
        self.page.get_by_label(re.compile("Ditt namn")).fill(name)
        self.tap(self.button("Gå med"))
        self.heading(re.compile("Redo utan nät"))
        return self.taps - before

    def goes_home(self) -> None:
        self.page.goto(self.page.url.split("/")[0] + "//" + self.page.url.split("/")[2] + "/")
        self.heading(re.compile(r"Stopp \d+ av \d+"))

    def opens_stop(self, number: int) -> None:
        self.goes_home()
        self.page.get_by_role("link", name=re.compile("Karta")).or_(self.button("Karta")).first.click()
        self.page.get_by_role("link", name=re.compile(rf"Stopp {number}\b|^{number}\b")).or_(
            self.page.get_by_role("button", name=re.compile(rf"Stopp {number}\b|^{number}\b"))
        ).first.click()

    def saved(self) -> None:
        self.sees(_SAVED)
