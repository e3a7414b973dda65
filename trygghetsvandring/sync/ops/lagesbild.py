"""Operations on the lägesbild of a period: written in, signed by both parties, shown to everybody, taken away.

It is signed by a route of the server's own, which counts it: `lagesbild.sign` is never pushed. What is shown is worked
out here from the signed edition, and must be what the person has read.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from trygghetsvandring.domain import lagesbild as rules
from trygghetsvandring.domain import lagesbild_words, suppression
from trygghetsvandring.domain.errors import SeenHasMoved
from trygghetsvandring.domain.lagesbild import (
    POLICE,
    CrimeTold,
    HeadingText,
    Lagesbild,
    LagesbildDiffers,
    LagesbildEdition,
    LagesbildShelf,
    Shown,
    Signature,
    edition_id,
    lagesbild_id,
    shelf_id,
)
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.period_counts import PeriodPicture
from trygghetsvandring.domain.periods import Period
from trygghetsvandring.domain.plans import ActionPlan
from trygghetsvandring.domain.tasks import day_of
from trygghetsvandring.storage import lagesbild as _stored  # noqa: F401  # registers how they are stored
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.outcomes import Decision, Op, operation
from trygghetsvandring.sync.wire import Body


class OfPeriod(Body, kw_only=True):
    """Both days included; the entity is that period's own id."""

    first: date
    last: date


class CrimeBody(msgspec.Struct, kw_only=True):
    text: str
    source: str
    told_by: str
    told_on: date


class Write(OfPeriod, kw_only=True):
    """The whole draft, each time. `crime` null: "Uppgift saknas". `focus`: plans whose focus areas rest on it."""

    texts: list[HeadingText]
    crime: CrimeBody | None = None
    focus: list[UUID] = msgspec.field(default_factory=list)


class Sign(OfPeriod, kw_only=True):
    """`seen`: the version of the draft that was read. `police_by`: a function, as the coordinator was told it."""

    seen: int
    picture: PeriodPicture
    name: str
    police_by: str
    police_on: date
    changed: str = ""


class Release(Body, kw_only=True):
    """entity = the edition. `digest` of what the person has read; `name`: whoever stands for it."""

    digest: str
    name: str


class Withdraw(Body, kw_only=True):
    """entity = the lägesbild. `number` of the edition that is shown, as it was read."""

    number: int


def _draft(op: Op[Any], known: Known) -> Lagesbild:
    body = op.body
    period = Period(body.first, body.last)
    if op.entity != lagesbild_id(known.municipality.id, period):
        raise LagesbildDiffers()
    period.must_be_comparable()
    return known.get(Lagesbild, op.entity) or Lagesbild(id=op.entity, version=0, first=body.first, last=body.last)


def _with_plans(op: Op[Write]) -> list[Key]:
    return [(Lagesbild, op.entity), *((ActionPlan, id) for id in op.body.focus)]


@operation("lagesbild.write", Write, act=Act.KEEP_LAGESBILD, needs=_with_plans)
def write(op: Op[Write], known: Known) -> Decision:
    """Two who write at once: the second reads again, and keeps what they wrote on their screen."""
    draft, body = _draft(op, known), op.body
    op.must_have_read(draft.version)
    for plan in body.focus:
        known.need(ActionPlan, plan)
    changed = replace(
        draft,
        texts=tuple(body.texts),
        crime=None if body.crime is None else _crime(body.crime, op.actor.function),
        focus=tuple(body.focus),
    )
    return Decision(entities=[rules.written(changed, day_of(op.received_at))])


def _crime(it: CrimeBody, by: str) -> CrimeTold:
    return CrimeTold(text=it.text, source=it.source, told_by=it.told_by, told_on=it.told_on, entered_by=by)


def _plans_behind(op: Op[Sign], known: Known) -> Iterable[Key]:
    draft = known.get(Lagesbild, op.entity)
    focus = draft.focus if draft is not None else ()
    number = draft.edition + 1 if draft is not None else 1
    return [(LagesbildEdition, edition_id(op.entity, number)), *((ActionPlan, id) for id in focus)]


@operation(
    "lagesbild.sign",
    Sign,
    act=Act.KEEP_LAGESBILD,
    needs=lambda op: [(Lagesbild, op.entity)],
    needs_more=_plans_behind,
    at_the_door=True,
    digest_only=True,
)
def sign(op: Op[Sign], known: Known) -> Decision:
    draft, body, by = _draft(op, known), op.body, op.actor.function
    if body.seen != draft.version:
        raise SeenHasMoved(seen=body.seen, now=draft.version)
    plans = [known.get(ActionPlan, id) for id in draft.focus]
    own = Signature(
        party=f"{known.municipality.name}s kommun",
        name=body.name,
        function=by,
        on=day_of(op.received_at),
        entered_by=by,
    )
    police = Signature(party=POLICE, name="", function=body.police_by, on=body.police_on, entered_by=by)
    signed, edition = rules.sign(
        draft,
        body.picture,
        focus=dict.fromkeys(plan.focus for plan in plans if plan is not None),
        signatures=(own, police),
        changed=body.changed,
        at=op.received_at,
    )
    return Decision(entities=[signed, edition])


def preview(
    edition: LagesbildEdition, shelf: LagesbildShelf, here: Municipality, keeper: str
) -> tuple[Shown, dict[str, int]]:
    """What a release would show to everybody, and what its numbers would be told by."""
    told_by = suppression.bases(edition.picture.coarse, shelf.bases(edition.of))
    return lagesbild_words.shown(edition, told_by, here.name, keeper), told_by


def digest_of(shown: Shown) -> str:
    return hashlib.sha256(msgspec.json.encode(shown)).hexdigest()


def empty_shelf(municipality: str) -> LagesbildShelf:
    return LagesbildShelf(id=shelf_id(municipality), version=0)


def _shelf(op: Op[Any]) -> Key:
    return (LagesbildShelf, shelf_id(op.actor.municipality))


@operation(
    "lagesbild.release",
    Release,
    act=Act.KEEP_LAGESBILD,
    needs=lambda op: [(LagesbildEdition, op.entity), _shelf(op)],
)
def release(op: Op[Release], known: Known) -> Decision:
    here, edition = known.municipality, known.need(LagesbildEdition, op.entity)
    shelf = known.get(LagesbildShelf, shelf_id(here.id)) or empty_shelf(here.id)
    shown, told_by = preview(edition, shelf, here, op.actor.function)
    if digest_of(shown) != op.body.digest:
        raise SeenHasMoved()
    shelf, edition = rules.release(
        shelf, edition, shown, told_by, name=op.body.name, function=op.actor.function, at=op.received_at
    )
    return Decision(entities=[shelf, edition])


@operation("lagesbild.withdraw", Withdraw, act=Act.KEEP_LAGESBILD, needs=lambda op: [_shelf(op)])
def withdraw(op: Op[Withdraw], known: Known) -> Decision:
    shelf = known.get(LagesbildShelf, shelf_id(known.municipality.id)) or empty_shelf(known.municipality.id)
    return Decision(
        entities=[rules.withdraw(shelf, op.entity, op.body.number, by=op.actor.function, at=op.received_at)]
    )
