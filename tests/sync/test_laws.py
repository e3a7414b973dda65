"""The laws of docs/sync.md as properties: phones that lose, repeat, reorder and crash, against the real house.

Every rule below is something that happens to a phone on a bad evening. The invariants hold after each of them; when
the evening is over and the network is whole, everything has arrived exactly once and every phone shows the same.
"""

import asyncio
import random
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.makers import COORDINATOR, LIDKOPING, Evening, Phone, a_municipality, an_evening, copied, count, emptied
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.people import Principal
from trygghetsvandring.storage import changes as feed
from trygghetsvandring.storage import records
from trygghetsvandring.sync.municipalities import settle
from trygghetsvandring.web import sync as web_sync

MOST_PHONES = 4
# An evening that breaks a law is printed as it was: making it shorter would replay whole evenings for minutes.
PHASES = [Phase.explicit, Phase.reuse, Phase.generate]
CLOCKS = [timedelta(), timedelta(days=3), timedelta(days=-365), timedelta(hours=-1), timedelta(days=9_000)]


@dataclass
class Pocket:
    """A phone as its owner has it: what it has handed in, what it was told, what it shows."""

    phone: Phone
    outbox: dict[UUID, dict[str, Any]] = field(default_factory=dict)  # until the server has said so by name
    captured: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    received: set[UUID] = field(default_factory=set)
    parked: set[UUID] = field(default_factory=set)
    shown: dict[tuple[str, str], tuple[int, Any]] = field(default_factory=dict)
    cursor: str | None = None
    observations: list[UUID] = field(default_factory=list)
    withdrawn: set[UUID] = field(default_factory=set)
    feelings: list[UUID] = field(default_factory=list)

    def hand_in(self, op: dict[str, Any]) -> None:
        self.outbox[op["id"]] = self.captured[op["id"]] = op

    def heard(self, outcome: dict[str, Any]) -> None:
        id = UUID(outcome["id"])
        word = outcome.get("first", outcome["outcome"])
        if word == "applied":
            self.received.add(id)
        elif word == "rejected":
            self.parked.add(id)
        else:
            assert word == "deferred"
            return
        self.outbox.pop(id, None)

    def shows(self, changes: list[dict[str, Any]]) -> None:
        for it in changes:
            key = (it["kind"], it["id"])
            assert it["version"] >= self.shown.get(key, (0, None))[0], "law 13: a version went back"
            self.shown[key] = (it["version"], it.get("state"))

    def may_see(self) -> set[str]:
        own = {str(id) for id in (*self.observations, *self.feelings)}
        return own | {str(self.phone.walk), self.phone.principal.municipality}


class BadEvening(RuleBasedStateMachine):
    database: Callable[[Path], str]  # the address of an empty database, given a folder of one's own

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="trygg-laws-"))
        self.runner = asyncio.Runner()
        self.opened = an_evening(type(self).database(self.folder), self.folder)
        self.page, web_sync._PAGE = web_sync._PAGE, 3  # every pull has many pages
        self.evening: Evening = self.runner.run(self.opened.__aenter__())
        self.pockets: list[Pocket] = []
        self.walks: list[tuple[str, UUID]] = []

    @initialize()
    def three_walks_in_two_municipalities(self) -> None:
        async def plan() -> None:
            await settle(self.evening.store, a_municipality("grannby"))
            other = Principal(municipality="grannby", role=COORDINATOR.role, organisation="samordning")
            self.walks = [
                (LIDKOPING, self.evening.walk),
                (LIDKOPING, await self.evening.plan(walk=uuid7())),
                ("grannby", await self.evening.plan(other, uuid7())),
            ]

        self.runner.run(plan())
        self.joins(0)

    def one(self, which: int) -> Pocket:
        return self.pockets[which % len(self.pockets)]

    # ------------------------------------------------------------ what happens

    @precondition(lambda self: len(self.pockets) < MOST_PHONES)
    @rule(walk=st.integers(0, 2))
    def joins(self, walk: int) -> None:
        municipality, id = self.walks[walk]
        self.pockets.append(Pocket(self.runner.run(self.evening.phone(id, municipality=municipality))))

    @rule(which=st.integers(0, 9), text=st.text(max_size=30))
    def sees_something(self, which: int, text: str) -> None:
        it = self.one(which)
        it.observations.append(uuid7())
        it.hand_in(it.phone.observation(it.observations[-1], text=text))

    @rule(which=st.integers(0, 9), again=st.booleans(), own=st.sampled_from(["safe", "neither", "unsafe"]))
    def feels(self, which: int, again: bool, own: str) -> None:
        it = self.one(which)
        if not again or not it.feelings:
            it.feelings.append(uuid7())
        it.hand_in(it.phone.feeling(it.feelings[-1], own=own))

    @rule(which=st.integers(0, 9), early=st.booleans())
    def takes_back(self, which: int, early: bool) -> None:
        """Early: the taking back is handed in before the thing itself, as when an outbox is sent out of order."""
        it = self.one(which)
        open_ones = [id for id in it.observations if id not in it.withdrawn]
        if early:
            id = uuid7()
            it.hand_in(it.phone.operation("observation.withdraw", id, {"reason": "dubblett"}))
            it.observations.append(id)
            it.hand_in(it.phone.observation(id))
        elif open_ones:
            id = open_ones[0]
            it.hand_in(it.phone.operation("observation.withdraw", id, {"reason": "dubblett"}))
        else:
            return
        it.withdrawn.add(id)

    @rule(which=st.integers(0, 9), kind=st.sampled_from(["rule", "body", "time", "act"]))
    def hands_in_poison(self, which: int, kind: str) -> None:
        phone = self.one(which).phone
        poison = {
            "rule": phone.feeling(own=None),
            "body": phone.operation("observation.record", uuid7(), {"walk": "ingen"}),
            "time": phone.feeling(felt_at="2026-11-20T20:00:00"),
            "act": phone.operation("walk.end", phone.walk),
        }
        self.one(which).hand_in(poison[kind])

    @rule(which=st.integers(0, 9))
    def is_newer_than_the_server(self, which: int) -> None:
        phone = self.one(which).phone
        self.one(which).hand_in(phone.operation("observation.smell", uuid7(), {"strength": 3}))

    @rule(which=st.integers(0, 9), clock=st.sampled_from(CLOCKS), restarted=st.booleans())
    def has_its_clock_moved(self, which: int, clock: timedelta, restarted: bool) -> None:
        phone = self.one(which).phone
        phone.wall = clock
        if restarted:
            phone.session = uuid7()

    @rule(minutes=st.integers(1, 45))  # the invite lasts 24 hours after the walk
    def time_passes(self, minutes: int) -> None:
        self.evening.passes(minutes=minutes)

    @rule(
        which=st.integers(0, 9),
        fate=st.sampled_from(["arrives", "lost", "answer lost", "doubled", "shuffled", "half", "crash"]),
        seed=st.integers(0, 9),
    )
    def sends(self, which: int, fate: str, seed: int) -> None:
        it = self.one(which)
        batch = list(it.outbox.values())
        if fate == "lost" or not batch:
            return
        if fate == "shuffled":
            random.Random(seed).shuffle(batch)
        if fate == "half":
            batch = batch[: len(batch) // 2 + 1]
        if fate == "doubled":
            batch = [op for op in batch for _ in range(2)]
        self.runner.run(self._sent(it, batch, fate))

    async def _sent(self, it: Pocket, batch: list[dict[str, Any]], fate: str) -> None:
        with pytest.MonkeyPatch.context() as patch:
            if fate == "crash":
                patch.setattr(feed, "append", _power_cut)
            answer = await it.phone.post(it.phone.batch(*batch))
        if fate == "crash":
            assert answer.status_code == 500
        else:
            assert answer.status_code == 200, answer.text
            outcomes = answer.json()["outcomes"]
            assert [o["id"] for o in outcomes] == [str(op["id"]) for op in batch]
            for outcome in outcomes if fate != "answer lost" else []:
                it.heard(outcome)

    @rule(which=st.integers(0, 9), crashed=st.booleans())
    def looks(self, which: int, crashed: bool) -> None:
        """Page and cursor are stored together: a crash forgets both."""
        it = self.one(which)
        pulled = self.runner.run(it.phone.pull(it.cursor))
        strangers = {change["id"] for change in pulled.changes} - it.may_see()
        assert not strangers, "law 9: a row from outside the scope"
        if not crashed:
            it.shows(pulled.changes)
            it.cursor = pulled.cursor

    # ------------------------------------------------------------ what always holds

    @invariant()
    def nothing_is_lost_and_nothing_is_doubled(self) -> None:
        if self.pockets:
            self.runner.run(self._laws_1_and_2())

    async def _laws_1_and_2(self) -> None:
        async with self.evening.store.read() as db:
            logged = {UUID(str(id)) for (id,) in await db.exec_driver_sql("SELECT id FROM operations")}
            rows = await count(db, "observations")
            answered = await count(db, "operations", "type='observation.record' AND outcome='applied'")
        for it in self.pockets:
            here = it.outbox.keys() | logged
            assert it.captured.keys() <= here, "law 1: a captured operation is nowhere"
            assert it.received <= logged, "law 7: said to be received and not there"
        assert rows == answered, "law 2: not one row for each record"

    def teardown(self) -> None:
        try:
            if self.walks:
                self.runner.run(self._the_network_heals())
        finally:
            web_sync._PAGE = self.page
            self.runner.run(self.opened.__aexit__(None, None, None))
            self.runner.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    async def _the_network_heals(self) -> None:
        for it in self.pockets:
            for _ in range(2):
                if it.outbox:
                    await self._sent(it, list(it.outbox.values()), "arrives")
        for it in self.pockets:
            left = {op["type"] for op in it.outbox.values()}
            assert left <= {"observation.smell"}, "law 10: something waits that nothing holds back"
            await self._sees_everything(it)
            await self._nothing_changes_by_sending_again(it)
        await self._history_is_whole()

    async def _sees_everything(self, it: Pocket) -> None:
        it.shows((await it.phone.pull(it.cursor)).changes)
        fresh: dict[tuple[str, str], tuple[int, Any]] = {}
        for change in (await it.phone.pull()).changes:
            fresh[(change["kind"], change["id"])] = (change["version"], change.get("state"))
        assert it.shown == fresh, "law 3: what grew page by page is not what comes from nothing"
        for id in it.observations:
            version, state = fresh[("observation", str(id))]
            assert version == (2 if id in it.withdrawn else 1), "law 2: a version too many or too few"
            assert state is None or (state["state"] == "withdrawn") == (id in it.withdrawn)
        assert {("feeling", str(id)) for id in it.feelings} <= fresh.keys(), "law 4: the cursor passed a row"

    async def _nothing_changes_by_sending_again(self, it: Pocket) -> None:
        everything = [op for op in it.captured.values() if op["type"] != "observation.smell"]
        async with self.evening.store.read() as db:
            before = [await count(db, name) for name in ("versions", "changes", "operations")]
        answer = await it.phone.post(it.phone.batch(*everything))
        assert {o["outcome"] for o in answer.json()["outcomes"]} <= {"repeated"}, "law 2: a replay was done again"
        async with self.evening.store.read() as db:
            assert [await count(db, name) for name in ("versions", "changes", "operations")] == before

    async def _history_is_whole(self) -> None:
        sql = "SELECT municipality, doc FROM {} ORDER BY municipality, id"
        async with self.evening.store.read() as db:
            newest = [tuple(row) for row in await db.exec_driver_sql(sql.format("observations"))]
            kept = "SELECT id, version, doc, operation FROM versions WHERE kind='observation' ORDER BY id, version"
            history = [tuple(row) for row in await db.exec_driver_sql(kept)]
            logged = {str(id) for (id,) in await db.exec_driver_sql("SELECT id FROM operations")}
        by_id: dict[str, list[tuple[int, str]]] = {}
        for id, version, doc, operation in history:
            assert str(operation) in logged, "law 15: a version without its operation"
            by_id.setdefault(str(UUID(str(id))), []).append((version, doc))
        numbers: dict[str, list[int]] = {}
        for municipality, doc in newest:
            found = records.decode(Observation, doc)
            versions = by_id[str(found.id)]
            assert [version for version, _ in versions] == list(range(1, found.version + 1)), "law 13"
            assert versions[-1][1] == doc, "law 15: the newest version is not what is shown"
            numbers.setdefault(municipality, []).append(int(found.number.split("-")[1]))
        for series in numbers.values():
            assert len(set(series)) == len(series), "law 17: a number given twice"


async def _power_cut(*_: Any) -> None:
    raise RuntimeError("the power went between deciding and storing")


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
    ahead = web_sync._cursor(epoch, _scopes(phone), 10_000)
    beyond = web_sync._cursor(epoch, _scopes(phone), 2**80)
    before = web_sync._cursor("another epoch", _scopes(phone), 1)
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


def _scopes(phone: Phone) -> list[str]:
    from trygghetsvandring.sync import changes

    return changes.scopes(phone.principal)


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
