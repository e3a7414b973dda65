"""What people at a desk do, in the words on the screen."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

Name = str | re.Pattern[str]


@dataclass
class Desk:
    page: Page

    def button(self, name: Name) -> Locator:
        return self.page.get_by_role("button", name=name, exact=isinstance(name, str))

    def link(self, name: Name) -> Locator:
        return self.page.get_by_role("link", name=name, exact=isinstance(name, str))

    def press(self, name: Name) -> None:
        self.button(name).or_(self.link(name)).first.click()

    def field(self, name: Name) -> Locator:
        return self.page.get_by_label(name, exact=isinstance(name, str)).first

    def sees(self, text: Name) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()

    def heading(self, text: Name) -> None:
        expect(self.page.get_by_role("heading", name=text).first).to_be_visible()

    def signs_in(self, login: str, password: str) -> None:
        self.heading("Logga in")
        self.page.get_by_text("Logga in med lösenord").click()  # the demo offers its people first
        self.field("Användarnamn").fill(login)
        self.field("Lösenord").fill(password)
        self.press("Logga in")
        expect(self.button("Logga ut")).to_be_visible()

    def signs_out(self) -> None:
        self.press("Logga ut")
        self.heading("Logga in")

    def adds_stop(self, place: str) -> None:
        choices = self.field("Lägg till en plats")
        value = choices.locator("option", has_text=place).first.get_attribute("value")
        assert value
        choices.select_option(value)
        self.button("Lägg till").click()
