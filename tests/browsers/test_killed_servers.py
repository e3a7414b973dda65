"""Scenario 3: the server dies between a photo's last byte and its row, and the moment after it has answered."""

import threading
from uuid import UUID

import pytest

from tests.browsers.phone import Phone, Snapshot
from tests.browsers.proxy import Asked, Fault, Then
from tests.browsers.site import Site


class AtTheDoor:
    """The last piece of the photo waits outside until it is let in."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.came = threading.Event()
        self.may_go = threading.Event()
        self.pieces = 0

    def __call__(self, asked: Asked) -> None:
        if asked.is_("PATCH", "/uploads/"):
            self.pieces += asked.length
            if self.pieces == self.size and not self.came.is_set():
                self.came.set()
                assert self.may_go.wait(60)


@pytest.mark.journey
@pytest.mark.law(8)
def test_a_server_killed_between_the_last_byte_and_the_row_shows_no_photo_and_takes_it_again(
    site: Site, phone: Phone
) -> None:
    phone.joins(site.link)
    taken = phone.fills(findings=1, photos=1, size=300_000)
    [photo] = phone.read().photos.values()
    door = site.proxy.rule = AtTheDoor(photo["size"])
    phone.hands_in()
    phone.waits(door.came.is_set, "the last piece never came")
    with site.held_up():
        door.may_go.set()
        phone.waits(lambda: site.has_bytes(taken.photos[photo["id"]]), "the bytes never came whole")
        site.is_killed()
    assert site.photos() == {UUID(photo["id"]): "declared"}
    assert phone.read().photos[photo["id"]]["passage"] != "received"
    site.starts()
    assert phone.waits_until_received().misses(taken) == []
    site.has_everything_once(taken)


class DiesAfter:
    """The server is killed when it has answered the n-th of these, to the byte."""

    def __init__(self, site: Site, method: str, path: str) -> None:
        self.site = site
        self.what = (method, path)
        self.is_dead = threading.Event()

    def __call__(self, asked: Asked) -> Fault | None:
        return Then(self._kill) if asked.is_(*self.what) and not self.is_dead.is_set() else None

    def _kill(self) -> None:
        self.site.is_killed()
        self.is_dead.set()


@pytest.mark.journey
@pytest.mark.law(7)
def test_what_was_answered_is_there_after_the_server_was_killed_with_the_word_on_its_lips(
    site: Site, phone: Phone
) -> None:
    phone.joins(site.link)
    taken = phone.fills(findings=3, photos=3, size=40_000)
    for what in (("POST", "/sync/push"), ("PATCH", "/uploads/"), ("GET", "/sync/pull")):
        death = site.proxy.rule = DiesAfter(site, *what)
        if phone.read().drafts:
            phone.hands_in()
        else:
            phone.hears_the_network()
        phone.waits(death.is_dead.is_set, f"nothing asked for {what}")
        _all_that_was_acknowledged_is_there(site, phone.read())
        site.starts()
    site.proxy.rule = lambda _asked: None
    assert phone.waits_until_received().misses(taken) == []
    site.has_everything_once(taken)


def _all_that_was_acknowledged_is_there(site: Site, found: Snapshot) -> None:
    """Read from the dead server's disk, before anything is sent again."""
    acknowledged = {UUID(row["id"]) for row in found.outbox if row["passage"] == "received"}
    assert acknowledged <= {UUID(str(row["id"])) for row in site.rows("select id from operations")}
    received = {UUID(id) for id, row in found.photos.items() if row["passage"] == "received"}
    assert received <= {id for id, state in site.photos().items() if state == "arrived"}
