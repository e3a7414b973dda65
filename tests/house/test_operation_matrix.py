"""Every operation, pushed by everybody about what somebody else has, at home and abroad: one table says the answer.

The entities belong to a phone, a unit and a team that none of those asked is. An operation that is not in the table
fails. Whoever a row does not name is answered `not_allowed`.
"""

from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from tests.house.answer_rows import ANSWER_ROWS
from tests.house.est import EST
from tests.house.plan_rows import PLAN_ROWS
from tests.house.public_rows import PUBLIC_OPERATIONS
from tests.house.rota_rows import ROTA_ROWS
from tests.house.things import (
    APPLIED,
    COORDINATOR,
    DUE,
    FIELD,
    HEAD,
    KEEPERS,
    KEY,
    NOT_MINE,
    OFFICER,
    OWNER,
    PARTY,
    PROMISED,
    REPORTED,
    SEEN,
    SENT_TO,
    SHOWN,
    SIGNED,
    TEAM,
    TOLD,
    UNITS,
    A,
    B,
    Row,
    Things,
    about,
    answered,
    decided,
    declared,
    felt,
    gallred,
    here,
    joined,
    logged,
    nothing,
    of_the_unit,
    photo,
    planned,
    raw,
    recorded,
    same,
    task,
)
from tests.house.towns import SIGNED_IN, WALKERS, Town, staffs, two_towns
from tests.house.trade_rows import TRADE_ROWS
from tests.makers import FRIDAY, Evening, Phone, a_municipality
from trygghetsvandring.domain.connections import partner_id
from trygghetsvandring.domain.ids import correspondence_id, uuid7
from trygghetsvandring.domain.people import Principal, Role
from trygghetsvandring.domain.protocols import protocol_id
from trygghetsvandring.storage import walks
from trygghetsvandring.sync.outcomes import OPERATIONS

TABLE: dict[str, Row] = {
    "agreement.enter": Row(lambda _it: uuid7(), same(**SIGNED), **here(APPLIED, abroad=APPLIED)),
    "promise.enter": Row(lambda _it: uuid7(), same(**PROMISED), **here("missing")),
    "promise.report": Row(lambda _it: uuid7(), same(**REPORTED), **here("missing")),
    "promise.withdraw": Row(lambda _it: uuid7(), nothing, **here("missing")),
    "promise.publish": Row(lambda _it: uuid7(), same(shown=SHOWN, seen=1, name="Kim T")),  # by the server only
    "promise.verify": Row(lambda _it: uuid7(), same(lit=3, others=0)),
    **(PLAN_ROWS | TRADE_ROWS | ROTA_ROWS),
    "api_key.create": Row(lambda _it: uuid7(), same(**KEY), **here(APPLIED, abroad=APPLIED)),
    "correspondence.address": Row(
        lambda it: correspondence_id(it.town.id),
        same(organisation=PARTY, mail="drift@party.example"),
        **here(APPLIED, abroad="malformed"),
    ),
    "correspondence.text": Row(
        lambda it: correspondence_id(it.town.id),
        same(id="ny", step="task.wait", tile="", text="Vi väntar på en lampa."),
        **here(APPLIED, abroad="malformed"),
    ),
    "delivery.note": Row(task, same(**TOLD)),
    "delivery.retry": Row(task, same(turn=1), **here("missing")),
    "observation.receive": Row(
        lambda _it: uuid7(), lambda it: {"key": it.raw, "category": "el", "text": "", "seen_at": FRIDAY}
    ),
    "partner.set": Row(lambda it: partner_id(it.town.id, PARTY), same(**SENT_TO), **here(APPLIED, abroad="malformed")),
    "publication.propose": Row(lambda it: it.ready, same(text="Lampan är trasig."), **here(APPLIED)),
    "publication.publish": Row(lambda it: it.ready, same(text="Lampan är trasig."), **here(APPLIED)),
    "publication.withdraw": Row(lambda it: it.ready, nothing, **here("not_published", abroad="not_published")),
    "report.receive": Row(
        raw,
        lambda it: {"key": it.raw, "key_name": "", "update": "1", "status": "OPEN", "text": "", "said_at": FRIDAY},
    ),
    "webhook.create": Row(
        lambda _it: uuid7(), same(name="Öppna data", url="https://data.example/in"), **here(APPLIED, abroad=APPLIED)
    ),
    **PUBLIC_OPERATIONS,
    **ANSWER_ROWS,
    "checklist.answer": Row(lambda it: it.answer, answered, abroad={WALKERS: "missing"}),
    "conflict.close": Row(
        lambda _it: uuid7(), same(choice="keep", about_version=1), **here("missing", (COORDINATOR, FIELD))
    ),
    "device.enrol": Row(lambda it: it.phone.device, lambda _it: {"user": uuid7(), "token_hash": "0" * 64}),
    "device.readmit": Row(lambda it: it.phone.device, nothing, **here(APPLIED)),
    "device.renew": Row(
        lambda _it: uuid7(),
        lambda it: {"was": it.phone.device, "token_hash": "0" * 64, "key_hash": "", "first_seq": 1},
    ),
    # Another phone than the one the other rows are about, which goes on handing in.
    "device.revoke": Row(lambda it: it.other, same(reason="Borttappad."), **here(APPLIED)),
    "device.status": Row(lambda it: it.phone.device, same(drafts=1), {WALKERS: APPLIED}, {WALKERS: APPLIED}),
    **EST,
    "erasure.decide": Row(lambda _it: uuid7(), decided, {OFFICER: "missing"}, {OFFICER: "missing"}),
    "erasure.request": Row(
        lambda _it: uuid7(), lambda it: about(it) | {"received_on": "2026-11-20"}, **here(APPLIED, KEEPERS)
    ),
    "feeling.answer": Row(lambda it: it.feeling, felt, abroad={WALKERS: "missing"}),
    "held.accept": Row(lambda _it: uuid7(), lambda _it: {"operations": [uuid7()]}, **here(APPLIED, abroad=APPLIED)),
    "held.refuse": Row(
        lambda _it: uuid7(),
        lambda _it: {"operations": [uuid7()], "reason": "Dubblett."},
        **here(APPLIED, abroad=APPLIED),
    ),
    "filter.forget": Row(lambda _it: uuid7(), nothing, **here("missing", (*UNITS, COORDINATOR))),
    "filter.save": Row(
        lambda _it: uuid7(),
        same(name="Sena", query="status=late"),
        **here(APPLIED, (*UNITS, COORDINATOR), abroad=APPLIED),
    ),
    "gallring.decide": Row(
        lambda _it: uuid7(),
        gallred,
        **here("nothing_decided", OFFICER, abroad="nothing_decided"),
    ),
    "hold.lift": Row(lambda _it: uuid7(), same(reason="Avgjort."), **here("missing", OFFICER)),
    "hold.place": Row(lambda _it: uuid7(), lambda it: about(it) | {"reason": "Begärd."}, **here(APPLIED, KEEPERS)),
    "observation.correct": Row(raw, same(text="Nytt"), **here("not_your_observation", WALKERS)),
    "observation.dismiss": Row(lambda it: it.ready, same(reason="positive", public_text="Tack."), **here(APPLIED)),
    "observation.keep_apart": Row(raw, lambda it: {"kind": "observation", "other": it.linked}, **here(APPLIED)),
    "observation.merge": Row(lambda it: it.ready, lambda it: {"into": it.linked}, **here(APPLIED)),
    "observation.moderate": Row(raw, same(text="Mörkt."), **here(APPLIED)),
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
    "photo.hold": Row(photo, same(reason="En person syns"), **here(APPLIED)),
    "photo.let_go": Row(photo, nothing, **here(APPLIED)),
    "photo.received": Row(photo, nothing),
    "photo.refused": Row(photo, same(code="not_a_photo")),
    "presence.correct": Row(lambda it: it.entry, same(mood="calm"), **here("missing", FIELD)),
    "presence.log": Row(lambda _it: uuid7(), logged, **here("pass_differs", FIELD, abroad="pass_differs")),
    "presence.pass": Row(
        lambda it: it.log,
        same(evening="2026-11-20", kind="field_shift", adults=2),
        **here("pass_differs", FIELD, abroad="pass_differs"),
    ),
    "protocol.approve": Row(
        lambda it: protocol_id(it.walk),
        lambda it: {"walk": it.walk, "made_from": {}, "digest": "", "name": "Kim T"},
        **here("missing"),
    ),
    "protocol.draft": Row(lambda it: protocol_id(it.walk), lambda it: {"walk": it.walk}, **here(APPLIED)),
    "protocol.edit": Row(lambda it: protocol_id(it.town.walk), same(weather="Mulet"), **here("missing")),
    "rewalk.check": Row(
        task,
        lambda it: {"walk": it.town.walk, "stop": uuid7(), "seen": "good", "seen_on": "2026-11-20"},
        {A: "not_on_this_walk"},
        {WALKERS: "missing"},
    ),
    "rewalk.plan": Row(
        lambda _it: uuid7(),
        lambda it: (
            {key: value for key, value in planned(it).items() if key not in {"stops", "recording"}}
            | {"tasks": [it.task], "stops": [uuid7()]}
        ),
        **here("nothing_to_verify"),
    ),
    "rescue.import": Row(lambda _it: uuid7(), lambda it: {"sha256": "", "device": it.phone.device, "drafts": []}),
    "retention.decide": Row(
        lambda _it: uuid7(),
        same(series="presence", keep_days=400, reference="SN 7", name="Kim T"),
        **here(APPLIED, OFFICER, abroad=APPLIED),
    ),
    "rulebook.discard": Row(lambda _it: uuid7(), nothing, **here("missing")),
    "rulebook.go_back": Row(lambda _it: uuid7(), nothing, **here("missing")),
    "rulebook.publish": Row(lambda _it: uuid7(), nothing, **here("missing")),
    "rulebook.save": Row(
        lambda _it: uuid7(), same(rules={"rules": []}, seen=1), **here("malformed", abroad="malformed")
    ),
    "rulebook.tried": Row(lambda _it: uuid7(), same(digest="", by="", findings=0, changed=0, last_resort=0, never=[])),
    "task.accept": Row(task, same(person="Laget"), **of_the_unit(NOT_MINE)),
    "task.assign": Row(task, same(department="gata-park", explanation="De.", due_on=DUE), **here("no_such_arrow")),
    "task.confirm": Row(
        task,
        same(seen="good", seen_on="2026-11-20"),
        {(A, COORDINATOR, FIELD): APPLIED, B: NOT_MINE},
        {(*WALKERS, COORDINATOR, FIELD): "missing"},
    ),
    "task.change": Row(task, same(reason="Närmare skolan än vi trodde.", priority=1), **here(APPLIED)),
    "task.create": Row(
        lambda _it: uuid7(), lambda it: {"title": "Lampa", "observations": [it.ready], "priority": 2}, **here(APPLIED)
    ),
    "task.decline": Row(task, same(reason="unclear", public_text="Vi ser inte vad."), **of_the_unit(NOT_MINE)),
    "task.finish": Row(task, same(extent="full", public_text="Bytt."), **of_the_unit(NOT_MINE)),
    "task.hand_on": Row(task, same(person="Kvällslaget"), **of_the_unit(NOT_MINE)),
    "task.hand_over": Row(
        task,
        same(party="Byggnadsnämnden", reference="1", public_text="De prövar.", handed_on="2026-11-20"),
        **of_the_unit(NOT_MINE),
    ),
    "task.link": Row(task, lambda it: {"observation": it.ready}, **here(APPLIED)),
    "task.merge": Row(task, lambda it: {"into": it.task}, **here("tasks_cannot_merge")),
    "task.note": Row(
        task, same(text="Ring dem."), {UNITS: NOT_MINE, COORDINATOR: APPLIED}, {(*UNITS, COORDINATOR): "missing"}
    ),
    "task.replan": Row(task, same(planned_on=DUE, public_text="Bilen är på verkstad."), **of_the_unit(NOT_MINE)),
    "task.plan": Row(task, same(planned_on=DUE), **of_the_unit(NOT_MINE)),
    "task.refer": Row(
        task,
        same(party="Trafikverket", contact="Växeln", reference="1", public_text="Det är deras.", next_look_on=DUE),
        **of_the_unit(NOT_MINE),
    ),
    "task.refuse": Row(task, same(public_text="Nej."), **here(NOT_MINE, (HEAD, COORDINATOR))),
    "task.reopen": Row(task, same(department="gata-park", seen="Mörkt.", due_on=DUE), **here("no_such_arrow")),
    "task.retract": Row(lambda _it: uuid7(), same(reason="Av misstag."), **here("missing")),
    "task.split": Row(
        lambda _it: uuid7(),
        lambda it: {"task": it.task, "title": "Lampa", "observations": [it.linked], "priority": 2},
        **here("needs_a_finding"),
    ),
    "task.start": Row(task, nothing, **of_the_unit(NOT_MINE)),
    "task.unlink": Row(task, lambda it: {"observation": it.linked}, **here("needs_a_finding")),
    "task.unmerge": Row(task, nothing, **here("not_merged")),
    "task.uphold": Row(task, same(public_text="Den lyser, vi var där."), **here("nothing_doubted")),
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
    "walk.join": Row(lambda it: it.town.walk, joined),
    "walk.make_card": Row(lambda it: it.walk, nothing, **here(APPLIED)),
    "walk.message": Row(lambda it: it.walk, same(text="Tack för att ni gick."), **here(APPLIED)),
    "walk.plan": Row(lambda it: it.walk, planned, **here("malformed", abroad=APPLIED)),
    "walk.shut_card": Row(lambda it: it.walk, nothing, **here(APPLIED)),
}


# ---------------------------------------------------------------- what nobody who is asked owns


async def things(evening: Evening, town: Town) -> dict[str, Things]:
    """Fresh ones for every row, so that what one operation does changes the answer to no other."""
    phone = await evening.phone(town.walk, municipality=town.id)
    async with evening.store.read() as db:
        (invite,) = await walks.open_invites(db, town.id, town.walk)
    other = await evening.phone(town.walk, municipality=town.id)
    made = {name: Things(town, phone, other.device, invite.id) for name in TABLE}
    triage = Principal(municipality=town.id, role=Role.COORDINATOR, organisation="samordning", function="Samordnare")
    team = Principal(municipality=town.id, role=Role.FIELD_SECRETARY, organisation=TEAM, function="Nattvandrare")
    opened = {"evening": "2026-11-20", "kind": "field_shift", "adults": 2}
    area = a_municipality(town.id).areas[0]
    await _done(evening, team, "presence.pass", next(iter(made.values())).log, opened)
    for name in ROTA_ROWS:
        it = made[name]
        await staffs(evening, town.id, triage, it.evening, it.attestation)
        await _done(evening, triage, "rota.link", it.rota_link, {"party": TEAM, "contact": uuid7()})
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
