"""Scenario 10: clocks that are days off, and the hour that comes twice."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.browsers.conftest import NewContext
from tests.browsers.phone import Phone, Tab
from tests.browsers.site import Site

# Between the test's look at the clock and the app's lie a screen and a tap, on a machine that may be busy.
_A_TAP_S = 20
# The phone's clock is off by what is kept in localStorage, from the page's first line on.
_OFF = """
  const off = Math.round(Number(localStorage.getItem("clock off") ?? 0));
  const Real = Date;
  const now = () => Real.now() + off;
  globalThis.Date = class extends Real {
    constructor(...words) { if (words.length === 0) super(now()); else super(...words); }
    static now() { return now(); }
  };
"""


def _clocks(now: datetime) -> dict[str, timedelta]:
    """How far off the phone is. Half past two comes twice in the night of 25 October 2026."""
    return {
        "three days fast": timedelta(days=3),
        "a year slow": timedelta(days=-365),
        "02:30, summer time": datetime(2026, 10, 25, 0, 30, tzinfo=UTC) - now,
        "02:30 again, winter time": datetime(2026, 10, 25, 1, 30, tzinfo=UTC) - now,
        "right": timedelta(0),
    }


@pytest.mark.journey
@pytest.mark.law(11)
def test_wild_clocks_change_no_merge_and_the_corrected_times_are_true_within_what_they_say(
    site: Site, a_context: NewContext
) -> None:
    context = a_context()
    context.add_init_script(_OFF)
    phone = Phone(Tab(context.new_page()))
    phone.joins(site.link)
    made: dict[UUID, datetime] = {}
    for off in _clocks(datetime.now(UTC)).values():
        phone.screen.run("async (off) => localStorage.setItem('clock off', off)", off / timedelta(milliseconds=1))
        phone.screen.go(phone.home + "notera")
        phone.screen.see("Vad är det?")
        begun = datetime.now(UTC)
        phone.screen.press("Ljus")
        phone.screen.see("Trasig belysning")
        [new] = phone.read().findings.keys() - made.keys()
        made[new] = begun
        phone.hands_in()
        phone.waits_until_received()
    assert phone.read().findings.keys() == made.keys()
    for row in site.rows("select * from operations where type = 'observation.record'"):
        true, said = made[UUID(str(row["entity"]))], _moment(row["corrected_at"])
        assert abs((said - true).total_seconds()) <= row["uncertain_s"] + _A_TAP_S, (said, true, row["uncertain_s"])
        assert row["outcome"] == "applied"
    assert len(site.docs("observations")) == len(made)
    assert {row["version"] for row in site.rows("select version from observations")} == {1}


def _moment(stored: Any) -> datetime:
    found = datetime.fromisoformat(str(stored))
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
