"""The filters somebody has kept, and their unit's."""

from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain.people import Act
from trygghetsvandring.storage import saved_filters
from trygghetsvandring.web import routing


async def list_filters(request: Request) -> Response:
    """`mine`: saved by the one who asks. One's own first one goes before the unit's."""
    asker = routing.principal(request)
    assert asker.user is not None  # everyone who reads tasks is signed in
    async with routing.house(request).store.read() as db:
        kept = await saved_filters.of(db, asker.municipality, asker.user, asker.organisation)
    rows = [
        {
            "id": it.id,
            "version": it.version,
            "name": it.name,
            "query": it.query,
            "first": it.first,
            "shared": it.organisation is not None,
            "mine": it.user == asker.user,
        }
        for it in kept
    ]
    return routing.json({"filters": rows})


routes = [routing.route("/api/filters", list_filters, methods=["GET"], act=Act.READ_TASKS)]
