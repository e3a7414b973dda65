"""Motorburen problematik, week by week: what was told of vehicles, where, when, of what sort, and who was out to see.

For the group that meets about the week and never outside it. Coarse: a place is one of the municipality's own or one of
its stråk, and what lies nowhere we know is told of its area only. Vehicles are an interval of each kind, never a plate
and never who. Between two weeks every place has the evenings somebody looked in both; no cause is told.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

from trygghetsvandring.domain.est_events import (
    Event,
    Out,
    PartnerCount,
    Spots,
    Vehicle,
    VehicleBand,
    events_of,
    out_of,
    vehicle_codes,
    were_walked,
)
from trygghetsvandring.domain.est_picture import Trend, trend
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.period_picture import WeekFound
from trygghetsvandring.domain.presence import Band
from trygghetsvandring.domain.stretches import stretch_at
from trygghetsvandring.domain.times import evening_of
from trygghetsvandring.domain.weeks import Week

WEEKS = 8
_DECIMALS = 3  # of a degree: about a hundred metres


class Sort(StrEnum):
    MUSIC = "music"
    SPEED = "speed"
    GATHERING = "gathering"
    OTHER = "other"  # disturbing driving, or nobody said of what sort


_SORTS: Mapping[str, Sort] = {
    "motor.musik": Sort.MUSIC,
    "trafik.fart": Sort.SPEED,
    "motor.samling": Sort.GATHERING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Both `place` and `stretch` "": somewhere in the area. `stretch` is its name."""

    area: str
    place: str = ""
    stretch: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SortCount:
    sort: Sort
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WhenCount:
    """`evening` None: told of the week only. `block`: the two hours it begins, None = told without an hour."""

    evening: date | None
    block: int | None
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleSpot:
    """One place in one week, against the week before. `n` None = nobody was out and nothing was told.

    `line`: a point for a place, the stretch's own for a stråk, nothing for an area. Degrees (lat, lon), coarse.
    """

    where: Where
    line: tuple[tuple[float, float], ...]
    n: int | None
    before: int | None
    evenings: int
    evenings_before: int
    trend: Trend
    sorts: tuple[SortCount, ...]
    vehicles: tuple[VehicleBand, ...]
    when: tuple[WhenCount, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleWeek:
    """`evenings` that somebody was out anywhere."""

    week: str
    number: int
    first: date
    last: date
    evenings: int
    total: int
    spots: tuple[VehicleSpot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    week: Week
    at: Mapping[Where, Sequence[Event]]
    counts: Mapping[UUID, PartnerCount]
    out: Sequence[Out]
    on_stretch: Mapping[str, frozenset[date]]

    def evenings(self, where: Where) -> int:
        if where.stretch:
            return len(self.on_stretch.get(where.stretch, frozenset()))
        return len({it.evening for it in self.out if it.area == where.area and where.place in {"", it.place}})

    def n(self, where: Where) -> int:
        return sum(it.n for it in self.at.get(where, ()))


def vehicle_weeks(weeks: Sequence[WeekFound], here: Municipality) -> list[VehicleWeek]:
    """One for each that has a week before it in `weeks`, in their order."""
    spots = Spots(here)
    told = [_told(it, here, spots) for it in weeks]
    return [_week(now, before, here) for before, now in pairwise(told)]


def _told(it: WeekFound, here: Municipality, spots: Spots) -> _Told:
    codes, counts = vehicle_codes(here), {each.id: each for each in it.found.counts}
    names = {each.id: each.name for each in here.stretches}
    at: dict[Where, list[Event]] = {}
    for event in events_of(it.week, it.found, here, (), {place.name for place in here.places}, spots):
        if event.category in codes:
            at.setdefault(_where(event, counts.get(event.id), names), []).append(event)
    return _Told(
        week=it.week,
        at=at,
        counts=counts,
        out=out_of(it.week, it.found, here, spots),
        on_stretch=_on_stretches(it, here),
    )


def _where(event: Event, count: PartnerCount | None, names: Mapping[str, str]) -> Where:
    stretch = names.get(count.stretch or "", "") if count is not None else ""
    return Where(area=event.area, place="" if stretch else event.place, stretch=stretch)


def _on_stretches(it: WeekFound, here: Municipality) -> dict[str, frozenset[date]]:
    """Evenings on which a walk stopped on each stretch, by its name."""
    seen: dict[str, set[date]] = {}
    for walk in were_walked(it.found):
        evening = evening_of(walk.starts_at)
        if evening not in it.week.evenings:
            continue
        for stop in walk.stops:
            stretch = stretch_at(here.stretches, (stop.lat, stop.lon))
            if stretch is not None:
                seen.setdefault(stretch.name, set()).add(evening)
    return {name: frozenset(evenings) for name, evenings in seen.items()}


def _week(now: _Told, before: _Told, here: Municipality) -> VehicleWeek:
    spots = [_spot(where, now, before, here) for where in {*now.at, *before.at}]
    order = list(Trend)
    spots.sort(key=lambda it: (-(it.n or 0), order.index(it.trend), it.where.area, it.where.place, it.where.stretch))
    return VehicleWeek(
        week=str(now.week),
        number=now.week.number,
        first=now.week.monday,
        last=now.week.sunday,
        evenings=len({it.evening for it in now.out}),
        total=sum(now.n(where) for where in now.at),
        spots=tuple(spots),
    )


def _spot(where: Where, now: _Told, before: _Told, here: Municipality) -> VehicleSpot:
    n, last = now.n(where), before.n(where)
    looked, looked_then = now.evenings(where), before.evenings(where)
    events = now.at.get(where, ())
    return VehicleSpot(
        where=where,
        line=_line(where, here),
        n=n if n or looked else None,
        before=last if last or looked_then else None,
        evenings=looked,
        evenings_before=looked_then,
        trend=trend(n, last, looked, looked_then),
        sorts=tuple(_sorts(events)),
        vehicles=tuple(_vehicles(events, now.counts)),
        when=tuple(_when(events)),
    )


def _line(where: Where, here: Municipality) -> tuple[tuple[float, float], ...]:
    if where.stretch:
        points = next((it.line for it in here.stretches if it.name == where.stretch), ())
    else:
        points = tuple((it.lat, it.lon) for it in here.places if (it.area, it.name) == (where.area, where.place))[:1]
    return tuple((round(lat, _DECIMALS), round(lon, _DECIMALS)) for lat, lon in points)


def _sorts(events: Iterable[Event]) -> Iterable[SortCount]:
    counted = Counter[Sort]()
    for it in events:
        counted[_SORTS.get(it.category, Sort.OTHER)] += it.n
    return (SortCount(sort=sort, n=counted[sort]) for sort in Sort if counted[sort])


def _vehicles(events: Iterable[Event], counts: Mapping[UUID, PartnerCount]) -> Iterable[VehicleBand]:
    order, most = list(Band), dict[Vehicle, Band]()
    for it in events:
        told = counts.get(it.id)
        for each in told.vehicles if told is not None else ():
            most[each.vehicle] = max(most.get(each.vehicle, each.band), each.band, key=order.index)
    return (VehicleBand(vehicle=vehicle, band=most[vehicle]) for vehicle in Vehicle if vehicle in most)


def _when(events: Iterable[Event]) -> Iterable[WhenCount]:
    """In the order of the week."""
    counted = Counter[tuple[date | None, int | None]]()
    for it in events:
        counted[it.evening, it.block] += it.n
    return (WhenCount(evening=evening, block=block, n=n) for (evening, block), n in counted.items())
