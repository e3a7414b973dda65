"""What a task has to do with other tasks: what it was merged into, what was merged into it, and what it could be."""

from collections.abc import Callable

from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.storage import records, tasks
from trygghetsvandring.storage.unit import Db


async def together(
    db: Db, municipality: str, task: Task, *, triage: bool, may_know: Callable[[Task], bool]
) -> dict[str, object]:
    """`TogetherRow`. Who may not know of another task reads its number, and no more. `near` is for triage."""
    ids = {each.id for each in task.absorbed} | ({task.merged_into} if task.merged_into is not None else set())
    others = await records.load(db, municipality, Task, ids)
    into = None if task.merged_into is None else others.get(task.merged_into)
    near = await _near(db, municipality, task) if triage and not task.is_closed else []
    return {
        "retracted": task.retracted,
        "merged_into": None if into is None else _named(into, known=may_know(into)),
        "absorbed": [
            _named(others[each.id], known=may_know(others[each.id])) for each in task.absorbed if each.id in others
        ],
        "near": [_named(each, known=True) for each in near],
    }


async def _near(db: Db, municipality: str, task: Task) -> list[Task]:
    if task.lat is None or task.lon is None:
        return []
    found = await tasks.open_near(db, municipality, task.tile, task.lat, task.lon, max(task.radius_m, 25))
    return [each for each in found if each.id != task.id]


def _named(task: Task, *, known: bool) -> dict[str, object]:
    return {"id": task.id if known else None, "number": task.number, "title": task.title if known else ""}
