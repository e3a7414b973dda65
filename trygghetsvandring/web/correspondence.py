"""Who is written to and where, the words that replies begin with, and who has changed what."""

from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain.correspondence import STEPS, Correspondence
from trygghetsvandring.domain.departments import Organisation
from trygghetsvandring.domain.ids import correspondence_id
from trygghetsvandring.domain.people import Act, Role
from trygghetsvandring.integrations.mail import is_address
from trygghetsvandring.storage import municipalities, people, records
from trygghetsvandring.storage.people import User
from trygghetsvandring.web import routing

_MOST_CHANGES = 50


async def show(request: Request) -> Response:
    place = routing.principal(request).municipality
    async with routing.house(request).store.read() as db:
        here = await municipalities.municipality(db, place)
        it = await records.one(db, place, Correspondence, correspondence_id(place))
        users = await people.listed(db, place)
    assert here is not None
    changes = it.changes[-_MOST_CHANGES:] if it else ()
    names = {party.id: party.name for party in here.departments}
    return routing.json(
        {
            "id": correspondence_id(place),
            "parties": [_party(party, users) for party in here.departments if party.owns_tasks],
            "texts": here.reply_texts,
            "steps": STEPS,
            "tiles": [{"id": tile.id, "name": tile.name} for tile in here.tiles],
            "duty": here.duty.mail,
            "changes": [
                {"at": each.at, "by": each.by, "about": names.get(each.about), "was": each.was, "now": each.now}
                for each in reversed(changes)
            ],
        }
    )


def _party(party: Organisation, users: list[User]) -> dict[str, object]:
    """`readers`: functions there that sign in and hear by mail at their login."""
    readers = [
        user.function
        for user in users
        if user.organisation == party.id
        and user.disabled_at is None
        and user.role in {Role.HANDLER, Role.DEPARTMENT_HEAD}
        and is_address(user.login)
    ]
    return {"id": party.id, "name": party.name, "mail": party.mail, "readers": readers}


routes = [routing.route("/api/correspondence", show, methods=["GET"], act=Act.KEEP_LETTERS)]
