"""Evidence: what our own data shows of a promise by itself, inside its time and after it.

Lamps are tasks by what their history says they were on the last day that counts. Walks are counted, never those who
walked. Adults out come from the presence log, under the rule that lets sums over its wall, and as little as this:

* hours of the whole time and of each month, in whole hundreds and never fewer than a hundred. A single pass adds less
  than five adults for the longest evening would (`LONGEST_PASS`), so no reading before and after tells that it was few;
* the number of evenings that somebody was out, which the sums by area and evening say already.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from trygghetsvandring.domain.activities import Activity
from trygghetsvandring.domain.adult_hours import AdultMonth, by_month, lasted, whole_hundreds
from trygghetsvandring.domain.agreements import Agreement
from trygghetsvandring.domain.presence import Pass, PresenceEntry
from trygghetsvandring.domain.promises import EvidenceKind, Promise
from trygghetsvandring.domain.stretch_lamps import StretchLamps, lamps_of
from trygghetsvandring.domain.stretches import Stretch
from trygghetsvandring.domain.tasks import Extent, Task, TaskState, day_of
from trygghetsvandring.domain.times import STOCKHOLM, evening_of, is_working_day
from trygghetsvandring.domain.walks import Walk, WalkState

EVENING_FROM = 17  # o'clock
_COUNTS = frozenset({TaskState.DONE, TaskState.VERIFIED, TaskState.WONT_DO, TaskState.PLANNED})


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetLamp:
    """A task as evidence: how it stood, since which day, and why not when it is not done.

    `about`: the task and everything it grew from, so that an erasure finds what was shown of them.
    `planned_on`: when the work is to be done, of one that is planned today; what was planned once is not known.
    """

    task: UUID
    state: TaskState
    on: date
    title: str
    place: str
    department: str | None
    reason: str = ""
    planned_on: date | None = None
    is_partly: bool = False
    about: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """Walks that began in the evening of a working day, and those on weekends and red days; each counted once."""

    evenings: int
    weekends: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AdultsOut:
    """`hours`: whole hundreds, at least so many; None = fewer, or not said. `months`: those that somebody was out."""

    evenings: int
    hours: int | None
    months: tuple[AdultMonth, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    lamps: tuple[StreetLamp, ...] = ()
    walked: Walked = Walked(evenings=0, weekends=0)
    adults: AdultsOut = AdultsOut(evenings=0, hours=None)
    activities: tuple[Activity, ...] = ()
    stretches: tuple[StretchLamps, ...] = ()

    @property
    def is_there(self) -> bool:
        walked = self.walked.evenings or self.walked.weekends
        return bool(self.lamps or walked or self.adults.evenings or self.activities)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Everything of the municipality's that may count; what does not belong to the promise is left out here.

    `seen`: when the findings behind each task were noticed.
    """

    tasks: Sequence[Task] = ()
    walks: Sequence[Walk] = ()
    passes: Sequence[tuple[Pass, Sequence[PresenceEntry]]] = ()
    activities: Sequence[Activity] = ()
    stretches: Sequence[Stretch] = ()
    seen: Mapping[UUID, Sequence[datetime]] = field(default_factory=dict)


def evidence(promise: Promise, agreement: Agreement, sources: Sources, today: date) -> tuple[Evidence, Evidence]:
    """(inside its time, after it). What was before it began is in neither."""
    first, last = agreement.valid_from or date.min, agreement.valid_to
    ends = min(last, today) if last is not None else today
    inside = replace(_between(promise, sources, first, ends), stretches=_stretches(promise, sources, first, ends))
    if last is None or today <= last:
        return inside, Evidence()
    return inside, _between(promise, sources, last + timedelta(days=1), today)


def _stretches(promise: Promise, sources: Sources, first: date, last: date) -> tuple[StretchLamps, ...]:
    if promise.evidence is not EvidenceKind.STREET:
        return ()
    tasks = [task for task in sources.tasks if task.tile in promise.tiles]
    return lamps_of(sources.stretches, tasks, sources.seen, sources.walks, first, last)


def _between(promise: Promise, sources: Sources, first: date, last: date) -> Evidence:
    match promise.evidence:
        case EvidenceKind.STREET:
            tasks = (task for task in sources.tasks if task.tile in promise.tiles and not task.is_gone)
            return Evidence(lamps=tuple(lamps(tasks, first, last)))
        case EvidenceKind.WALKS:
            return Evidence(
                walked=walked(sources.walks, first, last),
                adults=adults_out(sources.passes, first, last),
                activities=done(sources.activities, first, last),
            )
        case EvidenceKind.REPORTED:
            return Evidence(activities=done(sources.activities, first, last))
        case _:
            return Evidence()


def done(activities: Iterable[Activity], first: date, last: date) -> tuple[Activity, ...]:
    """Those that their party lets be shown, by when they began. The oldest first."""
    here = (it for it in activities if it.is_shown and first <= it.now.first <= last)
    return tuple(sorted(here, key=lambda it: (it.now.first, it.now.kind, it.id)))


def lamps(tasks: Iterable[Task], first: date, last: date) -> list[StreetLamp]:
    """As each stood on the last day, if what made it stand so happened in these days. The oldest first."""
    found = [lamp for task in tasks if (lamp := _lamp(task, last)) is not None and lamp.on >= first]
    return sorted(found, key=lambda lamp: (lamp.on, lamp.task))


def _lamp(task: Task, last: date) -> StreetLamp | None:
    then = [event for event in task.history if day_of(event.at) <= last]
    if not then or then[-1].end not in _COUNTS:
        return None
    state = then[-1].end
    extent = next((event.extent for event in reversed(then) if event.extent is not None), task.extent)
    if state is TaskState.VERIFIED and (extent is Extent.PARTLY or task.reopen_proposed):
        state = TaskState.DONE  # half lit is never drawn as lit
    since = then[-1]
    for event in reversed(then):
        if event.end is not then[-1].end:
            break
        since = event
    # What somebody said who has been there moves nothing, and is nobody's reason.
    whys = (it.text for it in reversed(then) if it.end is state and it.start is not state and not it.internal)
    why = next(whys, "")
    return StreetLamp(
        task=task.id,
        state=state,
        on=day_of(since.at),
        title=task.title,
        place=task.place,
        department=task.department,
        reason=why if state is TaskState.WONT_DO else "",
        planned_on=task.planned_on if state is task.state is TaskState.PLANNED else None,
        is_partly=state is TaskState.DONE and extent is Extent.PARTLY,
        about=(task.id, *task.findings, *(id for each in task.absorbed for id in (each.id, *each.findings))),
    )


def walked(walks: Iterable[Walk], first: date, last: date) -> Walked:
    """Ended ones only: a planned evening is no evidence."""
    found = [walk for walk in walks if walk.state is WalkState.ENDED and first <= evening_of(walk.starts_at) <= last]
    weekends = sum(is_weekend(walk.starts_at) for walk in found)
    evenings = sum(is_evening(walk.starts_at) and not is_weekend(walk.starts_at) for walk in found)
    return Walked(evenings=evenings, weekends=weekends)


def is_evening(at: datetime) -> bool:
    """From 17.00 until the evening ends, early next morning."""
    local = at.astimezone(STOCKHOLM)
    return local.hour >= EVENING_FROM or evening_of(at) != local.date()


def is_weekend(at: datetime) -> bool:
    """By the evening it belongs to: a walk that begins at half past midnight on Saturday is Friday's."""
    return not is_working_day(evening_of(at))


def adults_out(passes: Iterable[tuple[Pass, Sequence[PresenceEntry]]], first: date, last: date) -> AdultsOut:
    """A pass lasts from its first entry to the end of its last. One whose adults nobody said counts as an evening."""
    here = [(one, entries) for one, entries in passes if entries and first <= one.evening <= last]
    seconds = sum((one.adults or 0) * lasted(entries).total_seconds() for one, entries in here)
    evenings = len({one.evening for one, _ in here})
    return AdultsOut(evenings=evenings, hours=whole_hundreds(seconds), months=by_month(here))
