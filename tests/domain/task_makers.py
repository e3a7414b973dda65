"""The same people every time, a task in any state, and how each operation is done when nothing is wrong."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from trygghetsvandring.domain import task_work as work
from trygghetsvandring.domain.departments import Organisation, OrganisationKind
from trygghetsvandring.domain.hand_overs import HandOver
from trygghetsvandring.domain.people import Principal, Role
from trygghetsvandring.domain.task_changes import replan
from trygghetsvandring.domain.tasks import (
    ARROWS,
    Arrow,
    DeclineReason,
    Extent,
    Referral,
    SeenThere,
    Task,
    TaskState,
    WaitReason,
    Who,
)

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
YESTERDAY = date(2026, 11, 22)
LATER = date(2026, 12, 4)


def an_id(n: int) -> UUID:
    return UUID(int=0x0192_0000_0000_7000_8000_0000_0000_0000 + n)


FINDING, ANOTHER_FINDING, TASK, AFTER_PHOTO, THE_WALK = (an_id(n) for n in range(1, 6))


def somebody(role: Role, organisation: str | None, n: int, **more: Any) -> Principal:
    named: dict[str, Any] = {"user": an_id(n), "function": f"{role}, {organisation}"} | more
    return Principal(municipality="lidkoping", role=role, organisation=organisation, **named)


COORDINATOR = somebody(Role.COORDINATOR, "samordning", 101)
HANDLER = somebody(Role.HANDLER, "gata-park", 102, function="Handläggare, Gata och park")
HEAD = somebody(Role.DEPARTMENT_HEAD, "gata-park", 103)
OTHER_HANDLER = somebody(Role.HANDLER, "ab-bostader", 104)
OTHER_HEAD = somebody(Role.DEPARTMENT_HEAD, "ab-bostader", 105)
FIELD_SECRETARY = somebody(Role.FIELD_SECRETARY, "socialtjansten", 106)
SHOP = somebody(Role.SHOP, "butik-torget", 107)
POLICE = somebody(Role.POLICE, "polisen", 108)
WALKER = Principal(municipality="lidkoping", role=Role.WALKER, device=an_id(109), walk=THE_WALK)
OTHER_WALKER = Principal(municipality="lidkoping", role=Role.WALKER, device=an_id(110), walk=an_id(999))
EVERYONE = (COORDINATOR, HANDLER, HEAD, OTHER_HANDLER, OTHER_HEAD, FIELD_SECRETARY, SHOP, POLICE, WALKER)

RIGHT: Mapping[Who, tuple[Principal, ...]] = {
    Who.TRIAGE: (COORDINATOR,),
    Who.DEPARTMENT: (HANDLER, HEAD),
    Who.HEAD: (HEAD,),
    Who.WITNESS: (COORDINATOR, FIELD_SECRETARY, WALKER),
}


def a_task(state: TaskState = TaskState.NEW, **changes: Any) -> Task:
    """Believable in that state: owned unless new, with its dates, its closer and its reason."""
    owned = state is not TaskState.NEW
    closed = state in {TaskState.DONE, TaskState.WONT_DO, TaskState.VERIFIED}
    still = state in {TaskState.WAITING, TaskState.REFERRED}
    facts: dict[str, Any] = {
        "id": TASK,
        "version": 1,
        "number": "Å-31",
        "title": "Laga tre lampor i gångtunneln",
        "state": state,
        "priority": 2,
        "findings": (FINDING,),
        "place": "Gångtunneln vid Ösbyskolan",
        "lat": 58.49503,
        "lon": 13.17665,
        "department": "gata-park" if owned else None,
        "due_on": LATER if owned else None,
        "next_look_on": date(2026, 11, 30) if still else None,
        "wait_reason": WaitReason.PARTS if state is TaskState.WAITING else None,
        "public_text": "Det står så här." if still or closed else "",
        "done_on": date(2026, 11, 20) if closed and state is not TaskState.WONT_DO else None,
        "finished_by": HANDLER.function if closed else None,
        "finished_by_user": HANDLER.user if closed else None,
        "finished_by_organisation": HANDLER.organisation if closed else None,
    }
    return Task(**(facts | changes))


Doing = Callable[..., Task]


def _refer(task: Task, *, party: str, contact: str, reference: str, **facts: Any) -> Task:
    return work.refer(task, referral=Referral(party=party, contact=contact, reference=reference), **facts)


def _hand_over(
    task: Task, *, party: str, reference: str, handed_on: date, public_text: str, by: Principal, at: datetime
) -> Task:
    to = HandOver(party=party, reference=reference, handed_on=handed_on)
    return work.hand_over(task, to=to, public_text=public_text, by=by, at=at)


BOSTADER = Organisation(id="ab-bostader", name="AB Bostäder", kind=OrganisationKind.HOUSING_COMPANY)

# Every operation of the machine: how it is done, and what is said when nothing is missing.
HOW: Mapping[str, tuple[Doing, Mapping[str, Any]]] = {
    "task.assign": (
        work.assign,
        {"department": "gata-park", "explanation": "Lampor sköter Gata och park.", "due_on": LATER},
    ),
    "task.accept": (work.accept, {"person": "Belysningslaget"}),
    "task.decline": (
        work.decline,
        {"reason": DeclineReason.WRONG_OWNER, "public_text": "Lampan är inte vår.", "next_owner": BOSTADER},
    ),
    "task.plan": (work.plan, {"planned_on": LATER}),
    "task.replan": (replan, {"planned_on": LATER + timedelta(days=2), "public_text": "Bilen är på verkstad."}),
    "task.start": (work.start, {"note": "Svar kom i dag."}),
    "task.wait": (
        work.wait,
        {"reason": WaitReason.PARTS, "public_text": "Vi väntar på en del.", "next_look_on": LATER},
    ),
    "task.refer": (
        _refer,
        {
            "party": "Trafikverket",
            "contact": "Kundtjänst",
            "reference": "TRV 2026/1",
            "public_text": "Vägen är deras.",
            "next_look_on": LATER,
        },
    ),
    "task.hand_over": (
        _hand_over,
        {"party": "Byggnadsnämnden", "reference": "MB 2026-113", "public_text": "De prövar.", "handed_on": TODAY},
    ),
    "task.finish": (
        work.finish,
        {"extent": Extent.FULL, "public_text": "Tre lampor är bytta.", "photos": (AFTER_PHOTO,)},
    ),
    "task.refuse": (work.refuse, {"public_text": "Stigen stängs i vår."}),
    "task.verify": (work.verify, {"seen": "Alla tre lyser.", "seen_on": TODAY}),
    "task.reopen": (
        work.reopen,
        {"department": "gata-park", "seen": "En lampa är släckt igen.", "due_on": LATER},
    ),
}
# How a required fact is left out.
BLANK: Mapping[str, Mapping[str, Any]] = {
    "evidence": {"public_text": " ", "photos": ()},
    **{name: {name: None} for name in ("reason", "extent", "due_on", "planned_on", "next_look_on", "seen_on")},
}


def who_takes(arrow: Arrow) -> Principal:
    return RIGHT[arrow.who][0]


def take(operation: str, task: Task, *, by: Principal, at: datetime = MONDAY, **changes: Any) -> Task:
    do, facts = HOW[operation]
    return do(task, **(dict(facts) | changes), by=by, at=at)


def take_arrow(arrow: Arrow, task: Task, **changes: Any) -> Task:
    return take(arrow.operation, task, by=who_takes(arrow), **changes)


def confirm(task: Task, seen: SeenThere, *, by: Principal = WALKER, seen_on: date | None = TODAY) -> Task:
    return work.confirm(task, seen=seen, seen_on=seen_on, walks={THE_WALK}, by=by, at=MONDAY)


PASSAGES = tuple(arrow for arrow in ARROWS if arrow.start is not None)


def named(arrow: Arrow) -> str:
    return f"{arrow.operation}: {arrow.start or 'nothing'} to {arrow.end}"
