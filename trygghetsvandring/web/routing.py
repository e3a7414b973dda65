"""Routes that say what they need. Every route names one act; the check is here and nowhere else.

Who is not signed in gets 401; who is, but may not, gets the same 404 as for what does not exist.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from trygghetsvandring.domain.devices import DeviceShut
from trygghetsvandring.domain.people import Act, Principal, may
from trygghetsvandring.storage.blobs import Blobs
from trygghetsvandring.storage.glances import Glances
from trygghetsvandring.storage.unit import Db, Store
from trygghetsvandring.storage.uploads import Uploads
from trygghetsvandring.sync.engine import Engine
from trygghetsvandring.web import access
from trygghetsvandring.web.errors import BadParameter, BodyTooLarge, NotFound, NotSignedIn, WrongOrigin
from trygghetsvandring.web.listeners import Live
from trygghetsvandring.web.pages import Kept
from trygghetsvandring.web.task_rows import Shown

Endpoint = Callable[[Request], Awaitable[Response]]
Question = Callable[[Request, Db], Awaitable[Response]]
T = TypeVar("T")
_SAFE = {"GET", "HEAD", "OPTIONS"}
MAX_JSON = 512 * 1024


@dataclass(frozen=True, slots=True)
class House:
    """What a request works with, from `app.state.house`."""

    store: Store
    engine: Engine
    settings: Any
    clock: Callable[[], datetime]
    blobs: Blobs
    builds: Blobs
    uploads: Uploads
    glances: Glances
    live: Live
    pages: Kept = field(default_factory=Kept)
    shown: Shown = field(default_factory=Shown)


def house(request: Request) -> House:
    it = request.app.state.house
    assert isinstance(it, House)
    return it


def now(request: Request) -> datetime:
    return house(request).clock()


def system_clock() -> datetime:
    return datetime.now(UTC)


def principal(request: Request) -> Principal:
    it = request.state.principal
    assert isinstance(it, Principal)
    return it


Who = Callable[[Request, House], Awaitable[tuple[Principal | None, bool]]]


async def _who(request: Request, it: House) -> tuple[Principal | None, bool]:
    return await access.who(request, it.store, it.clock(), demo=it.settings.demo)


def route(
    path: str, endpoint: Endpoint, *, methods: Sequence[str], act: Act, who: Who = _who, delivers: bool = False
) -> Route:
    """`who` finds the asker; another one than the usual may look for more in the same question.

    `delivers`: a phone hands in by it, and may do so also when it may read nothing more.
    """

    async def guarded(request: Request) -> Response:
        asker, by_cookie = await who(request, house(request))
        _let_in(request, asker, act, by_cookie=by_cookie, delivers=delivers)
        return await endpoint(request)

    return _route(path, guarded, methods, act)


def look(path: str, question: Question, *, act: Act) -> Route:
    """A GET that only reads: who asks, whether they may, and what they read, in one unit (see `Store.at_once`)."""

    async def guarded(request: Request) -> Response:
        it = house(request)
        if not access.says_who(request):
            _let_in(request, None, act, by_cookie=False, delivers=False)

        async def asked(db: Db) -> Response:
            asker, by_cookie = await access.who_by(db, request, it.clock(), demo=it.settings.demo)
            _let_in(request, asker, act, by_cookie=by_cookie, delivers=False)
            return await question(request, db)

        return await it.store.at_once(asked)

    return _route(path, guarded, ["GET"], act)


def _route(path: str, guarded: Endpoint, methods: Sequence[str], act: Act) -> Route:
    guarded.act = act  # type: ignore[attr-defined]  # read by the permission matrix
    return Route(path, guarded, methods=list(methods), name=f"{act} {path}")


def _let_in(request: Request, asker: Principal | None, act: Act, *, by_cookie: bool, delivers: bool) -> None:
    if request.method not in _SAFE and (by_cookie or asker is None):
        _same_origin(request, must_say=by_cookie)
    if act is not Act.PUBLIC:
        if asker is None:
            raise NotSignedIn()
        if asker.shut and not delivers:
            raise DeviceShut(asker.shut)
        if not may(asker, act):
            raise NotFound()
    request.state.principal = asker


def _same_origin(request: Request, *, must_say: bool) -> None:
    """A cookie alone moves nothing: the browser must say that the page is ours (`must_say`).

    Nor does another page sign anybody in: without a cookie a browser may be silent, but not say another page.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site != "same-origin":
            raise WrongOrigin()
        return
    if not must_say:
        return
    origin = request.headers.get("origin")
    if origin is None or origin.split("//")[-1] != request.headers.get("host"):
        raise WrongOrigin()


async def body(request: Request, limit: int = MAX_JSON) -> bytes:
    """The whole body, refused as soon as it is too long. Half a body is nobody's fault: phones lose their network."""
    parts: list[bytes] = []
    size = 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > limit:
                raise BodyTooLarge(limit=limit)
            parts.append(part)
    except ClientDisconnect:
        raise HTTPException(400) from None
    return b"".join(parts)


async def read(request: Request, type: type[T]) -> T:
    try:
        return msgspec.json.decode(await body(request), type=type)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:  # bytes that are no text; JSON without an end
        raise BadParameter(reason=str(error)[:200]) from None


def json(value: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(
        msgspec.json.encode(value),
        status,
        headers={"Cache-Control": "no-store", **(headers or {})},
        media_type="application/json",
    )


def path_id(request: Request, name: str = "id") -> UUID:
    value = request.path_params[name]
    assert isinstance(value, UUID)
    return value


def query_int(request: Request, name: str, otherwise: int, *, least: int, most: int) -> int:
    raw = request.query_params.get(name)
    if raw is None or raw == "":
        return otherwise
    try:
        value = int(raw)
    except ValueError:
        raise BadParameter(name=name) from None
    if not least <= value <= most:
        raise BadParameter(name=name, least=least, most=most)
    return value


def query_float(request: Request, name: str, *, least: float, most: float) -> float:
    try:
        value = float(request.query_params[name])
    except (KeyError, ValueError):
        raise BadParameter(name=name) from None
    if not least <= value <= most:
        raise BadParameter(name=name, least=least, most=most)
    return value
