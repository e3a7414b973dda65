"""What is taken in and not decided: from a phone that is shut, a token that is over, a file nobody vouches for.

It goes into the log as it came, as deferred with the code `held`. Sent again it gets the same answer. A person lets it
through or refuses it by an operation of their own; then it is decided by its own rule, with its own actor and times.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

import msgspec

from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Principal
from trygghetsvandring.storage import held
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync import items
from trygghetsvandring.sync.clocks import Exchange
from trygghetsvandring.sync.items import Batch, Item
from trygghetsvandring.sync.wire import Outcome

ACCEPT, REFUSE = "held.accept", "held.refuse"
REFUSED = "refused_by_person"
# A count of what lies on the phone says nothing that somebody would have to look at.
_NEVER = {"device.status"}


@dataclass(slots=True)
class Held:
    """What one batch holds back, and what it lets go."""

    new: list[tuple[UUID, UUID | None, str]] = field(default_factory=list)
    decided: list[tuple[Item, list[UUID]]] = field(default_factory=list)


async def hold(db: Db, municipality: str, principal: Principal, came: Sequence[Item]) -> Held:
    """Gives every open operation that must wait its answer. Asks nothing when there is nothing to ask about."""
    it = Held()
    again = [item.logged.id for item in came if item.is_open and item.logged is not None]
    before = await held.waiting(db, municipality, again)
    for item in came:
        if not item.is_open or item.op is None:
            continue
        if item.op.id in before:
            item.outcome = _waits(item.op.id, before[item.op.id])
        elif principal.held and item.op.type not in _NEVER:
            item.outcome = _waits(item.op.id, principal.held)
            it.new.append((item.op.id, principal.device, principal.held))
    return it


def _waits(id: UUID, why: str) -> Outcome:
    return Outcome(id=str(id), outcome="deferred", code="held", facts={"why": why})


async def let_go(db: Db, batch: Batch, exchange: Exchange, came: Sequence[Item], it: Held) -> list[Item]:
    """The operations that a person decided about in this batch: opened to be decided, or refused."""
    freed: list[Item] = []
    for item in came:
        if item.op is None or item.op.type not in (ACCEPT, REFUSE) or _is_not_done(item):
            continue
        logged = await held.of(db, batch.known.municipality.id, item.op.body.operations)
        about = [items.again(one, exchange) for one in logged]
        it.decided.append((item, [one.id for one in logged]))
        for one in about:
            if item.op.type == REFUSE and one.logged is not None:
                one.outcome = Outcome(id=str(one.logged.id), outcome="rejected", code=REFUSED, facts={})
            elif one.op is not None and one.op.type == "photo.declare":
                batch.jobs.append(_look(batch.known.municipality.id, one.op.entity, exchange))
        freed += about
    return freed


def _is_not_done(item: Item) -> bool:
    return item.outcome is None or item.outcome.outcome != "applied"


def _look(municipality: str, photo: UUID, exchange: Exchange) -> dict[str, object]:
    """Its bytes may have come before anybody had said that they might."""
    body = msgspec.json.encode({"photo": str(photo)}).decode()
    facts: dict[str, object] = {"kind": "photo.arrived", "body": body, "run_at": exchange.received_at, "attempts": 0}
    return {"municipality": municipality, "id": uuid7(), **facts}


async def store(db: Db, municipality: str, it: Held, exchange: Exchange) -> None:
    await held.note(db, municipality, it.new, exchange.received_at)
    for item, ids in it.decided:
        assert item.op is not None
        decision = "accepted" if item.op.type == ACCEPT else "refused"
        reason = getattr(item.op.body, "reason", "")
        by = item.op.actor.function
        await held.decided(db, municipality, ids, decision, by=by, reason=reason, at=exchange.received_at)
