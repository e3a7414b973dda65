"""What a volunteer does with the phone, in the words on the screen. Every tap goes through `tap`, which counts."""

import re
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

_SAVED = re.compile("Sparat på telefonen")
_STOP_OF = re.compile(r"Stopp \d+ av \d+")
# Whatever the app is writing goes before a writing that wants every store.
_IS_WRITTEN = """async () => {
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((yes, no) => {
      const asked = indexedDB.open(name);
      asked.onsuccess = () => yes(asked.result);
      asked.onerror = () => no(asked.error);
    });
    const stores = [...db.objectStoreNames];
    if (stores.length > 0) await new Promise((yes, no) => {
      const writing = db.transaction(stores, "readwrite");
      writing.oncomplete = yes;
      writing.onabort = () => no(writing.error);
      writing.objectStore(stores[0]).count();
    });
    db.close();
  }
}"""


@dataclass
class Volunteer:
    page: Page
    taps: int = 0

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

    def saved(self) -> None:
        self.sees(_SAVED)

    def hears_the_network(self) -> None:
        self.page.evaluate("dispatchEvent(new Event('online'))")

    # --- the evening
    def joins(self, name: str) -> int:
        """From the opened link to "Redo utan nät". Returns the taps it took."""
        before = self.taps
        self.page.get_by_label(re.compile("Ditt namn")).fill(name)
        self.tap(self.button("Gå med"))
        self.heading(re.compile("Redo utan nät"))
        return self.taps - before

    def starts_walking(self) -> None:
        self.press("Till kvällens vandring")
        self.heading(_STOP_OF)

    def goes_home(self) -> None:
        """Opens the app anew, but not in the very moment of a tap: whoever does that has been promised nothing yet."""
        self.page.evaluate(_IS_WRITTEN)
        self.page.goto("/".join(self.page.url.split("/")[:3]) + "/")
        self.heading(_STOP_OF)

    def opens_stop(self, number: int) -> None:
        self.goes_home()
        self.page.get_by_role("link", name=re.compile("Karta")).or_(self.button("Karta")).first.click()
        self.page.get_by_role("link", name=re.compile(rf"Stopp {number}\b|^{number}\b")).or_(
            self.page.get_by_role("button", name=re.compile(rf"Stopp {number}\b|^{number}\b"))
        ).first.click()

    def turns_the_screen_red(self) -> None:
        """One tap from the dark the phone asked for."""
        expect(self.page.locator("html")).not_to_have_attribute("data-theme", re.compile("."))
        self.press("Byt ljus på skärmen. Nu: mörkt")
        expect(self.page.locator("html")).to_have_attribute("data-theme", "red")
        expect(self.button("Byt ljus på skärmen. Nu: nattrött")).to_be_visible()

    # --- a finding
    def masks(self) -> None:
        self.press("Dölj eller ta om")
        self.heading("Är det här en person?")
        expect(self.button("Ta om utan personer")).to_be_visible()
        self.page.wait_for_function("[...document.images].some((it) => it.complete && it.clientWidth > 100)")
        picture = max(
            (box for image in self.page.locator("img").all() if (box := image.bounding_box())),
            key=lambda box: box["width"],
        )
        mouse = self.page.mouse
        mouse.move(picture["x"] + 90, picture["y"] + 90)
        mouse.down()
        mouse.move(picture["x"] + 170, picture["y"] + 210, steps=6)
        mouse.up()
        self.press(re.compile("^Klar. Dölj 1 ruta"))
        self.sees("1 ruta döljer.")

    def types_a_personnummer(self, instead: str) -> None:
        text = self.page.get_by_role("textbox").first
        text.fill("Mörkt. Fråga 850709-9805")
        self.sees(re.compile("ser ut som ett personnummer"))
        text.fill(instead)
        expect(self.page.get_by_text(re.compile("ser ut som ett personnummer"))).to_have_count(0)

    def chooses_a_photo(self, file: Path) -> None:
        """The camera is denied: a picture that lies on the phone already will do."""
        self.press("Fotografera")
        self.sees("Kameran är avstängd")
        with self.page.expect_file_chooser() as asked:
            self.tap(self.page.get_by_text("Välj foto", exact=True))
        asked.value.set_files(file)
        self.heading("Vad är det?")

    def moves_it(self, stop: int, name: str, steps: dict[str, int]) -> None:
        """To another stop, and from there with the arrows, five metres a time: {"norr": 2, "öster": 1}."""
        self.press("Flytta")
        self.heading("Var är det?")
        self.page.get_by_label("Eller välj ett stopp").select_option(label=f"Stopp {stop}. {name}")
        self.sees(f"Plats: stopp {stop}")
        for way, times in steps.items():
            for _ in range(times):
                self.press(f"Fem meter åt {way}")
        self.sees(re.compile("Plats: flyttad av dig"))
        self.press("Klart")
        self.sees("Plats: flyttad av dig")

    # --- one recorder
    def counts(self, people: int, answers: dict[str, int]) -> None:
        """The recorder writes down how many said what; one tap too many is taken back."""
        self.heading("Vem antecknar?")
        self.press("Jag antecknar")
        self.heading("Hur många är ni?")
        self.press(re.compile(rf"^{people}$"))
        for word, n in answers.items():
            for _ in range(n):
                self.press(f"{word}, en till")
        self.sees(f"{people} av {people} har svarat")
        last = list(answers)[-1]
        self.press(f"{last}, en till")
        self.sees(f"{people + 1} svar, men ni är {people}. Stämmer det?")
        self.press(f"{last}, en färre")
        self.sees(f"{people} av {people} har svarat")

    def hands_in(self) -> None:
        self.goes_home()
        self.press("Karta")
        self.press("Till Lämna in")
        self.press("Lämna in")
        self.heading("Inlämnat. Tack!")
        expect(self.page.get_by_text("Allt är mottaget").first).to_be_visible()
