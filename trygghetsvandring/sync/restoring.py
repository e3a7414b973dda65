"""After a restore, before anything is served: what the journal knows and the database has forgotten is done again.

A database is known to be restored when the journal names decisions it lacks, or when its counters stand lower than
they once did. It then gets a new feed epoch (phones read everything again and offer what the backup lost) and counters
that go on from where they had been, so that no receipt's number is given twice.
"""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import structlog

from trygghetsvandring.domain.erasures import About, Erasing, Reason, Series
from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.photos import Photo, PhotoState
from trygghetsvandring.storage import changes as feed
from trygghetsvandring.storage import erasures, municipalities, photos, scrub
from trygghetsvandring.storage.buckets import StoreAway
from trygghetsvandring.storage.disk import to_the_end
from trygghetsvandring.storage.journal import Line
from trygghetsvandring.sync.erasing import Hands, carry_out, remove_photo

log = structlog.get_logger()
_MARK_EVERY = 60.0  # seconds


@dataclass(slots=True)
class Report:
    """What was found and done."""

    epoch: str | None = None
    counters: list[str] = field(default_factory=list)
    replayed: int = 0
    removed: int = 0
    bytes_again: int = 0
    written_back: int = 0
    is_left: bool = False
    """The object store was away: bytes that were erased may still lie there, and no row names them."""


async def settle(hands: Hands, now: datetime, *, said: bool = False) -> Report:
    """`said`: somebody tells us that this is a backup; without it we find out. Harmless on a healthy database."""
    report, lines = Report(), await hands.journal.read()
    marks = await hands.marks.read()
    async with hands.store.write() as db:
        here = set(await municipalities.all_ids(db))
        known = await erasures.decisions(db)
        forgotten = [line for line in lines if line.decision not in known and line.municipality in here]
        report.counters = await scrub.raise_counters(db, marks)
        if said or forgotten or report.counters:
            report.epoch = await feed.new_epoch(db)
        for line in forgotten:
            await erasures.bar(db, line.municipality, line.erasing, board=line.board, at=line.at, replayed_at=now)
        report.replayed = len(forgotten)
    report.written_back = await _write_back(hands, lines)
    await _remove_again(hands, lines, report, now)
    await mark(hands)
    if report.epoch is not None:
        log.warning("restored", epoch=report.epoch, replayed=report.replayed, counters=report.counters)
    return report


async def restored(hands: Hands, now: datetime) -> str:
    """Somebody says that this database is a backup. What was done, line by line."""
    report = await settle(hands, now, said=True)
    missing = await missing_photos(hands)
    lines = [
        f"Ny epok: {report.epoch}. Telefonerna läser om allt och erbjuder det som saknas.",
        f"Räknare som höjdes: {len(report.counters)}.",
        *(f"  {line}" for line in report.counters),
        f"Beslut ur journalen: {report.replayed}. Borttaget igen: {report.removed}. Foton igen: {report.bytes_again}.",
        f"Beslut som skrevs tillbaka i journalen: {report.written_back}.",
        f"Foton som databasen känner men som saknas: {missing}.",
    ]
    return "\n".join(lines)


async def _remove_again(hands: Hands, lines: list[Line], report: Report, now: datetime) -> None:
    """While the object store is away only what a restore brought back stops the start: it would be shown again."""
    async with hands.store.read() as db:
        undone = await erasures.undone(db)
    report.is_left = False
    for municipality, decision, is_replayed in undone:
        try:
            report.removed += await carry_out(hands, municipality, decision, now)
        except StoreAway:
            if is_replayed:
                raise
            report.is_left = True  # its job goes on with it
    try:
        report.bytes_again = await _bytes_again(hands, lines)
    except StoreAway as away:
        report.is_left = True
        log.warning("erased_bytes_wait_for_the_store", why=away.facts.get("why"))


async def keep_marks(hands: Hands, left: Report, clock: Callable[[], datetime]) -> None:
    """Until cancelled: where the counters stand, now and then and once more at the end; and what `settle` left."""
    while True:
        try:
            await asyncio.sleep(_MARK_EVERY)
            await finish(hands, left, clock())
        finally:
            with contextlib.suppress(Refused, OSError):
                await mark(hands)


async def finish(hands: Hands, left: Report, now: datetime) -> None:
    """What the object store did not answer to when the server started."""
    if not left.is_left:
        return
    try:
        await _remove_again(hands, await hands.journal.read(), left, now)
    except Exception:  # tried again at the next mark, and marking goes on
        left.is_left = True
        log.exception("erased_things_are_left")


async def mark(hands: Hands) -> None:
    async with hands.store.read() as db:
        counted = await scrub.counted(db)
    await hands.marks.note(counted)


async def _write_back(hands: Hands, lines: list[Line]) -> int:
    """A journal that was lost, or restored with the rest, gets back what the database still knows."""
    written = {line.decision for line in lines}
    async with hands.store.read() as db:
        missing = []
        for municipality in await municipalities.all_ids(db):
            for row in await erasures.journaled(db, municipality):
                if row.id not in written:
                    refs = await erasures.refs_of(db, municipality, row.id)
                    it = Erasing(decision=row.id, reason=Reason(row.reason), refs=tuple(refs))
                    missing.append((municipality, row.board, it, row.decided_at))
    for municipality, board, it, at in missing:
        await to_the_end(partial(hands.journal.write, municipality, board, it, [], at))
    return len(missing)


async def _bytes_again(hands: Hands, lines: list[Line]) -> int:
    """The blob folder may be older than the database: bytes that came back with it go again."""
    again = 0
    for line in lines:
        for ref in line.erasing.refs:
            if ref.kind == About.PHOTO:
                key = photos.received_key(line.municipality, ref.id).rpartition("/")[0]
                if await hands.blobs.is_any(key) or hands.uploads.is_any(line.municipality, ref.id):
                    await remove_photo(hands.blobs, hands.uploads, line.municipality, ref.id)
                    again += 1
            elif ref.kind == Series.PARTIAL and hands.uploads.is_any(
                line.municipality, ref.id, untouched_since=line.at
            ):
                await hands.uploads.remove(line.municipality, ref.id, untouched_since=line.at)
                again += 1
    return again


async def missing_photos(hands: Hands) -> int:
    """Photos the database calls received whose bytes are nowhere: phones that still have them send them again."""
    missing = 0
    async with hands.store.read() as db:
        places = await municipalities.all_ids(db)
    for municipality in places:
        async for photo in photos.all_arrived(hands.store, municipality):
            missing += await _is_missing(hands, municipality, photo)
    return missing


async def _is_missing(hands: Hands, municipality: str, photo: Photo) -> bool:
    if photo.state is PhotoState.REFUSED:
        return False
    key = photos.received_key(municipality, photo.id).rpartition("/")[0]
    return not await hands.blobs.is_any(key)
