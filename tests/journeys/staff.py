"""What people at a desk do, in the words on the screen."""

import re
from dataclasses import dataclass

import segno
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

    def fills(self, label: str | re.Pattern[str], value: str) -> None:
        """Somebody who is not on the list of the unit's own is written in words."""
        field = self.field(label)
        if field.evaluate("it => it.tagName") == "SELECT":
            field.select_option(label="Någon annan")
            field = self.field("Vem? Ett lag eller en roll.")
        field.fill(value)

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

    # --- planning
    def begins_a_plan(self, fields: dict[str, str]) -> None:
        self.press("Vandringar")
        self.press("Ny vandring")
        for name, value in fields.items():
            self.field(name).fill(value)

    def adds_stop_at(self, name: str, coordinates: str) -> None:
        """A place of nobody's list, by figures typed."""
        self.page.get_by_text("En annan plats", exact=True).click()
        self.field("Stoppets namn").fill(name)
        self.field("Läge").fill("Vid kanalen")
        self.press("Lägg till stoppet")
        self.sees("Skriv läget som två tal, eller tryck på kartan.")
        self.field("Läge").fill(coordinates)
        self.press("Lägg till stoppet")
        expect(self.button(name)).to_be_visible()

    def adds_stop_on_the_map(self, name: str) -> str:
        """A place pointed at. Returns where it was, as the form wrote it."""
        drawing = self.page.get_by_role("img", name=re.compile("^Karta med"))
        box = drawing.bounding_box()
        assert box
        drawing.click(position={"x": box["width"] * 0.3, "y": box["height"] * 0.7})
        expect(self.field("Läge")).to_have_value(re.compile(r"^58\.\d{5}, 13\.\d{5}$"))
        where = self.field("Läge").input_value()
        self.field("Stoppets namn").fill(name)
        self.press("Lägg till stoppet")
        expect(self.button(name)).to_be_visible()
        return where

    def makes_the_invitation(self, address: str) -> str:
        """Returns the link, which is of this address."""
        self.press("Skapa inbjudan")
        self.heading("Inbjudan")
        link = self.page.get_by_role("textbox").first.input_value()
        assert re.fullmatch(re.escape(address) + r"/#g=[\w-]{22}", link)
        return link

    def opens_the_sheet(self, link: str, stops: list[str]) -> None:
        """The printed page: the same code as on the screen, a square that holds the link, the stops in order."""
        code = self.page.get_by_text(re.compile(r"^[0-9A-Z]{4}-[0-9A-Z]{4}$")).inner_text()
        with self.page.expect_popup() as opened:
            self.link("Skriv ut").click()
        sheet = opened.value
        expect(sheet.locator(".code")).to_have_text(code)
        expect(sheet.locator("ol li")).to_have_text(stops)
        square = sheet.locator(".way svg")
        expect(square).to_be_visible()
        drawn = square.locator("path.qrline").get_attribute("d")
        assert drawn
        assert f'd="{drawn}"' in segno.make(link, error="m").svg_inline(border=4)
        sheet.close()
