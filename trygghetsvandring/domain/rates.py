"""Rates: how many actions are said to be mended, and how many somebody has seen. Two numbers, never one."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from trygghetsvandring.domain.tasks import CLOSED, Extent, Task, TaskState, WaitReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Said and seen are two numbers: `claimed` are those the owners say are mended, `verified` those somebody else saw.

    A verified action is claimed too. `partly` of the claimed were said to be mended in part, and are never `verified`:
    somebody has seen that the rest is left.
    """

    actions: int
    claimed: int
    verified: int
    partly: int
    refused: int
    open: int
    without_owner: int
    reopened: int


Standing = tuple[TaskState, bool, int]  # state, said to be mended in part, times opened again


def rates(tasks: Sequence[Task]) -> Rates:
    return rates_of([(task.state, task.extent is Extent.PARTLY, task.reopened) for task in tasks])


def rates_of(each: Sequence[Standing]) -> Rates:
    states = Counter(state for state, _, _ in each)
    claimed = [partly for state, partly, _ in each if state in {TaskState.DONE, TaskState.VERIFIED}]
    seen = [partly for state, partly, _ in each if state is TaskState.VERIFIED]
    return Rates(
        actions=len(each),
        claimed=len(claimed),
        verified=seen.count(False),
        partly=sum(claimed),
        refused=states[TaskState.WONT_DO],
        open=sum(1 for state, _, _ in each if state not in CLOSED),
        without_owner=states[TaskState.NEW],
        reopened=sum(1 for _, _, reopened in each if reopened),
    )


_WAITS = {
    WaitReason.PARTS: "delar",
    WaitReason.PERMIT: "tillstånd",
    WaitReason.SEASON: "rätt årstid",
    WaitReason.BUDGET: "pengar i budget",
    WaitReason.EXTERNAL: "någon annan",
    WaitReason.INVESTIGATION: "utredning",
}


def state_words(task: Task, owner: str) -> str:
    """Where it stands, and who says so. `owner` is the unit's name."""
    return _SAID[task.state](task, owner)


def _assigned(task: Task, owner: str) -> str:
    return "Öppnat igen" if task.reopened else f"Hos {owner}"


def _waiting(task: Task, owner: str) -> str:
    waits = f"Väntar på {_WAITS[task.wait_reason]}" if task.wait_reason else "Väntar"
    return f"{waits}. Nästa titt {task.next_look_on}"


def _referred(task: Task, owner: str) -> str:
    if task.handed_over is not None:  # nobody here looks again
        return f"Överlämnat till {task.handed_over.party} {task.handed_over.handed_on}"
    return f"Skickat vidare. Nästa titt {task.next_look_on}"


def _done(task: Task, owner: str) -> str:
    return f"{_how_much(task)} enligt {owner}"


def _how_much(task: Task) -> str:
    return "Delvis åtgärdat" if task.extent is Extent.PARTLY else "Åtgärdat"


_SAID: Mapping[TaskState, Callable[[Task, str], str]] = {
    TaskState.NEW: lambda _task, _owner: "Nytt, ingen enhet än",
    TaskState.ASSIGNED: _assigned,
    TaskState.ACCEPTED: lambda _task, owner: f"Hos {owner}, mottaget",
    TaskState.PLANNED: lambda task, _owner: f"Planerat till {task.planned_on}",
    TaskState.IN_PROGRESS: lambda _task, _owner: "Pågår",
    TaskState.WAITING: _waiting,
    TaskState.REFERRED: _referred,
    TaskState.DONE: _done,
    TaskState.WONT_DO: lambda _task, _owner: "Görs inte",
    TaskState.VERIFIED: lambda task, _owner: f"{_how_much(task)}, bekräftat på plats",
}
