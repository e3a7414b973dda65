"""Scenario 8: a hotel's network and proxies that lie. Nothing is marked received, nobody hammers, and it heals alone.

The page's own clock is wound forward, so that ten minutes of 503 pass in seconds; nobody touches the phone meanwhile.
"""

import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.browsers.conftest import NewContext
from tests.browsers.phone import Phone, Tab
from tests.browsers.proxy import Asked, Changed, Fault, Rule, page
from tests.browsers.site import Site

STEP_S = 10


@dataclass(frozen=True)
class Harm:
    name: str
    rule: Rule
    seconds: int
    most: int
    """Requests in that time. Pauses double from 2 s, with jitter: seven or eight tries in two minutes is usual."""


def _data(fault: Fault) -> Callable[[Asked], Fault | None]:
    return lambda asked: fault if asked.is_data else None


def _half(answer: bytes) -> bytes:
    """The first half of the body, told as if it were all of it."""
    head, _, body = answer.partition(b"\r\n\r\n")
    half = body[: len(body) // 2]
    return re.sub(rb"(?i)content-length: \d+", b"content-length: %d" % len(half), head) + b"\r\n\r\n" + half


def _cut_gzip(answer: bytes) -> bytes:
    """As some proxies do: packed on the way, and the last part never came."""
    head, _, body = answer.partition(b"\r\n\r\n")
    packed = body if b"gzip" in head.lower() else gzip.compress(body)
    cut = packed[: max(1, len(packed) // 2)]
    head = re.sub(rb"(?i)\r\ncontent-(length|encoding): [^\r]+", b"", head)
    return head + b"\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(cut) + cut


_LOGIN = "<!doctype html><title>Välkommen</title><h1>Logga in på nätet</h1>"
HARMS = (
    Harm("200 with HTML for everything", _data(page("200 OK", _LOGIN)), 120, 40),
    Harm("302 to another host", _data(page("302 Found", Location="http://login.example/")), 120, 40),
    Harm("truncated JSON", _data(Changed(_half)), 120, 60),
    Harm("gzip cut in half", _data(Changed(_cut_gzip)), 120, 60),
    Harm("413 for everything", _data(page("413 Content Too Large", _LOGIN)), 120, 80),
    Harm("429 with Retry-After", _data(page("429 Too Many Requests", Retry_After="300")), 120, 3),
    Harm("503 for ten minutes", _data(page("503 Service Unavailable", _LOGIN)), 600, 40),
)


@pytest.mark.journey
@pytest.mark.law(2)
def test_a_lying_network_marks_nothing_received_is_not_hammered_and_is_got_over_alone(
    site: Site, a_context: NewContext, capsys: pytest.CaptureFixture[str]
) -> None:
    context = a_context()
    context.clock.install()
    tab = Tab(context.new_page())
    phone = Phone(tab)
    phone.joins(site.link)
    taken = phone.fills(findings=3, photos=2, size=40_000)
    site.proxy.rule = HARMS[0].rule
    phone.hands_in()
    asked = {}
    for harm in HARMS:
        before = site.proxy.asked_for_data()
        site.proxy.rule = harm.rule
        phone.hears_the_network()  # each begins with somebody who looks at the phone, and short pauses
        _time_passes(tab, harm.seconds)
        asked[harm.name] = site.proxy.asked_for_data() - before
        assert 0 < asked[harm.name] <= harm.most, harm.name
        found = phone.read()
        assert found.passages()["received"] == 0, harm.name
        assert found.passages()["needs_you"] == 0, harm.name
        assert found.misses(taken) == [], harm.name
    site.proxy.rule = lambda _asked: None
    for _ in range(40):
        if phone.read().is_received():
            break
        _time_passes(tab, 60)
    assert phone.read().is_received()
    site.has_everything_once(taken)
    with capsys.disabled():
        print("\n" + "\n".join(f"  {name}: {n} requests" for name, n in asked.items()))


def _time_passes(tab: Tab, seconds: int) -> None:
    """For the page; its requests are given real time to be answered in between."""
    for _ in range(seconds // STEP_S):
        tab.page.clock.run_for(STEP_S * 1_000)
        tab.page.evaluate("async () => (await fetch('/icon.svg')).text()")
