"""Action plans at the desk: the coordinator sees all, an executor its own and what the others are late with.

The on-time rate is the same one; of the others it is counted within the agreement.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain import plans as rules
from trygghetsvandring.domain import report_links as links
from trygghetsvandring.domain.agreements import Agreement, validity
from trygghetsvandring.domain.lagesbild import Lagesbild
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import Act, Principal, Role
from trygghetsvandring.domain.plans import ActionPlan, Commitment, Other
from trygghetsvandring.domain.promises import Promise
from trygghetsvandring.domain.report_links import ReportLink
from trygghetsvandring.domain.tasks import Task, day_of
from trygghetsvandring.storage import agreements, lagesbild, municipalities, plans, promises, records
from trygghetsvandring.storage import report_links as stored_links
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.web import routing
from trygghetsvandring.web.observations import query_words
from trygghetsvandring.web.tasks import may_know_of


@dataclass(frozen=True, slots=True)
class Found:
    """What the page is made of. `tasks`: those the asker may know of. `others`: by agreement, for an executor."""

    here: Municipality
    agreements: Sequence[Agreement]
    plans: Sequence[ActionPlan]
    commitments: Sequence[Commitment]
    promises: Mapping[UUID, Promise]
    tasks: Mapping[UUID, Task]
    links: Sequence[ReportLink]
    lagesbilder: Sequence[Lagesbild]
    others: Mapping[UUID, Sequence[Other]]


async def every_plan(request: Request) -> Response:
    """`PlansView`: by agreement and plan, with the report days and every report. `task`: only what leads to it."""
    asker, now = routing.principal(request), routing.now(request)
    today = day_of(now)
    is_coordinator = asker.role is Role.COORDINATOR
    async with routing.house(request).store.read() as db:
        found = await _found(db, asker, today)
    leads = query_words(request, "task", UUID)
    is_all = is_coordinator and not leads
    if leads:
        found = replace(found, commitments=[it for it in found.commitments if set(it.tasks).intersection(leads)])
    own = {it.plan for it in found.commitments}
    shown = [plan for plan in found.plans if is_all or plan.id in own]
    of_plans = {plan.agreement for plan in shown}
    return routing.json(
        {
            "today": today,
            "is_coordinator": is_coordinator,
            "agreements": [
                _agreement(it, [plan for plan in shown if plan.agreement == it.id], found, today, now)
                for it in found.agreements
                if is_all or it.id in of_plans
            ],
            "rates": [] if leads else _rates(found, today),
            "executors": _executors(found.here) if is_coordinator else [],
            "promises": [_promise(it) for it in found.promises.values()] if is_coordinator else [],
        }
    )


async def _found(db: Db, asker: Principal, today: date) -> Found:
    place, is_coordinator = asker.municipality, asker.role is Role.COORDINATOR
    here = await municipalities.municipality(db, place)
    assert here is not None
    every, shelf, own = await plans.commitments_of(db, place), await plans.all_of(db, place), asker.organisation or ""
    found = every if is_coordinator else [it for it in every if it.executor == own]
    tasks = await records.load(db, place, Task, {id for it in found for id in it.tasks})
    return Found(
        here,
        await agreements.all_of(db, place),
        shelf,
        found,
        {it.id: it for it in await promises.all_of(db, place)},
        {id: task for id, task in tasks.items() if may_know_of(task, asker)},
        await stored_links.of_commitments(db, place, [it.id for it in found]) if is_coordinator else [],
        await lagesbild.all_of(db, place),
        {} if is_coordinator else rules.others(own, shelf, every, today),
    )


def _agreement(it: Agreement, own: Sequence[ActionPlan], found: Found, today: date, now: datetime) -> dict[str, object]:
    return {
        "id": it.id,
        "title": it.title,
        "valid_from": it.valid_from,
        "valid_to": it.valid_to,
        "validity": validity(it, today),
        "review_on": it.review_on,
        "plans": [
            {
                "id": plan.id,
                "version": plan.version,
                "focus": plan.focus,
                "title": plan.title,
                "rests_on": [
                    {"first": one.first, "last": one.last} for one in found.lagesbilder if plan.id in one.focus
                ],
                "commitments": [_row(each, found, today, now) for each in found.commitments if each.plan == plan.id],
            }
            for plan in own
        ],
        "others": [_other(each, found.here, today) for each in found.others.get(it.id, ())],
    }


def _other(it: Other, here: Municipality, today: date) -> dict[str, object]:
    """What another is late with, in the commitment's own words, and how often it is in time. No report of theirs."""
    late = [{"text": each.text, "since": rules.late_since(each, today), "due_on": each.due_on} for each in it.late]
    known = here.organisation(it.executor)
    name = known.name if known is not None else it.executor
    return {"executor": it.executor, "name": name, "on_time": it.rate.on_time, "of": it.rate.of, "late": late}


def _row(it: Commitment, found: Found, today: date, now: datetime) -> dict[str, object]:
    names = ("id", "version", "plan", "executor", "text", "due_on", "rhythm", "state", "terms")
    told: dict[str, Any] = {name: getattr(it, name) for name in names}
    known = found.here.organisation(it.executor)
    return {
        **told,
        "executor_name": known.name if known is not None else it.executor,
        "is_late": rules.is_late(it, today),
        "days": [{"day": day, "kept": rules.kept(it, day, today)} for day in rules.report_days(it)],
        "asked_for": rules.asked_for(it, today),
        "may_tell": rules.may_tell(it.state),
        "reports": list(reversed(it.reports)),
        "promises": [_promise(found.promises[id]) for id in it.promises if id in found.promises],
        "tasks": [
            {"id": id, "number": task.number, "title": task.title, "state": task.state}
            for id in it.tasks
            if (task := found.tasks.get(id)) is not None
        ],
        "links": [_link(link, it, now) for link in found.links if link.commitment == it.id],
        "mail": known.mail if known is not None else "",
    }


def _promise(it: Promise) -> dict[str, object]:
    return {"id": it.id, "heading": it.heading or it.text}


def _link(it: ReportLink, of: Commitment, now: datetime) -> dict[str, object]:
    return {
        "id": it.id,
        "to": it.to,
        "made_at": it.made_at,
        "made_by": it.made_by,
        "ends_at": it.ends_at,
        "used_at": it.used_at,
        "standing": links.standing(it, of, now),
    }


def _rates(found: Found, today: date) -> list[dict[str, object]]:
    """By executor, in the order of their names."""
    told = []
    for executor in {it.executor for it in found.commitments}:
        known = found.here.organisation(executor)
        counted = rules.rate((it for it in found.commitments if it.executor == executor), today)
        name = known.name if known is not None else executor
        told.append({"executor": executor, "name": name, "on_time": counted.on_time, "of": counted.of})
    return sorted(told, key=lambda each: str(each["name"]))


def _executors(here: Municipality) -> list[dict[str, object]]:
    return [{"id": it.id, "name": it.name} for it in here.departments]


routes = [routing.route("/api/plans", every_plan, methods=["GET"], act=Act.READ_PLANS)]
