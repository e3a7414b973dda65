"""Erasure carried out: what was decided is removed from every table, the feed, the log, the disk; again if need be.

A decision bars its ids and stands in the journal before it is answered (`decide`). Removing comes after (`carry_out`),
a piece at a time, and may be cut off anywhere: it goes on where it was. What a removed thing left in its neighbours
goes with it: a task forgets the finding's words, a follower its target.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog

from trygghetsvandring.domain import observations as findings
from trygghetsvandring.domain import rewalks
from trygghetsvandring.domain.erasures import About, Erased, Erasing, Ref, Register, Series, register_id
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import Observation, ObservationState
from trygghetsvandring.domain.photos import Photo
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.storage import changes as feed
from trygghetsvandring.storage import (
    erasures,
    gallring,
    lagesbild,
    municipalities,
    operations,
    photos,
    promises,
    protocols,
    publications,
    records,
    scrub,
    walks,
)
from trygghetsvandring.storage.blobs import Blobs
from trygghetsvandring.storage.disk import to_the_end
from trygghetsvandring.storage.journal import Journal, Marks
from trygghetsvandring.storage.unit import Db, Store
from trygghetsvandring.storage.uploads import Uploads
from trygghetsvandring.sync import changes, replies
from trygghetsvandring.sync.items import Item
from trygghetsvandring.sync.known import Known
from trygghetsvandring.sync.outcomes import Decision
from trygghetsvandring.sync.wire import Outcome

log = structlog.get_logger()
GONE = "Borttaget enligt beslut."
_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """What removing needs to reach."""

    store: Store
    blobs: Blobs
    uploads: Uploads
    journal: Journal
    marks: Marks
    letters: Path
    key: bytes


# ---------------------------------------------------------------- deciding


async def settle(db: Db, place: Municipality, it: Decision, now: datetime) -> tuple[Erasing, list[str]]:
    """Bars everything the decision reaches, and gives it with the digests for the journal."""
    assert it.erasing is not None
    refs: Iterable[Ref] = it.erasing.refs
    if it.due is not None and it.due[0] is not Series.PARTIAL:
        really = await gallring.due(db, place, it.board, *it.due, limit=100_000)
        refs = set(refs) & {each.ref for each in really}
    register = await records.one(db, place.id, Register, register_id(place.id, it.board))
    held = frozenset() if register is None else register.held
    # The rule has refused what it could see is held. A photo its finding never named may be held too: it stays.
    along = await erasures.expanded(db, place.id, refs)
    whole = replace(it.erasing, refs=tuple(ref for ref in along if ref.id not in held))
    shown = await records.load(db, place.id, Photo, [ref.id for ref in whole.refs if ref.kind == About.PHOTO])
    digests = [photo.sha256 for photo in shown.values()]
    digests += [photo.shown_sha256 for photo in shown.values() if photo.shown_sha256]
    await erasures.bar(db, place.id, whole, board=it.board, at=now)
    return whole, digests


def refuse(items: Iterable[Item], gone: dict[UUID, str]) -> None:
    """Whatever they say, and whether we can read it or not: what they are about was removed by a decision."""
    for item in items:
        if item.envelope is not None and item.envelope.entity in gone:
            no = Erased(reason=gone[item.envelope.entity])
            item.outcome = Outcome(id=str(item.envelope.id), outcome="rejected", code=no.code, facts=dict(no.facts))
            item.waits_for = None


# ---------------------------------------------------------------- carrying out


async def carry_out(hands: Hands, municipality: str, decision: UUID, now: datetime) -> int:
    """Removes what is left of one decision, and says how many things that was. The journal knew of it before."""
    await _must_be_written(hands, municipality, decision)
    gone = 0
    while True:
        async with hands.store.read() as db:
            refs = await erasures.left(db, municipality, decision, _AT_ONCE)
        if not refs:
            break
        await _remove(hands, municipality, decision, refs, now)
        gone += len(refs)
    async with hands.store.write() as db:
        await scrub.done(db, municipality, decision, [], now)
    if gone:
        await hands.store.squeeze()
    return gone


async def _must_be_written(hands: Hands, municipality: str, decision: UUID) -> None:
    if any(line.decision == decision for line in await hands.journal.read()):
        return
    raise RuntimeError(f"erasure {decision} of {municipality} does not stand in the journal")


async def _remove(hands: Hands, municipality: str, decision: UUID, refs: Sequence[Ref], now: datetime) -> None:
    """Rows first, in one transaction; then bytes; then the note that they are gone. Every step may be repeated."""
    ids = [ref.id for ref in refs if ref.kind in erasures.ENTITIES]
    async with hands.store.read() as db:
        printed = await protocols.walks_about(db, municipality, ids)
    await _remove_papers(hands.blobs, municipality, printed)  # before: a second time nobody would know of them
    async with hands.store.write() as db:
        await operations.take_turn(db, municipality)
        place = await municipalities.municipality(db, municipality)
        assert place is not None
        changed = await _mended(db, place, ids, decision, now)
        letters = await scrub.letters(db, municipality, ids) if ids else []
        await protocols.scrub(db, municipality, ids, now)
        await promises.scrub(db, municipality, ids, decision, now)
        await lagesbild.scrub(db, municipality, ids, decision, now)
        await publications.scrub(db, municipality, ids, decision, now)
        rows = await scrub.scrub(db, municipality, refs, decision, now)
        told = await scrub.is_told(db, municipality, rows)
        rows = [row for row in rows if (row.scope, row.id) not in told]
        known = Known(place, key=hands.key, names={t: r.kind for t, r in records.ROOMS.items()})
        for entity in changed:
            known.put(entity)
        again = [row for entity in changed for row in changes.rows(entity, known)]
        again += await replies.rows(db, known, changed)
        await feed.append(db, municipality, [*rows, *again])
        followers = [row.id for row in again if row.kind == "reply"]
        await feed.rewrite_older(db, municipality, "reply", followers)
        await feed.rewrite_older(db, municipality, "walk", [row.id for row in again if row.kind == "walk"])
    await _remove_bytes(hands, municipality, refs, letters, now)
    await _remove_papers(hands.blobs, municipality, printed)  # and after: somebody may have asked for one meanwhile
    async with hands.store.write() as db:
        await scrub.forget_jobs(db, municipality, ids)
        await scrub.done(db, municipality, decision, refs, now)


async def _remove_bytes(
    hands: Hands, municipality: str, refs: Iterable[Ref], letters: Sequence[UUID], now: datetime
) -> None:
    for ref in refs:
        if ref.kind == About.PHOTO:
            await remove_photo(hands.blobs, hands.uploads, municipality, ref.id)
        elif ref.kind == Series.PARTIAL:
            await _remove_partial(hands.uploads, municipality, ref.id, now)
    if letters:
        await to_the_end(lambda: _unlink_letters(hands.letters, letters))


async def _remove_papers(blobs: Blobs, municipality: str, of: Iterable[UUID]) -> None:
    """Finished protocols of these walks; they are made again from what is left."""
    for walk in of:
        await blobs.remove_all(protocols.files_key(municipality, walk))


async def remove_photo(blobs: Blobs, uploads: Uploads, municipality: str, photo: UUID) -> None:
    """Every byte of it: what came, the copies, and what had only half come. Nobody writes to it meanwhile."""
    async with uploads.hold(municipality, photo):
        await uploads.remove(municipality, photo)
        await blobs.remove_all(photos.received_key(municipality, photo).rpartition("/")[0])
        await uploads.forget_lock(municipality, photo)


async def _remove_partial(uploads: Uploads, municipality: str, photo: UUID, now: datetime) -> None:
    """A phone may have begun again since: what is younger than the decision is another upload."""
    async with uploads.hold(municipality, photo):
        await uploads.remove(municipality, photo, untouched_since=now)
        await uploads.forget_lock(municipality, photo)


def _unlink_letters(folder: Path, jobs: Sequence[UUID]) -> None:
    """Letters that were never sent by mail: files in the data folder, named by their job."""
    if not folder.is_dir():
        return
    names = {str(job) for job in jobs}
    for file in folder.glob("*.eml"):
        if any(name in file.name for name in names):
            file.unlink(missing_ok=True)


# ---------------------------------------------------------------- neighbours


async def _mended(db: Db, place: Municipality, ids: Sequence[UUID], decision: UUID, now: datetime) -> list[Any]:
    """What stays and held something of what goes: new versions of them, and their older versions without it."""
    gone = set(ids)
    lost = await records.load(db, place.id, Observation, ids)
    work = await records.load(db, place.id, Task, ids)
    tasks = await records.load(db, place.id, Task, {t for o in lost.values() for t in (*o.tasks, *o.was_in)} - gone)
    around = {id for o in lost.values() for id in (*o.merged_from, o.merged_into) if id is not None}
    around |= {id for task in work.values() for id in task.findings}
    others = await records.load(db, place.id, Observation, around - gone)
    said = await _words_over_time(db, place.id, lost)
    after: list[Any] = [without(task, lost, said) for task in tasks.values()]
    after += [alone(other, gone) for other in others.values()]
    rewalks_ = await walks.revisiting(db, place.id, ids)
    after += [rewalks.without(walk, gone, GONE) for walk in rewalks_]
    before = {**tasks, **others, **{walk.id: walk for walk in rewalks_}}
    changed = [replace(it, version=it.version + 1) for it in after if it != before[it.id]]
    await records.save(db, place.id, changed, now)
    await records.keep_versions(db, place.id, [(it, decision) for it in changed], now)
    for task in tasks.values():
        await _rewrite_versions(db, place.id, task.id, lost, said)
    for walk in rewalks_:
        for version, doc in await scrub.versions_of(db, place.id, "walk", walk.id):
            bare = rewalks.without(records.decode(Walk, doc), gone, GONE)
            await scrub.rewrite_version(db, place.id, "walk", walk.id, version, records.encode(bare))
    return changed


async def _words_over_time(db: Db, municipality: str, lost: Mapping[UUID, Observation]) -> dict[UUID, set[str]]:
    """Where each finding has ever been said to be, by the walker or a moderator: older tasks say the older."""
    said: dict[UUID, set[str]] = {}
    for id, found in lost.items():
        versions = await scrub.versions_of(db, municipality, "observation", id)
        each = [found, *(records.decode(Observation, doc) for _, doc in versions)]
        said[id] = {words for it in each for words in (it.place_words, it.moderated_place) if words}
    return said


def without(task: Task, lost: Mapping[UUID, Observation], said: Mapping[UUID, set[str]]) -> Task:
    """The task goes on; the finding, its place in words, its point and its walker's wish are no longer in it.

    `said`: each lost finding's places in words, as they have been over time.
    """
    here = [found for found in lost.values() if task.id in found.tasks or task.id in found.was_in]
    words = {words for found in here for words in said[found.id]}
    points = {(found.position.lat, found.position.lon) for found in here if found.position}
    is_lost = (task.lat, task.lon) in points
    is_theirs = bool(here)
    return replace(
        task,
        findings=tuple(id for id in task.findings if id not in lost),
        absorbed=tuple(
            replace(each, findings=tuple(id for id in each.findings if id not in lost)) for each in task.absorbed
        ),
        place=GONE if task.place in words else task.place,
        lat=None if is_lost else task.lat,
        lon=None if is_lost else task.lon,
        history=tuple(
            replace(event, text=GONE) if is_theirs and event.type == "observation.withdraw" else event
            for event in task.history
        ),
    )


def alone(found: Observation, gone: set[UUID]) -> Observation:
    for task in [id for id in found.tasks if id in gone]:
        found = findings.unlink(found, task)
    merged_from = tuple(id for id in found.merged_from if id not in gone)
    if merged_from != found.merged_from:
        found = replace(found, merged_from=merged_from)
    found = replace(
        found,
        apart=tuple(id for id in found.apart if id not in gone),
        was_in=tuple(id for id in found.was_in if id not in gone),
    )
    if found.merged_into in gone:
        state = ObservationState.REVIEWED if found.state is ObservationState.MERGED else found.state
        found = replace(found, merged_into=None, state=state)
    return found


async def _rewrite_versions(
    db: Db, municipality: str, task: UUID, lost: Mapping[UUID, Observation], said: Mapping[UUID, set[str]]
) -> None:
    for version, doc in await scrub.versions_of(db, municipality, "task", task):
        was = records.decode(Task, doc)
        now = without(was, lost, said)
        if now != was:
            await scrub.rewrite_version(db, municipality, "task", task, version, records.encode(now))
