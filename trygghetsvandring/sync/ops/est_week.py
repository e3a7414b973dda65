"""Operations on an EST week: its three steps, what parties have counted, the meeting, decisions and next week's places.

A week is there as soon as somebody does something with it. It is signed off by a route of the server's own, which
counts what is left to sort: `est.compile` is never pushed. A decision that findings stand behind becomes a task in the
same act, by the task machine's own arrows; a social finding never does.
"""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from trygghetsvandring.domain import est_week as rules
from trygghetsvandring.domain import observations as findings
from trygghetsvandring.domain import task_links as links
from trygghetsvandring.domain import task_work as work
from trygghetsvandring.domain.errors import Malformed
from trygghetsvandring.domain.est_events import PartnerCount, VehicleBand
from trygghetsvandring.domain.est_week import EstDecision, EstWeek, NextPlace
from trygghetsvandring.domain.ids import est_week_id
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.routing import NOWHERE
from trygghetsvandring.domain.tasks import Task, day_of
from trygghetsvandring.domain.weeks import week_from
from trygghetsvandring.storage import est_week as _stored  # noqa: F401  # registers how they are stored
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.ops.task_links import MOST_FINDINGS, SERIES, place_of, walks_and_tasks
from trygghetsvandring.sync.ops.tasks import must_own_tasks, told
from trygghetsvandring.sync.outcomes import Decision, Op, operation
from trygghetsvandring.sync.wire import Body

USUAL_PRIORITY = 2


class OfWeek(Body, kw_only=True):
    """`week` as "2026-W47"; the entity is that week's own id."""

    week: str


class Compile(OfWeek, kw_only=True):
    unsorted: int
    events: int
    digest: str


class Reopen(OfWeek, kw_only=True):
    reason: str


class CountTold(OfWeek, kw_only=True):
    """Things, never people. `count` is an id of its own: the same again takes the place of what it said before."""

    count: UUID
    party: str
    told_by: str
    told_on: date
    area: str
    place: str | None = None
    evening: date | None = None
    hour: int | None = None
    category: str
    n: int
    vehicles: list[VehicleBand] = msgspec.field(default_factory=list)
    stretch: str | None = None


class Meet(OfWeek, kw_only=True):
    met_on: date
    present: list[str]


class Decide(OfWeek, kw_only=True):
    """`task`: a fresh id, when `observations` are to become work of the owner's; null, and it stands as decided."""

    decision: UUID
    text: str
    owner: str
    due_on: date
    place: str | None = None
    task: UUID | None = None
    observations: list[UUID] = msgspec.field(default_factory=list)


class Settle(OfWeek, kw_only=True):
    decision: UUID
    is_done: bool
    said: str = ""


class PlaceBody(msgspec.Struct, kw_only=True):
    place: str
    evening: date
    from_hour: int
    to_hour: int
    owner: str
    why: str = ""


class Next(OfWeek, kw_only=True):
    """The whole list, each time."""

    places: list[PlaceBody]


def _own(op: Op[Any]) -> list[Key]:
    return [(EstWeek, op.entity)]


def _week(op: Op[Any], known: Known) -> EstWeek:
    week = str(week_from(op.body.week))
    if op.entity != est_week_id(known.municipality.id, week):
        raise rules.EstWeekDiffers()
    return known.get(EstWeek, op.entity) or EstWeek(id=op.entity, version=0, week=week)


def _as_read(op: Op[Any], known: Known) -> EstWeek:
    it = _week(op, known)
    op.must_have_read(it.version)
    return it


@operation("est.review", OfWeek, act=Act.KEEP_EST, needs=_own)
def review(op: Op[OfWeek], known: Known) -> Decision:
    return Decision(entities=[rules.review(_week(op, known), by=op.actor.function, at=op.received_at)])


@operation("est.compile", Compile, act=Act.KEEP_EST, needs=_own, at_the_door=True)
def compile_(op: Op[Compile], known: Known) -> Decision:
    body = op.body
    signed = rules.compile_(
        _week(op, known),
        unsorted=body.unsorted,
        events=body.events,
        digest=body.digest,
        by=op.actor.function,
        at=op.received_at,
    )
    return Decision(entities=[signed])


@operation("est.reopen", Reopen, act=Act.KEEP_EST, needs=_own)
def reopen(op: Op[Reopen], known: Known) -> Decision:
    again = rules.reopen(_week(op, known), reason=op.body.reason, by=op.actor.function, at=op.received_at)
    return Decision(entities=[again])


@operation("est.count", CountTold, act=Act.KEEP_EST, needs=_own)
def count(op: Op[CountTold], known: Known) -> Decision:
    body = op.body
    told = PartnerCount(
        id=body.count,
        party=body.party,
        told_by=body.told_by,
        told_on=body.told_on,
        area=body.area,
        place=body.place,
        evening=body.evening,
        hour=body.hour,
        category=body.category,
        n=body.n,
        vehicles=tuple(body.vehicles),
        stretch=body.stretch,
    )
    return Decision(entities=[rules.counted(_week(op, known), told, known.municipality, day_of(op.received_at))])


@operation("est.meet", Meet, act=Act.KEEP_EST, needs=_own)
def meet(op: Op[Meet], known: Known) -> Decision:
    body = op.body
    met = rules.met(_as_read(op, known), on=body.met_on, present=body.present, today=day_of(op.received_at))
    return Decision(entities=[met])


@operation(
    "est.decide",
    Decide,
    act=Act.KEEP_EST,
    needs=lambda op: [
        (EstWeek, op.entity),
        *((Observation, id) for id in op.body.observations),
        *([(Task, op.body.task)] if op.body.task else []),
    ],
    needs_more=walks_and_tasks,
)
def decide(op: Op[Decide], known: Known) -> Decision:
    """The week comes first; then the task, and the findings it has taken up."""
    body = op.body
    decision = EstDecision(
        id=body.decision,
        text=body.text,
        owner=body.owner,
        due_on=body.due_on,
        place=body.place,
        task=body.task,
        decided_on=day_of(op.received_at),
        decided_by=op.actor.function,
    )
    week = rules.decided(_week(op, known), decision, known.municipality)
    if body.task is None:
        if body.observations:
            raise Malformed(field="task")
        return Decision(entities=[week])
    task, linked = _task(op, known, body.task, week)
    return Decision(entities=[week, task, *linked], jobs=[told(task, op.actor)])


def _task(op: Op[Decide], known: Known, id: UUID, week: EstWeek) -> tuple[Task, list[Observation]]:
    """Made and given to its owner, as by `task.create` and `task.assign`."""
    body = op.body
    must_own_tasks(body.owner, known)
    if known.get(Task, id) is not None or len(body.observations) > MOST_FINDINGS:
        raise Malformed(field="task")
    found = [known.need(Observation, each) for each in dict.fromkeys(body.observations)]
    # The screen offers what has no task: one that has got one meanwhile does not become two.
    links.must_be_the_first([known.need(Task, each) for one in found for each in one.tasks], [])
    made = work.create(
        id=id,
        number="",
        title=body.text.strip(),
        findings=[each.id for each in found],
        priority=USUAL_PRIORITY,
        place=place_of(found, known),
        by=op.actor,
        at=op.corrected_at,
    )
    linked = [findings.link(each, id) for each in found]
    routed = replace(found[0].routed, decided_on=NOWHERE) if found and found[0].routed else None
    given = work.assign(
        replace(made, number=known.number(SERIES), routed=routed),
        department=body.owner,
        explanation=f"Beslut på EST-mötet för vecka {week.of.number}.",
        due_on=body.due_on,
        by=op.actor,
        at=op.corrected_at,
    )
    return given, linked


@operation("est.settle", Settle, act=Act.KEEP_EST, needs=_own)
def settle(op: Op[Settle], known: Known) -> Decision:
    body, on = op.body, day_of(op.received_at)
    return Decision(
        entities=[rules.settled(_as_read(op, known), body.decision, is_done=body.is_done, said=body.said, on=on)]
    )


@operation("est.next", Next, act=Act.KEEP_EST, needs=_own)
def next_week(op: Op[Next], known: Known) -> Decision:
    places = [
        NextPlace(
            place=each.place,
            evening=each.evening,
            from_hour=each.from_hour,
            to_hour=each.to_hour,
            owner=each.owner,
            why=each.why,
        )
        for each in op.body.places
    ]
    return Decision(entities=[rules.next_week(_as_read(op, known), places, known.municipality)])
