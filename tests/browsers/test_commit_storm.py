"""Scenario 5: forty phones push at once, every commit is slow, and one browser polls. It must end with all rows."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests import profile
from tests.browsers.conftest import NewContext
from tests.browsers.desks import Desk, an_operation, push
from tests.browsers.phone import Phone, Tab
from tests.browsers.site import Site, a_site
from tests.journeys.presence_house import signs_in
from tests.makers import address
from tests.storage.postgres import Cluster
from trygghetsvandring.domain.ids import pass_id, uuid7
from trygghetsvandring.domain.times import evening_of

PHONES = 40
ENTRIES = profile.pick(quick=2, ci=3, night=25)
TEAM = "socialtjansten"
# From the moment a transaction has drawn its number until others see it there is time for somebody to read past it.
_SLOW = """
  CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_sleep(0.01 + random() * 0.03); RETURN NULL; END $$;
  CREATE CONSTRAINT TRIGGER slowly AFTER INSERT ON presence
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION slowly();
"""


@pytest.fixture
def site(postgres: Cluster, tmp_path: Path) -> Iterator[Site]:
    url = postgres.new_database()
    with psycopg.connect(address(url), autocommit=True) as db:
        db.execute(f"ALTER DATABASE {db.info.dbname} SET synchronous_commit = on".encode("ascii"))
    (tmp_path / "house").mkdir()
    with a_site(tmp_path / "house", database_url=url) as it:
        with psycopg.connect(address(url), autocommit=True) as db:
            db.execute(_SLOW.encode("ascii"))
        yield it


def _an_entry(evening: str) -> dict[str, Any]:
    said = {"place": "nya-stadens-torg", "area": "Lidköping", "band": "6-15", "mood": "calm", "substances": "none"}
    unsaid = dict.fromkeys(("minutes", "ages", "activity", "noise"))
    own_pass = str(pass_id(TEAM, evening, "field_shift"))
    return {"pass": own_pass, "at": datetime.now(UTC).isoformat(), "action": "talk", **said, **unsaid}


def _pushes(site: Site, token: str, device: UUID, evening: str, failures: list[str]) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    body = {"evening": evening, "kind": "field_shift", "adults": 2}
    first = an_operation("presence.pass", pass_id(TEAM, evening, "field_shift"), body, 1)
    for n in range(ENTRIES):
        entry = an_operation("presence.log", uuid7(), _an_entry(evening), n + 2)
        outcomes = push(site, headers, device, [*([first] if n == 0 else []), entry])
        failures.extend(str(outcome) for outcome in outcomes if outcome["outcome"] != "applied")


@pytest.mark.journey
@pytest.mark.postgres
@pytest.mark.law(4)
def test_a_browser_that_polls_through_a_storm_of_slow_commits_ends_with_all_rows(
    site: Site, a_context: NewContext
) -> None:
    page = a_context().new_page()
    page.goto(f"{site.url}/falt/")
    signs_in(page)
    phone = Phone(Tab(page))
    desk = Desk(site, "falt@lidkoping")
    devices = [uuid7() for _ in range(PHONES)]
    tokens = [desk.post("/api/session/device", {"device": str(device)})["token"] for device in devices]
    evening = evening_of(datetime.now(UTC)).isoformat()
    failures: list[str] = []
    storm = [
        threading.Thread(target=_pushes, args=(site, token, device, evening, failures))
        for token, device in zip(tokens, devices, strict=True)
    ]
    for one in storm:
        one.start()
    polls = 0
    while any(one.is_alive() for one in storm):
        phone.hears_the_network()
        phone.screen.run("async () => new Promise((y) => setTimeout(y, 60))")
        polls += 1
    assert failures == []
    assert polls > 5
    stored = {UUID(str(row["id"])) for row in site.rows("select id from presence")}
    assert len(stored) == PHONES * ENTRIES
    phone.waits(lambda: _entries(phone) == stored, "the browser never had all rows", also=phone.hears_the_network)


def _entries(phone: Phone) -> set[UUID]:
    found = phone.screen.run("""async () => {
      const open = indexedDB.open("trygg-falt");
      const db = await new Promise((y) => { open.onsuccess = () => y(open.result); });
      const asked = db.transaction("states").objectStore("states").getAllKeys();
      return new Promise((y) => { asked.onsuccess = () => { db.close(); y(asked.result); }; });
    }""")
    return {UUID(id) for kind, id in found if kind == "presence"}
