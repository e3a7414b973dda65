"""Forty photos in one evening: the database is closed under the app, the browser dies in the middle of a photo, the
quota is hit, and the wire is as slow as 3G. Nothing is lost, and every digest is the same.
"""

import time

import pytest
from playwright.sync_api import CDPSession, Error

from tests.browsers.lives import ChromiumLife
from tests.browsers.phone import Phone, Tab
from tests.browsers.profiles import Pocket
from tests.browsers.proxy import Asked, CutRequest, Fault
from tests.browsers.site import Site
from tests.browsers.test_full_phones import REFUSES

PHOTOS, SIZE = 40, 20_000
UP_BYTES_S = 94_000  # 750 kbit/s
# What a browser does to a page when its storage fails: the connection is closed, and the page hears of it.
_REMEMBERS = """(() => {
  const open = IDBFactory.prototype.open;
  globalThis.connections = [];
  IDBFactory.prototype.open = function (...given) {
    const asked = open.apply(this, given);
    asked.addEventListener("success", () => globalThis.connections.push(asked.result));
    return asked;
  };
})()"""
_CLOSES = """async () => {
  for (const db of globalThis.connections.splice(0)) {
    db.close();
    db.dispatchEvent(new Event("close"));
  }
}"""


class Trouble:
    """The third and the ninth piece of a photo are cut in the middle; with the third the phone dies too."""

    def __init__(self, life: ChromiumLife) -> None:
        self.life = life
        self.pieces = 0

    def __call__(self, asked: Asked) -> Fault | None:
        if not asked.is_("PATCH", "/uploads/"):
            return None
        self.pieces += 1
        if self.pieces == 3:
            return CutRequest(asked.length // 2, self.life.strike)
        return CutRequest(asked.length // 3) if self.pieces == 9 else None


def _has_room_for(devtools: CDPSession, site: Site, total: int) -> None:
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": site.url, "quotaSize": total})


@pytest.mark.journey
@pytest.mark.law(1)
def test_forty_photos_of_one_evening_come_home_whole(site: Site, pocket: Pocket) -> None:
    life = ChromiumLife(pocket)
    life.phone = phone = pocket.opens(site.link, script=_REMEMBERS)
    assert isinstance(phone.screen, Tab)
    devtools = phone.screen.page.context.new_cdp_session(phone.screen.page)
    _has_room_for(devtools, site, 40_000_000)
    phone.joins()
    earlier = phone.fills(findings=20, photos=PHOTOS // 2, size=SIZE)
    _has_room_for(devtools, site, 1_000)
    assert phone.screen.run(REFUSES, 60_000_000)
    with pytest.raises((Error, AssertionError)):
        phone.fills(findings=1, photos=1, size=SIZE, seed=2)
    assert phone.read().misses(earlier) == []
    _has_room_for(devtools, site, 1_000_000_000)
    phone.fills(findings=20, photos=PHOTOS // 2, size=SIZE, seed=3)
    taken = phone.read().taken
    assert len(taken.photos) == PHOTOS

    site.proxy.rule = Trouble(life)
    site.proxy.hears = lambda _connection, piece: time.sleep(len(piece) / UP_BYTES_S)
    phone.hands_in()
    life.dies_when_struck()
    life.phone = phone = pocket.opens(site.url + "/", script=_REMEMBERS)
    phone.waits(lambda: _received(phone) >= 5, "no photo came after the phone had died", also=phone.hears_the_network)
    phone.screen.run(_CLOSES)
    phone.screen.reload()
    found = phone.waits_until_received(seconds=240)

    assert found.misses(taken) == []
    site.has_everything_once(taken)


def _received(phone: Phone) -> int:
    return sum(row["passage"] == "received" for row in phone.read().photos.values())
