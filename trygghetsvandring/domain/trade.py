"""The grocery trade's safety group (trygghetsgrupp): who to reach, the shared routine, and four numbers a week.

    Refused
    └── TradeNotPossible   a party, week, number, address or text that cannot be: the `reason`

A shop tells how many crimes of each type it has reported to the police in a week: no person, no text. What it has not
told is not known, and never a nought. Nothing is written over: the last word holds, those before stay.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

from trygghetsvandring.domain.answer_links import is_address
from trygghetsvandring.domain.departments import OrganisationKind
from trygghetsvandring.domain.errors import Refused, TextTooLong
from trygghetsvandring.domain.guard import Kind, Verdict, inspect
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.tasks import public_safe
from trygghetsvandring.domain.weeks import Week, week_from, week_of

CONFIRMED_FOR = timedelta(days=91)  # a quarter
MOST_COUNTED = 999
WEEKS_BACK = 53
WEEKS_BY_LINK = 4
LONGEST_NAME = 80
LONGEST_ROUTINE = 4000
LONGEST_REASON = 300
MOVED = 3
"""So many more and fewer the same week are worth a look; less is how weeks differ anyway."""
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{1,28}[0-9]")


class TradeNotPossible(Refused):
    code = "trade_not_possible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A function and how it is reached. `hours` in words. `said_by` and `said_at`: who wrote it down, and when."""

    function: str
    phone: str
    mail: str
    hours: str
    said_by: str
    said_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """That a party has left the group, and why. `by`: a function."""

    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeCard:
    """Kontaktkort: one for each party of the group. The last contact holds; who has left has none."""

    id: UUID
    version: int
    party: str
    contacts: tuple[Contact, ...]
    confirmed_on: date
    confirmed_by: str
    left: tuple[Left, ...] = ()

    @property
    def is_in(self) -> bool:
        return bool(self.contacts)

    @property
    def now(self) -> Contact:
        return self.contacts[-1]

    @property
    def confirm_by(self) -> date:
        return self.confirmed_on + CONFIRMED_FOR


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutineText:
    """`decided_by`: a function or a meeting. It holds from `valid_from` until the next one does."""

    text: str
    decided_by: str
    valid_from: date
    entered_by: str
    entered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeRoutine:
    """The one routine the shops share; every wording of it, as they were entered."""

    id: UUID
    version: int
    texts: tuple[RoutineText, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrimeCount:
    """`n` None: not told."""

    kind: str
    n: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekTold:
    counts: tuple[CrimeCount, ...]
    told_by: str
    by_link: bool
    told_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopWeek:
    """What one shop has told of one week, "2026-W47". The last word holds."""

    id: UUID
    version: int
    shop: str
    week: str
    told: tuple[WeekTold, ...] = ()

    def n(self, kind: str) -> int | None:
        last = self.told[-1].counts if self.told else ()
        return next((it.n for it in last if it.kind == kind), None)


# ---------------------------------------------------------------- cards and the routine


def carded(it: TradeCard, here: Municipality) -> TradeCard:
    """With what is said now last."""
    if here.organisation(it.party) is None:
        raise TradeNotPossible(reason="party")
    now = it.now
    _must_have_words(now.function, "function", LONGEST_NAME)
    if any(span.kind is Kind.NAME for span in inspect(now.function).spans):
        raise TradeNotPossible(reason="name")
    if len(now.hours) > LONGEST_NAME:
        raise TextTooLong(field="hours", longest=LONGEST_NAME)
    public_safe(now.hours)
    if not _PHONE.fullmatch(now.phone) or _is_of_a_person(now.phone):
        raise TradeNotPossible(reason="phone")
    if not is_address(now.mail) or _is_of_a_person(now.mail):
        raise TradeNotPossible(reason="mail")
    return it


def _is_of_a_person(text: str) -> bool:
    """A telephone number and an address are what a card is for; what points out one person is not.

    A telephone number that begins as they do may happen to be made like a personnummer.
    """
    found = inspect(text)
    is_one = any(span.kind in (Kind.PERSONNUMMER, Kind.RESERVE_NUMBER) for span in found.spans)
    return is_one and (found.verdict is Verdict.BLOCK or text[0] not in "0+")


def gone(it: TradeCard, left: Left) -> TradeCard:
    """Without any contact, the earlier ones neither; that it left stays."""
    _must_be_in(it)
    _must_have_words(left.reason, "reason", LONGEST_REASON)
    return replace(it, contacts=(), left=(*it.left, left))


def _must_be_in(it: TradeCard) -> None:
    if not it.is_in:
        raise TradeNotPossible(reason="left")


def confirmed(it: TradeCard, *, by: str, on: date) -> TradeCard:
    _must_be_in(it)
    return replace(it, confirmed_on=on, confirmed_by=by)


def worded(it: TradeRoutine) -> TradeRoutine:
    """With the new wording last."""
    now = it.texts[-1]
    _must_have_words(now.text, "text", LONGEST_ROUTINE)
    _must_have_words(now.decided_by, "decided_by", LONGEST_NAME)
    return it


def in_force(texts: Sequence[RoutineText], today: date) -> RoutineText | None:
    """Of two from the same day, the one that was entered last."""
    begun = [it for it in texts if it.valid_from <= today]
    return max(begun, key=lambda it: (it.valid_from, it.entered_at), default=None)


# ---------------------------------------------------------------- the week's numbers


def counted(it: ShopWeek, told: WeekTold, here: Municipality, today: date) -> ShopWeek:
    shop = here.organisation(it.shop)
    if shop is None or shop.kind is not OrganisationKind.SHOP:
        raise TradeNotPossible(reason="shop")
    if not is_over(week_from(it.week), today) or week_from(it.week) < week_of(today).after(-WEEKS_BACK):
        raise TradeNotPossible(reason="week")
    known = {kind.id for kind in here.crime_kinds}
    if any(each.kind not in known for each in told.counts) or all(each.n is None for each in told.counts):
        raise TradeNotPossible(reason="numbers")
    if any(each.n is not None and not 0 <= each.n <= MOST_COUNTED for each in told.counts):
        raise TradeNotPossible(reason="numbers")
    _must_have_words(told.told_by, "told_by", LONGEST_NAME)
    return replace(it, told=(*it.told, told))


def is_over(week: Week, today: date) -> bool:
    return week.sunday < today


def last_weeks(today: date, n: int) -> list[Week]:
    """The weeks that are over, the latest first."""
    return [week_of(today).after(-back) for back in range(1, n + 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """In the same week fewer in one shop and more in another. It says that, and nothing of why."""

    kind: str
    week: Week
    fewer: str
    fell: tuple[int, int]
    more: str
    rose: tuple[int, int]


def shifts(weeks: Iterable[ShopWeek], kinds: Iterable[str], shown: Iterable[Week]) -> list[Shift]:
    """Only where both shops have told of that week and of the one before."""
    by_shop: dict[str, dict[str, ShopWeek]] = {}
    for it in weeks:
        by_shop.setdefault(it.shop, {})[it.week] = it
    pairs = list(pairwise(sorted(shown)))
    return [shift for kind in kinds for before, week in pairs for shift in _shifts(by_shop, kind, before, week)]


def _shifts(by_shop: Mapping[str, Mapping[str, ShopWeek]], kind: str, before: Week, week: Week) -> Iterable[Shift]:
    steps = dict[str, tuple[int, int]]()
    for shop, told in by_shop.items():
        was, now = (told[str(each)].n(kind) if str(each) in told else None for each in (before, week))
        if was is not None and now is not None:
            steps[shop] = (was, now)
    for fewer, fell in steps.items():
        for more, rose in steps.items():
            if fell[0] - fell[1] >= MOVED and rose[1] - rose[0] >= MOVED:
                yield Shift(kind=kind, week=week, fewer=fewer, fell=fell, more=more, rose=rose)


def _must_have_words(text: str, field: str, longest: int) -> None:
    if not text.strip():
        raise TradeNotPossible(reason=field)
    if len(text) > longest:
        raise TextTooLong(field=field, longest=longest)
    public_safe(text)
