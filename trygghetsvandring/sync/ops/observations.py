"""Operations on observations: handed in by phones, sorted by a coordinator."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from trygghetsvandring.domain import moderation, sameness
from trygghetsvandring.domain import observations as rules
from trygghetsvandring.domain import task_work as work
from trygghetsvandring.domain.errors import Malformed, NotAllowed
from trygghetsvandring.domain.notices import Notice
from trygghetsvandring.domain.observations import (
    CallChoice,
    Called,
    DismissReason,
    Observation,
    Position,
    PositionSource,
    kind_of,
)
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.tasks import Task, day_of, internal_safe, public_safe
from trygghetsvandring.domain.times import aware
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.storage import observations as _stored  # noqa: F401  # registers how they are stored
from trygghetsvandring.storage import tasks as _stored_too  # noqa: F401
from trygghetsvandring.sync import changes, routes
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.ops.tasks import noticed
from trygghetsvandring.sync.outcomes import Decision, Job, Op, operation
from trygghetsvandring.sync.wire import Body


class PositionBody(msgspec.Struct, kw_only=True):
    lat: float
    lon: float
    accuracy_m: float | None = None
    age_s: float = 0
    source: PositionSource


class CalledBody(msgspec.Struct, kw_only=True):
    choice: CallChoice
    at: datetime


class Record(Body, kw_only=True):
    walk: UUID
    stop: UUID | None = None
    category: str
    severity: int | None = None
    text: str = ""
    position: PositionBody | None = None
    place_words: str = ""
    seen_at: datetime
    photos: list[UUID] = msgspec.field(default_factory=list)
    called: CalledBody | None = None
    checklist_item: str | None = None
    sent_alone: bool = False


class Correct(Body, kw_only=True):
    """Only what is named is changed."""

    category: str | msgspec.UnsetType = msgspec.UNSET
    severity: int | msgspec.UnsetType | None = msgspec.UNSET
    text: str | msgspec.UnsetType = msgspec.UNSET
    position: PositionBody | msgspec.UnsetType | None = msgspec.UNSET
    place_words: str | msgspec.UnsetType = msgspec.UNSET


class Withdraw(Body, kw_only=True):
    reason: str = ""


class Review(Body, kw_only=True):
    category: str
    severity: int | None = None
    note: str = ""


class Dismiss(Body, kw_only=True):
    reason: DismissReason
    public_text: str = ""


class Merge(Body, kw_only=True):
    into: UUID


class Withhold(Body, kw_only=True):
    reason: str


class Moderate(Body, kw_only=True):
    """What is left out stays. `text` None = the walker's own words again; `place` None = the registered name."""

    text: str | msgspec.UnsetType | None = msgspec.UNSET
    place: str | msgspec.UnsetType | None = msgspec.UNSET


class KeepApart(Body, kw_only=True):
    """`apart` False takes it back."""

    kind: Literal["observation", "task"]
    other: UUID
    apart: bool = True


class Nothing(Body, kw_only=True):
    pass


@operation(
    "observation.record",
    Record,
    act=Act.CAPTURE,
    needs=lambda op: [(Observation, op.entity), (Walk, op.body.walk), routes.the_shelf(op)],
    needs_more=routes.the_live_book,
    receipt=True,
)
def record(op: Op[Record], known: Known) -> Decision:
    """Never refused for the walk being over or the stop being gone: what was seen was seen."""
    body = op.body
    walk = known.need(Walk, body.walk)
    if op.actor.device is None or not op.actor.has_walked(walk.id):
        raise NotAllowed(reason="another walk")
    if known.get(Observation, op.entity) is not None:
        raise Malformed(reason="an observation with this id exists")
    if len(body.checklist_item or "") > 60:
        raise Malformed(field="checklist_item")
    category = known.municipality.category(body.category)
    position = _position(body.position)
    lat, lon = _spot(position, body.stop, walk)
    seen = Observation(
        id=op.entity,
        version=0,
        number=op.number,
        walk=walk.id,
        device=op.actor.device,
        stop=body.stop,
        category=body.category,
        written_category=body.category,
        kind=kind_of(category),
        severity=body.severity,
        text=body.text,
        position=position,
        lat=lat,
        lon=lon,
        place_words=body.place_words,
        seen_at=_zoned(body.seen_at, "seen_at"),
        received_at=op.received_at,
        photos=tuple(dict.fromkeys(body.photos)),
        called=_called(body.called),
        checklist_item=body.checklist_item,
        sent_alone=body.sent_alone,
    )
    return _heard(rules.must_be_sound(seen, category), None, known)


def _author(op: Op[Any], before: Observation) -> UUID | None:
    """The id under which it was handed in, when that is this same phone's, today's or an earlier one."""
    return before.device if op.actor.is_me(before.device) else op.actor.device


def _its_walk(op: Op[Any], known: Known) -> Iterable[Key]:
    found = known.get(Observation, op.entity)
    return [*([(Walk, found.walk)] if found is not None else []), *routes.the_live_book(op, known)]


@operation(
    "observation.correct",
    Correct,
    act=Act.CAPTURE,
    needs=lambda op: [(Observation, op.entity), routes.the_shelf(op)],
    needs_more=_its_walk,
)
def correct(op: Op[Correct], known: Known) -> Decision:
    before = known.need(Observation, op.entity)
    named = {
        name: value for name in Correct.__struct_fields__ if (value := getattr(op.body, name)) is not msgspec.UNSET
    }
    if "position" in named:
        named["position"] = _position(named["position"])
        named["lat"], named["lon"] = _spot(named["position"], before.stop, known.get(Walk, before.walk))
    category = known.municipality.category(named.get("category", before.category))
    return _heard(rules.correct(before, _author(op, before), category, named), before, known)


def _its_tasks(op: Op[Withdraw], known: Known) -> Iterable[Key]:
    found = known.get(Observation, op.entity)
    return [(Task, id) for id in found.tasks] if found is not None else []


@operation(
    "observation.withdraw",
    Withdraw,
    act=Act.CAPTURE,
    needs=lambda op: [(Observation, op.entity)],
    needs_more=_its_tasks,
)
def withdraw(op: Op[Withdraw], known: Known) -> Decision:
    """Where work may be ordered already, nothing moves: the wish stands in the history of each of its tasks."""
    before = known.need(Observation, op.entity)
    after = rules.withdraw(before, _author(op, before), op.body.reason)
    told = [
        work.wish(known.need(Task, id), op.body.reason, op.actor, op.corrected_at)
        for id in (after.tasks if after.state is before.state else ())
    ]
    return Decision(entities=[after, *told])


@operation(
    "observation.review",
    Review,
    act=Act.TRIAGE,
    needs=lambda op: [(Observation, op.entity), routes.the_shelf(op)],
    needs_more=_its_walk,
)
def review(op: Op[Review], known: Known) -> Decision:
    before = known.need(Observation, op.entity)
    category = known.municipality.category(op.body.category)
    sorted_ = rules.review(
        before, category=category, severity=op.body.severity, note=op.body.note, on=day_of(op.corrected_at)
    )
    return Decision(entities=[_weighed(sorted_, known)], whole=lambda it: [_sorted_again(it, known)])


@operation("observation.dismiss", Dismiss, act=Act.TRIAGE, needs=lambda op: [(Observation, op.entity)])
def dismiss(op: Op[Dismiss], known: Known) -> Decision:
    before = known.need(Observation, op.entity)
    said = public_safe(op.body.public_text)
    if op.body.reason is DismissReason.PERSONAL_MATTER:
        said = moderation.turned_away(said, known.municipality.turn_to)
    return Decision(
        entities=[rules.dismiss(before, reason=op.body.reason, public_text=said, on=day_of(op.corrected_at))]
    )


@operation(
    "observation.merge",
    Merge,
    act=Act.TRIAGE,
    needs=lambda op: [(Observation, op.entity), (Observation, op.body.into)],
)
def merge(op: Op[Merge], known: Known) -> Decision:
    return Decision(entities=rules.merge(known.need(Observation, op.entity), known.need(Observation, op.body.into)))


def _merged_into(op: Op[Any], known: Known) -> Iterable[Key]:
    found = known.get(Observation, op.entity)
    return [(Observation, found.merged_into)] if found is not None and found.merged_into is not None else []


@operation(
    "observation.unmerge",
    Nothing,
    act=Act.TRIAGE,
    needs=lambda op: [(Observation, op.entity)],
    needs_more=_merged_into,
)
def unmerge(op: Op[Nothing], known: Known) -> Decision:
    before = known.need(Observation, op.entity)
    if before.merged_into is None:
        raise rules.NoSuchPassage(operation=op.type, state=before.state.value)
    return Decision(entities=rules.unmerge(before, known.need(Observation, before.merged_into)))


@operation("observation.withhold", Withhold, act=Act.TRIAGE, needs=lambda op: [(Observation, op.entity)])
def withhold(op: Op[Withhold], known: Known) -> Decision:
    before = known.need(Observation, op.entity)
    return Decision(entities=[rules.withhold(before, internal_safe(op.body.reason))])


@operation("observation.release", Nothing, act=Act.TRIAGE, needs=lambda op: [(Observation, op.entity)])
def release(op: Op[Nothing], known: Known) -> Decision:
    return Decision(entities=[rules.release(known.need(Observation, op.entity))])


def _its_walk_and_tasks(op: Op[Moderate], known: Known) -> Iterable[Key]:
    found = known.get(Observation, op.entity)
    if found is None:
        return []
    walk: list[Key] = [] if found.walk == rules.NO_WALK else [(Walk, found.walk)]
    return [*walk, *((Task, id) for id in (*found.tasks, *found.was_in))]


@operation(
    moderation.MODERATE,
    Moderate,
    act=Act.TRIAGE,
    needs=lambda op: [(Observation, op.entity)],
    needs_more=_its_walk_and_tasks,
)
def moderate(op: Op[Moderate], known: Known) -> Decision:
    before = found = known.need(Observation, op.entity)
    if op.body.text is op.body.place is msgspec.UNSET:
        raise Malformed(field="text")
    if op.body.text is not msgspec.UNSET:
        found = moderation.moderate(found, op.body.text)
    if op.body.place is msgspec.UNSET:
        return Decision(entities=[found])
    found = moderation.moderate_place(found, op.body.place)
    walk = None if found.walk == rules.NO_WALK else known.need(Walk, found.walk)
    registered = moderation.registered_place(found, walk)
    tasks = [task for id in (*found.tasks, *found.was_in) if (task := known.get(Task, id)) is not None]
    said = [moderation.replaced(task, found, before, registered, op.actor, op.corrected_at) for task in tasks]
    moved = [now for now, was in zip(said, tasks, strict=True) if now != was]
    heard = [noticed(task, Notice.CHANGED, op.actor) for task in moved if not task.is_closed]
    return Decision(entities=[found, *moved], jobs=heard)


def _it_and_other(op: Op[KeepApart]) -> list[Key]:
    return [(Observation, op.entity), (Task if op.body.kind == "task" else Observation, op.body.other)]


@operation("observation.keep_apart", KeepApart, act=Act.TRIAGE, needs=_it_and_other)
def keep_apart(op: Op[KeepApart], known: Known) -> Decision:
    found, (kind, other) = known.need(Observation, op.entity), _it_and_other(op)[1]
    known.need(kind, other)
    return Decision(entities=[sameness.keep_apart(found, other, apart=op.body.apart)])


@changes.feeds(Observation)
def lines(it: Observation, _known: Known) -> list[changes.Line]:
    """ObservationState: what the phone that handed it in may know."""
    if it.device is None:
        return []
    state = {
        "id": it.id,
        "version": it.version,
        "number": it.number,
        "received_at": it.received_at,
        "state": it.state,
    }
    return [(changes.of_device(it.device), "observation", state)]


def _heard(now: Observation, before: Observation | None, known: Known) -> Decision:
    """The duty address hears of a danger once: when it comes in, or when a correction makes it one."""
    was = before is not None and rules.is_danger(before, known.municipality.category(before.written_category))
    is_now = rules.is_danger(now, known.municipality.category(now.written_category))
    jobs = [Job(kind="mail.duty", body={"observation": str(now.id)})] if is_now and not was else []
    return Decision(entities=[_weighed(now, known)], jobs=jobs, whole=lambda it: [_sorted_again(it, known)])


def _weighed(it: Observation, known: Known) -> Observation:
    """What it is sorted as decides whether it stands first in the inbox, and which way it goes."""
    danger = rules.is_danger(it, known.municipality.category(it.category))
    return routes.on_its_way(it if it.danger == danger else replace(it, danger=danger), known)


def _sorted_again(it: Observation, known: Known) -> Observation:
    """Merged: its category may be one person's and its kind another's, and a task may have it since."""
    kind = kind_of(known.municipality.category(it.category))
    if it.tasks:
        rules.must_become_task(kind)
    return replace(_weighed(it, known), kind=kind)


def _position(body: PositionBody | None) -> Position | None:
    if body is None:
        return None
    return Position(lat=body.lat, lon=body.lon, accuracy_m=body.accuracy_m, age_s=body.age_s, source=body.source)


def _spot(at: Position | None, stop: UUID | None, walk: Walk | None) -> tuple[float | None, float | None]:
    """Where it counts as being: where the phone says, else at its stop."""
    spot = at or (walk.stop(stop) if walk is not None and stop is not None else None)
    return (None, None) if spot is None else (spot.lat, spot.lon)


def _called(body: CalledBody | None) -> Called | None:
    return None if body is None else Called(choice=body.choice, at=_zoned(body.at, "called.at"))


def _zoned(at: datetime, field: str) -> datetime:
    """A phone whose battery died says 1970 and is believed; year 1 is no clock, and has no sun to reckon with."""
    if not 1970 <= at.year <= 2200:
        raise Malformed(field=field)
    return aware(at)
