"""The demo's start page: who to be, where the mail goes, which walk to join. Only while the demo is loaded."""

from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.demo import seed
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.walks import join_code, join_secret
from trygghetsvandring.storage import municipalities, people, walks
from trygghetsvandring.web import routing
from trygghetsvandring.web.errors import NotFound


async def start(request: Request) -> Response:
    house = routing.house(request)
    if not house.settings.demo:
        raise NotFound()
    async with house.store.read() as db:
        place = await municipalities.municipality(db, seed.MUNICIPALITY)
        if place is None:
            raise NotFound()
        still = {user.login for user in await people.listed(db, place.id) if user.demo}
        invites = [
            (walk, found[0])
            for walk in await walks.not_ended(db, place.id)
            if (found := await walks.open_invites(db, place.id, walk.id)) and found[0].ends_at >= routing.now(request)
        ]
    card = None
    if invites:
        walk, invite = invites[0]
        code = join_code(house.engine.key, invite.id)
        link = f"{house.settings.public_url}/#g={join_secret(house.engine.key, invite.id)}"
        card = {"name": walk.name, "code": f"{code[:4]}-{code[4:]}", "link": link}
    return routing.json(
        {
            "municipality": place.name,
            "mail_folder": None if house.settings.smtp_url else str(house.settings.mail_folder),
            "personas": [persona.wire() for persona in seed.PERSONAS if persona.login in still],
            "walk": card,
        }
    )


routes = [routing.route("/api/start", start, methods=["GET"], act=Act.PUBLIC)]
