"""Cases, registers and tombstones. `bar` is the decision: from its commit on nothing about these ids is taken in."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Table, and_, func, or_, select

from trygghetsvandring.domain.erasures import About, Case, Erasing, Ref, Register, Series, board_of, coordination
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.storage import changes as feed
from trygghetsvandring.storage.mail_tables import incoming_mail
from trygghetsvandring.storage.public_tables import feedback, survey_answers
from trygghetsvandring.storage.records import found, insert_into, register
from trygghetsvandring.storage.tables import (
    cases,
    erased,
    erasures,
    observations,
    operations,
    photos,
    presence,
    registers,
    tasks,
    versions,
)
from trygghetsvandring.storage.unit import Db

SERIES = "erased"
"""The counter that says whether a municipality has any tombstones: while it is nought nobody looks for one."""
ENTITIES = frozenset(each.value for each in About)
_UUID = re.compile(rb"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)
_CHUNK = 400

register(Case, "case", cases, lambda c: {"board": c.board, "state": c.state})
register(Register, "register", registers, lambda r: {"board": r.board})


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One decision on its way: how many of its things are gone."""

    id: UUID
    reason: str
    total: int
    left: int
    decided_at: datetime
    replayed_at: datetime | None
    done_at: datetime | None


# ---------------------------------------------------------------- looking


async def among(db: Db, municipality: str, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Those of the ids that are erased entities, and why."""
    found_: dict[UUID, str] = {}
    for part in parts(sorted(set(ids))):
        rows = await db.execute(
            select(erased.c.id, erased.c.reason).where(
                erased.c.municipality == municipality, erased.c.id.in_(part), erased.c.kind.in_(ENTITIES)
            )
        )
        found_ |= {row.id: row.reason for row in rows}
    return found_


async def mentioned(db: Db, municipality: str, raw: bytes) -> dict[UUID, str]:
    """Erased entities whose id stands somewhere in what nobody could read."""
    return await among(db, municipality, (UUID(text.decode()) for text in set(_UUID.findall(raw))))


async def cases_of(db: Db, municipality: str, board: str, limit: int) -> list[Case]:
    """One nämnd's, open ones first, then newest first."""
    c = cases.c
    question = select(c.doc).where(c.municipality == municipality, c.board == board)
    return await found(db, Case, question.order_by((c.state != "open"), c.updated_at.desc(), c.id).limit(limit))


async def progress(db: Db, municipality: str, board: str | None, limit: int = 50) -> list[Progress]:
    left = (
        select(func.count())
        .where(
            erased.c.municipality == erasures.c.municipality,
            erased.c.decision == erasures.c.id,
            erased.c.done_at.is_(None),
        )
        .scalar_subquery()
    )
    e = erasures.c
    asked = select(e.id, e.reason, e.total, left.label("left"), e.decided_at, e.replayed_at, e.done_at)
    asked = asked.where(e.municipality == municipality)
    if board is not None:
        asked = asked.where(e.board == board)
    rows = await db.execute(asked.order_by(e.decided_at.desc(), e.id).limit(limit))
    return [Progress(**row._mapping) for row in rows]


async def undone(db: Db) -> list[tuple[str, UUID, bool]]:
    """Decisions that are not carried out to the end, oldest first; True when a restore brought their things back."""
    e = erasures.c
    asked = select(e.municipality, e.id, e.replayed_at).where(e.done_at.is_(None))
    rows = await db.execute(asked.order_by(e.decided_at, e.id))
    return [(row.municipality, row.id, row.replayed_at is not None) for row in rows]


async def decisions(db: Db) -> set[UUID]:
    return set((await db.execute(select(erasures.c.id))).scalars())


async def journaled(db: Db, municipality: str) -> list[Any]:
    """Every decision here, oldest first: id, board, reason, decided_at."""
    e = erasures.c
    asked = select(e.id, e.board, e.reason, e.decided_at).where(e.municipality == municipality)
    return list(await db.execute(asked.order_by(e.decided_at, e.id)))


async def refs_of(db: Db, municipality: str, decision: UUID) -> list[Ref]:
    rows = await db.execute(
        select(erased.c.kind, erased.c.id)
        .where(erased.c.municipality == municipality, erased.c.decision == decision)
        .order_by(erased.c.kind, erased.c.id)
    )
    return [Ref(row.kind, row.id) for row in rows]


async def left(db: Db, municipality: str, decision: UUID, limit: int) -> list[Ref]:
    """What is not yet removed."""
    rows = await db.execute(
        select(erased.c.kind, erased.c.id)
        .where(erased.c.municipality == municipality, erased.c.decision == decision, erased.c.done_at.is_(None))
        .order_by(erased.c.kind, erased.c.id)
        .limit(limit)
    )
    return [Ref(row.kind, row.id) for row in rows]


async def numbers(db: Db, municipality: str, refs: Sequence[Ref]) -> dict[Ref, str]:
    """The number that stands on a receipt or a task, of those that are here and have one."""
    known: dict[Ref, str] = {}
    for kind, table in _NUMBERED.items():
        wanted = {ref.id: ref for ref in refs if ref.kind == kind}
        for part in parts(sorted(wanted)):
            rows = await db.execute(
                select(table.c.id, table.c.doc).where(table.c.municipality == municipality, table.c.id.in_(part))
            )
            known |= {wanted[id]: msgspec.json.decode(doc, type=_Numbered).number for id, doc in rows}
    return known


async def by_number(db: Db, place: Municipality, board: str, number: str) -> dict[str, Any] | None:
    """One thing of this nämnd's by its number, with what hangs on it; never what it says."""
    for kind, table in _NUMBERED.items():
        question = select(table.c.id, table.c.doc).where(
            table.c.municipality == place.id, table.c.doc.contains(f'"number":{msgspec.json.encode(number).decode()}')
        )
        for id, doc in await db.execute(question.limit(20)):
            it = msgspec.json.decode(doc, type=_Numbered)
            if it.number == number and _board(kind, it, place) == board:
                with_photos = select(func.count()).where(photos.c.municipality == place.id, photos.c.of_id == id)
                count = int((await db.execute(with_photos)).scalar_one())
                hangs = await numbers(db, place.id, [Ref(About.TASK.value, task) for task in it.tasks])
                return {"kind": kind, "id": id, "number": number, "photos": count, "tasks": sorted(hangs.values())}
    return None


class _Numbered(msgspec.Struct):
    """What of a stored entity may be told to whoever keeps the register."""

    number: str = ""
    tasks: tuple[UUID, ...] = ()
    department: str | None = None
    organisation: str | None = None


_NUMBERED: dict[str, Table] = {
    About.OBSERVATION.value: observations,
    About.TASK.value: tasks,
    About.PRESENCE.value: presence,
    About.FEEDBACK.value: feedback,
    About.SURVEY_ANSWER.value: survey_answers,
    About.INCOMING_MAIL.value: incoming_mail,
}


def _board(kind: str, it: _Numbered, place: Municipality) -> str:
    whose = it.department if kind == About.TASK else it.organisation if kind == About.PRESENCE else None
    return board_of(place.organisation(whose)) if whose else coordination(place)


# ---------------------------------------------------------------- deciding


async def expanded(db: Db, municipality: str, refs: Iterable[Ref]) -> tuple[Ref, ...]:
    """With what goes along: the photos of a finding or task, the entries of a pass."""
    all_ = set(refs)
    with_photos = [ref.id for ref in all_ if ref.kind in (About.OBSERVATION, About.TASK)]
    for part in parts(with_photos):
        rows = await db.execute(
            select(photos.c.id).where(photos.c.municipality == municipality, photos.c.of_id.in_(part))
        )
        all_ |= {Ref(About.PHOTO.value, id) for id in rows.scalars()}
    findings = [ref.id for ref in all_ if ref.kind == About.OBSERVATION]
    o = operations.c
    for part in parts(findings, 100):  # declared, and held back for somebody to look at: no photo yet, but bytes
        waits = (o.municipality == municipality, o.type == "photo.declare", o.outcome == "deferred")
        rows = await db.execute(select(o.entity).where(*waits, mentions(o.wire, part)))
        all_ |= {Ref(About.PHOTO.value, id) for id in rows.scalars()}
    passes = [ref.id for ref in all_ if ref.kind == About.PASS]
    for part in parts(passes):
        rows = await db.execute(
            select(presence.c.id).where(presence.c.municipality == municipality, presence.c.pass_id.in_(part))
        )
        all_ |= {Ref(About.PRESENCE.value, id) for id in rows.scalars()}
    return tuple(sorted(all_))


async def bar(
    db: Db, municipality: str, it: Erasing, *, board: str, at: datetime, replayed_at: datetime | None = None
) -> None:
    """Writes the tombstones. Done again for the same decision it changes nothing.

    A half photo may have come again since the last decision about it: its stone is then the later decision's.
    """
    row = {"municipality": municipality, "id": it.decision, "board": board, "reason": it.reason.value}
    row |= {"total": len(it.refs), "decided_at": at, "replayed_at": replayed_at}
    await db.execute(insert_into(db, erasures).values(row).on_conflict_do_nothing())
    known = await _last_versions(db, municipality, it.refs)
    stones = [
        {
            "municipality": municipality,
            "id": ref.id,
            "kind": ref.kind,
            "version": known.get(ref.id, 0) + 1,
            "reason": it.reason.value,
            "decision": it.decision,
            "decided_at": at,
        }
        for ref in it.refs
    ]
    for part in parts(stones):
        new = insert_into(db, erased).values(part)
        names = ("version", "reason", "decision", "decided_at")
        later = {name: new.excluded[name] for name in names} | {"done_at": None}
        came_again = and_(
            erased.c.kind == Series.PARTIAL.value,
            erased.c.decision != new.excluded.decision,
            erased.c.decided_at < new.excluded.decided_at,
        )
        key = [erased.c.municipality, erased.c.id, erased.c.kind]
        await db.execute(new.on_conflict_do_update(index_elements=key, set_=later, where=came_again))
    if stones:
        await feed.draw(db, municipality, SERIES, len(stones))


async def _last_versions(db: Db, municipality: str, refs: Sequence[Ref]) -> dict[UUID, int]:
    known: dict[UUID, int] = {}
    for part in parts([ref.id for ref in refs]):
        rows = await db.execute(
            select(versions.c.id, func.max(versions.c.version))
            .where(versions.c.municipality == municipality, versions.c.id.in_(part))
            .group_by(versions.c.id)
        )
        known |= {id: int(version) for id, version in rows}
    return known


def mentions(column: Any, ids: Sequence[UUID]) -> Any:
    return or_(*(func.lower(column).contains(str(id)) for id in ids))


def parts(all_: Sequence[Any], size: int = _CHUNK) -> list[Sequence[Any]]:
    return [all_[at : at + size] for at in range(0, len(all_), size)]
