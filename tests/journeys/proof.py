"""The verdict: what the phone held before hand-in against the server's after it, value by value, byte for byte."""

import hashlib
import json
import math
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from playwright.sync_api import Page
from sqlalchemy import create_engine, text

from tests.journeys.house import Server

Row = dict[str, Any]

_READ = """async () => {
  const open = indexedDB.open("trygg-field");
  const db = await new Promise((y, n) => { open.onsuccess = () => y(open.result); open.onerror = n; });
  const all = (name) => new Promise((y) => {
    const asked = db.transaction(name).objectStore(name).getAll();
    asked.onsuccess = () => y(asked.result);
  });
  const two = (byte) => byte.toString(16).padStart(2, "0");
  const hex = async (bytes) => [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))].map(two).join("");
  const photos = await Promise.all((await all("bytes")).map(async (p) => [p.id, await hex(p.bytes)]));
  const drafts = await all("drafts");
  const outbox = await all("outbox");
  db.close();
  return { photos: Object.fromEntries(photos), drafts, outbox };
}"""
_METRES_A_DEGREE = 111_320


@dataclass(frozen=True)
class Kind:
    """One kind of thing a walker leaves: where the server keeps it, and what must be the same there."""

    table: str
    draft: str
    operation: str
    values: tuple[str, ...]
    time: str


FEELINGS = Kind("feelings", "feeling", "feeling.answer", ("walk", "stop", "own", "counts"), "felt_at")
ANSWERS = Kind(
    "answers",
    "answer",
    "checklist.answer",
    ("walk", "stop", "template", "template_version", "item", "answer"),
    "answered_at",
)
OBSERVATIONS = Kind(
    "observations",
    "observation",
    "observation.record",
    ("walk", "stop", "category", "severity", "text", "place_words", "position", "photos", "checklist_item"),
    "seen_at",
)
KINDS = (FEELINGS, ANSWERS, OBSERVATIONS)


@dataclass(frozen=True)
class Taken:
    """What lay on the phone before hand-in: photos' digests by id, and per table what people said, by id."""

    photos: dict[str, str]
    said: dict[str, dict[UUID, Row]]


@dataclass(frozen=True)
class Verdict:
    """Empty lists are what everybody hopes for."""

    lost: list[UUID]
    doubled: list[UUID]
    changed: list[str]


def read_phone(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(_READ)
    return found


def taken_on_phone(page: Page) -> Taken:
    """Drafts, and what was handed in before the rest."""
    found = read_phone(page)
    said: dict[str, dict[UUID, Row]] = {}
    for kind in KINDS:
        here = {UUID(row["id"]): row["draft"] for row in found["drafts"] if row["kind"] == kind.draft}
        sent = [row["operation"] for row in found["outbox"] if row["operation"]["type"] == kind.operation]
        said[kind.table] = here | {UUID(operation["entity"]): operation["body"] for operation in sent}
    return Taken(photos=found["photos"], said=said)


def unreceived(page: Page) -> list[tuple[int, str, str, str | None]]:
    """Operations the phone knows no answer to: number, type, where it is on its way, and the last no."""
    return [
        (row["seq"], row["operation"]["type"], row["passage"], row["code"])
        for row in read_phone(page)["outbox"]
        if row["passage"] != "received"
    ]


def rows(server: Server, question: str) -> list[Row]:
    engine = create_engine(server.database_url.replace("+aiosqlite", ""))
    with engine.connect() as db:
        found = [dict(row) for row in db.execute(text(question)).mappings()]
    engine.dispose()
    return found


def logged(server: Server, type_: str) -> int:
    """How many operations of this type the server has stored."""
    return sum(row["type"] == type_ for row in rows(server, "select type from operations"))


def compared(server: Server, taken: Taken, kind: Kind) -> Verdict:
    said = taken.said[kind.table]
    stored = {_id(row["id"]): json.loads(row["doc"]) for row in rows(server, f"select id, doc from {kind.table}")}  # noqa: S608  # our own names
    log = rows(server, "select type, entity from operations")
    times_logged = Counter(_id(row["entity"]) for row in log if row["type"] == kind.operation)
    both = said.keys() & stored.keys()
    return Verdict(
        lost=sorted(said.keys() - stored.keys()),
        doubled=sorted((stored.keys() - said.keys()) | {id for id, times in times_logged.items() if times != 1}),
        changed=[f"{id}: {what}" for id in both for what in _differences(kind, said[id], stored[id])],
    )


def _differences(kind: Kind, said: Row, stored: Row) -> list[str]:
    # What the walker called it stays beside what the desk has sorted it as.
    now = stored | {"category": stored.get("written_category")}
    found = [f"{name} {said[name]} became {now[name]}" for name in kind.values if said[name] != now[name]]
    if _instant(said[kind.time]) != _instant(now[kind.time]):
        found.append(f"{kind.time} {said[kind.time]} became {now[kind.time]}")
    return found


def every_operation_is_logged_once(server: Server, page: Page) -> int:
    """The phone's numbers and the log's, both 1..n without a gap, each with the same id. Returns n."""
    outbox = {row["seq"]: UUID(row["operation"]["id"]) for row in read_phone(page)["outbox"]}
    # A desk's operations have no number.
    log = [row for row in rows(server, "select id, device, seq, outcome from operations") if row["seq"] is not None]
    n = len(outbox)
    assert sorted(outbox) == list(range(1, n + 1))
    assert sorted(row["seq"] for row in log) == list(range(1, n + 1))
    assert {row["seq"]: _id(row["id"]) for row in log} == outbox
    assert {row["outcome"] for row in log} == {"applied"}
    assert len({row["device"] for row in log}) == 1
    assert rows(server, "select id from quarantine") == []
    return n


def moved_by_metres(taken: Taken, start: tuple[float, float]) -> tuple[float, float]:
    """How far north and east of the start the one thing that was moved now lies."""
    positions = [said["position"] for said in taken.said["observations"].values() if said["position"]]
    [moved] = [position for position in positions if position["source"] == "moved"]
    lat, lon = start
    east = (moved["lon"] - lon) * _METRES_A_DEGREE * math.cos(math.radians(lat))
    return (moved["lat"] - lat) * _METRES_A_DEGREE, east


def stored_by_digest(data: Path) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for file in sorted(data.rglob("*")):
        if file.is_file():
            found.setdefault(hashlib.sha256(file.read_bytes()).hexdigest(), []).append(file)
    return found


def _id(stored: object) -> UUID:
    """SQLite keeps 32 hex figures, PostgreSQL a uuid."""
    return UUID(str(stored))


def _instant(words: str) -> float:
    return datetime.fromisoformat(words).timestamp()
