"""Adults' hours out, month by month: what of every organisation's log may be told of where and when adults were there.

It crosses the wall under the same released rule as the sums, and by the same measure as a promise's evidence: hours in
whole hundreds, never fewer than a hundred. A single pass of fewer than five adults adds less than a hundred hours to
all of its months and areas together, so no reading before and after it tells that they were few. Evenings are what the
sums by area and evening say already. In an area with few people only the evenings leave the log.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from trygghetsvandring.domain.presence import Pass, PresenceEntry

HOURS_STEP = 100
LONGEST_PASS = timedelta(hours=16)
Passes = Iterable[tuple[Pass, Sequence[PresenceEntry]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdultMonth:
    """`month` is its first day; `evenings` 0 = nobody was out. `hours`: at least so many; None = fewer, or not said.

    `is_hidden`: of this area no hours are told.
    """

    month: date
    area: str = ""
    evenings: int = 0
    hours: int | None = None
    is_hidden: bool = False


def by_area(passes: Passes, areas: Sequence[str], months: Sequence[date], small: Collection[str]) -> list[AdultMonth]:
    """A row for each area and month asked for, in that order. A pass is where its entries say, until the next one."""
    out: dict[tuple[str, date], set[date]] = {}
    seconds: dict[tuple[str, date], float] = {}
    for one, entries in passes:
        month = one.evening.replace(day=1)
        for area, stay in _stays(entries):
            out.setdefault((area, month), set()).add(one.evening)
            seconds[area, month] = seconds.get((area, month), 0) + (one.adults or 0) * stay.total_seconds()
    return [
        AdultMonth(
            area=area,
            month=month,
            evenings=len(out.get((area, month), ())),
            hours=None if area in small else whole_hundreds(seconds.get((area, month), 0)),
            is_hidden=area in small,
        )
        for area in areas
        for month in months
    ]


def by_month(passes: Passes) -> tuple[AdultMonth, ...]:
    """Those months that somebody was out, wherever; the earliest first."""
    out: dict[date, set[date]] = {}
    seconds: dict[date, float] = {}
    for one, entries in passes:
        month = one.evening.replace(day=1)
        if entries:
            out.setdefault(month, set()).add(one.evening)
            seconds[month] = seconds.get(month, 0) + (one.adults or 0) * lasted(entries).total_seconds()
    return tuple(
        AdultMonth(month=month, evenings=len(evenings), hours=whole_hundreds(seconds[month]))
        for month, evenings in sorted(out.items())
    )


def whole_hundreds(seconds: float) -> int | None:
    return int(seconds // 3600) // HOURS_STEP * HOURS_STEP or None


def lasted(entries: Sequence[PresenceEntry]) -> timedelta:
    """From the first entry to the end of the last."""
    begun, ended = _ends(entries)
    return ended - begun


def _ends(entries: Sequence[PresenceEntry]) -> tuple[datetime, datetime]:
    begun = min(entry.at for entry in entries)
    ended = max(entry.at + timedelta(minutes=entry.minutes or 0) for entry in entries)
    return begun, min(ended, begun + LONGEST_PASS)


def _stays(entries: Sequence[PresenceEntry]) -> Iterable[tuple[str, timedelta]]:
    """Together as long as the pass."""
    if not entries:
        return
    ordered, ended = sorted(entries, key=lambda entry: entry.at), _ends(entries)[1]
    moments = [*(min(entry.at, ended) for entry in ordered), ended]
    yield from ((entry.area, then - at) for entry, (at, then) in zip(ordered, pairwise(moments), strict=True))
