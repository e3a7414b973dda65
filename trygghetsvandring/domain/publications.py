"""Publications: what of a finding everybody may read. A release is an act of its own, by a coordinator.

    Refused
    ├── NotPublishable       nobody has sorted it, it is held back, or its kind is never made public
    ├── NotPublished         there is nothing to withdraw
    └── PhotoNotReleasable   another finding's, not looked at by the server, or one that came in unmasked

A publication has the id of its finding. It holds its own words, written for everybody: never the walker's. Where it
was is known to about a hundred metres.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from trygghetsvandring.domain.errors import Refused, SeenHasMoved
from trygghetsvandring.domain.observations import Observation, ObservationState
from trygghetsvandring.domain.photos import Photo
from trygghetsvandring.domain.routing import BECOMES_TASK
from trygghetsvandring.domain.tasks import FieldMissing, public_safe

LONGEST_PLACE = 120
COARSE_DECIMALS = 3
"""Of a degree: 111 m to the north and about 58 m to the east in Lidköping."""


class Release(StrEnum):
    INTERNAL = "internal"
    PROPOSED = "proposed"  # somebody thinks it can be shown; nothing is
    PUBLIC = "public"
    WITHDRAWN = "withdrawn"


_R = Release
PASSAGES: tuple[tuple[str, Release, Release], ...] = (
    ("publication.propose", _R.INTERNAL, _R.PROPOSED),
    ("publication.propose", _R.PROPOSED, _R.PROPOSED),
    ("publication.propose", _R.WITHDRAWN, _R.PROPOSED),
    ("publication.publish", _R.INTERNAL, _R.PUBLIC),
    ("publication.publish", _R.PROPOSED, _R.PUBLIC),
    ("publication.publish", _R.PUBLIC, _R.PUBLIC),  # said better
    ("publication.publish", _R.WITHDRAWN, _R.PUBLIC),
    ("publication.withdraw", _R.PROPOSED, _R.WITHDRAWN),
    ("publication.withdraw", _R.PUBLIC, _R.WITHDRAWN),
)
SORTED = frozenset({ObservationState.REVIEWED, ObservationState.LINKED, ObservationState.NO_ACTION})
SHOWN = SORTED | {ObservationState.MERGED}
"""While the finding stands so, its publication is read; a finding held back takes it out of sight at once."""


class NotPublishable(Refused):
    code = "not_publishable"


class NotPublished(Refused):
    code = "not_published"


class PhotoNotReleasable(Refused):
    code = "photo_not_releasable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One photo of a pair. `words`: what it shows, for who does not see it. `on`: the day it was taken."""

    photo: UUID
    words: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A photo from before and one of the finished work. `released_by`: a name and a function, for the desk only."""

    task: UUID
    before: Side
    after: Side
    released_by: str
    released_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """`lat`, `lon` are coarse already. `by` is a function. `changed_at`: the last time anything of this changed."""

    id: UUID
    version: int
    state: Release
    text: str
    place_words: str
    category: str
    lat: float | None
    lon: float | None
    photos: tuple[UUID, ...]
    requested_at: datetime
    changed_at: datetime
    by: str
    pair: Pair | None = None


def coarse(lat: float, lon: float) -> tuple[float, float]:
    return round(lat, COARSE_DECIMALS), round(lon, COARSE_DECIMALS)


def release(
    operation: str,
    before: Publication | None,
    found: Observation,
    *,
    text: str,
    place_words: str,
    point: tuple[float, float] | None,
    photos: Collection[UUID],
    by: str,
    at: datetime,
    seen: int | None = None,
    read_at: Sequence[float] | None = None,
) -> Publication:
    """Proposed or public, with words of its own. `photos` have been looked at by `releasable`.

    `seen`: the version of the finding that was read, where several are released from one list. `read_at`: the coarse
    point that was read with it, [] for none.
    """
    end = _end(operation, Release.INTERNAL if before is None else before.state)
    if not is_publishable(found):
        raise NotPublishable(kind=found.kind.value, state=found.state.value)
    lat, lon = coarse(*point) if point is not None else (None, None)
    here = [] if lat is None or lon is None else [lat, lon]
    if (seen is not None and seen != found.version) or (read_at is not None and list(read_at) != here):
        raise SeenHasMoved(seen=seen, now=found.version)
    said = public_safe(text)
    if not said:
        raise FieldMissing(operation=operation, fields=["text"])
    return Publication(
        id=found.id,
        version=before.version if before else 0,
        state=end,
        text=said,
        place_words=public_safe(place_words)[:LONGEST_PLACE],
        category=found.category,
        lat=lat,
        lon=lon,
        photos=tuple(dict.fromkeys(photos)),
        requested_at=found.received_at,
        changed_at=at,
        by=by,
        pair=before.pair if before and before.state is Release.PUBLIC and end is Release.PUBLIC else None,
    )


def withdraw(before: Publication | None, *, by: str, at: datetime) -> Publication:
    """Out of sight at once. The words stay in the versions."""
    if before is None:
        raise NotPublished()
    end = _end("publication.withdraw", before.state)
    return replace(before, state=end, by=by, changed_at=at, pair=None)


def without(before: Publication, photo: UUID, *, by: str, at: datetime) -> Publication:
    """As it is read from now on; whoever lets the photo go again chooses anew what everybody sees."""
    return replace(before, photos=tuple(each for each in before.photos if each != photo), by=by, changed_at=at)


def is_publishable(found: Observation) -> bool:
    """Somebody has sorted it, nothing holds it back, and it is about a place and not about people."""
    return found.kind in BECOMES_TASK and found.state in SORTED


def is_showable(found: Observation, photo: Photo) -> bool:
    """Its own, looked at, held back by nobody, and not one that came in unmasked."""
    return photo.id in found.photos and photo.may_be_shown and not photo.is_sealed


def releasable(found: Observation, photos: Iterable[Photo]) -> list[UUID]:
    """What came in unmasked is shown to nobody outside, whatever a person at a desk wishes."""
    named = []
    for photo in photos:
        if not is_showable(found, photo):
            raise PhotoNotReleasable(state=photo.state.value)
        named.append(photo.id)
    return named


def is_read(publication: Publication | None, found: Observation | None) -> bool:
    """The one question before anything leaves the house."""
    return (
        publication is not None
        and publication.state is Release.PUBLIC
        and found is not None
        and found.state in SHOWN
        and found.kind in BECOMES_TASK
    )


def _end(operation: str, start: Release) -> Release:
    for name, begin, end in PASSAGES:
        if (name, begin) == (operation, start):
            return end
    raise NotPublished(state=start.value)
