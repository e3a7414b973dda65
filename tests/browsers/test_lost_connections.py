"""Extras: the platform closes IndexedDB between any two operations, and the phone's camera app kills the page."""

import random
import re
from pathlib import Path

import pytest

from tests.browsers.conftest import NewContext
from tests.browsers.phone import Phone, Tab
from tests.browsers.site import Site

PHOTO = Path(__file__).parents[1] / "photos" / "canvas_srgb.jpg"
SEED = 20_261_125

# As iOS does with pages in the background: the connection is gone, and sometimes in the middle of a transaction.
_CLOSES = """
  let dice = %d;
  const roll = () => { dice = (Math.imul(dice, 1103515245) + 12345) >>> 0; return dice / 2 ** 32; };
  const transaction = IDBDatabase.prototype.transaction;
  let spared = 0;  // never twice in a row: the platform lets a page that has just opened its database use it
  const gone = (db) => {
    if (spared-- > 0) return false;
    spared = 4;
    sessionStorage.setItem("times closed", 1 + Number(sessionStorage.getItem("times closed")));
    db.close();
    db.dispatchEvent(new Event("close"));
    return true;
  };
  const apps = new WeakSet();  // the test's own reader asks for no version, and is left alone
  const open = IDBFactory.prototype.open;
  IDBFactory.prototype.open = function (...words) {
    const asked = open.apply(this, words);
    if (words[1] !== undefined) asked.addEventListener("success", () => apps.add(asked.result));
    return asked;
  };
  IDBDatabase.prototype.transaction = function (...words) {
    if (!apps.has(this)) return transaction.apply(this, words);
    if (roll() < 0.2) gone(this);
    const tx = transaction.apply(this, words);
    tx.addEventListener("complete", () => { if (roll() < 0.25) gone(this); });
    if (words[1] === "readwrite" && roll() < 0.1) {
      queueMicrotask(() => { try { if (gone(this)) tx.abort(); } catch {} });
    }
    return tx;
  };
"""


@pytest.mark.journey
@pytest.mark.law(1)
def test_a_database_closed_between_any_two_operations_costs_nothing(site: Site, a_context: NewContext) -> None:
    context = a_context()
    context.add_init_script(_CLOSES % random.Random(SEED).randrange(2**31))
    tab = Tab(context.new_page())
    phone = Phone(tab)
    phone.joins(site.link)
    for n in range(3):
        _writes(phone, f"Lampa {n}")
        _photographs(phone, tab, n + 1)
    taken = phone.read().taken
    assert len(taken.said["observations"]) == 6
    phone.hands_in()
    assert phone.waits_until_received().misses(taken) == []
    site.has_everything_once(taken)
    assert int(tab.run("async () => sessionStorage.getItem('times closed')")) > 10


def _writes(phone: Phone, text: str) -> None:
    phone.screen.go(phone.home + "notera")
    _says_what(phone)
    phone.screen.fill("textarea", text)
    phone.waits(lambda: _says(phone, text), "what was written was not saved")


def _photographs(phone: Phone, tab: Tab, photos: int) -> None:
    tab.go(phone.home + "kamera")
    phone.waits(lambda: bool(tab.run("async () => document.querySelector('video')?.videoWidth > 0")), "no camera")
    tab.press("Ta foto", exact=False)
    phone.waits(lambda: len(phone.read().photos) == photos, "the photo was not saved")
    _says_what(phone)
    tab.page.get_by_role("button", name="Ingen person i bilden").first.click()
    phone.waits(lambda: all(row["checked"] for row in phone.read().photos.values()), "not answered")


def _says_what(phone: Phone) -> None:
    """The key also tells how many times it was used at this stop before."""
    phone.screen.press("Ljus", exact=False)


def _says(phone: Phone, text: str) -> bool:
    return any(said["text"] == text for said in phone.read().findings.values())


@pytest.mark.journey
@pytest.mark.law(1)
def test_a_page_killed_while_the_camera_app_is_open_still_has_its_finding_and_takes_the_photo(
    site: Site, a_context: NewContext
) -> None:
    context = a_context()
    tab = Tab(context.new_page())
    phone = Phone(tab)
    phone.joins(site.link)
    tab.go(phone.home + "kamera")
    with tab.page.expect_file_chooser():
        tab.page.locator("label.filekey").first.click()
    phone.waits(lambda: "fynd=" in tab.url(), "the address does not name the finding")
    [begun] = phone.read().findings
    tab.reload()
    assert list(phone.read().findings) == [begun]
    assert re.search(rf"fynd={begun}", tab.url())
    with tab.page.expect_file_chooser() as asked:
        tab.page.locator("label.filekey").first.click()
    asked.value.set_files(PHOTO)
    phone.waits(lambda: len(phone.read().bytes) == 1, "the photo was not saved")
    found = phone.read()
    assert list(found.findings) == [begun]
    assert found.findings[begun]["photos"] == list(found.bytes)
