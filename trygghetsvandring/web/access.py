"""Who is asking: by a desk's cookie or a phone's bearer token, and by nothing the request says of itself."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from starlette.requests import Request

from trygghetsvandring.domain import devices
from trygghetsvandring.domain.people import Device, Principal, Role
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.storage import people
from trygghetsvandring.storage.people import User
from trygghetsvandring.storage.unit import Db, Store

COOKIE = "__Host-trygg"


async def who(request: Request, store: Store, now: datetime, *, demo: bool) -> tuple[Principal | None, bool]:
    """(the asker or None, whether a cookie said so). The demo's people are nobody unless the server is a demo."""
    if not says_who(request):
        return None, False
    return await store.at_once(lambda db: who_by(db, request, now, demo=demo))


def says_who(request: Request) -> bool:
    """Who says nothing is nobody, and costs the database nothing."""
    return bool(request.cookies.get(COOKIE)) or bearer(request) is not None


async def who_by(db: Db, request: Request, now: datetime, *, demo: bool) -> tuple[Principal | None, bool]:
    """As `who`, by a connection that is there already."""
    token = bearer(request)
    if token is not None:
        return await _by_token(db, token, now, demo), False
    cookie = request.cookies.get(COOKIE)
    if cookie:
        return await _by_cookie(db, request, cookie, now, demo), True
    return None, False


def bearer(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" and token else None


async def _by_token(db: Db, token: str, now: datetime, demo: bool) -> Principal | None:
    found = await holder(db, token)
    return None if found is None else await of_device(db, *found, now, demo=demo)


async def holder(db: Db, token: str) -> tuple[str, Device] | None:
    """The phone that holds the token, with its municipality; revoked ones too."""
    return await people.by_token(db, digest(token))


async def of_device(db: Db, municipality: str, device: Device, now: datetime, *, demo: bool) -> Principal | None:
    """Also one that may read nothing more: `shut` says so, and `held` that a person looks at what it sends."""
    if device.kind == "walk":
        return of_walker(municipality, device, now)
    user = await people.user(db, municipality, device.user) if device.user else None
    if user is None or (user.demo and not demo):
        return None
    return _standing(of_user(user, device.id), device, now, user_is_gone=user.disabled_at is not None)


def of_walker(municipality: str, device: Device, now: datetime) -> Principal:
    walker = Principal(
        municipality=municipality,
        role=Role.WALKER,
        device=device.id,
        walk=device.walk,
        walks=device.walks,
        function="En som gick",
    )
    return _standing(walker, device, now, user_is_gone=False)


def _standing(asker: Principal, device: Device, now: datetime, *, user_is_gone: bool) -> Principal:
    return replace(
        asker,
        formerly=device.formerly,
        shut=devices.shut(device, now, user_is_gone=user_is_gone),
        held=devices.held(device, now, user_is_gone=user_is_gone),
    )


async def _by_cookie(db: Db, request: Request, cookie: str, now: datetime, demo: bool) -> Principal | None:
    found = await people.session(db, digest(cookie), now)
    if found is None or (found.user.demo and not demo):
        return None
    request.state.here = found.here
    return of_user(found.user, found.device)


def of_user(user: User, device: UUID) -> Principal:
    return Principal(
        municipality=user.municipality,
        role=Role(user.role),
        device=device,
        user=user.id,
        organisation=user.organisation,
        function=user.function,
    )
