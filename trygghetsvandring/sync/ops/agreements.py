"""Operations on agreements: entered by the coordinator as they were signed, and corrected."""

from datetime import date
from uuid import UUID

import msgspec

from trygghetsvandring.domain import agreements as rules
from trygghetsvandring.domain.agreements import Agreement, AgreementKind, Party
from trygghetsvandring.domain.people import Act
from trygghetsvandring.storage import agreements as _stored  # noqa: F401  # registers how they are stored
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.outcomes import Decision, Op, operation
from trygghetsvandring.sync.wire import Body


class PartyBody(msgspec.Struct, kw_only=True):
    id: str
    name: str
    called: str


class Enter(Body, kw_only=True):
    """The whole agreement, each time. Days are ISO; both are part of the period."""

    kind: AgreementKind
    title: str
    purpose: str = ""
    parties: list[PartyBody]
    valid_from: date | None = None
    valid_to: date | None = None
    keeper: str
    part_of: UUID | None = None
    predecessor: UUID | None = None
    review_on: date | None = None


def _needs(op: Op[Enter]) -> list[Key]:
    others = [id for id in (op.body.part_of, op.body.predecessor) if id is not None]
    return [(Agreement, op.entity), *((Agreement, id) for id in others)]


@operation("agreement.enter", Enter, act=Act.KEEP_PROMISES, needs=_needs)
def enter(op: Op[Enter], known: Known) -> Decision:
    body, before = op.body, known.get(Agreement, op.entity)
    for other in (body.part_of, body.predecessor):
        if other is not None and other != op.entity:
            known.need(Agreement, other)
    it = Agreement(
        id=op.entity,
        version=before.version if before else 0,
        kind=body.kind,
        title=body.title.strip(),
        purpose=body.purpose,
        parties=tuple(Party(id=each.id, name=each.name, called=each.called) for each in body.parties),
        valid_from=body.valid_from,
        valid_to=body.valid_to,
        keeper=body.keeper.strip(),
        part_of=body.part_of,
        predecessor=body.predecessor,
        review_on=body.review_on,
        entered_by=op.actor.function,
        entered_at=op.received_at,
    )
    return Decision(entities=[rules.entered(it)])
