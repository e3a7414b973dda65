"""Pairs of photos as everybody may see them: asked for anew each time, so that what is taken away is gone at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from trygghetsvandring.domain import pairs as rules
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.photos import Photo
from trygghetsvandring.domain.publications import Pair, Publication
from trygghetsvandring.domain.stretches import stretch_at
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.storage import publications, records
from trygghetsvandring.storage.unit import Db


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPair:
    """`stretch`: the id of the one its task lies on, None for none. The photos are in the pair's order."""

    finding: UUID
    text: str
    place_words: str
    pair: Pair
    photos: tuple[Photo, Photo]
    stretch: str | None


async def released(db: Db, here: Municipality) -> list[ShownPair]:
    """The one that was released last first."""
    return await _shown(db, here, await publications.with_pairs(db, here.id))


async def of_finding(db: Db, here: Municipality, finding: UUID) -> ShownPair | None:
    publication = await records.one(db, here.id, Publication, finding)
    return next(iter(await _shown(db, here, [publication])), None) if publication is not None else None


async def _shown(db: Db, here: Municipality, found: Sequence[Publication]) -> list[ShownPair]:
    named = [(it, it.pair) for it in found if it.pair is not None]
    if not named:
        return []
    findings = await records.load(db, here.id, Observation, [it.id for it, _ in named])
    tasks = await records.load(db, here.id, Task, {pair.task for _, pair in named})
    wanted = {side.photo for _, pair in named for side in (pair.before, pair.after)}
    photos = await records.load(db, here.id, Photo, wanted)
    return [
        ShownPair(
            finding=it.id,
            text=it.text,
            place_words=it.place_words,
            pair=pair,
            photos=(photos[pair.before.photo], photos[pair.after.photo]),
            stretch=stretch_of(here, tasks[pair.task]),
        )
        for it, pair in named
        if rules.is_read(it, findings.get(it.id), tasks.get(pair.task), photos)
    ]


def stretch_of(here: Municipality, task: Task) -> str | None:
    on = stretch_at(here.stretches, None if task.lat is None or task.lon is None else (task.lat, task.lon))
    return None if on is None else on.id
