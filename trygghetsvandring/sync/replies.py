"""What became of it: the answers that follow from a change, for the phones of those who saw it.

A reply depends on a finding and all its tasks, so it is worked out after the batch is decided and saved.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from trygghetsvandring.domain import replies
from trygghetsvandring.domain.observations import Observation, ObservationState
from trygghetsvandring.domain.photos import Photo, PhotoOf
from trygghetsvandring.domain.replies import Reply
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.storage import changes as feed
from trygghetsvandring.storage import records
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync import changes
from trygghetsvandring.sync.known import Known

SERIES = "reply"
Told = tuple[Observation, Reply | None]
_NAMES = tuple(Reply.__dataclass_fields__)
_values = attrgetter(*_NAMES)
T = TypeVar("T", Observation, Task, Walk, Photo)


async def rows(db: Db, known: Known, changed: Sequence[Any]) -> list[feed.Row]:
    """Feed rows of kind `reply` for every finding touched by the change."""
    touched = {entity.id for entity in changed if isinstance(entity, Observation)}
    touched |= {finding for entity in changed if isinstance(entity, Task) for finding in entity.findings}
    touched |= {photo.of.id for photo in changed if isinstance(photo, Photo) and _is_declared_late(photo, known)}
    if not touched:
        return []
    told = [pair for pair in await answers(Reader(db, known), touched) if pair[0].device is not None]
    again = sum(not _is_first(observation) for observation, _ in told)
    # A phone drops what is older than what it has, and versions of findings and tasks added up would go back when a
    # link is undone. So answers are numbered by a series of their own, from 1; a finding's first answer is 0.
    number = await feed.draw(db, known.municipality.id, SERIES, again) if again else 0
    lines = []
    for observation, reply in told:
        lines.append(_row(observation, reply, known, 0 if _is_first(observation) else number))
        number += not _is_first(observation)
    return lines


def _is_declared_late(photo: Photo, known: Known) -> bool:
    """Now declared, on a finding that is here and names it: its answer can show it."""
    if photo.of.kind is not PhotoOf.OBSERVATION or photo.version != 1:
        return False
    found = known.get(Observation, photo.of.id)
    return found is not None and photo.id in found.photos


def _is_first(observation: Observation) -> bool:
    """Just handed in: nothing has been decided, so the answer needs no number and the walk's evening no drawing."""
    return observation.version == 1 and observation.state is ObservationState.RECEIVED


@dataclass(frozen=True, slots=True)
class Reader:
    """What the batch already knows, and the database for the rest: a handed-in evening costs no question here."""

    db: Db
    known: Known

    async def all(self, type: type[T], ids: Iterable[UUID]) -> dict[UUID, T]:
        wanted = set(ids)
        here = {entity.id: entity for entity in self.known.all(type) if entity.id in wanted}
        return here | await records.load(self.db, self.known.municipality.id, type, wanted - here.keys())


async def answers(read: Reader, findings: Iterable[UUID]) -> list[Told]:
    """The replies to these findings and to those merged into them, oldest first; None = withdrawn."""
    asked = await read.all(Observation, findings)
    while followers := {each for found in asked.values() for each in found.merged_from} - asked.keys():
        asked |= (new := await read.all(Observation, followers))
        if not new:
            break
    known = dict(asked)
    while targets := {found.merged_into for found in known.values() if found.merged_into is not None} - known.keys():
        known |= (new := await read.all(Observation, targets))
        if not new:
            break
    tasks = await read.all(Task, {id for found in known.values() for id in found.tasks})
    walks = await read.all(Walk, {found.walk for found in asked.values()})
    photos = await read.all(Photo, {id for found in asked.values() for id in found.photos})
    ordered = sorted(asked.values(), key=lambda found: (found.received_at, found.id.int))
    return [(found, _reply(found, known, tasks, walks, photos)) for found in ordered]


def _goes_on(found: Observation, known: dict[UUID, Observation]) -> Observation | None:
    """The last in the row of those it was merged into; nothing is merged into what is merged, so there is one."""
    into = None if found.merged_into is None else known.get(found.merged_into)
    while into is not None and into.merged_into is not None and into.merged_into in known:
        into = known[into.merged_into]
    return into


def _reply(
    found: Observation,
    known: dict[UUID, Observation],
    tasks: dict[UUID, Task],
    walks: dict[UUID, Walk],
    photos: dict[UUID, Photo],
) -> Reply | None:
    into = _goes_on(found, known)
    source = found if into is None else into
    stop = walks[found.walk].stop(found.stop) if found.stop is not None and found.walk in walks else None
    return replies.reply(
        found,
        tasks=[tasks[id] for id in source.tasks if id in tasks],
        into=into,
        stop_name=stop.name if stop is not None else found.place_words,
        photos=[photos[id] for id in found.photos if id in photos],
    )


def _row(observation: Observation, reply: Reply | None, known: Known, version: int) -> feed.Row:
    state = None if reply is None else msgspec.json.encode(wire_state(reply, known, version)).decode()
    return feed.Row(
        scope=changes.of_device(observation.device),
        kind="reply",
        id=str(observation.id),
        version=version,
        state=state,
    )


def wire_state(reply: Reply, known: Known, version: int) -> dict[str, object]:
    """`ReplyState` of the wire; the unit stands there by its name, as the walker reads it."""
    state = dict(zip(_NAMES, _values(reply), strict=True))
    if reply.department is not None:
        owner = known.municipality.organisation(reply.department)
        state["department"] = None if owner is None else owner.name
    return {**state, "version": version}
