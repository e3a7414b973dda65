"""The lägesbild for everybody: what a named person released of a signed edition, without a script.

Only what was released is looked at (`LagesbildEdition.shown`), so that what nobody has released cannot be asked for.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from limits import RateLimitItemPerMinute
from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain import lagesbild_words
from trygghetsvandring.domain.charts import bars_svg, bars_words
from trygghetsvandring.domain.lagesbild import LagesbildEdition, Shown, ShownPart, ShownPeriod, ShownTable, edition_id
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.protocol_words import day
from trygghetsvandring.storage import lagesbild, municipalities, records
from trygghetsvandring.sync.ops.lagesbild import digest_of
from trygghetsvandring.web import folj_frame, paper_files, routing, sessions, tongues
from trygghetsvandring.web.errors import BadParameter, NotFound
from trygghetsvandring.web.folj_frame import PAGE
from trygghetsvandring.web.plain import text

_TITLE = "Lägesbild"
_FORMATS = {"pdf": "Spara som PDF", "docx": "Öppna i Word", "xlsx": "Räkna i Excel"}
_EMPTY = "<p>Här finns ingen lägesbild än. Den visas när båda parterna har skrivit under och någon har godkänt den.</p>"
_MAKES = RateLimitItemPerMinute(20)
_MOST_FILES = 24
_FILES: dict[tuple[UUID, str, datetime, str], bytes] = {}
"""The last that somebody asked for, in memory only: nothing lies on the disk of what is taken away or erased."""


async def latest(request: Request) -> Response:
    return await _page(request, None)


async def of_one(request: Request) -> Response:
    return await _page(request, routing.path_id(request))


async def _page(request: Request, of: UUID | None) -> Response:
    here, known, at, shown = await _read(request, of)
    empty = f"<h1>{_TITLE}</h1>{_EMPTY}"
    main = empty if at is None or shown is None else _main(here, known, at, shown)
    t = tongues.of(request)
    path = f"{PAGE}/{here.id}/lagesbild" + (f"/{of}" if of else "")
    inside = f"<div{t.typed}>{main}</div>{folj_frame.back(t, here)}{folj_frame.foot(t, here)}"
    called = _TITLE if t.is_swedish else t.words["lagesbild"]
    return folj_frame.answer(t, folj_frame.whole(t, path, here.name, inside, called=called))


async def _read(
    request: Request, of: UUID | None
) -> tuple[Municipality, Sequence[ShownPeriod], ShownPeriod | None, Shown | None]:
    """Every period that is shown, and the one asked for: without one the latest."""
    place = str(request.path_params["municipality"])
    if "\x00" in place:  # no text to PostgreSQL, and nobody's name
        raise NotFound()
    async with routing.house(request).store.read() as db:
        here = await municipalities.municipality(db, place)
        if here is None:
            raise NotFound()
        known = await lagesbild.showing(db, place)
        at = next((it for it in known if of in {None, it.of}), None)
        if at is None:
            if of is not None:
                raise NotFound()
            return here, known, None, None
        edition = await records.one(db, place, LagesbildEdition, edition_id(at.of, at.showing))
    return here, known, at, edition.shown if edition is not None else None


async def document(request: Request) -> Response:
    """The same as pdf (PDF/A), docx or xlsx."""
    format = str(request.path_params["format"])
    if format not in _FORMATS:
        raise BadParameter(name="format")
    _, _, at, shown = await _read(request, routing.path_id(request))
    if at is None or shown is None:
        raise NotFound()
    return paper_files.file(await _made(request, at, shown, format), format, f"lagesbild-{at.first}-{at.last}")


async def _made(request: Request, at: ShownPeriod, shown: Shown, format: str) -> bytes:
    """Made once for everybody, and known by what it says: another release has another file."""
    key = (edition_id(at.of, at.showing), digest_of(shown), at.changed_at, format)
    kept = _FILES.pop(key, None)
    if kept is None:
        sessions.must_not_ask_too_often(_MAKES, "lagesbild", sessions.address(request))
        kept = await paper_files.made(lagesbild_words.public_paper(shown), format, at.changed_at)
    _FILES[key] = kept
    while len(_FILES) > _MOST_FILES:
        del _FILES[next(iter(_FILES))]
    return kept


# ---------------------------------------------------------------- as it is drawn


def _main(here: Municipality, known: Sequence[ShownPeriod], at: ShownPeriod, shown: Shown) -> str:
    facts = (
        ("Publicerad", day(at.published_at)),
        ("Senast uppdaterad", day(at.changed_at)),
        ("Sidansvarig", text(shown.keeper)),
    )
    meta = "".join(f"<span>{name}: {value}</span>" for name, value in facts)
    signed = "".join(f"<li>{text(it)}</li>" for it in shown.signed)
    return (
        f'<h1>{_TITLE}</h1><p class="ing">{text(lagesbild_words.span(shown.first, shown.last))}</p>'
        f'<p class="meta">{meta}</p><p>{text(lagesbild_words.MEANS)}</p>'
        f"{''.join(_part(part) for part in shown.parts)}{_focus(shown)}"
        f"<section><h2>Underskrifter</h2><p>Utgåva {shown.number}.{_changed(shown)}</p><ul>{signed}</ul></section>"
        f"{_files(here, at)}{_others(here, known, at)}"
    )


def _part(it: ShownPart) -> str:
    words = "".join(f"<p>{text(line)}</p>" for line in it.text.split("\n") if line.strip())
    lines = "".join(f"<li>{text(line)}</li>" for line in it.lines)
    chart = ""
    if any(bar.n for bar in it.bars):
        drawn = bars_svg(it.bars, ink="currentColor")
        said = text(bars_words(it.title, it.bars))
        chart = f'<figure class="chart" role="img" aria-label="{said}">{drawn}</figure>'
    source = f'<p class="source">{text(it.source)}</p>' if it.source else ""
    return (
        f'<section id="{it.heading}"><h2>{text(it.title)}</h2>{words}'
        f"{f'<ul>{lines}</ul>' if lines else ''}{chart}{''.join(table(each) for each in it.tables)}"
        f"{source}</section>"
    )


def table(it: ShownTable) -> str:
    """Wider than a phone it scrolls in its own box, by keyboard too."""
    head = "".join(f'<th scope="col">{text(name)}</th>' for name in it.columns)
    rows = "".join(
        f'<tr><th scope="row">{text(row[0])}</th>{"".join(f"<td>{text(cell)}</td>" for cell in row[1:])}</tr>'
        for row in it.rows
    )
    caption = text(it.caption)
    return (
        f'<div class="wide" role="region" aria-label="{caption}" tabindex="0"><table class="counts">'
        f"<caption><span>{caption}</span></caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _focus(it: Shown) -> str:
    if not it.focus:
        return ""
    rows = "".join(f"<li>{text(each)}</li>" for each in it.focus)
    return f"<section><h2>Fokusområden som vilar på lägesbilden</h2><ul>{rows}</ul></section>"


def _changed(it: Shown) -> str:
    return f" {text(it.changed)}" if it.changed else ""


def _files(here: Municipality, at: ShownPeriod) -> str:
    path = f"{PAGE}/{text(here.id)}/lagesbild/{at.of}"
    rows = "".join(f'<li><a href="{path}/{kind}">{name}</a></li>' for kind, name in _FORMATS.items())
    return f'<section><h2>Ta med dig lägesbilden</h2><ul class="plainlist">{rows}</ul></section>'


def _others(here: Municipality, known: Sequence[ShownPeriod], at: ShownPeriod) -> str:
    rows = "".join(
        f'<li><a href="{PAGE}/{text(here.id)}/lagesbild/{it.of}">'
        f"{text(lagesbild_words.span(it.first, it.last))}</a></li>"
        for it in known
        if it.of != at.of
    )
    return f'<section><h2>Andra perioder</h2><ul class="plainlist">{rows}</ul></section>' if rows else ""


_HERE = f"{PAGE}/{{municipality}}/lagesbild"
routes = [
    routing.route(_HERE, latest, methods=["GET"], act=Act.PUBLIC),
    routing.route(_HERE + "/{id:uuid}", of_one, methods=["GET"], act=Act.PUBLIC),
    routing.route(_HERE + "/{id:uuid}/{format}", document, methods=["GET"], act=Act.PUBLIC),
]
