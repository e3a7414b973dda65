"""Operations on correspondence: where letters go, and what public replies begin with. A coordinator's alone."""

from collections.abc import Callable
from typing import Any

from trygghetsvandring.domain import correspondence as rules
from trygghetsvandring.domain.correspondence import Correspondence
from trygghetsvandring.domain.errors import Malformed
from trygghetsvandring.domain.ids import correspondence_id
from trygghetsvandring.domain.municipalities import ReplyText
from trygghetsvandring.domain.people import Act
from trygghetsvandring.storage import correspondence as _stored  # noqa: F401  # registers how it is stored
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.outcomes import Decision, Op, operation
from trygghetsvandring.sync.wire import Body


class Address(Body, kw_only=True):
    """`mail` "": nobody there is written to."""

    organisation: str
    mail: str


class Text(Body, kw_only=True):
    """`text` "" takes it away."""

    id: str
    step: str
    tile: str = ""
    text: str


def _it(op: Op[Any]) -> list[Key]:
    return [(Correspondence, op.entity)]


def _changed(op: Op[Any], known: Known, change: Callable[[Correspondence], Correspondence]) -> Decision:
    if op.entity != correspondence_id(known.municipality.id):
        raise Malformed(field="entity")
    before = known.get(Correspondence, op.entity) or Correspondence(id=op.entity)
    after = change(before)
    return Decision(version=before.version) if after == before else Decision(entities=[after])


@operation("correspondence.address", Address, act=Act.KEEP_LETTERS, needs=_it)
def address(op: Op[Address], known: Known) -> Decision:
    body, by = op.body, op.actor.function
    return _changed(
        op,
        known,
        lambda it: rules.addressed(it, known.municipality, body.organisation, body.mail, by=by, at=op.corrected_at),
    )


@operation("correspondence.text", Text, act=Act.KEEP_LETTERS, needs=_it)
def text(op: Op[Text], known: Known) -> Decision:
    body, by = op.body, op.actor.function
    words = ReplyText(id=body.id, step=body.step, tile=body.tile, text=body.text)
    return _changed(op, known, lambda it: rules.worded(it, known.municipality, words, by=by, at=op.corrected_at))
