"""Scenario 2: the browser dies 50 ms after the tap, and again in the middle of a photo. WebKitGTK: the page does."""

import pytest

from tests.browsers.lives import Life
from tests.browsers.proxy import Asked, CutRequest, Fault
from tests.browsers.site import Site


class MidPhoto:
    """The first piece of a photo is cut in the middle, and the phone with it."""

    def __init__(self, life: Life) -> None:
        self.life = life
        self.is_done = False

    def __call__(self, asked: Asked) -> Fault | None:
        if self.is_done or not asked.is_("PATCH", "/uploads/"):
            return None
        self.is_done = True
        return CutRequest(asked.length // 2, self.life.strike)


@pytest.mark.journey
@pytest.mark.law(1)
def test_a_phone_killed_at_hand_in_and_in_the_middle_of_a_photo_loses_nothing(site: Site, life: Life) -> None:
    phone = life.opens(site.link)
    phone.joins()
    taken = phone.fills(findings=3, photos=3, size=400_000)
    phone.screen.go(phone.home + "lamna-in")
    life.taps_and_dies("Lämna in", after_s=0.05)

    site.proxy.goes_down()
    phone = life.comes_back(site.url + "/")
    phone.screen.see("Fotografera")
    assert phone.read().misses(taken) == []

    site.proxy.rule = MidPhoto(life)
    site.proxy.comes_up()
    if phone.read().drafts:
        phone.screen.go(phone.home + "lamna-in")
        phone.screen.press("Lämna in")
    phone.hears_the_network()
    life.dies_when_struck()

    site.proxy.goes_down()
    phone = life.comes_back(site.url + "/")
    phone.screen.see("Fotografera")
    found = phone.read()
    assert found.misses(taken) == []
    assert not found.is_received()

    site.proxy.comes_up()
    assert phone.waits_until_received().misses(taken) == []
    site.has_everything_once(taken)
