"""The evening, step by step, as people do it. Each step says what was seen on a screen, never in a database.

The verdict (`proof.py`) is read from the phone's IndexedDB and the server's database and files.
"""

import re
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.house import DESK, PHONE, Chromium, Letters, Server
from tests.journeys.presence_house import Phone, signs_in, taps, taps_so_far
from tests.journeys.proof import Taken, logged, read_phone, taken_on_phone, unreceived
from tests.journeys.staff import Desk
from tests.journeys.volunteer import Volunteer
from tests.journeys.wire import Wire

PASSWORD = "lykta-i-natten"
WALK = "Margretelund, fredag kväll"
PLAN = {
    "Var": "Margretelund",
    "Dag": "2026-11-27",
    "Börjar": "19:00",
    "Slutar": "20:30",
    "Ledare": "Maria",
    "Samlas vid": "MG Fritidsgård",
}
TUNNEL = "Gångtunneln vid Ösbyskolan"
STAIRS = "Trappan vid kanalen"
STAIRS_AT = (58.5052, 13.1578)
CAR_PARK = "Parkeringen bakom hallen"
BROKEN = Path(__file__).parents[1] / "photos" / "fuji_gps.jpg"
AFTER = Path(__file__).parents[1] / "photos" / "canvas_srgb.jpg"
SEND_PHOTO = "Använd fotot"
PHOTO_IS_HERE = "Fotot är mottaget."
REFUSAL = "Buskarna får stå kvar. Fåglar bor i dem till augusti."
CABINET = "Öppet elskåp, fel på el"
DUTY_PHONE = "0510-00 00 00"
DUTY = "jour@lidkoping.example"


@dataclass
class Evening:
    server: Server
    letters: Letters
    desk_browser: Chromium
    phone_browser: Chromium
    screens: Path
    figures: dict[str, float] = field(default_factory=dict)
    link: str = ""
    taken: Taken | None = None

    # ------------------------------------------------------------------ 1. the coordinator
    def plans(self) -> None:
        desk = self.opens_desk("samordnare@lidkoping")
        desk.begins_a_plan({**PLAN, "Namn": WALK})
        for place in ("Nya Stadens torg", "MG Fritidsgård", TUNNEL):
            desk.adds_stop(place)
        desk.adds_stop_at(STAIRS, f"{STAIRS_AT[0]} {STAIRS_AT[1]}".replace(".", ","))
        desk.adds_stop_on_the_map(CAR_PARK)
        desk.press("MG Fritidsgård")
        desk.press("Flytta upp MG Fritidsgård")
        desk.sees("Mörkt hela vandringen")
        desk.sees(re.compile("Solen går ner 15.26. Skymningen slutar 16.16"))
        desk.page.get_by_text("Egna telefoner", exact=True).click()
        self.link = desk.makes_the_invitation(self.server.url)
        desk.opens_the_sheet(self.link, ["MG Fritidsgård", "Nya Stadens torg", TUNNEL, STAIRS, CAR_PARK])
        desk.signs_out()

    # ------------------------------------------------------------------ 2. the volunteer joins, and the network is gone
    def joins(self) -> Volunteer:
        phone = Volunteer(self.phone_browser.open(self.link, PHONE))
        self.figures["taps from link to ready"] = 1 + phone.joins("Anna")  # opening the link is the first
        phone.starts_walking()
        phone.heading("Stopp 1 av 5")
        return phone

    def loses_the_network_and_the_app(self) -> Volunteer:
        """The server is stopped and the browser killed; the same profile is opened again with nothing there."""
        self.server.stop()
        self.phone_browser.kill()
        return self.opens_the_app()

    def opens_the_app(self, *, camera: bool = True) -> Volunteer:
        phone = Volunteer(self.phone_browser.open(self.server.url + "/", PHONE, camera=camera))
        phone.heading(re.compile(r"Stopp \d av 5"))
        return phone

    # ------------------------------------------------------------------ 3. capture
    def feels_and_answers(self, phone: Volunteer) -> None:
        """Stop 1: the feeling first, then two items, the last of which is a good thing. The screen is red by then."""
        phone.turns_the_screen_red()
        phone.page.get_by_role("link", name=re.compile("^MG Fritidsgård")).click()
        phone.heading("Hur känns det för dig här?")
        expect(phone.page.get_by_text(re.compile("I fjol|Prata nu"))).to_have_count(0)
        phone.press("Otrygg")
        phone.heading("Prata nu i gruppen")
        phone.press("Vidare")
        phone.heading("Centrum")
        phone.tap(phone.button("Nej").nth(0))
        phone.tap(phone.button("Ja").nth(6))
        phone.sees("2 av 7 svar")
        phone.saved()

    def photographs_the_tunnel(self, phone: Volunteer) -> None:
        phone.goes_home()
        phone.press("Karta")
        phone.tap(phone.button(re.compile(f"Stopp 3. {TUNNEL}")))
        phone.press("Otrygg")
        phone.goes_home()
        before = phone.taps
        phone.press("Fotografera")
        phone.press(re.compile("^Ta foto"))
        phone.press(re.compile("^Ljus"))
        self.figures["taps: a photo with a category"] = phone.taps - before
        self._shot(phone.page, "fynd")
        phone.masks()
        phone.press("Mörk eller trång tunnel")
        phone.press("2 Tydlig brist")
        phone.types_a_personnummer(instead="Mörkt i nästan hela tunneln")
        phone.press("Till vandringen")

    def notes_without_a_photo(self, phone: Volunteer) -> None:
        """A lamp at the same place, loud music, and one thing between the stops with a place in words."""
        phone.goes_home()
        phone.press("Notera utan foto")
        phone.press(re.compile("^Ljus"))
        phone.press("Trasig belysning")
        phone.press("Till vandringen")
        phone.press("Notera utan foto")
        phone.press("Ljud, utan foto")
        phone.press("Till vandringen")
        phone.press("Notera utan foto")
        phone.press("Buskar och träd")
        phone.page.get_by_label("Plats i ord").fill("Vid trappan till skolan")
        phone.press("Till vandringen")
        phone.saved()

    def chooses_a_photo_and_moves_it(self, phone: Volunteer) -> None:
        """The camera is denied, and the phone has put the bench in the wrong place."""
        phone.goes_home()
        phone.chooses_a_photo(BROKEN)
        phone.press(re.compile("^Trasigt"))
        phone.press("Ingen person i bilden")
        phone.moves_it(4, STAIRS, {"norr": 2, "öster": 1})
        phone.press("Till vandringen")
        phone.saved()

    def meets_danger(self, phone: Volunteer) -> None:
        """An open cabinet: 112, the duty number, and that nobody reads the app tonight. Then sent alone."""
        phone.goes_home()
        phone.press("Notera utan foto")
        phone.press("Fara nu")
        phone.heading("Är någon i fara? Ring 112.")  # at once, before anything more is asked
        phone.press("Ändra")
        phone.press(CABINET)
        phone.heading("Är någon i fara? Ring 112.")
        phone.sees(DUTY_PHONE)
        phone.sees("Ingen läser appen i kväll.")
        phone.tap(phone.button(re.compile("^Ringt")))
        self._shot(phone.page, "fara")
        phone.press("Lämna in nu")
        phone.sees("Väntar på nät")

    def deletes_a_draft(self, phone: Volunteer) -> None:
        """Before hand-in a draft is deleted freely, and nobody ever hears of it."""
        phone.goes_home()
        phone.press("Notera utan foto")
        phone.press("Skymd sikt")
        phone.press("Ta bort")
        phone.press("Ja, ta bort")
        phone.sees("Borttaget")  # not before: whoever shuts the app at once has perhaps not taken it away
        phone.goes_home()

    # ---------------------------------------------------------------- 4-5. the network returns, and everything arrives
    def network_returns(self, phone: Volunteer) -> None:
        """The danger leaves first and alone; its letter is at the duty within a minute of the receipt."""
        self.server.start()
        phone.hears_the_network()
        deadline = time.time() + 60
        # The coordinator may get letters of their own, by the day of the year.
        while not (told := [it for it in self.letters.received if DUTY in it[1]]) and time.time() < deadline:
            phone.page.wait_for_timeout(100)
        came, to, letter = told[0]
        assert to == [DUTY]
        assert "Ingen har läst detta" in letter.get_content()
        self.figures["seconds from receipt to the duty's letter"] = round(came - self._receipt_time(phone), 2)

    def _receipt_time(self, phone: Volunteer) -> float:
        """When the server says it received the danger, from the phone's own outbox."""
        deadline = time.time() + 60
        while not (times := _receipts(phone)) and time.time() < deadline:
            phone.page.wait_for_timeout(100)  # the letter may be here before the phone has written the answer down
        return datetime.fromisoformat(min(times)).timestamp()

    def hands_in(self, phone: Volunteer) -> None:
        """One deliberate act. The server is killed twice while it receives, and starts again."""
        self.taken = taken_on_phone(phone.page)
        phone.goes_home()
        phone.press("Karta")
        phone.press("Till Lämna in")
        phone.sees(re.compile("Det du lämnar in blir allmän handling"))
        self._shot(phone.page, "lamna-in")
        self._dies_with_the_answer_unsaid(phone)
        self._dies_in_the_middle_of_a_photo(phone)
        self.server.start()
        phone.hears_the_network()
        expect(phone.page.get_by_text("Allt är mottaget").first).to_be_visible()
        phone.press("Se hur det går")
        expect(phone.page.get_by_role("main")).to_contain_text(re.compile(r"Kvitto\s+LK-\d+, läses\s+\S+dag"))
        expect(phone.page.get_by_text(re.compile(r"Mottaget\s+kl\."))).to_have_count(9)
        self._shot(phone.page, "mottaget")

    def _dies_with_the_answer_unsaid(self, phone: Volunteer) -> None:
        """The operations are stored and the phone cannot know it: everything will be sent again."""
        with Wire(self.server, b"POST /sync/push", "answering") as wire:
            phone.press("Lämna in")
            phone.heading("Inlämnat. Tack!")
            cut = wire.wait(phone.page, 30)
        assert cut.passed == cut.promised > 0
        assert logged(self.server, "walk.hand_in") == 1
        left = unreceived(phone.page)
        assert len(left) == 12, left  # 2 feelings, 2 answers, 5 findings, 2 photos, and that this was all
        self.figures["operations sent again after the kill"] = len(left)

    def _dies_in_the_middle_of_a_photo(self, phone: Volunteer) -> None:
        with Wire(self.server, b"PATCH /uploads/", "receiving") as wire:
            phone.hears_the_network()
            cut = wire.wait(phone.page, 60)
        assert 0 < cut.passed < cut.promised
        expect(phone.page.get_by_text("Allt är mottaget")).to_have_count(0)
        self.figures["bytes of the photo that had come at the kill"] = cut.passed
        self.figures["bytes of the photo that had not"] = cut.promised - cut.passed

    # ------------------------------------------------------------------ 6. the coordinator sorts
    def sorts(self) -> None:
        desk = self.opens_desk("samordnare@lidkoping")
        self._finding(desk, "Mörk eller trång tunnel")
        desk.sees(re.compile("Förslag: Gata och park. Ljus i gångtunnlar lagas före andra lampor"))
        self._shot(desk.page, "inkommet")
        self._makes_a_task(desk, "Mörk eller trång tunnel")
        self._finding(desk, "Trasig belysning")
        desk.press(re.compile("^Lägg till åtgärd"))
        desk.button(re.compile("meter bort")).first.click()
        expect(desk.button(re.compile("^Trasig belysning"))).to_have_count(0)
        self._finding(desk, "Störande ljud")
        expect(desk.button(re.compile("^Gör åtgärd"))).to_have_count(0)
        desk.press(re.compile("Till lägesbilden"))
        desk.button(re.compile("Till lägesbilden")).last.click()
        expect(desk.button(re.compile("^Störande ljud"))).to_have_count(0)
        self._finding(desk, CABINET)
        desk.sees(re.compile("Ringt kl"))
        desk.sees(re.compile("Förslag: Lidköping Energi"))
        self._makes_a_task(desk, CABINET)
        self._finding(desk, "Buskar och träd")
        desk.sees(re.compile("Vid trappan till skolan"))
        self._makes_a_task(desk, "Buskar och träd")
        desk.signs_out()

    # ------------------------------------------------------------------ 7. the department answers
    def mends(self) -> None:
        desk = self.opens_desk("handlaggare@lidkoping")
        self._task(desk, "Mörk eller trång tunnel")
        self._arrow(desk, "Ta emot", {re.compile("Vem gör"): "Belysningsgruppen"})
        desk.sees("Åtgärden är er nu.")
        desk.press("Sätt datum")
        desk.page.locator("form input[type=date]").fill("2026-11-30")
        desk.press("Spara datum")
        desk.sees("Datumet är satt.")
        desk.press("Åtgärdat")
        desk.page.locator("input[type=file]").first.set_input_files(AFTER)
        self._sends_the_photo(desk)
        desk.page.get_by_role("textbox", name=re.compile("Svar som alla kan läsa")).fill(
            "Vi har bytt tre lampor i tunneln."
        )
        desk.press("Säg att det är åtgärdat")
        desk.sees("Åtgärdat. Någon annan går dit och ser efter.")
        expect(desk.button("Bekräfta på plats")).to_have_count(0)  # the closer never confirms
        self._shot(desk.page, "atgard")
        desk.signs_out()

    def refuses(self) -> None:
        """Not without a reason that everyone may read, and only by the department's head."""
        desk = self.opens_desk("arbetsledare@lidkoping")
        self._task(desk, "Buskar och träd")
        self._arrow(desk, "Ta emot", {re.compile("Vem gör"): "Arbetsledaren"})
        desk.sees("Åtgärden är er nu.")
        desk.press("Görs inte")
        desk.press("Säg att det inte görs")
        expect(desk.page.get_by_text("Beslutet är sparat.")).to_have_count(0)
        public = desk.page.get_by_role("textbox", name=re.compile("Svar som alla kan läsa"))
        public.fill("Ring Anna på 070-123 45 67")
        desk.press("Säg att det inte görs")
        expect(desk.page.get_by_text("Beslutet är sparat.")).to_have_count(0)
        public.fill(REFUSAL)
        desk.press("Säg att det inte görs")
        desk.sees("Beslutet är sparat.")
        desk.signs_out()

    # ------------------------------------------------------------------ 8. days later, without an account
    def hears_back(self) -> None:
        phone = self.opens_the_app()
        phone.press("Karta")
        phone.press("Så gick det")
        phone.sees("Åtgärdat enligt Gata och park")
        phone.sees("Görs inte")
        phone.sees(REFUSAL)
        phone.sees("Hos Lidköping Energi")
        phone.sees("Med i kommunens lägesbild")
        self._shot(phone.page, "svar")
        phone.press("Ja, bra")
        phone.sees("Tack för svaret!")
        expect(phone.page.get_by_text(re.compile("Åtgärdat, bekräftat på plats")).first).to_be_visible()

    # ---------------------------------------------------------------- 9. the field secretary, and the wall
    def logs_presence(self) -> None:
        secretary = Phone(self.phone_browser.playwright, self.server.data / "secretary", self.server.url)
        page = secretary.open()
        signs_in(page)
        page.get_by_role("link", name="Börja logga").click()
        expect(page.get_by_role("button", name="Nya Stadens torg", pressed=True)).to_be_visible()
        self.server.stop()
        before = taps_so_far(page)
        for answer in ("Nya Stadens torg", "6–15", "Lugn", "Nej", "Samtal", "Spara"):
            taps(page, answer)
        self.figures["taps: a presence entry"] = taps_so_far(page) - before
        expect(page.get_by_text("Sparat på telefonen").nth(1)).to_be_visible()
        secretary.close()
        page = secretary.open("/falt/kvallen")
        expect(page.get_by_role("listitem").filter(has_text="Nya Stadens torg")).to_contain_text("Väntar på nät.")
        self.server.start()
        entry = page.get_by_role("listitem").filter(has_text="Nya Stadens torg")
        expect(entry).to_contain_text("Mottaget kl.", timeout=90_000)
        assert secretary.faults == []
        secretary.close()
        desk = self.opens_desk("samordnare@lidkoping")
        desk.press("Närvaro")
        desk.sees("6–15")
        desk.signs_out()
        for login in ("handlaggare@lidkoping", "butik@lidkoping"):
            asked = self._status(login, "/api/presence/sums?from=2026-11-01&to=2026-11-30")
            assert asked == 404, f"{login} was answered {asked}"

    def _status(self, login: str, path: str) -> int:
        """The HTTP status a signed-in person gets, asked from their own desk."""
        desk = self.opens_desk(login)
        status = int(desk.page.evaluate("async (path) => (await fetch(path)).status", path))
        desk.signs_out()
        return status

    # ------------------------------------------------------------------ the same few gestures
    def opens_desk(self, login: str) -> Desk:
        if self.desk_browser.process is None:
            page = self.desk_browser.open(self.server.url + "/desk/", DESK, dark=False)
        else:
            assert self.desk_browser.browser is not None
            page = self.desk_browser.browser.contexts[0].pages[0]
            page.goto(self.server.url + "/desk/")
        desk = Desk(page)
        desk.signs_in(login, PASSWORD)
        return desk

    def _finding(self, desk: Desk, name: str) -> None:
        desk.press("Inkommet")
        desk.button(re.compile(f"^{name}")).first.click()
        expect(desk.page.get_by_role("heading", name=name)).to_be_visible()

    def _makes_a_task(self, desk: Desk, name: str) -> None:
        desk.press(re.compile("^Gör åtgärd"))
        desk.button("Gör åtgärd").last.click()
        expect(desk.button(re.compile(f"^{name}"))).to_have_count(0)

    def _task(self, desk: Desk, title: str) -> None:
        desk.press("Åtgärder")
        desk.link(title).first.click()
        desk.heading(title)

    def _arrow(self, desk: Desk, name: str, fields: dict[re.Pattern[str], str], send: str | None = None) -> None:
        desk.press(name)
        for label, value in fields.items():
            desk.fills(label, value)
        desk.button(send or name).last.click()

    def _sends_the_photo(self, desk: Desk) -> None:
        """The handler looks at the picture first; only then does it leave the desk."""
        desk.sees(re.compile("Finns det människor eller bilnummer i bilden"))
        desk.press(SEND_PHOTO)
        desk.sees(PHOTO_IS_HERE)

    def _shot(self, page: Page, name: str) -> None:
        page.screenshot(path=str(self.screens / f"{name}.png"))


def _receipts(phone: Volunteer) -> list[str]:
    return [row["receipt"]["received_at"] for row in read_phone(phone.page)["outbox"] if row.get("receipt")]
