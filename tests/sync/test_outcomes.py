"""Every answer an operation can get when it is not refused, on both databases, and what is left behind."""

import asyncio
from typing import Any
from uuid import UUID

import msgspec
import pytest

from tests import makers
from tests.makers import LIDKOPING, Evening, count
from tests.sync.doors import Anything, ARule, chain_of, counts, kept_aside, neighbour
from trygghetsvandring import asgi
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.storage import records
from trygghetsvandring.sync.known import Known
from trygghetsvandring.sync.outcomes import Decision, Op

evening = makers.evening  # and not the web's fixture of the same name, whichever was loaded last

# ---------------------------------------------------------------- applied


@pytest.mark.law(7)
async def test_an_applied_operation_answers_with_version_number_and_the_day_it_is_read(evening: Evening) -> None:
    phone = await evening.phone()

    (outcome,) = await phone.push(phone.observation())

    assert (outcome.outcome, outcome.version) == ("applied", 1)
    assert outcome.receipt is not None
    assert outcome.receipt.number == "LK-1"
    assert outcome.receipt.received_at == evening.now
    assert outcome.receipt.read_on == "2026-11-23"  # handed in on a Friday evening, read on Monday


async def test_answering_again_makes_a_version_and_a_new_receipt(evening: Evening) -> None:
    phone, id = await evening.phone(), uuid7()

    outcomes = await phone.push(phone.feeling(id), phone.feeling(id, own="safe"))

    assert [outcome.version for outcome in outcomes] == [1, 2]


async def test_an_empty_batch_is_answered_with_nothing(evening: Evening) -> None:
    assert await (await evening.phone()).push() == []


# ---------------------------------------------------------------- repeated


@pytest.mark.law(2)
async def test_a_repeated_operation_gets_the_first_answer_and_changes_nothing(evening: Evening) -> None:
    phone = await evening.phone()
    op = phone.observation()
    (first,) = await phone.push(op)
    tables = ("observations", "operations", "versions", "changes", "jobs")
    before = await counts(evening, *tables)
    evening.passes(hours=3)

    (again,) = await phone.push(op)

    assert (again.outcome, again.first) == ("repeated", "applied")
    assert (again.version, again.receipt) == (first.version, first.receipt)
    assert await counts(evening, *tables) == before


@pytest.mark.law(2)
async def test_a_repeated_refusal_is_the_same_refusal(evening: Evening) -> None:
    phone = await evening.phone()
    op = phone.feeling(own=None)
    (first,) = await phone.push(op)

    (again,) = await phone.push(op)

    assert (first.outcome, first.code) == ("rejected", "feeling_not_counted")
    assert (again.outcome, again.first, again.code) == ("repeated", "rejected", "feeling_not_counted")


@pytest.mark.law(2)
async def test_twice_in_the_same_batch_is_done_once_and_both_get_the_answer(evening: Evening) -> None:
    phone = await evening.phone()
    op = phone.observation()

    first, second = await phone.push(op, op)

    assert (second.outcome, second.first) == ("repeated", "applied")
    assert second.receipt == first.receipt
    assert await counts(evening, "observations") == [1]


@pytest.mark.law(2)
@pytest.mark.parametrize("size", [1, 5])
async def test_two_connections_with_the_same_batch_at_once_make_exactly_one_row(evening: Evening, size: int) -> None:
    phone = await evening.phone()
    batch = [phone.observation() for _ in range(size)]
    # Another process of the same installation: it shares the database and nothing else.
    other = asgi.create(evening.app.state.house.settings, work=False).state.house.engine

    answers = await asyncio.gather(*(phone.push(*batch, engine=engine) for engine in (evening.engine, other) * 4))

    words = sorted(outcome.outcome for outcomes in answers for outcome in outcomes)
    assert words == ["applied"] * size + ["repeated"] * 7 * size
    assert {outcome.receipt.number for outcome in answers[3] if outcome.receipt} == {
        f"LK-{number}" for number in range(1, size + 1)
    }
    assert await counts(evening, "observations", "versions") == [
        size,
        size + 6,
    ]  # and the six of the walk, its card and its invite
    assert await kept_aside(evening) == []
    await other.store.close()


async def test_two_phones_that_change_the_same_walk_at_once_both_get_in(evening: Evening) -> None:
    other = asgi.create(evening.app.state.house.settings, work=False).state.house
    next_door = Evening(app=evening.app, http=evening.http, times=evening.times, walk=evening.walk)
    next_door.app = type(evening.app)()
    next_door.app.state.house = other

    await asyncio.gather(*(place.phone() for place in (evening, next_door) * 4))

    async with evening.store.read() as db:
        walk = await records.one(db, LIDKOPING, Walk, evening.walk)
    assert walk is not None
    assert walk.participants == 8
    await other.store.close()


# ---------------------------------------------------------------- an id used twice


@pytest.mark.law(2)
async def test_the_same_id_with_other_content_is_refused_and_set_aside(evening: Evening) -> None:
    phone = await evening.phone()
    op = phone.observation()
    await phone.push(op)

    (outcome,) = await phone.push(phone.observation(text="Något helt annat.") | {"id": op["id"]})

    assert (outcome.id, outcome.outcome, outcome.code) == (str(op["id"]), "rejected", "id_reuse")
    assert await counts(evening, "observations") == [1]
    assert await kept_aside(evening) == ["id_reuse"]


@pytest.mark.law(9)
async def test_the_same_operation_from_another_phone_is_refused_and_tells_nothing(evening: Evening) -> None:
    phone, thief = await evening.phone(), await evening.phone()
    op = phone.observation()
    await phone.push(op)

    (outcome,) = await thief.push(op)

    assert (outcome.outcome, outcome.code, outcome.receipt, outcome.version) == ("rejected", "id_reuse", None, None)


async def test_one_id_for_two_things_in_a_batch_keeps_the_first(evening: Evening) -> None:
    phone = await evening.phone()
    op = phone.observation()

    first, second = await phone.push(op, phone.observation(text="Annat") | {"id": op["id"]})

    assert (first.outcome, second.outcome, second.code) == ("applied", "rejected", "id_reuse")


async def test_the_same_id_in_another_municipality_is_another_operation(evening: Evening) -> None:
    mine, theirs = await evening.phone(), await neighbour(evening)
    op = mine.observation()
    await mine.push(op)

    (outcome,) = await theirs.push(theirs.observation() | {"id": op["id"]})

    assert outcome.outcome == "applied"


# ---------------------------------------------------------------- deferred


@pytest.mark.law(1)
async def test_what_is_about_something_not_here_waits_for_it_by_name(evening: Evening) -> None:
    phone, id = await evening.phone(), uuid7()

    (outcome,) = await phone.push(phone.operation("observation.withdraw", id, {"reason": "dubblett"}))

    assert (outcome.outcome, outcome.code) == ("deferred", "missing")
    assert outcome.facts == {"kind": "observation", "id": str(id)}


@pytest.mark.law(1)
async def test_a_deferred_operation_is_freed_by_a_later_batch_and_keeps_its_own_time(evening: Evening) -> None:
    phone, id = await evening.phone(), uuid7()
    withdrawn = phone.operation("observation.withdraw", id, {"reason": "dubblett"})
    await phone.push(withdrawn)
    sent_first = evening.now
    evening.passes(hours=1)

    await phone.push(phone.observation(id))

    (answer,) = await phone.push(withdrawn)
    assert (answer.outcome, answer.first, answer.version) == ("repeated", "applied", 2)
    async with evening.store.read() as db:
        found = await records.one(db, LIDKOPING, Observation, id)
        sql = "SELECT waits_for, received_at FROM operations WHERE type='observation.withdraw'"
        row = (await db.exec_driver_sql(sql)).mappings().one()
    assert found is not None and found.state == "withdrawn"
    assert row["waits_for"] is None
    assert str(row["received_at"]).startswith(sent_first.strftime("%Y-%m-%d %H:%M"))


@pytest.mark.law(10)
async def test_a_deferred_operation_is_freed_by_the_same_batch(evening: Evening) -> None:
    phone, id = await evening.phone(), uuid7()

    withdrawn, recorded = await phone.push(
        phone.operation("observation.withdraw", id, {"reason": "dubblett"}), phone.observation(id)
    )

    assert (recorded.version, withdrawn.outcome, withdrawn.version) == (1, "applied", 2)
    assert (await (await evening.phone()).push()) == []


async def test_one_freed_operation_frees_the_next(evening: Evening, a_rule: ARule) -> None:
    """A waits for B and B for C: C's arrival settles all three."""
    chain_of(a_rule)
    phone, (a, b, c) = await evening.phone(), (uuid7(), uuid7(), uuid7())
    await phone.push(phone.operation("test.copy", a, {"other": b}))
    await phone.push(phone.operation("test.copy", b, {"other": c}))

    await phone.push(phone.observation(c))

    assert await counts(evening, "observations") == [3]
    async with evening.store.read() as db:
        assert await count(db, "operations", "waits_for IS NOT NULL") == 0


async def test_sent_again_while_it_still_waits_it_is_a_repeated_deferral(evening: Evening) -> None:
    phone = await evening.phone()
    op = phone.operation("observation.withdraw", uuid7(), {"reason": "dubblett"})
    await phone.push(op)

    (again,) = await phone.push(op)

    assert (again.outcome, again.first, again.code) == ("repeated", "deferred", "missing")
    async with evening.store.read() as db:
        assert await count(db, "operations", "type = 'observation.withdraw'") == 1


@pytest.mark.law(12)
async def test_an_operation_from_a_newer_phone_is_kept_as_it_came_and_waits(evening: Evening) -> None:
    phone = await evening.phone()
    op = phone.operation("observation.smell", uuid7(), {"strength": 7, "words": "å ä ö 🌲"})

    (outcome,) = await phone.push(op)

    assert (outcome.outcome, outcome.code) == ("deferred", "type_unknown")
    async with evening.store.read() as db:
        wire = (await db.exec_driver_sql("SELECT wire FROM operations WHERE type='observation.smell'")).scalar_one()
    assert wire == msgspec.json.encode(op).decode()


@pytest.mark.law(12)
async def test_when_the_server_has_learnt_the_type_the_waiting_operation_is_done(
    evening: Evening, a_rule: ARule
) -> None:
    phone, original = await evening.phone(), uuid7()
    await phone.push(phone.observation(original))
    op = phone.operation("test.copy", uuid7(), {"other": original})
    (before,) = await phone.push(op)
    chain_of(a_rule)

    (after,) = await phone.push(op)

    assert (before.code, after.outcome, after.version) == ("type_unknown", "applied", 1)
    assert (await phone.push(op))[0].outcome == "repeated"


@pytest.mark.law(12)
async def test_unknown_fields_stay_in_the_log(evening: Evening) -> None:
    phone = await evening.phone()
    op = phone.feeling() | {"from_the_future": [1, 2]}
    op["body"]["mood_ring"] = "blå"

    (outcome,) = await phone.push(op)

    assert outcome.outcome == "applied"
    async with evening.store.read() as db:
        wire = (await db.exec_driver_sql("SELECT wire FROM operations WHERE type='feeling.answer'")).scalar_one()
    assert "from_the_future" in wire and "mood_ring" in wire


@pytest.mark.law(10)
@pytest.mark.parametrize("where", ["rule", "needs", "needs_more"])
async def test_a_rule_of_ours_that_stumbles_costs_no_operation_and_stops_no_other(
    evening: Evening, a_rule: ARule, where: str
) -> None:
    working = {"well": False}

    def stumble(at: str) -> list[Any]:
        if at == where and not working["well"]:
            raise KeyError("a fault of ours")
        return []

    @a_rule(
        "test.stumble",
        Anything,
        act=Act.CAPTURE,
        needs=lambda _op: stumble("needs"),
        needs_more=lambda _op, _known: stumble("needs_more"),
    )
    def rule(_op: Op[Anything], _known: Known) -> Decision:
        stumble("rule")
        return Decision()

    phone = await evening.phone()
    op = phone.operation("test.stumble", uuid7())

    stumbled, neighbour = await phone.push(op, phone.observation())

    assert (stumbled.outcome, stumbled.code) == ("deferred", "rule_failed")
    assert neighbour.receipt is not None and neighbour.receipt.number == "LK-1"
    working["well"] = True
    assert (await phone.push(op))[0].outcome == "applied"


async def test_a_rule_that_leads_on_from_what_this_batch_made_finds_what_it_needs(
    evening: Evening, a_rule: ARule
) -> None:
    """The link is known only when the first operation has been decided; its end lies in the database."""
    phone, far, near = await evening.phone(), uuid7(), uuid7()
    await phone.push(phone.observation(far))
    await evening.act("observation.review", far, {"category": "bel.trasig"})

    def linked(op: Op[Anything], known: Known) -> list[Any]:
        found = known.get(Observation, op.entity)
        return [(Observation, UUID(found.place_words))] if found is not None else []

    @a_rule(
        "test.follow",
        Anything,
        act=Act.CAPTURE,
        needs=lambda op: [(Observation, op.entity)],
        needs_more=linked,
    )
    def follow(op: Op[Anything], known: Known) -> Decision:
        start = known.need(Observation, op.entity)
        return Decision(facts={"state": known.need(Observation, UUID(start.place_words)).state.value})

    _, followed = await phone.push(phone.observation(near, place_words=str(far)), phone.operation("test.follow", near))

    assert (followed.outcome, followed.facts) == ("applied", {"state": "reviewed"})
