"""Open311 in `/openapi.json`: what is asked, and every answer with its shape. What a fuzzer reads is what holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trygghetsvandring.domain.open311 import BASE, LONGEST_DESCRIPTION, MOST_REQUESTS
from trygghetsvandring.domain.open311_told import Status

Schema = dict[str, Any]
_TEXT: Schema = {"type": "string"}
_MAYBE: Schema = {"type": ["string", "null"]}
_NUMBER: Schema = {"type": ["number", "null"]}
_MOMENT: Schema = {"type": "string", "format": "date-time"}


def _object(required: str, /, **properties: Schema) -> Schema:
    return {"type": "object", "required": required.split(), "properties": properties}


def _list(item: Schema) -> Schema:
    return {"type": "array", "items": item}


ERRORS = _list(_object("code description", code=_TEXT, description=_TEXT)) | {"minItems": 1}
SERVICES = _list(
    _object(
        "service_code service_name metadata type",
        service_code=_TEXT,
        service_name=_TEXT,
        description=_MAYBE,
        metadata={"type": "boolean"},
        type={"enum": ["realtime", "batch", "blackbox"]},
        keywords=_MAYBE,
        group=_MAYBE,
    )
)
DEFINITION = _object(
    "service_code attributes",
    service_code=_TEXT,
    attributes=_list(
        _object(
            "variable code datatype required order description",
            variable={"type": "boolean"},
            code=_TEXT,
            datatype={"enum": ["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]},
            required={"type": "boolean"},
            datatype_description=_MAYBE,
            order={"type": "integer", "minimum": 1},
            description=_TEXT,
            values=_list(_object("key name", key=_TEXT, name=_TEXT)),
        )
    ),
)
REQUESTS = _list(
    _object(
        "service_request_id status service_code requested_datetime",
        service_request_id=_TEXT,
        status={"enum": ["open", "closed"]},
        status_notes=_MAYBE,
        service_name=_MAYBE,
        service_code=_TEXT,
        description=_MAYBE,
        agency_responsible=_MAYBE,
        service_notice=_MAYBE,
        requested_datetime=_MOMENT,
        updated_datetime=_MOMENT,
        expected_datetime=_MAYBE,
        address=_MAYBE,
        address_id=_MAYBE,
        zipcode=_MAYBE,
        lat=_NUMBER,
        long=_NUMBER,
        media_url=_MAYBE,
    )
)
TAKEN = _list(_object("service_request_id", service_request_id=_TEXT, service_notice=_MAYBE, account_id=_MAYBE))
UPDATES = _list(
    _object(
        "update_id service_request_id status updated_datetime description",
        update_id=_TEXT,
        service_request_id=_TEXT,
        status={"enum": [status.value for status in Status]},
        updated_datetime=_MOMENT,
        description=_TEXT,
        media_url=_MAYBE,
    )
)
DISCOVERY = _object(
    "changeset contact key_service endpoints",
    changeset=_MOMENT,
    contact=_TEXT,
    key_service=_TEXT,
    endpoints=_list(
        _object(
            "specification url changeset type formats",
            specification=_TEXT,
            url=_TEXT,
            changeset=_MOMENT,
            type={"enum": ["production", "test"]},
            formats=_list(_TEXT),
        )
    ),
)
_SPAN = ("start_date", "end_date")
_PLACE = ("jurisdiction_id",)
_LIST = (
    *("service_request_id", "service_code", "status", *_SPAN, "updated_after", "updated_before"),
    *("page", "page_size", "extensions"),
)
_NUMBERS: Mapping[str, Schema] = {
    "page": {"type": "integer", "minimum": 1, "maximum": MOST_REQUESTS},
    "page_size": {"type": "integer", "minimum": 1, "maximum": MOST_REQUESTS},
}
_POSTED = _object(
    "service_code api_key",
    service_code=_TEXT,
    api_key=_TEXT,
    lat={"type": "number", "minimum": -90, "maximum": 90},
    long={"type": "number", "minimum": -180, "maximum": 180},
    address_string=_TEXT,
    address_id=_TEXT,
    description={"type": "string", "maxLength": LONGEST_DESCRIPTION},
    device_id=_TEXT,
    client_id=_TEXT,
    jurisdiction_id=_TEXT,
)
_TOLD = _object(
    "update_id service_request_id status api_key",
    update_id=_TEXT,
    service_request_id=_TEXT,
    status={"enum": [status.value for status in Status]},
    updated_datetime=_MOMENT,
    description=_TEXT,
    api_key=_TEXT,
    jurisdiction_id=_TEXT,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    what: str
    answer: Schema
    asks: Sequence[str] = _PLACE
    form: Schema | None = None
    refusals: Sequence[int] = (400, 404)


DESCRIBED: Mapping[tuple[str, str], Described] = {
    ("GET", "/discovery.{format}"): Described(
        what="Open311: where, in which formats, and who to ask", answer=DISCOVERY, asks=(), refusals=(404,)
    ),
    ("GET", "/services.{format}"): Described(what="Open311: what can be handed in", answer=SERVICES),
    ("GET", "/services/{code}.{format}"): Described(what="Open311: the questions of a service", answer=DEFINITION),
    ("GET", "/requests.{format}"): Described(
        what="Open311: what is public, newest first", answer=REQUESTS, asks=(*_PLACE, *_LIST)
    ),
    ("POST", "/requests.{format}"): Described(
        what="Open311: hand in, with a key", answer=TAKEN, form=_POSTED, refusals=(400, 403, 404, 410, 413)
    ),
    ("GET", "/requests/{id}.{format}"): Described(
        what="Open311: one request", answer=REQUESTS, asks=(*_PLACE, "extensions")
    ),
    ("GET", "/tokens/{token}.{format}"): Described(
        what="Open311: no token is ever given out", answer=TAKEN, asks=(), refusals=(404,)
    ),
    ("GET", "/servicerequestupdates.{format}"): Described(
        what="Open311: every change of what is public", answer=UPDATES, asks=(*_PLACE, *_SPAN)
    ),
    ("POST", "/servicerequestupdates.{format}"): Described(
        what="Open311: another system's word about a request, with a key",
        answer=_list(_object("update_id", update_id=_TEXT)),
        form=_TOLD,
        refusals=(400, 403, 404, 413),
    ),
}


def described(method: str, path: str) -> Schema | None:
    """One operation, whole; None when it is not Open311's."""
    it = DESCRIBED.get((method, path.removeprefix(BASE))) if path.startswith(BASE) else None
    if it is None:
        return None
    said: Schema = {
        "summary": it.what,
        "security": [],
        "parameters": [*_in_path(path), *({"in": "query", "name": name, "schema": _of(name)} for name in it.asks)],
        "responses": {"200": _answer(it.answer), **{str(status): _answer(ERRORS) for status in it.refusals}}
        | {"429": _answer(ERRORS)},
    }
    if it.form is not None:
        said["requestBody"] = {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": it.form}}}
    return said


def _in_path(path: str) -> list[Schema]:
    names = [name for name in ("code", "id", "token") if f"{{{name}}}" in path]
    whole = {"type": "string", "minLength": 1, "pattern": "^[A-Za-z0-9._~-]+$"}
    return [
        *({"in": "path", "name": name, "required": True, "schema": whole} for name in names),
        {"in": "path", "name": "format", "required": True, "schema": {"enum": ["json", "xml"]}},
    ]


def _of(name: str) -> Schema:
    return _NUMBERS.get(name, _TEXT)


def _answer(schema: Schema) -> Schema:
    return {
        "description": "As `format` says",
        "content": {"application/json": {"schema": schema}, "text/xml": {"schema": {"type": "string"}}},
    }
