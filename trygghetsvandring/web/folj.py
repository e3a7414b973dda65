""" "Följ hur det går!": what was promised and how it goes, for everybody, without a script.

A promise is read as a named person released it (`Promise.shown`), a walk by its published protocol, and nothing else
of the house is looked at. So what nobody has released cannot be asked for.
"""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain import announcements as outings
from trygghetsvandring.domain.announcements import Announced, Outing
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.promises import Promise
from trygghetsvandring.domain.protocols import Edition
from trygghetsvandring.domain.tasks import day_of
from trygghetsvandring.storage import announcements, lagesbild, promises, protocols, surveys
from trygghetsvandring.sync import pairs
from trygghetsvandring.web import folj_feed, folj_findings, folj_frame, folj_page, routing, tongues
from trygghetsvandring.web.folj_frame import CALM, PAGE, SHEET
from trygghetsvandring.web.folj_page import Released
from trygghetsvandring.web.folj_promises import as_told_now, changed_at

_MOST_WALKS = 20


async def first(request: Request) -> Response:
    """The one municipality that shows anything; where there are several or none, a page that says so."""
    async with routing.house(request).store.read() as db:
        known = await promises.with_public(db)
    if len(known) == 1:
        return await _page(request, known[0][0])
    t = tongues.of(request)
    return folj_frame.answer(t, folj_page.choose(t, known))


async def of_one(request: Request) -> Response:
    return await _page(request, str(request.path_params["municipality"]))


async def _page(request: Request, id: str) -> Response:
    here, found, walks = await _read(request, id)
    coming = await _coming(request, id)
    async with routing.house(request).store.read() as db:
        periods = {it.of for it in await lagesbild.showing(db, here.id)}
        has_dialog = any(it.shown for it in await surveys.all_of(db, here.id))
        paired = await pairs.released(db, here)
    t, today = tongues.of(request), day_of(routing.now(request))
    told = Released(
        here=here,
        found=as_told_now(found, periods),
        walks=walks,
        coming=coming,
        has_lagesbild=bool(periods),
        figures=await folj_findings.figures(request, here),
        has_dialog=has_dialog,
        pairs=paired,
        today=today,
    )
    return folj_frame.answer(t, folj_page.page(t, told))


async def _coming(request: Request, id: str) -> list[Outing]:
    now = routing.now(request)
    async with routing.house(request).store.read() as db:
        shown = await announcements.coming(db, id, now)
    return [it.shown for it, walk in shown if outings.standing(it, walk, now) is Announced.SHOWN]


async def feed(request: Request) -> Response:
    here, found, walks = await _read(request, str(request.path_params["municipality"]))
    now = routing.now(request)
    async with routing.house(request).store.read() as db:
        coming = await announcements.coming(db, here.id, now)
        periods = await lagesbild.showing(db, here.id)
        asked = await surveys.all_of(db, here.id)
    shown = [(it.id, it.changed_at, it.shown, outings.standing(it, walk, now)) for it, walk in coming]
    entries = [
        *folj_feed.of_promises(found),
        *folj_feed.of_outings(shown),
        *folj_feed.of_walks(walks),
        *folj_feed.of_lagesbilder(periods, here.id),
        *folj_feed.of_dialogues(asked, here.id),
    ]
    changed = max([changed_at(found), *(it.changed_at for it in asked if it.changed_at)])
    content = folj_feed.feed(here, entries, changed, routing.house(request).settings.public_url)
    return Response(content, media_type="application/atom+xml; charset=utf-8", headers=CALM)


async def _read(request: Request, id: str) -> tuple[Municipality, Sequence[Promise], Sequence[Edition]]:
    here = await folj_frame.here(request, id)
    async with routing.house(request).store.read() as db:
        found = [it for it in await promises.all_of(db, id) if it.published_at is not None]
        return here, found, await protocols.all_published(db, id, _MOST_WALKS)


async def sheet(_request: Request) -> Response:
    return Response(folj_frame.CSS, media_type="text/css; charset=utf-8", headers=CALM)


routes = [
    routing.route(PAGE, first, methods=["GET"], act=Act.PUBLIC),
    routing.route(SHEET, sheet, methods=["GET"], act=Act.PUBLIC),
    routing.route(f"{PAGE}/{{municipality}}", of_one, methods=["GET"], act=Act.PUBLIC),
    routing.route(f"{PAGE}/{{municipality}}/flode.xml", feed, methods=["GET"], act=Act.PUBLIC),
]
