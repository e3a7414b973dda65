"""The picture of a period: what was noticed in its EST weeks, beside the evenings somebody was out to notice it.

Made of the same events as the weeks (`est_events`). Events are exact, people are counted here and are bands wherever
they are read. A place is one of the municipality's own or the whole area: a name that somebody gave a stop is in none.

Where nobody was out and nothing was told, `n` is None, which is neither 0 nor calm. Only what was seen on a walk is
divided by evenings with a walk: what a resident or a party tells hangs on no effort of ours.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from uuid import UUID

from trygghetsvandring.domain.est_events import (
    BLOCK_H,
    BLOCKS,
    Event,
    Out,
    Source,
    Sources,
    Spots,
    Taken,
    events_of,
    out_of,
    were_walked,
)
from trygghetsvandring.domain.est_week import EstWeek
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.period_counts import (
    COUNTED,
    NOTHING_DECIDED,
    Alike,
    CategoryCounts,
    Coarse,
    Counted,
    Days,
    Decided,
    Heading,
    HourCounts,
    Hours,
    Need,
    People,
    PeriodPicture,
    PlaceCounts,
    Together,
    heading_of,
)
from trygghetsvandring.domain.periods import Period
from trygghetsvandring.domain.routing import BECOMES_TASK, Kind
from trygghetsvandring.domain.stops import Feeling, people
from trygghetsvandring.domain.tasks import Task, TaskState
from trygghetsvandring.domain.times import STOCKHOLM, evening_of, is_dark
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.domain.weeks import Week

MOST_NEEDS = 10
_FEWEST_IN_A_NEED = 2
_DONE = frozenset({TaskState.DONE, TaskState.VERIFIED})
_MIDDLE_OF_SWEDEN = (62.4, 16.3)  # for the sun, where the municipality has no place of its own
WEEKEND = frozenset({4, 5})  # evenings, Monday is 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekFound:
    """One week as it was found in the store."""

    week: Week
    found: Sources


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What lies inside the period, of all its weeks."""

    period: Period
    events: Sequence[Event]
    out: Sequence[Out]
    walks: Sequence[Walk]
    weeks: Sequence[WeekFound]


def period_picture(
    period: Period,
    weeks: Sequence[WeekFound],
    before: Sequence[WeekFound],
    here: Municipality,
    agreed: Decided = NOTHING_DECIDED,
) -> PeriodPicture:
    """`before`: the weeks of `period.year_before`."""
    spots = Spots(here)
    now, then = _inside(period, weeks, here, spots), _inside(period.year_before, before, here, spots)
    blocks = _blocks(now)
    return PeriodPicture(
        first=period.first,
        last=period.last,
        blocks=blocks,
        unsafe=_sum(_of(now.events, Heading.UNSAFE)),
        order=_sum(_of(now.events, Heading.ORDER)),
        good=sum(it.n for it in now.events if it.kind is Kind.POSITIVE),
        unsorted=sum(it.taken is Taken.UNSORTED for it in now.events),
        by_place=tuple(_place_rows(now)),
        by_hour=tuple(_hour_table(now, heading, blocks) for heading in COUNTED),
        by_category=tuple(_category_rows(now.events, here)),
        needs=tuple(_needs(now, here)),
        alike=tuple(_alike(now, then, here)),
        felt=_felt(now),
        together=_together(now, agreed),
        coarse=tuple(_coarse(now, here)),
    )


# ---------------------------------------------------------------- what lies inside


def _inside(period: Period, weeks: Sequence[WeekFound], here: Municipality, spots: Spots) -> _Seen:
    own = {place.name for place in here.places}
    events, out, walks = list[Event](), list[Out](), dict[UUID, Walk]()
    for it in weeks:
        told = period.has_week(it.week)
        for event in events_of(it.week, it.found, here, (), own, spots):
            if told if event.evening is None else event.evening in period:
                events.append(event)
        for each in out_of(it.week, it.found, here, spots):
            if each.evening in period:
                out.append(each if each.place in own else replace(each, place=""))
        walks |= {each.id: each for each in were_walked(it.found) if evening_of(each.starts_at) in period}
    return _Seen(period=period, events=events, out=out, walks=tuple(walks.values()), weeks=weeks)


def _of(events: Iterable[Event], heading: Heading) -> list[Event]:
    return [it for it in events if heading_of(it.kind) is heading]


def _sum(events: Iterable[Event]) -> int:
    return sum(it.n for it in events)


def _walked(events: Iterable[Event]) -> int:
    return sum(it.n for it in events if it.source is Source.WALK)


def _counted(events: Sequence[Event], evenings: int, walked: int) -> Counted:
    n = _sum(events)
    return Counted(n=n if n or evenings else None, seen=_walked(events), evenings=evenings, walked=walked)


def _walked_hours(out: Iterable[Out], events: Iterable[Event]) -> set[tuple[date, int]]:
    """Every evening and hour that somebody walked in: as planned, and for as long as they saw anything."""
    seen = {(it.evening, it.hour) for it in events if it.source is Source.WALK and it.evening and it.hour is not None}
    return {(it.evening, hour) for it in out for hour in it.hours or ()} | seen


def _out_blocks(out: Iterable[Out], events: Iterable[Event]) -> set[tuple[date, int]]:
    return {(evening, hour - hour % BLOCK_H) for evening, hour in _walked_hours(out, events)}


def _evenings(out: Iterable[Out]) -> tuple[int, int]:
    """That somebody was out on, and those of them with a walk."""
    known = list(out)
    return len({it.evening for it in known}), len({it.evening for it in known if it.hours is not None})


def _blocks(now: _Seen) -> tuple[int, ...]:
    """From the first that matters to the last, without a gap."""
    walked = {block for _, block in _out_blocks(now.out, now.events)}
    hours = {it.block for it in now.events if it.block is not None} | walked
    met = sorted(BLOCKS.index(block) for block in hours)
    return BLOCKS[met[0] : met[-1] + 1] if met else ()


# ---------------------------------------------------------------- the tables


def _place_rows(now: _Seen) -> Iterator[PlaceCounts]:
    seen = {(it.area, it.place) for it in now.events} | {(it.area, it.place) for it in now.out}
    for area in sorted({area for area, _ in seen}, key=lambda area: (area == "", area)):
        yield _place_row(now, area, "")
        for place in sorted({place for where, place in seen if where == area and place}):
            yield _place_row(now, area, place)


def _place_row(now: _Seen, area: str, place: str) -> PlaceCounts:
    events = [it for it in now.events if it.area == area and place in {"", it.place}]
    evenings, walked = _evenings(it for it in now.out if it.area == area and place in {"", it.place})
    return PlaceCounts(
        area=area,
        place=place,
        unsafe=_counted(_of(events, Heading.UNSAFE), evenings, walked),
        order=_counted(_of(events, Heading.ORDER), evenings, walked),
    )


def _hour_table(now: _Seen, heading: Heading, blocks: Sequence[int]) -> HourCounts:
    mine, walked = _of(now.events, heading), _out_blocks(now.out, now.events)

    def cell(weekday: int, block: int) -> Counted:
        here = [it for it in mine if it.evening and it.evening.weekday() == weekday and it.block == block]
        evenings = sum(1 for evening, at in walked if evening.weekday() == weekday and at == block)
        return _counted(here, evenings, evenings)

    rows = tuple(tuple(cell(weekday, block) for block in blocks) for weekday in range(7))
    no_hour = _sum(it for it in mine if it.evening is None or it.hour is None)
    return HourCounts(heading=heading, rows=rows, no_hour=no_hour)


def _category_rows(events: Iterable[Event], here: Municipality) -> list[CategoryCounts]:
    """The most first."""
    counted = Counter[tuple[Heading, str]]()
    for it in events:
        if (heading := heading_of(it.kind)) is not None:
            counted[heading, it.category] += it.n
    rows = [
        CategoryCounts(heading=heading, category=code, name=_name(here, code), n=n)
        for (heading, code), n in counted.items()
    ]
    return sorted(rows, key=lambda row: (-row.n, row.category))


def _needs(now: _Seen, here: Municipality) -> list[Need]:
    """Where adults are wanted most: order only, and never something that was told once."""
    counted = Counter[tuple[str, str, str, int, int]]()
    for it in _of(now.events, Heading.ORDER):
        if it.evening is not None and it.block is not None and it.area:
            counted[it.area, it.place, it.category, it.evening.weekday(), it.block] += it.n
    most = sorted(counted.items(), key=lambda row: (-row[1], row[0]))[:MOST_NEEDS]
    return [
        Need(
            area=area,
            place=place,
            category=category,
            name=_name(here, category),
            weekday=day,
            block=block,
            n=n,
            evenings=_looked(now, area, place, day, block),
        )
        for (area, place, category, day, block), n in most
        if n >= _FEWEST_IN_A_NEED
    ]


def _name(here: Municipality, category: str) -> str:
    known = here.category(category)
    return known.name if known is not None else ""


def _looked(now: _Seen, area: str, place: str, weekday: int, block: int) -> int:
    there = [it for it in now.out if it.area == area and place in {"", it.place}]
    saw = [it for it in now.events if it.area == area and place in {"", it.place}]
    return sum(1 for evening, at in _out_blocks(there, saw) if evening.weekday() == weekday and at == block)


# ---------------------------------------------------------------- compared with the like period before


def _alike(now: _Seen, then: _Seen, here: Municipality) -> Iterator[Alike]:
    """Light and dark apart: eight in the evening of May is no eight in the evening of December."""
    point = _middle(here)
    sides = [(_at(it, point), _effort(it, point)) for it in (now, then)]
    (seen, out), (seen_before, out_before) = sides
    cells = {(dark, block) for dark, block in (*out, *out_before)}
    for heading in COUNTED:
        for dark, block in sorted(cells, key=lambda cell: (cell[0], BLOCKS.index(cell[1]))):
            yield Alike(
                heading=heading,
                is_dark=dark,
                block=block,
                seen=seen[heading, dark, block],
                evenings=out[dark, block],
                seen_before=seen_before[heading, dark, block],
                evenings_before=out_before[dark, block],
            )


def _at(of: _Seen, point: tuple[float, float]) -> Counter[tuple[Heading, bool, int]]:
    counted = Counter[tuple[Heading, bool, int]]()
    for it in of.events:
        heading = heading_of(it.kind)
        if heading is None or it.source is not Source.WALK or it.evening is None or it.block is None:
            continue
        counted[heading, _was_dark(it.evening, it.block, point), it.block] += it.n
    return counted


def _effort(of: _Seen, point: tuple[float, float]) -> Counter[tuple[bool, int]]:
    return Counter((_was_dark(evening, block, point), block) for evening, block in _out_blocks(of.out, of.events))


@lru_cache(maxsize=4096)
def _was_dark(evening: date, block: int, point: tuple[float, float]) -> bool:
    """In the middle of the block: the same for what was seen and for who was out."""
    day = evening + timedelta(days=1) if block < BLOCKS[0] else evening
    return is_dark(datetime.combine(day, time(block + BLOCK_H // 2), STOCKHOLM), *point)


def _middle(here: Municipality) -> tuple[float, float]:
    if not here.places:
        return _MIDDLE_OF_SWEDEN
    n = len(here.places)
    return sum(it.lat for it in here.places) / n, sum(it.lon for it in here.places) / n


# ---------------------------------------------------------------- people, and the parties together


def _felt(now: _Seen) -> People:
    """Of a phone that answered at many stops, the last on each walk: nobody is counted twice."""
    walked = {walk.id for walk in now.walks}
    answers = [it for week in now.weeks for it in week.found.feelings if it.walk in walked]
    latest = {(it.walk, it.device): it for it in sorted(answers, key=lambda it: (it.felt_at, it.id))}
    counted = Counter[Feeling]()
    for it in latest.values():
        for feeling, n in people(it.own, it.counts).items():
            counted[feeling] += n
    return People(safe=counted[Feeling.SAFE], neither=counted[Feeling.NEITHER], unsafe=counted[Feeling.UNSAFE])


def decided(period: Period, kept: Iterable[EstWeek], tasks: Mapping[UUID, Task]) -> Decided:
    """By the day of the meeting and of the decision: a week's own meeting is held when the week is over."""
    weeks = list(kept)
    decisions = [each for week in weeks for each in week.decisions if each.decided_on in period]
    return Decided(
        meetings=len({week.met_on for week in weeks if week.met_on is not None and week.met_on in period}),
        decisions=len(decisions),
        done=sum(each.is_done or _is_done(tasks, each.task) for each in decisions),
    )


def _together(now: _Seen, agreed: Decided) -> Together:
    passes = {
        (it.area, it.evening): it.passes for w in now.weeks for it in w.found.presence if it.evening in now.period
    }
    evenings, walked = _evenings(now.out)
    return Together(
        walks=len(now.walks),
        stops=sum(len(walk.stops) for walk in now.walks),
        evenings=evenings,
        walked=walked,
        passes=sum(passes.values()),
        meetings=agreed.meetings,
        decisions=agreed.decisions,
        done=agreed.done,
    )


def _is_done(tasks: Mapping[UUID, Task], id: UUID | None) -> bool:
    return id is not None and id in tasks and tasks[id].state in _DONE


# ---------------------------------------------------------------- what could become public


def _coarse(now: _Seen, here: Municipality) -> Iterator[Coarse]:
    """Each event at most once: faults by area, ordningsstörning by hour, no place anywhere, and no experience.

    Faults are told one by one elsewhere: beside them in one cell an experience would be what is left over.
    """
    faults = [it for it in now.events if it.kind in BECOMES_TASK]
    for area in here.areas:
        yield Coarse(
            part=Heading.UNSAFE,
            row=area,
            column="",
            n=_sum(it for it in faults if it.area == area),
            walked=_evenings(it for it in now.out if it.area == area)[1],
        )
    order = _of(now.events, Heading.ORDER)
    walked = {(evening, hours_of(hour)) for evening, hour in _walked_hours(now.out, now.events)}
    timed = [(days_of(it.evening), hours_of(it.hour), it) for it in order if it.evening and it.hour is not None]
    for days in Days:
        for hours in Hours:
            yield Coarse(
                part=Heading.ORDER,
                row=days,
                column=hours,
                n=_sum(it for day, at, it in timed if (day, at) == (days, hours)),
                walked=sum(1 for evening, at in walked if (days_of(evening), at) == (days, hours)),
            )


def hours_of(hour: int) -> Hours:
    if hour < BLOCKS[0]:
        return Hours.NIGHT
    late = {18: Hours.EARLY, 20: Hours.MIDDLE, 22: Hours.LATE}
    return late.get(hour - hour % BLOCK_H, Hours.DAY)


def days_of(evening: date) -> Days:
    return Days.WEEKEND if evening.weekday() in WEEKEND else Days.WEEK
