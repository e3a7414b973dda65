"""What somebody who helps a unit says by an answer link: a day, or no. The unit decides what comes of it.

That it is done is said as by the unit itself (`task_work.finish`): nobody verifies what their own helper closed.
"""

from dataclasses import replace
from datetime import date, datetime

from trygghetsvandring.domain import task_work as work
from trygghetsvandring.domain.people import Principal
from trygghetsvandring.domain.task_passages import noted
from trygghetsvandring.domain.tasks import (
    DateNotPossible,
    FieldMissing,
    Task,
    TaskState,
    day_of,
    not_before,
    public_safe,
)


def promised(task: Task, *, planned_on: date, latest: date, by: Principal, at: datetime) -> Task:
    """A day, written down; for what was referred it is the day the unit looks next, `latest` at the last."""
    not_before(planned_on, day_of(at), "planned_on")
    if planned_on > latest:
        raise DateNotPossible(field="planned_on", latest=latest.isoformat())
    told = noted(task, "task.note", by, at, f"Säger {planned_on}.")
    return replace(told, next_look_on=planned_on) if task.state is TaskState.REFERRED else told


def declined(task: Task, *, text: str, by: Principal, at: datetime) -> Task:
    """What was referred is back on the unit's own table, with the answer written down; else nothing moves."""
    if not text.strip():
        raise FieldMissing(operation="answer.decline", fields=["public_text"])
    said = public_safe(text)
    if task.state is TaskState.REFERRED:
        task = work.start(task, note=f"Tillbaka från {by.function}.", by=by, at=at)
    return noted(task, "task.note", by, at, f"Säger nej. {said}")
