"""Operations on activities: entered and corrected by the coordinator as a party told, withdrawn with a reason."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from trygghetsvandring.domain import activities as rules
from trygghetsvandring.domain.activities import Activity, Said
from trygghetsvandring.domain.agreements import Agreement
from trygghetsvandring.domain.errors import Malformed
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.promise_counts import Count
from trygghetsvandring.domain.promises import Promise
from trygghetsvandring.domain.tasks import day_of
from trygghetsvandring.storage import activities as _stored  # noqa: F401  # registers how they are stored
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.ops.promises import CountBody
from trygghetsvandring.sync.outcomes import Decision, Op, operation
from trygghetsvandring.sync.wire import Body


class Enter(Body, kw_only=True):
    """The whole activity, each time. `reason`: of a correction. `first` to `last`: one day, or a whole month."""

    promise: UUID
    kind: str
    first: date
    last: date
    party: str
    place_type: str = ""
    partners: list[str] = msgspec.field(default_factory=list)
    counts: list[CountBody] = msgspec.field(default_factory=list)
    told_by: str
    told_on: date
    may_publish: bool = False
    reason: str = ""


class Withdraw(Body, kw_only=True):
    reason: str


def _own(op: Op[Enter]) -> list[Key]:
    return [(Activity, op.entity), (Promise, op.body.promise)]


def _agreement(op: Op[Enter], known: Known) -> Iterable[Key]:
    promise = known.get(Promise, op.body.promise)
    return [(Agreement, promise.agreement)] if promise is not None else []


@operation("activity.enter", Enter, act=Act.KEEP_PROMISES, needs=_own, needs_more=_agreement)
def enter(op: Op[Enter], known: Known) -> Decision:
    before, body = known.get(Activity, op.entity), op.body
    promise = known.need(Promise, body.promise)
    if before is not None:
        op.must_have_read(before.version)
        if before.promise != promise.id:
            raise Malformed(field="promise")
    it = Activity(
        id=op.entity,
        version=before.version if before else 0,
        promise=promise.id,
        said=(*(before.said if before else ()), _said(op)),
    )
    agreement = known.need(Agreement, promise.agreement)
    return Decision(entities=[rules.entered(it, promise, agreement, known.municipality, day_of(op.received_at))])


def _said(op: Op[Enter]) -> Said:
    body = op.body
    return Said(
        kind=body.kind,
        first=body.first,
        last=body.last,
        party=body.party,
        place_type=body.place_type,
        partners=tuple(dict.fromkeys(partner.strip() for partner in body.partners)),
        counts=tuple(Count(n=it.n, of=it.of, unit=it.unit.strip(), are_people=it.are_people) for it in body.counts),
        told_by=body.told_by.strip(),
        told_on=body.told_on,
        may_publish=body.may_publish,
        reason=body.reason.strip(),
        is_withdrawn=False,
        entered_by=op.actor.function,
        entered_at=op.received_at,
    )


def _one(op: Op[Any]) -> list[Key]:
    return [(Activity, op.entity)]


@operation("activity.withdraw", Withdraw, act=Act.KEEP_PROMISES, needs=_one)
def withdraw(op: Op[Withdraw], known: Known) -> Decision:
    it = known.need(Activity, op.entity)
    op.must_have_read(it.version)
    gone = rules.withdrawn(it, reason=op.body.reason.strip(), by=op.actor.function, at=op.received_at)
    return Decision(entities=[gone])
