"""Feedback on the public page: taken in once, with nothing lost, and the address apart and soon gone."""

import html
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import func, select

from tests.makers import COORDINATOR, LIDKOPING, a_municipality, an_evening
from tests.quality.lix import lix
from tests.sync.registers import OFFICER, erased
from tests.web.mail_houses import MailHouse, a_mail_house
from trygghetsvandring.domain import feedback as rules
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Role
from trygghetsvandring.jobs import daily as days
from trygghetsvandring.jobs.work import Lane
from trygghetsvandring.storage.public_tables import feedback_contacts
from trygghetsvandring.storage.tables import metadata
from trygghetsvandring.sync import contacting
from trygghetsvandring.sync.municipalities import settle
from trygghetsvandring.web import feedback
from trygghetsvandring.web.feedback_pages import TRAP

FORM = f"/folj/{LIDKOPING}/synpunkt"
TELL = "https://tycktill.example"
TEXT = "Jag hittar inte lampan vid bron."
ADDRESS = "en.lasare@post.example"
NUMBER = re.compile(r"nummer (S-\d+)\.")


@pytest_asyncio.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[MailHouse]:
    feedback.forget_tries()
    async with an_evening(database, tmp_path) as evening, a_mail_house(evening) as it:
        await settle(evening.store, a_municipality(tell_on_url=TELL))
        yield it


def fields(page: httpx.Response) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))


async def send(house: MailHouse, page: httpx.Response | None = None, **typed: str) -> httpx.Response:
    page = page or await house.get(FORM)
    return await house.evening.http.post(FORM, data=fields(page) | typed)


async def desk(house: MailHouse, role: Role = Role.COORDINATOR, of: str = "samordning", **asked: str) -> Any:
    headers = await house.signed_in(await house.user(role, of, f"{uuid7()}@lidkoping.example"))
    answer = await house.evening.http.get("/api/feedback", params=asked, headers=headers)
    return answer.json() if answer.status_code == 200 else answer.status_code


async def contacts(house: MailHouse) -> int:
    async with house.evening.store.read() as db:
        return int((await db.execute(select(func.count()).select_from(feedback_contacts))).scalar_one())


async def everywhere(house: MailHouse) -> str:
    """All that every table says."""
    async with house.evening.store.read() as db:
        return "\n".join(
            [str(tuple(row)) for table in metadata.sorted_tables for row in await db.execute(select(table))]
        )


async def close(house: MailHouse, id: str, receipt: str = "") -> Any:
    return await house.evening.act("feedback.close", UUID(id), {"receipt": receipt}, COORDINATOR)


# ---------------------------------------------------------------- who writes


async def test_the_page_asks_and_opening_the_form_says_nothing(house: MailHouse) -> None:
    page = await house.get(f"/folj/{LIDKOPING}")
    (yes, _, no) = re.findall(rf'href="({FORM}\?svar=\w+)"', page.text)

    form = await house.get(no)

    assert form.status_code == 200
    assert 'value="no" required checked' in form.text
    assert 'value="yes" required checked' in (await house.get(yes)).text
    assert "checked" not in (await house.get(f"{FORM}?svar=%22%3E")).text
    assert (await desk(house))["counts"] == {"open": 0, "closed": 0}
    assert not re.search(r"<script|set-cookie", form.text + str(form.headers), re.IGNORECASE)


async def test_the_notice_stands_before_the_field_and_is_read_out_with_it(house: MailHouse) -> None:
    text = (await house.get(FORM)).text
    (described,) = re.findall(r'<textarea[^>]*aria-describedby="([^"]+)"', text)

    (notice,) = re.findall(rf'<p class="help" id="{described}">([^<]*)</p>', text)

    assert html.unescape(notice) == rules.NOTICE
    assert text.index(notice) < text.index("<textarea")
    assert TELL in text
    assert lix("\n".join(re.findall(r">([^<>]+)<", text.partition("<main>")[2]))).value <= 30

    await settle(house.evening.store, a_municipality(feedback_notice="Det här läser alla."))
    assert "Det här läser alla." in (await house.get(FORM)).text


async def test_what_is_sent_has_a_number_and_is_there_once_however_often_it_is_sent(house: MailHouse) -> None:
    page = await house.get(FORM)

    first = await send(house, page, helped="no", text=TEXT)
    second = await send(house, page, helped="no", text=TEXT)
    other = await send(house, helped="partly")

    assert (first.status_code, second.status_code) == (200, 200)
    (number,) = NUMBER.findall(first.text)
    assert NUMBER.findall(second.text) == [number]
    assert NUMBER.findall(other.text) != [number]
    rows = (await desk(house))["rows"]
    assert {(row["number"], row["helped"], row["text"]) for row in rows} == {
        (number, "no", TEXT),
        (*NUMBER.findall(other.text), "partly", ""),
    }


async def test_other_words_by_the_same_form_are_kept_on_the_page_and_can_be_sent_too(house: MailHouse) -> None:
    page = await house.get(FORM)
    (number,) = NUMBER.findall((await send(house, page, helped="no", text=TEXT)).text)

    other = {"helped": "yes", "text": "Något\r\nannat.", "mail": ADDRESS}
    second = await send(house, page, **other)

    assert second.status_code == 409
    assert f"Ditt första svar står kvar. Det har nummer {number}." in second.text
    assert "Något\nannat." in second.text
    assert ADDRESS in second.text
    assert await contacts(house) == 0
    third = await send(house, second, **other)
    assert NUMBER.findall(third.text) not in ([], [number])
    assert "Vi mejlar bara" in third.text
    assert (await desk(house))["counts"]["open"] == 2


async def test_a_line_ends_in_one_letter_however_a_browser_sends_it(house: MailHouse) -> None:
    text = "rad\n" * 249 + "slut"
    assert (await send(house, helped="no", text=text.replace("\n", "\r\n"))).status_code == 200
    assert (await desk(house))["rows"][0]["text"] == text

    asked = {"helped": "no", "text": "Grannen\r\nKalle Svensson har sönder lamporna."}
    first = await send(house, None, **asked)
    assert first.status_code == 422
    assert (await send(house, first, **asked)).status_code == 200


@pytest.mark.parametrize(
    "typed",
    [
        {"helped": "no", "text": TEXT, "mail": "a?bcc=b@post.example"},
        {"helped": "no", "text": "Ring 19811218-9876 om lampan."},
        {"helped": "", "text": TEXT},
        {"helped": "no", "text": TEXT, "mail": "ingen adress"},
        {"helped": "no", "text": "å" * 1001},
        {"helped": "no", "text": TEXT, TRAP: "https://kop.example"},
        {"helped": "no", "text": TEXT, "form": "gammal"},
    ],
)
async def test_what_is_refused_says_why_keeps_every_word_and_is_stored_nowhere(
    house: MailHouse, typed: dict[str, str]
) -> None:
    answer = await send(house, None, **{"mail": ADDRESS} | typed)

    assert answer.status_code == 422
    assert 'role="alert">Inget är skickat.' in answer.text
    assert html.escape(typed["text"]) in answer.text
    assert html.escape(typed.get("mail", ADDRESS)) in answer.text
    held = await everywhere(house)
    assert typed["text"] not in held
    assert ADDRESS not in held


async def test_what_may_be_about_a_person_is_asked_about_once(house: MailHouse) -> None:
    text = "Grannen Kalle Svensson har sönder lamporna."
    first = await send(house, helped="no", text=text)
    assert first.status_code == 422
    assert "Handlar texten om en person?" in first.text

    again = await send(house, first, helped="no", text=text)

    assert again.status_code == 200
    assert NUMBER.search(again.text)


async def test_one_sender_does_not_fill_the_desk(house: MailHouse) -> None:
    for _ in range(30):
        assert (await send(house, helped="yes")).status_code == 200

    answer = await send(house, helped="no", text=TEXT, mail=ADDRESS)

    assert answer.status_code == 429
    assert TEXT in answer.text
    assert (await desk(house))["counts"]["open"] == 30
    assert await contacts(house) == 0


# ---------------------------------------------------------------- the address


async def test_an_address_is_apart_read_by_the_coordinator_only_and_goes_when_it_is_closed(house: MailHouse) -> None:
    await send(house, helped="no", text=TEXT, mail=ADDRESS)
    (row,) = (await desk(house))["rows"]
    (read,) = (await desk(house, Role.REGISTRATOR))["rows"]
    assert (row["contact"], read["contact"]) == (ADDRESS, None)
    assert (await everywhere(house)).count(ADDRESS) == 1

    outcome = await close(house, row["id"], "TT-2026-117")
    await house.work(Lane.ERASURES)

    assert outcome.outcome == "applied"
    assert ADDRESS not in await everywhere(house)
    (row,) = (await desk(house, state="closed"))["rows"]
    assert (row["contact"], row["receipt"], row["closed_by"]) == (None, "TT-2026-117", "Trygghetssamordnare")


async def test_an_address_that_nobody_used_goes_after_its_time(house: MailHouse) -> None:
    await send(house, helped="no", text=TEXT, mail=ADDRESS)
    for passes, left in ((rules.KEEP_CONTACT.days - 1, 1), (2, 0)):
        house.evening.passes(days=passes)
        await daily(house)
        assert await contacts(house) == left
    assert (await desk(house))["counts"]["open"] == 1


async def test_an_address_whose_feedback_never_came_goes_the_same_day(house: MailHouse) -> None:
    await contacting.keep(house.evening.engine, LIDKOPING, uuid5(UUID(int=1), "x"), ADDRESS, house.evening.now)
    house.evening.passes(hours=2)

    await daily(house)

    assert await contacts(house) == 0


async def daily(house: MailHouse) -> None:

    context = house.evening.app.state.runner._context
    await days.plan(context)
    house.evening.times["now"] = days.next_time(house.evening.now)
    await house.work(Lane.DAILY)


# ---------------------------------------------------------------- who reads


async def test_it_is_found_in_the_register_and_erased_with_its_address(house: MailHouse) -> None:
    await send(house, helped="no", text=TEXT, mail=ADDRESS)
    (row,) = (await desk(house, Role.REGISTRATOR))["rows"]
    headers = await house.signed_in(await house.user(Role.REGISTRATOR, "samordning", "r@lidkoping.example"))
    found = (await house.get(f"/api/register/look?number={row['number']}", **headers)).json()
    assert (found["kind"], found["id"]) == ("feedback", row["id"])

    await erased(house.evening, ("feedback", UUID(row["id"])))

    held = await everywhere(house)
    assert TEXT not in held
    assert ADDRESS not in held
    assert OFFICER.function in held  # who decided stands


async def test_another_boards_register_does_not_have_it(house: MailHouse) -> None:
    await send(house, helped="no", text=TEXT)

    assert await desk(house, Role.REGISTRATOR, "socialtjansten") == 404
    assert await desk(house, Role.HANDLER, "gata-park") == 404


async def test_closed_twice_the_first_word_stands(house: MailHouse) -> None:
    await send(house, helped="no", text=TEXT)
    (row,) = (await desk(house))["rows"]

    codes = [(await close(house, row["id"], receipt)).code for receipt in ("TT-1", "TT-1", "TT-2")]

    assert codes == [None, None, "feedback_closed"]
    assert (await desk(house, state="closed"))["rows"][0]["receipt"] == "TT-1"
