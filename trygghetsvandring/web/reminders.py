"""Late and why: who is waited for, since when, what has been said about it; and letters that have not left."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain import reminders as rules
from trygghetsvandring.domain.incoming_mail import SHOW_BOUNCES
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import Act, Role
from trygghetsvandring.domain.reminders import STEPS, Clock, Late
from trygghetsvandring.domain.tasks import Extent, Task, day_of
from trygghetsvandring.domain.unreached import Stuck, Unreached
from trygghetsvandring.integrations.handover_letters import why_late, why_unsorted
from trygghetsvandring.storage import incoming_mail, letter_lines, letters, municipalities, observations, records
from trygghetsvandring.storage import reminders as stored
from trygghetsvandring.storage.letters import Failed
from trygghetsvandring.storage.reminders import Said
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync.unreached import unreached
from trygghetsvandring.web import routing

_MOST = 500


async def late_and_why(request: Request) -> Response:
    """A unit sees its own; the coordinator all, and the letters. What is said to be done is the coordinator's only."""
    asker, today = routing.principal(request), day_of(routing.now(request))
    is_coordinator = asker.role is Role.COORDINATOR
    unit = None if is_coordinator else asker.organisation or ""
    async with routing.house(request).store.read() as db:
        here = await municipalities.municipality(db, asker.municipality)
        waiting = await stored.waited_for(db, asker.municipality, unit)
        found = [(task, late) for task in waiting if (late := rules.late(task, today)) and late.step]
        if not is_coordinator:  # only whoever sorts can do something about it
            found = [(task, late) for task, late in found if late.clock is not Clock.DOUBTED]
        found.sort(key=lambda pair: (-pair[1].step, pair[1].since, pair[0].number))
        said = await stored.said(db, asker.municipality, [task.id for task, _ in found[:_MOST]])
        failed = await letters.failed(db, asker.municipality) if is_coordinator else []
        if is_coordinator:
            failed += await letters.not_arrived(db, asker.municipality, routing.now(request) - SHOW_BOUNCES)
        told = await _told_by(db, asker.municipality, failed)
        waits = await observations.unsorted(db, asker.municipality) if is_coordinator else (0, None)
        outside = await unreached(db, asker.municipality, routing.now(request)) if is_coordinator else None
    assert here is not None
    rows = [_row(task, late, said.get((task.id, late.clock.value, late.since), []), here) for task, late in found]
    return routing.json(
        {
            "late": rows[:_MOST],
            "count": len(rows),
            "letters": [_letter(each, told.get(each.id, [])) for each in failed],
            "outside": None if outside is None else _outside(outside, here),
            "unsorted": _unsorted(rules.unsorted(*waits, today)),
            "today": today,
        }
    )


def _row(task: Task, late: Late, said: list[Said], here: Municipality) -> dict[str, object]:
    owner = here.organisation(task.department)
    return {
        "id": task.id,
        "number": task.number,
        "title": task.title,
        "place": task.place,
        "state": task.state,
        "department_name": owner.name if owner else None,
        "clock": late.clock,
        "since": late.since,
        "days": late.days,
        "step": late.step,
        "why": why_late(late.clock.value, late.since, late.days, partly=task.extent is Extent.PARTLY),
        "wait_reason": task.wait_reason,
        "public_text": task.public_text,
        "said": [{"step": each.step, "on": day_of(each.at)} for each in said],
        "next_step_in": _days_left(late),
    }


def _days_left(late: Late) -> int | None:
    """Working days to the next step; None after the last."""
    left = [limit - late.days for limit in STEPS[late.clock] if limit > late.days]
    return min(left, default=None)


async def _told_by(db: Db, municipality: str, failed: list[Failed]) -> dict[UUID, list[Task]]:
    """What each letter tells of: by its lines, or in its job."""
    told = await letter_lines.tasks_of(db, municipality, [each.id for each in failed])
    for it in await incoming_mail.of_letters(db, municipality, [each.id for each in failed]):
        told.setdefault(it.letter, set()).add(it.task)
    for each in failed:
        if id := msgspec.json.decode(each.body).get("task"):
            told.setdefault(each.id, set()).add(UUID(id))
    tasks = await records.load(db, municipality, Task, {id for ids in told.values() for id in ids})
    return {letter: sorted((tasks[id] for id in ids & set(tasks)), key=_number) for letter, ids in told.items()}


def _number(task: Task) -> tuple[int, str]:
    return len(task.number), task.number


def _letter(it: Failed, told: list[Task]) -> dict[str, Any]:
    return {
        "id": it.id,
        "kind": it.kind,
        "tasks": [{"id": task.id, "number": task.number} for task in told],
        "observation": msgspec.json.decode(it.body).get("observation"),
        "attempts": it.attempts,
        "reason": it.reason.partition(": ")[2] or it.reason,
        "gave_up_on": _on(it),
    }


def _unsorted(it: rules.Unsorted | None) -> dict[str, object] | None:
    if it is None:
        return None
    why = why_unsorted(it.count, it.since, it.days)
    return {"count": it.count, "since": it.since, "days": it.days, "step": it.step, "why": why}


def _outside(it: Unreached, here: Municipality) -> dict[str, object]:
    def name(id: str) -> str:
        party = here.organisation(id)
        return party.name if party else id

    return {
        "tasks": [_stuck(each, name(each.delivery.organisation)) for each in it.stuck],
        "undone": [_stuck(each, name(each.delivery.organisation)) for each in it.undone],
        "silent": [{"party": name(each.organisation), "since": each.since, "tasks": each.tasks} for each in it.silent],
        "webhooks": [
            {
                "id": each.webhook.id,
                "name": each.webhook.name,
                "calls": each.calls,
                "reason": each.reason,
                "since": each.at,
            }
            for each in it.unheard
        ],
    }


def _stuck(it: Stuck, party: str) -> dict[str, object]:
    return {
        "id": it.task.id,
        "number": it.task.number,
        "title": it.task.title,
        "party": party,
        "turn": it.delivery.turn,
        "state": it.delivery.state,
        "reason": it.delivery.reason,
        "since": it.delivery.undone_at or it.delivery.changed_at,
        "may_retry": it.may_retry,
    }


def _on(it: Failed) -> date | None:
    return None if it.gave_up_at is None else day_of(it.gave_up_at)


routes = [routing.route("/api/reminders", late_and_why, methods=["GET"], act=Act.READ_TASKS)]
