"""The verdict, read from the database and the blob folder of a dead server. The app is not asked.

SQLite is read from a copy of its files, so that the server's own restart is the first to recover the real ones.
"""

import hashlib
import shutil
import sqlite3
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec
import psycopg

from tests.crash.house import MUNICIPALITY, House
from tests.crash.writers import Ledger
from trygghetsvandring.storage.photos import received_key, small_key

_HERE: Final = frozenset({"received", "accepted"})


@dataclass
class Books:
    """What was in the database, as plain values."""

    operations: dict[UUID, tuple[str, str, str]]  # outcome, request hash, answer
    observations: dict[UUID, tuple[int, dict[str, Any]]]
    feelings: dict[UUID, tuple[int, dict[str, Any]]]
    photos: dict[UUID, tuple[int, dict[str, Any]]]
    versions: list[tuple[str, UUID, int, UUID]]
    changes: list[tuple[int, str, str, int]]
    counters: dict[str, int]
    jobs: list[tuple[str, str, UUID, bool]]
    quarantine: list[str]


_QUESTIONS: Final = {
    "operations": "SELECT id, outcome, request_hash, answer FROM operations WHERE device IS NOT NULL",
    "observations": "SELECT id, version, doc FROM observations",
    "feelings": "SELECT id, version, doc FROM feelings",
    "photos": "SELECT id, version, doc FROM photos",
    "versions": "SELECT kind, id, version, operation FROM versions",
    "changes": "SELECT seq, kind, id, version FROM changes ORDER BY seq",
    "counters": "SELECT series, value FROM counters",
    "jobs": "SELECT kind, body, id, done_at IS NOT NULL FROM jobs",
    "quarantine": "SELECT code FROM quarantine",
}


def open_books(house: House) -> Books:
    file = house.database_file
    rows = _from_sqlite(file) if file is not None else _from_postgres(house.database_url)
    return Books(
        operations={_id(row[0]): tuple(row[1:]) for row in rows["operations"]},
        observations=_entities(rows["observations"]),
        feelings=_entities(rows["feelings"]),
        photos=_entities(rows["photos"]),
        versions=[(kind, _id(id), version, _id(operation)) for kind, id, version, operation in rows["versions"]],
        changes=[tuple(row) for row in rows["changes"]],
        counters=dict(rows["counters"]),
        jobs=[(kind, body, _id(id), bool(is_done)) for kind, body, id, is_done in rows["jobs"]],
        quarantine=[code for (code,) in rows["quarantine"]],
    )


def _id(value: UUID | str) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


def _entities(rows: list[Any]) -> dict[UUID, tuple[int, dict[str, Any]]]:
    return {_id(id): (version, msgspec.json.decode(doc)) for id, version, doc in rows}


def _from_sqlite(file: Path) -> dict[str, list[Any]]:
    with _copied(file) as copy:
        db = sqlite3.connect(copy)
        try:
            said = db.execute("PRAGMA integrity_check").fetchall()
            assert said == [("ok",)], f"SQLite finds itself damaged: {said}"
            return {name: db.execute(question).fetchall() for name, question in _QUESTIONS.items()}
        finally:
            db.close()


@contextmanager
def _copied(file: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="trygg-judge-") as folder:
        for part in file.parent.glob(f"{file.name}*"):
            if not part.name.endswith("-shm"):  # an index of the log, made again by whoever opens it
                shutil.copyfile(part, Path(folder) / part.name)
        yield Path(folder) / file.name


def _from_postgres(url: str) -> dict[str, list[Any]]:
    with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://"), autocommit=True) as db:
        _wait_for_the_dead(db)
        return {name: db.execute(question.encode()).fetchall() for name, question in _QUESTIONS.items()}


def _wait_for_the_dead(db: psycopg.Connection) -> None:
    """A killed client's statement may still be running in its backend, and may yet commit."""
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    until = time.monotonic() + 20
    while (row := db.execute(others).fetchone()) is not None and row[0] and time.monotonic() < until:
        time.sleep(0.02)


# ---------------------------------------------------------------- the verdict


@dataclass
class Judge:
    """`look` after each death. Returns sentences about what is wrong; none is the verdict one hopes for."""

    house: House
    ledger: Ledger
    is_power_cut: bool = False
    seen_photos: set[UUID] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    def look(self) -> list[str]:
        books = open_books(self.house)
        found = [
            *self.ledger.faults,
            *self._operations(books),
            *self._wholeness(books),
            *self._feed(books),
            *self._numbers(books),
            *self._photos(books),
            *self._partial(),
            *self._letters(books),
        ]
        self.wrong += found
        return found

    def _operations(self, books: Books) -> Iterator[str]:
        """What was acknowledged is in the log, and what it made is there; once."""
        for id, told in self.ledger.told.items():
            sent, row = self.ledger.sent[id], books.operations.get(id)
            if row is None:
                yield f"acknowledged {sent.type} {id} is lost"
                continue
            outcome, request_hash, answer = row
            if outcome != "applied" or request_hash != hashlib.sha256(sent.raw).hexdigest():
                yield f"acknowledged {sent.type} {id} is in the log as {outcome}, or with other content"
            said = msgspec.json.decode(answer)
            if (said.get("version"), (said.get("receipt") or {}).get("number")) != (told.version, told.number):
                yield f"{id} was told {told} and the log says {answer}"
        yield from (
            f"{id} is in the log and nobody sent it" for id in books.operations.keys() - self.ledger.sent.keys()
        )
        yield from (f"something was set aside as {code}" for code in books.quarantine)

    def _wholeness(self, books: Books) -> Iterator[str]:
        """A logged operation has its entity, version and feed row, and none of them is there without it."""
        made: dict[str, Counter[UUID]] = defaultdict(Counter)
        for id in books.operations.keys() & self.ledger.sent.keys():
            made[self.ledger.sent[id].type][self.ledger.sent[id].entity] += 1
        kinds = (
            ("observation.record", "observation", books.observations),
            ("feeling.answer", "feeling", books.feelings),
            ("photo.declare", "photo", books.photos),
        )
        kept: dict[str, Counter[UUID]] = defaultdict(Counter)
        highest: dict[tuple[str, UUID], int] = {}
        for kind, entity, version, _ in books.versions:
            kept[kind][entity] += 1
            highest[(kind, entity)] = max(version, highest.get((kind, entity), 0))
        for type, kind, entities in kinds:
            if made[type].keys() != entities.keys():
                yield f"{type}: {len(made[type].keys() ^ entities.keys())} things without operation, or the reverse"
            for id, (version, _) in entities.items():
                if kept[kind][id] != version or highest.get((kind, id)) != version:
                    yield f"{kind} {id} has version {version} and {kept[kind][id]} kept"
                if type != "photo.declare" and made[type][id] != version:
                    yield f"{kind} {id} was sent {made[type][id]} times and has version {version}"

    def _feed(self, books: Books) -> Iterator[str]:
        seqs = [seq for seq, *_ in books.changes]
        if seqs != list(range(1, books.counters.get("feed", 0) + 1)):
            yield "the feed has a hole"
        fed = {(kind, id): version for _, kind, id, version in books.changes}
        yield from (
            f"observation {id} is not in the feed"
            for id, (version, _) in books.observations.items()
            if fed.get(("observation", str(id))) != version
        )

    def _numbers(self, books: Books) -> Iterator[str]:
        """Receipt numbers: each once, none missing."""
        answers = (msgspec.json.decode(answer) for _, _, answer in books.operations.values())
        numbers = [answer["receipt"]["number"] for answer in answers if answer.get("receipt")]
        drawn = sorted(int(number.rpartition("-")[2]) for number in numbers)
        if drawn != list(range(1, len(drawn) + 1)):
            yield "receipt numbers are doubled or missing"

    def _photos(self, books: Books) -> Iterator[str]:
        yield from (
            f"photo {id} was called received and is not there" for id in self.ledger.received - books.photos.keys()
        )
        for id, (_, photo) in books.photos.items():
            content, state = self.ledger.photos.get(id, b""), photo["state"]
            if id in self.ledger.received and state not in _HERE:
                yield f"photo {id} was called received and is {state}"
            place = self._blob(received_key(MUNICIPALITY, id))
            if id not in self.seen_photos and (state in _HERE or place.exists()):
                if not place.exists() or place.read_bytes() != content:
                    here = place.stat().st_size if place.exists() else None
                    yield f"photo {id} is {state} with {here} of {len(content)} bytes, or other ones"
                elif state == "accepted":
                    yield from self._small(id, photo)
                    self.seen_photos.add(id)

    def _small(self, id: UUID, photo: dict[str, Any]) -> Iterator[str]:
        for edge in photo["sizes"]:
            place = self._blob(small_key(MUNICIPALITY, id, edge))
            if not place.exists() or not place.read_bytes().endswith(b"\xff\xd9"):
                yield f"photo {id} is shown, and its copy of {edge} px is not whole"

    def _partial(self) -> Iterator[str]:
        """What is on its way is the beginning of what was promised; after a power cut its digest has to find out."""
        if self.is_power_cut:
            return
        for file in (self.house.data / "partial").rglob("*.part"):
            if not self.ledger.photos[UUID(file.stem)].startswith(file.read_bytes()):
                yield f"the partial file of {file.stem} is not the beginning of its photo"

    def _letters(self, books: Books) -> Iterator[str]:
        """A letter that is noted as sent was sent; one that was not is still to be sent."""
        files = " ".join(file.name for file in (self.house.data / "mail").glob("[!.]*.eml"))
        for kind, body, id, is_done in books.jobs:
            if kind == "mail.duty" and is_done and str(id) not in files and not self.house.smtp_url:
                yield f"the letter {body} is noted as sent, and was not"
        dangers = {str(id) for id, (_, it) in books.observations.items() if it["severity"] == 3}
        asked = {msgspec.json.decode(body)["observation"] for kind, body, _, _ in books.jobs if kind == "mail.duty"}
        yield from (f"no letter is ever sent about the danger {id}" for id in dangers - asked)

    def _blob(self, key: str) -> Path:
        return self.house.data / "blobs" / key
