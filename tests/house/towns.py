"""Two municipalities with everything in them, and everybody who may ask: what the matrices are tried on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec

from tests.makers import LIDKOPING, SECRET, Evening, Phone, a_municipality, an_evening, copied
from trygghetsvandring.domain.ids import pass_id, uuid7
from trygghetsvandring.domain.people import Principal, Role, system
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.storage import people, photos
from trygghetsvandring.storage.people import User
from trygghetsvandring.sync.municipalities import settle

GRANNBY = "grannby"
MARK = {LIDKOPING: "HEMLIGT-LIDKOPING", GRANNBY: SECRET}
PLACES = a_municipality().places
BYTES = b"\xff\xd8 no picture, but bytes of one's own"

STAFF: dict[str, tuple[Role, str]] = {
    "coordinator": (Role.COORDINATOR, "samordning"),
    "handler": (Role.HANDLER, "gata-park"),
    "department_head": (Role.DEPARTMENT_HEAD, "gata-park"),
    "handler of another department": (Role.HANDLER, "miljo-bygg"),
    "field_secretary": (Role.FIELD_SECRETARY, "socialtjansten"),
    "shop": (Role.SHOP, "butik-torget"),
    "police": (Role.POLICE, "polisen"),
    "registrator": (Role.REGISTRATOR, "samordning"),
    "records_officer": (Role.RECORDS_OFFICER, "samordning"),
}
WALKERS = ("walker of walk A", "walker of walk B")
SIGNED_IN = (*WALKERS, *STAFF)
EVERYONE = ("anonymous", *SIGNED_IN)
DESKS = tuple(STAFF)
DEPARTMENT = ("handler", "department_head")
LINKED = ("/besked", "/brev", "/redovisa", "/butik", "/kvallar")  # rooms behind a link in a letter
NEVER_LEAVES = "BAKOM OLLES GARAGE"  # a place in a walker's own words: for triage, and for the phone that wrote it
TRADE = ("coordinator", "shop", "police")
TASKS = ("coordinator", *DEPARTMENT, "handler of another department")
WOKEN = (*WALKERS, *TASKS, "field_secretary")


@dataclass
class Town:
    """One municipality with something in every room, each with the planted word in it."""

    id: str
    walk: UUID = field(default_factory=uuid7)
    other_walk: UUID = field(default_factory=uuid7)
    finding: UUID = field(default_factory=uuid7)
    task: UUID = field(default_factory=uuid7)
    photo: UUID = field(default_factory=uuid7)
    attestation: UUID = field(default_factory=uuid7)
    survey: UUID = field(default_factory=uuid7)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    devices: dict[str, UUID] = field(default_factory=dict)


def noted(town: Town) -> bytes:
    """What a desk would ask to see before it writes a note."""
    return msgspec.json.encode({"operations": [{"type": "task.note", "entity": town.task, "body": {"text": "Ring."}}]})


# ---------------------------------------------------------------- two towns with everything in them


async def a_town(evening: Evening, id: str) -> Town:
    town, mark = Town(id), MARK[id]
    await settle(evening.store, a_municipality(id, read_by=f"Samordnaren {mark}", places=PLACES))
    actor = Principal(municipality=id, role=Role.COORDINATOR, organisation="samordning", function="Samordnare")
    for walk in (town.walk, town.other_walk):
        await evening.plan(actor, walk, name=mark, leader=mark)
    phones = [await evening.phone(walk, municipality=id) for walk in (town.walk, town.other_walk)]
    for name, phone in zip(WALKERS, phones, strict=True):
        town.headers[name], town.devices[name] = phone.headers, phone.device
    await hands_in(evening, town, phones[0])
    for type, entity, body in (
        ("observation.review", town.finding, {"category": "bel.trasig", "note": mark}),
        ("observation.moderate", town.finding, {"place": mark}),
        ("task.create", town.task, {"title": mark, "observations": [town.finding], "priority": 2}),
        (
            "task.assign",
            town.task,
            {"department": "gata-park", "explanation": mark, "due_on": "2026-12-04"},
        ),
    ):
        outcome = await evening.act(type, entity, body, actor)
        assert outcome.outcome == "applied", outcome
    await staffs(evening, town.id, actor, uuid7(), town.attestation)
    await asks(evening, town, actor)
    for name, (role, organisation) in STAFF.items():
        town.headers[name], town.devices[name] = await signs_in(evening, id, name, role, organisation)
    await logs(evening, town)
    town.headers["anonymous"], town.devices["anonymous"] = {}, uuid7()
    return town


async def staffs(evening: Evening, town: str, actor: Principal, id: UUID, attestation: UUID) -> None:
    """An evening of the rota, and an attestation signed in a name that is the town's planted word."""
    mark, party, times = MARK[town], "nattvandrarna", {"evening": "2026-12-04", "starts": "20:00", "ends": "00:30"}
    where = {"kind": "night_walk", "area": a_municipality(town).areas[0], "place": mark, "needed": 4}
    row = {
        "evening": "2026-10-02",
        "kind": "night_walk",
        "when": "evening",
        "adults": 3,
        "minutes": 60,
        "source": "log",
    }
    period = {"first": "2026-10-01", "last": "2026-10-31"}
    for type, entity, body in (
        ("rota.plan", id, times | where),
        ("rota.attest", attestation, period | {"party": party, "rows": [row], "name": mark}),
    ):
        outcome = await evening.act(type, entity, body, actor)
        assert outcome.outcome == "applied", outcome


async def hands_in(evening: Evening, town: Town, phone: Phone) -> None:
    mark = MARK[town.id]
    finding = phone.observation(town.finding, text=mark, place_words=f"{mark} {NEVER_LEAVES}", photos=[town.photo])
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


async def asks(evening: Evening, town: Town, actor: Principal) -> None:
    """A survey that is open, and one answer to it: too few to be counted."""
    mark, place = MARK[town.id], PLACES[0].id
    at: dict[str, Any] = {"hours": ["fre–lör 22–00"], "helps": [mark, "Folk"], "places": [place]}
    said = {"survey": town.survey, "place": place, "hours": "fre–lör 22–00", "felt": "safe", "help": mark}
    for type, entity, body in (
        ("survey.make", town.survey, {"title": mark, "source": "citizens"} | at),
        ("survey.answer", uuid4(), said),
    ):
        outcome = await evening.act(type, entity, body, actor)
        assert outcome.outcome == "applied", outcome


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
        evening.app.state.house.live.end()  # a stream that has no end would never be answered
        yield evening, {id: await a_town(evening, id) for id in (LIDKOPING, GRANNBY)}
