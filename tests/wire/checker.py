"""The history checker: an evening's records against what its phones hold and what its people saw confirmed.

It reads the server's database and files and the phones' media, never a screen. A broken law is a sentence that begins
with the law's number in docs/sync.md.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.wire.records import Records
from tests.wire.schedules import Schedule

Row = dict[str, Any]
_MADE_BY = {"observation": "observation.record", "feeling": "feeling.answer", "answer": "checklist.answer"}
_OPEN = ("waiting", "sending")


@dataclass(frozen=True)
class Pocket:
    """One phone at the end: its stores, and what its person saw."""

    number: int
    dump: dict[str, Any]

    @property
    def ledger(self) -> Row:
        it: Row = self.dump["ledger"]
        return it

    @property
    def device(self) -> str:
        known: dict[str, Any] = {row["key"]: row["value"] for row in self.dump["meta"]}
        return str(known["device"]["id"])

    @property
    def outbox(self) -> list[Row]:
        return sorted(self.dump["outbox"], key=lambda row: int(row["seq"]))

    @property
    def drafts(self) -> set[str]:
        return {row["id"] for row in self.dump["drafts"]}

    @property
    def captured(self) -> list[Row]:
        """What was confirmed and not deleted or replaced by its person before hand-in."""
        gone = {*self.ledger["removed"], *self.ledger["replaced"]}
        handed_in = {row["entity"] for row in self.outbox}
        return [it for it in self.ledger["captured"] if it["id"] not in gone or it["id"] in handed_in]


def broken(
    schedule: Schedule,
    pockets: list[Pocket],
    records: Records,
    sent: dict[tuple[int, str], set[bytes]],
    fresh: dict[int, dict[tuple[str, str], tuple[int, Any]]],
) -> list[str]:
    """`fresh` is what a pull from nothing gives each phone. Empty is what everybody hopes for."""
    found: list[str] = []
    for it in pockets:
        log = {row["id"]: row for row in records.operations if row["device"] == it.device}
        found += _no_loss(it, records)
        found += _exactly_once(it, log)
        found += _believed(it, log)
        found += _bytes(it, records)
        found += _kept(it)
        found += _same_state(it, schedule, records, fresh[it.number])
        found += _isolated(it, schedule, pockets)
        found += _content(it, log, records)
        found += _nothing_early(it, records)
        if it.ledger["joined_again"] and not schedule.is_restored:
            found.append(f"7 phone {it.number}: the server forgot it {it.ledger['joined_again']} times")
    found += _no_strangers(pockets, records)
    found += _versions(records)
    found += [
        f"14 phone {phone}: operation {id} was sent with {len(said)} contents"
        for (phone, id), said in sent.items()
        if len(said) > 1
    ]
    found += [f"{it.number}: the code threw {fault}" for it in pockets for fault in it.dump["faults"]]
    return found


# ---------------------------------------------------------------- law by law


def _no_loss(it: Pocket, records: Records) -> Iterator[str]:
    for made in it.captured:
        id, kind = made["id"], made["kind"]
        if id not in it.drafts and id not in records.entities[kind]:
            yield f"1 phone {it.number}: {kind} {id} was confirmed and is nowhere"
    rows = Counter((row["entity"], row["operation"]["type"]) for row in it.outbox)
    for said in it.ledger["said"]:
        if rows[(said["entity"], said["type"])] == 0:
            yield f"1 phone {it.number}: {said['type']} of {said['entity']} was confirmed and is nowhere"


def _exactly_once(it: Pocket, log: dict[str, Row]) -> Iterator[str]:
    seqs = [row["seq"] for row in it.outbox]
    if seqs != list(range(1, len(seqs) + 1)):
        yield f"2 phone {it.number}: its numbers are {seqs}"
    logged = sorted(row["seq"] for row in log.values() if row["seq"] is not None)
    if logged != seqs:
        yield f"2 phone {it.number}: the log has {logged} of its {len(seqs)} numbers"
    for row in it.outbox:
        there = log.get(row["id"])
        if there is None:
            yield f"2 phone {it.number}: {row['operation']['type']} {row['id']} never reached the log"
        elif _canonical(there["wire"]) != _canonical(row["operation"]):
            yield f"2 phone {it.number}: {row['id']} is another operation in the log"
    for id in log.keys() - {row["id"] for row in it.outbox}:
        if log[id]["type"] != "device.status":
            yield f"2 phone {it.number}: the log has {log[id]['type']} {id}, which the phone never made"


def _believed(it: Pocket, log: dict[str, Row]) -> Iterator[str]:
    """7: what a phone says about an operation is what the server has decided."""
    for row in it.outbox:
        if row["id"] not in log:
            continue
        answer = log[row["id"]]["answer"]
        if row["passage"] in _OPEN:
            yield f"10 phone {it.number}: {row['operation']['type']} {row['id']} still waits ({answer['outcome']})"
            continue
        expected = "received" if answer["outcome"] == "applied" else "needs_you"
        if row["passage"] != expected:
            yield f"7 phone {it.number}: {row['id']} is {row['passage']}, the log says {answer['outcome']}"
        if row["passage"] == "received" and row["receipt"] != answer.get("receipt"):
            yield f"17 phone {it.number}: {row['id']} has receipt {row['receipt']}, the log {answer.get('receipt')}"
        if row["passage"] == "needs_you" and row["replaced_by"] is None:
            yield f"10 phone {it.number}: {row['operation']['type']} {row['id']} is parked: {row['code']}"


def _bytes(it: Pocket, records: Records) -> Iterator[str]:
    for made in it.captured:
        photo = made["photo"]
        if photo is None or made["id"] in it.drafts:
            continue
        there = records.entities["photo"].get(photo["id"])
        if there is None:
            yield f"1 phone {it.number}: photo {photo['id']} is not with the server"
        elif there["state"] not in ("received", "accepted"):
            yield f"8 phone {it.number}: photo {photo['id']} is {there['state']} {there.get('code')}"
        elif {there["sha256"], records.photo_digests[photo["id"]]} != {photo["sha256"]}:
            yield f"8 phone {it.number}: photo {photo['id']} has other bytes than were taken"


def _kept(it: Pocket) -> Iterator[str]:
    here = {row["id"]: row["sha256"] for row in it.dump["bytes"]}
    for row in it.dump["photos"]:
        if row["passage"] in _OPEN:
            yield f"10 phone {it.number}: photo {row['id']} still waits"
        if row["id"] not in here and row["proved_at"] is None and row["passage"] != "draft":
            yield f"18 phone {it.number}: photo {row['id']} was forgotten without proof"
        if row["id"] in here and row["sha256"] not in (None, here[row["id"]]):
            yield f"8 phone {it.number}: photo {row['id']} has changed on the phone"


def _same_state(
    it: Pocket, schedule: Schedule, records: Records, fresh: dict[tuple[str, str], tuple[int, Any]]
) -> Iterator[str]:
    shown = {(row["kind"], row["id"]): (row["version"], row["state"]) for row in it.dump["states"]}
    scopes = ("municipality", f"walk:{schedule.walk}", f"device:{it.device}")
    stored = {key: told for scope in scopes for key, told in records.feed.get(scope, {}).items() if told[1] is not None}
    for other, name in ((stored, "what the feed holds"), (fresh, "a pull from nothing")):
        for key in sorted(shown.keys() | other.keys()):
            if shown.get(key) != other.get(key):
                here, there = (_brief(it.get(key)) for it in (shown, other))
                yield f"3 phone {it.number}: {' '.join(key)} is {here} here, {there} in {name}"


def _isolated(it: Pocket, schedule: Schedule, pockets: Iterable[Pocket]) -> Iterator[str]:
    others = {made for other in pockets if other.number != it.number for made in other.ledger["tried"]}
    for row in it.dump["states"]:
        if row["id"] in others or (row["kind"] == "walk" and row["id"] != str(schedule.walk)):
            yield f"9 phone {it.number}: it was shown {row['kind']} {row['id']}, which is not its own"


def _content(it: Pocket, log: dict[str, Row], records: Records) -> Iterator[str]:
    """15: what is stored is what this phone's operations say, in the order in which they made its versions."""
    for (kind, id), versions in records.versions.items():
        if kind != "observation" or not any(operation in log for _, operation in versions):
            continue
        said: Row = {}
        for _, operation in versions:
            made = log.get(operation)
            if made is None:
                yield f"15 phone {it.number}: observation {id} has a version by {operation}, which is not in its log"
                continue
            body = made["wire"]["body"]
            said |= {name: body[name] for name in ("text", "severity") if name in body}
            said["state"] = "withdrawn" if made["type"] == "observation.withdraw" else "received"
        stored = records.entities["observation"][id]
        wrong = {name: stored[name] for name, value in said.items() if stored[name] != value}
        if wrong:
            yield f"15 phone {it.number}: observation {id} is stored with {wrong} for {said}"


def _nothing_early(it: Pocket, records: Records) -> Iterator[str]:
    handed_in = {row["entity"] for row in it.outbox}
    for kind, rows in records.entities.items():
        for id in rows.keys() & (it.drafts - handed_in):
            yield f"16 phone {it.number}: {kind} {id} is a draft, and the server has it"


def _no_strangers(pockets: list[Pocket], records: Records) -> Iterator[str]:
    """2: the server has nothing that nobody made, and one row for each operation that made one."""
    tried = {id for it in pockets for id in it.ledger["tried"]}
    for kind in _MADE_BY:
        for id in records.entities[kind].keys() - tried:
            yield f"2 {kind} {id} is with the server, and nobody made it"
    made = Counter((row["type"], row["entity"]) for row in records.operations if row["outcome"] == "applied")
    for kind, type_ in _MADE_BY.items():
        for id in records.entities[kind]:
            if made[(type_, id)] != 1:
                yield f"2 {kind} {id} was made {made[(type_, id)]} times"
    for row in records.quarantined:
        yield f"2 operation {row['id']} was set aside as {row['code']}"


def _versions(records: Records) -> Iterator[str]:
    applied = Counter(row["entity"] for row in records.operations if row["outcome"] == "applied")
    for kind, rows in records.entities.items():
        for id, stored in rows.items():
            kept = [version for version, _ in records.versions.get((kind, id), [])]
            if kept != list(range(1, stored["version"] + 1)):
                yield f"13 {kind} {id} has versions {kept}, and stands at {stored['version']}"
            if kind != "photo" and stored["version"] != applied[id]:
                yield f"2 {kind} {id} has version {stored['version']} after {applied[id]} operations"


def _canonical(operation: Row) -> str:
    return json.dumps(operation, sort_keys=True)


def _brief(told: tuple[int, Any] | None) -> str:
    return "missing" if told is None else f"{told[0]} {json.dumps(told[1], sort_keys=True)[:80]}"


# ---------------------------------------------------------------- in the middle of the evening


class Watcher:
    """Between two steps: nothing confirmed is nowhere, and nothing shown goes back to an older version."""

    def __init__(self) -> None:
        self._shown: dict[tuple[int, str], tuple[int, int]] = {}

    def broken(self, looks: list[Row], step: int) -> Iterator[str]:
        for phone, look in enumerate(looks):
            ledger = look["ledger"]
            gone = {*ledger["removed"], *ledger["replaced"]}
            here = {*look["drafts"], *look["outbox"]}
            for made in ledger["captured"]:
                if made["id"] not in here and made["id"] not in gone:
                    yield f"1 phone {phone} after step {step}: {made['kind']} {made['id']} is nowhere"
            for key, run, version in look["states"]:
                before = self._shown.get((phone, key), (run, 0))
                if before[0] == run and version < before[1]:
                    yield f"13 phone {phone} after step {step}: {key} went from {before[1]} to {version}"
                self._shown[(phone, key)] = (run, version)
