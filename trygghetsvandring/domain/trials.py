"""Trials: a draft of rules run over everything there has been, one finding at a time, with nothing kept but sums.

Who gets what is told by name; of days and order only how many would be others.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from trygghetsvandring.domain.departments import Organisation
from trygghetsvandring.domain.priorities import weigh
from trygghetsvandring.domain.routing import (
    LAST_RESORT,
    NEVER_A_TASK,
    Category,
    Owner,
    Rules,
    Spot,
    days_for,
    owner_of,
)

MOST_EXAMPLES = 3  # of each change
MOST_CHANGES = 40
MOST_POINTS = 300
MOST_HOMELESS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One finding of history, as far as rules may know it."""

    id: UUID
    number: str
    category: Category | None
    spot: Spot
    severity: int | None
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    id: UUID
    number: str
    category: str
    place: str
    now: str  # why, in words
    then: str


@dataclass(slots=True, kw_only=True)
class Change:
    """From one owner to another."""

    count: int = 0
    examples: list[Example] = field(default_factory=list)


@dataclass(slots=True)
class Trying:
    """Memory does not grow with history: sums per owner and rule, a few examples, a few points."""

    live: Rules
    draft: Rules
    organisations: Mapping[str, Organisation]
    findings: int = 0
    work: int = 0
    changed: int = 0
    other_days: int = 0  # would have been promised for another day
    other_order: int = 0  # would have gone before or after what they go before now
    now: Counter[str] = field(default_factory=Counter)
    then: Counter[str] = field(default_factory=Counter)
    reached: Counter[str] = field(default_factory=Counter)
    changes: dict[tuple[str, str], Change] = field(default_factory=dict)
    points: list[tuple[float, float, bool]] = field(default_factory=list)  # lat, lon, does it change
    homeless: list[Example] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)

    def add(self, past: Past) -> None:
        self.findings += 1
        then = self._owner(past, self.draft)
        if then.rule == NEVER_A_TASK:
            return
        now = self._owner(past, self.live)
        self.work += 1
        self.now[now.department] += 1
        self.then[then.department] += 1
        self.reached[then.rule] += 1
        self.skipped.update(then.skipped)
        self._times(past, now, then)
        moves = now.department != then.department
        if moves:
            self.changed += 1
            self._example(past, now, then)
        if then.rule == LAST_RESORT and len(self.homeless) < MOST_HOMELESS:
            self.homeless.append(_example(past, now, then))
        # Those that move are what the drawing is for: half of it is kept for them.
        room = MOST_POINTS if moves else MOST_POINTS // 2
        if past.spot.point is not None and len(self.points) < room:
            self.points.append((*past.spot.point, moves))

    @property
    def then_last_resort(self) -> int:
        return self.reached[LAST_RESORT]

    def never(self) -> tuple[str, ...]:
        """Rules that nothing in history reached."""
        return tuple(rule.id for rule in self.draft.rules if not self.reached[rule.id])

    def _times(self, past: Past, now: Owner, then: Owner) -> None:
        before, after = _promised(past, now, self.live), _promised(past, then, self.draft)
        self.other_order += before[0] != after[0]
        self.other_days += before[1] != after[1]

    def _owner(self, past: Past, rules: Rules) -> Owner:
        return owner_of(past.category, past.spot, severity=past.severity, rules=rules, organisations=self.organisations)

    def _example(self, past: Past, now: Owner, then: Owner) -> None:
        key = (now.department, then.department)
        if key not in self.changes and len(self.changes) >= MOST_CHANGES:
            return
        change = self.changes.setdefault(key, Change())
        change.count += 1
        if len(change.examples) < MOST_EXAMPLES:
            change.examples.append(_example(past, now, then))


def _promised(past: Past, owner: Owner, rules: Rules) -> tuple[int, int]:
    """(priority, working days) of one seen alone: how many lamps are dark beside it is asked when it is sorted."""
    tile = past.category.tile if past.category else ""
    place_type, severity = past.spot.place_type, past.severity
    level = weigh(rules.precedence, tile=tile, place_type=place_type, severity=severity, dark_lamps=1).level
    return level, days_for(past.category, owner.fitted, rules, level, severity)


def _example(past: Past, now: Owner, then: Owner) -> Example:
    return Example(
        id=past.id,
        number=past.number,
        category=past.category.name if past.category else "",
        place=past.place,
        now=now.because,
        then=then.because,
    )
