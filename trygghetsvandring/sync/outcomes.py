"""What a rule answers, and how rules are found: one function per operation type, pure, with no clock and no I/O."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from trygghetsvandring.domain.errors import Fact
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


@dataclass(frozen=True, slots=True)
class Job:
    """Work for later, stored with the change. `body` is plain JSON."""

    kind: str
    body: Mapping[str, Any]
    run_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Applied. The entities are new states; the engine raises their versions.

    The first entity is what the operation is about.
    """

    entities: Sequence[Any] = ()
    jobs: Sequence[Job] = ()
    conflict_id: UUID | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)


Needs = Callable[[Op[Any]], Iterable[Key]]
Rule = Callable[[Op[Any], Known], Decision]


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    name: str
    body: type[Body]
    act: Act
    needs: Needs
    needs_more: Callable[[Op[Any], Known], Iterable[Key]]
    receipt: bool
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
) -> Callable[[Callable[[Op[B], Known], Decision]], Callable[[Op[B], Known], Decision]]:
    """Registers the rule for one operation type.

    `needs` names the entities the rule may ask for, so that a batch loads them in one question per kind; `needs_more`
    names those only known after the first are here. `receipt` = the answer carries a receipt with its own number.
    """

    def keep(rule: Callable[[Op[B], Known], Decision]) -> Callable[[Op[B], Known], Decision]:
        if type in OPERATIONS:
            raise RuntimeError(f"two rules for {type}")
        OPERATIONS[type] = Registered(
            name=type, body=body, act=act, needs=needs, needs_more=needs_more, receipt=receipt, rule=rule
        )
        return rule

    return keep
