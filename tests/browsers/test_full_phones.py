"""Scenario 7: the browser's quota is full while photo 7 is saved."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Browser, CDPSession, Playwright

from tests.browsers.conftest import FLAGS, NewContext
from tests.browsers.phone import Phone, Tab
from tests.browsers.site import Site
from tests.journeys.house import CHROMIUM

MB = 1_000_000
_TELLS_THE_ROOM = "--disable-features=StaticStorageQuota"
_SEES = "async () => (document.querySelector('video')?.videoWidth ?? 0) > 0"
_USAGE = "async () => (await navigator.storage.estimate()).usage"
# Asks for more than there is. The browser remembers for half a minute how much room there was; a refusal makes it look.
REFUSES = """async (size) => {
  const open = indexedDB.open("nothing of ours", 1);
  open.onupgradeneeded = () => open.result.createObjectStore("kept", { autoIncrement: true });
  const db = await new Promise((y) => { open.onsuccess = () => y(open.result); });
  const tx = db.transaction("kept", "readwrite");
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 65536) crypto.getRandomValues(bytes.subarray(at, Math.min(size, at + 65536)));
  const why = new Promise((y) => {
    tx.oncomplete = () => y("");
    tx.onabort = () => y(tx.error.name);
  });
  tx.objectStore("kept").add(bytes.buffer);
  const said = await why;
  db.close();
  return said === "QuotaExceededError";
}"""


def _has_room_for(devtools: CDPSession, site: Site, total: int) -> None:
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": site.url, "quotaSize": total})


def _writes_about(phone: Phone, text: str) -> UUID:
    before = phone.read().findings.keys()
    phone.screen.go(phone.home)
    phone.screen.press("Notera utan foto")
    phone.screen.press("Ljus")
    phone.screen.fill("textarea", text)
    phone.waits(lambda: any(said["text"] == text for said in phone.read().findings.values()), "the text was not saved")
    [new] = phone.read().findings.keys() - before
    return new


@pytest.mark.journey
def test_a_full_phone_says_so_keeps_the_words_and_every_earlier_photo(site: Site, a_context: NewContext) -> None:
    """As Chromium is: it tells the page of more room than there is, and only the write itself finds out."""
    context = a_context()
    tab = Tab(context.new_page())
    phone = Phone(tab)
    devtools = context.new_cdp_session(tab.page)
    _has_room_for(devtools, site, 40 * MB)
    phone.joins(site.link)
    earlier = phone.fills(findings=6, photos=6, size=400_000)
    seventh = _writes_about(phone, "Lampan är trasig")

    tab.go(f"{phone.home}kamera?fynd={seventh}")
    phone.waits(lambda: bool(tab.run(_SEES)), "no camera")
    _has_room_for(devtools, site, MB)
    assert tab.run(REFUSES, 60 * MB)
    tab.press("Ta foto", exact=False)
    tab.see("Telefonen är full")
    found = phone.read()
    assert found.misses(earlier) == []
    assert found.findings[seventh]["text"] == "Lampan är trasig"
    assert found.findings[seventh]["photos"] == []
    assert len(found.photos) == len(found.bytes) == 6

    _has_room_for(devtools, site, 1_000 * MB)
    tab.press("Försök igen")
    phone.waits(lambda: len(phone.read().photos) == 7, "the photo on the screen was not saved when there was room")
    tab.go(f"{phone.home}fynd/{seventh}/mer")
    tab.press("Ingen person i bilden")
    phone.waits(lambda: all(row["checked"] for row in phone.read().photos.values()), "the answer was not kept")
    taken = phone.read().taken
    phone.hands_in()
    phone.waits_until_received()
    site.has_everything_once(taken)


@pytest.fixture
def open_handed(playwright: Playwright) -> Iterator[Browser]:
    """A Chromium that tells the page how much room there is."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, _TELLS_THE_ROOM])
    yield browser
    browser.close()


@pytest.mark.journey
@pytest.mark.law(18)
def test_a_full_phone_makes_room_only_of_photos_that_are_proven_to_be_with_the_municipality(
    site: Site, open_handed: Browser
) -> None:
    context = open_handed.new_context(locale="sv-SE", permissions=["geolocation", "camera"])
    tab = Tab(context.new_page())
    phone = Phone(tab)
    devtools = context.new_cdp_session(tab.page)
    phone.joins(site.link)
    earlier = phone.fills(findings=6, photos=6, size=400_000)
    site.proxy.goes_down()
    phone.hands_in()
    _has_room_for(devtools, site, int(tab.run(_USAGE)) + MB)
    _looks_through_the_camera(phone)
    tab.see("Telefonen är full")
    assert phone.read().misses(earlier) == []  # handed in, and proven nowhere

    site.proxy.comes_up()
    phone.waits_until_received()
    _waits_until_proven(phone)
    unproven = phone.fills(findings=1, photos=1, size=400_000, seed=2)
    newest = unproven.photos.keys() - earlier.photos.keys()
    _looks_through_the_camera(phone)
    phone.waits(lambda: set(phone.read().bytes) == newest, "proven photos did not make way")
    assert phone.read().misses(unproven) == [f"photo {id}" for id in unproven.photos if id not in newest]
    site.has_everything_once(earlier)
    context.close()


def _looks_through_the_camera(phone: Phone) -> None:
    phone.screen.go(f"{phone.home}kamera")


def _waits_until_proven(phone: Phone) -> None:
    def is_proven() -> bool:
        return all(row["proved_at"] is not None for row in phone.read().photos.values())

    phone.waits(is_proven, "the photos were never proven", also=phone.hears_the_network)
