"""A task that the municipality took back from a party it had asked by a link: the party hears so.

What the party has said no to itself, by the link or by telephone, nobody took from it; nor what goes on with it under
another number.
"""

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


def is_taken_back(link: AnswerLink, task: Task, now: datetime, into: Task | None = None) -> bool:
    """Its holder was asked this time, did not end it, and can answer no more. `into`: what it was merged into."""
    given = max((event.at for event in task.history if event.type in GIVEN), default=None)
    if given is None or link.made_at < given or now >= link.ends_at:
        return False
    if link.revoked_at is None and link.used_at is not None and link.used_at >= task.history[-1].at:
        return False
    if link.revoked_at is not None or task.retracted:
        return True
    if task.merged_into is not None:
        return into is not None and into.department != link.party
    return standing(link, task, now) is Standing.MOVED and not _said_no(link, task)


def _said_no(link: AnswerLink, task: Task) -> bool:
    """The party's own word, whoever wrote it down. Who only helps has not spoken."""
    return task.state is TaskState.NEW and task.history[-1].type == "task.decline" and not link.helps
