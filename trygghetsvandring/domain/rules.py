"""Rule books: a municipality's rules, written as a draft, tried on history, published, replaced, taken up again.

    Refused
    ├── RulebookBroken     a rule could not decide on the evening it is needed; each is named with why
    ├── NotTried           this very draft has not been run on history
    ├── NotADraft          what is or was live is never changed; a new draft is
    ├── DraftExists        one draft at a time
    ├── RulebookMoved      somebody else has changed it since you looked
    └── NeverLive          only what was live once can be taken up again

Exactly one book is live; the shelf says which. Before the first there is what came with the installation, number 0.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from trygghetsvandring.domain import areas, darkness
from trygghetsvandring.domain.departments import Organisation
from trygghetsvandring.domain.errors import Malformed, Refused, TextTooLong
from trygghetsvandring.domain.ids import shelf_id
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.routing import Category, Rule, Rules
from trygghetsvandring.domain.tasks import public_safe

MOST_RULES = 100
MOST_ROWS = 60
LONGEST_REASON = 200
LONGEST_NAME = 60
MOST_DAYS = 400


class BookState(StrEnum):
    DRAFT = "draft"
    LIVE = "live"
    REPLACED = "replaced"
    DISCARDED = "discarded"


class RulebookBroken(Refused):
    code = "rulebook_broken"


class NotTried(Refused):
    code = "rulebook_not_tried"


class NotADraft(Refused):
    code = "rulebook_not_a_draft"


class DraftExists(Refused):
    code = "rulebook_draft_exists"


class RulebookMoved(Refused):
    code = "rulebook_moved"


class NeverLive(Refused):
    code = "rulebook_never_live"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a dry run on history came to. `digest` is of the rules that were tried."""

    digest: str
    at: datetime
    by: str
    findings: int
    changed: int
    last_resort: int
    never: tuple[str, ...]  # rules that no finding ever reached


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBook:
    """`by` are functions, never names. `number` is given when it is published, and shown with every explanation."""

    id: UUID
    version: int
    number: int
    state: BookState
    rules: Rules
    note: str
    saved_by: str
    saved_at: datetime
    tried: Trial | None = None
    published_by: str = ""
    published_at: datetime | None = None
    replaced_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleShelf:
    """Which book is live, which is being written, and how many there have been. One per municipality."""

    id: UUID
    version: int
    live: UUID | None = None
    draft: UUID | None = None
    last: int = 0


def empty_shelf(municipality: str) -> RuleShelf:
    return RuleShelf(id=shelf_id(municipality), version=0)


def came_with(here: Municipality) -> Rules:
    """What holds before anybody has published anything."""
    return Rules(rules=here.rules)


@dataclass(frozen=True, slots=True)
class InForce:
    """The rules that decide now, and the number of their book."""

    rules: Rules
    number: int


def in_force(here: Municipality, live: RuleBook | None) -> InForce:
    return InForce(came_with(here), 0) if live is None else InForce(live.rules, live.number)


def digest(encoded: bytes) -> str:
    """Of the rules as they are stored: a trial of other rules is no trial of these."""
    return hashlib.sha256(encoded).hexdigest()


# ---------------------------------------------------------------- faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """`rule` is its id, "" for a row of another table. `about` is the code, unit or rule that is wrong."""

    rule: str
    code: str
    about: str = ""


def faults(rules: Rules, here: Municipality) -> list[Fault]:
    """Everything that would fail, or never be reached, on the evening it is needed. Empty = sound."""
    found = [fault for rule in rules.rules for fault in _rule_faults(rule, here)]
    found += _shadowed(rules.rules, here.categories)
    ids = [rule.id for rule in rules.rules]
    found += [Fault(rule=id, code="same_id") for id in dict.fromkeys(ids) if ids.count(id) > 1]
    known = {category.code for category in here.categories}
    named = (*rules.lamps, *(code for limit in rules.limits for code in limit.categories))
    found += [Fault(rule="", code="unknown_category", about=code) for code in named if code not in known]
    found += [
        Fault(rule="", code="switch_off_unreadable", about=row.because)
        for row in rules.switch_offs
        if not darkness.is_sound(row)
    ]
    return found


def _rule_faults(rule: Rule, here: Municipality) -> Iterable[Fault]:
    yield from _owner_faults(rule, here.organisation(rule.department))
    polygon = areas.fault(rule.polygon) if rule.polygon else None
    if polygon is not None:
        yield Fault(rule=rule.id, code=f"polygon_{polygon}")
    known = (
        ("unknown_category", rule.categories, {category.code for category in here.categories}),
        ("unknown_tile", rule.tiles, {category.tile for category in here.categories}),
        ("unknown_area", rule.areas, set(here.areas)),
        ("unknown_owner", rule.owners, {it.id for it in here.departments}),
        ("unknown_place_type", rule.place_types, {template.place_type for template in here.templates}),
        ("unknown_question", rule.answers, {item.code for it in here.templates for item in it.items}),
    )
    for code, named, real in known:
        yield from (Fault(rule=rule.id, code=code, about=name) for name in named if name not in real)


def _owner_faults(rule: Rule, owner: Organisation | None) -> Iterable[Fault]:
    if owner is None:
        yield Fault(rule=rule.id, code="unknown_department", about=rule.department)
    elif not owner.owns_tasks:
        yield Fault(rule=rule.id, code="owns_no_tasks", about=owner.name)


def _shadowed(rules: Sequence[Rule], categories: Sequence[Category]) -> Iterable[Fault]:
    """Rules that an earlier one, standing alone, keeps everything from; and those that fit no category at all."""
    fitting = [_codes(rule, categories) for rule in rules]
    for at, rule in enumerate(rules):
        if not fitting[at]:
            yield Fault(rule=rule.id, code="fits_nothing")
            continue
        above = next((it for n, it in enumerate(rules[:at]) if fitting[n] >= fitting[at] and _covers(it, rule)), None)
        if above is not None:
            yield Fault(rule=rule.id, code="shadowed", about=above.id)


def _codes(rule: Rule, categories: Sequence[Category]) -> set[str]:
    return {
        it.code
        for it in categories
        if (not rule.categories or it.code in rule.categories)
        and (not rule.tiles or it.tile in rule.tiles)
        and (not rule.kinds or it.kind in rule.kinds)
    }


def _covers(above: Rule, below: Rule) -> bool:
    """Whatever the lower one asks for beside the category, the upper one takes all of it."""
    if above.polygon and above.polygon != below.polygon:
        return False
    pairs: tuple[tuple[tuple[object, ...], tuple[object, ...]], ...] = (
        (above.place_types, below.place_types),
        (above.areas, below.areas),
        (above.owners, below.owners),
        (above.answers, below.answers),
        (above.severities, below.severities),
    )
    return all(not wide or (narrow and set(narrow) <= set(wide)) for wide, narrow in pairs)


# ---------------------------------------------------------------- what is done to a book


def save(
    before: RuleBook | None,
    shelf: RuleShelf,
    *,
    id: UUID,
    rules: Rules,
    note: str,
    seen: int | None,
    by: str,
    at: datetime,
) -> tuple[RuleBook, RuleShelf]:
    """A draft, new or changed. It may be broken while it is written; `seen` is the version the writer had."""
    _readable(rules, note)
    if before is None:
        if shelf.draft is not None:
            raise DraftExists(draft=str(shelf.draft))
        before = RuleBook(
            id=id, version=0, number=0, state=BookState.DRAFT, rules=rules, note=note, saved_by=by, saved_at=at
        )
        return before, replace(shelf, draft=id)
    _must_be_draft(before)
    if seen != before.version:
        raise RulebookMoved(version=before.version)
    return replace(before, rules=rules, note=note, saved_by=by, saved_at=at), shelf


def discard(book: RuleBook, shelf: RuleShelf) -> tuple[RuleBook, RuleShelf]:
    _must_be_draft(book)
    return replace(book, state=BookState.DISCARDED), replace(shelf, draft=None)


def tried(book: RuleBook, trial: Trial, now: str) -> RuleBook:
    """`now` is the digest of the book's rules as they are here."""
    _must_be_draft(book)
    if trial.digest != now:
        raise RulebookMoved(version=book.version)
    return replace(book, tried=trial)


def publish(
    book: RuleBook, shelf: RuleShelf, live: RuleBook | None, *, found: Sequence[Fault], now: str, by: str, at: datetime
) -> tuple[RuleBook, ...]:
    """(the book, now live; the one before it, replaced). The caller puts the shelf right with `standing`."""
    _must_be_draft(book)
    _must_be_sound(found)
    if book.tried is None or book.tried.digest != now:
        raise NotTried()
    up = replace(book, state=BookState.LIVE, number=shelf.last + 1, published_by=by, published_at=at)
    return up, *_taken_down(live, at)


def go_back(
    book: RuleBook, live: RuleBook | None, *, found: Sequence[Fault], by: str, at: datetime
) -> tuple[RuleBook, ...]:
    """What was live once needs no new trial: it goes up at once when the new one turns out wrong."""
    if book.state is not BookState.REPLACED:
        raise NeverLive(state=book.state.value)
    _must_be_sound(found)
    up = replace(book, state=BookState.LIVE, published_by=by, published_at=at, replaced_at=None)
    return up, *_taken_down(live, at)


def standing(shelf: RuleShelf, up: RuleBook) -> RuleShelf:
    draft = None if shelf.draft == up.id else shelf.draft
    return replace(shelf, live=up.id, draft=draft, last=max(shelf.last, up.number))


def _taken_down(live: RuleBook | None, at: datetime) -> tuple[RuleBook, ...]:
    return () if live is None else (replace(live, state=BookState.REPLACED, replaced_at=at),)


def _must_be_draft(book: RuleBook) -> None:
    if book.state is not BookState.DRAFT:
        raise NotADraft(state=book.state.value)


def _must_be_sound(found: Sequence[Fault]) -> None:
    if found:
        raise RulebookBroken(faults=[f"{fault.rule}: {fault.code}" for fault in found])


def _readable(rules: Rules, note: str) -> None:
    """Every explanation is read by whoever gets the task: nobody is named in it, and it is short."""
    if len(rules.rules) > MOST_RULES:
        raise Malformed(field="rules", limit=MOST_RULES)
    if max(len(rules.limits), len(rules.precedence), len(rules.switch_offs)) > MOST_ROWS:
        raise Malformed(field="rows", limit=MOST_ROWS)
    _short(note, "note", LONGEST_REASON)
    for rule in rules.rules:
        _short(rule.name, "name", LONGEST_NAME)
        _short(rule.id, "id", LONGEST_NAME)
        _possible(rule.deadline_days)
        if not rule.because.strip() or not rule.id.strip():
            raise Malformed(field="because" if rule.id.strip() else "id")
    for limit in rules.limits:
        _possible(limit.days)
    if any(row.priority not in (1, 2, 3) for row in rules.precedence):
        raise Malformed(field="priority")
    reasons = [row.because for rows in (rules.rules, rules.precedence, rules.switch_offs) for row in rows]
    for because in reasons:
        _short(because, "because", LONGEST_REASON)


def _short(text: str, field: str, longest: int) -> None:
    if len(text) > longest:
        raise TextTooLong(field=field, limit=longest)
    public_safe(text)


def _possible(days: int | None) -> None:
    if days is not None and not 0 <= days <= MOST_DAYS:
        raise Malformed(field="days", limit=MOST_DAYS)
