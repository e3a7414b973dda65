"""A task that a party was asked about by a link, and that is no longer the party's: it hears so, unless it said so."""

from datetime import datetime

from trygghetsvandring.domain.answer_links import AnswerLink, Standing, standing
from trygghetsvandring.domain.connections import GIVEN
from trygghetsvandring.domain.tasks import CLOSED, Task, TaskState


def may_be(task: Task) -> bool:
    """Whether the last that happened may have ended somebody's link while the work is not done."""
    last = task.history[-1] if task.history else None
    if task.is_gone or last is None:
        return task.is_gone
    given_back = task.state is TaskState.NEW and last.start is TaskState.ASSIGNED
    called_back = last.start is TaskState.REFERRED and last.end not in CLOSED | {TaskState.REFERRED}
    return given_back or called_back


def is_taken_back(link: AnswerLink, task: Task, now: datetime) -> bool:
    """Its holder was asked this time, did not end it, and can answer no more."""
    given = max((event.at for event in task.history if event.type in GIVEN), default=None)
    if given is None or link.made_at < given or now >= link.ends_at:
        return False
    if link.revoked_at is None and link.used_at is not None and link.used_at >= task.history[-1].at:
        return False
    return task.is_gone or standing(link, task, now) in {Standing.REVOKED, Standing.MOVED}
