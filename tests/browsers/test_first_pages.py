"""Pages one right after the other: what a browser keeps of the page before stands in nobody's way."""

import pytest

from tests.browsers.phone import Phone
from tests.browsers.profiles import Pocket
from tests.browsers.site import Site


@pytest.mark.journey
def test_an_invitation_opened_while_the_page_before_it_is_still_making_the_database_is_no_blank_page(
    site: Site, pocket: Pocket
) -> None:
    """The browser keeps the first page frozen for "back", and the half-made database with it."""
    phone = pocket.opens(site.link.split("#")[0] + "uppgifter")
    phone.screen.go(site.link)
    phone.joins()
    phone.fills(findings=1, photos=1)
    phone.hands_in()
    taken = phone.read().taken
    assert phone.waits_until_received().misses(taken) == []
    site.has_everything_once(taken)


# A medium so slow that a transaction of the page's is always in the middle of something.
_IS_SLOW = """async () => {
  const transaction = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (...words) {
    const tx = transaction.apply(this, words);
    const store = tx.objectStore([words[0]].flat()[0]);
    const until = performance.now() + 2_000;
    const on = () => { if (performance.now() < until) store.count().onsuccess = on; };
    on();
    return tx;
  };
  dispatchEvent(new Event("online"));
}"""


@pytest.mark.journey
def test_a_page_left_in_the_middle_of_a_writing_holds_up_nobody(site: Site, either: Phone) -> None:
    """WebKit keeps it for "back", frozen with its transaction: no later page could save or even read."""
    either.joins(site.link)
    taken = either.fills(findings=3, photos=3)
    either.screen.run(_IS_SLOW)
    either.hands_in()
    assert either.waits_until_received().misses(taken) == []
    site.has_everything_once(taken)
