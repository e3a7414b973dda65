"""The dialogue for everybody: what a named person released of each survey, as a page without a script and as a file.

Only what was released is looked at (`Survey.shown`), so that what nobody has released cannot be asked for.
"""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain import survey_words
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.protocol_words import day
from trygghetsvandring.domain.surveys import Shown, Survey
from trygghetsvandring.storage import surveys
from trygghetsvandring.web import folj_frame, routing, tongues
from trygghetsvandring.web.folj_frame import PAGE
from trygghetsvandring.web.folj_lagesbild import table
from trygghetsvandring.web.plain import text
from trygghetsvandring.web.surveys import sheet

_TITLE = "Dialog"
_EMPTY = "<p>Här finns inga svar än. De visas när minst fem har svarat och någon i kommunen har godkänt dem.</p>"


async def page(request: Request) -> Response:
    here, found = await _read(request)
    t = tongues.of(request)
    main = f"<h1>{_TITLE}</h1>{_main(here, found) if found else _EMPTY}"
    inside = f"<div{t.typed}>{main}</div>{folj_frame.back(t, here)}{folj_frame.foot(t, here)}"
    called = _TITLE if t.is_swedish else t.words["dialog"]
    return folj_frame.answer(t, folj_frame.whole(t, f"{PAGE}/{here.id}/dialog", here.name, inside, called=called))


def _main(here: Municipality, found: Sequence[tuple[Survey, Shown]]) -> str:
    rest = "".join(_one(it, shown) for it, shown in found)
    file = f'<p><a class="way" href="{PAGE}/{text(here.id)}/dialog.csv">Öppna alla svar i ett kalkylark</a></p>'
    lead = '<p class="ing">Så svarade de som bor, arbetar och rör sig här.</p>'
    return f"{lead}{_meta(found)}<p>{text(survey_words.MEANS)}</p>{rest}{file}"


async def as_csv(request: Request) -> Response:
    here, found = await _read(request)
    lines = [line for _, shown in found for line in survey_words.lines_of(shown)]
    return sheet(f"dialog-{here.id}", survey_words.LINE, lines)


async def _read(request: Request) -> tuple[Municipality, list[tuple[Survey, Shown]]]:
    here = await folj_frame.here(request)
    async with routing.house(request).store.read() as db:
        every = await surveys.all_of(db, here.id)
    return here, [(it, it.shown) for it in every if it.shown is not None]


def _meta(found: Sequence[tuple[Survey, Shown]]) -> str:
    facts = (
        ("Publicerad", day(min(it.published_at for it, _ in found if it.published_at))),
        ("Senast uppdaterad", day(max(it.changed_at for it, _ in found if it.changed_at))),
        ("Sidansvarig", ", ".join(dict.fromkeys(shown.keeper for _, shown in found))),
    )
    return '<p class="meta">' + "".join(f"<span>{name}: {text(value)}</span>" for name, value in facts) + "</p>"


def _one(it: Survey, shown: Shown) -> str:
    lines = "".join(f"<p>{text(line)}</p>" for line in shown.lines)
    return (
        f'<section id="{it.id}"><h2>{text(shown.title)}</h2>{lines}'
        f"{''.join(table(each) for each in shown.tables)}</section>"
    )


_HERE = f"{PAGE}/{{municipality}}/dialog"
routes = [
    routing.route(_HERE, page, methods=["GET"], act=Act.PUBLIC),
    routing.route(_HERE + ".csv", as_csv, methods=["GET"], act=Act.PUBLIC),
]
