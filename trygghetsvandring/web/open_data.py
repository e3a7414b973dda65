"""Open data for everybody: OGC API Features under /ogc, and whole files with their description under /oppna-data."""

import asyncio
import csv
import io
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from limits import RateLimitItemPerMinute
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from trygghetsvandring.domain import open311 as rules
from trygghetsvandring.domain.cells import Box
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import Act
from trygghetsvandring.storage import municipalities
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync import open_data as read
from trygghetsvandring.sync.open_data import COLUMNS, Key
from trygghetsvandring.web import open_data_words as words
from trygghetsvandring.web import routing, sessions
from trygghetsvandring.web.errors import BadParameter, NotFound
from trygghetsvandring.web.open311_wire import nobody
from trygghetsvandring.web.open_data_words import COLLECTION, DATA, OGC

_READS = RateLimitItemPerMinute(600)
_WHOLE = RateLimitItemPerMinute(20)
_USUAL, _MOST = 100, 1_000
_MOST_IN_A_FILE = 100_000
_ALWAYS: Final = (datetime(1900, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC))
_HEADERS: Final = {"Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}
_GEOJSON, _JSON = "application/geo+json", "application/json"
_ASKS: Final = frozenset({"limit", "bbox", "datetime", "f", "efter"})


async def _here(request: Request, db: Db) -> Municipality:
    id = str(request.path_params["municipality"])
    it = None if "\x00" in id else await municipalities.municipality(db, id)
    if it is None:
        raise NotFound()
    return it


async def _place(request: Request) -> Municipality:
    sessions.must_not_ask_too_often(_READS, "open data", sessions.address(request))
    return await routing.house(request).store.at_once(lambda db: _here(request, db))


def _base(request: Request) -> str:
    url: str = routing.house(request).settings.public_url
    return url


def _photos(request: Request) -> str:
    return f"{_base(request)}{rules.BASE}/photos"


def _json(value: object, media: str = _JSON) -> Response:
    return Response(msgspec.json.encode(value), media_type=media, headers=_HEADERS)


# ---------------------------------------------------------------- OGC API Features


async def landing(request: Request) -> Response:
    return _json(words.landing(await _place(request), _base(request)))


async def conformance(request: Request) -> Response:
    await _place(request)
    return _json({"conformsTo": list(words.CONFORMS)})


async def definition(request: Request) -> Response:
    return _json(words.definition(await _place(request), _base(request)), words.OPENAPI)


async def collections(request: Request) -> Response:
    return _json(words.collections(await _place(request), _base(request)))


async def collection(request: Request) -> Response:
    here = await _place(request)
    _must_be_ours(request)
    return _json(words.collection(here, _base(request)))


def _must_be_ours(request: Request) -> None:
    if request.path_params["collection"] != COLLECTION:
        raise NotFound()


async def items(request: Request) -> Response:
    sessions.must_not_ask_too_often(_READS, "open data", sessions.address(request))
    _must_be_ours(request)
    asked = dict(request.query_params)
    if unknown := set(asked) - _ASKS:
        raise BadParameter(name=min(unknown)[:40])
    if asked.get("f", "json") not in {"json", "geojson"}:
        raise BadParameter(name="f")
    limit, box, key = _limit(asked), _box(asked), _key(asked)
    first, last = _between(asked)

    async def looked(db: Db) -> tuple[Municipality, read.Page]:
        here = await _here(request, db)
        return here, await read.page(db, here, first=first, last=last, after=key, box=box, limit=limit)

    async with _few(request):
        here, found = await routing.house(request).store.at_once(looked)
    here_is = f"{_base(request)}{OGC}/{here.id}/collections/{COLLECTION}/items"
    links = [words.link("self", f"{here_is}?{urlencode(asked)}" if asked else here_is, _GEOJSON)]
    if found.next is not None:
        links.append(words.link("next", f"{here_is}?{urlencode(asked | {'efter': _written(found.next)})}", _GEOJSON))
    features = [read.feature(it, _photos(request)) for it in found.found]
    value = {"type": "FeatureCollection", "features": features, "links": links, "numberReturned": len(features)}
    return _json(value | {"timeStamp": rules.written(routing.now(request))}, _GEOJSON)


async def item(request: Request) -> Response:
    """Unknown, not released, held back and removed are one and the same answer."""
    sessions.must_not_ask_too_often(_READS, "open data", sessions.address(request))
    _must_be_ours(request)
    id = routing.path_id(request)

    async def looked(db: Db) -> tuple[Municipality, read.Shown | None]:
        here = await _here(request, db)
        return here, await read.one(db, here, id)

    here, found = await routing.house(request).store.at_once(looked)
    if found is None:
        raise NotFound()
    return _json(
        read.feature(found, _photos(request)) | {"links": words.of_item(here, _base(request), found.id)}, _GEOJSON
    )


# ---------------------------------------------------------------- what is asked


def _limit(asked: Mapping[str, str]) -> int:
    """More than there may be is the most there may be, as the standard has it."""
    raw = asked.get("limit", str(_USUAL))
    if not re.fullmatch(r"[0-9]{1,9}", raw) or int(raw) < 1:
        raise BadParameter(name="limit")
    return min(int(raw), _MOST)


def _box(asked: Mapping[str, str]) -> Box | None:
    """`west,south,east,north`; with heights, which nothing here has, six numbers."""
    raw = asked.get("bbox")
    if raw is None:
        return None
    try:
        numbers = [float(each) for each in raw.split(",")]
    except ValueError:
        raise BadParameter(name="bbox") from None
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4 or not all(-360 <= it <= 360 for it in numbers):  # nan compares as False
        raise BadParameter(name="bbox")
    west, south, east, north = numbers
    return Box(south=south, west=west, north=north, east=east)


def _between(asked: Mapping[str, str]) -> tuple[datetime, datetime]:
    """A moment, or two with a slash between; `..` or nothing is an open end."""
    raw = asked.get("datetime")
    if raw is None:
        return _ALWAYS
    first, slash, last = raw.partition("/")
    if not slash:
        return _moment(first), _moment(first)
    open_ends = {"", ".."}
    begins = _ALWAYS[0] if first in open_ends else _moment(first)
    return begins, _ALWAYS[1] if last in open_ends else _moment(last)


def _moment(raw: str) -> datetime:
    try:
        it = datetime.fromisoformat(raw)
    except ValueError:
        raise BadParameter(name="datetime") from None
    try:
        return (it if it.tzinfo else it.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        raise BadParameter(name="datetime") from None


def _written(key: Key) -> str:
    return urlsafe_b64encode(f"{key[0].isoformat()} {key[1]}".encode()).decode().rstrip("=")


def _key(asked: Mapping[str, str]) -> Key | None:
    raw = asked.get("efter")
    if raw is None:
        return None
    try:
        at, _, id = urlsafe_b64decode(raw + "=" * (-len(raw) % 4)).decode().partition(" ")
        return datetime.fromisoformat(at).astimezone(UTC), UUID(id)
    except (ValueError, UnicodeDecodeError, OverflowError):
        raise BadParameter(name="efter") from None


# ---------------------------------------------------------------- whole files


async def page(request: Request) -> Response:
    content = words.page(await _place(request), _base(request))
    return Response(content, media_type="text/html; charset=utf-8", headers=_HEADERS)


async def catalogue(request: Request) -> Response:
    return _json(words.catalogue(await _place(request), _base(request)), "application/ld+json")


@asynccontextmanager
async def _few(request: Request) -> AsyncIterator[None]:
    """Long looks go two at a time: who signs in looks by the same threads and does not wait behind them."""
    state = request.app.state
    if not hasattr(state, "long_looks"):
        state.long_looks = asyncio.Semaphore(2)
    async with state.long_looks:
        yield


async def _all(request: Request) -> tuple[Municipality, list[read.Shown]]:
    sessions.must_not_ask_too_often(_WHOLE, "whole files", sessions.address(request))

    async def looked(db: Db) -> tuple[Municipality, list[read.Shown]]:
        here, found, after = await _here(request, db), list[read.Shown](), None
        first, last = _ALWAYS
        while len(found) < _MOST_IN_A_FILE:
            some = await read.page(db, here, first=first, last=last, after=after, limit=_MOST)
            found += some.found
            after = some.next
            if after is None:
                break
        return here, found

    async with _few(request):
        return await routing.house(request).store.at_once(looked)


async def as_geojson(request: Request) -> Response:
    here, found = await _all(request)
    value = {"type": "FeatureCollection", "features": [read.feature(it, _photos(request)) for it in found]}
    return _named(msgspec.json.encode(value), _GEOJSON, f"fynd-{here.id}.geojson")


async def as_csv(request: Request) -> Response:
    """As Excel reads it in Swedish: semicolons and a byte order mark."""
    here, found = await _all(request)
    text = io.StringIO()
    written = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    written.writerow([*COLUMNS, "lat", "lon"])
    written.writerows(read.cells(it, _photos(request)) for it in found)
    return _named(text.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", f"fynd-{here.id}.csv")


def _named(content: bytes, media: str, name: str) -> Response:
    headers = _HEADERS | {"Content-Disposition": f'attachment; filename="{re.sub(r"[^a-z0-9.-]", "-", name)}"'}
    return Response(content, media_type=media, headers=headers)


def _route(path: str, endpoint: routing.Endpoint) -> Route:
    return routing.route(path, endpoint, methods=["GET"], act=Act.PUBLIC, who=nobody)


_OF = f"{OGC}/{{municipality}}"
_FILES = f"{DATA}/{{municipality}}"
routes = [
    _route(_OF, landing),
    _route(f"{_OF}/conformance", conformance),
    _route(f"{_OF}/api", definition),
    _route(f"{_OF}/collections", collections),
    _route(f"{_OF}/collections/{{collection}}", collection),
    _route(f"{_OF}/collections/{{collection}}/items", items),
    _route(f"{_OF}/collections/{{collection}}/items/{{id:uuid}}", item),
    _route(_FILES, page),
    _route(f"{_FILES}/katalog.jsonld", catalogue),
    _route(f"{_FILES}/fynd.geojson", as_geojson),
    _route(f"{_FILES}/fynd.csv", as_csv),
]
