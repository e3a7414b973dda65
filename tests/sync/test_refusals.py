"""What is refused, alone and by name, on both databases, and what is left behind in each case."""

from typing import Any

import msgspec
import pytest

from tests import makers
from tests.makers import HANDLER, Evening
from tests.sync.doors import kept_aside, numbers
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.storage import operations, records
from trygghetsvandring.storage.unit import NotStorable, Unavailable
from trygghetsvandring.sync.engine import UnknownMunicipality

evening = makers.evening  # and not the web's fixture of the same name, whichever was loaded last

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

    async def save(db: Any, municipality: str, entities: Any, now: Any, *docs: Any) -> None:
        if any(entity.id == bad for entity in entities):
            raise NotStorable("a row the database refuses")
        await honest(db, municipality, entities, now, *docs)

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
