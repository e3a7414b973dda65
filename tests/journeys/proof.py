"""The verdict: what the phone held before hand-in against what the server holds after, byte for byte."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page
from sqlalchemy import create_engine, text

from tests.journeys.house import Server

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


@dataclass
class Taken:
    """What lay on the phone before hand-in: ids with the times people did it, and photos' digests."""

    photos: dict[str, str]
    seen_at: dict[str, str]


def read_phone(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(_READ)
    return found


def taken_on_phone(page: Page) -> Taken:
    found = read_phone(page)
    seen_at = {row["id"]: row["draft"]["seen_at"] for row in found["drafts"] if row["kind"] == "observation"}
    sent = [row["operation"] for row in found["outbox"] if row["operation"]["type"] == "observation.record"]
    seen_at.update({operation["entity"]: operation["body"]["seen_at"] for operation in sent})
    return Taken(photos=found["photos"], seen_at=seen_at)


def rows(server: Server, question: str) -> list[dict[str, Any]]:
    url = server.database_url.replace("+aiosqlite", "")
    engine = create_engine(url)
    with engine.connect() as db:
        found = [dict(row) for row in db.execute(text(question)).mappings()]
    engine.dispose()
    return found


def stored_digests(data: Path) -> list[str]:
    return [hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(data.rglob("*")) if file.is_file()]
