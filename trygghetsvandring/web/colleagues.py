"""Those a task can be given to: the people of the asker's own unit who sign in."""

from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain.people import Act
from trygghetsvandring.storage import people
from trygghetsvandring.web import routing

_HANDS = frozenset({"handler", "department_head"})


async def list_colleagues(request: Request) -> Response:
    """{colleagues: [{id, function, login}]}; nobody of another unit, and nobody who cannot sign in any more."""
    asker = routing.principal(request)
    async with routing.house(request).store.read() as db:
        found = await people.listed(db, asker.municipality)
    rows = [
        {"id": user.id, "function": user.function, "login": user.login}
        for user in found
        if user.organisation == asker.organisation and user.role in _HANDS and user.disabled_at is None
    ]
    return routing.json({"colleagues": rows})


routes = [routing.route("/api/colleagues", list_colleagues, methods=["GET"], act=Act.READ_TASKS)]
