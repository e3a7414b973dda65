"""A bad evening as a machine: phones that lose, repeat, reorder and crash, against the real house.

Every rule is something that happens to a phone. The invariants hold after each of them; when the evening is over and
the network is whole, everything has arrived exactly once and every phone shows the same.
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

import pytest
from hypothesis import Phase
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from tests.makers import COORDINATOR, LIDKOPING, Evening, Phone, a_municipality, an_evening, count
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.people import Principal
from trygghetsvandring.storage import changes as feed
from trygghetsvandring.storage import records
from trygghetsvandring.sync.municipalities import settle
from trygghetsvandring.web import pull as web_pull

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
        self.page, web_pull._PAGE = web_pull._PAGE, 3  # every pull has many pages
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
            web_pull._PAGE = self.page
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
