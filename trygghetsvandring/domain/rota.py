"""The rota (bemanning): evenings that the coordinator plans, and who has said that they come.

    Refused
    └── RotaNotPossible   a time, place, party, number or text that cannot be: the `reason`

A party says how many adults, and never who. What it says is kept in order, the last holds; nought is that it does not
come, or that nobody walked. An evening begins on its own date, or before six the next morning (`evening_of`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from trygghetsvandring.domain.departments import Organisation, OrganisationKind
from trygghetsvandring.domain.errors import Refused, TextTooLong
from trygghetsvandring.domain.evidence import is_evening, is_weekend
from trygghetsvandring.domain.guard import Kind, inspect
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.tasks import public_safe
from trygghetsvandring.domain.times import STOCKHOLM, evening_of
from trygghetsvandring.domain.walks import LONGEST, Walk

MOST_ADULTS = 30
LONGEST_PLACE = 80
LONGEST_REASON = 200
SAID_WITHIN = timedelta(days=60)
"""For so long after an evening a party may say how many walked."""
NEAR = timedelta(days=7)
"""Who leaves an evening so near is not left for the week's letter: the coordinator hears at once."""
_MORNING = 6
_MUNICIPAL = frozenset({OrganisationKind.MUNICIPAL, OrganisationKind.COORDINATION, OrganisationKind.SOCIAL})


class RotaNotPossible(Refused):
    code = "rota_not_possible"


class OutingKind(StrEnum):
    NIGHT_WALK = "night_walk"
    FIELD_SHIFT = "field_shift"
    SAFETY_WALK = "safety_walk"


class When(StrEnum):
    """By the evening it begins: a red day is no working day."""

    EVENING = "evening"
    WEEKEND = "weekend"
    DAY = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """`adults`: how many come, or how many walked. `by`: a function."""

    party: str
    adults: int
    by: str
    by_link: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledOff:
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RotaEvening:
    """`needed`: adults. `plans`: how many times what a party reads has been changed. `walk`: the one that is walked."""

    id: UUID
    version: int
    kind: OutingKind
    area: str
    place: str
    starts_at: datetime
    ends_at: datetime
    needed: int
    plans: int = 1
    signed: tuple[Told, ...] = ()
    walked: tuple[Told, ...] = ()
    called_off: CalledOff | None = None
    walk: UUID | None = None

    @property
    def evening(self) -> date:
        return evening_of(self.starts_at)

    @property
    def when(self) -> When:
        if is_weekend(self.starts_at):
            return When.WEEKEND
        return When.EVENING if is_evening(self.starts_at) else When.DAY

    @property
    def crew(self) -> tuple[Told, ...]:
        """What each party that comes said last, in the order they first said it."""
        return tuple(told for told in _last(self.signed) if told.adults)

    @property
    def missing(self) -> int:
        """Adults that nobody has promised yet."""
        return max(0, self.needed - sum(told.adults for told in self.crew))

    @property
    def came_unsigned(self) -> tuple[Told, ...]:
        """Who walked without having said that it comes, by the coordinator's word."""
        return tuple(told for told in _last(self.walked) if told.adults and not self.coming(told.party))

    def out_by(self, party: str) -> Told | None:
        """What was said last of how many of the party walked."""
        return next((told for told in _last(self.walked) if told.party == party), None)

    def coming(self, party: str) -> int:
        return next((told.adults for told in self.crew if told.party == party), 0)

    def out(self, party: str) -> int | None:
        """How many of the party walked; None: not said."""
        told = self.out_by(party)
        return None if told is None else told.adults


def _last(said: Iterable[Told]) -> Iterable[Told]:
    return {told.party: told for told in said}.values()


def may_join(it: RotaEvening, party: Organisation) -> bool:
    """Where the municipality's field staff will be is for its own units: nobody else reads it or comes to it."""
    return it.kind is not OutingKind.FIELD_SHIFT or is_municipal(party)


def is_municipal(party: Organisation) -> bool:
    return party.kind in _MUNICIPAL


def offered(ahead: Iterable[RotaEvening], party: str, most: int) -> tuple[list[RotaEvening], int]:
    """What a party's page shows: all that it comes to, and at most so many others. And how many others are left out."""
    every = list(ahead)
    others = [it.id for it in every if not it.coming(party)]
    left_out = set(others[most:])
    return [it for it in every if it.id not in left_out], len(left_out)


def as_seen(it: RotaEvening, party: str) -> str:
    """What a party's page was made of: another party's answer changes nothing of it."""
    own = [sum(told.party == party for told in said) for said in (it.signed, it.walked)]
    return f"{it.plans}.{own[0]}.{own[1]}.{int(it.called_off is not None)}"


# ---------------------------------------------------------------- times


def moments(evening: date, starts: str, ends: str) -> tuple[datetime, datetime]:
    """In UTC, of clock times in Stockholm ("20:00", "00:30"). What is before six belongs to the evening before."""
    begins = _at(evening, starts)
    over = _at(evening, ends)
    if over <= begins:
        over = _at(evening + timedelta(days=1), ends)
    if over <= begins or over - begins > LONGEST:
        raise RotaNotPossible(reason="times")
    return begins, over


def _at(evening: date, clock: str) -> datetime:
    try:
        at = time.fromisoformat(clock)
        if at.tzinfo is not None:
            raise ValueError
        on = evening + timedelta(days=1) if at.hour < _MORNING else evening
        return datetime.combine(on, at, STOCKHOLM).astimezone(UTC)
    except (ValueError, OverflowError):
        raise RotaNotPossible(reason="times") from None


# ---------------------------------------------------------------- what happens to one


def planned(before: RotaEvening | None, it: RotaEvening, here: Municipality, now: datetime) -> RotaEvening:
    """New or changed, while it has not begun. Who has said that they come still do, and are told (`has_moved`)."""
    if it.area not in here.areas:
        raise RotaNotPossible(reason="area")
    if it.starts_at <= now or (before is not None and before.starts_at <= now):
        raise RotaNotPossible(reason="begun")
    if before is not None:
        _must_be_on(before)
    if not 1 <= it.needed <= MOST_ADULTS:
        raise RotaNotPossible(reason="needed")
    _must_have_words(it.place, "place", LONGEST_PLACE)
    if before is None:
        return it
    for told in before.crew:
        _must_be_let_in(it, told.party, here)
    moved = has_moved(before, it)
    return replace(it, plans=before.plans + moved, signed=before.signed, walked=before.walked)


def must_be_walked_then(walk: Walk, evening: date) -> None:
    """Called off, the evening takes its walk along: another evening's is not it."""
    if evening_of(walk.starts_at) != evening:
        raise RotaNotPossible(reason="walk")


def following(it: RotaEvening, walk: Walk) -> RotaEvening:
    """On its walk's evening, at the clock times it had; at the walk's own where the walk would not fit in them."""
    days = timedelta(days=(evening_of(walk.starts_at) - it.evening).days)
    begins, over = ((at.astimezone(STOCKHOLM) + days).astimezone(UTC) for at in (it.starts_at, it.ends_at))
    if not begins <= walk.starts_at < walk.ends_at <= over:
        begins, over = walk.starts_at, walk.ends_at
    after = replace(it, starts_at=begins, ends_at=over)
    return replace(after, plans=it.plans + has_moved(it, after))


def has_moved(before: RotaEvening, it: RotaEvening) -> bool:
    return _of_plan(before) != _of_plan(it)


def _of_plan(it: RotaEvening) -> tuple[object, ...]:
    return it.kind, it.area, it.place, it.starts_at, it.ends_at


def signed(it: RotaEvening, told: Told, here: Municipality) -> RotaEvening:
    """Nought takes back what was said; who never said anything has nothing to take back."""
    _must_be_known(told, here)
    _must_be_on(it)
    if told.at >= it.starts_at:
        raise RotaNotPossible(reason="begun")
    if told.adults == 0 and it.coming(told.party) == 0:
        raise RotaNotPossible(reason="adults")
    if told.adults:
        _must_be_let_in(it, told.party, here)
    return replace(it, signed=(*it.signed, told))


def walked(it: RotaEvening, told: Told, here: Municipality) -> RotaEvening:
    """By its link: of who had said that it comes. By the coordinator: of whoever came."""
    _must_be_known(told, here)
    _must_be_on(it)
    if not it.ends_at <= told.at < it.ends_at + SAID_WITHIN:
        raise RotaNotPossible(reason="not_over")
    if told.by_link and it.coming(told.party) == 0:
        raise RotaNotPossible(reason="party")
    if told.adults:
        _must_be_let_in(it, told.party, here)
    return replace(it, walked=(*it.walked, told))


def called_off(it: RotaEvening, off: CalledOff) -> RotaEvening:
    _must_be_on(it)
    if off.at >= it.ends_at:
        raise RotaNotPossible(reason="begun")
    _must_have_words(off.reason, "reason", LONGEST_REASON)
    return replace(it, called_off=off)


def must_be_function(text: str) -> str:
    """Whom a party is reached by: what they do there, and no name."""
    _must_have_words(text, "function", LONGEST_PLACE)
    if any(span.kind is Kind.NAME for span in inspect(text).spans):
        raise RotaNotPossible(reason="name")
    return text


def _must_be_on(it: RotaEvening) -> None:
    if it.called_off is not None:
        raise RotaNotPossible(reason="called_off")


def _must_be_known(told: Told, here: Municipality) -> None:
    if here.organisation(told.party) is None:
        raise RotaNotPossible(reason="party")
    if not 0 <= told.adults <= MOST_ADULTS:
        raise RotaNotPossible(reason="adults")


def _must_be_let_in(it: RotaEvening, party: str, here: Municipality) -> None:
    known = here.organisation(party)
    if known is not None and not may_join(it, known):
        raise RotaNotPossible(reason="party")


def _must_have_words(text: str, field: str, longest: int) -> None:
    if not text.strip():
        raise RotaNotPossible(reason=field)
    if len(text) > longest:
        raise TextTooLong(field=field, longest=longest)
    public_safe(text)
