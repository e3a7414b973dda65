"""A phone's wish for a word when there is an answer: asked for, looked at and taken back by the phone itself."""

import hashlib

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain import pushes as rules
from trygghetsvandring.domain.people import Act
from trygghetsvandring.integrations import web_push
from trygghetsvandring.storage import changes as feed
from trygghetsvandring.storage import pushes
from trygghetsvandring.web import routing
from trygghetsvandring.web.errors import NotFound


class Ask(msgspec.Struct, kw_only=True):
    """`endpoint`: the address that the browser's push service made for this app on this phone."""

    endpoint: str


async def look(request: Request) -> Response:
    asker, house = routing.principal(request), routing.house(request)
    if asker.device is None:
        raise NotFound()
    async with house.store.read() as db:
        wish = await pushes.one(db, asker.municipality, asker.device)
    return routing.json({"key": web_push.public(house.settings.key), "is_on": wish is not None})


async def ask(request: Request) -> Response:
    asker, house, now = routing.principal(request), routing.house(request), routing.now(request)
    if asker.device is None:
        raise NotFound()
    endpoint = rules.address((await routing.read(request, Ask)).endpoint)
    async with house.store.write() as db:
        seen = await feed.head(db, asker.municipality)
        wish = rules.Wish(
            municipality=asker.municipality,
            device=asker.device,
            endpoint=endpoint,
            seen=seen,
            told_at=None,
            asked_at=now,
        )
        await pushes.keep(db, wish, hashlib.sha256(endpoint.encode()).hexdigest())
    return routing.json({"is_on": True})


async def take_back(request: Request) -> Response:
    asker = routing.principal(request)
    async with routing.house(request).store.write() as db:
        await pushes.forget(db, asker.municipality, asker.devices)
    return routing.json({"is_on": False})


routes = [
    routing.route("/api/push", look, methods=["GET"], act=Act.CAPTURE),
    routing.route("/api/push", ask, methods=["PUT"], act=Act.CAPTURE),
    routing.route("/api/push", take_back, methods=["DELETE"], act=Act.CAPTURE),
]
