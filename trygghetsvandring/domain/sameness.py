"""Sameness: which findings could be the same thing. A suggestion only; a person decides, and is not asked twice.

How near is near, and for how long, is the category's own (`radius_m`, `same_days`): two lamps twelve metres apart are
two lamps, and one lamp seen from both sides is one.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from trygghetsvandring.domain.errors import Malformed
from trygghetsvandring.domain.observations import Observation, ObservationState
from trygghetsvandring.domain.routing import BECOMES_TASK, Category, Seen, near
from trygghetsvandring.domain.tasks import Task

MOST_APART = 200
# What can be taken for the same thing: not what is out of sight, and not what somebody has settled.
CANDIDATES = frozenset({ObservationState.RECEIVED, ObservationState.REVIEWED, ObservationState.LINKED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Another finding that could be the same, and its open task if it has one."""

    finding: Observation
    task: Task | None
    distance_m: int
    apart: timedelta  # between the two sightings


def alike(
    finding: Observation, others: Iterable[Observation], tasks: Collection[Task], categories: Sequence[Category]
) -> list[Alike]:
    """What could be the same, nearest first; of several findings in one task only the nearest."""
    by_code = {category.code: category for category in categories}
    category = by_code.get(finding.category)
    here = None if category is None else _seen(finding, category)
    if category is None or here is None or category.kind not in BECOMES_TASK:
        return []
    open_tasks = {id: task for task in tasks if not task.is_closed for id in task.findings}
    asked = {it.id: it for it in others if _is_asked(finding, it, open_tasks.get(it.id), category)}
    seen = [spot for it in asked.values() if (own := by_code.get(it.category)) and (spot := _seen(it, own))]
    found: dict[UUID, Alike] = {}
    for close in near(here, seen):
        other = asked[close.id]
        task = open_tasks.get(other.id)
        gap = abs(finding.seen_at - other.seen_at)
        it = Alike(finding=other, task=task, distance_m=close.distance_m, apart=gap)
        found.setdefault(other.id if task is None else task.id, it)
    return list(found.values())


def _seen(finding: Observation, category: Category) -> Seen | None:
    lat, lon = point(finding)
    if lat is None or lon is None:
        return None
    return Seen(id=finding.id, tile=category.tile, radius_m=category.radius_m, lat=lat, lon=lon)


def point(finding: Observation) -> tuple[float | None, float | None]:
    """Where it counts as being; findings from before that was kept have at most their own position."""
    if finding.lat is not None or finding.position is None:
        return finding.lat, finding.lon
    return finding.position.lat, finding.position.lon


def _is_asked(finding: Observation, other: Observation, task: Task | None, category: Category) -> bool:
    if other.id == finding.id or other.state not in CANDIDATES:
        return False
    if task is None and other.state is ObservationState.LINKED:
        return False  # its work is done: what is seen now is something new
    if task is not None and (task.id in finding.tasks or task.id in finding.apart):
        return False
    theirs = {other.id, *(task.findings if task is not None else ())}
    if theirs & set(finding.apart) or finding.id in other.apart:
        return False
    if task is None and category.same_days is not None:
        return abs(finding.seen_at - other.seen_at) <= timedelta(days=category.same_days)
    return True


def keep_apart(finding: Observation, other: UUID, *, apart: bool) -> Observation:
    """ "Inte samma", or that word taken back. Remembered, so that nobody is asked again."""
    rest = tuple(each for each in finding.apart if each != other)
    if other == finding.id or len(rest) >= MOST_APART:
        raise Malformed(field="other")
    return replace(finding, apart=(*rest, other) if apart else rest)
