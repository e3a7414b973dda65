"""Walks: joining by code or link, and what the coordinator sees of them."""

import secrets
from collections.abc import Iterable
from datetime import date
from typing import cast
from uuid import UUID

import msgspec
import segno
from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain import times
from trygghetsvandring.domain.checklists import Answer
from trygghetsvandring.domain.errors import Fact, Refused
from trygghetsvandring.domain.people import Act, Principal, Role
from trygghetsvandring.domain.rates import Rates, rates
from trygghetsvandring.domain.stops import FeelingAnswer
from trygghetsvandring.domain.stops import people as counted
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.domain.walks import (
    Invite,
    Walk,
    digest,
    join_code,
    join_secret,
    join_token,
    must_be_open,
    tidy_code,
)
from trygghetsvandring.storage import municipalities, observations, operations, records, walks
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync.municipalities import wire_state as municipality_state
from trygghetsvandring.sync.ops.protocols import tasks_of
from trygghetsvandring.sync.ops.walks import wire_state
from trygghetsvandring.web import devices, routing, sessions, sheets
from trygghetsvandring.web.errors import BadParameter, NotFound


class Look(msgspec.Struct, kw_only=True):
    code: str | None = None
    secret: str | None = None


class Join(Look, kw_only=True):
    device: UUID
    key: str = ""
    alias: str = ""
    language: str = "sv"


class NoInvite(Refused):
    code = "no_invite"


class JoinRefused(Refused):
    """A rule at the door said no; carries the rule's own code."""

    def __init__(self, code: str, facts: dict[str, Fact]) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


async def _invite(request: Request, db: Db, asked: Look) -> tuple[str, Invite]:
    """The invite and its municipality. Typed codes are few enough to guess at; a link's 128 bits are not."""
    now = routing.now(request)
    if asked.code:
        found = await _by_code(request, db, tidy_code(asked.code), await walks.joinable(db, now))
    else:
        found = await walks.invite_by_digest(db, digest(asked.secret or ""))
    invite = must_be_open(found[1] if found else None, now)
    assert found is not None
    return found[0], invite


async def _by_code(request: Request, db: Db, code: str, joinable: int) -> tuple[str, Invite] | None:
    sessions.must_not_guess_codes(request, joinable)
    found = await walks.invite_by_digest(db, digest(code))
    sessions.must_not_guess_codes(request, joinable)  # again: many tries at once have all passed the first question
    if found is None:
        sessions.wrong_code(request)
    return found


async def look(request: Request) -> Response:
    """The walk's card before joining: nothing is stored."""
    asked = await routing.read(request, Look)
    async with routing.house(request).store.read() as db:
        municipality, invite = await _invite(request, db, asked)
        walk = await records.one(db, municipality, Walk, invite.walk)
        place = await municipalities.municipality(db, municipality)
    assert walk is not None and place is not None
    return routing.json(
        {
            "municipality": {"id": place.id, "name": place.name},
            "name": walk.name,
            "place": walk.place,
            "starts_at": walk.starts_at,
            "ends_at": walk.ends_at,
            "leader": walk.leader,
            "meeting_point": walk.meeting_point,
            "stops": len(walk.stops),
            "length_m": walk.length_m,
            "points": [(stop.lat, stop.lon) for stop in walk.stops],
        }
    )


async def join(request: Request) -> Response:
    asked, house = await routing.read(request, Join), routing.house(request)
    async with house.store.read() as db:
        municipality, invite = await _invite(request, db, asked)
    # Phones of before 2026-11-23 have no key of their own: whoever knows such a phone's id must not be told its token.
    token = join_token(house.engine.key, asked.device, asked.key) if asked.key else secrets.token_urlsafe(32)
    actor = Principal(municipality=municipality, role=Role.WALKER, walk=invite.walk, function="En som gick")
    body = {
        "device": asked.device,
        "invite": invite.id,
        "token_hash": digest(token),
        "key_hash": digest(asked.key),
        "alias": asked.alias.strip(),
        "language": asked.language,
    }
    outcome = await house.engine.act(municipality, "walk.join", invite.walk, body, routing.now(request), actor=actor)
    if outcome.outcome != "applied":
        raise JoinRefused(outcome.code or "refused", cast("dict[str, Fact]", outcome.facts or {}))
    return routing.json({"token": token, "device": asked.device, "walk": invite.walk, "municipality": municipality})


async def municipality(request: Request) -> Response:
    async with routing.house(request).store.read() as db:
        place = await municipalities.municipality(db, routing.principal(request).municipality)
    assert place is not None
    return routing.json(municipality_state(place))


async def dusk(request: Request) -> Response:
    try:
        day = msgspec.convert(request.query_params.get("date"), type=date)
    except msgspec.ValidationError:
        raise BadParameter(name="date") from None
    lat = routing.query_float(request, "lat", least=-90, most=90)
    lon = routing.query_float(request, "lon", least=-180, most=180)
    return routing.json(times.sun(day, lat, lon))


async def list_walks(request: Request) -> Response:
    asker = routing.principal(request)
    async with routing.house(request).store.read() as db:
        found = await walks.latest_first(db, asker.municipality)
        rows = [await _row(db, asker.municipality, walk) for walk in found]
    return routing.json({"walks": rows})


async def _row(db: Db, municipality: str, walk: Walk) -> dict[str, object]:
    phones = await devices.on_walk(db, municipality, walk.id)
    return {
        **wire_state(walk),
        "received": await operations.received_on_walk(db, municipality, walk.id),
        "phones_not_done": sum(1 for phone in phones if devices.not_done(phone)),
    }


async def one_walk(request: Request) -> Response:
    asker, id = routing.principal(request), routing.path_id(request)
    async with routing.house(request).store.read() as db:
        walk = await records.one(db, asker.municipality, Walk, id)
        if walk is None:
            raise NotFound()
        felt = await walks.feelings_on(db, asker.municipality, id)
        answered = await walks.answers_on(db, asker.municipality, id)
        row = await _row(db, asker.municipality, walk)
        phones = await devices.on_walk(db, asker.municipality, id)
        standing = await _rates(db, asker.municipality, walk)
    told = {"phones": phones, "feelings": _feelings(felt), "answers": _answers(answered), "rates": standing}
    return routing.json({**row, **told})


async def _rates(db: Db, municipality: str, walk: Walk) -> Rates:
    """Of the tasks its findings have led to, and of those it goes back to: said to be mended, and seen mended."""
    found = await observations.on_walk(db, municipality, walk.id)
    tasks = await records.load(db, municipality, Task, {*tasks_of(found), *(each.id for each in walk.revisits)})
    return rates([task for task in tasks.values() if not task.is_gone])


def _feelings(felt: Iterable[FeelingAnswer]) -> list[dict[str, object]]:
    """People per stop and feeling. Of a phone that answered twice at a stop, the later: nobody is counted twice."""
    latest = {(it.device, it.stop): it for it in sorted(felt, key=lambda it: (it.felt_at, it.id))}
    sums: dict[UUID, dict[str, int]] = {}
    for it in latest.values():
        at_stop = sums.setdefault(it.stop, {"safe": 0, "neither": 0, "unsafe": 0})
        for feeling, n in counted(it.own, it.counts).items():
            at_stop[feeling] += n
    return [{"stop": stop, **people, "n": sum(people.values())} for stop, people in sums.items()]


def _answers(answered: Iterable[Answer]) -> list[dict[str, object]]:
    """Phones per stop, item and answer; of a phone that answered an item twice, the later."""
    latest = {(it.device, it.stop, it.item): it for it in sorted(answered, key=lambda it: (it.answered_at, it.id))}
    sums: dict[tuple[UUID, str], dict[str, int]] = {}
    for it in latest.values():
        sums.setdefault((it.stop, it.item), {"yes": 0, "no": 0, "unknown": 0})[it.answer] += 1
    return [{"stop": stop, "item": item, **replies} for (stop, item), replies in sums.items()]


async def invite(request: Request) -> Response:
    asker, house = routing.principal(request), routing.house(request)
    async with house.store.read() as db:
        it = await _open_invite(db, asker.municipality, routing.path_id(request))
    return routing.json(_invite_view(it, house.engine.key, house.settings.public_url))


async def _open_invite(db: Db, municipality: str, walk: UUID) -> Invite:
    found = await walks.open_invites(db, municipality, walk)
    if not found:
        raise NoInvite()
    return found[0]


def _invite_view(it: Invite, key: bytes, public_url: str) -> dict[str, object]:
    code, link = join_code(key, it.id), f"{public_url}/#g={join_secret(key, it.id)}"
    return {
        "code": f"{code[:4]}-{code[4:]}",
        "link": link,
        "qr_svg": segno.make(link, error="m").svg_inline(scale=4, border=4, dark="#000", light="#fff"),
        "cap": it.cap,
        "joined": it.joined,
        "ends_at": it.ends_at,
    }


async def sheet(request: Request) -> Response:
    """One A4 to print: on the wall by the meeting point, with no word that is not needed."""
    asker, house, id = routing.principal(request), routing.house(request), routing.path_id(request)
    async with house.store.read() as db:
        walk = await records.one(db, asker.municipality, Walk, id)
        if walk is None:
            raise NotFound()
        it = await _open_invite(db, asker.municipality, id)
        place = await municipalities.municipality(db, asker.municipality)
    assert place is not None
    return sheets.walk_sheet(walk, place, _invite_view(it, house.engine.key, house.settings.public_url))


routes = [
    routing.route("/api/join/look", look, methods=["POST"], act=Act.PUBLIC),
    routing.route("/api/join", join, methods=["POST"], act=Act.PUBLIC),
    routing.route("/api/municipality", municipality, methods=["GET"], act=Act.READ_MUNICIPALITY),
    routing.route("/api/dusk", dusk, methods=["GET"], act=Act.PLAN_WALK),
    routing.route("/api/walks", list_walks, methods=["GET"], act=Act.READ_WALKS),
    routing.route("/api/walks/{id:uuid}", one_walk, methods=["GET"], act=Act.READ_WALKS),
    routing.route("/api/walks/{id:uuid}/invite", invite, methods=["GET"], act=Act.PLAN_WALK),
    routing.route("/api/walks/{id:uuid}/sheet", sheet, methods=["GET"], act=Act.PLAN_WALK),
]
