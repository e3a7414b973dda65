"""Scenario 9: rights end while the phone is out. Nothing is lost, nothing leaks, and a desk decides."""

import os
import sqlite3
import subprocess
import sys
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from tests.browsers.conftest import NewContext
from tests.browsers.desks import Desk
from tests.browsers.phone import Phone, Tab
from tests.browsers.proxy import Asked, CutAnswer, Fault
from tests.browsers.site import Site
from tests.journeys.presence_house import signs_in, taps


def _forgets_the_token(site: Site) -> None:
    """As when a phone has been away for longer than its token lives."""
    with sqlite3.connect(site.database, timeout=30) as db:
        db.execute("UPDATE devices SET token_hash = 'gone' WHERE kind = 'walk'")
    db.close()


def _is_paused(phone: Phone) -> bool:
    contact = phone.read().meta.get("contact")
    return contact is not None and contact["paused"] is not None


class LosesOneJoin:
    """The server has let the phone in, and the phone never hears so."""

    def __init__(self) -> None:
        self.lost = 0

    def __call__(self, asked: Asked) -> Fault | None:
        if self.lost or asked.method != "POST" or asked.path != "/api/join":
            return None
        self.lost += 1
        return CutAnswer(lambda length: length // 2)


@pytest.mark.journey
@pytest.mark.law(1)
def test_a_forgotten_phone_keeps_everything_and_delivers_it_when_another_volunteer_has_joined_on_it(
    site: Site, phone: Phone
) -> None:
    phone.joins(site.link, "Anna")
    taken = phone.fills(findings=3, photos=2, size=40_000)
    site.proxy.goes_down()
    phone.hands_in()
    device = phone.read().meta["identity"]["device"]
    _forgets_the_token(site)
    site.proxy.comes_up()
    phone.waits(lambda: _is_paused(phone), "the phone never heard that it is not known", also=phone.hears_the_network)
    before = site.proxy.asked_for_data()
    for _ in range(5):
        phone.hears_the_network()
    assert site.proxy.asked_for_data() - before <= 1  # it does not go on knocking
    found = phone.read()
    assert found.misses(taken) == []
    assert found.passages()["received"] + found.passages()["needs_you"] == 0

    lost = site.proxy.rule = LosesOneJoin()
    phone.screen.go(site.link)
    phone.screen.see("Ditt namn")
    phone.screen.fill("main input, form input", "Bo")
    phone.screen.press("Gå med")
    phone.waits(lambda: lost.lost == 1, "nobody asked to join")
    phone.screen.press("Gå med")
    phone.screen.see("Redo utan nät")
    assert phone.waits_until_received().misses(taken) == []
    site.has_everything_once(taken)
    assert phone.read().meta["identity"]["device"] == device
    assert [UUID(doc["id"]) for doc in site.docs("devices") if doc["kind"] == "walk"] == [UUID(device)]


@pytest.mark.journey
@pytest.mark.law(9)
def test_what_a_removed_phone_had_with_it_is_held_for_the_desk_and_seen_by_nobody_else(
    site: Site, a_context: NewContext
) -> None:
    removed, other = Phone(Tab(a_context().new_page())), Phone(Tab(a_context().new_page()))
    removed.joins(site.link, "Anna")
    other.joins(site.link, "Bo")
    taken = removed.fills(findings=2, photos=1, size=40_000)
    site.proxy.goes_down()
    removed.hands_in()
    desk = Desk(site, "samordnare@lidkoping")
    device = UUID(removed.read().meta["identity"]["device"])
    desk.acts("device.revoke", device, {"reason": "Telefonen är borttappad"})
    site.proxy.comes_up()
    removed.waits(lambda: _are_held(desk) >= 3, "nothing was held for the desk", also=removed.hears_the_network)
    assert removed.read().misses(taken) == []
    assert site.docs("observations") == []
    other.hears_the_network()
    other.waits(lambda: other.read().meta.get("contact", {}).get("last_answer_at") is not None, "no answer")
    known = other.screen.run("""async () => {
      const open = indexedDB.open("trygg-field");
      const db = await new Promise((y) => { open.onsuccess = () => y(open.result); });
      const asked = db.transaction("states").objectStore("states").getAll();
      return new Promise((y) => { asked.onsuccess = () => { db.close(); y(JSON.stringify(asked.result)); }; });
    }""")
    assert not any(str(id) in known for id in taken.said["observations"])


def _are_held(desk: Desk) -> int:
    return int(desk.get("/api/held")["count"])


@pytest.mark.journey
def test_a_secretarys_evening_arrives_though_the_password_was_changed_meanwhile(
    site: Site, a_context: NewContext
) -> None:
    page = a_context().new_page()
    page.goto(f"{site.url}/falt/")
    signs_in(page)
    page.get_by_role("link", name="Börja logga").click()
    expect(page.get_by_role("button", name="Gångtunneln vid Ösbyskolan", pressed=True)).to_be_visible()
    site.proxy.goes_down()
    for answer in ("6–15", "Lugn", "Nej", "Samtal", "Spara"):
        taps(page, answer)
    _is_saved(page)
    _changes_the_password(site)
    site.proxy.comes_up()
    phone = Phone(Tab(page))
    phone.waits(lambda: len(site.docs("presence")) == 1, "the entry never came", also=phone.hears_the_network)
    found = phone.read("falt")
    assert {row["passage"] for row in found.outbox} <= {"received", "sending"}


def _is_saved(page: Page) -> None:
    phone = Phone(Tab(page))
    phone.waits(lambda: len(phone.read("falt").outbox) == 2, "the entry is not in the outbox")


def _changes_the_password(site: Site) -> None:
    where = {"TRYGG_DATA_DIR": str(site.server.data), "TRYGG_DATABASE_URL": site.server.database_url}
    subprocess.run(
        [sys.executable, "-m", "trygghetsvandring.cli", "users", "password", "falt@lidkoping"],
        input="en-annan-lykta-i-natten\nen-annan-lykta-i-natten\n",
        env={**os.environ, **where},
        text=True,
        check=True,
        capture_output=True,
    )
