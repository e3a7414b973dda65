"""Signing in and out: what ends in a session row or in a phone's token.

Passwords are argon2 and guarded by a moving window of failed tries. OIDC and passkeys come in beside `sign_in`, and
end in the same session row.
"""

import asyncio
import secrets
import time
from dataclasses import replace
from datetime import timedelta
from functools import cache
from ipaddress import IPv6Address, ip_address, ip_network
from uuid import UUID

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Act, Principal
from trygghetsvandring.domain.walks import NotThisPhone, digest
from trygghetsvandring.storage import municipalities, people
from trygghetsvandring.storage.people import User
from trygghetsvandring.web import access, routing
from trygghetsvandring.web.access import COOKIE, of_user
from trygghetsvandring.web.errors import NotFound, TooManyTries, WrongPassword

_SESSION = timedelta(hours=12)
_hasher = PasswordHasher()
_limiter = MovingWindowRateLimiter(MemoryStorage())
_LOGIN_TRIES = RateLimitItemPerMinute(10, 15)
_CODE_TRIES = RateLimitItemPerHour(10)
# Counts the wrong codes of the last hour, whoever typed them. What it counts is refused long before its own amount.
_WRONG_CODES = RateLimitItemPerHour(1_000_000)
_WRONG_CODES_PER_WALK = 100


class SignIn(msgspec.Struct, kw_only=True):
    login: str
    password: str


class Enrol(msgspec.Struct, kw_only=True):
    """`key` is made by the phone itself and never leaves it for anything else: it shows who it is without a token."""

    device: UUID
    key: str = ""


class Renew(Enrol, kw_only=True):
    """`device` is the new id, `first_seq` what it counts from."""

    first_seq: int


def hash_password(password: str) -> str:
    return _hasher.hash(password)


@cache
def _nobodys() -> str:
    """The same work is done for a login that does not exist. Made when first asked for: it is the work of a sign-in."""
    return _hasher.hash("nobody has this password")


def _is_theirs(user: User | None, password: str) -> bool:
    nobodys = _nobodys()  # for everybody: who is nobody must not show by taking longer
    return _hasher.verify(user.password_hash if user else nobodys, password)


async def _matches(user: User | None, password: str) -> bool:
    try:
        return await asyncio.to_thread(_is_theirs, user, password)
    except (VerificationError, InvalidHashError):
        return False


def address(request: Request) -> str:
    return request.client.host if request.client else "unknown"


def must_not_guess_codes(request: Request, walks: int) -> None:
    """Ten wrong codes an hour from one address, and a hundred from all of them for each walk that can be joined.

    A wrong code names no walk, so it is a try at each of them. Right codes wait too: the wait must not tell them apart.
    """
    keys = ("code", address(request))
    if not _limiter.test(_CODE_TRIES, *keys):
        raise TooManyTries(retry_after=_seconds_left(_CODE_TRIES, *keys))
    wrong = _WRONG_CODES.amount - _limiter.get_window_stats(_WRONG_CODES, "codes").remaining
    if wrong >= _WRONG_CODES_PER_WALK * max(1, walks):
        raise TooManyTries(retry_after=_seconds_left(_WRONG_CODES, "codes"))


def wrong_code(request: Request) -> None:
    _limiter.hit(_CODE_TRIES, "code", address(request))
    _limiter.hit(_WRONG_CODES, "codes")


def network(request: Request) -> str:
    """Who sends. An IPv6 subscriber has a /64 of addresses, and is one."""
    return _network(request, 64)


def site(request: Request) -> str:
    """The /48 that one customer may have been given whole; of IPv4 the address, as in `network`."""
    return _network(request, 48)


def _network(request: Request, bits: int) -> str:
    sender = address(request)
    try:
        it = ip_address(sender)
    except ValueError:
        return sender
    if isinstance(it, IPv6Address):
        return str(it.ipv4_mapped or ip_network((it, bits), strict=False))
    return str(it)


def must_not_ask_too_often(item: RateLimitItemPerMinute, *keys: str) -> None:
    """Counts this one; what is over the limit waits."""
    if not _limiter.hit(item, *keys):
        raise TooManyTries(retry_after=_seconds_left(item, *keys))


def forget_tries() -> None:
    """For tests: a new evening."""
    _limiter.storage.reset()


def _seconds_left(item: RateLimitItemPerHour | RateLimitItemPerMinute, *keys: str) -> int:
    window = _limiter.get_window_stats(item, *keys)
    return max(1, int(window.reset_time - time.time()))


def _must_not_guess_passwords(keys: tuple[str, ...]) -> None:
    if not _limiter.test(_LOGIN_TRIES, *keys):
        raise TooManyTries(retry_after=_seconds_left(_LOGIN_TRIES, *keys))


async def sign_in(request: Request) -> Response:
    asked = await routing.read(request, SignIn)
    login = asked.login.strip().lower()
    keys = ("login", digest(login), address(request))
    _must_not_guess_passwords(keys)
    house, now = routing.house(request), routing.now(request)
    async with house.store.read() as db:
        user = await people.by_login(db, login)
    right = await _matches(user, asked.password)
    _must_not_guess_passwords(keys)  # again: many tries at once have all passed the first question
    if not right or user is None or user.disabled_at is not None or (user.demo and not house.settings.demo):
        _limiter.hit(_LOGIN_TRIES, *keys)
        raise WrongPassword()
    token, device = secrets.token_urlsafe(32), uuid7()
    async with house.store.write() as db:
        await people.begin_session(
            db,
            token_hash=digest(token),
            municipality=user.municipality,
            user=user.id,
            device=device,
            now=now,
            expires_at=now + _SESSION,
        )
    response = routing.json(await _me(request, of_user(user, device)))
    response.set_cookie(
        COOKIE, token, max_age=int(_SESSION.total_seconds()), secure=True, httponly=True, samesite="lax", path="/"
    )
    return response


async def me(request: Request) -> Response:
    return routing.json(await _me(request, routing.principal(request)))


async def _me(request: Request, asker: Principal) -> dict[str, object]:
    house = routing.house(request)
    assert asker.user is not None
    async with house.store.read() as db:
        place = await municipalities.municipality(db, asker.municipality)
        user = await people.user(db, asker.municipality, asker.user)
    assert place is not None and user is not None
    organisation = place.organisation(user.organisation)
    return {
        "device": asker.device,
        "municipality": {"id": place.id, "name": place.name},
        "user": {"id": user.id, "login": user.login, "function": user.function, "role": user.role},
        "organisation": {"id": user.organisation, "name": organisation.name if organisation else place.name},
        "public_url": house.settings.public_url,
    }


async def sign_out(request: Request) -> Response:
    cookie = request.cookies.get(COOKIE)
    if cookie:
        async with routing.house(request).store.write() as db:
            await people.end_session(db, digest(cookie))
    response = Response(status_code=204)
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    return response


async def enrol(request: Request) -> Response:
    """A field secretary's phone gets its own token, so that the log works without a network for 30 days."""
    asked, asker, house = await routing.read(request, Enrol), routing.principal(request), routing.house(request)
    token = secrets.token_urlsafe(32)
    body = {"user": str(asker.user), "token_hash": digest(token), "key_hash": digest(asked.key) if asked.key else ""}
    nobody_yet = replace(asker, device=None)
    outcome = await house.engine.act(
        asker.municipality, "device.enrol", asked.device, body, routing.now(request), actor=nobody_yet
    )
    if outcome.outcome != "applied":
        raise WrongPassword()
    return routing.json(
        {
            "token": token,
            "device": asked.device,
            "municipality": asker.municipality,
            "organisation": asker.organisation,
        }
    )


async def renew(request: Request) -> Response:
    """A phone whose storage was put back counts lower than before. It gets another id, and stays who it was."""
    asked, asker, house = await routing.read(request, Renew), routing.principal(request), routing.house(request)
    if asker.device is None or access.bearer(request) is None:
        raise NotFound()
    token = secrets.token_urlsafe(32)
    key_hash = digest(asked.key) if asked.key else ""
    body = {"was": asker.device, "token_hash": digest(token), "key_hash": key_hash, "first_seq": asked.first_seq}
    outcome = await house.engine.act(
        asker.municipality,
        "device.renew",
        asked.device,
        body,
        routing.now(request),
        actor=replace(asker, device=None),
    )
    if outcome.outcome != "applied":
        raise NotThisPhone()
    return routing.json({"token": token, "device": asked.device})


def routes() -> list[Route]:
    return [
        routing.route("/api/session", sign_in, methods=["POST"], act=Act.PUBLIC),
        routing.route("/api/session", me, methods=["GET"], act=Act.DESK),
        routing.route("/api/session", sign_out, methods=["DELETE"], act=Act.PUBLIC),
        routing.route("/api/session/device", enrol, methods=["POST"], act=Act.LOG_PRESENCE),
        routing.route("/api/session/renew", renew, methods=["POST"], act=Act.SYNC),
    ]
