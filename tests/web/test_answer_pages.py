"""What a party without an account reads in its letter and behind its link: enough to go there and mend it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.makers import COORDINATOR, an_evening
from tests.web.mail_houses import PARTYS_MAIL, MailHouse, a_mail_house, links_in, text_of


@pytest_asyncio.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[MailHouse]:
    async with an_evening(database, tmp_path) as evening, a_mail_house(evening) as it:
        yield it


async def test_who_shall_mend_it_reads_where_it_is_and_what_was_seen(house: MailHouse) -> None:
    spot = {"lat": 58.495031, "lon": 13.176652, "accuracy_m": 6, "age_s": 2, "source": "gps"}
    task = await house.task(seen={"position": spot, "text": "Mörkt <b>nästan</b> hela vägen."})
    (mail,) = house.inbox.to(PARTYS_MAIL)
    (path,) = links_in(mail)
    (finding,) = (await house.read(task)).findings
    assert "Position: 58.49503, 13.17665 (WGS 84)" in text_of(mail)
    assert "Mörkt" not in text_of(mail)  # letters are passed on; the page can be shut

    page = (await house.get(path)).text

    assert 'href="geo:58.49503,13.17665"' in page
    assert 'href="https://www.openstreetmap.org/?mlat=58.49503&amp;mlon=13.17665#map=18/58.49503/13.17665"' in page
    assert page.count('rel="noreferrer"') == 1
    assert "”Mörkt &lt;b&gt;nästan&lt;/b&gt; hela vägen.” Sett 20 november." in page
    assert (
        await house.evening.act("observation.moderate", finding, {"text": "Släckt lampa."}, COORDINATOR)
    ).outcome == "applied"
    page = (await house.get(path)).text
    assert "”Släckt lampa.”" in page
    assert "Mörkt" not in page
    assert (
        await house.evening.act("observation.withhold", finding, {"reason": "Rör."}, COORDINATOR)
    ).outcome == "applied"
    page = (await house.get(path)).text
    assert "Släckt lampa.”" not in page
    assert "geo:" not in page  # a task has its first finding's point


async def test_a_task_without_a_point_shows_its_place_in_words(house: MailHouse) -> None:
    await house.task()
    (path,) = links_in(house.inbox.mails[0])

    assert "geo:" not in (await house.get(path)).text
    assert "Position" not in text_of(house.inbox.mails[0])


async def test_a_party_moves_its_day_with_a_reason_and_says_that_it_waits(house: MailHouse) -> None:
    task = await house.task()
    (path,) = links_in(house.inbox.to(PARTYS_MAIL)[0])
    assert (await house.answer(path, "plan", planned_on="2026-12-01")).status_code == 200
    assert "Säg en ny dag" in (await house.get(path)).text

    wordless = await house.answer(path, "plan", planned_on="2026-12-08")
    moved = await house.answer(path, "plan", planned_on="2026-12-08", public_text="Liften är på lagning.")
    assert (wordless.status_code, moved.status_code) == (422, 200)
    kept = await house.read(task)
    assert (kept.state, str(kept.planned_on), kept.public_text) == ("planned", "2026-12-08", "Liften är på lagning.")
    assert kept.history[-1].text == "Ny dag 2026-12-08, förut 2026-12-01. Liften är på lagning."

    waits = await house.answer(
        path, "wait", reason="parts", next_look_on="2026-12-15", public_text="Armaturen är beställd."
    )
    assert waits.status_code == 200
    kept = await house.read(task)
    assert (kept.state, kept.wait_reason, str(kept.next_look_on)) == ("waiting", "parts", "2026-12-15")
