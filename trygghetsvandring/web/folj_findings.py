"""What a person has released of the walks, to read and search, and its figures: nothing that open data lacks."""

from datetime import timedelta
from typing import Final

from limits import RateLimitItemPerMinute
from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain import announcements as outings
from trygghetsvandring.domain import open311_told
from trygghetsvandring.domain import shown_findings as rules
from trygghetsvandring.domain.announcements import Announced
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.shown_findings import Figures, has
from trygghetsvandring.domain.surveys import Shown
from trygghetsvandring.domain.tasks import day_of
from trygghetsvandring.storage import announcements, changes, promises, protocols, publications, surveys
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync import open_data, pairs
from trygghetsvandring.sync.open_data import Page
from trygghetsvandring.web import findings_page, folj_frame, routing, sessions, tongues
from trygghetsvandring.web.findings_page import A_PAGE, FINDINGS, Found
from trygghetsvandring.web.folj_frame import PAGE
from trygghetsvandring.web.folj_promises import released

_MOST: Final = 1_000
_MOST_PAGES: Final = 10
_MOST_WALKS: Final = 200
_READS = RateLimitItemPerMinute(120)
_counted: dict[str, tuple[routing.House, tuple[object, ...], Figures]] = {}
"""The last figures of each municipality, with the house they were counted in and all that they could change with."""


async def show(request: Request) -> Response:
    sessions.must_not_ask_too_often(_READS, "findings", sessions.address(request))
    here, t = await folj_frame.here(request), tongues.of(request)
    asked = request.query_params.get("q", "").strip()[: rules.LONGEST_SOUGHT]
    number = routing.query_int(request, "sida", 1, least=1, most=1_000)
    return folj_frame.answer(t, findings_page.page(t, here, await _look(request, here, asked, number)))


async def _look(request: Request, here: Municipality, asked: str, number: int) -> Found:
    now, words = routing.now(request), rules.sought(asked)
    async with routing.house(request).store.read() as db:
        read = await _year(request, db, here)
        promised = released(await promises.all_of(db, here.id)) if words else []
        walks = await protocols.all_published(db, here.id, _MOST_WALKS) if words else []
        coming = await announcements.coming(db, here.id, now) if words else []
        paired = await pairs.released(db, here)
        surveyed = await surveys.all_of(db, here.id) if words else []
    shown = [it.shown for it, walk in coming if outings.standing(it, walk, now) is Announced.SHOWN]
    findings = [
        it
        for it in read.found
        if has(words, it.text, it.place_words, it.notes, it.agency, it.category.name if it.category else "")
    ]
    pages = -(-len(findings) // A_PAGE) or 1
    number = min(number, pages)
    return Found(
        sought=asked,
        promises=[each for each in promised if has(words, each[1].heading, each[1].text, each[1].agreement.title)],
        walks=[it for it in walks if has(words, it.minutes.name)],
        dialogues=[
            (it.id, it.shown)
            for it in surveyed
            if it.shown is not None and has(words, it.shown.title, *it.shown.lines, *_tables(it.shown))
        ],
        coming=[it for it in shown if has(words, it.name, it.place, it.meeting_point)],
        findings=findings[(number - 1) * A_PAGE : number * A_PAGE],
        pairs={it.finding: it for it in paired},
        n=len(findings),
        page=number,
        pages=pages,
        looked_at=None if read.next is None else len(read.found),
    )


def _tables(it: Shown) -> list[str]:
    """What was asked, where and when: whole names, and no counts."""
    return [words for each in it.tables for words in (each.caption, *each.columns, *(row[0] for row in each.rows))]


async def _year(request: Request, db: Db, here: Municipality) -> Page:
    """All of it, as far as anybody can ask for at once; then `next` says that there is more."""
    now, found, after = routing.now(request), list[open311_told.Shown](), None
    for _ in range(_MOST_PAGES):
        read = await open_data.page(db, here, first=now - rules.PERIOD, last=now, after=after, limit=_MOST)
        found += read.found
        after = read.next
        if after is None:
            break
    return Page(found=found, next=after)


async def _released(request: Request, here: Municipality) -> Page:
    now = routing.now(request)
    async with routing.house(request).store.read() as db:
        return await open_data.page(db, here, first=now - rules.PERIOD, last=now, limit=_MOST)


async def figures(request: Request, here: Municipality) -> Figures:
    """Counted anew when anything of the municipality has changed, and each day."""
    today = day_of(routing.now(request))
    async with routing.house(request).store.read() as db:
        feed = await changes.head(db, here.id), await changes.rewritten(db, here.id)
        at = (today, *feed, *await publications.mark(db, here.id))
    known = _counted.get(here.id)
    if known is not None and known[0] is routing.house(request) and known[1] == at:
        return known[2]
    read = await _released(request, here)
    first = today - timedelta(days=rules.PERIOD.days)
    counted = rules.figures(read.found, first, today, is_all=read.next is None)
    _counted[here.id] = (routing.house(request), at, counted)
    return counted


routes = [routing.route(f"{PAGE}/{{municipality}}{FINDINGS}", show, methods=["GET"], act=Act.PUBLIC)]
