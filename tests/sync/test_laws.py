"""The laws of docs/sync.md as properties."""

import asyncio
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    run_state_machine_as_test,
)

from tests import makers
from tests.makers import Evening, Phone, an_evening, copied, emptied
from tests.sync.bad_evening import CLOCKS, PHASES, BadEvening
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.storage import changes as feed
from trygghetsvandring.sync import changes, cursors
from trygghetsvandring.sync.cursors import Cursor

evening = makers.evening  # and not the web's fixture of the same name, whichever was loaded last


@pytest.mark.law(1)
@pytest.mark.law(2)
@pytest.mark.law(3)
@pytest.mark.law(4)
@pytest.mark.law(7)
@pytest.mark.law(9)
@pytest.mark.law(10)
@pytest.mark.law(13)
@pytest.mark.law(15)
@pytest.mark.law(17)
def test_on_any_bad_evening_the_laws_hold(sqlite_template: Path) -> None:
    depth = settings(stateful_step_count=25, phases=PHASES, deadline=None, suppress_health_check=list(HealthCheck))

    class OnSqlite(BadEvening):
        database = staticmethod(lambda folder: copied(sqlite_template, folder))

    run_state_machine_as_test(OnSqlite, settings=depth)


@pytest.mark.postgres
@pytest.mark.law(1)
@pytest.mark.law(2)
@pytest.mark.law(4)
def test_on_any_bad_evening_the_laws_hold_on_postgresql(postgres_schema: str) -> None:
    examples = max(3, settings.default.max_examples // 5) if settings.default else 3
    depth = settings(
        max_examples=examples,
        stateful_step_count=25,
        phases=PHASES,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )

    class OnPostgres(BadEvening):
        database = staticmethod(lambda _folder: emptied(postgres_schema))

    run_state_machine_as_test(OnPostgres, settings=depth)


# ---------------------------------------------------------------- single laws


@pytest.mark.law(11)
@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(walls=st.lists(st.sampled_from(CLOCKS), min_size=4, max_size=4))
def test_shifting_every_clock_changes_no_merge_result(sqlite_template: Path, walls: list[timedelta]) -> None:
    """The same acts in the same order of arrival, once with right clocks and once with wrong ones."""

    async def played(clocks: list[timedelta]) -> list[Any]:
        with tempfile.TemporaryDirectory() as folder:
            async with an_evening(copied(sqlite_template, Path(folder)), Path(folder)) as evening:
                phone, results, id = await evening.phone(), [], uuid7()
                for clock, own in zip(clocks, ("safe", "unsafe", "neither", "safe"), strict=True):
                    phone.wall = clock
                    (outcome,) = await phone.push(phone.feeling(id, own=own))
                    results.append((outcome.outcome, outcome.version))
                    evening.passes(minutes=1)
                async with evening.store.read() as db:
                    doc = (await db.exec_driver_sql("SELECT doc FROM feelings")).scalar_one()
                own_word = msgspec.json.decode(doc)["own"]
                return [*results, own_word]

    assert asyncio.run(played(walls)) == asyncio.run(played([timedelta()] * 4))


@pytest.mark.law(6)
async def test_an_empty_phone_removes_nothing(evening: Evening) -> None:
    """No operation means 'this is all I have': what a new phone does not hold stays where it is."""
    phone = await evening.phone()
    await phone.push(phone.observation(), phone.observation())
    empty = await evening.phone()

    await empty.push()
    await empty.push(empty.operation("walk.hand_in", empty.walk, _handed_in(empty)))

    assert len((await phone.pull()).of("observation")) == 2
    assert all(not it.get("gone") for it in (await phone.pull()).changes)


def _handed_in(phone: Phone) -> dict[str, Any]:
    return {"walk": phone.walk, "items": 0, "first_seq": 1, "last_seq": 1}


@pytest.mark.law(5)
async def test_what_was_taken_back_is_not_brought_back_by_an_old_phone(evening: Evening) -> None:
    phone, id = await evening.phone(), uuid7()
    recorded = phone.observation(id)
    await phone.push(recorded, phone.operation("observation.withdraw", id, {"reason": "dubblett"}))

    (repeated,) = await phone.push(recorded)
    (anew,) = await phone.push(phone.observation(id))

    assert (repeated.outcome, anew.outcome) == ("repeated", "rejected")
    state = (await phone.pull()).of("observation")[str(id)]
    assert state is None or state["state"] == "withdrawn"


@pytest.mark.law(4)
async def test_a_cursor_from_before_a_restore_starts_over_and_so_does_one_from_the_future(evening: Evening) -> None:
    phone = await evening.phone()
    await phone.push(phone.observation())
    cursor = (await phone.pull()).cursor

    async def code(cursor: str) -> tuple[int, str, str]:
        answer = await evening.http.get("/sync/pull", params={"cursor": cursor}, headers=phone.headers)
        return answer.status_code, answer.json().get("code", ""), answer.json().get("facts", {}).get("reason", "")

    assert (await code(cursor))[0] == 200
    async with evening.store.write() as db:
        epoch = await feed.epoch(db)
    ahead = _cursor(phone, epoch, 10_000)
    beyond = _cursor(phone, epoch, 2**31 - 1)
    before = _cursor(phone, "another epoch", 1)
    assert await code(ahead) == (409, "must_refetch", "ahead")
    assert (await code(beyond))[1] == "must_refetch"
    assert await code(before) == (409, "must_refetch", "epoch")
    for nonsense in ("x", "åäö", "W10=", "////"):
        assert (await code(nonsense))[1] == "must_refetch"


@pytest.mark.law(9)
async def test_another_phones_cursor_is_worth_nothing(evening: Evening) -> None:
    phone, other = await evening.phone(), await evening.phone()
    cursor = (await other.pull()).cursor

    answer = await evening.http.get("/sync/pull", params={"cursor": cursor}, headers=phone.headers)

    assert (answer.status_code, answer.json()["facts"]) == (409, {"reason": "scope"})


def _cursor(phone: Phone, epoch: str, seq: int) -> str:
    """As this server would have signed it, had the feed been there."""
    scopes = tuple(changes.scopes(phone.principal))
    day = cursors.day_of(phone.evening.now)
    cursor = Cursor(phone.principal.municipality, str(phone.device), epoch, day, seq, scopes)
    return cursors.written(cursor, phone.evening.engine.key)


@pytest.mark.law(1)
async def test_what_a_restored_server_has_lost_is_named(evening: Evening) -> None:
    phone, other = await evening.phone(), await evening.phone()
    here, gone, theirs = phone.observation(), phone.observation(), other.observation()
    await phone.push(here)
    await other.push(theirs)

    asked = {"operations": [here["id"], gone["id"], theirs["id"]]}
    answer = await evening.http.post("/sync/have", content=msgspec.json.encode(asked), headers=phone.headers)

    assert answer.json() == {"missing": [str(gone["id"]), str(theirs["id"])]}
    many = {"operations": [uuid7() for _ in range(1_001)]}
    refused = await evening.http.post("/sync/have", content=msgspec.json.encode(many), headers=phone.headers)
    assert (refused.status_code, refused.json()["code"]) == (400, "bad_parameter")


@pytest.mark.law(17)
async def test_what_has_got_another_number_than_the_phone_was_told_is_named(evening: Evening) -> None:
    """It came back another way after a restore. Sent again, it is answered with the number that counts."""
    phone = await evening.phone()
    same, renumbered, waits = phone.observation(), phone.observation(), phone.observation(walk=uuid7())
    first, second, _ = await phone.push(same, renumbered, waits)
    assert first.receipt is not None and second.receipt is not None

    told = {same["id"]: first.receipt.number, renumbered["id"]: "LK-999", waits["id"]: "LK-998"}
    asked = {"operations": [same["id"], renumbered["id"], waits["id"]], "receipts": told}
    answer = await evening.http.post("/sync/have", content=msgspec.json.encode(asked), headers=phone.headers)
    (again,) = await phone.push(renumbered)

    assert answer.json() == {"missing": [str(renumbered["id"])]}
    assert (again.outcome, again.receipt) == ("repeated", second.receipt)
