"""Scenario 10, in part: a server that was put back to an hour ago is offered what it acknowledged and lost."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.browsers.phone import Phone
from tests.browsers.site import Site


@pytest.mark.journey
@pytest.mark.law(1)
def test_what_was_acknowledged_and_lost_with_an_hours_work_is_offered_again_and_accepted(
    site: Site, phone: Phone, tmp_path: Path
) -> None:
    phone.joins(site.link)
    before = phone.fills(findings=2, photos=2, size=40_000, seed=1)
    phone.hands_in()
    phone.waits_until_received()
    site.stops()
    backup = tmp_path / "an hour ago"
    shutil.copytree(site.server.data, backup)
    site.starts()
    after = phone.fills(findings=3, photos=3, size=40_000, seed=2)
    phone.hands_in()
    phone.waits_until_received()
    site.proxy.goes_down()
    site.stops()
    _put_back(site, backup)
    assert len(site.docs("observations")) == len(before.said["observations"])
    site.starts()
    site.proxy.comes_up()
    phone.waits(
        lambda: len(site.docs("observations")) == len(after.said["observations"] | before.said["observations"]),
        "what was lost was never offered again",
        also=phone.hears_the_network,
    )
    assert phone.waits_until_received().misses(after) == []
    site.has_everything_once(after)


def _put_back(site: Site, backup: Path) -> None:
    shutil.rmtree(site.server.data)
    shutil.copytree(backup, site.server.data)
    with sqlite3.connect(site.database) as db:
        db.execute("UPDATE meta SET value = value || '-restored' WHERE name = 'epoch'")
    db.close()
