"""What the server has stored of one evening, read from its database and its files, past the server."""
# ruff: noqa: S608 - the tables' names are our own

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from trygghetsvandring.storage.photos import received_key

Row = dict[str, Any]
Ask = Callable[[str, list[str]], list[Row]]
MUNICIPALITY = "lidkoping"
TABLES = {"observation": "observations", "feeling": "feelings", "answer": "answers", "photo": "photos"}


@dataclass
class Records:
    """Ids are written as phones write them; documents are decoded."""

    operations: list[Row]
    entities: dict[str, dict[str, Row]]  # table's kind → id → document with its version
    versions: dict[tuple[str, str], list[tuple[int, str]]]  # each with the operation that made it
    # What each scope was sent, the newest per (kind, id): None when gone.
    feed: dict[str, dict[tuple[str, str], tuple[int, Any]]]
    quarantined: list[Row]
    photo_digests: dict[str, str | None] = field(default_factory=dict)


class Reader:
    """On SQLite or PostgreSQL, with the same questions."""

    def __init__(self, url: str) -> None:
        self._file = url.removeprefix("sqlite+aiosqlite:///") if url.startswith("sqlite") else None
        self._address = url.replace("postgresql+psycopg://", "postgresql://")

    @contextmanager
    def _asking(self) -> Iterator[Ask]:
        if self._file is not None:
            db = sqlite3.connect(f"file:{self._file}?mode=ro", uri=True)
            db.row_factory = sqlite3.Row
            try:
                yield lambda question, values: [dict(row) for row in db.execute(question, values)]
            finally:
                db.close()
        else:
            with psycopg.connect(self._address, row_factory=psycopg.rows.dict_row) as pg:
                yield lambda question, values: pg.execute(question.replace("?", "%s"), values).fetchall()

    def evening(self, walk: str, phones: Iterable[str], data: Path) -> Records:
        """Everything of this walk and these phones."""
        devices = list(phones)
        with self._asking() as ask:
            entities = {kind: self._documents(ask, table, walk, devices) for kind, table in TABLES.items()}
            found = Records(
                operations=[_operation(row) for row in ask(*self._of_devices("operations", devices))],
                entities=entities,
                versions=self._versions(ask, entities),
                feed=self._feed(ask, [f"walk:{walk}", *(f"device:{id}" for id in devices)]),
                quarantined=ask(*self._of_devices("quarantine", devices)),
            )
        for id in entities["photo"]:
            found.photo_digests[id] = _digest(data / "blobs" / received_key(MUNICIPALITY, UUID(id)))
        return found

    def _documents(self, ask: Ask, table: str, walk: str, devices: list[str]) -> dict[str, Row]:
        """Photos know their phone, everything else its walk."""
        on_walk = (f"SELECT * FROM {table} WHERE municipality = ? AND walk = ?", [MUNICIPALITY, self._key(walk)])
        rows = ask(*(self._of_devices(table, devices) if table == "photos" else on_walk))
        return {_id(row["id"]): json.loads(row["doc"]) | {"version": row["version"]} for row in rows}

    def _of_devices(self, table: str, devices: list[str]) -> tuple[str, list[str]]:
        marks = ", ".join("?" for _ in devices) or "NULL"
        question = f"SELECT * FROM {table} WHERE municipality = ? AND device IN ({marks})"
        return question, [MUNICIPALITY, *(self._key(id) for id in devices)]

    def _key(self, id: str) -> str:
        """SQLite keeps 32 hex figures."""
        return UUID(id).hex if self._file is not None else id

    def _versions(self, ask: Ask, entities: dict[str, dict[str, Row]]) -> dict[tuple[str, str], list[tuple[int, str]]]:
        found: dict[tuple[str, str], list[tuple[int, str]]] = {}
        for kind, rows in entities.items():
            for at in range(0, len(rows), 500):
                some = [self._key(id) for id in list(rows)[at : at + 500]]
                marks = ", ".join("?" for _ in some)
                where = "municipality = ? AND kind = ?"
                question = f"SELECT id, version, operation FROM versions WHERE {where} AND id IN ({marks})"
                for row in ask(f"{question} ORDER BY version", [MUNICIPALITY, kind, *some]):
                    found.setdefault((kind, _id(row["id"])), []).append((row["version"], _id(row["operation"])))
        return found

    def _feed(self, ask: Ask, scopes: list[str]) -> dict[str, dict[tuple[str, str], tuple[int, Any]]]:
        found: dict[str, dict[tuple[str, str], tuple[int, Any]]] = {}
        for scope in [*scopes, "municipality"]:
            newest = found.setdefault(scope, {})
            question = "SELECT kind, id, version, state FROM changes WHERE municipality = ? AND scope = ? ORDER BY seq"
            for row in ask(question, [MUNICIPALITY, scope]):
                state = None if row["state"] is None else json.loads(row["state"])
                newest[(row["kind"], row["id"])] = (row["version"], state)
        return found


def _operation(row: Row) -> Row:
    return {
        **row,
        "id": _id(row["id"]),
        "device": _id(row["device"]),
        "entity": _id(row["entity"]),
        "answer": json.loads(row["answer"]),
        "wire": json.loads(row["wire"]),
    }


def _id(stored: object) -> str:
    return str(UUID(str(stored)))


def _digest(file: Path) -> str | None:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else None
