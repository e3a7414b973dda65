"""Open311, writing: a key lets another system hand in a finding, once, and tell what became of ours."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from email import message_from_bytes
from email.policy import HTTP
from urllib.parse import parse_qs
from uuid import UUID, uuid5

from limits import RateLimitItemPerMinute
from starlette.requests import Request

from trygghetsvandring.domain import open311 as rules
from trygghetsvandring.domain import times
from trygghetsvandring.domain.connections import NAMESPACE, ApiKey
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.open311 import Fault, Faulty, faulty, moment, said
from trygghetsvandring.domain.open311_told import Status
from trygghetsvandring.domain.publications import Publication, is_read
from trygghetsvandring.domain.tasks import LONGEST_TEXT
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.storage import connections, records
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.web import routing, sessions
from trygghetsvandring.web.open311_wire import Value, asked

Form = Mapping[str, Sequence[str]]
Place = Callable[[Request, Db, str | None], Awaitable[Municipality]]
_MOST_BYTES = 12 * 1024 * 1024  # a photo may come along; it is not taken in
_MOST_FIELDS = 300
_WRITES = RateLimitItemPerMinute(60)
_WRONG_KEYS = RateLimitItemPerMinute(10)


async def form(request: Request) -> tuple[Form, bool]:
    """(its fields, whether a file came along). A file is read past and never kept."""
    kind = request.headers.get("content-type", "")
    raw = await routing.body(request, _MOST_BYTES)
    if kind.partition(";")[0].strip().lower() == "multipart/form-data":
        return _multipart(kind, raw)
    try:
        return parse_qs(raw.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict"), False
    except ValueError:
        raise faulty(400, "The body is application/x-www-form-urlencoded or multipart/form-data in UTF-8.") from None


def _multipart(kind: str, raw: bytes) -> tuple[Form, bool]:
    head = f"Content-Type: {kind}\r\n\r\n".encode("latin-1", "replace")
    message, fields, has_file = message_from_bytes(head + raw, policy=HTTP), dict[str, list[str]](), False
    if not message.is_multipart():
        raise faulty(400, "The body is no multipart/form-data.")
    for part in list(message.iter_parts())[:_MOST_FIELDS]:
        name = part.get_param("name", header="content-disposition")
        if part.get_filename() is not None:
            has_file = True
        elif isinstance(name, str):
            content = part.get_payload(decode=True)
            fields.setdefault(name, []).append(_utf8(content if isinstance(content, bytes) else b""))
    return fields, has_file


def _utf8(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise faulty(400, "Fields are UTF-8.") from None


async def _holder(request: Request, db: Db, here: Municipality, fields: Form) -> ApiKey:
    """Whose key it is. A wrong one costs a try; every key has its own limit."""
    if request.headers.get("x-forwarded-proto", "https") == "http":
        raise faulty(403, "A key is sent over HTTPS only. This one should be replaced.")
    given = said(fields, "api_key") or asked(request, "api_key")
    found = None if given is None else await connections.by_key(db, here.id, digest(given))
    if found is None:
        sessions.must_not_ask_too_often(_WRONG_KEYS, "open311 wrong key", sessions.address(request))
        raise faulty(403, "api_key is missing or not valid.")
    sessions.must_not_ask_too_often(_WRITES, "open311 key", str(found.id))
    return found


def post_request(place: Place) -> Callable[[Request], Awaitable[tuple[str, Value]]]:
    async def post(request: Request) -> tuple[str, Value]:
        fields, has_file = await form(request)
        house, now = routing.house(request), routing.now(request)
        async with house.store.read() as db:
            here = await place(request, db, said(fields, "jurisdiction_id"))
            holder = await _holder(request, db, here, fields)
            id = _idempotent(request, fields, holder)
            before = await records.one(db, here.id, Observation, id)
        told = rules.submission(here, fields)
        if before is None:
            body = {**asdict(told), "key": holder.id, "seen_at": told.seen_at or now}
            outcome = await house.engine.act(here.id, "observation.receive", id, body, now)
            if outcome.outcome != "applied" and not await _is_here(request, here, id):
                raise faulty(410 if outcome.code == "erased" else 400, "It could not be taken in.")
        read_on = times.read_on(now if before is None else before.received_at)
        notice = f"Mottaget. Någon läser det {read_on}."
        if has_file or said(fields, "media_url"):
            notice += " Fotot är inte mottaget: foton tas inte emot den här vägen."
        return "service_requests", [{"service_request_id": str(id), "service_notice": notice, "account_id": None}]

    return post


async def _is_here(request: Request, here: Municipality, id: UUID) -> bool:
    """Twice at the same moment: the other one was first."""
    async with routing.house(request).store.read() as db:
        return await records.one(db, here.id, Observation, id) is not None


def _idempotent(request: Request, fields: Form, holder: ApiKey) -> UUID:
    """The same for the same Idempotency-Key, or device_id with the client's own id. Neither is kept."""
    key = request.headers.get("idempotency-key", "").strip()
    if key:
        return _id_of(holder, "key", key)
    device = said(fields, "device_id")
    client = said(fields, "client_id") or said(fields, "attribute[client_id]") or said(fields, "attribute[external_id]")
    if device and client:
        return _id_of(holder, "device", f"{device}\n{client}")
    return uuid7()


def _id_of(holder: ApiKey, kind: str, given: str) -> UUID:
    hidden = hashlib.sha256(f"{kind}\n{given}".encode("utf-8", "replace")).hexdigest()
    return uuid5(NAMESPACE, f"request {holder.id} {hidden}")


def request_id(raw: str) -> UUID | None:
    try:
        return UUID(raw) if len(raw) == 36 else None
    except ValueError:
        return None


def post_update(place: Place) -> Callable[[Request], Awaitable[tuple[str, Value]]]:
    async def post(request: Request) -> tuple[str, Value]:
        fields, _ = await form(request)
        house, now = routing.house(request), routing.now(request)
        async with house.store.read() as db:
            here = await place(request, db, said(fields, "jurisdiction_id"))
            holder = await _holder(request, db, here, fields)
            update, text, status = _update(fields)
            id = request_id(said(fields, "service_request_id") or "")
            found = None if id is None else await records.one(db, here.id, Observation, id)
            public = None if id is None else await records.one(db, here.id, Publication, id)
        if id is None or found is None or not is_read(public, found):
            raise faulty(404, "No request has this service_request_id.")
        said_at = moment(said(fields, "updated_datetime") or now.isoformat(), "updated_datetime")
        body = {"key": holder.id, "key_name": holder.name, "update": update, "status": status, "text": text}
        outcome = await house.engine.act(here.id, "report.receive", id, body | {"said_at": said_at}, now)
        if outcome.outcome != "applied":
            raise faulty(400, _NOT_TAKEN.get(outcome.code or "", "It could not be taken in."))
        return "service_request_updates", [{"update_id": update}]

    return post


_NOT_TAKEN = {"update_repeated": "An update with this update_id has been received before."}


def _update(fields: Form) -> tuple[str, str, Status]:
    faults = [
        Fault(400, f"{name} was not provided.")
        for name in ("update_id", "service_request_id", "status")
        if said(fields, name) is None
    ]
    text, status = said(fields, "description") or "", (said(fields, "status") or "OPEN").upper()
    if status not in {each.value for each in Status}:
        faults.append(Fault(400, f"status is one of {', '.join(Status)}."))
    if len(text) > LONGEST_TEXT - 100 or rules.persons_in(text[:LONGEST_TEXT]):
        faults.append(Fault(400, "description is too long, or seems to point at a person."))
    if faults:
        raise Faulty(400, *faults)
    return (said(fields, "update_id") or "")[:200], text, Status(status)
