"""One evening, end to end: the coordinator plans, a volunteer walks without a network, a department answers back.

The network is cut by stopping the server, the server is killed twice while it receives, and the browser is killed and
opened again offline on the same profile. On SQLite and on PostgreSQL.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.journeys import recorder
from tests.journeys.evening import STAIRS_AT, Evening
from tests.journeys.house import Chromium, Server, letters
from tests.journeys.proof import (
    KINDS,
    Verdict,
    compared,
    every_operation_is_logged_once,
    moved_by_metres,
    stored_by_digest,
)
from tests.journeys.volunteer import Volunteer


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
    phone = evening.opens_the_app(camera=False)
    evening.chooses_a_photo_and_moves_it(phone)
    evening.meets_danger(phone)
    evening.network_returns(phone)
    evening.hands_in(phone)
    _everything_is_there_once(evening, phone)
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


@pytest.mark.journey
def test_a_recorder_counts_people_and_not_phones(evening: Evening) -> None:
    recorder.plans(evening)
    recorder.records_for_six(evening)
    evening.phone_browser.kill()
    recorder.walks_beside_the_recorder(evening)
    recorder.sees_six_people_and_two_phones(evening)
    assert evening.phone_browser.faults == []
    assert evening.desk_browser.faults == []


def _everything_is_there_once(evening: Evening, phone: Volunteer) -> None:
    """0 lost, 0 doubled, the same values, original times, all digests equal, every operation logged once."""
    taken, figures = evening.taken, evening.figures
    assert taken is not None
    assert {table: len(said) for table, said in taken.said.items()} == {
        "feelings": 2,
        "answers": 2,
        "observations": 6,  # tunnel, lamp, music, bushes, bench, danger; the deleted draft is nowhere
    }
    for kind in KINDS:
        verdict = compared(evening.server, taken, kind)
        figures[f"{kind.table} lost"] = len(verdict.lost)
        figures[f"{kind.table} doubled"] = len(verdict.doubled)
        figures[f"{kind.table} changed"] = len(verdict.changed)
        assert verdict == Verdict(lost=[], doubled=[], changed=[])
    figures["operations, each logged once, numbered without a gap"] = every_operation_is_logged_once(
        evening.server, phone.page
    )
    stored = stored_by_digest(evening.server.data)
    found = [stored.get(digest, []) for digest in taken.photos.values()]
    figures["photos whose digest differs"] = sum(len(files) != 1 for files in found)
    assert [len(files) for files in found] == [1, 1]
    assert [file for [file] in found if b"Exif" in file.read_bytes()] == []  # the chosen file told where it was taken
    assert moved_by_metres(taken, STAIRS_AT) == pytest.approx((10, 5), abs=0.1)
