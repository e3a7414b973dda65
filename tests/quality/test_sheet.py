"""The sheet that is printed and put on a wall: one A4 page, whatever the walk."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import sync_playwright

from tests.quality.people import FLAGS
from trygghetsvandring.demo import seed
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.stops import Stop
from trygghetsvandring.domain.walks import Recording, Walk
from trygghetsvandring.web.sheets import walk_sheet

QR = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 41 41"><rect width="41" height="41"/></svg>'
MM = 96 / 25.4  # CSS pixels


def a_walk(stops: int) -> Walk:
    names = ("Ösbyskolans gård", "Gångtunneln vid Örslösavägen mot Åsgatans förskola")
    return Walk(
        id=uuid7(),
        version=1,
        name="Margretelund, Åsgatan och Örtagården",
        place="Margretelund",
        starts_at=datetime(2026, 11, 27, 18, tzinfo=UTC),
        ends_at=datetime(2026, 11, 27, 19, 30, tzinfo=UTC),
        leader="Trygghetssamordnaren i Lidköping",
        meeting_point="MG Fritidsgård, stora entrén mot parken",
        recording=Recording.OWN_PHONES,
        night=False,
        camera=True,
        stops=tuple(
            Stop(
                id=uuid7(),
                number=n + 1,
                name=names[n % 2],
                place=None,
                place_type="park",
                lat=58.49 + 0.002 * n,
                lon=13.17 + 0.001 * (n % 3),
                radius_m=40,
                template="park",
            )
            for n in range(stops)
        ),
    )


@pytest.mark.parametrize("stops", [1, 3, 5, 8, 12, 20])
def test_the_sheet_is_one_page_with_a_code_that_can_be_read_from_a_step_away(stops: int) -> None:
    invite: dict[str, object] = {"qr_svg": QR, "code": "ABCD-EFGH"}
    sheet = bytes(walk_sheet(a_walk(stops), seed.lidkoping(), invite).body).decode()

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = browser.new_page()
        page.set_content(sheet)
        printed = page.pdf(prefer_css_page_size=True)
        page.emulate_media(media="print")
        square = page.locator(".way svg").bounding_box()
        text = page.locator("body").inner_text()
        browser.close()

    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    assert square is not None
    assert square["width"] >= 40 * MM
    assert "Örtagården. Fredag 27 november kl. 19.00–20.30." in text
