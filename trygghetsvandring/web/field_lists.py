"""The field list to take along: a sheet to print, a workbook and CSV, from the same filter as the desk's list."""

import csv
import io
from collections.abc import Sequence
from html import escape

import xlsxwriter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from trygghetsvandring.domain.field_lists import COLUMNS, PRIORITIES, by_street, cells, plain, status
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.tasks import Task, day_of
from trygghetsvandring.storage import municipalities, tasks
from trygghetsvandring.web import routing
from trygghetsvandring.web.errors import NotFound
from trygghetsvandring.web.sheets import day_words
from trygghetsvandring.web.tasks import wanted_of

MOST_ROWS = 5000
MOST_PRINTED = 500
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CSP = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
_STYLE = """
@page { size: A4 landscape; margin: 10mm }
* { box-sizing: border-box }
body { font: 11pt/1.35 "Atkinson Hyperlegible Next", system-ui, sans-serif; color: #12231E; margin: 0 }
h1 { font-size: 20pt; margin: 0 0 1mm } p { margin: 0 0 2mm }
h2 { font-size: 13pt; margin: 5mm 0 1mm; break-after: avoid }
table { width: 100%; border-collapse: collapse }
th, td { text-align: left; vertical-align: top; padding: 1.5mm 2mm; border-bottom: 1px solid #71796F }
thead { display: table-header-group } tr { break-inside: avoid }
.box { width: 6mm; height: 6mm; border: 2px solid #12231E; display: inline-block }
.write { width: 62mm } .num { white-space: nowrap }
@media screen { body { padding: 6mm } }
"""


async def field_list(request: Request) -> Response:
    """`kind`: xlsx, csv, or html to print. In the order somebody drives: place by place."""
    kind = request.path_params["kind"]
    if kind not in _MADE:
        raise NotFound()
    asker = routing.principal(request)
    limit = MOST_PRINTED if kind == "html" else MOST_ROWS
    async with routing.house(request).store.read() as db:
        here = await municipalities.municipality(db, asker.municipality)
        assert here is not None
        found = await tasks.by_place(db, asker.municipality, await wanted_of(request, db, here), limit)
    day = day_of(routing.now(request)).isoformat()
    return _MADE[kind](found, here, day)


def _named(content: bytes, media: str, name: str) -> Response:
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media, headers=headers)


def _csv(found: Sequence[Task], here: Municipality, day: str) -> Response:
    """Semicolons and a byte order mark: what a Swedish Excel opens as it is."""
    text = io.StringIO(newline="")
    written = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    written.writerow(COLUMNS)
    written.writerows([plain(cell) for cell in cells(task, here)] for task in found)
    return _named(text.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", f"faltlista-{day}.csv")


def _xlsx(found: Sequence[Task], here: Municipality, day: str) -> Response:
    """Every cell is written as a string: nothing in it can be a formula or a link, whatever it begins with."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Fältlista")
        heading = book.add_format({"bold": True, "bottom": 1})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for column, name in enumerate(COLUMNS):
            sheet.write_string(0, column, name, heading)
        for row, task in enumerate(found, start=1):
            for column, cell in enumerate(cells(task, here)):
                sheet.write_string(row, column, plain(cell), wrapped)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(found), 1), len(COLUMNS) - 1)
        sheet.set_column(0, 0, 30)
        sheet.set_column(2, 2, 34)
        sheet.set_column(3, 12, 14)
        sheet.set_column(13, 15, 30)
        sheet.set_landscape()
        sheet.repeat_rows(0)
    return _named(content.getvalue(), _XLSX, f"faltlista-{day}.xlsx")


def _html(found: Sequence[Task], here: Municipality, day: str) -> Response:
    streets = "".join(_street(place, there, here) for place, there in by_street(found))
    html = f"""<!doctype html>
<html lang="sv"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Fältlista {day}</title><style>{_STYLE}</style></head><body>
<h1>Fältlista, {escape(here.name)}</h1>
<p>{_how_many(len(found))} Utskriven {day}. Skriv inget om personer. Listan är allmän handling.</p>
{streets}</body></html>"""
    return HTMLResponse(html, headers={"Cache-Control": "no-store", "Content-Security-Policy": _CSP})


def _how_many(n: int) -> str:
    if n >= MOST_PRINTED:
        return f"De {n} första åtgärderna. Välj snävare för att få med resten."
    return "En åtgärd." if n == 1 else f"{n} åtgärder."


def _street(place: str, there: Sequence[Task], here: Municipality) -> str:
    rows = "".join(_row(task, here) for task in there)
    return f"""<h2>{escape(place)}</h2><table><thead><tr><th>Gjort</th><th>Nr</th><th>Vad</th><th>Hur bråttom</th>
<th>Status</th><th>Senast</th><th>Vem</th><th class="write">Anteckning</th></tr></thead><tbody>{rows}</tbody></table>"""


def _row(task: Task, here: Municipality) -> str:
    owner = here.organisation(task.department)
    who = task.person or (owner.name if owner else "")
    due = "" if task.due_on is None else day_words(task.due_on)
    return f"""<tr><td><span class="box"></span></td><td class="num">{escape(task.number)}</td>
<td>{escape(task.title)}</td><td>{PRIORITIES.get(task.priority, "")}</td><td>{status(task)}</td>
<td>{due}</td><td>{escape(who)}</td><td class="write"></td></tr>"""


_MADE = {"csv": _csv, "xlsx": _xlsx, "html": _html}
routes = [routing.route("/api/tasks/field-list/{kind}", field_list, methods=["GET"], act=Act.READ_TASKS)]
