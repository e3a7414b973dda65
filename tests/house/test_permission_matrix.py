"""Every route, asked by everybody, about one's own municipality and about the other: one table says the answer.

A route that is not in the table fails. Both municipalities have planted words; none of the other's may come back.
"""

from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest

from tests.makers import FRIDAY, LIDKOPING, SECRET, Evening, Phone, a_municipality, an_evening, copied
from trygghetsvandring import asgi
from trygghetsvandring.domain.ids import pass_id, uuid7
from trygghetsvandring.domain.people import Principal, Role, system
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.storage import people, photos
from trygghetsvandring.storage.people import User
from trygghetsvandring.sync.municipalities import settle
from trygghetsvandring.web import sessions

GRANNBY = "grannby"
MARK = {LIDKOPING: "HEMLIGT-LIDKOPING", GRANNBY: SECRET}
BYTES = b"\xff\xd8 no picture, but bytes of one's own"

STAFF: dict[str, tuple[Role, str]] = {
    "coordinator": (Role.COORDINATOR, "samordning"),
    "handler": (Role.HANDLER, "gata-park"),
    "department_head": (Role.DEPARTMENT_HEAD, "gata-park"),
    "handler of another department": (Role.HANDLER, "miljo-bygg"),
    "field_secretary": (Role.FIELD_SECRETARY, "socialtjansten"),
    "shop": (Role.SHOP, "butik-torget"),
    "police": (Role.POLICE, "polisen"),
}
WALKERS = ("walker of walk A", "walker of walk B")
SIGNED_IN = (*WALKERS, *STAFF)
EVERYONE = ("anonymous", *SIGNED_IN)
DESKS = tuple(STAFF)
DEPARTMENT = ("handler", "department_head")
TASKS = ("coordinator", *DEPARTMENT, "handler of another department")


@dataclass
class Town:
    """One municipality with something in every room, each with the planted word in it."""

    id: str
    walk: UUID = field(default_factory=uuid7)
    other_walk: UUID = field(default_factory=uuid7)
    finding: UUID = field(default_factory=uuid7)
    task: UUID = field(default_factory=uuid7)
    photo: UUID = field(default_factory=uuid7)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    devices: dict[str, UUID] = field(default_factory=dict)


@dataclass(frozen=True)
class Ask:
    """How a route is asked. `path` and `content` are made from the town asked about, and from who asks."""

    path: str
    content: Callable[[Town, UUID], bytes] | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """`ok` = who gets `status`; the rest of those signed in get 404, and the anonymous 401.

    `abroad` is what they who are `ok` at home get when the ids are the other municipality's.
    """

    ask: Ask
    ok: tuple[str, ...]
    status: int = 200
    abroad: int | None = None
    anonymous: int = 401


def public(path: str, status: int, content: bytes | None = None) -> Row:
    made = None if content is None else lambda _town, _device: content or b""
    return Row(Ask(path, made), EVERYONE, status, anonymous=status)


def of(kind: str, prefix: str, suffix: str = "") -> str:
    return f"{prefix}{{{kind}}}{suffix}"


def pushed(_town: Town, device: UUID) -> bytes:
    return msgspec.json.encode(
        {"protocol": 1, "device": device, "sent_at": FRIDAY, "session": uuid7(), "mono_ms": 0, "operations": []}
    )


def offered(town: Town, _device: UUID) -> bytes:
    return str(town.photo).encode()


TUS = {"Tus-Resumable": "1.0.0"}
TABLE: dict[str, Row] = {
    "GET /healthz": public("/healthz", 200),
    "POST /api/session": public("/api/session", 400, b"{}"),
    "GET /api/session": Row(Ask("/api/session"), DESKS),
    "DELETE /api/session": public("/api/session", 204),
    "POST /api/session/device": Row(
        Ask("/api/session/device", lambda _t, _d: msgspec.json.encode({"device": uuid7()})), ("field_secretary",)
    ),
    "GET /api/start": public("/api/start", 404),  # only while the demo is loaded
    "POST /api/join/look": public("/api/join/look", 404, b'{"code":"0000-0000"}'),
    "POST /api/join": public("/api/join", 404, b'{"code":"0000-0000","device":"0192f7a0-0000-7000-8000-000000000001"}'),
    "GET /api/municipality": Row(Ask("/api/municipality"), SIGNED_IN),
    "GET /api/dusk": Row(Ask("/api/dusk?date=2026-11-20&lat=58.5&lon=13.16"), ("coordinator",)),
    "GET /api/walks": Row(Ask("/api/walks"), ("coordinator",)),
    "GET /api/walks/{id:uuid}": Row(Ask(of("walk", "/api/walks/")), ("coordinator",), abroad=404),
    "GET /api/walks/{id:uuid}/invite": Row(Ask(of("walk", "/api/walks/", "/invite")), ("coordinator",), abroad=404),
    "GET /api/walks/{id:uuid}/sheet": Row(Ask(of("walk", "/api/walks/", "/sheet")), ("coordinator",), abroad=404),
    "GET /api/observations": Row(Ask("/api/observations"), ("coordinator",)),
    "GET /api/observations/{id:uuid}": Row(Ask(of("finding", "/api/observations/")), ("coordinator",), abroad=404),
    "GET /api/tasks": Row(Ask("/api/tasks"), TASKS),
    "GET /api/tasks/{id:uuid}": Row(Ask(of("task", "/api/tasks/")), ("coordinator", *DEPARTMENT), abroad=404),
    "GET /api/presence/sums": Row(Ask("/api/presence/sums"), ("coordinator",)),
    "GET /api/presence/passes": Row(Ask("/api/presence/passes"), ("field_secretary",)),
    "POST /sync/push": Row(Ask("/sync/push", pushed), SIGNED_IN),
    "GET /sync/pull": Row(Ask("/sync/pull"), SIGNED_IN),
    "POST /sync/have": Row(Ask("/sync/have", lambda _t, _d: b'{"operations":[]}'), SIGNED_IN),
    "OPTIONS /uploads/": Row(Ask("/uploads/", headers=TUS), EVERYONE, 204, anonymous=204),
    "POST /uploads/": Row(Ask("/uploads/", offered, TUS), ("walker of walk A",), 201, abroad=404),
    "HEAD /uploads/{id:uuid}": Row(Ask(of("photo", "/uploads/"), headers=TUS), ("walker of walk A",), abroad=404),
    "PATCH /uploads/{id:uuid}": Row(
        Ask(
            of("photo", "/uploads/"),
            lambda _t, _d: b"",
            TUS | {"Content-Type": "application/offset+octet-stream", "Upload-Offset": str(len(BYTES))},
        ),
        ("walker of walk A",),
        204,
        abroad=404,
    ),
    "GET /photos/{id:uuid}": Row(
        Ask(of("photo", "/photos/")), ("walker of walk A", "coordinator", *DEPARTMENT), abroad=404
    ),
    "GET /openapi.json": public("/openapi.json", 200),
    "GET /desk": public("/desk", 200),
    "GET /desk/{path:path}": public("/desk/uppgifter", 200),
    "GET /falt": public("/falt", 308),
    "GET /falt/{path:path}": public("/falt/", 200),
    "GET /{path:path}": public("/", 200),
}


TELLS = {
    "GET /api/session",
    "GET /api/municipality",
    "GET /api/walks",
    "GET /api/walks/{id:uuid}",
    "GET /api/walks/{id:uuid}/sheet",
    "GET /api/observations",
    "GET /api/observations/{id:uuid}",
    "GET /api/tasks",
    "GET /api/tasks/{id:uuid}",
    "GET /sync/pull",
    "GET /photos/{id:uuid}",
}


def every_route() -> set[str]:
    """HEAD beside GET is Starlette's own and answers as GET does."""
    return {
        f"{method} {route.path}"
        for route in asgi.routes()
        for method in (route.methods or set())
        if not (method == "HEAD" and "GET" in (route.methods or set()))
    }


# ---------------------------------------------------------------- two towns with everything in them


async def a_town(evening: Evening, id: str) -> Town:
    town, mark = Town(id), MARK[id]
    await settle(evening.store, a_municipality(id, read_by=f"Samordnaren {mark}"))
    actor = Principal(municipality=id, role=Role.COORDINATOR, organisation="samordning", function="Samordnare")
    for walk in (town.walk, town.other_walk):
        await evening.plan(actor, walk, name=mark, leader=mark)
    phones = [await evening.phone(walk, municipality=id) for walk in (town.walk, town.other_walk)]
    for name, phone in zip(WALKERS, phones, strict=True):
        town.headers[name], town.devices[name] = phone.headers, phone.device
    await hands_in(evening, town, phones[0])
    for type, entity, body in (
        ("observation.review", town.finding, {"category": "bel.trasig", "note": mark}),
        ("task.create", town.task, {"title": mark, "observations": [town.finding], "priority": 2}),
        (
            "task.assign",
            town.task,
            {"department": "gata-park", "explanation": mark, "due_on": "2026-12-04"},
        ),
    ):
        outcome = await evening.act(type, entity, body, actor)
        assert outcome.outcome == "applied", outcome
    for name, (role, organisation) in STAFF.items():
        town.headers[name], town.devices[name] = await signs_in(evening, id, name, role, organisation)
    await logs(evening, town)
    town.headers["anonymous"], town.devices["anonymous"] = {}, uuid7()
    return town


async def hands_in(evening: Evening, town: Town, phone: Phone) -> None:
    mark = MARK[town.id]
    finding = phone.observation(town.finding, text=mark, place_words=mark, photos=[town.photo])
    declared: dict[str, Any] = {
        "of": {"kind": "observation", "id": town.finding},
        "role": "before",
        "sha256": sha256(BYTES).hexdigest(),
        "bytes": len(BYTES),
        "media_type": "image/jpeg",
        "width": 640,
        "height": 480,
        "masks": 0,
        "taken_at": evening.now,
    }
    outcomes = await phone.push(finding, phone.operation("photo.declare", town.photo, declared))
    assert [o.outcome for o in outcomes] == ["applied", "applied"], outcomes
    server = system(town.id)
    for type, body in (
        ("photo.received", {"code": None}),
        ("photo.accepted", {"shown_sha256": declared["sha256"], "sizes": [320]}),
    ):
        outcome = await evening.act(type, town.photo, body, server)
        assert outcome.outcome == "applied", outcome
    blobs = evening.app.state.house.blobs
    await blobs.keep(photos.small_key(town.id, town.photo, 320), mark.encode())


async def signs_in(
    evening: Evening, town: str, name: str, role: Role, organisation: str
) -> tuple[dict[str, str], UUID]:
    token, device = f"{town} {name}", uuid7()
    user = User(
        municipality=town,
        id=uuid7(),
        login=f"{name}@{town}",
        function=f"{name} {MARK[town]}",
        role=role.value,
        organisation=organisation,
        password_hash="none",
        demo=False,
        disabled_at=None,
    )
    async with evening.store.write() as db:
        await people.add_user(db, user)
        await people.begin_session(
            db,
            token_hash=digest(token.replace(" ", "-")),
            municipality=town,
            user=user.id,
            device=device,
            now=evening.now,
            expires_at=evening.now + timedelta(hours=12),
        )
    cookie = token.replace(" ", "-")
    return {"Cookie": f"__Host-trygg={cookie}", "Sec-Fetch-Site": "same-origin"}, device


async def logs(evening: Evening, town: Town) -> None:
    """One evening's pass and an entry of the social services."""
    actor = Principal(municipality=town.id, role=Role.FIELD_SECRETARY, organisation="socialtjansten", device=uuid7())
    log = pass_id("socialtjansten", "2026-11-20", "field_shift")
    opened = {"evening": "2026-11-20", "kind": "field_shift", "adults": 2}
    outcome = await evening.act("presence.pass", log, opened, actor)
    assert outcome.outcome == "applied", outcome


@asynccontextmanager
async def two_towns(template: Path, folder: Path) -> AsyncIterator[tuple[Evening, dict[str, Town]]]:
    async with an_evening(copied(template, folder), folder, demo=False) as evening:
        yield evening, {id: await a_town(evening, id) for id in (LIDKOPING, GRANNBY)}


# ---------------------------------------------------------------- the matrix


def asked(row: Row, method: str, who: str, asker: Town, about: Town) -> dict[str, Any]:
    ask, device = row.ask, asker.devices[who]
    request: dict[str, Any] = {
        "method": method,
        "url": ask.path.format(walk=about.walk, finding=about.finding, task=about.task, photo=about.photo),
        "headers": {"Accept": "text/html"} | asker.headers[who] | ask.headers,
    }
    if ask.content is not None:
        request["content"] = ask.content(about, device)
    if ask.content is offered:
        request["content"] = b""
        request["headers"] |= _upload_of(about)
    return request


def _upload_of(town: Town) -> dict[str, str]:
    told = {"photo": str(town.photo), "sha256": sha256(BYTES).hexdigest()}
    words = ",".join(f"{name} {b64encode(value.encode()).decode()}" for name, value in told.items())
    return {"Upload-Length": str(len(BYTES)), "Upload-Metadata": words}


def expected(row: Row, who: str, *, at_home: bool) -> int:
    if who == "anonymous":
        return row.anonymous
    if who not in row.ok:
        return 404
    return row.status if at_home or row.abroad is None else row.abroad


async def test_every_route_gives_everyone_exactly_what_the_table_says(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for surface in ("field", "desk", "falt"):
        (tmp_path / "static" / surface).mkdir(parents=True)
        (tmp_path / "static" / surface / "index.html").write_text("<!doctype html>")
    monkeypatch.setattr(asgi, "STATIC", tmp_path / "static")
    wrong: list[str] = []
    leaks: list[str] = []
    told: set[str] = set()  # where the planted word came back to its own: without it no leak could be seen
    async with two_towns(sqlite_template, tmp_path) as (evening, towns):
        # Signing out ends the session the other rows need, so it is asked last.
        for name in sorted(TABLE, key=lambda it: it.startswith("DELETE")):
            row, method = TABLE[name], name.split()[0]
            for home in towns.values():
                for about in towns.values():
                    for who in EVERYONE:
                        sessions.forget_tries()
                        answer = await evening.http.request(**asked(row, method, who, home, about))
                        case = f"{name} · {who} of {home.id} about {about.id}"
                        wanted = expected(row, who, at_home=home is about)
                        if answer.status_code != wanted:
                            wrong.append(f"{case}: {answer.status_code}, not {wanted} {answer.text[:150]}")
                        told |= {name} if MARK[home.id] in answer.text else set()
                        leaks += leaked(case, answer, home, who, row)
    with capsys.disabled():
        print(
            f"\npermission matrix: {len(TABLE)} routes × 2 municipalities × {len(EVERYONE)} roles, {len(leaks)} leaks"
        )
    assert wrong == []
    assert leaks == []
    assert told == TELLS


def leaked(case: str, answer: httpx.Response, home: Town, who: str, row: Row) -> list[str]:
    """A planted word may come back only to those of its own municipality whom the table lets in."""
    text = answer.text + str(answer.headers)
    mine, other = MARK[home.id], next(mark for id, mark in MARK.items() if id != home.id)
    found = [f"{case}: {other}"] if other in text else []
    if mine in text and (who == "anonymous" or who not in row.ok):
        found.append(f"{case}: {mine}")
    return found


def test_no_route_is_missing_from_the_table_and_none_is_made_up() -> None:
    assert every_route() == set(TABLE)


def test_a_route_that_nobody_put_in_the_table_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    added = asgi.routes()[0]
    monkeypatch.setattr(asgi, "routes", lambda: [type(added)("/api/new", added.endpoint, methods=["GET"])])

    assert "GET /api/new" in every_route() - set(TABLE)
