"""Surveys: answered by link without saying who, counted in classes of five, and read when a named person showed it."""

import csv
import io
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import select

from tests.makers import COORDINATOR, LIDKOPING, an_evening
from tests.quality.lix import lix
from tests.sync.desks import coordinator
from tests.web.mail_houses import MailHouse, a_mail_house
from tests.web.phones import Evening
from tests.web.test_promises import a_promise, an_agreement, publish, section
from trygghetsvandring.domain import surveys as rules
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Role
from trygghetsvandring.integrations.follow_letters import line
from trygghetsvandring.storage import exports
from trygghetsvandring.storage.tables import metadata
from trygghetsvandring.sync import following
from trygghetsvandring.web import surveys

pytest_plugins = ["tests.web.evenings"]
PLACE, HOURS, HELP = "nya-stadens-torg", "fre–lör 22–00", "Bättre ljus"
WORD = "Buskarna skymmer lampan."
ANSWER: dict[str, Any] = {"place": PLACE, "hours": HOURS, "felt": "unsafe", "help": HELP}
SURVEY = {"title": "Hur är kvällarna?", "source": "citizens", "places": [PLACE], "hours": [HOURS], "helps": [HELP, "X"]}
FOLJ = f"/folj/{LIDKOPING}/dialog"


@pytest_asyncio.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[MailHouse]:
    surveys.forget_tries()
    async with an_evening(database, tmp_path) as evening, a_mail_house(evening) as it:
        yield it


async def act(house: MailHouse, type: str, id: UUID, body: dict[str, Any]) -> str:
    outcome = await house.evening.act(type, id, body, replace(COORDINATOR, function="Funktion"))
    return outcome.code or outcome.outcome


async def a_survey(house: MailHouse, **changes: Any) -> UUID:
    id = uuid7()
    assert await act(house, "survey.make", id, SURVEY | changes) == "applied"
    return id


async def desk(house: MailHouse, role: Role = Role.COORDINATOR) -> Any:
    headers = await house.signed_in(await house.user(role, "samordning", f"{uuid7()}@lidkoping.example"))
    return headers | {"Origin": "https://trygg.test"}


async def row(house: MailHouse, headers: Any, id: UUID) -> Any:
    view = (await house.evening.http.get("/api/surveys", headers=headers)).json()
    return next(it for it in view["rows"] if it["id"] == str(id))


async def page_of(house: MailHouse, headers: Any, id: UUID) -> str:
    link: str = (await row(house, headers, id))["link"]["url"]
    return link[link.index("/enkat/") :]


async def send(house: MailHouse, path: str, page: httpx.Response | None = None, **typed: Any) -> httpx.Response:
    page = page or await house.get(path)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))
    return await house.evening.http.post(path, data=hidden | typed)


async def counted(house: MailHouse, headers: Any, id: UUID) -> int:
    seen = (await row(house, headers, id))["version"]
    answer = await house.evening.http.post(f"/api/surveys/{id}/count", json={"seen": seen}, headers=headers)
    return answer.status_code


async def released(house: MailHouse, headers: Any, id: UUID) -> str:
    digest = (await row(house, headers, id))["preview"]["digest"]
    return await act(house, "survey.release", id, {"digest": digest, "name": "Kim T"})


async def answered(house: MailHouse, id: UUID, times: int, **changes: str) -> None:
    for _ in range(times):
        assert await act(house, "survey.answer", uuid4(), ANSWER | {"survey": id} | changes) == "applied"


async def elsewhere(house: MailHouse, id: UUID) -> list[bool]:
    """Whether the feed, the search and the letter to those who follow tell of it; no count stands in any of them."""
    folj = f"/folj/{LIDKOPING}"
    feed = (await house.get(f"{folj}/flode.xml")).text
    found = (await house.get(f"{folj}/fynd?q=kvällarna+torg")).text
    async with house.evening.store.read() as db:
        released = await following.released(db, LIDKOPING, house.evening.now)
    told = released.get(f"dialogue {id}")
    letter = line(told, "sv") if told else ""
    assert not any("0–4" in each for each in (feed, found, letter))
    return [f"/dialog#{id}" in feed, f'/dialog#{id}"' in found, letter == "Dialog: Hur är kvällarna?"]


async def test_answers_by_link_are_counted_shown_and_read_alike_at_the_desk_outside_and_in_the_file(
    house: MailHouse,
) -> None:
    headers, id = await desk(house), await a_survey(house)
    path = await page_of(house, headers, id)
    form = await house.get(path)
    assert form.text.index(rules.NOTICE) < form.text.index("<form")
    assert not re.search(r"<script|set-cookie|<textarea|checked", form.text + str(form.headers), re.IGNORECASE)
    assert 'autocomplete="off"' in form.text
    assert lix("\n".join(re.findall(r">([^<>]+)<", form.text.partition("<main>")[2]))).value <= 30

    arabic = await house.get(f"{path}?sprak=ar")
    assert '<html lang="ar" dir="rtl">' in arabic.text
    assert f'action="{path}?sprak=ar"' in arabic.text
    assert f'<h1 lang="sv" dir="ltr">{SURVEY["title"]}</h1>' in arabic.text
    assert f'<bdi lang="sv" dir="ltr">{HELP}</bdi>' in arabic.text
    assert "كيف تشعر هنا؟" in arabic.text

    first, again = await send(house, path, form, **ANSWER), await send(house, path, form, **ANSWER)
    assert (first.status_code, again.status_code) == (200, 200)
    assert HELP not in first.text
    for _ in range(3):
        await send(house, path, **ANSWER)
    assert await counted(house, headers, id) == 409  # four have answered
    await answered(house, id, 3, felt="safe")  # off paper
    assert await counted(house, headers, id) == 200
    assert (await house.get(FOLJ)).text.count("0–4") == 0
    assert await released(house, headers, id) == "applied"

    preview = (await row(house, headers, id))["preview"]["shown"]["tables"][0]
    file = await house.get(f"{FOLJ}.csv")
    lines = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig")), delimiter=";"))
    assert preview["rows"][0] == [f"Nya Stadens torg, {HOURS}", "0–4", "0–4", "0–4", "5–9"]
    assert re.findall(r"<td>([^<]+)</td>", (await house.get(FOLJ)).text)[:4] == ["0–4", "0–4", "0–4", "5–9"]
    assert [line[-3:] for line in lines[1:4]] == [[it, "0–4", "5–9"] for it in ("Trygg", "Varken eller", "Otrygg")]
    assert "Läs svaren" in (await house.get(f"/folj/{LIDKOPING}")).text
    assert await elsewhere(house, id) == [True, True, True]
    assert await act(house, "survey.withdraw", id, {}) == "applied"
    assert (await house.get(FOLJ)).text.count("0–4") == 0
    assert await elsewhere(house, id) == [False, False, False]


async def test_a_form_sent_again_with_another_answer_says_that_the_first_one_stands(house: MailHouse) -> None:
    headers, id = await desk(house), await a_survey(house, free_text=True)
    path = await page_of(house, headers, id)
    form = await house.get(path)
    first = await send(house, path, form, **ANSWER, text=f" {WORD} ")
    (number,) = re.findall(r"nummer (E-[0-9A-F]{8})", first.text)

    same = await send(house, path, form, **ANSWER, text=f" {WORD} ")
    other = await send(house, path, form, **ANSWER | {"felt": "safe"}, text=WORD)
    again = await send(house, path, other, **ANSWER | {"felt": "safe"}, text=WORD)

    assert (first.status_code, same.status_code, other.status_code, again.status_code) == (200, 200, 409, 200)
    assert number in same.text
    assert f"Ditt första svar står kvar. Det har nummer {number}." in other.text
    assert "kommit fram" not in other.text
    assert 'value="safe" required checked' in other.text
    assert number not in again.text  # pressed once more it is an answer of its own


async def test_free_words_are_read_together_afterwards_and_never_outside_and_a_persons_are_kept_nowhere(
    house: MailHouse,
) -> None:
    headers, id = await desk(house), await a_survey(house, free_text=True)
    path = await page_of(house, headers, id)

    refused = await send(house, path, **ANSWER, text="Ring Anna Andersson på 070-123 45 67.")
    texts = [f"{WORD} {n}" for n in "edcba"]
    for text in texts[:4]:
        await send(house, path, **ANSWER, text=text)
    await answered(house, id, 1)
    assert await counted(house, headers, id) == 200
    assert (await row(house, headers, id))["texts"] == []  # four, and it is open
    await send(house, path, **ANSWER, text=texts[4])
    assert (await row(house, headers, id))["texts"] == []
    assert await act(house, "survey.close", id, {}) == "applied"
    assert await released(house, headers, id) == "applied"

    assert refused.status_code == 422
    assert 'value="unsafe" required checked' in refused.text
    assert (await row(house, headers, id))["texts"] == sorted(texts)
    assert WORD not in (await house.get(FOLJ)).text + (await house.get(f"{FOLJ}.csv")).text
    async with house.evening.store.read() as db:
        kept = [str(tuple(it)) for table in metadata.sorted_tables for it in await db.execute(select(table))]
    assert not any("Andersson" in each for each in kept)


async def test_single_answers_are_for_the_register_by_a_number_that_tells_no_order(house: MailHouse) -> None:
    headers, id = await desk(house), await a_survey(house)
    path = await page_of(house, headers, id)
    (number,) = re.findall(r"nummer (E-[0-9A-F]{8})", (await send(house, path, **ANSWER)).text)
    register = await desk(house, Role.REGISTRATOR)

    file = await house.evening.http.get(f"/api/surveys/{id}/answers.csv", headers=register)
    found = await house.evening.http.get("/api/register/look", params={"number": number}, headers=register)

    assert number in file.text
    assert found.json()["kind"] == "survey_answer"
    assert (await house.evening.http.get(f"/api/surveys/{id}/answers.csv", headers=headers)).status_code == 404


async def test_what_leaves_the_house_of_an_answer_tells_the_day_and_not_the_moment(house: MailHouse) -> None:
    id, answer = await a_survey(house), uuid4()
    day = house.evening.now.date().isoformat()
    assert await act(house, "survey.answer", answer, ANSWER | {"survey": id}) == "applied"

    async with house.evening.store.read() as db:
        every = {name: rows async for name, rows in exports.tables(db, LIDKOPING)}
    about = {name: [row for row in rows if str(answer) in str(row)] for name, rows in every.items()}
    told = {name: rows for name, rows in about.items() if rows}

    assert set(told) == {"survey_answers", "versions"}
    assert [row["updated_at"] for row in told["survey_answers"]] == [day]
    assert [(row["at"], row.get("operation")) for row in told["versions"]] == [(day, None)]
    assert str(id) in str(every["operations"])  # all the others leave with what they are


async def test_a_closed_survey_takes_what_was_answered_before_and_nothing_of_a_later_day(house: MailHouse) -> None:
    headers, id = await desk(house), await a_survey(house)
    path = await page_of(house, headers, id)
    assert await act(house, "survey.close", id, {}) == "applied"

    house.evening.passes(days=1)

    assert (await house.get(path)).status_code == 410
    await answered(house, id, 1)  # off paper
    assert await act(house, "survey.answer", uuid4(), ANSWER | {"survey": id, "on": "2026-11-21"}) != "applied"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"places": ["nowhere"]}, "malformed"),
        ({"hours": []}, "survey_not_possible"),
        ({"helps": ["a", "b", "c", "d"]}, "survey_not_possible"),
        ({"helps": ["a", "b", "c", "d", "e"]}, "survey_not_possible"),
        ({"source": "youth", "free_text": True}, "survey_not_possible"),
        ({"title": "Om 19121212-1212"}, "public_text_not_safe"),
    ],
)
async def test_a_survey_that_would_tell_too_much_is_not_made(
    house: MailHouse, changes: dict[str, Any], code: str
) -> None:
    assert await act(house, "survey.make", uuid7(), SURVEY | changes) == code


async def test_a_promise_says_which_dialogue_it_is_built_on_when_a_named_person_has_shown_it(evening: Evening) -> None:
    triage = await coordinator(evening)
    promise, held = await a_promise(triage, await an_agreement(triage)), uuid7()
    told = {"title": "Dialogen 2023", "source": "staff", "told_by": "En rapport"}
    await triage.done("survey.import", held, **told, first="2023-05-01", last="2023-09-30")

    await triage.done("promise.build_on", promise, surveys=[held])
    assert "Bygger på" not in await section(evening)
    await publish(triage, promise)

    assert "Medarbetardialog: Dialogen 2023. Antal svar: uppgift saknas." in await section(evening)


async def test_a_corrected_title_leaves_the_sums_that_were_entered(evening: Evening) -> None:
    triage, id = await coordinator(evening), uuid7()
    held = {"title": "Dialogen", "source": "citizens", "told_by": "En rapport", "first": "2023-05-01"}
    sums = [{"place": PLACE, "band": HOURS, "safe": 13, "neither": 2, "unsafe": 41}]

    async def entered(base: int | None, **more: Any) -> Any:
        await triage.push("survey.import", id, held | {"last": "2023-09-30"} | more, base)
        return next(it for it in (await triage.get("/api/surveys"))["rows"] if it["id"] == str(id))

    first = await entered(None, sums=sums)
    mended = await entered(first["version"], title="Dialogen 2023")
    cleared = await entered(mended["version"], sums=[])

    assert mended["title"] == "Dialogen 2023"
    assert mended["preview"]["shown"]["tables"] == first["preview"]["shown"]["tables"]
    assert cleared["preview"] is None
