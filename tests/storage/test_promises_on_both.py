"""Promises and what may show how they go, as rows, on SQLite and PostgreSQL alike."""

from datetime import date
from typing import Any
from uuid import UUID

from tests import makers
from tests.makers import LIDKOPING, Evening
from trygghetsvandring.domain.agreements import Agreement
from trygghetsvandring.domain.ids import pass_id, uuid7
from trygghetsvandring.domain.people import Principal, Role
from trygghetsvandring.domain.promises import Promise, PromiseState
from trygghetsvandring.storage import agreements, history, promises, protocols, records

evening = makers.evening  # and not the web's fixture of the same name, whichever was loaded last

TEAM = Principal(
    municipality=LIDKOPING, role=Role.FIELD_SECRETARY, organisation="socialtjansten", function="Fältsekreterare"
)
SHOWN: dict[str, Any] = {
    "number": 1,
    "owners": ["kommunen"],
    "text": "Ljus.",
    "heading": "",
    "standing": "missing",
    "lines": [],
    "later": [],
}


async def does(evening: Evening, type: str, entity: UUID, actor: Principal = makers.COORDINATOR, **body: Any) -> None:
    outcome = await evening.act(type, entity, body, actor)
    assert outcome.outcome == "applied", outcome


async def an_agreement(evening: Evening, *numbers: int) -> tuple[UUID, list[UUID]]:
    agreement, made = uuid7(), [uuid7() for _ in numbers]
    party = {"id": "kommunen", "name": "kommunen", "called": "Kommunen"}
    signed: dict[str, Any] = {"kind": "medborgarlofte", "title": "Löfte", "parties": [party], "keeper": "kansliet"}
    await does(evening, "agreement.enter", agreement, **signed, valid_from="2026-01-01")
    for id, number in zip(made, numbers, strict=True):
        promise: dict[str, Any] = {
            "agreement": agreement,
            "number": number,
            "by": ["kommunen"],
            "text": "Ljus.",
            "evidence": "walks",
        }
        await does(evening, "promise.enter", id, **promise)
    return agreement, made


async def test_promises_come_in_the_order_they_were_signed_and_only_released_ones_are_public(evening: Evening) -> None:
    agreement, (second, first) = await an_agreement(evening, 2, 1)
    of = {"id": agreement, "kind": "medborgarlofte", "title": "Löfte", "purpose": "", "parties": [], "keeper": "k"}
    period = {"valid_from": None, "valid_to": None, "part_of": None, "predecessor": None}
    shown = SHOWN | {"agreement": of | period}
    async with evening.store.read() as db:
        assert await promises.with_public(db) == []
    await does(evening, "promise.publish", second, shown=shown, seen=1, name="Anna Ek")

    async with evening.store.read() as db:
        assert [it.id for it in await promises.all_of(db, LIDKOPING)] == [first, second]
        assert await promises.all_of(db, "grannby") == []
        assert [id for id, _ in await promises.with_public(db)] == [LIDKOPING]
        assert [it.id for it in await agreements.all_of(db, LIDKOPING)] == [agreement]
    await does(evening, "promise.withdraw", second)
    async with evening.store.read() as db:
        assert await promises.with_public(db) == []


async def test_every_report_and_every_wording_is_kept(evening: Evening) -> None:
    agreement, (promise,) = await an_agreement(evening, 1)
    told: dict[str, Any] = {"party": "kommunen", "told_by": "Gatuchef", "told_on": "2026-11-20", "first": "2026-01-01"}
    for text, result in (("På väg.", "going_on"), ("Klart.", "done")):
        more: dict[str, Any] = {"last": "2026-11-20", "result": result, "text": text, "may_publish": True}
        await does(evening, "promise.report", promise, **told | more)
    party = {"id": "kommunen", "name": "kommunen", "called": "Lidköpings kommun"}
    signed: dict[str, Any] = {"kind": "medborgarlofte", "title": "Löfte", "parties": [party], "keeper": "kansliet"}
    await does(evening, "agreement.enter", agreement, **signed, valid_from="2026-01-01", valid_to="2027-12-31")

    async with evening.store.read() as db:
        it = await records.one(db, LIDKOPING, Promise, promise)
        of = await records.one(db, LIDKOPING, Agreement, agreement)
        past = await history.since(db, LIDKOPING, {(Promise, promise): 1})
    assert it is not None
    assert of is not None
    assert (it.state, [each.text for each in it.reports]) == (PromiseState.DONE, ["På väg.", "Klart."])
    assert (of.valid_to, of.version) == (date(2027, 12, 31), 2)
    assert [len(each.entity.reports) for each in past[Promise, promise]] == [0, 1, 2]


async def test_what_may_show_how_it_goes_is_found_by_evening(evening: Evening) -> None:
    await evening.plan(walk=uuid7())  # not walked
    await does(evening, "walk.end", evening.walk)
    area = makers.a_municipality(LIDKOPING).areas[0]
    entry = uuid7()
    friday, day = makers.FRIDAY, makers.FRIDAY.date()
    log = pass_id("socialtjansten", day.isoformat(), "field_shift")
    opened = {"evening": day.isoformat(), "kind": "field_shift", "adults": 2}
    assert (await evening.act("presence.pass", log, opened, TEAM)).outcome == "applied"
    seen = {"pass": log, "place": None, "area": area, "at": friday, "band": "6-15", "mood": "calm", "action": "present"}
    await does(evening, "presence.log", entry, TEAM, **seen)

    async with evening.store.read() as db:
        assert [it.id for it in await promises.ended(db, LIDKOPING, day, day)] == [evening.walk]
        assert await promises.ended(db, LIDKOPING, date(2026, 1, 1), date(2026, 2, 1)) == []
        ((one, entries),) = await promises.passes_between(db, LIDKOPING, day, day)
        assert (one.id, [it.id for it in entries]) == (log, [entry])
        assert await promises.passes_between(db, "grannby", day, day) == []
        assert await promises.tasks_about(db, LIDKOPING, []) == []
        assert await protocols.all_published(db, LIDKOPING, 20) == []
