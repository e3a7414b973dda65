"""Operations up, states down: POST /sync/push, GET /sync/pull, POST /sync/have."""

import gzip
import hashlib
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain.people import Act
from trygghetsvandring.storage import changes as feed
from trygghetsvandring.storage import operations
from trygghetsvandring.sync import changes, wire
from trygghetsvandring.web import routing
from trygghetsvandring.web.errors import BadParameter, BodyTooLarge, DeviceUnknown, MustRefetch

_PAGE = 500
_HEADERS = {"Trygg-Protocol": str(wire.PROTOCOL)}


class Have(msgspec.Struct, kw_only=True):
    operations: list[UUID]


async def push(request: Request) -> Response:
    asker, house = routing.principal(request), routing.house(request)
    try:
        packed = await routing.body(request, wire.MAX_BYTES)
    except BodyTooLarge:
        raise wire.BatchTooLarge(limit=wire.MAX_BYTES) from None
    raw = _plain(packed, request.headers.get("content-encoding"))
    asked = wire.read_push(raw)
    if asker.device != asked.device:
        raise DeviceUnknown()
    answer = await house.engine.push(asker, asked, routing.now(request))
    return routing.json(answer, headers=_HEADERS)


def _plain(raw: bytes, encoding: str | None) -> bytes:
    """The body unpacked, at most 256 KiB of it: a small bomb stays small."""
    if encoding not in ("gzip", None, "identity"):
        raise BadParameter(name="content-encoding")
    if encoding != "gzip":
        return raw
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(raw, wire.MAX_BYTES + 1)
    except zlib.error:
        raise wire.BatchMalformed(reason="gzip") from None
    if len(plain) > wire.MAX_BYTES:
        raise wire.BatchTooLarge(limit=wire.MAX_BYTES)
    return plain


async def pull(request: Request) -> Response:
    asker, house = routing.principal(request), routing.house(request)
    scopes = changes.scopes(asker)
    async with house.store.read() as db:
        epoch = await feed.epoch(db)
        after = _after(request.query_params.get("cursor"), epoch, scopes)
        if after > await feed.head(db, asker.municipality):
            raise MustRefetch(reason="ahead")  # restored from a backup without anybody saying so
        rows = await feed.after(db, asker.municipality, scopes, after, _PAGE + 1)
    page, more = rows[:_PAGE], len(rows) > _PAGE
    cursor = _cursor(epoch, scopes, page[-1][0] if page else after)
    head = msgspec.json.encode(
        {
            "protocol": wire.PROTOCOL,
            "server_time": routing.now(request),
            "epoch": epoch,
            "cursor": cursor,
            "more": more,
        }
    ).decode()
    # The states are sent as they were stored: no decoding, no encoding on the way down.
    text = head[:-1] + ',"changes":[' + ",".join(_line(row) for _, row in page) + "]}"
    return _compressed(text.encode(), request)


def _line(row: feed.Row) -> str:
    head = msgspec.json.encode({"kind": row.kind, "id": row.id, "version": row.version}).decode()[:-1]
    return f'{head},"gone":true}}' if row.state is None else f'{head},"state":{row.state}}}'


def _compressed(raw: bytes, request: Request) -> Response:
    headers = {"Cache-Control": "no-store", **_HEADERS}
    if len(raw) > 1_000 and "gzip" in request.headers.get("accept-encoding", ""):
        raw = gzip.compress(raw, 4, mtime=0)
        headers["Content-Encoding"] = "gzip"
        headers["Vary"] = "Accept-Encoding"
    return Response(raw, headers=headers, media_type="application/json")


def _scope_hash(scopes: list[str]) -> str:
    return hashlib.sha256("\n".join(sorted(scopes)).encode()).hexdigest()[:16]


def _cursor(epoch: str, scopes: list[str], seq: int) -> str:
    return urlsafe_b64encode(msgspec.json.encode([epoch, _scope_hash(scopes), seq])).decode()


def _after(cursor: str | None, epoch: str, scopes: list[str]) -> int:
    """Where to go on. Another epoch or another scope: everything again, and the outbox stays."""
    if not cursor:
        return 0
    try:
        was, scope, seq = msgspec.json.decode(urlsafe_b64decode(cursor), type=tuple[str, str, int])
    except (ValueError, RecursionError, msgspec.MsgspecError):
        raise MustRefetch(reason="cursor") from None
    if was != epoch or scope != _scope_hash(scopes) or seq < 0:
        raise MustRefetch(reason="epoch" if was != epoch else "scope")
    return seq


async def have(request: Request) -> Response:
    """Which of the phone's acknowledged operations this server has lost (after a restore)."""
    asker, asked = routing.principal(request), await routing.read(request, Have)
    if asker.device is None or len(asked.operations) > 1_000:
        raise BadParameter(name="operations", most=1_000)
    async with routing.house(request).store.read() as db:
        here = await operations.known(db, asker.municipality, asker.device, asked.operations)
    return routing.json({"missing": [id for id in asked.operations if id not in here]}, headers=_HEADERS)


routes = [
    routing.route("/sync/push", push, methods=["POST"], act=Act.SYNC),
    routing.route("/sync/pull", pull, methods=["GET"], act=Act.SYNC),
    routing.route("/sync/have", have, methods=["POST"], act=Act.SYNC),
]
