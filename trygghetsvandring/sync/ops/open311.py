"""What comes in by Open311: a finding, and another system's update. Both by the server itself, for a key's holder."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from trygghetsvandring.domain import connections
from trygghetsvandring.domain import observations as rules
from trygghetsvandring.domain import task_work as work
from trygghetsvandring.domain.connections import Report, UpdateRepeated
from trygghetsvandring.domain.errors import Malformed
from trygghetsvandring.domain.feedback import OPEN311
from trygghetsvandring.domain.observations import (
    NO_WALK,
    CallChoice,
    Called,
    Observation,
    Position,
    PositionSource,
    kind_of,
)
from trygghetsvandring.domain.open311_told import Status
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.tasks import Task, internal_safe
from trygghetsvandring.storage import connections as _stored  # noqa: F401  # registers how they are stored
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.outcomes import Decision, Job, Op, operation
from trygghetsvandring.sync.wire import Body


class Receive(Body, kw_only=True):
    """`key` is the api key's id. Who wrote to the holder of it is not here, and nowhere else with us."""

    key: UUID
    category: str
    text: str
    severity: int | None = None
    lat: float | None = None
    lon: float | None = None
    place_words: str = ""
    seen_at: datetime
    called: CallChoice | None = None


@operation("observation.receive", Receive, act=Act.SYSTEM, needs=lambda op: [(Observation, op.entity)], receipt=True)
def receive(op: Op[Receive], known: Known) -> Decision:
    if known.get(Observation, op.entity) is not None:
        raise Malformed(reason="an observation with this id exists")
    body, category = op.body, known.municipality.category(op.body.category)
    called = None if body.called is None else Called(choice=body.called, at=body.seen_at)
    seen = Observation(
        id=op.entity,
        version=0,
        number=op.number,
        walk=NO_WALK,
        device=None,
        stop=None,
        category=body.category,
        written_category=body.category,
        kind=kind_of(category),
        severity=body.severity,
        text=body.text,
        position=_position(body),
        lat=body.lat,
        lon=body.lon,
        place_words=body.place_words,
        seen_at=body.seen_at,
        received_at=op.received_at,
        called=called,
        source=OPEN311,
    )
    danger = rules.is_danger(seen, category)
    jobs = [Job(kind="mail.duty", body={"observation": str(seen.id)})] if danger else []
    return Decision(entities=[replace(rules.must_be_sound(seen, category), danger=danger)], jobs=jobs)


def _position(body: Receive) -> Position | None:
    if body.lat is None or body.lon is None:
        return None
    return Position(lat=body.lat, lon=body.lon, accuracy_m=None, age_s=0, source=PositionSource.MAP)


class Tell(Body, kw_only=True):
    """`update` is the other system's own id of it: the same one twice is refused."""

    key: UUID
    key_name: str
    update: str
    status: Status
    text: str
    said_at: datetime


def _behind(op: Op[Tell], known: Known) -> Iterable[Key]:
    found = known.get(Observation, op.entity)
    return [(Task, id) for id in found.tasks] if found is not None else []


@operation(
    "report.receive",
    Tell,
    act=Act.SYSTEM,
    needs=lambda op: [(Observation, op.entity), (Report, connections.report_id(op.body.key, op.body.update))],
    needs_more=_behind,
)
def tell(op: Op[Tell], known: Known) -> Decision:
    """It moves nothing: whoever has the task reads it in its history and decides."""
    found, id = known.need(Observation, op.entity), connections.report_id(op.body.key, op.body.update)
    if known.get(Report, id) is not None:
        raise UpdateRepeated()
    report = Report(
        id=id,
        version=0,
        about=found.id,
        key=op.body.key,
        status=op.body.status,
        text=internal_safe(op.body.text),
        said_at=op.body.said_at,
        received_at=op.received_at,
    )
    by = replace(op.actor, function=op.body.key_name)
    words = f"{report.status}. {report.text}".strip()
    told = [work.note(known.need(Task, id), text=words, by=by, at=op.received_at) for id in found.tasks]
    return Decision(entities=[report, *told])
