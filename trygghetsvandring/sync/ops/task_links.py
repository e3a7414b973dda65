"""Operations on which findings and which tasks belong together: made, linked, split, merged, taken back."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from trygghetsvandring.domain import moderation
from trygghetsvandring.domain import observations as findings
from trygghetsvandring.domain import task_links as links
from trygghetsvandring.domain import task_work as work
from trygghetsvandring.domain.errors import Malformed
from trygghetsvandring.domain.observations import NO_WALK, Observation
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.routing import NOWHERE
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.storage import tasks as _stored  # noqa: F401  # registers how they are stored
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.outcomes import Decision, Op, operation
from trygghetsvandring.sync.wire import Body

SERIES = "Å"
MOST_FINDINGS = 100


class New(Body, kw_only=True):
    title: str
    observations: list[UUID]
    priority: int
    priority_reason: str = ""


class Create(New, kw_only=True):
    """`besides`: the tasks that these findings had when the writer looked; another one refuses. None: did not say."""

    besides: list[UUID] | None = None


class Split(New, kw_only=True):
    """`task` is the one they leave."""

    task: UUID


class Link(Body, kw_only=True):
    observation: UUID


class Merge(Body, kw_only=True):
    into: UUID


class Retract(Body, kw_only=True):
    reason: str


class Nothing(Body, kw_only=True):
    pass


def _both(op: Op[Link]) -> list[Key]:
    return [(Task, op.entity), (Observation, op.body.observation)]


def walks_of(op: Op[Any], known: Known) -> Iterable[Key]:
    found = [known.get(Observation, id) for id in op.body.observations]
    return [(Walk, each.walk) for each in found if each is not None]


def walks_and_tasks(op: Op[Any], known: Known) -> Iterable[Key]:
    found = [known.get(Observation, id) for id in op.body.observations]
    return [*walks_of(op, known), *((Task, task) for each in found if each is not None for task in each.tasks)]


@operation(
    "task.create",
    Create,
    act=Act.TRIAGE,
    needs=lambda op: [(Task, op.entity), *((Observation, id) for id in op.body.observations)],
    needs_more=walks_and_tasks,
)
def create(op: Op[Create], known: Known) -> Decision:
    found = _named(op, known)
    if op.body.besides is not None:
        others = [known.need(Task, id) for each in found for id in each.tasks]
        links.must_be_the_first(others, op.body.besides)
    made = work.create(
        id=op.entity,
        number="",
        title=op.body.title,
        findings=[each.id for each in found],
        priority=op.body.priority,
        priority_reason=op.body.priority_reason,
        place=place_of(found, known),
        by=op.actor,
        at=op.corrected_at,
    )
    moderation.must_be_found(made)
    linked = [findings.link(each, op.entity) for each in found]
    # Which rule and why belongs to the task too; where exactly it was seen stays with the finding, which can be erased.
    routed = replace(found[0].routed, decided_on=NOWHERE) if found and found[0].routed else None
    return Decision(entities=[replace(made, number=known.number(SERIES), routed=routed), *linked])


def _named(op: Op[Any], known: Known) -> list[Observation]:
    """What the new task is to be about."""
    if known.get(Task, op.entity) is not None:
        raise Malformed(reason="a task with this id exists")
    if len(op.body.observations) > MOST_FINDINGS:
        raise Malformed(field="observations")
    return [known.need(Observation, id) for id in dict.fromkeys(op.body.observations)]


def place_of(found: Sequence[Observation], known: Known) -> work.Place:
    """Where the first finding was seen: its own point and words, else the stop's."""
    if not found:
        return work.Place(words="")
    first = found[0]
    walk = None if first.walk == NO_WALK else known.need(Walk, first.walk)
    stop = walk.stop(first.stop) if walk and first.stop else None
    category = known.municipality.category(first.category)
    spot = first.position or stop
    return work.Place(
        words=moderation.read_place(first, moderation.registered_place(first, walk)),
        lat=spot.lat if spot else None,
        lon=spot.lon if spot else None,
        tile=category.tile if category else "",
        radius_m=category.radius_m if category else 0,
    )


@operation("task.link", Link, act=Act.TRIAGE, needs=_both)
def link(op: Op[Link], known: Known) -> Decision:
    task, found = known.need(Task, op.entity), known.need(Observation, op.body.observation)
    linked = links.link(task, found.id, op.actor, op.corrected_at)
    return Decision(entities=[linked, findings.link(found, task.id)])


@operation("task.unlink", Link, act=Act.TRIAGE, needs=_both)
def unlink(op: Op[Link], known: Known) -> Decision:
    task, found = known.need(Task, op.entity), known.need(Observation, op.body.observation)
    left = links.unlink(task, found.id, op.actor, op.corrected_at)
    return Decision(entities=[left, findings.unlink(found, task.id)])


@operation(
    "task.split",
    Split,
    act=Act.TRIAGE,
    needs=lambda op: [
        *((Task, id) for id in (op.entity, op.body.task)),
        *((Observation, id) for id in op.body.observations),
    ],
    needs_more=walks_of,
)
def split(op: Op[Split], known: Known) -> Decision:
    """The new task comes first: it is what the operation makes."""
    found = _named(op, known)
    task = known.need(Task, op.body.task)
    leaving = [each for each in found if each.id in task.findings]
    left, new = links.split(
        task,
        id=op.entity,
        number=known.number(SERIES),
        title=op.body.title,
        findings=[each.id for each in leaving],
        priority=op.body.priority,
        place=place_of(leaving, known),
        by=op.actor,
        at=op.corrected_at,
    )
    moved = [links.relink(each, off=task.id, on=new.id) for each in leaving]
    return Decision(entities=[new, left, *moved])


def _findings_of(op: Op[Any], known: Known) -> Iterable[Key]:
    task = known.get(Task, op.entity)
    if task is None:
        return []
    into: list[Key] = [(Task, task.merged_into)] if task.merged_into is not None else []
    return [*into, *((Observation, id) for id in task.findings)]


@operation(
    "task.merge",
    Merge,
    act=Act.TRIAGE,
    needs=lambda op: [(Task, op.entity), (Task, op.body.into)],
    needs_more=_findings_of,
)
def merge(op: Op[Merge], known: Known) -> Decision:
    task, into = known.need(Task, op.entity), known.need(Task, op.body.into)
    gone, grown = links.merge(task, into, op.actor, op.corrected_at)
    moved = [links.relink(known.need(Observation, id), off=task.id, on=into.id) for id in task.findings]
    return Decision(entities=[gone, grown, *moved])


@operation("task.unmerge", Nothing, act=Act.TRIAGE, needs=lambda op: [(Task, op.entity)], needs_more=_findings_of)
def unmerge(op: Op[Nothing], known: Known) -> Decision:
    task = known.need(Task, op.entity)
    if task.merged_into is None:
        raise links.NotMerged()
    again, left = links.unmerge(task, known.need(Task, task.merged_into), op.actor, op.corrected_at)
    found = [known.need(Observation, id) for id in again.findings]
    return Decision(entities=[again, left, *links.put_back(found, again, left)])


@operation("task.retract", Retract, act=Act.TRIAGE, needs=lambda op: [(Task, op.entity)], needs_more=_findings_of)
def retract(op: Op[Retract], known: Known) -> Decision:
    task = known.need(Task, op.entity)
    gone = links.retract(task, reason=op.body.reason, by=op.actor, at=op.corrected_at)
    free = [findings.unlink(known.need(Observation, id), task.id) for id in task.findings]
    return Decision(entities=[gone, *free])
