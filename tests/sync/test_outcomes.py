"""Every answer an operation can get, on both databases, and what is left behind in each case."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from tests.makers import COORDINATOR, HANDLER, LIDKOPING, Evening, Phone, a_municipality, count, packed
from trygghetsvandring import asgi
from trygghetsvandring.domain.errors import Malformed
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.people import Act, Device, Principal
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.storage import operations, records
from trygghetsvandring.storage.unit import NotStorable, Unavailable
from trygghetsvandring.sync.engine import UnknownMunicipality
from trygghetsvandring.sync.known import Known
from trygghetsvandring.sync.municipalities import settle
from trygghetsvandring.sync.outcomes import OPERATIONS, Decision, Op, operation
from trygghetsvandring.sync.wire import MAX_BYTES, MAX_OPERATIONS, Body


async def counts(evening: Evening, *tables: str) -> list[int]:
    async with evening.store.read() as db:
        return [await count(db, table) for table in tables]


async def kept_aside(evening: Evening) -> list[str]:
    async with evening.store.read() as db:
        return [code for (code,) in await db.exec_driver_sql("SELECT code FROM quarantine ORDER BY received_at, id")]


async def numbers(evening: Evening) -> list[str]:
    async with evening.store.read() as db:
        docs = [doc for (doc,) in await db.exec_driver_sql("SELECT doc FROM observations")]
    return sorted((records.decode(Observation, doc).number for doc in docs), key=lambda it: int(it.split("-")[1]))


ARule = Callable[..., Callable[[Any], Any]]


@pytest.fixture
def a_rule() -> Iterator[ARule]:
    """Registers rules that only these tests have."""
    before = set(OPERATIONS)
    yield operation
    for name in set(OPERATIONS) - before:
        del OPERATIONS[name]


class Anything(Body, kw_only=True):
    other: UUID | None = None


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
        size + 5,
    ]  # and the five of the walk and its invite
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


async def neighbour(evening: Evening) -> Phone:
    await settle(evening.store, a_municipality("grannby"))
    coordinator = Principal(municipality="grannby", role=COORDINATOR.role, organisation="samordning")
    walk = await evening.plan(coordinator, uuid7())
    return await evening.phone(walk, municipality="grannby")


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


def chain_of(a_rule: ARule) -> None:
    @a_rule(
        "test.copy",
        Anything,
        act=Act.CAPTURE,
        needs=lambda op: [(Observation, op.entity), (Observation, op.body.other)],
    )
    def copy(op: Op[Anything], known: Known) -> Decision:
        assert op.body.other is not None
        original = known.need(Observation, op.body.other)
        return Decision(entities=[replace(original, id=op.entity, version=0)])


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


# ---------------------------------------------------------------- rejected


@pytest.mark.law(10)
async def test_a_rule_that_says_no_stops_nothing_else(evening: Evening) -> None:
    phone = await evening.phone()

    words = [o.outcome for o in await phone.push(phone.observation(), phone.feeling(own=None), phone.feeling())]

    assert words == ["applied", "rejected", "applied"]


@pytest.mark.law(9)
async def test_an_act_that_is_not_ones_own_is_not_allowed(evening: Evening) -> None:
    phone = await evening.phone()

    (outcome,) = await phone.push(phone.operation("walk.end", evening.walk))

    assert (outcome.outcome, outcome.code, outcome.facts) == ("rejected", "not_allowed", {"type": "walk.end"})
    assert (await evening.act("walk.end", evening.walk, {}, HANDLER)).code == "not_allowed"


@pytest.mark.law(10)
@pytest.mark.parametrize(
    "body",
    [
        b'{"walk":"not an id"}',
        b"[]",
        b'"text"',
        b"null",
        b"17",
    ],
    ids=["wrong type", "list", "text", "null", "number"],
)
async def test_a_body_of_the_wrong_shape_is_refused_alone(evening: Evening, body: bytes) -> None:
    phone = await evening.phone()
    op = phone.feeling()

    outcome, neighbour = await phone.push(op | {"body": msgspec.Raw(body)}, phone.observation())

    assert (outcome.id, outcome.outcome, neighbour.outcome) == (str(op["id"]), "rejected", "applied")
    assert outcome.code == "malformed"


@pytest.mark.law(10)
async def test_half_an_emoji_costs_no_finding(evening: Evening) -> None:
    """A phone that cuts a text at a number of UTF-16 units sends a lone surrogate, and its JSON says so."""
    phone = await evening.phone()
    body = phone.batch(phone.observation(text="trasig lampa @"), phone.observation(text="hel 🌲 #"))
    cut = body.replace(b"@", rb"\ud83c").replace(b"#", rb"\ud83c\udf32 \\ud83c")

    answer = await phone.post(cut)

    assert [o["outcome"] for o in answer.json()["outcomes"]] == ["applied", "applied"]
    async with evening.store.read() as db:
        docs = [
            records.decode(Observation, d).text for (d,) in await db.exec_driver_sql("SELECT doc FROM observations")
        ]
    assert sorted(docs) == ["hel 🌲 🌲 \\ud83c", "trasig lampa \ufffd"]
    assert (await phone.post(cut)).json()["outcomes"][0]["first"] == "applied"


@pytest.mark.law(10)
@pytest.mark.parametrize("felt_at", ["2026-11-20T20:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
async def test_a_time_that_is_no_moment_is_refused_alone(evening: Evening, felt_at: str) -> None:
    phone = await evening.phone()

    outcome, neighbour = await phone.push(phone.feeling(felt_at=felt_at), phone.observation())

    assert (outcome.outcome, outcome.code, neighbour.outcome) == ("rejected", "malformed", "applied")


MALFORMED: dict[str, Any] = {
    "no JSON object": b"17",
    "no id": b'{"type":"feeling.answer"}',
    "id that is no id": {"id": "sju"},
    "no zone": {"at": "2026-11-20T20:00:00"},
    "before the calendar": {"at": "0001-01-01T00:00:00+14:00"},
    "seq 0": {"seq": 0},
    "seq below": {"seq": -4},
    "seq beyond any column": {"seq": 2**31},
    "NUL in the type": {"type": "feeling\x00answer"},
    "type that is a number": {"type": 4},
    "no body": {"body": msgspec.UNSET},
    "bytes that are no UTF-8": {"body": msgspec.Raw(b'{"x":"\xff"}')},
}


@pytest.mark.law(10)
@pytest.mark.parametrize("what", MALFORMED)
async def test_an_envelope_nobody_can_read_is_refused_alone_and_set_aside(evening: Evening, what: str) -> None:
    phone = await evening.phone()
    wrong = MALFORMED[what]
    op = (
        wrong
        if isinstance(wrong, bytes)
        else {k: v for k, v in (phone.feeling() | wrong).items() if v is not msgspec.UNSET}
    )

    outcome, neighbour = await phone.push(op, phone.observation())

    assert (outcome.outcome, outcome.code, neighbour.outcome) == ("rejected", "operation_malformed", "applied")
    assert outcome.id == ("" if isinstance(op, bytes) or "id" in wrong else str(op["id"]))
    assert await kept_aside(evening) == ["operation_malformed"]


@pytest.mark.law(10)
async def test_an_endlessly_nested_operation_is_refused(evening: Evening) -> None:
    phone = await evening.phone()
    deep = b"[" * 100_000 + b"]" * 100_000

    answer = await phone.post(phone.batch(phone.feeling() | {"body": msgspec.Raw(deep)}))

    assert (answer.status_code, answer.json()["code"]) == (400, "batch_malformed")


async def test_what_the_database_cannot_hold_is_set_aside_and_the_rest_is_stored(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The set write fails, the batch is replayed one by one, and exactly the impossible one is refused."""
    phone, bad = await evening.phone(), uuid7()
    honest = records.save

    async def save(db: Any, municipality: str, entities: Any, now: Any) -> None:
        if any(entity.id == bad for entity in entities):
            raise NotStorable("a row the database refuses")
        await honest(db, municipality, entities, now)

    monkeypatch.setattr(records, "save", save)
    ops = [phone.observation(), phone.observation(bad), phone.observation()]

    outcomes = await phone.push(*ops)

    assert [(o.outcome, o.code) for o in outcomes] == [
        ("applied", None),
        ("rejected", "not_storable"),
        ("applied", None),
    ]
    assert outcomes[1].id == str(ops[1]["id"])
    assert await numbers(evening) == ["LK-1", "LK-2"]
    assert await kept_aside(evening) == ["not_storable"]


@pytest.mark.law(10)
async def test_a_nul_in_a_text_never_becomes_a_fault(evening: Evening) -> None:
    """PostgreSQL's text cannot hold it. Wherever it stands, the answer is an outcome and the neighbour is stored."""
    phone = await evening.phone()

    answer = await phone.post(
        phone.batch(phone.observation(text="tyst\x00ord"), phone.observation(category="bel\x00"), phone.observation())
    )

    assert answer.status_code == 200
    words = [(o["outcome"], o.get("code")) for o in answer.json()["outcomes"]]
    assert all(word == "applied" or code for word, code in words)
    assert words[2] == ("applied", None)


@pytest.mark.law(10)
async def test_an_integer_no_column_holds_never_becomes_a_fault(evening: Evening) -> None:
    phone = await evening.phone()

    answer = await phone.post(
        phone.batch(
            phone.feeling(own=None, counts={"safe": 10**30}),
            phone.observation(severity=10**40),
            phone.feeling() | {"base": 10**30},
            phone.operation(
                "walk.hand_in", evening.walk, {"walk": evening.walk, "items": 1, "first_seq": 1, "last_seq": 10**30}
            ),
            phone.observation(),
        )
    )

    assert answer.status_code == 200
    assert answer.json()["outcomes"][-1]["outcome"] == "applied"


async def test_when_the_database_is_away_nothing_is_refused_and_everything_can_be_sent_again(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = await evening.phone()
    op = phone.observation()

    async def away(*_: Any) -> None:
        raise Unavailable(retry_after=5)

    with monkeypatch.context() as patch:
        patch.setattr(operations, "log", away)
        answer = await phone.post(phone.batch(op))

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert (await phone.push(op))[0].outcome == "applied"


async def test_a_municipality_nobody_has_settled_is_refused_as_a_whole(evening: Evening) -> None:
    with pytest.raises(UnknownMunicipality):
        await evening.engine.act("ingenstans", "walk.end", uuid7(), {}, evening.now)


# ---------------------------------------------------------------- numbers


@pytest.mark.law(17)
async def test_numbers_have_no_gaps_when_operations_are_refused_or_wait(evening: Evening) -> None:
    phone = await evening.phone()
    other_walk = await evening.plan(walk=uuid7())

    outcomes = await phone.push(
        phone.observation(),
        phone.observation(walk=other_walk),  # not allowed: another walk
        phone.observation(text="x" * 501),  # too long
        phone.observation(walk=uuid7()),  # waits for a walk nobody has planned
        phone.observation(),
    )

    assert [o.outcome for o in outcomes] == ["applied", "rejected", "rejected", "deferred", "applied"]
    assert await numbers(evening) == ["LK-1", "LK-2"]
    assert (await phone.push(phone.observation()))[0].receipt.number == "LK-3"  # type: ignore[union-attr]


# ---------------------------------------------------------------- the whole batch


async def test_a_batch_that_is_no_batch_is_malformed(evening: Evening) -> None:
    phone = await evening.phone()

    for body in (b"", b"{", b"[]", b'{"protocol":1}', phone.batch(sent_at="2026-11-20T20:00:00"), b"\xff\xfe"):
        answer = await phone.post(body)
        assert (answer.status_code, answer.json()["code"]) == (400, "batch_malformed")


async def test_too_many_operations_are_too_large(evening: Evening) -> None:
    phone = await evening.phone()
    op = phone.feeling()

    assert (await phone.post(phone.batch(*[op] * MAX_OPERATIONS))).status_code == 200
    answer = await phone.post(phone.batch(*[op] * (MAX_OPERATIONS + 1)))

    assert (answer.status_code, answer.json()["code"]) == (413, "batch_too_large")
    assert answer.json()["facts"]["limit"] == MAX_OPERATIONS


async def test_too_many_bytes_are_too_large_packed_or_not(evening: Evening) -> None:
    phone = await evening.phone()
    large = phone.batch(phone.observation(text="ö" * MAX_BYTES))

    for body, headers in ((large, {}), (packed(large), {"Content-Encoding": "gzip"})):
        answer = await phone.post(body, **headers)
        assert (answer.status_code, answer.json()["code"]) == (413, "batch_too_large")


async def test_a_packed_batch_is_read_and_a_broken_one_is_malformed(evening: Evening) -> None:
    phone = await evening.phone()
    body = packed(phone.batch(phone.observation()))

    assert (await phone.post(body, **{"Content-Encoding": "gzip"})).status_code == 200
    for broken in (body[:-20], b"no gzip at all"):
        answer = await phone.post(broken, **{"Content-Encoding": "gzip"})
        assert (answer.status_code, answer.json()["code"]) == (400, "batch_malformed")
    assert (await phone.post(body, **{"Content-Encoding": "br"})).json()["code"] == "bad_parameter"


async def test_a_bomb_of_zeros_stays_small(evening: Evening) -> None:
    phone = await evening.phone()
    bomb = packed(b"0" * 60_000_000)
    assert len(bomb) < MAX_BYTES

    answer = await asyncio.wait_for(phone.post(bomb, **{"Content-Encoding": "gzip"}), 2)

    assert answer.json()["code"] == "batch_too_large"


@pytest.mark.law(9)
async def test_a_batch_in_another_phones_name_is_not_processed(evening: Evening) -> None:
    phone, other = await evening.phone(), await evening.phone()

    answer = await phone.post(phone.batch(phone.observation(), device=other.device))

    assert (answer.status_code, answer.json()["code"]) == (401, "device_unknown")
    assert await counts(evening, "observations") == [0]


async def test_outcomes_come_in_the_order_of_the_operations_and_carry_the_protocol(evening: Evening) -> None:
    phone = await evening.phone()
    ops = [phone.observation(), phone.operation("future.thing", uuid7()), phone.feeling(own=None), phone.feeling()]

    answer = await phone.post(phone.batch(*ops))

    assert [o["id"] for o in answer.json()["outcomes"]] == [str(op["id"]) for op in ops]
    assert answer.headers["trygg-protocol"] == "1"


# ---------------------------------------------------------------- clocks and devices


@pytest.mark.law(11)
@pytest.mark.parametrize("off", [timedelta(days=3), timedelta(days=-365), timedelta(days=-700_000)])
async def test_no_clock_is_refused_and_the_shown_time_is_corrected(evening: Evening, off: timedelta) -> None:
    phone = await evening.phone()
    phone.wall = off
    op = phone.observation() | {"session": uuid7()}  # made before the app was last started

    (outcome,) = await phone.push(op | {"at": max(evening.now + off, evening.now.replace(year=3))})

    assert outcome.outcome == "applied"
    async with evening.store.read() as db:
        row = (await db.exec_driver_sql("SELECT corrected_at, at FROM operations WHERE seq=1")).mappings().one()
    shown, claimed = str(row["corrected_at"]), str(row["at"])
    assert shown[:16] <= evening.now.strftime("%Y-%m-%d %H:%M")
    assert claimed[:4] == str((evening.now + off).year).zfill(4)


@pytest.mark.law(11)
async def test_a_clock_at_the_end_of_the_calendar_is_not_refused(evening: Evening) -> None:
    phone = await evening.phone()
    op = phone.operation("device.status", phone.device, {"drafts": 3}) | {"at": "9999-12-30T00:00:00Z"}

    answer = await phone.post(phone.batch(op | {"session": uuid7()}, sent_at="0001-01-02T00:00:00Z"))

    assert answer.json()["outcomes"][0]["outcome"] == "applied"


async def test_the_server_remembers_the_highest_number_and_when_it_last_heard_from_a_phone(evening: Evening) -> None:
    phone = await evening.phone()
    await phone.push(phone.observation(), phone.feeling(own=None))
    evening.passes(minutes=20)

    await phone.push(phone.observation() | {"seq": 17})

    async with evening.store.read() as db:
        device = await records.one(db, LIDKOPING, Device, phone.device)
    assert device is not None
    assert (device.max_seq, device.last_seen_at, device.version) == (17, evening.now, 1)


async def test_jobs_are_told_of_only_after_the_commit(evening: Evening) -> None:
    phone, told = await evening.phone(), []
    evening.engine.after_commit.append(lambda: told.append(len(told)))

    await phone.push(phone.observation())

    assert told == [0]


def test_a_rule_cannot_be_registered_twice(a_rule: ARule) -> None:
    with pytest.raises(RuntimeError, match=r"two rules for walk\.end"):
        a_rule("walk.end", Anything, act=Act.CAPTURE, needs=lambda _op: [])(lambda _op, _known: Decision())


def test_a_rule_that_asks_for_what_it_did_not_name_is_told_so() -> None:
    known = Known(a_municipality(), key=bytes(32), names={Walk: "walk"})

    with pytest.raises(RuntimeError, match="needs do not name"):
        known.get(Walk, uuid7())


def test_a_malformed_refusal_carries_facts_and_no_text() -> None:
    assert Malformed(reason="seq").facts == {"reason": "seq"}
