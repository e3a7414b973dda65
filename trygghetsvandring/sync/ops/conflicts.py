"""Operations on conflicts: a person decides, once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from trygghetsvandring.domain.conflicts import (
    STAKES,
    Choice,
    Conflict,
    ConflictMoved,
    ConflictNotTakeable,
    Difference,
    close,
    may_decide,
)
from trygghetsvandring.domain.errors import Missing, Refused
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import Observation, ObservationState, is_danger, kind_of, must_become_task
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.presence import PresenceEntry, kind_of_own_pass, must_be_loggable
from trygghetsvandring.domain.tasks import Task, TaskEvent, TaskState
from trygghetsvandring.domain.times import evening_of
from trygghetsvandring.domain.walks import Walk, must_be_walkable
from trygghetsvandring.storage import conflicts as _stored  # noqa: F401  # registers how they are stored
from trygghetsvandring.storage import records
from trygghetsvandring.sync import changes, merge
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.ops.tasks import told
from trygghetsvandring.sync.outcomes import Decision, Op, operation
from trygghetsvandring.sync.wire import Body

DECIDED = "Två hade ändrat samtidigt. Nu är det avgjort."


class Close(Body, kw_only=True):
    """`about_version`: what the person was looking at; taking the other is refused when it has moved since."""

    choice: Choice
    about_version: int


def type_of(conflict: Conflict) -> type[Any]:
    return next(type for type in STAKES if type in records.ROOMS and records.kind_of(type) == conflict.kind)


def _about(op: Op[Close], known: Known) -> Iterable[Key]:
    conflict = known.get(Conflict, op.entity)
    return [] if conflict is None else [(type_of(conflict), conflict.about)]


@operation(
    "conflict.close",
    Close,
    act=Act.CLOSE_CONFLICT,
    needs=lambda op: [(Conflict, op.entity)],
    needs_more=_about,
)
def decide(op: Op[Close], known: Known) -> Decision:
    """Another organisation's conflict answers as one that does not exist."""
    conflict = known.need(Conflict, op.entity)
    if not may_decide(conflict, op.actor):
        raise Missing("conflict", op.entity)
    closed = close(conflict, op.body.choice, op.actor, op.corrected_at)
    if op.body.choice is not Choice.TAKE:
        return Decision(entities=[closed])
    current: Any = known.need(type_of(conflict), conflict.about)
    if current.version != op.body.about_version:
        raise ConflictMoved(version=current.version)
    after = taken(conflict, current, known.municipality)
    if not isinstance(after, Task):
        return Decision(entities=[closed, after])
    event = TaskEvent(
        at=op.corrected_at,
        type=op.type,
        start=current.state,
        end=after.state,
        by=op.actor.function,
        text=DECIDED,
        extent=after.extent,
    )
    decided = replace(after, history=(*after.history, event))
    return Decision(
        entities=[closed, decided], jobs=[told(after, op.actor)] if after.state is not current.state else []
    )


# ---------------------------------------------------------------- taking the other


def taken(conflict: Conflict, current: Any, here: Municipality) -> Any:
    """What it is about, with the other one's wish; refuses what would not hang together."""
    type = type_of(conflict)
    if conflict.seen is not None and conflict.wanted is not None:
        after = merge.taken(records.decode(type, conflict.seen), current, records.decode(type, conflict.wanted))
    else:
        after = _put_back(current, conflict.differences)
    try:
        return _WHOLE.get(type, _as_it_is)(after, current, here)
    except ConflictNotTakeable:
        raise
    except Refused as refused:
        raise ConflictNotTakeable(reason=refused.code) from None


def _put_back(current: Any, differences: Sequence[Difference]) -> Any:
    """The first one's values, where the second's stand."""
    doc = msgspec.json.decode(records.encode(current))
    for each in differences:
        first = None if each.first is None else msgspec.json.decode(each.first)
        if each.element is None:
            doc[each.field] = first
        else:
            doc[each.field] = _row(doc[each.field], each, first)
    return records.decode(type(current), msgspec.json.encode(doc).decode())


def _row(row: list[Any], each: Difference, first: Any) -> list[Any]:
    if each.part is not None:
        row = [{**one, each.part: first} if one["id"] == each.element else one for one in row]
    elif first is None:
        row = [one for one in row if _id(one) != each.element]
    else:
        at = next((at for at, one in enumerate(row) if _id(one) == each.element), len(row))
        row = [*row[:at], first, *row[at + 1 :]]
    return [{**one, "number": n} if isinstance(one, dict) else one for n, one in enumerate(row, start=1)]


def _id(one: Any) -> Any:
    return one["id"] if isinstance(one, dict) else one


def _as_it_is(after: Any, _current: Any, _here: Municipality) -> Any:
    return after


def _walk(after: Walk, current: Walk, _here: Municipality) -> Walk:
    """The way in ends with the walk: a new end is a plan of its own."""
    if after.ends_at != current.ends_at and current.invite is not None:
        raise ConflictNotTakeable(reason="the invite ends with the walk")
    return must_be_walkable(after)


def _task(after: Task, _current: Task, _here: Municipality) -> Task:
    if after.is_gone:
        raise ConflictNotTakeable(reason="it was merged into another, or taken back")
    if (after.department is None) != (after.state is TaskState.NEW):
        raise ConflictNotTakeable(reason="a task that is new has no unit, and no other is without")
    return after


_LINKED = {ObservationState.LINKED, ObservationState.WITHHELD}
_MERGED = {ObservationState.MERGED, ObservationState.WITHHELD}


def _finding(after: Observation, current: Observation, here: Municipality) -> Observation:
    """Links go both ways: what would break one of them is done by hand."""
    loose = bool(after.tasks) and after.state not in _LINKED
    empty = after.state is ObservationState.LINKED and not after.tasks
    if loose or empty or after.merged_into != current.merged_into:
        raise ConflictNotTakeable(reason="it is linked")
    if after.state is ObservationState.MERGED and after.state is not current.state:
        raise ConflictNotTakeable(reason="it is merged")
    category = here.category(after.category)
    if after.tasks:
        must_become_task(kind_of(category))
    return replace(after, kind=kind_of(category), danger=is_danger(after, category))


def _entry(after: PresenceEntry, _current: PresenceEntry, here: Municipality) -> PresenceEntry:
    kind_of_own_pass(after.organisation, after.at, after.pass_id)
    return must_be_loggable(replace(after, evening=evening_of(after.at)), here)


_WHOLE: Mapping[type[Any], Callable[[Any, Any, Municipality], Any]] = {
    Walk: _walk,
    Task: _task,
    Observation: _finding,
    PresenceEntry: _entry,
}


@changes.feeds(Conflict)
def lines(it: Conflict, _known: Known) -> list[changes.Line]:
    """ConflictState: to the phone that wrote second, or to the team whose log it is. Desks ask by a route."""
    state = {"id": it.id, "version": it.version, "about": it.about, "held": it.held, "choice": it.choice}
    if it.organisation is not None:
        return [(changes.of_organisation(it.organisation), "conflict", state)]
    return [] if it.second_device is None else [(changes.of_device(it.second_device), "conflict", state)]
