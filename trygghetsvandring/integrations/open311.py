"""Another system's Open311: a request handed in, and asked about later. What comes back may be anything."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from trygghetsvandring.integrations.outside import Answered, NoAnswer, NotReached, call, client

_LONGEST = 2_000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
# Said before anything was read: the request is not there.
_TOO_MANY = 429


class TurnedAway(Exception):
    """They have understood and said no. The text is a code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    url: str
    format: str
    jurisdiction: str
    key: str = field(repr=False)
    own_networks: tuple[str, ...] = ()
    seconds: float = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One of the two: a number, or a token that becomes one."""

    id: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What they say of a request. `status` as they wrote it, `id` of the update or "" when it is the request's own."""

    id: str
    request: str
    status: str
    text: str
    at: datetime | None = None
    expected: datetime | None = None
    reference: str = ""


async def send(to: Endpoint, fields: Mapping[str, str], *, idempotency: str) -> Taken:
    """Raises NotReached (nothing arrived), NoAnswer (it may have) or TurnedAway (they said no)."""
    form = {**fields, "api_key": to.key, "client_id": idempotency, "attribute[client_id]": idempotency}
    if to.jurisdiction:
        form["jurisdiction_id"] = to.jurisdiction
    async with client(to.url, to.own_networks, seconds=to.seconds) as opened:
        request = opened.build_request(
            "POST", f"{to.url}/requests.{to.format}", data=form, headers={"Idempotency-Key": idempotency}
        )
        answered = await call(opened, request, seconds=to.seconds)
    _must_have_worked(answered)
    taken = next((it for row in _rows(answered) if (it := _taken(row)) is not None), None)
    if taken is None:
        raise NoAnswer("wrong_answer")
    return taken


def _must_have_worked(answered: Answered) -> None:
    if answered.status == _TOO_MANY:
        raise NotReached("too_many_requests")
    if answered.status >= 500:
        raise NoAnswer(f"http_{answered.status}")
    if answered.status >= 300:
        raise TurnedAway(f"http_{answered.status}")


def _taken(row: Mapping[str, Any]) -> Taken | None:
    id, token = _word(row, "service_request_id"), _word(row, "token")
    return Taken(id=id) if id else Taken(token=token) if token else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Required:
    """One attribute that they want with every request of a service. `keys`: what may be answered; () = anything."""

    code: str
    datatype: str
    keys: tuple[str, ...] = ()


async def required(to: Endpoint, service: str) -> list[Required]:
    """Raises NotReached. A system that cannot say what it requires, requires nothing."""
    try:
        rows = await _get(to, f"services/{_in_path(service)}", {})
    except (NoAnswer, TurnedAway):
        return []
    return [it for row in rows if (it := _required(row)) is not None]


def _required(row: Mapping[str, Any]) -> Required | None:
    code, values = _word(row, "code"), row.get("values")
    if not code or not (_is_true(row, "required") and _is_true(row, "variable")):
        return None
    listed = values if isinstance(values, list) else []
    keys = [_word(each, "key") for each in listed if isinstance(each, Mapping)]
    return Required(code=code, datatype=_word(row, "datatype"), keys=tuple(key for key in keys if key))


def _is_true(row: Mapping[str, Any], name: str) -> bool:
    return row.get(name) is True or _word(row, name).lower() == "true"


async def number_of(to: Endpoint, token: str) -> str:
    """ "" while it has none."""
    rows = await _get(to, f"tokens/{_in_path(token)}", {})
    return next((id for row in rows if (id := _word(row, "service_request_id"))), "")


async def about(to: Endpoint, id: str) -> Word | None:
    """None when they know of no such request, or do not show it yet."""
    rows = await _get(to, f"requests/{_in_path(id)}", {"extensions": "true"})
    return next((word for row in rows if (word := _of_request(row)).request == id), None)


async def updates(to: Endpoint, id: str, since: datetime, until: datetime) -> list[Word]:
    """Of this request, oldest first, each id once. A system without updates has none."""
    between = {"start_date": since.isoformat(), "end_date": until.isoformat()}
    rows = await _get(to, "servicerequestupdates", between)
    words = {it.id: it for row in rows if (it := _of_update(row)).id and it.request == id}
    return sorted(words.values(), key=lambda it: (it.at is None, it.at or until, it.id))


async def looked_for(to: Endpoint, reference: str, since: datetime) -> str:
    """The number of the request that bears our reference, if they show it to everybody; "" otherwise."""
    rows = await _get(to, "requests", {"start_date": since.isoformat()})
    return next((it.request for row in rows if reference in (it := _of_request(row)).reference), "")


async def _get(to: Endpoint, path: str, params: Mapping[str, str]) -> list[Mapping[str, Any]]:
    asked = {**params, **({"jurisdiction_id": to.jurisdiction} if to.jurisdiction else {})}
    async with client(to.url, to.own_networks, seconds=to.seconds) as opened:
        request = opened.build_request("GET", f"{to.url}/{path}.{to.format}", params=asked)
        answered = await call(opened, request, seconds=to.seconds)
    if answered.status in {404, 400}:
        return []
    _must_have_worked(answered)
    return _rows(answered)


def _in_path(id: str) -> str:
    return re.sub(r"[^A-Za-z0-9._~-]", lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), id)


def _of_request(row: Mapping[str, Any]) -> Word:
    more = row.get("extended_attributes")
    finer = _word(more, "status") if isinstance(more, Mapping) else ""
    return Word(
        id="",
        request=_word(row, "service_request_id"),
        status=finer or _word(row, "status"),
        text=_word(row, "status_notes"),
        at=_moment(row, "updated_datetime"),
        expected=_moment(row, "expected_datetime"),
        reference=_word(row, "description"),
    )


def _of_update(row: Mapping[str, Any]) -> Word:
    return Word(
        id=_word(row, "update_id"),
        request=_word(row, "service_request_id"),
        status=_word(row, "status"),
        text=_word(row, "description"),
        at=_moment(row, "updated_datetime"),
    )


def _word(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return _CONTROL.sub(" ", str(value)).strip()[:_LONGEST]


def _moment(row: Mapping[str, Any], name: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(_word(row, name))
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


# ---------------------------------------------------------------- reading


def _rows(answered: Answered) -> list[Mapping[str, Any]]:
    """The rows of a list, however it is wrapped; HTML with 200, half a JSON or an entity bomb is no answer."""
    text = answered.content.lstrip()
    try:
        value = _xml(answered.content) if text.startswith(b"<") else msgspec.json.decode(text)
    except (msgspec.DecodeError, ValueError, RecursionError, ET.ParseError):
        raise NoAnswer("wrong_answer") from None
    if isinstance(value, Mapping):
        wrapped = next((inner for inner in value.values() if isinstance(inner, list)), None)
        value = [value] if wrapped is None else wrapped
    if not isinstance(value, list):
        raise NoAnswer("wrong_answer")
    return [row for row in value if isinstance(row, Mapping)]


_ROOTS = {"service_requests", "service_request_updates", "errors"}
_DEFINITION = "service_definition"


def _xml(content: bytes) -> list[dict[str, Any]]:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise ValueError("a document type is never needed")
    root = ET.fromstring(content)  # noqa: S314  # no document type, a megabyte at most, and expat bounds the rest
    if root.tag == _DEFINITION:
        return [{field.tag: _inner(field) for field in row} for row in root.iterfind("attributes/attribute")]
    if root.tag not in _ROOTS:
        raise ValueError("not an answer of Open311")
    return [{field.tag: _inner(field) for field in row} for row in root]


def _inner(element: ET.Element) -> Any:
    if element.tag == "values":
        return [{each.tag: each.text or "" for each in value} for value in element]
    return {each.tag: each.text or "" for each in element} if len(element) else element.text or ""
