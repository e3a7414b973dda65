"""Who is asking: by a desk's cookie or a phone's bearer token, and by nothing the request says of itself."""

from datetime import datetime
from uuid import UUID

from starlette.requests import Request

from trygghetsvandring.domain.people import Principal, Role
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.storage import people
from trygghetsvandring.storage.people import User
from trygghetsvandring.storage.unit import Store

COOKIE = "__Host-trygg"


async def who(request: Request, store: Store, now: datetime, *, demo: bool) -> tuple[Principal | None, bool]:
    """(the asker or None, whether a cookie said so). The demo's people are nobody unless the server is a demo."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return await _by_token(store, token, demo), False
    cookie = request.cookies.get(COOKIE)
    if cookie:
        return await _by_cookie(store, cookie, now, demo), True
    return None, False


async def _by_token(store: Store, token: str, demo: bool) -> Principal | None:
    async with store.read() as db:
        found = await people.by_token(db, digest(token))
        if found is None or found[1].revoked_at is not None:
            return None
        municipality, device = found
        if device.kind == "walk":
            return Principal(
                municipality=municipality,
                role=Role.WALKER,
                device=device.id,
                walk=device.walk,
                function="En som gick",
            )
        user = await people.user(db, municipality, device.user) if device.user else None
    if user is None or user.disabled_at is not None or (user.demo and not demo):
        return None
    return of_user(user, device.id)


async def _by_cookie(store: Store, cookie: str, now: datetime, demo: bool) -> Principal | None:
    async with store.read() as db:
        found = await people.session_user(db, digest(cookie), now)
    if found is None or (found[0].demo and not demo):
        return None
    return of_user(*found)


def of_user(user: User, device: UUID) -> Principal:
    return Principal(
        municipality=user.municipality,
        role=Role(user.role),
        device=device,
        user=user.id,
        organisation=user.organisation,
        function=user.function,
    )
