"""Operations up, states down: POST /sync/push, GET /sync/pull, POST /sync/have."""

import zlib

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain.people import Act
from trygghetsvandring.sync import wire
from trygghetsvandring.web import pages, pull, routing
from trygghetsvandring.web.errors import BadParameter, BodyTooLarge, DeviceUnknown

_HEADERS = {"Cache-Control": "no-store", "Trygg-Protocol": str(wire.PROTOCOL)}


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
    return _answered(request, msgspec.json.encode(answer))


def _answered(request: Request, plain: bytes) -> Response:
    """Two hundred outcomes are as large as a page of the feed, and say nearly the same."""
    if not pages.is_worth_packing(plain) or "gzip" not in request.headers.get("accept-encoding", ""):
        return _sent(plain, {})
    return _sent(pages.gzipped(plain), {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"})


def _sent(content: bytes, headers: dict[str, str]) -> Response:
    return Response(content, headers={**_HEADERS, **headers}, media_type="application/json")


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


routes = [
    routing.route("/sync/push", push, methods=["POST"], act=Act.SYNC, who=pull.deliverer, delivers=True),
    routing.route("/sync/pull", pull.pull, methods=["GET"], act=Act.SYNC, who=pull.asker),
    routing.route("/sync/have", pull.have, methods=["POST"], act=Act.SYNC, delivers=True),
]
