"""A task as a row of a list. What a row says follows from the stored task, the municipality's settings and the day."""

import threading
from collections.abc import Sequence
from datetime import date

import msgspec

from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.stretches import name_at
from trygghetsvandring.domain.task_work import needs_decision
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.storage.records import decode

# What the task says itself; the rest of a row is worked out.
_OWN = (
    *("id", "version", "number", "title", "state", "priority", "department", "explanation", "person", "due_on"),
    "assignee",
    *("planned_on", "next_look_on", "done_on", "extent", "public_text", "reopened", "bounced", "place", "tile"),
    *("lat", "lon", "finished_by", "reopen_proposed", "priority_reason", "next_owner", "handed_over"),
)
MOST_KEPT = 5_000  # about 20 MiB


def task_row(task: Task, here: Municipality, today: date) -> dict[str, object]:
    """`TaskRow`. `reopen_proposed`: a walker has been there and it was not mended."""
    owner = here.organisation(task.department)
    return {
        **{name: getattr(task, name) for name in _OWN},
        "department_name": owner.name if owner else None,
        "department_kind": owner.kind if owner else None,
        **_proposal(task, here),
        "stretch": name_at(here.stretches, task.lat, task.lon),
        "late": task.is_late(today),
        "findings_count": len(task.findings),
    }


def _proposal(task: Task, here: Municipality) -> dict[str, object]:
    """Whose it should be: whom the last unit named, else what the rules said when its finding was sorted."""
    named = here.organisation(task.next_owner or (task.routed.department if task.routed else None))
    return {
        "proposed": None if named is None else {"department": named.id, "department_name": named.name},
        "routed": task.routed and {"rule": task.routed.rule, "book": task.routed.book, "reason": task.routed.reason},
        "authority": task.routed is not None and task.routed.authority,
        "decision_needed": needs_decision(task),
    }


class Shown:
    """Rows as JSON, worked out once for each stored task: the board and the list ask for the same ones all day.

    A row is found by the very words that are stored, so what is changed, merged or erased is never shown from here. The
    municipality's settings are compared by identity: the storage hands out one object for as long as nothing changes.
    """

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._one_at_a_time = threading.Lock()  # asked in the threads that read
        self._kept: dict[str, tuple[Municipality, date, dict[str, msgspec.Raw]]] = {}

    def rows(self, docs: Sequence[str], here: Municipality, today: date) -> list[msgspec.Raw]:
        """In the same order, each as `TaskRow`."""
        with self._one_at_a_time:
            kept = self._of(here, today)
            return [kept[doc] if doc in kept else self._worked_out(doc, here, today, kept) for doc in docs]

    def _of(self, here: Municipality, today: date) -> dict[str, msgspec.Raw]:
        found = self._kept.get(here.id)
        if found is None or found[0] is not here or found[1] != today:
            found = self._kept[here.id] = (here, today, {})
        return found[2]

    def _worked_out(self, doc: str, here: Municipality, today: date, kept: dict[str, msgspec.Raw]) -> msgspec.Raw:
        row = msgspec.Raw(msgspec.json.encode(task_row(decode(Task, doc), here, today)))
        while len(kept) >= self._most:
            del kept[next(iter(kept))]  # the one that came first
        kept[doc] = row
        return row

    def __len__(self) -> int:
        return sum(len(rows) for _, _, rows in self._kept.values())
