"""Operations on rule books: written, tried on history, published, taken up again. A coordinator's alone."""

from collections.abc import Iterable
from typing import Any

import msgspec

from trygghetsvandring.domain import rules as books
from trygghetsvandring.domain.errors import Malformed
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.routing import Rules
from trygghetsvandring.domain.rules import RuleBook, RuleShelf, Trial, empty_shelf, faults
from trygghetsvandring.storage import rules as _stored  # noqa: F401  # registers how they are stored
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.outcomes import Decision, Op, operation
from trygghetsvandring.sync.routes import the_live_book, the_shelf
from trygghetsvandring.sync.wire import Body


class Save(Body, kw_only=True):
    """`seen`: the version of the draft that the writer had before them; None makes a new one."""

    rules: Rules
    note: str = ""
    seen: int | None = None


class Nothing(Body, kw_only=True):
    pass


class Tried(Body, kw_only=True):
    """Made by the server when a dry run has come to its end."""

    digest: str
    by: str
    findings: int
    changed: int
    last_resort: int
    never: list[str]


def _both(op: Op[Any]) -> list[Key]:
    return [(RuleBook, op.entity), the_shelf(op)]


def _shelf(op: Op[Any], known: Known) -> RuleShelf:
    return known.get(*the_shelf(op)) or empty_shelf(known.municipality.id)


def _live(op: Op[Any], known: Known) -> RuleBook | None:
    shelf = _shelf(op, known)
    return known.get(RuleBook, shelf.live) if shelf.live is not None else None


def digest_of(rules: Rules) -> str:
    return books.digest(msgspec.json.encode(rules))


@operation("rulebook.save", Save, act=Act.KEEP_RULES, needs=_both)
def save(op: Op[Save], known: Known) -> Decision:
    before = known.get(RuleBook, op.entity)
    if before is None and op.body.seen is not None:
        raise Malformed(field="seen")
    saved, shelf = books.save(
        before,
        _shelf(op, known),
        id=op.entity,
        rules=op.body.rules,
        note=op.body.note.strip(),
        seen=op.body.seen,
        by=op.actor.function,
        at=op.corrected_at,
    )
    return Decision(entities=[saved, *([shelf] if before is None else [])])


@operation("rulebook.discard", Nothing, act=Act.KEEP_RULES, needs=_both)
def discard(op: Op[Nothing], known: Known) -> Decision:
    return Decision(entities=books.discard(known.need(RuleBook, op.entity), _shelf(op, known)))


@operation("rulebook.tried", Tried, act=Act.SYSTEM, needs=_both)
def tried(op: Op[Tried], known: Known) -> Decision:
    book, body = known.need(RuleBook, op.entity), op.body
    trial = Trial(
        digest=body.digest,
        at=op.received_at,
        by=body.by,
        findings=body.findings,
        changed=body.changed,
        last_resort=body.last_resort,
        never=tuple(body.never),
    )
    return Decision(entities=[books.tried(book, trial, digest_of(book.rules))])


@operation("rulebook.publish", Nothing, act=Act.KEEP_RULES, needs=_both, needs_more=the_live_book)
def publish(op: Op[Nothing], known: Known) -> Decision:
    book, shelf = known.need(RuleBook, op.entity), _shelf(op, known)
    moved = books.publish(
        book,
        shelf,
        _live(op, known),
        found=faults(book.rules, known.municipality),
        now=digest_of(book.rules),
        by=op.actor.function,
        at=op.corrected_at,
    )
    return _stands(moved, shelf)


@operation("rulebook.go_back", Nothing, act=Act.KEEP_RULES, needs=_both, needs_more=the_live_book)
def go_back(op: Op[Nothing], known: Known) -> Decision:
    book = known.need(RuleBook, op.entity)
    found = faults(book.rules, known.municipality)
    moved = books.go_back(book, _live(op, known), found=found, by=op.actor.function, at=op.corrected_at)
    return _stands(moved, _shelf(op, known))


def _stands(moved: Iterable[RuleBook], shelf: RuleShelf) -> Decision:
    up, *down = moved
    return Decision(entities=[up, *down, books.standing(shelf, up)])
