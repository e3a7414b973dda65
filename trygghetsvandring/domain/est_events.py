"""Events of an EST week: what was noticed, where and when, and who was out to notice it.

No person is in it and no word that somebody has written: a place is one of the municipality's own, a stop's name or a
walk's, and a category is the municipality's or none.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import NO_WALK, DismissReason, Observation, ObservationState
from trygghetsvandring.domain.places import distance_m
from trygghetsvandring.domain.presence import Band, PresenceSum
from trygghetsvandring.domain.routing import AT_THE_PLACE_M, Kind
from trygghetsvandring.domain.stops import FeelingAnswer
from trygghetsvandring.domain.tasks import Task, TaskState
from trygghetsvandring.domain.times import STOCKHOLM, evening_of
from trygghetsvandring.domain.walks import Walk, WalkState
from trygghetsvandring.domain.weeks import Week

BLOCK_H = 2
BLOCKS = tuple((6 + BLOCK_H * n) % 24 for n in range(12))
"""The hours that blocks of an evening begin at, in the order they come: an evening ends at six."""
NEAR_M = 150  # of a resident's report to a place we know
IN_THE_AREA_M = 3_000
_DRIVING = "motor"
_OUT_OF_SIGHT = frozenset({ObservationState.MERGED, ObservationState.WITHHELD, ObservationState.WITHDRAWN})


class Source(StrEnum):
    WALK = "walk"
    RESIDENT = "resident"
    PARTNER = "partner"


class Taken(StrEnum):
    """What has been done about it."""

    UNSORTED = "unsorted"
    NOTHING = "nothing"
    TASK = "task"
    DONE = "done"
    VERIFIED = "verified"
    WONT_DO = "wont_do"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """`place` "" = somewhere in the area; both "" = not known."""

    area: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that was noticed. `evening` and `hour` (0-23) None: a party told of the week only."""

    id: UUID
    evening: date | None
    hour: int | None
    area: str
    place: str
    category: str
    kind: Kind
    severity: int | None
    n: int
    source: Source
    party: str
    taken: Taken
    again: bool

    @property
    def block(self) -> int | None:
        return None if self.hour is None else self.hour - self.hour % BLOCK_H


@dataclass(frozen=True, slots=True, kw_only=True)
class Out:
    """Somebody was out on an evening. `hours` None: which is not known here; `place` "": where in the area likewise."""

    evening: date
    area: str
    place: str
    hours: frozenset[int] | None


class Vehicle(StrEnum):
    A_TRACTOR = "a_tractor"
    MOPED = "moped"
    CAR = "car"
    MOTORCYCLE = "motorcycle"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleBand:
    """About how many of one kind were there at once. Never added to another."""

    vehicle: Vehicle
    band: Band


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerCount:
    """Things that a party has counted, never people. `place` is a known place's id, None = somewhere in the area.

    `vehicles` and `stretch` (the id of a stråk) only of what is about vehicles.
    """

    id: UUID
    party: str
    told_by: str
    told_on: date
    area: str
    place: str | None
    evening: date | None
    hour: int | None
    category: str
    n: int
    vehicles: tuple[VehicleBand, ...] = ()
    stretch: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Everything of one week, and of the week before for comparison."""

    walks: Sequence[Walk] = ()
    findings: Sequence[Observation] = ()
    feelings: Sequence[FeelingAnswer] = ()
    tasks: Mapping[UUID, Task] | None = None
    counts: Sequence[PartnerCount] = ()
    presence: Sequence[PresenceSum] = ()


# ---------------------------------------------------------------- when and where


def vehicle_codes(here: Municipality) -> frozenset[str]:
    """Categories about vehicles: the social ones on the same tile as disturbing driving."""
    known = here.category(_DRIVING)
    if known is None:
        return frozenset()
    return frozenset(it.code for it in here.categories if it.tile == known.tile and it.kind is Kind.SOCIAL)


def hour_of(at: datetime) -> int:
    """On the clock in Sweden. The hour that comes twice in October is one hour."""
    return at.astimezone(STOCKHOLM).hour


class Spots:
    """Where things are among our places. The stops of a picture are the same few: each is looked up once."""

    def __init__(self, here: Municipality) -> None:
        self._places = here.places
        self._found: dict[tuple[str | None, str, tuple[float, float] | None], Spot] = {}
        self._stops: dict[tuple[UUID, UUID], Spot | None] = {}

    def at_stop(self, walk: Walk, stop: UUID) -> Spot | None:
        """None: the walk has no such stop."""
        key = (walk.id, stop)
        if key not in self._stops:
            it = walk.stop(stop)
            self._stops[key] = None if it is None else self.named(it.place, it.name, (it.lat, it.lon))
        return self._stops[key]

    def named(self, place: str | None, name: str, point: tuple[float, float] | None) -> Spot:
        """One of ours by id or name, else `name` in the area that `point` (WGS 84) is near."""
        key = (place, name, point)
        if key not in self._found:
            self._found[key] = self._named(place, name, point)
        return self._found[key]

    def _named(self, place: str | None, name: str, point: tuple[float, float] | None) -> Spot:
        known = next((each for each in self._places if each.id == place or each.name == name), None)
        if known is not None:
            return Spot(area=known.area, place=known.name)
        around = self.nearest(point, IN_THE_AREA_M)
        return Spot(area="" if around is None else around.area, place=name)

    def nearest(self, point: tuple[float, float] | None, within_m: float) -> Spot | None:
        if point is None or not self._places:
            return None
        near = min(self._places, key=lambda each: distance_m(point, (each.lat, each.lon)))
        return Spot(area=near.area, place=near.name) if distance_m(point, (near.lat, near.lon)) <= within_m else None


def spot_of(it: Observation, walks: Mapping[UUID, Walk], spots: Spots) -> Spot:
    walk = walks.get(it.walk)
    there = spots.at_stop(walk, it.stop) if walk is not None and it.stop is not None else None
    if there is not None:
        return there
    point = None if it.position is None else (it.position.lat, it.position.lon)
    near = spots.nearest(point, AT_THE_PLACE_M if walk is not None else NEAR_M)
    if near is not None:
        return near
    if walk is not None:
        first = walk.stops[0] if walk.stops else None
        return spots.named(None, walk.place, point or (None if first is None else (first.lat, first.lon)))
    around = spots.nearest(point, IN_THE_AREA_M)
    return Spot(area="" if around is None else around.area, place="")


# ---------------------------------------------------------------- what was noticed, and who was out


def is_shown(it: Observation) -> bool:
    """Neither hidden, nor taken back, nor the same as another, nor somebody's personal matter."""
    return it.state not in _OUT_OF_SIGHT and it.dismiss_reason is not DismissReason.PERSONAL_MATTER


def events_of(
    week: Week,
    found: Sources,
    here: Municipality,
    before: Collection[tuple[str, str, str]],
    own: Collection[str] | None = None,
    spots: Spots | None = None,
) -> list[Event]:
    """In the order of the week; those without a day last. `before`: (area, place, category) of the week before.

    `own`: names that a place may have, any other is told as its area only; None = all. `spots`: what many weeks share.
    """
    walks, at = {walk.id: walk for walk in found.walks}, spots or Spots(here)
    # What was seen on a walk belongs to the walk's evening, however long after midnight.
    begun = {walk.id: evening_of(walk.starts_at) for walk in found.walks}
    seen = []
    for it in found.findings:
        if is_shown(it):
            evening = begun.get(it.walk) or evening_of(it.seen_at)
            seen.append(_seen(it, evening, spot_of(it, walks, at), found.tasks or {}, here, own))
    told = [_told(it, here) for it in found.counts]
    evenings = set(week.evenings)
    mine = [it for it in seen if it.evening in evenings] + told
    here_before = set(before)
    named = [replace(it, again=True) if (it.area, it.place, it.category) in here_before else it for it in mine if it.n]
    return sorted(named, key=lambda it: (it.evening or date.max, BLOCKS.index(it.block or 0), it.hour or 0, it.id))


def _seen(
    it: Observation,
    evening: date,
    spot: Spot,
    tasks: Mapping[UUID, Task],
    here: Municipality,
    own: Collection[str] | None,
) -> Event:
    return Event(
        id=it.id,
        evening=evening,
        hour=hour_of(it.seen_at),
        area=spot.area,
        place=spot.place if own is None or spot.place in own else "",
        # A code that a phone wrote itself and nobody has sorted could be words of somebody's own.
        category=it.category if here.category(it.category) is not None else "",
        kind=it.kind,
        severity=it.severity,
        n=1,
        source=Source.RESIDENT if it.walk == NO_WALK else Source.WALK,
        party="",
        taken=taken(it, [tasks[id] for id in it.tasks if id in tasks]),
        again=False,
    )


def _told(it: PartnerCount, here: Municipality) -> Event:
    known = here.category(it.category)
    place = next((each for each in here.places if each.id == it.place), None)
    return Event(
        id=it.id,
        evening=it.evening,
        hour=it.hour,
        area=it.area,
        place=place.name if place else "",
        category=it.category,
        kind=known.kind if known else Kind.EXPERIENCE,
        severity=None,
        n=it.n,
        source=Source.PARTNER,
        party=it.party,
        taken=Taken.NOTHING,
        again=False,
    )


def taken(it: Observation, tasks: Sequence[Task]) -> Taken:
    """The least that any of its tasks has come to."""
    if it.state is ObservationState.RECEIVED:
        return Taken.UNSORTED
    ends = {TaskState.DONE: Taken.DONE, TaskState.VERIFIED: Taken.VERIFIED, TaskState.WONT_DO: Taken.WONT_DO}
    come_to = [ends.get(task.state, Taken.TASK) for task in tasks if not task.is_gone]
    worst = (Taken.TASK, Taken.WONT_DO, Taken.DONE, Taken.VERIFIED)
    return min(come_to, key=worst.index) if come_to else Taken.NOTHING


def out_of(week: Week, found: Sources, here: Municipality, spots: Spots | None = None) -> list[Out]:
    """Walks that were walked, by stop and hour, and evenings that the released sums say somebody was out in an area."""
    at, evenings = spots or Spots(here), set(week.evenings)
    seen = {
        Out(evening=evening_of(walk.starts_at), area=spot.area, place=spot.place, hours=hours)
        for walk in were_walked(found)
        for hours in (_hours(walk),)
        for spot in {at.named(stop.place, stop.name, (stop.lat, stop.lon)) for stop in walk.stops}
    }
    seen |= {Out(evening=it.evening, area=it.area, place="", hours=None) for it in found.presence if it.passes}
    return sorted(
        (it for it in seen if it.evening in evenings),
        key=lambda it: (it.evening, it.area, it.place, sorted(it.hours or ())),
    )


def were_walked(found: Sources) -> list[Walk]:
    """Ended, or somebody has handed something in from it: a planned evening is no evening out."""
    handed_in = {it.walk for it in found.findings} | {it.walk for it in found.feelings}
    return [walk for walk in found.walks if walk.state is WalkState.ENDED or walk.id in handed_in]


def _hours(walk: Walk) -> frozenset[int]:
    """Every hour the walk touches, on the clock in Sweden."""
    at, hours = walk.starts_at, set()
    while at < walk.ends_at:
        hours.add(hour_of(at))
        at += timedelta(minutes=15)
    return frozenset(hours)
