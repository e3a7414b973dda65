"""States down: GET /sync/pull, and POST /sync/have after a restore.

Two ways to one answer. A phone that is up to date is answered from one look at the database (storage/glances.py). Who
comes from nothing, far behind, or with other rights than last time is read to scope by scope, and full pages of scopes
that many share are kept compressed (web/pages.py).
"""

import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
import structlog
from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain.people import Principal
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.storage import changes as feed
from trygghetsvandring.storage import operations
from trygghetsvandring.storage.glances import Glance
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync import changes, cursors, wire
from trygghetsvandring.sync.cursors import Behind, Cursor
from trygghetsvandring.web import access, pages, routing
from trygghetsvandring.web.errors import BadParameter, MustRefetch

log = structlog.get_logger()
_PAGE = 500
_PROTOCOL = str(wire.PROTOCOL)


class Have(msgspec.Struct, kw_only=True):
    """`receipts`: the number each of them was given, as the phone knows it; phones of before 2026-11-23 do not say."""

    operations: list[UUID]
    receipts: dict[UUID, str] = {}


async def have(request: Request) -> Response:
    """Which of the phone's acknowledged operations this server has lost, or taken in anew (after a restore).

    What came back another way, by a rescue file or a late copy, got another number. The phone is told that it is
    missing, sends it again, and is answered with the number that counts.
    """
    asker, asked = routing.principal(request), await routing.read(request, Have)
    if asker.device is None or max(len(asked.operations), len(asked.receipts)) > 1_000:
        raise BadParameter(name="operations", most=1_000)
    async with routing.house(request).store.read() as db:
        here = await operations.known(db, asker.municipality, asker.devices, asked.operations)
    answer = {"missing": [id for id in asked.operations if id not in here or _is_renumbered(here[id], asked, id)]}
    return routing.json(answer, headers={"Trygg-Protocol": _PROTOCOL})


def _is_renumbered(answer: str, asked: Have, id: UUID) -> bool:
    receipt = msgspec.json.decode(answer, type=wire.Outcome).receipt if id in asked.receipts else None
    return receipt is not None and receipt.number != asked.receipts[id]


# ---------------------------------------------------------------- who asks, and with the same question what is new


async def asker(request: Request, house: routing.House) -> tuple[Principal | None, bool]:
    """As `access.who`. A phone with a cursor that is read to its end has its rows looked for in the same question."""
    token = access.bearer(request)
    if token is None:
        return await access.who(request, house.store, house.clock(), demo=house.settings.demo)
    cursor = cursors.read(request.query_params.get("cursor", ""), house.engine.key)
    request.state.cursor = cursor
    if cursor is None or cursor.behind or "checksum" in request.query_params:
        return await _of_token(house, token), False
    glance = await house.glances.look(digest(token), cursor.municipality, cursor.scopes, cursor.seq, _PAGE)
    if glance is None:
        return None, False
    request.state.glance = glance
    if glance.device.kind == "walk":
        return access.of_walker(glance.municipality, glance.device, house.clock()), False
    return await _of_token(house, token), False


async def deliverer(request: Request, house: routing.House) -> tuple[Principal | None, bool]:
    """As `access.who`, for those who come home at once: phones are looked for together."""
    token = access.bearer(request)
    if token is None:
        return await access.who(request, house.store, house.clock(), demo=house.settings.demo)
    return await _of_token(house, token), False


async def _of_token(house: routing.House, token: str) -> Principal | None:
    found = await house.glances.holder(digest(token))
    if found is None or found[1].kind == "walk":
        return None if found is None else access.of_walker(*found, house.clock())
    async with house.store.read() as db:
        return await access.of_device(db, *found, house.clock(), demo=house.settings.demo)


# ---------------------------------------------------------------- the answer


async def pull(request: Request) -> Response:
    person, scopes = routing.principal(request), changes.scopes(routing.principal(request))
    cursor: Cursor | None = getattr(request.state, "cursor", None)
    text = request.query_params.get("cursor")
    if text and cursor is None:
        cursor = cursors.read(text, routing.house(request).engine.key)
    if text and cursor is None:
        raise MustRefetch(reason="cursor")
    glance: Glance | None = getattr(request.state, "glance", None)
    if cursor is not None:
        _must_be_the_askers(cursor, person)
        _must_be_young(cursor, request)
    if cursor is not None and glance is not None and cursor.scopes == tuple(scopes):
        _must_go_on(cursor, glance.epoch, glance.head)
        return _glanced(request, cursor, glance)
    return await _read(request, person, cursor, scopes)


def _must_be_the_askers(cursor: Cursor, person: Principal) -> None:
    if (cursor.municipality, cursor.reader) != (person.municipality, str(person.device)):
        raise MustRefetch(reason="scope")


def _must_be_young(cursor: Cursor, request: Request) -> None:
    if cursors.day_of(routing.now(request)) - cursor.day > cursors.HORIZON_DAYS:
        raise MustRefetch(reason="horizon")


def _must_go_on(cursor: Cursor, epoch: str, head: int) -> None:
    if cursor.epoch != epoch:
        raise MustRefetch(reason="epoch")
    if cursor.seq > head:
        raise MustRefetch(reason="ahead")  # restored from a backup without anybody saying so


def _glanced(request: Request, cursor: Cursor, glance: Glance) -> Response:
    more = glance.count == _PAGE
    seq = glance.last if more else max(glance.last, glance.head)
    next = msgspec.structs.replace(cursor, seq=seq)
    return _answered(request, next, glance.text, more=more)


async def _read(request: Request, person: Principal, cursor: Cursor | None, scopes: list[str]) -> Response:
    house = routing.house(request)
    async with house.store.read() as db:
        epoch = await feed.epoch(db)
        head = await feed.head(db, person.municipality)
        if cursor is None:
            cursor = cursors.from_nothing(person.municipality, str(person.device), epoch, head, scopes)
        _must_go_on(cursor, epoch, head)
        cursor = cursors.granted(cursor, scopes)
        said = request.query_params.get("checksum")
        agrees = said is None or cursor.behind or said == await checksum(db, cursor)
        if cursor.behind and _takes_gzip(request):
            kept = await _shared(db, house.pages, cursor)
            if kept is not None:
                return _from_kept(request, kept, _read_to(cursor, kept.last))
        cursor, lines, more = await _rows(db, cursor, head)
    if not agrees:
        await _differs(house, person)
    return _answered(request, cursor, lines, more=more)


async def _rows(db: Db, cursor: Cursor, head: int) -> tuple[Cursor, str, bool]:
    """One page: first what is behind, scope by scope, then what is new in all of them."""
    parts: list[str] = []
    room = _PAGE
    while cursor.behind and room:
        first = cursor.behind[0]
        rows = await feed.after(db, cursor.municipality, [first.scope], first.seq, room + 1, until=cursor.seq)
        page = rows[:room]
        room -= len(page)
        parts += await _lines(db, cursor, page, leaves=first.leaves)
        cursor = _read_to(cursor, page[-1][0] if len(rows) > len(page) else None)
        if len(rows) > len(page):
            return cursor, ",".join(parts), True
    rows = await feed.after(db, cursor.municipality, cursor.scopes, cursor.seq, room + 1) if not cursor.behind else []
    page, more = rows[:room], len(rows) > room or bool(cursor.behind)
    parts += [pages.line(row) for _, row in page]
    if not more:
        cursor = msgspec.structs.replace(cursor, seq=max(head, page[-1][0] if page else 0))
    elif page:
        cursor = msgspec.structs.replace(cursor, seq=page[-1][0])
    return cursor, ",".join(parts), more


def _read_to(cursor: Cursor, seq: int | None) -> Cursor:
    """The first scope behind is read up to `seq`; None = to its end."""
    first, *rest = cursor.behind
    behind = rest if seq is None else [Behind(first.scope, seq, first.leaves), *rest]
    return msgspec.structs.replace(cursor, behind=tuple(behind))


async def _lines(db: Db, cursor: Cursor, page: Sequence[tuple[int, feed.Row]], *, leaves: bool) -> list[str]:
    """What somebody may no longer see goes, unless another of their scopes still shows it."""
    if not leaves:
        return [pages.line(row) for _, row in page]
    ids = {row.id for _, row in page}
    still = {(kind, id) for kind, id, _ in await feed.shown(db, cursor.municipality, cursor.scopes, cursor.seq, ids)}
    return [pages.line(row, leaves=True) for _, row in page if (row.kind, row.id) not in still]


# ---------------------------------------------------------------- full pages that many ask for


async def _shared(db: Db, kept: pages.Kept, cursor: Cursor) -> pages.Packed | None:
    """The next page of the first scope behind, when it is full, lies below the head and is not one phone's own."""
    first = cursor.behind[0]
    if first.leaves or changes.is_ones_own(first.scope):
        return None
    rewritten = await feed.rewritten(db, cursor.municipality)
    key = (cursor.municipality, cursor.epoch, rewritten, first.scope, first.seq, _PAGE)
    page = kept.get(key)
    if page is None:
        rows = await feed.after(db, cursor.municipality, [first.scope], first.seq, _PAGE, until=cursor.seq)
        if len(rows) < _PAGE:
            return None
        text = pages.joined([row for _, row in rows])
        page = pages.packed(pages.changes(text), rows[-1][0])
        kept.keep(key, page)
    return page if page.last <= cursor.seq else None


# ---------------------------------------------------------------- does the phone hold what it should


async def checksum(db: Db, cursor: Cursor) -> str:
    """SHA-256 over everything that stands in the cursor's scopes: "kind id version", sorted, a line each."""
    return checksum_of(await feed.shown(db, cursor.municipality, cursor.scopes, cursor.seq))


def checksum_of(shown: Sequence[tuple[str, str, int]]) -> str:
    lines = sorted(f"{kind} {id} {version}" for kind, id, version in shown)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


async def _differs(house: routing.House, person: Principal) -> None:
    """Counted and said in the log; the phone reads everything again and keeps its outbox."""
    async with house.store.write() as db:
        times = await feed.note_difference(db, person.municipality)
    log.warning("phone_differed", municipality=person.municipality, device=str(person.device), times=times)
    raise MustRefetch(reason="checksum")


# ---------------------------------------------------------------- on the wire


def _facts(request: Request, cursor: Cursor, more: bool) -> dict[str, Any]:
    now, key = routing.now(request), routing.house(request).engine.key
    dated = msgspec.structs.replace(cursor, day=cursors.day_of(now))
    return {
        "protocol": wire.PROTOCOL,
        "server_time": now,
        "epoch": cursor.epoch,
        "cursor": cursors.written(dated, key),
        "more": more,
    }


def _answered(request: Request, cursor: Cursor, lines: str, *, more: bool) -> Response:
    # The states are sent as they were stored: no decoding, no encoding on the way down.
    plain = pages.changes(lines) + pages.tail(_facts(request, cursor, more))
    if pages.is_worth_packing(plain) and _takes_gzip(request):
        return _sent(pages.gzipped(plain), {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"})
    return _sent(plain, {})


def _from_kept(request: Request, kept: pages.Packed, cursor: Cursor) -> Response:
    whole = pages.whole(kept, pages.tail(_facts(request, cursor, True)))
    return _sent(whole, {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"})


def _takes_gzip(request: Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "")


def _sent(content: bytes, headers: dict[str, str]) -> Response:
    return Response(
        content,
        headers={"Cache-Control": "no-store", "Trygg-Protocol": _PROTOCOL, **headers},
        media_type="application/json",
    )
