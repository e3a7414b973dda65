"""Every operation, pushed by everybody about what somebody else has, at home and abroad: one table says the answer.

The entities belong to a phone, a unit and a team that none of those asked is. An operation that is not in the table
fails. Whoever a row does not name is answered `not_allowed`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from tests.house.test_permission_matrix import BYTES, SIGNED_IN, WALKERS, Town, two_towns
from tests.makers import FRIDAY, Evening, Phone, a_municipality, sha256
from trygghetsvandring.domain.ids import pass_id, uuid7
from trygghetsvandring.domain.people import Principal, Role
from trygghetsvandring.storage import walks
from trygghetsvandring.sync.outcomes import OPERATIONS

APPLIED, DENIED = "applied", "not_allowed"
OWNER = "fastighet"  # has every task
TEAM = "nattvandrarna"  # has every pass
LOG = pass_id(TEAM, "2026-11-20", "field_shift")
DUE = "2026-12-04"
A, B = WALKERS
COORDINATOR, HANDLER, HEAD, OTHER_UNIT = "coordinator", "handler", "department_head", "handler of another department"
FIELD = "field_secretary"
UNITS = (HANDLER, HEAD, OTHER_UNIT)


@dataclass
class Things:
    """What one operation of the table is tried on, in one town. Nobody who is asked owns any of it."""

    town: Town
    phone: Phone
    invite: UUID
    walk: UUID = field(default_factory=uuid7)  # a walk of its own, to change and end
    answer: UUID = field(default_factory=uuid7)
    feeling: UUID = field(default_factory=uuid7)
    raw: UUID = field(default_factory=uuid7)  # a finding nobody has sorted
    ready: UUID = field(default_factory=uuid7)  # sorted
    linked: UUID = field(default_factory=uuid7)  # in the task
    task: UUID = field(default_factory=uuid7)
    photo: UUID = field(default_factory=uuid7)
    entry: UUID = field(default_factory=uuid7)
    log: UUID = LOG


Body = Callable[[Things], dict[str, Any]]
Codes = dict[str | tuple[str, ...], str]


@dataclass(frozen=True)
class Row:
    """`home` and `abroad`: code by who asks, `applied` when it is let through; the rest get `not_allowed`."""

    entity: Callable[[Things], UUID]
    body: Body
    home: Codes = field(default_factory=dict)
    abroad: Codes = field(default_factory=dict)

    def code(self, who: str, *, at_home: bool) -> str:
        for asked, code in (self.home if at_home else self.abroad).items():
            if who == asked or who in asked:
                return code
        return DENIED


def nothing(_it: Things) -> dict[str, Any]:
    return {}


def same(**body: Any) -> Body:
    return lambda _it: body


def raw(it: Things) -> UUID:
    return it.raw


def task(it: Things) -> UUID:
    return it.task


def photo(it: Things) -> UUID:
    return it.photo


def declared(kind: str, role: str) -> Body:
    def made(it: Things) -> dict[str, Any]:
        of = {"kind": kind, "id": it.task if kind == "task" else it.raw}
        facts = {"sha256": sha256(BYTES), "bytes": len(BYTES), "media_type": "image/jpeg", "taken_at": FRIDAY}
        return {"of": of, "role": role, **facts, "width": 640, "height": 480, "masks": 0}

    return made


def answered(it: Things) -> dict[str, Any]:
    at = {"walk": it.town.walk, "stop": uuid7(), "template": "gangtunnel", "template_version": 1}
    return at | {"item": "ingang", "answer": "yes", "answered_at": FRIDAY}


def felt(it: Things) -> dict[str, Any]:
    return {"walk": it.town.walk, "stop": uuid7(), "felt_at": FRIDAY, "own": "safe"}


def recorded(it: Things) -> dict[str, Any]:
    return {"walk": it.town.walk, "category": "bel.trasig", "severity": 1, "seen_at": FRIDAY}


def planned(_it: Things) -> dict[str, Any]:
    times = {"starts_at": FRIDAY, "ends_at": FRIDAY + timedelta(hours=2)}
    stop = {"id": uuid7(), "number": 1, "name": "Torget", "place_type": "torg", "lat": 58.5, "lon": 13.1}
    words = {"name": "Kvällen", "place": "Torget", "leader": "Kim", "meeting_point": "Torget"}
    return words | times | {"recording": "own_phones", "stops": [stop | {"template": "torg"}]}


def joined(it: Things) -> dict[str, Any]:
    body = {"device": it.phone.device, "invite": it.invite, "token_hash": "0" * 64, "alias": "", "language": "sv"}
    return body | {"key_hash": "1" * 64}


def logged(it: Things) -> dict[str, Any]:
    seen = {"band": "1-5", "mood": "calm", "action": "talk"}
    return {"pass": it.log, "place": None, "area": "Centrum", "at": FRIDAY} | seen


def here(code: str, who: str | tuple[str, ...] = COORDINATOR, *, abroad: str = "missing") -> dict[str, Codes]:
    return {"home": {who: code}, "abroad": {who: abroad}}


def of_the_unit(arrow: str) -> dict[str, Codes]:
    """Another unit's task; the coordinator stands in for nobody who signs in."""
    return here(arrow, (*UNITS, COORDINATOR))


SEEN = {"seen": "Alla lyser.", "seen_on": "2026-11-20"}
NOT_MINE = "not_your_task"
TABLE: dict[str, Row] = {
    "checklist.answer": Row(lambda it: it.answer, answered, abroad={WALKERS: "missing"}),
    "device.enrol": Row(
        lambda it: it.phone.device, lambda _it: {"user": uuid7(), "token_hash": "0" * 64}, abroad={FIELD: APPLIED}
    ),
    "device.status": Row(lambda it: it.phone.device, same(drafts=1), {WALKERS: APPLIED}, {WALKERS: APPLIED}),
    "feeling.answer": Row(lambda it: it.feeling, felt, abroad={WALKERS: "missing"}),
    "observation.correct": Row(raw, same(text="Nytt"), **here("not_your_observation", WALKERS)),
    "observation.dismiss": Row(lambda it: it.ready, same(reason="positive", public_text="Tack."), **here(APPLIED)),
    "observation.merge": Row(lambda it: it.ready, lambda it: {"into": it.linked}, **here(APPLIED)),
    "observation.record": Row(raw, recorded, {A: "malformed"}, {WALKERS: "missing"}),
    "observation.release": Row(raw, nothing, **here("no_such_arrow")),
    "observation.review": Row(raw, same(category="bel.trasig", severity=1), **here(APPLIED)),
    "observation.unmerge": Row(raw, nothing, **here("no_such_arrow")),
    "observation.withdraw": Row(raw, nothing, **here("not_your_observation", WALKERS)),
    "observation.withhold": Row(raw, same(reason="En person syns"), **here(APPLIED)),
    "photo.accepted": Row(photo, same(shown_sha256="0" * 64, sizes=[320])),
    "photo.declare": Row(
        lambda _it: uuid7(),
        declared("observation", "before"),
        {(*WALKERS, COORDINATOR, *UNITS): "not_your_observation"},
        # A walker's photo may come before what it is of; what that is stays in the walker's own municipality.
        {WALKERS: APPLIED, (COORDINATOR, *UNITS): "not_your_observation"},
    ),
    "photo.declare · again": Row(
        photo,
        declared("observation", "before"),
        {(*WALKERS, COORDINATOR, *UNITS): "photo_differs"},
        # At home there is no such photo until the first walker's; after that the id is taken there too.
        {A: APPLIED, (B, COORDINATOR, *UNITS): "photo_differs"},
    ),
    "photo.declare · of a task": Row(
        lambda _it: uuid7(),
        declared("task", "after"),
        {(*WALKERS, COORDINATOR, *UNITS): NOT_MINE},
        {WALKERS: NOT_MINE, (COORDINATOR, *UNITS): "missing"},
    ),
    "photo.received": Row(photo, nothing),
    "photo.refused": Row(photo, same(code="not_a_photo")),
    "presence.correct": Row(lambda it: it.entry, same(mood="calm"), **here("missing", FIELD)),
    "presence.log": Row(lambda _it: uuid7(), logged, **here("pass_differs", FIELD, abroad="pass_differs")),
    "presence.pass": Row(
        lambda it: it.log,
        same(evening="2026-11-20", kind="field_shift", adults=2),
        **here("pass_differs", FIELD, abroad="pass_differs"),
    ),
    "task.accept": Row(task, same(person="Laget"), **of_the_unit(NOT_MINE)),
    "task.assign": Row(task, same(department="gata-park", explanation="De.", due_on=DUE), **here("no_such_arrow")),
    "task.confirm": Row(task, same(seen="good", seen_on="2026-11-20"), {A: APPLIED, B: NOT_MINE}, {WALKERS: "missing"}),
    "task.create": Row(
        lambda _it: uuid7(), lambda it: {"title": "Lampa", "observations": [it.ready], "priority": 2}, **here(APPLIED)
    ),
    "task.decline": Row(task, same(reason="unclear", public_text="Vi ser inte vad."), **of_the_unit(NOT_MINE)),
    "task.finish": Row(task, same(extent="full", public_text="Bytt."), **of_the_unit(NOT_MINE)),
    "task.link": Row(task, lambda it: {"observation": it.ready}, **here(APPLIED)),
    "task.note": Row(
        task, same(text="Ring dem."), {UNITS: NOT_MINE, COORDINATOR: APPLIED}, {(*UNITS, COORDINATOR): "missing"}
    ),
    "task.plan": Row(task, same(planned_on=DUE), **of_the_unit(NOT_MINE)),
    "task.refer": Row(
        task,
        same(party="Trafikverket", contact="Växeln", reference="1", public_text="Det är deras.", next_look_on=DUE),
        **of_the_unit(NOT_MINE),
    ),
    "task.refuse": Row(task, same(public_text="Nej."), **here(NOT_MINE, (HEAD, COORDINATOR))),
    "task.reopen": Row(task, same(department="gata-park", seen="Mörkt.", due_on=DUE), **here("no_such_arrow")),
    "task.start": Row(task, nothing, **of_the_unit(NOT_MINE)),
    "task.unlink": Row(task, lambda it: {"observation": it.linked}, **here("needs_a_finding")),
    "task.verify": Row(
        task,
        same(**SEEN),
        {UNITS: NOT_MINE, (COORDINATOR, FIELD): "no_such_arrow"},
        {(*UNITS, COORDINATOR, FIELD): "missing"},
    ),
    "task.wait": Row(
        task, same(reason="season", public_text="Vi väntar på våren.", next_look_on=DUE), **of_the_unit(NOT_MINE)
    ),
    "walk.change": Row(lambda it: it.walk, same(leader="Bo"), **here(APPLIED)),
    "walk.end": Row(lambda it: it.walk, nothing, **here(APPLIED)),
    "walk.hand_in": Row(
        lambda it: it.town.walk,
        lambda it: {"walk": it.town.walk, "items": 1, "first_seq": 1, "last_seq": 1},
        {A: APPLIED},
    ),
    "walk.invite": Row(lambda it: it.walk, same(cap=5), **here(APPLIED)),
    "walk.join": Row(lambda it: it.town.walk, joined, {WALKERS: "not_this_phone"}, {WALKERS: "missing"}),
    "walk.plan": Row(lambda it: it.walk, planned, **here("malformed", abroad=APPLIED)),
}


# ---------------------------------------------------------------- what nobody who is asked owns


async def things(evening: Evening, town: Town) -> dict[str, Things]:
    """Fresh ones for every row, so that what one operation does changes the answer to no other."""
    phone = await evening.phone(town.walk, municipality=town.id)
    async with evening.store.read() as db:
        (invite,) = await walks.open_invites(db, town.id, town.walk)
    made = {name: Things(town, phone, invite.id) for name in TABLE}
    triage = Principal(municipality=town.id, role=Role.COORDINATOR, organisation="samordning", function="Samordnare")
    team = Principal(municipality=town.id, role=Role.FIELD_SECRETARY, organisation=TEAM, function="Nattvandrare")
    opened = {"evening": "2026-11-20", "kind": "field_shift", "adults": 2}
    area = a_municipality(town.id).areas[0]
    await _done(evening, team, "presence.pass", next(iter(made.values())).log, opened)
    for it in made.values():
        await _handed_in(phone, it)
        await evening.plan(triage, it.walk)
        await _done(evening, team, "presence.log", it.entry, logged(it) | {"area": area})
        for finding in (it.ready, it.linked):
            await _done(evening, triage, "observation.review", finding, {"category": "bel.trasig", "severity": 1})
        body = {"title": "Lampa", "observations": [it.linked], "priority": 2}
        await _done(evening, triage, "task.create", it.task, body)
        given = {"department": OWNER, "explanation": "De.", "due_on": DUE}
        await _done(evening, triage, "task.assign", it.task, given)
    return made


async def _handed_in(phone: Phone, it: Things) -> None:
    outcomes = await phone.push(
        *(phone.observation(id) for id in (it.raw, it.ready, it.linked)),
        phone.operation("photo.declare", it.photo, declared("observation", "before")(it)),
        phone.operation("checklist.answer", it.answer, answered(it)),
        phone.operation("feeling.answer", it.feeling, felt(it)),
    )
    assert {outcome.outcome for outcome in outcomes} == {APPLIED}, outcomes


async def _done(evening: Evening, actor: Principal, type: str, entity: UUID, body: dict[str, Any]) -> None:
    outcome = await evening.act(type, entity, body, actor)
    assert outcome.outcome == APPLIED, (type, outcome)


# ---------------------------------------------------------------- the matrix


async def answers(evening: Evening, who: str, home: Town, about: dict[str, Things]) -> dict[str, str]:
    """The code to each row's operation, all pushed in one batch; `applied` when there is none."""
    session = uuid7()
    operations = [
        {"id": uuid7(), "type": name.split(" · ")[0], "entity": row.entity(about[name]), "base": None}
        | {"at": evening.now, "mono_ms": 0, "session": session, "seq": None, "body": row.body(about[name])}
        for name, row in TABLE.items()
    ]
    push = {"protocol": 1, "device": home.devices[who], "sent_at": evening.now, "session": session, "mono_ms": 0}
    content = msgspec.json.encode(push | {"operations": operations})
    answer = await evening.http.post("/sync/push", content=content, headers=home.headers[who])
    assert answer.status_code == 200, answer.text
    outcomes = answer.json()["outcomes"]
    return {name: it.get("code") or it["outcome"] for name, it in zip(TABLE, outcomes, strict=True)}


async def test_every_operation_gives_everyone_exactly_what_the_table_says(
    sqlite_template: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong: list[str] = []
    asked = 0
    async with two_towns(sqlite_template, tmp_path) as (evening, towns):
        owned = {id: await things(evening, town) for id, town in towns.items()}
        # Those who sort go last: what they are let to change is then seen by nobody else.
        for who in sorted(SIGNED_IN, key=lambda it: it == COORDINATOR):
            for home in towns.values():
                for about in sorted(towns, key=lambda it: it == home.id):
                    said = await answers(evening, who, home, owned[about])
                    asked += len(said)
                    wrong += [
                        f"{name} · {who} of {home.id} about {about}: {code}, not {wanted}"
                        for name, code in said.items()
                        if code != (wanted := TABLE[name].code(who, at_home=home.id == about))
                    ]
    with capsys.disabled():
        print(f"\noperation matrix: {len(OPERATIONS)} operations × {len(SIGNED_IN)} roles × 2 municipalities", end=", ")
        print(f"{len(wrong)} holes")
    assert wrong == []
    assert asked == len(TABLE) * len(SIGNED_IN) * 4


def in_the_table() -> set[str]:
    return {name.split(" · ")[0] for name in TABLE}


def test_no_operation_is_missing_from_the_table_and_none_is_made_up() -> None:
    assert in_the_table() == set(OPERATIONS)


def test_an_operation_that_nobody_put_in_the_table_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(OPERATIONS, "task.paint", OPERATIONS["task.plan"])

    assert set(OPERATIONS) - in_the_table() == {"task.paint"}
