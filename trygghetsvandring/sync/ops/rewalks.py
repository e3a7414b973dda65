"""Operations on re-walks: planned from what is said to be mended, and checked at the place by those who go there."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from trygghetsvandring.domain import rewalks
from trygghetsvandring.domain.errors import Malformed, NotAllowed, TextTooLong
from trygghetsvandring.domain.observations import Observation, ObservationState
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.tasks import SeenThere, Task, internal_safe
from trygghetsvandring.domain.times import aware
from trygghetsvandring.domain.walks import Recording, Walk, must_be_walkable
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.ops.tasks import told
from trygghetsvandring.sync.outcomes import Decision, Op, operation
from trygghetsvandring.sync.wire import Body

MOST_TASKS = 200


class PlanAgain(Body, kw_only=True):
    """entity = the new walk. `stops`: fresh ids, at least as many as there will be stops; `tasks`: to be looked at."""

    name: str
    place: str
    starts_at: datetime
    ends_at: datetime
    leader: str
    meeting_point: str
    tasks: list[UUID]
    stops: list[UUID]
    night: bool = False
    camera: bool = True


class Check(Body, kw_only=True):
    """entity = the task."""

    walk: UUID
    stop: UUID
    seen: SeenThere
    seen_on: date


def _findings(op: Op[PlanAgain], known: Known) -> Iterable[Key]:
    tasks = [known.get(Task, id) for id in op.body.tasks[:MOST_TASKS]]
    return [(Observation, id) for task in tasks if task is not None for id in task.findings]


@operation(
    "rewalk.plan",
    PlanAgain,
    act=Act.PLAN_WALK,
    needs=lambda op: [(Walk, op.entity), *((Task, id) for id in op.body.tasks[:MOST_TASKS])],
    needs_more=_findings,
)
def plan(op: Op[PlanAgain], known: Known) -> Decision:
    """What has moved on since the list was read is simply left out."""
    body = op.body
    for name, limit in (("name", 120), ("place", 120), ("leader", 80), ("meeting_point", 160)):
        if len(internal_safe(getattr(body, name))) > limit:
            raise TextTooLong(field=name, limit=limit)
    if known.get(Walk, op.entity) is not None or len(body.tasks) > MOST_TASKS:
        raise Malformed(reason="a walk with this id exists, or too many tasks")
    tasks = [known.need(Task, id) for id in dict.fromkeys(body.tasks)]
    if len(body.stops) < len(rewalks.halts(tasks)) or len(set(body.stops)) < len(body.stops):
        raise Malformed(field="stops")
    walk = Walk(
        id=op.entity,
        version=0,
        name=body.name.strip() or body.place.strip(),
        place=body.place,
        starts_at=aware(body.starts_at),
        ends_at=aware(body.ends_at),
        leader=body.leader,
        meeting_point=body.meeting_point,
        recording=Recording.OWN_PHONES,
        night=body.night,
        camera=body.camera,
        stops=(),
    )
    units = {unit.id: unit.name for unit in known.municipality.departments}
    before = {task.id: photo for task in tasks if (photo := _old_photo(task, known)) is not None}
    return Decision(
        entities=[must_be_walkable(rewalks.planned(walk, tasks, ids=body.stops, units=units, before=before))]
    )


def _old_photo(task: Task, known: Known) -> UUID | None:
    """The first one of the first finding that nobody holds back."""
    held = {ObservationState.WITHHELD, ObservationState.WITHDRAWN}
    found = [known.get(Observation, id) for id in task.findings]
    photos = [photo for each in found if each is not None and each.state not in held for photo in each.photos]
    return photos[0] if photos else None


@operation(
    "rewalk.check",
    Check,
    act=Act.CAPTURE,
    needs=lambda op: [(Task, op.entity), (Walk, op.body.walk)],
)
def check(op: Op[Check], known: Known) -> Decision:
    walk = known.need(Walk, op.body.walk)
    if not op.actor.has_walked(walk.id):
        raise NotAllowed(reason="another walk")
    task = known.need(Task, op.entity)
    after = rewalks.checked(task, walk, seen=op.body.seen, seen_on=op.body.seen_on, by=op.actor, at=op.corrected_at)
    return Decision(entities=[after], jobs=[told(after, op.actor)] if after.state is not task.state else [])
