"""The picture of an EST week: what was noticed, where, when and of what sort, beside who was out to notice it.

Events are exact and people are bands. No person is in it and no word that somebody has written: a place is one of the
municipality's own, a stop's name or a walk's. A cell where nobody was out and nothing was told says nothing (`n` None),
which is neither 0 nor calm; every cell carries the number of evenings somebody was out there.

What a team's log lets over its wall is area by evening (`presence.sums`): it counts as an evening of the area, and of
no place or hour in it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from trygghetsvandring.domain.est_events import (
    BLOCK_H,
    BLOCKS,
    Event,
    Out,
    Sources,
    Taken,
    events_of,
    out_of,
    were_walked,
)
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.presence import PresenceSum
from trygghetsvandring.domain.routing import BECOMES_TASK, Kind
from trygghetsvandring.domain.stops import Feeling, FeelingAnswer, people
from trygghetsvandring.domain.times import evening_of
from trygghetsvandring.domain.weeks import Week


class Trend(StrEnum):
    """Against the week before. No cause is asserted."""

    NEW = "new"
    FIRST_LOOK = "first_look"  # nobody was out there the week before
    MORE = "more"
    SAME = "same"
    FEWER = "fewer"
    GONE = "gone"  # looked for, and not there any more
    NOT_LOOKED = "not_looked"  # nobody was out there this week


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """`n` None = nobody was out and nothing was told. `evenings` that somebody was out; `people` ready to show."""

    n: int | None
    evenings: int
    people: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRow:
    """Seven cells from Monday. `undated`: told of the week without a day. `place` "": the whole area."""

    area: str
    place: str
    cells: tuple[Cell, ...]
    undated: int
    total: int
    evenings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HourRow:
    """One evening, a cell for each block of `Picture.blocks`; `no_hour`: told without an hour."""

    evening: date
    cells: tuple[Cell, ...]
    no_hour: int
    evenings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryRow:
    category: str
    kind: Kind
    n: int
    before: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One kind of thing in one place, this week and the week before, with evenings somebody was out there."""

    category: str
    area: str
    place: str
    n: int
    before: int
    evenings: int
    evenings_before: int
    trend: Trend


@dataclass(frozen=True, slots=True, kw_only=True)
class Felt:
    """People as bands, ready to show."""

    answers: str
    safe: str
    neither: str
    unsafe: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    week: str
    evenings: tuple[date, ...]
    walks: int
    stops: int
    felt: Felt
    blocks: tuple[int, ...]
    by_place: tuple[PlaceRow, ...]
    by_hour: tuple[HourRow, ...]
    by_category: tuple[CategoryRow, ...]
    changes: tuple[Change, ...]
    total: int
    unsorted: int
    events: tuple[Event, ...]
    out: tuple[Out, ...]


# ---------------------------------------------------------------- the picture


def picture(week: Week, found: Sources, before: Sources, here: Municipality) -> Picture:
    last = week.after(-1)
    then, out_then = events_of(last, before, here, ()), out_of(last, before, here)
    events = events_of(week, found, here, {(it.area, it.place, it.category) for it in then})
    out = out_of(week, found, here)
    blocks = _blocks(events, out)
    were_out = [walk for walk in were_walked(found) if evening_of(walk.starts_at) in week.evenings]
    return Picture(
        week=str(week),
        evenings=week.evenings,
        walks=len(were_out),
        stops=sum(len(walk.stops) for walk in were_out),
        felt=_felt(found.feelings, {walk.id for walk in were_out}),
        blocks=blocks,
        by_place=tuple(_place_rows(week, events, out, found.presence)),
        by_hour=tuple(_hour_row(evening, blocks, events, out) for evening in week.evenings),
        by_category=tuple(_category_rows(events, then)),
        changes=tuple(_changes(events, then, out, out_then)),
        total=sum(it.n for it in events),
        unsorted=sum(it.taken is Taken.UNSORTED for it in events),
        events=tuple(events),
        out=tuple(out),
    )


def _blocks(events: Iterable[Event], out: Iterable[Out]) -> tuple[int, ...]:
    """From the first that matters to the last, without a gap."""
    hours = {it.hour for it in events if it.hour is not None} | {hour for it in out for hour in it.hours or ()}
    met = sorted({BLOCKS.index(hour - hour % BLOCK_H) for hour in hours})
    return BLOCKS[met[0] : met[-1] + 1] if met else ()


def _cell(events: Iterable[Event], evenings: int, people: str = "") -> Cell:
    n = sum(it.n for it in events)
    return Cell(n=n if n or evenings else None, evenings=evenings, people=people)


def _place_rows(
    week: Week, events: Sequence[Event], out: Sequence[Out], presence: Sequence[PresenceSum]
) -> Iterable[PlaceRow]:
    """Each area, and below it its places, in the order of the alphabet; what has neither comes last."""
    seen = {(it.area, it.place) for it in events} | {(it.area, it.place) for it in out}
    areas = sorted({area for area, _ in seen}, key=lambda area: (area == "", area))
    people = {(it.area, it.evening): it.people for it in presence if it.passes}
    for area in areas:
        in_area = [it for it in events if it.area == area]
        out_area = [it for it in out if it.area == area]
        yield _place_row(week, area, "", in_area, out_area, people)
        for place in sorted({place for where, place in seen if where == area and place}):
            there = [it for it in in_area if it.place == place]
            yield _place_row(week, area, place, there, [it for it in out_area if it.place == place], {})


def _place_row(
    week: Week,
    area: str,
    place: str,
    events: Sequence[Event],
    out: Sequence[Out],
    people: Mapping[tuple[str, date], str],
) -> PlaceRow:
    evenings = {it.evening for it in out}
    return PlaceRow(
        area=area,
        place=place,
        cells=tuple(
            _cell([it for it in events if it.evening == day], int(day in evenings), people.get((area, day), ""))
            for day in week.evenings
        ),
        undated=sum(it.n for it in events if it.evening is None),
        total=sum(it.n for it in events),
        evenings=len(evenings),
    )


def _hour_row(evening: date, blocks: Sequence[int], events: Sequence[Event], out: Sequence[Out]) -> HourRow:
    mine = [it for it in events if it.evening == evening]
    tonight = [it for it in out if it.evening == evening]
    hours = {hour - hour % BLOCK_H for it in tonight for hour in it.hours or ()}
    return HourRow(
        evening=evening,
        cells=tuple(_cell([it for it in mine if it.block == block], int(block in hours)) for block in blocks),
        no_hour=sum(it.n for it in mine if it.hour is None),
        evenings=int(bool(tonight)),
    )


def _category_rows(events: Iterable[Event], then: Iterable[Event]) -> Iterable[CategoryRow]:
    """The most first."""
    now, last = Counter[tuple[str, Kind]](), Counter[tuple[str, Kind]]()
    for counted, found in ((now, events), (last, then)):
        for it in found:
            counted[it.category, it.kind] += it.n
    rows = [
        CategoryRow(category=category, kind=kind, n=now[category, kind], before=last[category, kind])
        for category, kind in {*now, *last}
    ]
    return sorted(rows, key=lambda row: (-row.n, -row.before, row.category))


def _changes(
    events: Sequence[Event], then: Sequence[Event], out: Sequence[Out], out_then: Sequence[Out]
) -> Iterable[Change]:
    """What is new and what has moved first. Good things and experiences are no trouble that moves."""
    now, last = _by_spot(events), _by_spot(then)
    rows = []
    for area, place, category in {*now, *last}:
        key = (area, place, category)
        looked, looked_then = _looked(out, area, place), _looked(out_then, area, place)
        rows.append(
            Change(
                category=category,
                area=area,
                place=place,
                n=now[key],
                before=last[key],
                evenings=looked,
                evenings_before=looked_then,
                trend=trend(now[key], last[key], looked, looked_then),
            )
        )
    order = list(Trend)
    return sorted(rows, key=lambda row: (order.index(row.trend), -row.n, row.area, row.place, row.category))


def _by_spot(events: Iterable[Event]) -> Counter[tuple[str, str, str]]:
    counted = Counter[tuple[str, str, str]]()
    for it in events:
        if it.kind in BECOMES_TASK or it.kind is Kind.SOCIAL:
            counted[it.area, it.place, it.category] += it.n
    return counted


def _looked(out: Iterable[Out], area: str, place: str) -> int:
    return len({it.evening for it in out if it.area == area and (not place or it.place == place)})


def trend(n: int, before: int, evenings: int, evenings_before: int) -> Trend:
    """What nobody looked for has neither gone nor come."""
    if n == 0:
        return Trend.GONE if evenings else Trend.NOT_LOOKED
    if before == 0:
        return Trend.NEW if evenings_before else Trend.FIRST_LOOK
    if n < before and not evenings:
        return Trend.NOT_LOOKED
    if n == before:
        return Trend.SAME
    return Trend.MORE if n > before else Trend.FEWER


def band_of(n: int) -> str:
    """People, never exact and never few."""
    if n == 0:
        return "0"
    if n <= 5:
        return "högst 5"
    return "6–15" if n <= 15 else "16–30" if n <= 30 else "31 eller fler"


def _felt(answers: Iterable[FeelingAnswer], walks: Collection[UUID]) -> Felt:
    counted = Counter[Feeling]()
    for it in answers:
        if it.walk in walks:
            counted.update(people(it.own, it.counts))
    return Felt(
        answers=band_of(counted.total()),
        safe=band_of(counted[Feeling.SAFE]),
        neither=band_of(counted[Feeling.NEITHER]),
        unsafe=band_of(counted[Feeling.UNSAFE]),
    )
