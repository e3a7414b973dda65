"""A phone's or a computer's wish for a word: asked for, looked at and taken back by that phone or computer itself."""

import hashlib
from uuid import UUID

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain import pushes as rules
from trygghetsvandring.domain.people import Act, Principal
from trygghetsvandring.domain.pushes import NotAPushAddress, Wish
from trygghetsvandring.integrations import push_seal, web_push
from trygghetsvandring.storage import changes as feed
from trygghetsvandring.storage import pushes
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.web import routing
from trygghetsvandring.web.errors import NotFound


class Ask(msgspec.Struct, kw_only=True):
    """`endpoint`: the address that the browser's push service made for this app in this browser.

    The rest is for those who work: the keys the browser made with it (`p256dh`, `auth`), and `duty`, that this person
    is on duty and wants to hear of a danger at any hour.
    """

    endpoint: str
    p256dh: str = ""
    auth: str = ""
    duty: bool = False


async def look(request: Request) -> Response:
    """`of`: the SHA-256 of a desk's address, in hex. A phone that walked is known by its token."""
    asker, house = routing.principal(request), routing.house(request)
    async with house.store.read() as db:
        wish = await _mine(db, asker, _device(asker), request.query_params.get("of", ""))
    state: dict[str, object] = {"key": web_push.public(house.settings.key), "is_on": wish is not None}
    if asker.user is not None and wish is not None:
        state |= {"duty": wish.duty, "told_at": wish.told_at, "tried_at": wish.tried_at, "failed": wish.failed}
    return routing.json(state)


async def _mine(db: Db, asker: Principal, device: UUID, of: str) -> Wish | None:
    if asker.user is None:
        return await pushes.one(db, asker.municipality, device)
    wish = await pushes.of_browser(db, asker.municipality, of)
    return wish if wish is not None and wish.user_id == asker.user else None


async def ask(request: Request) -> Response:
    """Asked again it stays one wish. Another person's in the same browser makes way for it."""
    asker, house, now = routing.principal(request), routing.house(request), routing.now(request)
    asked = await routing.read(request, Ask)
    endpoint = rules.address(asked.endpoint)
    if asker.user is not None:
        _must_be_sealable(asked)
    of = hashlib.sha256(endpoint.encode()).hexdigest()
    async with house.store.write() as db:
        before = await _mine(db, asker, _device(asker), of)
        wish = Wish(
            municipality=asker.municipality,
            device=_device(asker),
            endpoint=endpoint,
            seen=await feed.head(db, asker.municipality),
            told_at=before.told_at if before else None,
            tried_at=before.tried_at if before else None,
            failed=before.failed if before else "",
            asked_at=now,
            user_id=asker.user,
            duty=asked.duty and asker.user is not None,
            browser_key=asked.p256dh if asker.user is not None else "",
            browser_secret=asked.auth if asker.user is not None else "",
        )
        await pushes.keep(db, wish, of)
    return routing.json({"is_on": True})


def _device(asker: Principal) -> UUID:
    if asker.device is None:
        raise NotFound()
    return asker.device


def _must_be_sealable(asked: Ask) -> None:
    try:
        push_seal.seal(b"", asked.p256dh, asked.auth)
    except ValueError:
        raise NotAPushAddress() from None


async def take_back(request: Request) -> Response:
    """`of` as in `look`: whoever sits at that browser takes back what was asked for there, also by another person."""
    asker, of = routing.principal(request), request.query_params.get("of", "")
    async with routing.house(request).store.write() as db:
        await pushes.forget(db, asker.municipality, asker.devices)
        if of:
            await pushes.forget_browser(db, asker.municipality, of)
    return routing.json({"is_on": False})


routes = [
    routing.route("/api/push", look, methods=["GET"], act=Act.BE_WOKEN),
    routing.route("/api/push", ask, methods=["PUT"], act=Act.BE_WOKEN),
    routing.route("/api/push", take_back, methods=["DELETE"], act=Act.BE_WOKEN),
]
