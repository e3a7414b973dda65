"""A task's passage from one state to the next, and the lines of its history that move nothing."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from trygghetsvandring.domain.people import Principal, Role
from trygghetsvandring.domain.tasks import (
    Arrow,
    Task,
    TaskEvent,
    TaskState,
    arrow_from,
    day_of,
    must_be,
    must_be_here,
    must_have,
    who_does,
)

_STANDS = frozenset({TaskState.WAITING, TaskState.REFERRED})
_WORKS = frozenset({Role.HANDLER, Role.DEPARTMENT_HEAD, Role.ANSWERING_PARTY})
"""Whose words are news of the work; what others write beside it is not."""


def enter(operation: str, task: Task | None, by: Principal, facts: Mapping[str, object]) -> Arrow:
    """Who before where: a stranger learns nothing about the task's state."""
    must_be(who_does(operation), task, by)
    if task is not None:
        must_be_here(task)
    arrow = arrow_from(operation, None if task is None else task.state)
    must_have(arrow, facts)
    return arrow


def along(
    task: Task,
    arrow: Arrow,
    by: Principal,
    at: datetime,
    text: str,
    *,
    internal: bool = False,
    type: str = "",
    **changes: Any,
) -> Task:
    """The task at the arrow's other end. What belonged to standing still, and the answer given there, stay behind."""
    event = TaskEvent(
        at=at,
        type=type or arrow.operation,
        start=task.state,
        end=arrow.end,
        by=by.function,
        text=text,
        internal=internal,
        extent=changes.get("extent", task.extent),
    )
    still = dict.fromkeys(("next_look_on", "wait_reason", "referral", "handed_over")) | {"public_text": ""}
    if arrow.end in _STANDS:
        still |= {"planned_on": None}  # nobody stands by that day any more
    return replace(task, **{**still, **changes}, state=arrow.end, history=(*task.history, event))


def noted(task: Task, type: str, by: Principal, at: datetime, text: str, *, internal: bool = True) -> Task:
    """A line of the history that moves nothing."""
    if by.role in _WORKS:
        task = replace(task, heard_on=day_of(at))
    event = TaskEvent(at=at, type=type, start=task.state, end=task.state, by=by.function, text=text, internal=internal)
    return replace(task, history=(*task.history, event))
