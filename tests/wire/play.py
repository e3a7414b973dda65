"""Evenings, one after the other, on one lane; and what became of them."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.wire.checker import Pocket, Watcher, broken
from tests.wire.faults import Fault, counted
from tests.wire.house import Lane
from tests.wire.records import Reader
from tests.wire.schedules import PHONES, Schedule


@dataclass
class Figures:
    schedules: int = 0
    operations: int = 0
    photos: int = 0
    requests: int = 0
    kills: int = 0
    restores: int = 0
    faults: Counter[Fault] = field(default_factory=Counter)
    violations: dict[int, list[str]] = field(default_factory=dict)
    server_faults: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, other: "Figures") -> None:
        for name in ("schedules", "operations", "photos", "requests", "kills", "restores"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.faults += other.faults
        self.violations |= other.violations
        self.server_faults += other.server_faults

    def line(self) -> str:
        return (
            f"{self.schedules} schedules, {PHONES} phones, {self.operations} operations, {self.photos} photos, "
            f"{self.requests} requests, {self.kills} kills, {self.restores} restores, "
            f"{len(self.violations)} violations, {self.seconds:.0f} s; {counted(self.faults)}"
        )


async def play(lane: Lane, schedule: Schedule, figures: Figures) -> list[str]:
    """One evening, from joining to the morning after. Returns the laws it broke."""
    lane.proxy.new_evening(schedule.badness)
    walk = await lane.plan(schedule)
    await lane.tell(do="open", seed=schedule.seed, address=lane.proxy.address, walk=walk, phones=schedule.phones)
    try:
        found = await _evening(lane, schedule, figures)
        found += await _morning(lane, schedule, figures)
    finally:
        await lane.tell(do="close")
    figures.schedules += 1
    if found:
        figures.violations[schedule.seed] = found
    return found


async def _evening(lane: Lane, schedule: Schedule, figures: Figures) -> list[str]:
    watcher, found = Watcher(), list[str]()
    for number, acts in enumerate(schedule.steps):
        happening = schedule.server.get(number)
        acting = asyncio.ensure_future(lane.tell(do="step", acts=acts))
        if happening is not None:
            figures.kills += happening == "kill"
            figures.restores += happening == "restore"
            await lane.happens(happening, schedule)
        await acting
        found += watcher.broken(await lane.tell(do="look"), number)
    return found


async def _morning(lane: Lane, schedule: Schedule, figures: Figures) -> list[str]:
    """The network is whole. Some of what was late comes before the phones are done, some after, and changes nothing."""
    lane.proxy.badness = 0
    await lane.proxy.deliver_late(every=2)
    healed = await lane.tell(do="heal", keepsDrafts=schedule.keeps_drafts)
    await lane.proxy.deliver_late()
    healed = [a and b for a, b in zip(healed, await lane.tell(do="heal", keepsDrafts=[True] * PHONES), strict=True)]
    pockets = [Pocket(number, dump) for number, dump in enumerate(await lane.tell(do="dump"))]
    fresh = {it.number: await _from_nothing(lane, it) for it in pockets}
    reader = Reader(lane.server.database_url)
    devices = [it.device for it in pockets]
    records = await asyncio.to_thread(reader.evening, str(schedule.walk), devices, lane.server.data)
    figures.operations += len(records.operations)
    figures.photos += len(records.entities["photo"])
    found = [f"10 phone {number} never comes to an end" for number, done in enumerate(healed) if not done]
    found += broken(schedule, pockets, records, lane.proxy.sent, fresh)
    found += [f"9 a token was sent elsewhere: {what[:80]}" for what in lane.proxy.leaked if "Bearer" in what]
    return found


async def _from_nothing(lane: Lane, it: Pocket) -> dict[tuple[str, str], tuple[int, Any]]:
    """What the server tells a phone that knows nothing, past the wire."""
    known = {row["key"]: row["value"] for row in it.dump["meta"]}
    if "identity" not in known:
        return {}
    found: dict[tuple[str, str], tuple[int, Any]] = {}
    cursor: str | None = None
    headers = {"Authorization": f"Bearer {known['identity']['token']}"}
    while True:
        params = {} if cursor is None else {"cursor": cursor}
        answer = await lane.http.get(f"{lane.server.url}/sync/pull", params=params, headers=headers)
        if answer.status_code != 200:
            return {}
        page = answer.json()
        for change in page["changes"]:
            key = (change["kind"], change["id"])
            found[key] = (change["version"], change.get("state"))
            if change.get("gone"):
                del found[key]
        cursor = page["cursor"]
        if not page["more"]:
            return found
