"""What another system's word means for our task: an arrow taken on its behalf, or a note for a person to read.

It is only ever what they report. Nothing is done without their own words about it, and what is merely "closed" is a
note: some systems close what they have refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from trygghetsvandring.domain.open311_told import Status
from trygghetsvandring.domain.tasks import LONGEST_TEXT, Task, TaskState

_WORKING = frozenset({TaskState.ACCEPTED, TaskState.PLANNED, TaskState.IN_PROGRESS})
_CAN_START = frozenset({TaskState.ACCEPTED, TaskState.PLANNED, TaskState.WAITING})
_CAN_PLAN = frozenset({TaskState.ACCEPTED, TaskState.WAITING})
_CAN_REFUSE = _WORKING | {TaskState.WAITING, TaskState.REFERRED}
_PLANNED = frozenset({Status.ACTION_SCHEDULED, Status.PLANNED})
_WORKED_ON = frozenset({Status.IN_PROGRESS, Status.FIXED, *_PLANNED})
_NOT_OVER = frozenset({Status.OPEN, Status.INVESTIGATING, Status.IN_PROGRESS, *_PLANNED})


def says_undone(task: Task, status: str) -> bool:
    """It is done here, as they said or as somebody else did, and they say that it is not over."""
    return task.state is TaskState.DONE and _word(status) in _NOT_OVER


def is_over(status: str) -> bool:
    return _word(status) not in _NOT_OVER


def works_on_it(status: str) -> bool:
    """Somebody has taken it on: until then a unit that signs in may still say that it is not theirs."""
    return _word(status) in _WORKED_ON


def _word(status: str) -> str:
    return status.strip().upper().replace(" ", "_")


@dataclass(frozen=True, slots=True)
class Step:
    type: str
    body: Mapping[str, object]


def steps(
    task: Task, status: str, text: str, *, party: str, expected: date | None, today: date, may_refuse: bool = True
) -> list[Step]:
    """One arrow at most. The note is for what no arrow fits, and for what was said without words.

    `may_refuse`: nobody else decides it. In a unit that signs in, a person does.
    """
    said = text.strip()[: LONGEST_TEXT - 200]
    word = _word(status)
    match word:
        case Status.IN_PROGRESS if task.state in _CAN_START:
            return [Step("task.start", {"note": _note(party, word, said)})]
        case Status.ACTION_SCHEDULED | Status.PLANNED if task.state in _CAN_PLAN and expected and expected >= today:
            return [Step("task.plan", {"planned_on": expected.isoformat()})]
        case Status.ACTION_SCHEDULED | Status.PLANNED if _is_moved(task, expected, today):
            moved = {"planned_on": str(expected), "public_text": said or f"{party} har en ny dag."}
            return [Step("task.replan", moved)]
        case Status.FIXED if said and task.state in _WORKING:
            return [Step("task.finish", {"extent": "full", "public_text": said, "photos": []})]
        case Status.NO_FURTHER_ACTION if said and may_refuse and task.state in _CAN_REFUSE:
            body = {"public_text": said, "said_by": party, "said_on": today.isoformat()}
            return [Step("task.refuse", body)]
        case _:
            return [Step("task.note", {"text": _note(party, word, said)})]


def _is_moved(task: Task, expected: date | None, today: date) -> bool:
    is_ahead = expected is not None and expected >= today
    return task.state is TaskState.PLANNED and is_ahead and expected != task.planned_on


def _note(party: str, word: str, said: str) -> str:
    if word in {Status.FIXED, Status.CLOSED, Status.NO_FURTHER_ACTION} and not said:
        return f"{party} har stängt det utan att säga varför. Fråga dem ({word})."
    if word == Status.CLOSED:
        return f"{party} har stängt det. Läs och avgör: {said}"
    return f"{party}: {word}. {said}".strip()
