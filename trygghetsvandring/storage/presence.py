"""Presence: passes and entries, asked for by one organisation, or by the sums for all of a municipality."""

from datetime import date

from sqlalchemy import select

from trygghetsvandring.domain.presence import Pass, PresenceEntry
from trygghetsvandring.storage.records import found, register
from trygghetsvandring.storage.tables import passes, presence
from trygghetsvandring.storage.unit import Db

register(Pass, "pass", passes, lambda p: {"organisation": p.organisation, "evening": p.evening})
register(
    PresenceEntry,
    "presence",
    presence,
    lambda e: {"organisation": e.organisation, "pass_id": e.pass_id, "evening": e.evening},
)


async def entries_between(db: Db, municipality: str, first: date, last: date) -> list[PresenceEntry]:
    """Every organisation's entries: for `domain.presence.sums` and for nothing else."""
    p = presence.c
    question = select(p.doc).where(p.municipality == municipality, p.evening.between(first, last))
    return await found(db, PresenceEntry, question.order_by(p.evening, p.id))


async def log_of(
    db: Db, municipality: str, organisation: str, first: date, last: date
) -> list[tuple[Pass, list[PresenceEntry]]]:
    """One organisation's passes, the latest evening first, each with its entries as the evening went."""
    q, p = passes.c, presence.c
    own_passes = select(q.doc).where(
        q.municipality == municipality, q.organisation == organisation, q.evening.between(first, last)
    )
    own_entries = select(p.doc).where(
        p.municipality == municipality, p.organisation == organisation, p.evening.between(first, last)
    )
    entries = sorted(await found(db, PresenceEntry, own_entries), key=lambda entry: entry.at)
    return [
        (one, [entry for entry in entries if entry.pass_id == one.id])
        for one in await found(db, Pass, own_passes.order_by(q.evening.desc(), q.id))
    ]
