"""The removal of everything that stood where a tombstone stands. Done again at any time it changes nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Table, Uuid, and_, delete, func, or_, select, update

from trygghetsvandring.domain.erasures import Ref, Series
from trygghetsvandring.storage import changes as feed
from trygghetsvandring.storage import incoming_mail
from trygghetsvandring.storage.erasures import ENTITIES, left, mentions, parts
from trygghetsvandring.storage.letter_tables import letter_lines
from trygghetsvandring.storage.public_tables import feedback_contacts
from trygghetsvandring.storage.tables import (
    answer_links,
    changes,
    counters,
    erased,
    erasures,
    held,
    jobs,
    metadata,
    operations,
    quarantine,
    versions,
)
from trygghetsvandring.storage.unit import Db


async def scrub(db: Db, municipality: str, refs: Sequence[Ref], decision: UUID, now: datetime) -> list[feed.Row]:
    """Removes what stands under these refs from every table. Gives the feed rows that say so; they are not appended."""
    if db.dialect.name == "sqlite":
        await db.exec_driver_sql("PRAGMA secure_delete=ON")  # what is deleted is overwritten in the file
    ids = [ref.id for ref in refs if ref.kind in ENTITIES]
    rows: list[feed.Row] = []
    if ids:
        await _empty_log(db, municipality, ids, decision, now)
        await _empty_tables(db, municipality, ids)
        rows = await _tombstones(db, municipality, ids)
        await feed.rewrite(db, municipality, [str(id) for id in ids])
    await _purge_quarantine(db, municipality, [ref.id for ref in refs if ref.kind == Series.QUARANTINE])
    await _purge_rejected(db, municipality, [ref.id for ref in refs if ref.kind == Series.REJECTED], decision)
    return rows


async def done(db: Db, municipality: str, decision: UUID, refs: Sequence[Ref], now: datetime) -> bool:
    """Notes that these are gone, bytes too. True when the whole decision is carried out."""
    for part in parts(list(refs)):
        await db.execute(
            update(erased)
            .where(
                erased.c.municipality == municipality,
                erased.c.decision == decision,
                or_(*(and_(erased.c.id == ref.id, erased.c.kind == ref.kind) for ref in part)),
            )
            .values(done_at=now)
        )
    if await left(db, municipality, decision, 1):
        return False
    here = and_(erasures.c.municipality == municipality, erasures.c.id == decision, erasures.c.done_at.is_(None))
    await db.execute(update(erasures).where(here).values(done_at=now))
    return True


async def versions_of(db: Db, municipality: str, kind: str, id: UUID) -> list[tuple[int, str]]:
    """Every (version, doc) of one entity that stays."""
    v = versions.c
    here = (v.municipality == municipality, v.kind == kind, v.id == id)
    return [(row.version, row.doc) for row in await db.execute(select(v.version, v.doc).where(*here))]


async def rewrite_version(db: Db, municipality: str, kind: str, id: UUID, version: int, doc: str) -> None:
    v = versions.c
    here = (v.municipality == municipality, v.kind == kind, v.id == id, v.version == version)
    await db.execute(update(versions).where(*here).values(doc=doc))


async def letters(db: Db, municipality: str, ids: Sequence[UUID]) -> list[UUID]:
    """Jobs that were about these, and answer links: a letter written to a folder bears their id."""
    rows = await db.execute(select(jobs.c.id).where(jobs.c.municipality == municipality, mentions(jobs.c.body, ids)))
    link = answer_links.c
    sent = await db.execute(select(link.id).where(link.municipality == municipality, link.about.in_(ids)))
    line = letter_lines.c
    told = await db.execute(select(line.letter).where(line.municipality == municipality, line.about.in_(ids)))
    return [*rows.scalars(), *sent.scalars(), *(id for id in told.scalars() if id is not None)]


async def forget_jobs(db: Db, municipality: str, ids: Sequence[UUID]) -> None:
    """And their lines: a letter that others share is sent without them."""
    if ids:
        line = letter_lines.c
        await db.execute(delete(letter_lines).where(line.municipality == municipality, line.about.in_(ids)))
        await db.execute(delete(jobs).where(jobs.c.municipality == municipality, mentions(jobs.c.body, ids)))


def redacted(id: UUID, type: str, entity: UUID, decision: UUID | str) -> str:
    """What the log keeps of an operation about something erased: that it was there."""
    return msgspec.json.encode({"id": id, "type": type, "entity": entity, "erased": decision}).decode()


async def _empty_log(db: Db, municipality: str, ids: list[UUID], decision: UUID, now: datetime) -> None:
    """The log keeps that an operation was answered; what it said, and who it answered with a number, goes."""
    o = operations.c
    about = or_(o.entity.in_(ids), o.waits_for.in_(ids))
    rows = await db.execute(
        select(o.id, o.type, o.entity, o.outcome, o.answer).where(o.municipality == municipality, about)
    )
    settled = []
    for id, type, entity, outcome, answer in rows:
        was = msgspec.json.decode(answer)
        end = "rejected" if outcome == "deferred" else outcome
        said: dict[str, Any] = {"id": str(id), "outcome": end, "code": "erased"}
        if end == "applied" and was.get("version") is not None:
            said["version"] = was["version"]
        settled.append((id, end, msgspec.json.encode(said).decode(), redacted(id, type, entity, decision)))
    for id, outcome, answer, wire in settled:
        await db.execute(
            update(operations)
            .where(o.municipality == municipality, o.id == id)
            .values(outcome=outcome, answer=answer, wire=wire, waits_for=None)
        )
    await _empty_held(db, municipality, [id for id, *_ in settled], now)
    q = quarantine.c
    for part in parts([*ids, *(id for id, *_ in settled)], 100):
        kept = msgspec.json.encode({"erased": decision}).decode()
        await db.execute(
            update(quarantine).where(q.municipality == municipality, mentions(q.wire, part)).values(wire=kept)
        )


async def _empty_tables(db: Db, municipality: str, ids: list[UUID]) -> None:
    """Every table whose rows are entities, their versions, and whatever says that it is `about` one of them."""
    for table in _entity_tables():
        await db.execute(delete(table).where(table.c.municipality == municipality, table.c.id.in_(ids)))
    contact = feedback_contacts.c
    await db.execute(delete(feedback_contacts).where(contact.municipality == municipality, contact.feedback.in_(ids)))
    await incoming_mail.erase(db, municipality, ids)
    await db.execute(delete(versions).where(versions.c.municipality == municipality, versions.c.id.in_(ids)))
    for table in _attached():
        mine = and_(table.c.municipality == municipality, table.c.about.in_(ids))
        gone = list((await db.execute(select(table.c.id).where(mine))).scalars())
        await db.execute(delete(table).where(mine))
        await db.execute(delete(versions).where(versions.c.municipality == municipality, versions.c.id.in_(gone)))
        await feed.rewrite(db, municipality, [str(id) for id in gone])


def _entity_tables() -> list[Table]:
    """The rooms of what a decision may name; registers and cases hold no content and stay."""
    rooms = ("observations", "photos", "tasks", "feelings", "answers", "passes", "presence")
    written = ("feedback", "survey_answers", "incoming_mail")
    return [metadata.tables[name] for name in (*rooms, *written)]


def _attached() -> list[Table]:
    """Rooms of things that hold a part of another's content: a conflict keeps both texts."""
    return [
        table
        for table in metadata.tables.values()
        if "about" in table.c and "doc" in table.c and isinstance(table.c.about.type, Uuid)
    ]


async def _tombstones(db: Db, municipality: str, ids: list[UUID]) -> list[feed.Row]:
    """For every scope that was ever shown one of these: that it is gone, and why."""
    c, names = changes.c, [str(id) for id in ids]
    shown = await db.execute(
        select(c.scope, c.kind, c.id, func.max(c.version))
        .where(c.municipality == municipality, c.id.in_(names), c.kind != "erased")
        .group_by(c.scope, c.kind, c.id)
        .order_by(c.scope, c.kind, c.id)
    )
    stones = {
        str(row.id): row
        for row in await db.execute(select(erased).where(erased.c.municipality == municipality, erased.c.id.in_(ids)))
        if row.kind in ENTITIES
    }
    rows: list[feed.Row] = []
    said: set[tuple[str, str]] = set()
    for scope, kind, id, version in shown:
        rows.append(feed.Row(scope=scope, kind=kind, id=id, version=version + 1, state=None))
        stone = stones.get(id)
        if stone is None or (scope, id) in said:
            continue
        said.add((scope, id))
        state = {"id": id, "version": stone.version, "kind": stone.kind, "reason": stone.reason}
        state["on"] = stone.decided_at.date().isoformat()
        text = msgspec.json.encode(state).decode()
        rows.append(feed.Row(scope=scope, kind="erased", id=id, version=stone.version, state=text))
    return rows


async def is_told(db: Db, municipality: str, rows: Sequence[feed.Row]) -> set[tuple[str, str]]:
    """(scope, id) that the feed has said `erased` about before: a second carrying out says nothing anew."""
    names = {row.id for row in rows}
    c = changes.c
    found_: set[tuple[str, str]] = set()
    for part in parts(sorted(names)):
        asked = select(c.scope, c.id).where(c.municipality == municipality, c.kind == "erased", c.id.in_(part))
        found_ |= {(row.scope, row.id) for row in await db.execute(asked)}
    return found_


async def _purge_quarantine(db: Db, municipality: str, ids: list[UUID]) -> None:
    for part in parts(ids):
        await db.execute(delete(quarantine).where(quarantine.c.municipality == municipality, quarantine.c.id.in_(part)))


async def _purge_rejected(db: Db, municipality: str, ids: list[UUID], decision: UUID) -> None:
    """Answered again the same way; what they said is gone."""
    o = operations.c
    for part in parts(ids):
        rows = await db.execute(
            select(o.id, o.type, o.entity).where(
                o.municipality == municipality, o.id.in_(part), o.outcome == "rejected"
            )
        )
        for id, type, entity in rows.all():
            wire = redacted(id, type, entity, decision)
            await db.execute(update(operations).where(o.municipality == municipality, o.id == id).values(wire=wire))
    await _empty_held(db, municipality, ids, None)


async def _empty_held(db: Db, municipality: str, ids: Sequence[UUID], now: datetime | None) -> None:
    """Where operations wait for a person: nobody has to look any more, and what was said about them goes."""
    for part in parts(ids):
        mine = and_(held.c.municipality == municipality, held.c.operation.in_(part))
        if now is not None:
            waits = and_(mine, held.c.decision.is_(None))
            await db.execute(update(held).where(waits).values(decision="erased", decided_at=now))
        await db.execute(update(held).where(mine).values(reason=None))


# ---------------------------------------------------------------- counters after a restore


async def raise_counters(db: Db, marks: dict[str, dict[str, int]]) -> list[str]:
    """No number is given twice: counters that went back go on from where they had been. Says which."""
    raised = []
    for municipality, series in sorted(marks.items()):
        for name, value in sorted(series.items()):
            here = and_(counters.c.municipality == municipality, counters.c.series == name)
            now = (await db.execute(select(counters.c.value).where(here))).scalar_one_or_none()
            if now is None or now >= value:
                continue
            await db.execute(update(counters).where(here).values(value=value))
            raised.append(f"{municipality} {name}: {now} → {value}")
    return raised


async def counted(db: Db) -> dict[str, dict[str, int]]:
    """Where every counter stands."""
    marks: dict[str, dict[str, int]] = {}
    for municipality, series, value in await db.execute(
        select(counters.c.municipality, counters.c.series, counters.c.value)
    ):
        marks.setdefault(municipality, {})[series] = int(value)
    return marks
