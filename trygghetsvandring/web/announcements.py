"""Coming walks that somebody has shown to everybody: as a calendar, and at the desk what would be shown."""

from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain import announcements as rules
from trygghetsvandring.domain.announcements import Announcement
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.storage import announcements, municipalities, records
from trygghetsvandring.web import calendars, routing
from trygghetsvandring.web.errors import NotFound


async def calendar(request: Request) -> Response:
    id, now = str(request.path_params["municipality"]), routing.now(request)
    if "\x00" in id:  # no text to PostgreSQL, and nobody's name
        raise NotFound()
    async with routing.house(request).store.read() as db:
        here = await municipalities.municipality(db, id)
        if here is None:
            raise NotFound()
        coming = await announcements.coming(db, id, now)
    page = f"{routing.house(request).settings.public_url}/folj/{id}"
    content = calendars.calendar(here, [(it, rules.standing(it, walk, now)) for it, walk in coming], page)
    return Response(content, media_type="text/calendar; charset=utf-8", headers={"Cache-Control": "no-cache"})


async def of_walk(request: Request) -> Response:
    """`seen` is the version that is shown if somebody says so; `outing` is all that everybody would read.

    `asks`: a word of it may be about a person. `is_shown`: nobody has taken it away, also when it is called off.
    """
    asker, now = routing.principal(request), routing.now(request)
    async with routing.house(request).store.read() as db:
        walk = await records.one(db, asker.municipality, Walk, routing.path_id(request))
        if walk is None:
            raise NotFound()
        it = await records.one(db, asker.municipality, Announcement, walk.id)
    shown = rules.outing(walk)
    return routing.json(
        {
            "seen": walk.version,
            "outing": shown,
            "asks": rules.may_name_somebody(shown),
            "is_shown": it is not None and it.is_shown,
            "standing": rules.standing(it, walk, now),
            "released_by": it.released_by if it else "",
            "changed_at": it.changed_at if it else None,
            "is_over": walk.ends_at <= now or walk.state == "ended",
            "public_path": f"/folj/{asker.municipality}",
        }
    )


routes = [
    routing.route("/folj/{municipality}/kalender.ics", calendar, methods=["GET"], act=Act.PUBLIC),
    routing.route("/api/walks/{id:uuid}/announcement", of_walk, methods=["GET"], act=Act.READ_WALKS),
]
