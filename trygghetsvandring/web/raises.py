"""Tasks that more dark lamps have come in beside: what would go first now, and why. The coordinator decides."""

from collections.abc import Sequence
from datetime import date

from trygghetsvandring.domain.due_dates import due_dates
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import Observation, ObservationState
from trygghetsvandring.domain.priorities import GAP_M, Priority, in_row, lamps_in_row, weigh
from trygghetsvandring.domain.routing import Category, Spot
from trygghetsvandring.domain.rules import InForce
from trygghetsvandring.domain.tasks import Task, day_of
from trygghetsvandring.domain.times import evening_of
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.storage import observations, records
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync.routes import spot_of

_REACH_M = 3 * GAP_M  # a row of lamps goes on, but three tell enough
_NOT_SEEN = {ObservationState.WITHDRAWN, ObservationState.WITHHELD, ObservationState.MERGED}


async def dark_row(
    db: Db, found: Observation, spot: Spot, here: Municipality, live: InForce
) -> tuple[int, list[Observation]]:
    """How many dark lamps stand in a row with this one, seen on the same evening, and the findings that say so."""
    if spot.point is None or found.category not in live.rules.lamps:
        return 1, []
    evening = evening_of(found.seen_at)
    by_point: dict[tuple[float, float], list[Observation]] = {}
    for it in await observations.near(db, here.id, *spot.point, _REACH_M):
        if it.lat is not None and it.lon is not None and _is_dark_lamp(it, found, evening, live):
            by_point.setdefault((it.lat, it.lon), []).append(it)
    row = in_row(spot.point, by_point)
    return lamps_in_row(spot.point, by_point), [it for point in row for it in by_point[point]]


def _is_dark_lamp(it: Observation, found: Observation, evening: date, live: InForce) -> bool:
    is_seen = it.id != found.id and it.state not in _NOT_SEEN
    return is_seen and it.category in live.rules.lamps and evening_of(it.seen_at) == evening


async def among(
    db: Db, row: Sequence[Observation], here: Municipality, live: InForce, today: date
) -> list[dict[str, object]]:
    """`RaiseState` of each open task of these findings that would go before where it stands."""
    tasks = await records.load(db, here.id, Task, {id for found in row for id in found.tasks})
    made = [await of_task(db, task, here, live, today) for task in sorted(tasks.values(), key=lambda it: it.number)]
    return [it for it in made if it is not None]


async def of_task(db: Db, task: Task, here: Municipality, live: InForce, today: date) -> dict[str, object] | None:
    """`RaiseState`: judged by the lamps of now; None where it stands as high already, or has ended."""
    if task.is_closed or task.is_gone:
        return None
    behind = await records.load(db, here.id, Observation, task.findings)
    walks = await records.load(db, here.id, Walk, {it.walk for it in behind.values()})
    best: tuple[Priority, Observation, Category] | None = None
    for found in behind.values():
        category = here.category(found.category)
        if category is None or found.state in _NOT_SEEN:
            continue
        spot = spot_of(found, walks.get(found.walk), here)
        lamps, _ = await dark_row(db, found, spot, here, live)
        level = _by_lamps(found, category, spot, live, lamps)
        if level is not None and level.level < (best[0].level if best else task.priority):
            best = level, found, category
    return None if best is None else _raise(task, *best, live, today)


def _by_lamps(found: Observation, category: Category, spot: Spot, live: InForce, lamps: int) -> Priority | None:
    """None where it is not the row that decides."""

    def weighed(dark_lamps: int) -> Priority:
        table, place_type = live.rules.precedence, spot.place_type
        return weigh(table, tile=category.tile, place_type=place_type, severity=found.severity, dark_lamps=dark_lamps)

    level = weighed(lamps)
    return level if lamps > 1 and level.level < weighed(1).level else None


def _raise(
    task: Task, level: Priority, found: Observation, category: Category, live: InForce, today: date
) -> dict[str, object]:
    times = due_dates(
        category,
        task.routed.rule if task.routed else "",
        live.rules,
        severity=found.severity,
        received_on=day_of(found.received_at),
        today=today,
    )
    due_on = next(it.due_on for it in times if it.priority == level.level)
    return {
        "task": task.id,
        "version": task.version,
        "number": task.number,
        "title": task.title,
        "stands": task.priority,
        "priority": level.level,
        "because": level.because,
        "due_on": None if task.due_on is None else min(task.due_on, due_on),
    }
