"""From five findings to five true answers: declined, bounced, waited for, half done, opened again and seen on site.

Three departments, a private owner who has only a link, and another municipality's system. On SQLite and on PostgreSQL.
"""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.journeys import return_path as path
from tests.journeys.house import CHROMIUM, Server, letters
from tests.journeys.open311_towns import a_town
from tests.journeys.return_path import BUSHES, LAMP, SCRAWL, SHELTER, SIGHT, ReturnPath

pytestmark = pytest.mark.journey
_SEEN = "Åtgärdat, bekräftat på plats"


@pytest.fixture
def evening(database_url: str, tmp_path: Path) -> Iterator[ReturnPath]:
    with letters() as post, a_town(tmp_path / "other") as other:
        server = Server(tmp_path, database_url, post.url)
        try:
            server.start()
            asyncio.run(path.prepare(server))  # before the browser, whose own loop runs in this thread
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=CHROMIUM, args=["--no-sandbox", "--disable-quic", "--no-first-run"]
                )
                yield ReturnPath(server, post, other, browser)
                browser.close()
        finally:
            server.stop()


def test_everybody_who_walked_is_told_what_is_true(evening: ReturnPath) -> None:
    evening.is_partner()
    evening.walked()
    evening.sorted()
    link = evening.link_is_sent()
    _departments_work(evening)
    _the_owner_answers(evening, link)
    evening.other_system_mends()
    _half_is_said_to_be_half(evening)

    # A first look: the lamps are not mended, half a wall is, the rest is as they say.
    evening.walked_again("Cia", {LAMP: "Kvar", BUSHES: "Verifierad", SHELTER: "Verifierad", SCRAWL: "Delvis"})
    assert {title: it["state"] for title, it in evening.tasks().items()} == {
        LAMP: "assigned",
        SIGHT: "wont_do",
        BUSHES: "verified",
        SHELTER: "verified",
        SCRAWL: "done",
    }
    assert evening.tasks()[LAMP]["reopened"] == 1
    _nothing_is_better_than_it_is(evening)

    # The lamps again, and the wall by one who was there the first evening.
    evening.takes(path.STREETS, LAMP, "Ta emot", "Åtgärden är er nu.", person="Laget")
    evening.takes(
        path.STREETS, LAMP, "Åtgärdat", "Åtgärdat. Någon annan går dit", extent="Allt", public_text=path.WHOLE
    )
    evening.walked_again("Dan", {LAMP: "Verifierad", SCRAWL: "Verifierad"})
    _everybody_hears(evening)
    assert evening.faults == []


def _departments_work(evening: ReturnPath) -> None:
    """The streets wait for a part and get half done; the hedge goes from one to the next; the planners say no."""
    streets, houses = path.STREETS, path.HOUSES
    evening.takes(streets, LAMP, "Ta emot", "Åtgärden är er nu.", person="Laget")
    evening.takes(streets, LAMP, "Låt vänta", "Åtgärden väntar.", reason="Del saknas", public_text=path.WAITS)
    assert path.WAITS in evening.reads("Bo", {LAMP: path.WAITS})[LAMP]
    evening.takes(streets, LAMP, "Börja", "Arbetet pågår.")
    evening.takes(streets, LAMP, "Åtgärdat", "Någon annan går dit", extent="En del", public_text=path.HALF)

    evening.takes(
        streets,
        BUSHES,
        "Inte vår",
        "Åtgärden är lämnad tillbaka.",
        reason="Fel ägare",
        public_text=path.NOT_OURS,
        next_owner="Kommunens fastigheter",
    )
    evening.takes(
        path.COORDINATOR,
        BUSHES,
        "Tilldela",
        "Åtgärden är tilldelad.",
        department="Kommunens fastigheter",
        explanation="Häcken hör till skolan.",
    )
    assert evening.tasks()[BUSHES]["bounced"] == 1
    evening.takes(houses, BUSHES, "Ta emot", "Åtgärden är er nu.", person="Vaktmästeriet")
    evening.takes(houses, BUSHES, "Åtgärdat", "Någon annan går dit", extent="Allt", public_text=path.CUT)

    evening.takes(path.PLANNERS, SIGHT, "Ta emot", "Åtgärden är er nu.", person="Planeraren")
    evening.takes(path.PLANNERS, SIGHT, "Görs inte", "Beslutet är sparat.", public_text=path.REFUSED)


def _the_owner_answers(evening: ReturnPath, link: str) -> None:
    """No account, three answers from one letter; and the link is worth nothing when the work is said to be done."""
    owner = evening.owner(link)
    owner.sees("Ni bestämmer själva.")
    owner.press("Ja, vi tar hand om det")
    owner.sees("Tack. Ni har tagit emot åtgärden.")
    owner = evening.owner(link)
    owner.field("Dag").fill((datetime.now(UTC) + timedelta(days=3)).date().isoformat())
    owner.press("Spara dagen")
    owner.sees("Tack. Dagen är sparad.")
    owner = evening.owner(link)
    owner.page.get_by_label("Allt").check()
    owner.field("Vad har ni gjort?").fill(path.CLEANED)
    owner.press("Det är åtgärdat")
    owner.sees("Tack. Ni har sagt att det är åtgärdat.")
    evening.owner(link).heading("Åtgärden är avslutad")
    assert evening.history(SCRAWL)[-3:] == ["task.accept", "task.plan", "task.finish"]


def _half_is_said_to_be_half(evening: ReturnPath) -> None:
    for name in ("Anna", "Bo"):
        lamp = evening.reads(name, {LAMP: path.HALF})[LAMP]
        assert path.HALF in lamp
        assert "Delvis åtgärdat enligt Gata och park" in lamp, lamp


def _nothing_is_better_than_it_is(evening: ReturnPath) -> None:
    again, seen = {LAMP: "Öppnat igen"}, {BUSHES: _SEEN, SHELTER: _SEEN}
    anna, bo = evening.reads("Anna", again | seen), evening.reads("Bo", again)
    for told in (anna[LAMP], bo[LAMP]):
        assert "Öppnat igen" in told, told
        assert "bekräftat" not in told
    assert _SEEN in anna[BUSHES]
    assert _SEEN in anna[SHELTER]
    assert "bekräftat" not in anna[SCRAWL]


def _everybody_hears(evening: ReturnPath) -> None:
    lamp = {LAMP: _SEEN}
    anna, bo = evening.reads("Anna", lamp | {SCRAWL: _SEEN}), evening.reads("Bo", lamp)
    for told in (anna[LAMP], bo[LAMP]):
        assert _SEEN in told, told
        assert path.WHOLE in told
    assert path.CUT in anna[BUSHES]
    assert path.MENDED in anna[SHELTER]
    assert path.CLEANED in anna[SCRAWL]
    assert _SEEN in anna[SCRAWL]
    assert "Görs inte" in anna[SIGHT]
    assert path.REFUSED in anna[SIGHT]
    assert set(anna) == {LAMP, SIGHT, BUSHES, SHELTER, SCRAWL}
    assert set(bo) == {LAMP}
