"""Operations on cards: made with the walk, made anew when a code has come astray, shut when nobody is to read more."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from trygghetsvandring.domain import cards as rules
from trygghetsvandring.domain.cards import CardTooLate, NoCard, WalkCard
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.storage import cards as _stored  # noqa: F401  # registers how cards are stored
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.outcomes import Decision, Op, operation
from trygghetsvandring.sync.wire import Body


class Nothing(Body, kw_only=True):
    pass


def new(id: UUID, walk: UUID, known: Known, by: str, at: datetime) -> WalkCard:
    """The id is that of the operation that makes it, so that a repeated one makes the same code."""
    code_hash = rules.kept_as(known.key, rules.code(known.key, known.municipality.id, id))
    return WalkCard(id=id, version=0, walk=walk, code_hash=code_hash, made_at=at, made_by=by)


def _in_use(op: Op[Nothing], known: Known) -> list[Key]:
    walk = known.get(Walk, op.entity)
    return [(WalkCard, walk.card)] if walk is not None and walk.card is not None else []


def _shut(walk: Walk, known: Known, by: str, at: datetime) -> list[WalkCard]:
    """The card in use, shut; nothing when there is none."""
    before = known.get(WalkCard, walk.card) if walk.card is not None else None
    return [replace(before, shut_at=at, shut_by=by)] if before is not None else []


@operation(
    "walk.make_card",
    Nothing,
    act=Act.PLAN_WALK,
    needs=lambda op: [(Walk, op.entity), (WalkCard, op.id)],
    needs_more=_in_use,
)
def make(op: Op[Nothing], known: Known) -> Decision:
    """Also of a walk that is over: its group is told for as long as it is followed up."""
    walk = known.need(Walk, op.entity)
    if not rules.may_have_one(walk, op.received_at):
        raise CardTooLate()
    made = new(op.id, walk.id, known, op.actor.function, op.received_at)
    shut = _shut(walk, known, op.actor.function, op.received_at)
    return Decision(entities=[replace(walk, card=made.id), made, *shut])


@operation("walk.shut_card", Nothing, act=Act.PLAN_WALK, needs=lambda op: [(Walk, op.entity)], needs_more=_in_use)
def shut(op: Op[Nothing], known: Known) -> Decision:
    """The code opens nothing from now on. What was answered from the card stays."""
    walk = known.need(Walk, op.entity)
    before = _shut(walk, known, op.actor.function, op.received_at)
    if not before:
        raise NoCard()
    return Decision(entities=[replace(walk, card=None), *before])
