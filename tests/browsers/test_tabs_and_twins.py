"""Scenario 4: two tabs and a second phone with the same outbox. Each operation is one row, each edit one version."""

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Playwright

from tests.browsers.conftest import NewContext
from tests.browsers.desks import Desk
from tests.browsers.phone import Phone, Tab
from tests.browsers.profiles import Pocket
from tests.browsers.proxy import Asked, Before, Fault
from tests.browsers.site import Site


@pytest.fixture
def twin(playwright: Playwright, tmp_path: Path) -> Iterator[Pocket]:
    it = Pocket(playwright, tmp_path / "twin")
    yield it
    it.is_killed()


def _becomes(twin: Pocket, pocket: Pocket) -> None:
    """A phone put back from the other one's backup: the same storage, to the byte."""
    shutil.copytree(pocket.profile, twin.profile, ignore=shutil.ignore_patterns("Singleton*"), symlinks=True)


def _everybody_waits(*phones: Phone) -> None:
    for phone in phones:
        phone.hears_the_network()
    for phone in phones:
        phone.waits_until_received(seconds=120)


@pytest.mark.journey
@pytest.mark.law(14)
def test_two_tabs_and_a_twin_send_one_outbox_once_and_each_edit_of_a_finding_is_one_version(
    site: Site, pocket: Pocket, twin: Pocket
) -> None:
    phone = pocket.opens(site.link)
    phone.joins()
    taken = phone.fills(findings=6, photos=3, size=40_000)
    site.proxy.goes_down()
    phone.hands_in()
    sent = {UUID(row["id"]) for row in phone.read().outbox}
    pocket.is_killed()
    _becomes(twin, pocket)
    one, other = pocket.opens(site.url + "/att-skicka"), twin.opens(site.url + "/att-skicka")
    tab = pocket.opens_another_tab(site.url + "/")
    site.proxy.comes_up()
    _everybody_waits(one, tab, other)
    site.has_everything_once(taken)
    assert _logged(site) == dict.fromkeys(sent, 1)

    edited = next(iter(taken.said["observations"]))
    site.proxy.goes_down()
    _edits(one, edited, "Lampan vid trappan är trasig")
    _edits(other, edited, "Två lampor är trasiga")
    site.proxy.comes_up()
    _everybody_waits(one, tab, other)
    new = Counter(row["type"] for row in site.rows("select id, type from operations") if _id(row) not in sent)
    assert new["observation.correct"] == 2
    versions = {UUID(doc["id"]): doc["version"] for doc in site.docs("observations")}
    assert versions == dict.fromkeys(versions, 1) | {edited: 3}
    # Both are the same person's phone: at most one krock, and never one for each tab.
    assert len(site.rows("select id from conflicts")) <= 1
    assert site.rows("select id from quarantine") == []


def _edits(phone: Phone, finding: UUID, text: str) -> None:
    phone.screen.go(f"{phone.home}inlamnat/{finding}")
    phone.screen.fill("textarea", text)
    phone.screen.press("Lämna in ändringen")
    phone.waits(lambda: _has("observation.correct", phone), "the edit was not kept")


def _has(type: str, phone: Phone) -> bool:
    return any(row["operation"]["type"] == type for row in phone.read().outbox)


def _id(row: dict[str, object]) -> UUID:
    return UUID(str(row["id"]))


def _logged(site: Site) -> dict[UUID, int]:
    """What phones have numbered; a count of drafts has no number."""
    return dict(Counter(_id(row) for row in site.rows("select id, seq from operations") if row["seq"] is not None))


@pytest.mark.journey
@pytest.mark.law(22)
def test_what_a_phone_with_two_tabs_takes_back_after_a_desk_has_decided_is_one_conflict_to_ask_about(
    site: Site, a_context: NewContext
) -> None:
    context = a_context()
    phone = Phone(Tab(context.new_page()))
    phone.joins(site.link)
    [finding] = phone.fills(findings=1, photos=0).said["observations"]
    phone.hands_in()
    phone.waits_until_received()
    tab = Phone(Tab(context.new_page()))
    tab.screen.go(site.url + "/att-skicka")
    desk = Desk(site, "samordnare@lidkoping")
    assert desk.get("/api/conflicts")["waiting"] == 0
    site.proxy.goes_down()
    phone.screen.go(f"{phone.home}inlamnat/{finding}")
    phone.screen.press("Ta tillbaka")
    phone.screen.press("Det är fel plats")
    phone.waits(lambda: _has("observation.withdraw", phone), "what was taken back was not kept")
    desk.acts("observation.review", finding, {"category": "bel.trasig", "severity": 2})
    site.proxy.comes_up()
    for each in (phone, tab):
        each.hears_the_network()
    phone.waits(lambda: desk.get("/api/conflicts")["waiting"] > 0, "nobody is asked", also=phone.hears_the_network)
    for each in (phone, tab, phone, tab):
        each.hears_the_network()
        each.waits_until_received()
    [conflict] = desk.get("/api/conflicts")["conflicts"]
    assert UUID(conflict["about"]) == finding
    assert conflict["operation"] == "observation.withdraw"
    assert len(site.rows("select id from conflicts")) == 1


class Freezes:
    """The tab is frozen while the server works on its first push, and no answer reaches it until it thaws."""

    def __init__(self) -> None:
        self.asked = False

    def __call__(self, asked: Asked) -> Fault | None:
        if self.asked or not asked.is_("POST", "/sync/push"):
            return None
        return Before(self._note)

    def _note(self) -> None:
        self.asked = True


@pytest.mark.journey
@pytest.mark.law(14)
def test_a_tab_frozen_in_the_middle_of_a_push_and_another_tab_send_each_operation_once(
    site: Site, a_context: NewContext
) -> None:
    context = a_context()
    frozen = Tab(context.new_page())
    phone = Phone(frozen)
    phone.joins(site.link)
    taken = phone.fills(findings=6, photos=3, size=40_000)
    lifecycle = context.new_cdp_session(frozen.page)
    first = site.proxy.rule = Freezes()
    phone.hands_in()
    lifecycle.send("Page.setWebLifecycleState", {"state": "frozen"})
    awake = Phone(Tab(context.new_page()))
    awake.screen.go(site.url + "/att-skicka")
    for _ in range(20):
        awake.hears_the_network()
        awake.screen.run("async () => new Promise((y) => setTimeout(y, 50))")
    lifecycle.send("Page.setWebLifecycleState", {"state": "active"})
    assert awake.waits_until_received().misses(taken) == []
    assert first.asked
    site.has_everything_once(taken)
    assert max(_logged(site).values()) == 1
