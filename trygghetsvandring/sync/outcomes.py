"""What a rule answers, and how rules are found: one function per operation type, pure, with no clock and no I/O."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec

from trygghetsvandring.domain.conflicts import Conflict
from trygghetsvandring.domain.erasures import Erasing, Series
from trygghetsvandring.domain.errors import Fact, SeenHasMoved
from trygghetsvandring.domain.people import Act, Principal
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.wire import Body

B = TypeVar("B", bound=Body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Op(Generic[B]):
    """One operation, decoded. `at` is what the phone claims; `corrected_at` adds its session's offset;
    `received_at` is the server's own now. `number` is the receipt's number when the operation gives a receipt."""

    id: UUID
    type: str
    entity: UUID
    base: int | None
    at: datetime
    corrected_at: datetime
    received_at: datetime
    actor: Principal
    body: B
    number: str = ""

    def numbered(self, number: str) -> "Op[B]":
        """As `replace(op, number=number)`, which every receipt would pay for twice over."""
        return Op(
            id=self.id,
            type=self.type,
            entity=self.entity,
            base=self.base,
            at=self.at,
            corrected_at=self.corrected_at,
            received_at=self.received_at,
            actor=self.actor,
            body=self.body,
            number=number,
        )

    def must_have_read(self, version: int) -> None:
        """What takes the place of something must have been written to what stands there now."""
        if self.base is not None and self.base != version:
            raise SeenHasMoved(seen=self.base, now=version)


@dataclass(frozen=True, slots=True)
class Job:
    """Work for later, stored with the change. `body` is plain JSON."""

    kind: str
    body: Mapping[str, Any]
    run_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Applied. The entities are new states; the engine raises their versions.

    The first entity is what the operation is about. `whole`, asked when the operation was made on an older version and
    the first entity was merged with what happened since: refuses one that does not hang together, and answers with all
    entities as they follow from it. `version` is what to answer with when nothing changed. `erasing` is what it
    removes, for the nämnd `board`; `due` = only what that series really has due.
    """

    entities: Sequence[Any] = ()
    jobs: Sequence[Job] = ()
    whole: Callable[[Any], Sequence[Any]] | None = None
    conflict: Conflict | None = None
    version: int | None = None
    erasing: Erasing | None = None
    board: str = ""
    due: tuple[Series, date] | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)


Needs = Callable[[Op[Any]], Iterable[Key]]
Rule = Callable[[Op[Any], Known], Decision]


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    name: str
    body: type[Body]
    read: Callable[[bytes | msgspec.Raw], Body]
    act: Act
    needs: Needs
    needs_more: Callable[[Op[Any], Known], Iterable[Key]]
    receipt: bool
    at_the_door: bool
    digest_only: bool
    rule: Rule


OPERATIONS: dict[str, Registered] = {}


def _nothing_more(_op: Op[Any], _known: Known) -> Iterable[Key]:
    return ()


def operation(
    type: str,
    body: type[B],
    *,
    act: Act,
    needs: Callable[[Op[B]], Iterable[Key]],
    needs_more: Callable[[Op[B], Known], Iterable[Key]] = _nothing_more,
    receipt: bool = False,
    at_the_door: bool = False,
    digest_only: bool = False,
) -> Callable[[Callable[[Op[B], Known], Decision]], Callable[[Op[B], Known], Decision]]:
    """Registers the rule for one operation type.

    `needs` names the entities the rule may ask for, so that a batch loads them in one question per kind; `needs_more`
    names those only known after the first are here. `receipt` = the answer carries a receipt with its own number.
    `at_the_door` = about somebody who is not a phone yet: made by a route of the server's own, and never pushed.
    `digest_only` = once answered the log keeps what it is about and the digest of what was said: the entity holds it.
    """

    def keep(rule: Callable[[Op[B], Known], Decision]) -> Callable[[Op[B], Known], Decision]:
        if type in OPERATIONS:
            raise RuntimeError(f"two rules for {type}")
        OPERATIONS[type] = Registered(
            name=type,
            body=body,
            read=msgspec.json.Decoder(body).decode,
            act=act,
            needs=needs,
            needs_more=needs_more,
            receipt=receipt,
            at_the_door=at_the_door,
            digest_only=digest_only,
            rule=rule,
        )
        return rule

    return keep
