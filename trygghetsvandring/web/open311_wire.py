"""Open311 as it travels: one value, as XML or as JSON, and errors in either. Both say the same."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from html import escape
from typing import Any

import msgspec
import structlog
from limits import RateLimitItemPerMinute
from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.open311 import Fault, Faulty, faulty
from trygghetsvandring.web import routing, sessions
from trygghetsvandring.web.errors import STATUS

log = structlog.get_logger()
Value = Any
_MEDIA = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
# One of a list, by the list's name. JSON has bare arrays; XML names each.
_ONE_OF = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
    "service_request_updates": "request_update",
}
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_READS = RateLimitItemPerMinute(600)
Endpoint = Callable[[Request], Awaitable[tuple[str, Value]]]


def xml(root: str, value: Value) -> str:
    return f'<?xml version="1.0" encoding="utf-8"?>\n{_element(root, value)}\n'


def _element(name: str, value: Value) -> str:
    if isinstance(value, Mapping):
        inner = "".join(_element(key, each) for key, each in value.items())
    elif isinstance(value, Sequence) and not isinstance(value, str):
        inner = "".join(_element(_ONE_OF[name], each) for each in value)
    else:
        inner = _text(value)
    return f"<{name}>{inner}</{name}>" if inner else f"<{name}/>"


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape(NOT_IN_XML.sub("\ufffd", str(value)))


def answer(request: Request, root: str, value: Value, status: int = 200, **headers: str) -> Response:
    form = format_of(request)
    text = msgspec.json.encode(value) if form == "json" else xml(root, value).encode()
    kept = {"Cache-Control": "no-store", "Content-Type": _MEDIA[form]}
    return Response(text, status, headers=kept | {name.replace("_", "-"): it for name, it in headers.items()})


def format_of(request: Request) -> str:
    """The extension of the path; XML for everything that is wrong with it."""
    return "json" if request.path_params.get("format") == "json" else "xml"


def open311(endpoint: Endpoint) -> routing.Endpoint:
    """Reads and writes within limits; every refusal is an array of errors in the format that was asked for."""

    async def shown(request: Request) -> Response:
        try:
            if request.path_params.get("format") not in _MEDIA:
                raise faulty(404, "There are two formats: xml and json.")
            sessions.must_not_ask_too_often(_READS, "open311", sessions.address(request))
            root, value = await endpoint(request)
            return answer(request, root, value)
        except Faulty as fault:
            return _errors(request, fault.status, fault.faults)
        except Refused as refused:
            status = STATUS.get(refused.code, 400)
            wait = refused.facts.get("retry_after")
            headers = {} if wait is None else {"Retry_After": str(wait)}
            return _errors(request, status, [Fault(status, _WORDS.get(refused.code, refused.code))], **headers)

    return shown


_WORDS = {
    "too_many_tries": "Too many requests. Wait as long as Retry-After says.",
    "server_busy": "The server is busy. Try again.",
    "body_too_large": "The body is too large.",
    "update_repeated": "An update with this update_id has been received before.",
}


def _errors(request: Request, status: int, faults: Sequence[Fault], **headers: str) -> Response:
    said = [{"code": str(fault.code), "description": fault.description} for fault in faults]
    return answer(request, "errors", said, status, **headers)


async def nobody(_request: Request, _house: routing.House) -> tuple[None, bool]:
    """Reading is everybody's; writing is by a key. A desk's cookie opens nothing here."""
    return None, False


async def nothing_here(request: Request) -> Response:
    return _errors(request, 404, [Fault(404, "There is nothing here.")])


def asked(request: Request, name: str) -> str | None:
    """An empty argument is the same as none."""
    value = request.query_params.get(name, "").strip().replace("\x00", "")
    return value or None


def words(request: Request, name: str) -> list[str]:
    return [word.strip() for word in (asked(request, name) or "").split(",") if word.strip()]
