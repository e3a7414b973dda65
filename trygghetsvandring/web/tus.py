"""The grammar of tus 1.0: what its headers say, and what every answer at /uploads/ carries.

Nothing here knows what is uploaded. https://tus.io/protocols/resumable-upload, version 1.0.0.
"""

import binascii
import hashlib
import time
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.photos import MOST_BYTES
from trygghetsvandring.sync import wire
from trygghetsvandring.web import routing
from trygghetsvandring.web.errors import BadParameter, problem

VERSION: Final = "1.0.0"
BYTES: Final = "application/offset+octet-stream"
_EXTENSIONS: Final = "creation,creation-with-upload,expiration,checksum,termination"
_ALGORITHMS: Final = ("sha1", "sha256")
_OVER: Final = frozenset({"connection_silent", "upload_busy"})
"""Refusals in the middle of a body that nobody will read on: without its connection the sender knows."""
_CARRIED: Final = {"Tus-Resumable": VERSION, "Trygg-Protocol": str(wire.PROTOCOL), "Cache-Control": "no-store"}
_OFFER: Final = {
    "Tus-Version": VERSION,
    "Tus-Extension": _EXTENSIONS,
    "Tus-Max-Size": str(MOST_BYTES),
    "Tus-Checksum-Algorithm": ",".join(_ALGORITHMS),
}


class TusVersion(Refused):
    code = "tus_version"


class WrongMediaType(Refused):
    code = "wrong_media_type"


class OffsetDiffers(Refused):
    code = "offset_differs"


class ChecksumUnknown(Refused):
    """Not an algorithm of ours, or no checksum at all. Nothing of the piece is kept."""

    code = "checksum_unknown"


class ChecksumDiffers(Refused):
    """The piece is other bytes than its sender summed up, or did not come whole. Nothing of it is kept."""

    code = "checksum_differs"


# ---------------------------------------------------------------- every request and every answer


class Spoken:
    """What holds for every request under /uploads/, those that are refused at the door too.

    `X-HTTP-Method-Override` is the method, another version is not listened to, and every answer says which it is.
    When the request came is noted before anything is waited for: the later of two is right (`storage/uploads.py`).
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/uploads/"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        scope["method"] = headers.get("x-http-method-override", scope["method"])
        scope.setdefault("state", {})["came"] = time.monotonic_ns()

        async def carried(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_CARRIED)
            await send(message)

        answers: ASGIApp = self.app
        if scope["method"] != "OPTIONS" and headers.get("tus-resumable") != VERSION:
            answers = problem(TusVersion.code, {"version": VERSION}, {"Tus-Version": VERSION})
        await answers(scope, receive, carried)


def offer() -> Response:
    return Response(status_code=204, headers=_OFFER)


def answering(endpoint: routing.Endpoint) -> routing.Endpoint:
    """A refusal that knows where the upload stands says so."""

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except Refused as refused:
            facts = refused.facts
            told = {"Upload-Offset": facts.get("offset"), "Retry-After": facts.get("retry_after")}
            told |= {"Connection": "close"} if refused.code in _OVER else {}
            return problem(refused.code, facts, {name: str(value) for name, value in told.items() if value is not None})

    return answer


# ---------------------------------------------------------------- headers


def number(request: Request, name: str) -> int:
    """A non-negative integer."""
    text = request.headers.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise BadParameter(name=name)
    return int(text)


def length(request: Request) -> int:
    """A photo's length is known before its first byte: nothing here may be deferred."""
    if "upload-defer-length" in request.headers:
        raise BadParameter(name="upload-defer-length")
    return number(request, "upload-length")


def has_body(request: Request) -> bool:
    return "transfer-encoding" in request.headers or request.headers.get("content-length", "0") != "0"


def must_be_bytes(request: Request) -> None:
    if request.headers.get("content-type") != BYTES:
        raise WrongMediaType()


def metadata(request: Request) -> dict[str, str]:
    """`Upload-Metadata: photo <base64>,sha256 <base64>`. May be empty; so may a value."""
    told: dict[str, str] = {}
    for pair in request.headers.get("upload-metadata", "").split(","):
        key, _, value = pair.strip(" ").partition(" ")
        if (not key and pair.strip(" ")) or key in told or not key.isascii():
            raise BadParameter(name="upload-metadata")
        try:
            told |= {key: b64decode(value, validate=True).decode("utf-8", "replace")} if key else {}
        except binascii.Error:
            raise BadParameter(name="upload-metadata") from None
    return told


def written(told: Mapping[str, str]) -> str:
    return ",".join(f"{key} {b64encode(value.encode()).decode()}" for key, value in told.items())


def moment(at: datetime) -> str:
    """As HTTP writes a time."""
    return format_datetime(at.replace(microsecond=0), usegmt=True)


class Checksum:
    """`Upload-Checksum: sha1 <base64>`, and the sum of what has come so far."""

    def __init__(self, algorithm: str, wanted: bytes) -> None:
        self._sum: Any = hashlib.new(algorithm, usedforsecurity=False)
        self._wanted = wanted
        if len(wanted) != self._sum.digest_size:
            raise ChecksumUnknown()

    def add(self, piece: bytes) -> None:
        self._sum.update(piece)

    def must_be_right(self, offset: int) -> None:
        """`offset`: where the upload stands without this piece."""
        if self._sum.digest() != self._wanted:
            raise ChecksumDiffers(offset=offset)


def checksum(request: Request) -> Checksum | None:
    """None when the sender gave none."""
    said = request.headers.get("upload-checksum")
    if said is None:
        return None
    algorithm, _, value = said.partition(" ")
    if algorithm not in _ALGORITHMS:
        raise ChecksumUnknown(known=list(_ALGORITHMS))
    try:
        return Checksum(algorithm, b64decode(value, validate=True))
    except binascii.Error:
        raise ChecksumUnknown() from None
