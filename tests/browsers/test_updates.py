"""Scenario 6: a new build with a new worker and a new shape of the phone's database is deployed in mid-walk."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browsers.builds import Checkout, a_checkout
from tests.browsers.conftest import NewContext
from tests.browsers.phone import Phone, Snapshot, Tab
from tests.browsers.site import Site, a_site
from tests.journeys.proof import Taken

_HALF = "Lampan blinkar och"
_IS_WAITING = """async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  await registration.update().catch(() => undefined);
  return registration.waiting !== null;
}"""
_RUNS = "async () => [...document.scripts].map((one) => new URL(one.src).pathname).join()"
_FETCHED = """async (paths) => Promise.all(paths.map(async (path) => {
  const answer = await fetch(path);
  const bytes = await answer.arrayBuffer();
  return answer.ok ? bytes.byteLength : -1;
}))"""


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return a_checkout(tmp_path / "checkout")


@pytest.fixture
def site(seeded: Path, tmp_path: Path, checkout: Checkout) -> Iterator[Site]:
    with a_site(tmp_path / "house", like=seeded, code=checkout.folder) as it:
        yield it


def _deploys(site: Site, checkout: Checkout) -> None:
    site.stops()
    checkout.builds_the_next_version()
    site.starts()


def _is_in_mid_walk(site: Site, phone: Phone) -> Taken:
    """Twelve findings, thirty photos, nothing sent, and a sentence half written in an open editor."""
    phone.joins(site.link)
    phone.fills(findings=12, photos=30, size=30_000)
    first = next(iter(phone.read().findings))
    phone.screen.go(f"{phone.home}fynd/{first}/mer")
    phone.screen.fill("textarea", _HALF)
    phone.waits(lambda: _half_said(phone.read()) == 1, "the half sentence was not saved")
    phone.screen.run("async () => { window.is_the_same_page = true; }")
    return phone.read().taken


def _half_said(found: Snapshot) -> int:
    return sum(said["text"].startswith(_HALF) for said in found.findings.values())


def _nothing_has_happened(phone: Phone, taken: Taken, address: str, runs: str) -> None:
    assert phone.screen.run("async () => window.is_the_same_page === true"), "the page was reloaded"
    assert phone.screen.url() == address
    assert phone.screen.run(_RUNS) == runs
    assert phone.screen.run("async () => document.querySelector('textarea').value") == _HALF
    assert phone.read().misses(taken) == []


def _old_files_are_served(site: Site, phone: Phone, old: dict[str, bytes]) -> None:
    """To the page, which asks its worker, and to one that has none."""
    assert phone.screen.run(_FETCHED, list(old)) == [len(body) for body in old.values()]
    with site.direct() as http:
        assert [path for path, body in old.items() if http.get(path).content != body] == []


@pytest.mark.journey
@pytest.mark.law(12)
def test_a_new_build_in_mid_walk_reloads_nothing_and_changes_nothing(
    site: Site, checkout: Checkout, either: Phone
) -> None:
    taken = _is_in_mid_walk(site, either)
    address, runs, old = either.screen.url(), either.screen.run(_RUNS), checkout.assets()
    shape = either.read().version
    _deploys(site, checkout)
    either.waits(lambda: bool(either.screen.run(_IS_WAITING)), "the new worker never came")
    _nothing_has_happened(either, taken, address, runs)
    _old_files_are_served(site, either, old)

    _opens_the_new_one(site, either, runs)
    found = either.read()
    assert found.version == shape + 1
    assert found.misses(taken) == []
    either.hands_in()
    assert either.waits_until_received(seconds=180).misses(taken) == []
    site.has_everything_once(taken)


def _opens_the_new_one(site: Site, phone: Phone, old: str) -> None:
    """The waiting worker takes over a moment after the last page of the old build is gone.

    Whoever opens the app again within that moment has the old build once more, until it is shut for longer.
    """

    def is_new() -> bool:
        phone.screen.go("about:blank")
        time.sleep(1)
        phone.screen.go(site.url + "/")
        phone.screen.see("Fotografera")
        return str(phone.screen.run(_RUNS)) != old

    phone.waits(is_new, "the new build never came")


@pytest.mark.journey
@pytest.mark.law(12)
def test_an_old_page_goes_on_writing_beside_a_new_one_that_has_changed_the_databases_shape(
    site: Site, checkout: Checkout, a_context: NewContext
) -> None:
    context = a_context()
    old = Phone(Tab(context.new_page()))
    taken = _is_in_mid_walk(site, old)
    address, runs, shape = old.screen.url(), old.screen.run(_RUNS), old.read().version
    _deploys(site, checkout)

    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.setBypassServiceWorker", {"bypass": True})
    new = Phone(Tab(page))
    new.screen.go(site.url + "/")
    new.screen.see("Fotografera")
    assert new.screen.run(_RUNS) != runs
    assert new.read().version == shape + 1
    _nothing_has_happened(old, taken, address, runs)

    old.screen.fill("textarea", f"{_HALF} summer")
    _eventually(old, lambda found: any(said["text"].endswith("summer") for said in found.findings.values()))
    assert len(new.read().findings) == 12
    assert new.read().taken.photos == taken.photos
    new.hands_in()
    site_has = new.waits_until_received(seconds=180)
    assert site_has.taken.photos == taken.photos
    site.has_everything_once(site_has.taken)


def _eventually(phone: Phone, holds: Callable[[Snapshot], bool]) -> None:
    phone.waits(lambda: holds(phone.read()), "what was written in the old page never lay in the database")
