"""The lamps of each stretch: how many were seen dark, and how they are on the last day that counts.

A lamp is a task of lighting. Only what was seen when it was dark out is compared: a lamp that somebody has only seen by
daylight is neither before nor after, and is told apart. Said to be mended is half lit; seen mended in the dark is lit.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from trygghetsvandring.domain.stretches import Point, Stretch, stretch_at
from trygghetsvandring.domain.tasks import CLOSED, Extent, SeenThere, Task, TaskState, day_of
from trygghetsvandring.domain.times import evening_of, is_dark
from trygghetsvandring.domain.walks import Walk, WalkState


class Light(StrEnum):
    LIT = "lit"
    HALF = "half"
    DARK = "dark"
    MISSING = "missing"  # never seen when it was dark


@dataclass(frozen=True, slots=True, kw_only=True)
class StretchLamps:
    """`evenings`: a walk that was dark from first to last stopped there. Seen dark before = `lit` + `half` + `dark`."""

    id: str
    name: str
    length_m: int
    evenings: int = 0
    lit: int = 0
    half: int = 0
    dark: int = 0
    missing: int = 0

    @property
    def before(self) -> int:
        return self.lit + self.half + self.dark

    @property
    def is_told(self) -> bool:
        """Somebody has looked there in the dark, whatever they saw."""
        return self.before > 0 or self.evenings > 0

    @property
    def is_lit(self) -> bool:
        return self.before > 0 and self.lit == self.before and self.missing == 0


def lamps_of(
    stretches: Sequence[Stretch],
    tasks: Iterable[Task],
    seen: Mapping[UUID, Sequence[datetime]],
    walks: Iterable[Walk],
    first: date,
    last: date,
) -> tuple[StretchLamps, ...]:
    """One for each stretch, in the order given. `seen`: when the findings behind each task were noticed."""
    counted = {it.id: dict.fromkeys(Light, 0) for it in stretches}
    for task in tasks:
        on, light = stretch_at(stretches, _point(task)), light_of(task, seen.get(task.id, ()), first, last)
        if on is not None and light is not None:
            counted[on.id][light] += 1
    looked = _looked(stretches, walks, first, last)
    return tuple(
        StretchLamps(
            id=it.id,
            name=it.name,
            length_m=it.length_m,
            evenings=len(looked[it.id]),
            **{light.value: n for light, n in counted[it.id].items()},
        )
        for it in stretches
    )


def light_of(task: Task, seen: Sequence[datetime], first: date, last: date) -> Light | None:
    """As it was on the last day; None when it was not there yet, is gone, or was over before the first day."""
    then = [event for event in task.history if day_of(event.at) <= last]
    point = _point(task)
    if not then or task.is_gone or point is None or _was_over(task, then[-1].end, first, last):
        return None
    if not any(day_of(at) <= last and is_dark(at, *point) for at in seen):
        return Light.MISSING
    if then[-1].end not in {TaskState.DONE, TaskState.VERIFIED}:
        return Light.DARK
    extent = next((event.extent for event in reversed(then) if event.extent is not None), task.extent)
    is_whole = then[-1].end is TaskState.VERIFIED and extent is not Extent.PARTLY and not task.reopen_proposed
    return Light.LIT if is_whole and _was_seen_lit(task, last) else Light.HALF


def _was_over(task: Task, state: TaskState, first: date, last: date) -> bool:
    moved = [event for event in task.history if day_of(event.at) <= last and event.start is not event.end]
    return state in CLOSED and bool(moved) and day_of(moved[-1].at) < first


def _was_seen_lit(task: Task, last: date) -> bool:
    """Since it was mended: finishing clears what was answered before."""
    return any(it.seen is SeenThere.GOOD and it.in_the_dark and day_of(it.at) <= last for it in task.confirmations)


def _point(task: Task) -> Point | None:
    return None if task.lat is None or task.lon is None else (task.lat, task.lon)


def _looked(stretches: Sequence[Stretch], walks: Iterable[Walk], first: date, last: date) -> dict[str, set[date]]:
    evenings: dict[str, set[date]] = {it.id: set() for it in stretches}
    for walk in walks:
        evening = evening_of(walk.starts_at)
        if walk.state is not WalkState.ENDED or not first <= evening <= last:
            continue
        for stop in walk.stops:
            on = stretch_at(stretches, (stop.lat, stop.lon))
            if on is not None and all(is_dark(at, stop.lat, stop.lon) for at in (walk.starts_at, walk.ends_at)):
                evenings[on.id].add(evening)
    return evenings
