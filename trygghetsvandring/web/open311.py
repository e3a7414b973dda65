"""Open311 GeoReport v2 under /open311/v2: discovery, services, requests, tokens, updates; XML and JSON."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from trygghetsvandring.domain import open311 as rules
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.open311 import BASE, MOST_IDS, MOST_REQUESTS, Attribute, faulty, moment
from trygghetsvandring.domain.open311_told import Shown
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.photos import Photo
from trygghetsvandring.domain.publications import Publication, is_read
from trygghetsvandring.domain.routing import Category
from trygghetsvandring.storage import municipalities, records
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync import open311 as read
from trygghetsvandring.web import open311_write as write
from trygghetsvandring.web import photos, routing
from trygghetsvandring.web.errors import NotFound
from trygghetsvandring.web.open311_wire import Value, asked, nobody, nothing_here, open311, words

_SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"  # the token the specification asks for, not an address of ours
_FIRST = datetime(2026, 11, 1, tzinfo=UTC)


async def place(request: Request, db: Db, given: str | None = None) -> Municipality:
    """`jurisdiction_id` is the municipality; it may be left out where there is one only."""
    id = given or asked(request, "jurisdiction_id")
    ids = await municipalities.all_ids(db)
    if id is None and len(ids) != 1:
        raise faulty(400, "jurisdiction_id was not provided.")
    it = await municipalities.municipality(db, id or ids[0]) if id is None or id in ids else None
    if it is None:
        raise faulty(404, "No jurisdiction has this jurisdiction_id.")
    return it


def base(request: Request) -> str:
    return f"{routing.house(request).settings.public_url}{BASE}"


async def discovery(request: Request) -> tuple[str, Value]:
    """Of the whole installation, so it asks for no jurisdiction."""
    house = routing.house(request)
    async with house.store.read() as db:
        changed = rules.written(await _changed(db))
    endpoint = {
        "specification": _SPECIFICATION,
        "url": base(request),
        "changeset": changed,
        "type": "test" if house.settings.demo else "production",
        "formats": ["text/xml", "application/json"],
    }
    public = house.settings.public_url
    return "discovery", {
        "changeset": changed,
        "contact": f"Trygghetsvandring, {public}",
        "key_service": f"Kommunens samordnare ger ut nycklar i rummet Kopplingar: {public}/desk/kopplingar",
        "endpoints": [endpoint],
    }


async def _changed(db: Db) -> datetime:
    """A cache's key: another moment, always in the past, whenever the settings of any municipality are others."""
    versions = 0
    for id in await municipalities.all_ids(db):
        here = await municipalities.municipality(db, id)
        versions += here.version if here else 0
    return _FIRST + timedelta(seconds=versions)


async def services(request: Request) -> tuple[str, Value]:
    async with routing.house(request).store.read() as db:
        here = await place(request, db)
    return "services", [_service(each, here) for each in rules.services(here)]


def _service(it: Category, here: Municipality) -> dict[str, object]:
    tile = next((tile.name for tile in here.tiles if tile.id == it.tile), "")
    return {
        "service_code": it.code,
        "service_name": it.name,
        "description": f"{it.name}. {tile}".strip(),
        "metadata": True,
        "type": "realtime",
        "keywords": ", ".join(dict.fromkeys(word for word in (tile.lower(), it.english) if word)),
        "group": tile,
    }


async def service(request: Request) -> tuple[str, Value]:
    code = request.path_params["code"]
    async with routing.house(request).store.read() as db:
        here = await place(request, db)
    found = rules.service(here, code)
    return "service_definition", {
        "service_code": found.code,
        "attributes": [_attribute(each) for each in rules.definition(here, found)],
    }


def _attribute(it: Attribute) -> dict[str, object]:
    said: dict[str, object] = {
        "variable": it.variable,
        "code": it.code,
        "datatype": it.datatype,
        "required": it.required,
        "datatype_description": it.datatype_description or None,
        "order": it.order,
        "description": it.description,
    }
    return said | {"values": [{"key": key, "name": name} for key, name in it.values]} if it.values else said


async def requests(request: Request) -> tuple[str, Value]:
    now, extensions = routing.now(request), asked(request, "extensions") == "true"
    ids = words(request, "service_request_id")
    async with routing.house(request).store.read() as db:
        here = await place(request, db)
        if ids:  # overrides everything else
            found = await read.several(db, here, _ids(ids))
        else:
            found = await _page(request, db, here, now)
    url = base(request)
    return "service_requests", [read.request_state(it, url, extensions=extensions) for it in found]


def _ids(raw: Sequence[str]) -> list[UUID]:
    """What is no id of ours is nobody's request."""
    if len(raw) > MOST_IDS:
        raise faulty(400, f"At most {MOST_IDS} service_request_id at a time.")
    return [id for each in raw if (id := write.request_id(each)) is not None]


async def _page(request: Request, db: Db, here: Municipality, now: datetime) -> list[Shown]:
    """The specification has no pages; `page` and `page_size` are as the large cities have them."""
    first, last = rules.span(asked(request, "start_date"), asked(request, "end_date"), now)
    statuses = words(request, "status")
    if unknown := set(statuses) - {"open", "closed"}:
        raise faulty(400, f"status is open, closed or both, not {min(unknown)[:20]!r}.")
    size, number = _number(request, "page_size", MOST_REQUESTS), _number(request, "page", 1)
    since, until = _moment(request, "updated_after"), _moment(request, "updated_before")
    skipped, found = (number - 1) * size, list[Shown]()
    async for it in read.between(db, here, first, last, words(request, "service_code")):
        if statuses and ("closed" if it.is_closed else "open") not in statuses:
            continue
        if (since and it.changed_at < since) or (until and it.changed_at > until):
            continue
        if skipped:
            skipped -= 1
            continue
        found.append(it)
        if len(found) == size:
            break
    return found


def _moment(request: Request, name: str) -> datetime | None:
    raw = asked(request, name)
    return None if raw is None else moment(raw, name)


def _number(request: Request, name: str, otherwise: int) -> int:
    raw = asked(request, name)
    if raw is None:
        return otherwise
    if not raw.isascii() or not raw.isdigit() or not 1 <= int(raw[:9]) <= MOST_REQUESTS:
        raise faulty(400, f"{name} is a number from 1 to {MOST_REQUESTS}.")
    return int(raw)


async def one_request(request: Request) -> tuple[str, Value]:
    """Unknown, not released, held back and removed are one and the same answer."""
    id, extensions = write.request_id(request.path_params["id"]), asked(request, "extensions") == "true"
    async with routing.house(request).store.read() as db:
        here = await place(request, db)
        found = None if id is None else await read.one(db, here, id)
    if found is None:
        raise faulty(404, "No request has this service_request_id.")
    return "service_requests", [read.request_state(found, base(request), extensions=extensions)]


async def token(request: Request) -> tuple[str, Value]:
    """Everything is answered at once, so no token was ever given out."""
    raise faulty(404, f"No request has the token {request.path_params['token'][:60]!r}.")


async def updates(request: Request) -> tuple[str, Value]:
    now = routing.now(request)
    first, last = rules.span(asked(request, "start_date"), asked(request, "end_date"), now)
    async with routing.house(request).store.read() as db:
        here = await place(request, db)
        found = await read.changes(db, here, first, last)
    return "service_request_updates", [read.update_state(it) for it in found]


async def photo(request: Request) -> Response:
    """A released photo, as long as its request is public."""
    finding, id, house = routing.path_id(request, "finding"), routing.path_id(request), routing.house(request)
    async with house.store.read() as db:
        for municipality in await municipalities.all_ids(db):
            it = await records.one(db, municipality, Publication, finding)
            found = await records.one(db, municipality, Observation, finding)
            if it is None or not is_read(it, found) or id not in it.photos:
                continue
            shown = await records.one(db, municipality, Photo, id)
            if shown is not None and shown.may_be_shown and not shown.is_sealed:
                return await photos.public(house.blobs, municipality, shown)
    raise NotFound()


def _route(path: str, endpoint: routing.Endpoint, method: str = "GET") -> Route:
    return routing.route(f"{BASE}{path}", endpoint, methods=[method], act=Act.PUBLIC, who=nobody)


routes = [
    _route("/discovery.{format}", open311(discovery)),
    _route("/services.{format}", open311(services)),
    _route("/services/{code}.{format}", open311(service)),
    _route("/requests.{format}", open311(requests)),
    _route("/requests.{format}", open311(write.post_request(place)), "POST"),
    _route("/requests/{id}.{format}", open311(one_request)),
    _route("/tokens/{token}.{format}", open311(token)),
    _route("/servicerequestupdates.{format}", open311(updates)),
    _route("/servicerequestupdates.{format}", open311(write.post_update(place)), "POST"),
    _route("/photos/{finding:uuid}/{id:uuid}.jpg", photo),
    _route("/{path:path}", nothing_here),
]
