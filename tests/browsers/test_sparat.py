"""Bar 6: the browser is killed at random moments around "Sparat". What the screen said is there, byte for byte.

The page itself tells the proxy what its screen says, with the bytes' hash as they were handed to the database; the kill
takes whatever was still in memory. Then the same profile is opened with no network, and IndexedDB is read.
"""

import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import pytest
from playwright.sync_api import Error

from tests import profile
from tests.browsers.phone import Phone
from tests.browsers.profiles import Pocket
from tests.browsers.proxy import Asked, Fault, Say
from tests.browsers.site import Site

KILLS = profile.pick(quick=3, ci=20, night=500)
SEED = 20_261_124
# A third of the kills falls before the word, from just before the tap; a third about when the screen first took to say
# it; a third when the word has been heard, and at most so much later.
MOMENTS = ("before", "about", "after")
EARLIEST_S = -0.03
BEFORE = 0.6
ABOUT = 1.4
LATEST_S = 0.08
Blow = threading.Thread
_HEARD = Say(b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

# Hashes what is put into "bytes", and tells what the screen says the moment it says so.
_TELLS = """
  const fnv = (buffer) => {
    let hash = 0x811c9dc5;
    for (const byte of new Uint8Array(buffer)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
    return hash;
  };
  const photos = {};
  // A slow medium: the transaction is not done as long as something is asked in it.
  const holds = (store, until) => {
    store.count().onsuccess = () => performance.now() < until && holds(store, until);
  };
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (value, ...rest) {
    if (this.name === "bytes") {
      photos[value.id] = fnv(value.bytes);
      if (window.tellsAtOnce) {
        tell(value.id);
        holds(this, performance.now() + 5000);
      }
    }
    return put.call(this, value, ...rest);
  };
  const told = new Set();
  const tell = (what) => {
    if (told.has(what)) return;
    told.add(what);
    navigator.sendBeacon("/told/" + encodeURIComponent(JSON.stringify({ what, photos })));
  };
  // The finding's own screen says "Sparat" about it, and the address names it.
  new MutationObserver(() => {
    const at = location.pathname.match(/^\\/fynd\\/([0-9a-f-]+)(\\/mer)?$/);
    if (!at || !document.querySelector("main, .app")?.innerText.includes("Sparat")) return;
    tell(at[2] ? at[1] + " with its category" : at[1]);
  }).observe(document, { subtree: true, childList: true, characterData: true });
"""
_TAP = "async () => { [...document.querySelectorAll('button.shutter')][0].click(); }"
_WHAT_IS_THERE = """async () => {
  const open = indexedDB.open("trygg-field");
  const db = await new Promise((y) => { open.onsuccess = () => y(open.result); });
  const all = (store) => new Promise((y) => {
    const asked = db.transaction(store).objectStore(store).getAll();
    asked.onsuccess = () => y(asked.result);
  });
  const fnv = (buffer) => {
    let hash = 0x811c9dc5;
    for (const byte of new Uint8Array(buffer)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
    return hash;
  };
  const found = {
    drafts: Object.fromEntries((await all("drafts")).map((row) => [row.id, row.draft])),
    photos: Object.fromEntries((await all("bytes")).map((row) => [row.id, fnv(row.bytes)])),
  };
  db.close();
  return found;
}"""


@dataclass
class Claims:
    """What the screen has said is saved, as the proxy heard it before the kill."""

    said: dict[str, dict[str, int]] = field(default_factory=dict)
    heard: threading.Event = field(default_factory=threading.Event)

    def __call__(self, asked: Asked) -> Fault | None:
        if not asked.path.startswith("/told/"):
            return None
        claim = json.loads(unquote(asked.path.removeprefix("/told/")))
        self.said[claim["what"]] = claim["photos"]
        self.heard.set()
        return _HEARD

    def has_heard(self, times: int, seconds: float) -> None:
        """Waits until so much has been said, or for so long."""
        deadline = time.monotonic() + seconds
        while len(self.said) < times and time.monotonic() < deadline:
            time.sleep(0.002)

    def lost(self, found: dict[str, Any]) -> list[str]:
        """What was said to be saved and is not there, or not the same."""
        return [what for what, photos in self.said.items() if not _is_there(what, photos, found)]


def _is_there(what: str, photos: dict[str, int], found: dict[str, Any]) -> bool:
    id, _, more = what.partition(" ")
    if id in photos:  # the control's claim is about the photo alone
        return bool(found["photos"].get(id) == photos[id])
    draft = found["drafts"].get(id)
    if draft is None or (more and draft["category"] is None):
        return False
    return all(found["photos"].get(photo) == photos.get(photo, found["photos"].get(photo)) for photo in draft["photos"])


def _ready(site: Site, pocket: Pocket) -> None:
    """Joined, stored on the phone, and then there is no network but the one that hears what is told."""
    pocket.opens(site.link).joins()
    pocket.is_killed()
    site.stops()


def _opens_the_camera(pocket: Pocket, url: str, script: str = _TELLS) -> Phone:
    phone = pocket.opens(url + "/kamera", script)
    phone.waits(
        lambda: phone.screen.run("async () => (document.querySelector('video')?.videoWidth ?? 0) > 0"), "no camera"
    )
    return phone


def _takes_to_say_so(phone: Phone, claims: Claims) -> float:
    """Seconds from a tap that nothing happens to until the screen says that it is saved."""
    claims.heard.clear()
    tapped = time.monotonic()
    phone.screen.run(_TAP)
    phone.waits(claims.heard.is_set, "the screen never said that it was saved")
    return time.monotonic() - tapped


def _blow(pocket: Pocket, claims: Claims, moment: str, dice: random.Random, takes_s: float, words: int) -> Blow:
    """What will kill the phone. It is set going -EARLIEST_S before the tap, so that it may come before it."""
    if moment == "after":
        return threading.Thread(
            target=_strikes_after_the_word,
            args=(pocket, claims, len(claims.said) + words, dice.uniform(0, LATEST_S)),
        )
    earliest, latest = (EARLIEST_S, BEFORE * takes_s) if moment == "before" else (BEFORE * takes_s, ABOUT * takes_s)
    return threading.Timer(dice.uniform(earliest, latest) - EARLIEST_S, pocket.is_struck)


def _strikes_after_the_word(pocket: Pocket, claims: Claims, times: int, later_s: float) -> None:
    claims.has_heard(times, 30)
    time.sleep(later_s)
    pocket.is_struck()


def _taps_and_dies(phone: Phone, pocket: Pocket, blow: Blow, then: str | None) -> None:
    blow.start()
    time.sleep(-EARLIEST_S)
    try:
        phone.screen.run(_TAP)
        if then is not None:
            phone.screen.press(then)
        while blow.is_alive():
            phone.screen.run("async () => new Promise((y) => setTimeout(y, 20))")
    except Error:
        pass  # it died in mid-sentence, which is what it is here for
    blow.join()
    pocket.is_killed()


@pytest.mark.journey
@pytest.mark.law(1)
def test_what_the_screen_said_is_saved_outlives_a_killed_browser(
    site: Site, pocket: Pocket, capsys: pytest.CaptureFixture[str]
) -> None:
    dice = random.Random(SEED)
    claims = site.proxy.rule = Claims()
    _ready(site, pocket)
    lost: list[str] = []
    heard: Counter[str] = Counter()
    phone = _opens_the_camera(pocket, site.url)
    takes = _takes_to_say_so(phone, claims)
    pocket.is_killed()
    phone = _opens_the_camera(pocket, site.url)
    start = time.monotonic()
    for kill in range(KILLS):
        before, moment, then = len(claims.said), MOMENTS[kill % 3], "Ljus" if kill % 2 else None
        blow = _blow(pocket, claims, moment, dice, takes, words=2 if then else 1)
        _taps_and_dies(phone, pocket, blow, then)
        heard[moment] += len(claims.said) > before
        phone = _opens_the_camera(pocket, site.url)
        found = phone.screen.run(_WHAT_IS_THERE)
        lost += claims.lost(found)
    each = (time.monotonic() - start) / KILLS
    with capsys.disabled():
        print(
            f"\n  {KILLS} kills (seed {SEED}), {len(claims.said)} times said saved, {len(lost)} lost, {each:.2f} s each"
            f"\n  the word was out in {dict(heard)}"
        )
    assert lost == []
    assert heard["after"] == len(range(2, KILLS, 3))


@pytest.mark.journey
def test_the_harness_sees_a_screen_that_says_saved_too_early(site: Site, pocket: Pocket) -> None:
    """A page that says so when it hands the bytes over, before the medium has them, is found out."""
    claims = site.proxy.rule = Claims()
    _ready(site, pocket)
    for _ in range(10):
        claims.heard.clear()
        phone = _opens_the_camera(pocket, site.url, "window.tellsAtOnce = true;" + _TELLS)
        blow = threading.Thread(target=_strikes_when_told, args=(claims, pocket))
        blow.start()
        _taps_and_dies_at(phone, blow)
        pocket.is_killed()
        phone = _opens_the_camera(pocket, site.url)
        found = phone.screen.run(_WHAT_IS_THERE)
        pocket.is_killed()
        if claims.lost(found):
            return
    raise AssertionError("ten early words, and every one was true")


def _strikes_when_told(claims: Claims, pocket: Pocket) -> None:
    claims.heard.wait(20)
    pocket.is_struck()


def _taps_and_dies_at(phone: Phone, blow: threading.Thread) -> None:
    try:
        phone.screen.run(_TAP)
        while blow.is_alive():
            phone.screen.run("async () => new Promise((y) => setTimeout(y, 20))")
    except Error:
        pass
    blow.join()
