"""What somebody outside, who answers by a link, may read of a task's findings: no more than a department does."""

from collections.abc import Mapping
from uuid import UUID

from trygghetsvandring.domain.observations import Observation, ObservationState
from trygghetsvandring.domain.tasks import Task


def shown(task: Task, behind: Mapping[UUID, Observation]) -> list[Observation]:
    """In the task's order, without what is held back for somebody's privacy."""
    here = (behind[id] for id in task.findings if id in behind)
    return [found for found in here if found.state is not ObservationState.WITHHELD]


_CAME_AND_WENT = frozenset({"task.unlink", "task.split", "observation.unmerge"})


def point(task: Task, behind: Mapping[UUID, Observation]) -> tuple[float, float] | None:
    """Where the task is. Not when it may be where somebody stood who is held back now or has left the task.

    A task has the point of its first finding, and nothing says afterwards which one that was.
    """
    here = shown(task, behind)
    whole = len(here) == len(task.findings) > 0 and all(event.type not in _CAME_AND_WENT for event in task.history)
    return (task.lat, task.lon) if whole and task.lat is not None and task.lon is not None else None
