"""The desk's *Krockar*: two changed the same, unseen by each other. A person chooses, and everybody hears of it."""

from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from tests.browsers.conftest import NewContext
from tests.browsers.desks import PASSWORD, Desk
from tests.browsers.phone import Phone, Tab
from tests.browsers.site import Site
from tests.journeys.staff import Desk as Screen

COORDINATOR = "samordnare@lidkoping"
_SAID = "Två har ändrat samtidigt. En människa avgör."


@pytest.mark.journey
@pytest.mark.law(22)
def test_a_clash_is_shown_at_the_desk_a_person_chooses_and_it_is_gone_there_and_on_the_phone(
    site: Site, a_context: NewContext
) -> None:
    tab = Tab(a_context().new_page())
    phone = Phone(tab)
    finding = _handed_in(site, phone)
    _two_change_it(site, phone, finding)
    screen, other = (_at_the_clashes(site, a_context().new_page()) for _ in range(2))
    screen.sees("Väntar på dig")
    expect(screen.page.locator("[data-conflict]")).to_have_count(1)
    expect(screen.page.locator("[data-conflict]")).to_contain_text("Tillbakadragen")
    tab.go(site.url + "/att-skicka")
    tab.see(_SAID)

    screen.press("Byt till det andra")
    screen.sees("Inga krockar")
    other.page.reload()
    other.sees("Inga krockar")
    phone.waits(lambda: _SAID not in tab.page.inner_text("main"), "still to be decided", also=phone.hears_the_network)
    [said] = site.docs("observations")
    assert (UUID(said["id"]), said["state"]) == (finding, "withdrawn")
    assert len(site.rows("select id from conflicts")) == 1


def _handed_in(site: Site, phone: Phone) -> UUID:
    phone.joins(site.link)
    [finding] = phone.fills(findings=1, photos=0).said["observations"]
    phone.hands_in()
    phone.waits_until_received()
    return finding


def _two_change_it(site: Site, phone: Phone, finding: UUID) -> None:
    """The desk reviews what somebody without a network takes back."""
    desk = Desk(site, COORDINATOR)
    site.proxy.goes_down()
    phone.screen.go(f"{phone.home}inlamnat/{finding}")
    phone.screen.press("Ta tillbaka")
    phone.screen.press("Det är fel plats")
    phone.waits(lambda: _takes_back(phone), "what was taken back was not kept")
    desk.acts("observation.review", finding, {"category": "bel.trasig", "severity": 2})
    site.proxy.comes_up()
    phone.waits(lambda: desk.get("/api/conflicts")["waiting"] > 0, "nobody is asked", also=phone.hears_the_network)
    phone.waits_until_received()


def _takes_back(phone: Phone) -> bool:
    return any(row["operation"]["type"] == "observation.withdraw" for row in phone.read().outbox)


def _at_the_clashes(site: Site, page: Page) -> Screen:
    """From the inbox, where it says that somebody has to choose."""
    page.set_viewport_size({"width": 1366, "height": 900})
    page.goto(site.url + "/desk/inkommet")
    screen = Screen(page)
    screen.signs_in(COORDINATOR, PASSWORD)
    screen.press("En krock att avgöra")
    screen.heading("Krockar")
    return screen
