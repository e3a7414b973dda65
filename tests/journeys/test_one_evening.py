"""One evening, end to end: the coordinator plans, a volunteer walks without a network, a department answers back.

The network is cut by stopping the server, the server is killed once while it receives, and the browser is killed and
opened again offline on the same profile. On SQLite and on PostgreSQL.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import sync_playwright

from tests.journeys.evening import Evening
from tests.journeys.house import Chromium, Server, letters
from tests.journeys.proof import rows, stored_digests
from tests.storage.postgres import Cluster


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'trygg.sqlite'}"
    cluster: Cluster = request.getfixturevalue("postgres")
    url = cluster.new_database()
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as db:
        # The run's cluster is quick and forgetful; the server rightly refuses to start on such a database.
        name = db.info.dbname
        db.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = on'.encode())
    return url


@pytest.fixture
def evening(database_url: str, tmp_path: Path) -> Iterator[Evening]:
    (tmp_path / "screens").mkdir()
    with letters() as post, sync_playwright() as playwright:
        server = Server(tmp_path, database_url, post.url)
        desk = Chromium(playwright, tmp_path / "desk")
        phone = Chromium(playwright, tmp_path / "phone")
        try:
            server.start()
            yield Evening(server, post, desk, phone, tmp_path / "screens")
        finally:
            phone.kill()
            desk.kill()
            server.stop()


@pytest.mark.journey
def test_an_evening_from_the_plan_to_the_answer(evening: Evening, capsys: pytest.CaptureFixture[str]) -> None:
    evening.plans()
    evening.joins()
    phone = evening.loses_the_network_and_the_app()
    evening.feels_and_answers(phone)
    evening.photographs_the_tunnel(phone)
    evening.notes_without_a_photo(phone)
    evening.deletes_a_draft(phone)
    evening.phone_browser.kill()
    phone = evening.opens_the_app()
    evening.meets_danger(phone)
    evening.network_returns(phone)
    evening.hands_in(phone)
    _everything_is_there_once(evening)
    evening.phone_browser.kill()
    evening.sorts()
    evening.mends()
    evening.refuses()
    evening.hears_back()
    evening.phone_browser.kill()
    evening.logs_presence()
    assert evening.phone_browser.faults == []
    assert evening.desk_browser.faults == []
    assert evening.figures["taps from link to ready"] <= 3
    assert evening.figures["taps: a photo with a category"] == 3
    assert evening.figures["taps: a presence entry"] <= 6
    assert evening.figures["seconds from receipt to the duty's letter"] <= 60
    with capsys.disabled():
        print("\n" + "\n".join(f"  {name}: {figure:g}" for name, figure in evening.figures.items()))


def _everything_is_there_once(evening: Evening) -> None:
    """0 lost, 0 doubled, all digests equal, original times kept."""
    assert evening.taken is not None
    stored = {row["id"].replace("-", ""): row for row in _observations(evening)}
    lost = [id for id in evening.taken.seen_at if id.replace("-", "") not in stored]
    operations = rows(evening.server, "select id, type, outcome from operations where type like 'observation.%'")
    digests = stored_digests(evening.server.data)
    different = [digest for digest in evening.taken.photos.values() if digests.count(digest) != 1]
    evening.figures["observations lost"] = len(lost)
    evening.figures["observations doubled"] = len(operations) - len(stored)
    evening.figures["photos whose digest differs"] = len(different)
    assert (lost, len(operations) - len(stored), different) == ([], 0, [])
    assert len(stored) == 5  # tunnel, lamp, music, bushes, danger; the deleted draft is nowhere
    assert len(evening.taken.photos) == 1
    for id, seen_at in evening.taken.seen_at.items():
        assert _instant(json.loads(stored[id.replace("-", "")]["doc"])["seen_at"]) == _instant(seen_at)


def _observations(evening: Evening) -> list[dict[str, str]]:
    return [{**row, "id": str(row["id"])} for row in rows(evening.server, "select id, doc from observations")]


def _instant(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
