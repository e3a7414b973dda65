"""Evenings on which things are erased: old phones, holds, decisions, restarts, backups brought back, in any order.

What was decided and carried out must be readable nowhere, after every step; what is held or was never decided must be
where it was. A backup takes the database back to an earlier evening, never the journal: what was handed in after it
comes again from the phones, what was decided after it must not.
"""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.makers import FRIDAY, Evening, Phone, a_municipality, settings
from tests.sync.backups import Base
from tests.sync.registers import OFFICER, PHOTO, REGISTRATOR, Finding, about, asked, carried_out, decided
from trygghetsvandring import asgi
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.jobs.work import Lane
from trygghetsvandring.sync.municipalities import settle

MOST_FINDINGS = 5
MOST_COPIES = 3
HAPPENS = (
    *("sees_something", "repeats_everything", "corrects", "uploads", "says_it_in_another_way", "looks"),
    *("offers_what_a_restored_server_lacks", "a_hold_is_placed", "a_hold_is_lifted", "somebody_asks"),
    *("the_namnd_grants", "the_namnd_grants", "the_namnd_refuses", "what_was_decided_is_carried_out"),
    *("time_passes", "the_server_starts_again", "a_backup_is_taken", "a_backup_is_brought_back"),
    "a_backup_is_brought_back",
)


@asynccontextmanager
async def a_house(url: str, folder: Path, times: dict[str, Any]) -> AsyncIterator[Evening]:
    """A server process's life on a data folder; nothing is planned in it."""
    app = asgi.create(settings(url, folder), clock=lambda: times["now"], work=False)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="https://trygg.test") as http:
            yield Evening(app=app, http=http, times=times)


# ---------------------------------------------------------------- what is known outside


@dataclass(eq=False)
class Planted:
    """One finding with a word that stands nowhere else, and everything its phone ever said of it."""

    finding: Finding
    word: str
    is_decided: bool = False
    is_gone: bool = False

    @property
    def ids(self) -> set[UUID]:
        return {self.finding.id, self.finding.photo}


@dataclass
class Known:
    """What the database at hand must know; a backup takes it back to what it was."""

    here: set[UUID] = field(default_factory=set)
    holds: dict[UUID, UUID] = field(default_factory=dict)  # hold → what it stands on
    cases: dict[UUID, Planted] = field(default_factory=dict)

    def copy(self) -> "Known":
        return Known(set(self.here), dict(self.holds), dict(self.cases))


@dataclass
class Backup:
    folder: Path
    known: Known
    stored: set[UUID]


class ErasingEvening(RuleBasedStateMachine):
    base: Base

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="trygg-erasing-"))
        self.folder = self.root / "data"
        self.folder.mkdir()
        self.runner = asyncio.Runner()
        self.times: dict[str, Any] = {"now": FRIDAY}
        self.url = self.base.begin(self.folder)
        self.phones: list[Phone] = []
        self.planted: list[Planted] = []
        self.known = Known()
        self.stored: set[UUID] = set()  # photos whose bytes came
        self.copies: list[Backup] = []
        self._open()

    def _open(self) -> None:
        self.opened = a_house(self.url, self.folder, self.times)
        self.evening = self.runner.run(self.opened.__aenter__())
        for phone in self.phones:
            phone.evening = self.evening
        for it in self.planted:  # nothing is served before it is carried out
            it.is_gone = it.is_decided

    def _shut(self) -> None:
        self.runner.run(self.opened.__aexit__(None, None, None))

    def one(self, which: int) -> Planted:
        return self.planted[which % len(self.planted)]

    def is_held(self, it: Planted) -> bool:
        return bool(it.ids & set(self.known.holds.values()))

    @initialize()
    def a_walk_with_two_phones(self) -> None:
        async def begin() -> None:
            await settle(self.evening.store, a_municipality())
            await self.evening.plan()
            self.phones = [await self.evening.phone(), await self.evening.phone()]

        self.runner.run(begin())
        for which in range(3):
            self.sees_something(which, which < 2)
        self.uploads(0, False)
        self.a_backup_is_taken()
        self.somebody_asks(0, False)

    @rule(what=st.sampled_from(HAPPENS), which=st.integers(0, 9), either=st.booleans())
    def something_happens(self, what: str, which: int, either: bool) -> None:
        """One rule and not many: each of them may be left out of a whole evening, and a decision needs three."""
        getattr(self, what)(which, either)

    # ------------------------------------------------------------ phones

    def sees_something(self, which: int, sends: bool) -> None:
        if len(self.planted) >= MOST_FINDINGS:
            return
        phone, number = self.phones[which % 2], len(self.planted)
        finding = Finding(phone=phone)
        it = Planted(finding, word=f"kanarie-{number}-{finding.id.hex[-8:]}")
        finding.sent = [
            phone.observation(finding.id, text=it.word, place_words=f"{it.word} vid bron", photos=[finding.photo]),
            phone.operation("photo.declare", finding.photo, finding.declaration()),
        ]
        self.planted.append(it)
        if sends:
            self._pushes(it)

    def repeats_everything(self, which: int, _: bool) -> None:
        self._pushes(self.one(which))

    def _pushes(self, it: Planted) -> None:
        outcomes = self.runner.run(it.finding.phone.push(*it.finding.sent))
        if it.is_decided:  # until it is carried out a repeat may be answered as it was before
            assert all(o.code == "erased" or (o.outcome == "repeated" and not it.is_gone) for o in outcomes), outcomes
        else:
            assert {o.outcome for o in outcomes} <= {"applied", "repeated"}, outcomes
            self.known.here.add(it.finding.id)

    def corrects(self, which: int, sends: bool) -> None:
        it = self.one(which)
        phone = it.finding.phone
        op = phone.operation("observation.correct", it.finding.id, {"text": f"{it.word} igen, {len(it.finding.sent)}"})
        it.finding.sent.append(op)
        if sends:
            self.runner.run(phone.push(op))

    def uploads(self, which: int, half: bool) -> None:
        it = self.one(which)

        async def sent() -> None:
            await it.finding.upload(self.evening, PHOTO[: len(PHOTO) // 2] if half else PHOTO)
            await self.evening.app.state.runner.round(Lane.PHOTOS)

        self.runner.run(sent())
        if self._bytes_of(it.finding.photo, "blobs"):
            self.stored.add(it.finding.photo)

    def offers_what_a_restored_server_lacks(self, which: int, _: bool) -> None:
        self.runner.run(self._offers(self.phones[which % 2]))

    async def _offers(self, phone: Phone) -> None:
        mine = [it for it in self.planted if it.finding.phone is phone]
        by_id = {str(op["id"]): (op, it) for it in mine for op in it.finding.sent}
        body = msgspec.json.encode({"operations": list(by_id)})
        answer = await self.evening.http.post("/sync/have", content=body, headers=phone.headers)
        assert answer.status_code == 200, answer.text
        missing = answer.json()["missing"]
        outcomes = await phone.push(*(by_id[id][0] for id in missing))
        for id, outcome in zip(missing, outcomes, strict=True):
            it = by_id[id][1]
            if it.is_decided:
                assert outcome.code == "erased", outcome
            else:
                assert outcome.outcome == "applied", outcome
                self.known.here.add(it.finding.id)

    def says_it_in_another_way(self, which: int, own: bool) -> None:
        """Quarantined, set aside or refused, the word travels once more."""
        it = self.one(which)
        phone, id = it.finding.phone if own else self.phones[which % 2], it.finding.id
        said = {
            "unreadable": msgspec.json.encode({"id": "none", "entity": id, "text": it.word}),
            "type unknown": phone.operation("observation.paint", id, {"text": it.word}),
            "body": phone.operation("observation.correct", id, {"severity": it.word}),
            "id again": msgspec.json.encode(it.finding.sent[0] | {"body": {"text": it.word}}),
            "other phone": phone.observation(id, text=it.word),
        }
        if not it.is_decided and id not in self.known.here:
            del said["id again"], said["other phone"]  # they would be the first to come under this id
        self.runner.run(phone.push(*said.values()))

    def looks(self, which: int, _: bool) -> None:
        phone = self.phones[which % 2]
        pulled = self.runner.run(phone.pull())
        text = str(pulled.changes).lower()
        for it in self.planted:
            if it.is_gone:
                assert it.word not in text, "law 5: a pull says what was erased"
            elif it.finding.phone is phone and it.finding.id in self.known.here and not it.is_decided:
                assert it.word in text, "law 5: gone without a decision"

    # ------------------------------------------------------------ the nämnd

    def a_hold_is_placed(self, which: int, photo: bool) -> None:
        it, hold = self.one(which), uuid7()
        if it.finding.id not in self.known.here or it.is_decided:
            return
        kind, on = ("photo", it.finding.photo) if photo else ("observation", it.finding.id)
        body = {"about": about((kind, on)), "reason": "Begärd av domstol."}
        outcome = self.runner.run(self.evening.act("hold.place", hold, body, REGISTRATOR))
        assert outcome.outcome == "applied", outcome
        self.known.holds[hold] = on

    def a_hold_is_lifted(self, which: int, _: bool) -> None:
        if not self.known.holds:
            return
        hold = sorted(self.known.holds)[which % len(self.known.holds)]
        outcome = self.runner.run(self.evening.act("hold.lift", hold, {"reason": "Målet är avgjort."}, OFFICER))
        assert outcome.outcome == "applied", outcome
        del self.known.holds[hold]

    def somebody_asks(self, which: int, _: bool) -> None:
        it = self.one(which)
        if it.finding.id in self.known.here and not it.is_decided:
            case = self.runner.run(asked(self.evening, ("observation", it.finding.id)))
            self.known.cases[case] = it

    def the_namnd_refuses(self, which: int, _: bool) -> None:
        self._decides(which, granted=False)

    def the_namnd_grants(self, which: int, at_once: bool) -> None:
        if not self.known.cases:
            self.somebody_asks(which, True)
        self._decides(which, granted=True)
        if at_once:
            self.what_was_decided_is_carried_out()

    def _decides(self, which: int, *, granted: bool) -> None:
        if not self.known.cases:
            return
        case = sorted(self.known.cases)[which % len(self.known.cases)]
        it, was_held = self.known.cases[case], self.is_held(self.known.cases[case])
        outcome = self.runner.run(decided(self.evening, case, granted=granted))
        if outcome.outcome == "applied":
            del self.known.cases[case]
            it.is_decided |= granted and not was_held
        elif not it.is_decided:
            assert (was_held, outcome.code) == (True, "under_hold"), outcome

    def what_was_decided_is_carried_out(self, *_: Any) -> None:
        while self.runner.run(carried_out(self.evening)):
            pass
        for it in self.planted:
            it.is_gone = it.is_decided

    # ------------------------------------------------------------ the machine room

    def time_passes(self, which: int, _: bool) -> None:
        self.evening.passes(minutes=1 + which * 5)

    def the_server_starts_again(self, *_: Any) -> None:
        self._shut()
        self._open()

    def a_backup_is_taken(self, *_: Any) -> None:
        if len(self.copies) >= MOST_COPIES:
            return
        folder = self.root / f"copy-{len(self.copies)}"
        folder.mkdir()
        self.runner.run(self.base.kept(self.evening.store, folder))
        for name in ("blobs", "partial"):
            if (self.folder / name).exists():
                shutil.copytree(self.folder / name, folder / name)
        self.copies.append(Backup(folder, self.known.copy(), set(self.stored)))

    def a_backup_is_brought_back(self, which: int, files: bool) -> None:
        """The database, the files or both."""
        database = not files or which > 3
        copy = self.copies[which % len(self.copies)]
        self._shut()
        if database:
            self.runner.run(self.base.bring_back(self.url, self.folder, copy.folder))
            self.known = copy.known.copy()
        if files:
            for name in ("blobs", "partial"):
                shutil.rmtree(self.folder / name, ignore_errors=True)
                if (copy.folder / name).exists():
                    shutil.copytree(copy.folder / name, self.folder / name)
            self.stored = set(copy.stored)
        self._open()

    # ------------------------------------------------------------ what always holds

    def _bytes_of(self, photo: UUID, below: str = "") -> list[str]:
        return [str(file) for file in (self.folder / below).rglob(f"*{photo}*/*") if file.is_file()] + [
            str(file) for file in (self.folder / below).rglob(f"{photo}.part")
        ]

    @invariant()
    def what_is_erased_is_nowhere_and_the_rest_is_where_it_was(self) -> None:
        said = self.runner.run(self.base.said(self.evening.store))
        everywhere = "\n".join(said.values())
        for it in self.planted:
            if it.is_gone:
                assert it.word not in everywhere, [name for name, text in said.items() if it.word in text]
                assert self._bytes_of(it.finding.photo) == [], "law 5: the bytes are there"
                self._no_file_says(it.word.encode())
            elif not it.is_decided:
                if it.finding.id in self.known.here:
                    assert it.word in said["observations"], "law 5: gone without a decision"
                if it.finding.photo in self.stored:
                    assert self._bytes_of(it.finding.photo, "blobs"), "law 5: bytes gone without a decision"

    def _no_file_says(self, word: bytes) -> None:
        for file in self.folder.rglob("*"):
            if file.is_file():
                assert word not in file.read_bytes(), f"law 5: {file.name} says it"

    def teardown(self) -> None:
        try:
            if self.phones:
                self.the_server_starts_again()
                for phone in self.phones:
                    self.runner.run(self._offers(phone))
                for it in self.planted:
                    self._pushes(it)
                self.looks(0, True)
                self.looks(1, True)
                self.what_is_erased_is_nowhere_and_the_rest_is_where_it_was()
        finally:
            self._shut()
            self.runner.close()
            shutil.rmtree(self.root, ignore_errors=True)
