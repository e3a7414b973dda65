"""Re-walks: somebody goes back to look. A walk made of what its owners say is mended, and what was seen there.

    Refused
    ├── NothingToVerify   none of the tasks stands as done, or none has a place on the ground
    ├── TooManyStops      more than one walk has time for
    └── NotOnThisWalk     the task is not among those this walk goes to

Seen mended, by anybody outside the unit that closed it, verifies. Seen undone at a re-walk opens it again at once: the
walk was planned to decide just that. In part moves nothing, and asks the coordinator. Said and seen stay two numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from trygghetsvandring.domain import task_work as work
from trygghetsvandring.domain.doubts import settled
from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.people import Principal, Role
from trygghetsvandring.domain.places import distance_m
from trygghetsvandring.domain.stops import Stop
from trygghetsvandring.domain.tasks import SeenThere, Task, TaskState, day_of
from trygghetsvandring.domain.times import is_dark, working_days_after
from trygghetsvandring.domain.walks import Revisit, Walk

SAME_STOP_M = 40.0
MOST_STOPS = 40
DAYS_AGAIN = 10  # working days, to mend what was not mended
_BY = "Återvandringen"
_KEPT = "Sett vid återvandring: inte åtgärdat."


class NothingToVerify(Refused):
    code = "nothing_to_verify"


class TooManyStops(Refused):
    """`stops` there would be, `most` there may be."""

    code = "too_many_stops"


class NotOnThisWalk(Refused):
    code = "not_on_this_walk"


@dataclass(frozen=True, slots=True)
class Halt:
    """One stop of the re-walk and what is looked at there."""

    lat: float
    lon: float
    tasks: tuple[Task, ...]


def waits_for_eyes(task: Task) -> bool:
    """Its owner says it is mended; nobody else has seen it."""
    return task.state is TaskState.DONE and not task.is_gone


def halts(tasks: Sequence[Task]) -> list[Halt]:
    """Nearest next, from the one furthest west; tasks within 40 m of each other share a stop."""
    left = [
        Halt(task.lat, task.lon, (task,))
        for task in tasks
        if waits_for_eyes(task) and task.lat is not None and task.lon is not None
    ]
    left.sort(key=lambda each: (each.lon, each.lat, each.tasks[0].id))
    found: list[Halt] = []
    while left:
        here = min(left, key=lambda each: _between(found[-1], each)) if found else left[0]
        near = [each for each in left if _between(here, each) <= SAME_STOP_M]
        found.append(replace(here, tasks=tuple(task for each in near for task in each.tasks)))
        left = [each for each in left if each not in near]
    if not found:
        raise NothingToVerify()
    if len(found) > MOST_STOPS:
        raise TooManyStops(stops=len(found), most=MOST_STOPS)
    return found


def _between(a: Halt, b: Halt) -> float:
    return distance_m((a.lat, a.lon), (b.lat, b.lon))


def planned(
    walk: Walk, tasks: Sequence[Task], *, ids: Sequence[UUID], units: Mapping[str, str], before: Mapping[UUID, UUID]
) -> Walk:
    """The walk with its stops and what each is for. `ids` are for the stops; `before`: the old photo, by task."""
    stops: list[Stop] = []
    revisits: list[Revisit] = []
    for number, (id, halt) in enumerate(zip(ids, halts(tasks), strict=False), start=1):
        stops.append(
            Stop(
                id=id,
                number=number,
                name=halt.tasks[0].title,  # the place may be in a walker's own words
                place=None,
                place_type="",
                lat=halt.lat,
                lon=halt.lon,
                radius_m=40,
                template="",
            )
        )
        revisits += [_revisit(task, id, units, before) for task in halt.tasks]
    return replace(walk, stops=tuple(stops), revisits=tuple(revisits))


def _revisit(task: Task, stop: UUID, units: Mapping[str, str], before: Mapping[UUID, UUID]) -> Revisit:
    return Revisit(
        id=task.id,
        stop=stop,
        number=task.number,
        title=task.title,
        unit=units.get(task.department or "", ""),
        done_on=task.done_on,
        said=task.public_text,
        before=before.get(task.id),
    )


def checked(task: Task, walk: Walk, *, seen: SeenThere, seen_on: date, by: Principal, at: datetime) -> Task:
    """What somebody on the re-walk saw. It comes whenever it comes, so it is never refused for the task's state."""
    if all(each.id != task.id for each in walk.revisits):
        raise NotOnThisWalk()
    said = task.state in {TaskState.DONE, TaskState.VERIFIED} and not task.is_gone
    after = task.done_on is None or seen_on >= task.done_on
    told = work.confirm(
        task,
        seen=seen,
        seen_on=seen_on,
        walks={walk.id},
        by=replace(by, walk=walk.id),
        at=at,
        in_the_dark=task.lat is not None and task.lon is not None and is_dark(at, task.lat, task.lon),
    )
    if not (said and after):
        return told
    if seen is SeenThere.GOOD:
        return settled(told, seen_on, at)
    owner = task.finished_by_organisation or task.department
    if seen is not SeenThere.NO or owner is None:
        return told
    # The coordinator decided it when the walk was planned: what is seen undone is opened again without asking twice.
    planner = replace(by, role=Role.COORDINATOR, function=_BY, device=None)
    due_on = working_days_after(day_of(at), DAYS_AGAIN)
    return work.reopen(told, department=task.department or owner, seen=_KEPT, due_on=due_on, by=planner, at=at)


def without(walk: Walk, gone: set[UUID], word: str) -> Walk:
    """What was removed by decision is looked for no more: its task's words go, and so does its old photo."""
    lost = {each.stop for each in walk.revisits if each.id in gone}
    left = tuple(each for each in walk.revisits if each.id not in gone)
    return replace(
        walk,
        stops=tuple(replace(stop, name=word) if stop.id in lost else stop for stop in walk.stops),
        revisits=tuple(replace(each, before=None) if each.before in gone else each for each in left),
    )
