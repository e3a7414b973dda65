"""What goes back to those who walked: three departments, a private owner by link and another municipality's system.

Everybody works in a browser and by what stands on the screen; the other system is a second running server.
"""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from sqlalchemy import update

from tests.journeys.house import DESK, PATIENCE_MS, PHONE, Letters, Server
from tests.journeys.open311_towns import KEY, Town, until
from tests.journeys.staff import Desk
from tests.journeys.volunteer import Volunteer
from tests.quality.world import desk
from trygghetsvandring.demo import seed
from trygghetsvandring.domain.connections import partner_id
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.storage import municipalities, people
from trygghetsvandring.storage.people import User
from trygghetsvandring.storage.tables import jobs
from trygghetsvandring.storage.unit import Store

LAMP = "Trasig belysning"
SIGHT = "Svårt att överblicka platsen"
BUSHES = "Buskar skymmer sikten"
SHELTER = "Trasig busskur, otrygg hållplats"
SCRAWL = "Klotter"
# At which stop, under which tile, what.
LAMP_THERE = (2, "Ljus", LAMP)
ROUTED = (LAMP_THERE, (2, "Skymd sikt", SIGHT), (4, "Buskar och träd", BUSHES), (5, "Trasigt", SHELTER))
SCRAWLED = (6, "Skräp, klotter", SCRAWL)
_ALL = (LAMP, SIGHT, BUSHES, SHELTER, SCRAWL)

COORDINATOR, STREETS = "samordnare@lidkoping", "handlaggare@lidkoping"
HOUSES, PLANNERS = "fastighet@lidkoping", "stadsbyggnad@lidkoping"
_MORE_PEOPLE = (
    (HOUSES, "handler", "fastighet", "Handläggare, Kommunens fastigheter"),
    (PLANNERS, "department_head", "stadsbyggnad", "Chef, Stadsbyggnad"),
)
# What a step asks for, by what the form calls it.
_LABELS = {
    "person": "Vem? Ett lag eller en roll.",
    "public_text": "Svar som alla kan läsa",
    "next_owner": "Vem borde ha den?",
    "department": "Enhet",
    "explanation": "Varför just den enheten?",
    "planned_on": "Dag",
    "seen": "Vad såg du?",
}
_CHOSEN, _LISTED = ("reason", "extent"), ("next_owner", "department")
_TO_LOOK_AT = re.compile("^Titta på ")
OWNER = "forvaltaren@folketshus.example"
WAITS = "Vi väntar på en lampa från fabriken."
HALF = "Två av fyra lampor lyser."
WHOLE = "Alla fyra lampor lyser."
NOT_OURS = "Häcken hör till skolans tomt."
REFUSED = "Väggen bär bron. Den går inte att flytta."
CUT = "Häcken är klippt."
CLEANED = "Väggen är tvättad."
MENDED = "Glaset är bytt."


async def prepare(server: Server) -> None:
    """Two more departments sign in, and the other system may stand on loopback."""
    store = Store(server.database_url)
    async with store.write() as db:
        here = await municipalities.municipality(db, seed.MUNICIPALITY)
        like = await people.by_login(db, STREETS)
        assert here is not None
        assert like is not None
        await municipalities.keep(db, replace(here, own_networks=("127.0.0.0/8",)))
        for login, role, organisation, function in _MORE_PEOPLE:
            await people.add_user(db, _user(like, login, role, organisation, function))
    await store.close()


def _user(like: User, login: str, role: str, organisation: str, function: str) -> User:
    return replace(like, id=uuid7(), login=login, role=role, organisation=organisation, function=function)


@dataclass
class ReturnPath:
    server: Server
    letters: Letters
    other: Town
    browser: Browser
    people: dict[str, Page] = field(default_factory=dict)
    contexts: list[BrowserContext] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    # ------------------------------------------------------------------ who is there
    def at_desk(self, login: str) -> Desk:
        """Signed in once; then they come back to their desk."""
        if login not in self.people:
            self.people[login] = self._page(DESK)
            self.people[login].goto(f"{self.server.url}/desk/")
            Desk(self.people[login]).signs_in(login, seed.PASSWORD)
        return Desk(self.people[login])

    def on_a_walk(self, name: str, link: str) -> Volunteer:
        page = self.people[name] = self._page(PHONE)
        page.goto(link)
        phone = Volunteer(page)
        phone.joins(name)
        phone.starts_walking()
        return phone

    def _page(self, size: dict[str, int]) -> Page:
        context = self.browser.new_context(
            viewport={"width": size["width"], "height": size["height"]},
            geolocation={"latitude": 58.49503, "longitude": 13.17665, "accuracy": 9},
            permissions=["geolocation"],
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        return page

    # ------------------------------------------------------------------ what they found
    def walked(self) -> None:
        """Anna found five things along the way; Bo found the same lamp."""
        link: str = httpx.get(f"{self.server.url}/api/start").json()["walk"]["link"]
        anna = self.on_a_walk("Anna", link)
        for found in (*ROUTED, SCRAWLED):
            self._notes(anna, *found)
        anna.hands_in()
        bo = self.on_a_walk("Bo", link)
        self._notes(bo, *LAMP_THERE)
        bo.hands_in()

    def _notes(self, phone: Volunteer, stop: int, tile: str, category: str) -> None:
        phone.opens_stop(stop)
        phone.goes_home()
        phone.press("Notera utan foto")
        phone.press(re.compile(f"^{tile}"))
        phone.press(category)
        phone.press("Till vandringen")

    # ------------------------------------------------------------------ the coordinator sorts
    def sorted(self) -> None:
        """Four go where the rules say; the owner of a wall is asked; Bo's lamp belongs to Anna's."""
        coordinator = self.at_desk(COORDINATOR)
        for _stop, _tile, category in ROUTED:
            self._opens(coordinator, category)
            coordinator.press(re.compile("^Godta förslaget"))
            self._is_decided(coordinator)
        self._opens(coordinator, SCRAWL)
        coordinator.press(re.compile("^Gör åtgärd"))
        coordinator.field("Enhet").select_option(label="Annan fastighetsägare")
        coordinator.sees(re.compile("får säga nej"))
        coordinator.field("Varför just den enheten?").fill("Väggen hör till huset bredvid.")
        coordinator.button("Fråga ägaren").click()
        self._is_decided(coordinator)
        self._opens(coordinator, LAMP)
        coordinator.press(re.compile("^Lägg till åtgärd"))
        coordinator.button(re.compile("^Trasig belysning.*meter bort")).first.click()
        self._is_decided(coordinator)
        coordinator.sees("Inget nytt")

    def _opens(self, coordinator: Desk, category: str) -> None:
        coordinator.page.goto(f"{self.server.url}/desk/inkommet")
        coordinator.button(re.compile(f"^{category}")).last.click()
        expect(coordinator.page.get_by_role("heading", name=category)).to_be_visible()

    def _is_decided(self, coordinator: Desk) -> None:
        expect(coordinator.page.locator(".undo")).to_be_visible()

    # ------------------------------------------------------------------ the departments
    def takes(self, login: str, title: str, step: str, says: str, **fields: str) -> None:
        """One step on a task's page: `fields` by what the form calls them in the code, `says` when it is done."""
        at = self.opened(login, title)
        at.button(step).first.click()
        form = at.page.get_by_role("form", name=step)
        for label, value in fields.items():
            self._fills(form, label, value)
        form.locator("button[type=submit]").click()
        at.sees(says)

    def opened(self, login: str, title: str) -> Desk:
        at = self.at_desk(login)
        at.page.goto(f"{self.server.url}/desk/atgarder?status=all")
        at.link(title).first.click()
        at.heading(title)
        return at

    def _fills(self, form: Locator, label: str, value: str) -> None:
        if label in _CHOSEN:
            form.get_by_text(value, exact=True).click()
            return
        if label == "person":
            form.get_by_label("Vem gör det?").select_option(label="Någon annan")
        field = form.get_by_label(re.compile(f"^{re.escape(_LABELS[label])}")).first
        if label in _LISTED:
            field.select_option(label=value)
        else:
            field.fill(value)

    # ------------------------------------------------------------------ the owner who has no account
    def link_is_sent(self) -> str:
        """The coordinator sends it; returns what stands in the letter."""
        at = self.opened(COORDINATOR, SCRAWL)
        at.press("Skicka en länk")
        at.field("E-postadress").fill(OWNER)
        at.button("Skicka").click()
        at.sees("Länken skickas.")
        letter = until(lambda: next((it for _, to, it in self.letters.received if OWNER in to), None))
        found = re.search(rf"{re.escape(self.server.url)}/besked/\S+", letter.get_content())
        assert found
        return found.group()

    def owner(self, link: str) -> Desk:
        page = self.people.get(OWNER) or self._page(DESK)
        self.people[OWNER] = page
        page.goto(link)
        return Desk(page)

    # ------------------------------------------------------------------ the other municipality's system
    def is_partner(self) -> None:
        """Bus shelters go to the other town's own system, which is a stranger with a key."""
        coordinator = desk(self.server.url, COORDINATOR)
        sealed = httpx.post(
            f"{self.server.url}/api/connections/seal", json={"text": KEY}, headers=coordinator.headers, timeout=30
        ).json()["sealed"]
        partner: dict[str, Any] = {
            "organisation": "vasttrafik",
            "endpoint": self.other.open311,
            "sealed_key": sealed,
            "services": {"": "busskur"},
            "knows_repeats": True,
            "jurisdiction": seed.MUNICIPALITY,
        }
        coordinator.does("partner.set", str(partner_id(seed.MUNICIPALITY, "vasttrafik")), partner)

    def other_system_mends(self) -> None:
        """Their people sort it, publish it and say it is done; nobody there knows who sent it."""
        town = self.other

        def came() -> Any:
            rows = town.at_desk("/api/observations?limit=200")["observations"]
            return next((row for row in rows if row["category"] == "busskur"), None)

        theirs = until(came)["id"]
        town.coordinator.does("observation.review", theirs, {"category": "busskur", "severity": 2, "note": ""})
        shown = {"text": "Busskuren är trasig.", "place_words": "Tunneln", "photos": []}
        town.coordinator.does("publication.publish", theirs, shown)
        work = town.given_to(theirs, "gata-park")
        town.handler.does("task.accept", work, {"person": "Laget"})
        town.handler.does("task.finish", work, {"extent": "full", "public_text": MENDED, "photos": []})
        until(lambda: self._state_of(SHELTER) == "done", self._hurries)

    def _hurries(self) -> None:
        """What waits its quarter of an hour is due now. In a thread: the browser's own loop runs in this one."""

        async def run() -> None:
            store = Store(self.server.database_url)
            async with store.write() as db:
                due = update(jobs).where(jobs.c.done_at.is_(None), jobs.c.kind.like("open311%"))
                await db.execute(due.values(run_at=datetime.now(UTC)))
            await store.close()

        with ThreadPoolExecutor(1) as beside:
            beside.submit(asyncio.run, run()).result()

    # ------------------------------------------------------------------ going back to look
    def walked_again(self, name: str, seen: dict[str, str]) -> None:
        """A walk made of all that is said to be done; `seen` is one tap for each, and nothing else is asked for."""
        link = self._plans_to_look_again()
        phone = self.on_a_walk(name, link)
        phone.goes_home()
        phone.press(_TO_LOOK_AT)
        phone.heading(re.compile("är det lagat"))
        left = dict(seen)
        while True:
            phone.heading(re.compile("är det lagat"))
            for card in phone.page.locator("article.revisit").all():
                answer = card.get_by_role("button", name=left.pop(card.get_by_role("heading").inner_text()), exact=True)
                answer.click()
                expect(answer).to_have_attribute("aria-pressed", "true")
            if not left:
                break
            here = phone.page.url
            phone.press("Nästa stopp")
            expect(phone.page).not_to_have_url(here)
        expect(phone.link("Till Lämna in")).to_be_visible()  # no stop is left to look at
        phone.hands_in()

    def _plans_to_look_again(self) -> str:
        coordinator = self.at_desk(COORDINATOR)
        walk = next(it["id"] for it in self._asked("/api/walks")["walks"] if not it["name"].startswith("Åter"))
        coordinator.page.goto(f"{self.server.url}/desk/vandringar/{walk}/protokoll")
        soon = datetime.now().astimezone() + timedelta(minutes=30)
        coordinator.press("Planera återvandring")
        form = coordinator.page.locator("form").filter(has=coordinator.button("Planera återvandring"))
        form.get_by_label("Den som leder, förnamn").fill("Maria")
        form.get_by_label("Vi ses vid").fill("Tunneln")
        form.get_by_label("Börjar").fill(soon.strftime("%H:%M"))
        coordinator.press("Planera återvandring")
        coordinator.press("Inbjudan")
        coordinator.heading("Inbjudan")
        return coordinator.page.get_by_role("textbox").first.input_value()

    # ------------------------------------------------------------------ what those who walked are told
    def reads(self, name: str, until: dict[str, str]) -> dict[str, str]:
        """Every answer on this phone, by what it is about, once it says what it should; else what it said last."""
        phone = Volunteer(self.people[name])
        phone.page.goto(f"{self.server.url}/svar")
        phone.heading("Så gick det")
        told: dict[str, str] = {}
        for _ in range(80):
            phone.press("Hämta svar")
            phone.page.wait_for_timeout(250)
            told = {
                next(it for it in _ALL if one.locator("b, h2").first.inner_text().startswith(it)): one.inner_text()
                for one in phone.page.locator(".replyrow, article.reply").all()
            }
            if all(words in told.get(about, "") for about, words in until.items()):
                break
        return told

    # ------------------------------------------------------------------ facts
    def tasks(self) -> dict[str, Any]:
        return {row["title"]: row for row in self._asked("/api/tasks?limit=200")["tasks"]}

    def history(self, title: str) -> list[str]:
        """What happened to it, as the register has it."""
        whole = self._asked(f"/api/tasks/{self.tasks()[title]['id']}")
        return [event["type"] for event in whole["history"]]

    def _state_of(self, title: str) -> str:
        return str(self.tasks()[title]["state"])

    def _asked(self, path: str) -> Any:
        if not self.headers:
            self.headers = desk(self.server.url, COORDINATOR).headers
        answer = httpx.get(f"{self.server.url}{path}", headers=self.headers, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()
