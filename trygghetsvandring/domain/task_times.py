"""How long a task has stood in each state. Waiting, and lying with somebody else, are counted apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from trygghetsvandring.domain.tasks import CLOSED, Task, TaskEvent, TaskState


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One unbroken time in one state. `end` None: it stands there now."""

    state: TaskState
    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Whole hours. `working` is the open time that neither waited nor lay with somebody else."""

    working: int
    waiting: int
    referred: int


def stretches(history: Sequence[TaskEvent]) -> tuple[Stretch, ...]:
    """From the first passage on. One that an unsettled clock puts before the last begins where the last began."""
    made: list[Stretch] = []
    for event in history:
        if event.start is event.end:
            continue
        at = max(event.at, made[-1].start) if made else event.at
        if made:
            made[-1] = Stretch(state=made[-1].state, start=made[-1].start, end=at)
        made.append(Stretch(state=event.end, start=at, end=None))
    return tuple(made)


def spent(task: Task, now: datetime) -> Spent:
    apart = {TaskState.WAITING: timedelta(), TaskState.REFERRED: timedelta()}
    working = timedelta()
    for stretch in stretches(task.history):
        took = max((stretch.end or now) - stretch.start, timedelta())
        if stretch.state in apart:
            apart[stretch.state] += took
        elif stretch.state not in CLOSED:
            working += took
    waiting, referred = apart.values()
    return Spent(working=_hours(working), waiting=_hours(waiting), referred=_hours(referred))


def _hours(took: timedelta) -> int:
    return int(took.total_seconds() // 3600)
