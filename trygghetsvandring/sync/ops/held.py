"""Operations on what waits for a person. The door does the rest: `sync/holding.py` lets go of what is named."""

from uuid import UUID

from trygghetsvandring.domain.devices import reason_of
from trygghetsvandring.domain.errors import Malformed
from trygghetsvandring.domain.people import Act
from trygghetsvandring.sync.known import Known
from trygghetsvandring.sync.outcomes import Decision, Op, operation
from trygghetsvandring.sync.wire import Body

_MOST = 200


class Accept(Body, kw_only=True):
    """`operations`: ids. One that no longer waits is left as it is."""

    operations: list[UUID]


class Refuse(Accept, kw_only=True):
    reason: str


def _some(operations: list[UUID]) -> None:
    if not 1 <= len(operations) <= _MOST:
        raise Malformed(reason=f"1 to {_MOST} operations")


@operation("held.accept", Accept, act=Act.DECIDE_HELD, needs=lambda _op: ())
def accept(op: Op[Accept], _known: Known) -> Decision:
    """Each is then decided by its own rule, as the one who made it and with its own times."""
    _some(op.body.operations)
    return Decision()


@operation("held.refuse", Refuse, act=Act.DECIDE_HELD, needs=lambda _op: ())
def refuse(op: Op[Refuse], _known: Known) -> Decision:
    """What was refused is kept in the log as it came; only a decision of gallring takes it away."""
    _some(op.body.operations)
    reason_of(op.body.reason)
    return Decision()
