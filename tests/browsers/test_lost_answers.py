"""Scenario 1: the server has done it, and the phone never hears so. Exactly one of everything."""

import random
from collections import Counter

import pytest

from tests import profile
from tests.browsers.phone import Phone
from tests.browsers.proxy import Asked, CutAnswer, CutRequest, Fault
from tests.browsers.site import Site

SEED = 20_261_123
CUTS = profile.pick(quick=20, ci=20, night=200)


class Cuts:
    """Five pushes' answers, then pieces of photos: in the middle of the bytes, or of the answer to them."""

    def __init__(self, seed: int, cuts: int) -> None:
        self.random = random.Random(seed)
        self.left = cuts
        self.pushes = cuts // 4
        self.made: Counter[str] = Counter()

    def __call__(self, asked: Asked) -> Fault | None:
        if self.left == 0:
            return None
        if asked.is_("POST", "/sync/push") and self.pushes > 0:
            self.pushes -= 1
            return self._cut("push answered", CutAnswer(self._somewhere))
        if asked.is_("PATCH", "/uploads/"):
            if self.random.random() < 0.6:
                return self._cut("photo's bytes", CutRequest(self.random.randrange(1, max(2, asked.length))))
            return self._cut("photo answered", CutAnswer(self._somewhere))
        return None

    def _cut(self, what: str, fault: Fault) -> Fault:
        self.left -= 1
        self.made[what] += 1
        return fault

    def _somewhere(self, length: int) -> int:
        return self.random.randrange(0, length)


@pytest.mark.journey
@pytest.mark.law(2)
@pytest.mark.law(8)
def test_twenty_answers_lost_at_random_bytes_leave_exactly_one_of_everything(
    site: Site, either: Phone, capsys: pytest.CaptureFixture[str]
) -> None:
    either.joins(site.link)
    taken = either.fills(findings=4, photos=8, size=600_000)
    cuts = site.proxy.rule = Cuts(SEED, CUTS)
    either.hands_in()
    found = either.waits_until_received(seconds=180)
    assert cuts.left == 0, f"only {cuts.made} (seed {SEED})"
    assert cuts.made["push answered"] >= CUTS // 4
    assert min(cuts.made.values()) > 0
    assert found.misses(taken) == []
    site.has_everything_once(taken)
    with capsys.disabled():
        print(f"\n  cuts: {dict(cuts.made)}, pushes {site.proxy.asked('POST', '/sync/push')}")
