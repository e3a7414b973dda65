"""A rescue file taken in by somebody at the desk: the entry in the log. What lay in it is decided as its phone's."""

from uuid import UUID

from trygghetsvandring.domain.people import Act
from trygghetsvandring.sync.known import Known
from trygghetsvandring.sync.outcomes import Decision, Op, operation
from trygghetsvandring.sync.wire import Body


class Import(Body, kw_only=True):
    """`drafts`: those that were taken in although nobody had handed them in."""

    sha256: str
    device: UUID
    drafts: list[UUID]


@operation("rescue.import", Import, act=Act.RESCUE, needs=lambda _op: (), at_the_door=True)
def take_in(_op: Op[Import], _known: Known) -> Decision:
    return Decision()
