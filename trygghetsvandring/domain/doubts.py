"""Doubts: somebody has been there, and it is not as its owner said.

A coordinator opens the task again, or upholds what was said with words that everybody may read. A coordinator, a field
secretary or a re-walk that sees it mended that day or later settles it too, and so does whoever doubted by answering
anew. Until then it is on top of the list and has a clock of its own.
"""

from dataclasses import replace
from datetime import date, datetime

from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.people import Principal
from trygghetsvandring.domain.settling import Settled
from trygghetsvandring.domain.tasks import (
    Confirmation,
    Extent,
    FieldMissing,
    SeenThere,
    Task,
    TaskEvent,
    TaskState,
    Who,
    day_of,
    must_be,
    must_be_here,
    public_safe,
)

UPHOLD = "task.uphold"


class NothingDoubted(Refused):
    """Nobody has said that it is not mended, or that has been settled."""

    code = "nothing_doubted"


def is_of(said: Confirmation, by: Principal) -> bool:
    """Whether they gave that answer: one voice for each person, or for each device that nobody signs in on."""
    if said.user is not None and by.user is not None:
        return said.user == by.user
    return said.device is not None and said.device == by.device  # answers from before kept no user


def weighed(task: Task) -> Task:
    """The task with its doubts counted anew, out of what everybody has answered; one answer for each who was there."""
    open_ = [each for each in task.confirmations if _is_doubt(task, each)]
    on = max((day_of(each.at) for each in open_), default=None)
    return replace(task, reopen_proposed=bool(open_), doubted_on=on)


def _is_doubt(task: Task, said: Confirmation) -> bool:
    """Whether the answer says less than the owner does, and nothing later stands against it."""
    if task.state not in {TaskState.DONE, TaskState.VERIFIED}:
        return False
    less = said.seen is SeenThere.NO or (said.seen is SeenThere.PARTLY and task.extent is not Extent.PARTLY)
    seen_on = said.seen_on or day_of(said.at)
    is_before = task.done_on is not None and seen_on < task.done_on
    return less and not is_before and not (task.settled and _is_settled(seen_on, said.at, task.settled))


def _is_settled(seen_on: date, at: datetime, by: Settled) -> bool:
    """Seen on an earlier day, or the same day and said before."""
    return seen_on < by.on or (seen_on == by.on and at <= by.at)


def settled(task: Task, on: date, at: datetime) -> Task:
    """Somebody has seen it mended that day. Said later of the same day, or seen later, a doubt is one again."""
    if task.settled is not None and (task.settled.on, task.settled.at) >= (on, at):
        return weighed(task)
    return weighed(replace(task, settled=Settled(on, at)))


def uphold(task: Task, *, public_text: str, by: Principal, at: datetime) -> Task:
    """It stands as it was said, and why: those who walked read it, also the one who doubted."""
    must_be(Who.TRIAGE, task, by)
    must_be_here(task)
    if not task.reopen_proposed:
        raise NothingDoubted()
    if not public_text.strip():
        raise FieldMissing(operation=UPHOLD, fields=["public_text"])
    said = public_safe(public_text)
    event = TaskEvent(
        at=at, type=UPHOLD, start=task.state, end=task.state, by=by.function, text=said, extent=task.extent
    )
    return settled(replace(task, public_text=said, history=(*task.history, event)), day_of(at), at)
