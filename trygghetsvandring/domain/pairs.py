"""Pairs: one photo from before and one from after, shown beside each other to everybody.

    Refused
    ├── PairNotDone          nobody has said that the work is done, or the task has nothing to do with the finding
    └── PairNotLookedAt      whoever releases it has not said that nobody can be known in either photo

A release names both photos, and lets neither be read for anything else. It stands on the publication of its finding:
when that is withdrawn, held back or erased, the pair is gone with it, and so it is when the task is opened again.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from trygghetsvandring.domain.errors import Refused, SeenHasMoved, TextTooLong
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.photos import Belongs, Photo, PhotoOf, PhotoState
from trygghetsvandring.domain.publications import NotPublished, Pair, PhotoNotReleasable, Publication, Side, is_showable
from trygghetsvandring.domain.publications import is_read as is_publication_read
from trygghetsvandring.domain.tasks import FieldMissing, Task, TaskState, day_of, public_safe

LONGEST_WORDS = 200
LONGEST_NAME = 80
DONE = frozenset({TaskState.DONE, TaskState.VERIFIED})


class PairNotDone(Refused):
    code = "pair_not_done"


class PairNotLookedAt(Refused):
    code = "pair_not_looked_at"


def released(
    publication: Publication | None,
    found: Observation,
    task: Task,
    before: Photo,
    after: Photo,
    *,
    words: tuple[str, str],
    name: str,
    function: str,
    looked: bool,
    seen: int,
    at: datetime,
) -> Publication:
    """`words`: what each photo shows, for who does not see it. `seen`: the version of the publication that was read."""
    if publication is None or not is_publication_read(publication, found):
        raise NotPublished()
    if seen != publication.version:
        raise SeenHasMoved(seen=seen, now=publication.version)
    if not is_done(task, found):
        raise PairNotDone(state=task.state.value)
    if not is_showable(found, before):
        raise PhotoNotReleasable(state=before.state.value)
    if not is_proof(task, after):
        raise PhotoNotReleasable(state=after.state.value)
    if not looked:
        raise PairNotLookedAt()
    said = _said(words, name)
    pair = Pair(
        task=task.id,
        before=Side(photo=before.id, words=said[0], on=day_of(found.seen_at)),
        after=Side(photo=after.id, words=said[1], on=day_of(after.taken_at)),
        released_by=f"{name.strip()}, {function}",
        released_at=at,
    )
    return replace(publication, pair=pair, changed_at=at)


def _said(words: tuple[str, str], name: str) -> tuple[str, str]:
    told = {"before_words": public_safe(words[0]), "after_words": public_safe(words[1]), "name": public_safe(name)}
    missing = [field for field, text in told.items() if not text]
    if missing:
        raise FieldMissing(operation="publication.pair", fields=missing)
    for field, text in told.items():
        longest = LONGEST_NAME if field == "name" else LONGEST_WORDS
        if len(text) > longest:
            raise TextTooLong(field=field, longest=longest)
    return told["before_words"], told["after_words"]


def taken_away(publication: Publication | None, *, at: datetime) -> Publication:
    if publication is None or publication.pair is None:
        raise NotPublished()
    return replace(publication, pair=None, changed_at=at)


def is_done(task: Task, found: Observation) -> bool:
    """Its own task, or that of the finding it was merged into."""
    return task.state in DONE and not task.is_gone and bool({found.id, found.merged_into} & set(task.findings))


def is_proof(task: Task, photo: Photo) -> bool:
    """Taken of this task's work, looked at by the server, and not one that came in with more than its picture."""
    own = photo.of == Belongs(kind=PhotoOf.TASK, id=task.id)
    return own and photo.state is PhotoState.ACCEPTED and not photo.is_sealed


def is_read(
    publication: Publication | None, found: Observation | None, task: Task | None, photos: Mapping[UUID, Photo]
) -> bool:
    """The one question before a pair leaves the house: everything it was released on still stands so."""
    pair = publication.pair if publication is not None else None
    if pair is None or found is None or task is None or not is_publication_read(publication, found):
        return False
    before, after = photos.get(pair.before.photo), photos.get(pair.after.photo)
    return (
        before is not None
        and after is not None
        and task.id == pair.task
        and is_done(task, found)
        and is_showable(found, before)
        and is_proof(task, after)
    )


def without(publication: Publication, gone: Collection[UUID]) -> Publication:
    """As it is when some of these are erased: a pair of one is none."""
    pair = publication.pair
    if pair is None or not {pair.task, pair.before.photo, pair.after.photo} & set(gone):
        return publication
    return replace(publication, pair=None)
