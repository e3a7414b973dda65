"""Protocols: read and written in at the desk, taken home in four formats, and open to everybody once published."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain import meetings, protocol_words
from trygghetsvandring.domain.minutes import Minutes, Sources, compose
from trygghetsvandring.domain.papers import Paper
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.photos import Photo
from trygghetsvandring.domain.protocol_words import Signed
from trygghetsvandring.domain.protocols import Edition, Protocol, protocol_id
from trygghetsvandring.domain.tasks import Task, day_of
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.imaging.derivatives import LARGE, SMALL
from trygghetsvandring.integrations.documents import FORMATS
from trygghetsvandring.storage import municipalities, observations, photos, protocols, records, walks
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync.ops.protocols import added, digest_of, may_be_printed, shown_by_thing, tasks_of
from trygghetsvandring.web import folj_frame, paper_files, routing
from trygghetsvandring.web.errors import BadParameter, NotFound


@dataclass(frozen=True, slots=True)
class Read:
    """A protocol as somebody has it before them."""

    protocol: Protocol
    sources: Sources
    minutes: Minutes
    photos: tuple[Photo, ...]
    editions: tuple[Edition, ...]


async def read(db: Db, municipality: str, id: UUID) -> Read | None:
    """The draft with everything worked out anew; one that nobody has begun is an empty one."""
    walk = await records.one(db, municipality, Walk, id)
    here = await municipalities.municipality(db, municipality)
    if walk is None or here is None:
        return None
    protocol = await records.one(db, municipality, Protocol, protocol_id(id))
    protocol = protocol or Protocol(id=protocol_id(id), version=0, walk=id)
    found = await observations.on_walk(db, municipality, id)
    tasks = await _tasks(db, municipality, tasks_of(found))
    candidates = await _candidates(db, municipality, [*(each.id for each in found), *(task.id for task in tasks)])
    earlier = await protocols.walk_before(db, municipality, walk)
    before = await observations.on_walk(db, municipality, earlier.id) if earlier else []
    sources = Sources(
        here=here,
        walk=walk,
        added=added(protocol),
        observations=found,
        tasks=tasks,
        feelings=sorted(await walks.feelings_on(db, municipality, id), key=lambda it: it.id),
        photos=shown_by_thing(candidates),
        earlier=earlier,
        earlier_tasks=await _tasks(db, municipality, tasks_of(before)),
    )
    editions = await protocols.editions_of(db, municipality, id)
    return Read(protocol, sources, compose(sources), candidates, tuple(editions))


async def _tasks(db: Db, municipality: str, ids: Iterable[UUID]) -> list[Task]:
    loaded = await records.load(db, municipality, Task, ids)
    return [loaded[id] for id in sorted(loaded)]


async def _candidates(db: Db, municipality: str, of: list[UUID]) -> tuple[Photo, ...]:
    """Every photo that may be chosen."""
    by_thing = await photos.of(db, municipality, of)
    return tuple(photo for each in by_thing.values() for photo in each if may_be_printed(photo))


async def one_protocol(request: Request) -> Response:
    """`ProtocolView`: the draft, what it was made from, what may be chosen, and the editions there are."""
    asker = routing.principal(request)
    async with routing.house(request).store.read() as db:
        it = await read(db, asker.municipality, routing.path_id(request))
    if it is None:
        raise NotFound()
    of = it.sources
    return routing.json(
        {
            "protocol": replace(it.protocol, told=()),
            "minutes": it.minutes,
            "digest": digest_of(it.minutes),
            "made_from": {
                "observations": [each.id for each in of.observations],
                "tasks": [each.id for each in of.tasks],
                "feelings": [each.id for each in of.feelings],
                "photos": [photo.id for photo in it.photos],
                "earlier": of.earlier.id if of.earlier else None,
                "earlier_tasks": [each.id for each in of.earlier_tasks],
            },
            "photos": [{"id": photo.id, "of": photo.of.id, "role": photo.role} for photo in it.photos],
            "originals": [{"id": each.id, "text": each.text} for each in of.observations if each.text],
            "units": [{"id": unit.id, "name": unit.name} for unit in meetings.units(it.minutes)],
            "editions": [_told(edition) for edition in it.editions],
        }
    )


def _told(edition: Edition) -> dict[str, object]:
    return {
        "number": edition.number,
        "approved_by": edition.approved_by,
        "approved_at": edition.approved_at,
        "changed": edition.changed,
        "published": edition.published,
    }


# ---------------------------------------------------------------- documents


async def document(request: Request) -> Response:
    """The draft, or with `edition` an approved one, in the format of the path."""
    asker, format = routing.principal(request), _format(request)
    number = routing.query_int(request, "edition", 0, least=0, most=10_000)
    async with routing.house(request).store.read() as db:
        it = await read(db, asker.municipality, routing.path_id(request))
    if it is None:
        raise NotFound()
    edition = next((each for each in it.editions if each.number == number), None)
    if number and edition is None:
        raise NotFound()
    paper = _paper(edition) if edition else protocol_words.protocol(it.minutes, None)
    named = f"protokoll-version-{number}" if edition else "protokoll-utkast"
    return await _answer(request, asker.municipality, paper, format, named, edition)


async def meeting(request: Request) -> Response:
    """The report for the återkopplingsmöte; with `department` that unit's own sheet."""
    asker, format = routing.principal(request), _format(request)
    department = request.query_params.get("department")
    async with routing.house(request).store.read() as db:
        it = await read(db, asker.municipality, routing.path_id(request))
    if it is None:
        raise NotFound()
    if department is None:
        paper = meetings.report(it.minutes)
    else:
        unit = next((each for each in meetings.units(it.minutes) if each.id == department), None)
        if unit is None:
            raise NotFound()
        paper = meetings.sheet(it.minutes, unit)
    named = "aterkopplingsmote" if department is None else "aterkopplingsmote-enhet"
    return await _answer(request, asker.municipality, paper, format, named, None)


async def public_page(request: Request) -> Response:
    return await _public(request, "html")


async def public_document(request: Request) -> Response:
    return await _public(request, _format(request))


async def _public(request: Request, format: str) -> Response:
    """The latest published edition: nothing newer than what a named person has approved."""
    async with routing.house(request).store.read() as db:
        found = await protocols.published(db, routing.path_id(request))
    if found is None:
        raise NotFound()
    municipality, edition = found
    named = f"protokoll-version-{edition.number}"
    way_on = folj_frame.way_on(municipality) if format == "html" else ""
    return await _answer(request, municipality, _paper(edition), format, named, edition, way_on=way_on)


def _paper(edition: Edition) -> Paper:
    signed = Signed(
        number=edition.number,
        by=edition.approved_by,
        on=day_of(edition.approved_at),
        changed=edition.changed,
    )
    return protocol_words.protocol(edition.minutes, signed)


def _format(request: Request) -> str:
    asked = str(request.path_params["format"])
    if asked not in FORMATS:
        raise BadParameter(name="format")
    return asked


async def _answer(
    request: Request,
    municipality: str,
    paper: Paper,
    format: str,
    named: str,
    edition: Edition | None,
    *,
    way_on: str = "",
) -> Response:
    """A draft is made every time; an edition's file is made once and kept, since it never changes.

    `way_on`: where else a page leads, at its end and not in the file.
    """
    house = routing.house(request)
    key = None if edition is None else _key(municipality, edition, format)
    content = await house.blobs.read(key) if key else None
    if content is None:
        pictures = await _pictures(request, municipality, paper, small=format == "html")
        made_at = edition.approved_at if edition else routing.now(request)
        content = await paper_files.made(paper, format, made_at, pictures)
        if key:
            await house.blobs.keep(key, content)
    return paper_files.file(content.replace(b"</main>", f"{way_on}</main>".encode(), 1), format, named)


def _key(municipality: str, edition: Edition, format: str) -> str:
    """An edition from which something was removed has another version, and so other files."""
    return f"{protocols.files_key(municipality, edition.walk)}/{edition.number}.{edition.version}.{format}"


async def _pictures(request: Request, municipality: str, paper: Paper, *, small: bool) -> Mapping[UUID, bytes]:
    """The bytes of the photos in the paper, as far as they may still be shown."""
    house = routing.house(request)
    async with house.store.read() as db:
        wanted = await records.load(db, municipality, Photo, paper.photos)
    found: dict[UUID, bytes] = {}
    for photo in wanted.values():
        if not may_be_printed(photo):
            continue
        content = await house.blobs.read(_picture_key(municipality, photo, small=small))
        if content is not None:
            found[photo.id] = content
    return found


def _picture_key(municipality: str, photo: Photo, *, small: bool) -> str:
    if small or LARGE not in photo.sizes:
        smallest = photos.small_key(municipality, photo.id, SMALL)
        return smallest if small else photos.received_key(municipality, photo.id)
    return photos.small_key(municipality, photo.id, LARGE)


routes = [
    routing.route("/api/walks/{id:uuid}/protocol", one_protocol, methods=["GET"], act=Act.KEEP_PROTOCOL),
    routing.route("/api/walks/{id:uuid}/protocol/{format}", document, methods=["GET"], act=Act.KEEP_PROTOCOL),
    routing.route("/api/walks/{id:uuid}/meeting/{format}", meeting, methods=["GET"], act=Act.KEEP_PROTOCOL),
    routing.route("/protokoll/{id:uuid}", public_page, methods=["GET"], act=Act.PUBLIC),
    routing.route("/protokoll/{id:uuid}/{format}", public_document, methods=["GET"], act=Act.PUBLIC),
]
