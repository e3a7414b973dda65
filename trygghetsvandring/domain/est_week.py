"""An EST week as its people keep it: how far the work has come, the meeting, what was decided, and where to be next.

    Refused
    ├── EstWeekDiffers       the id is not that week's
    ├── NoSuchStep           the week does not stand where this may be done
    ├── EstWeekGoesOn        it is not over, and is not signed off yet
    ├── UnsortedLeft         something handed in that week has not been looked at
    ├── EstNotPossible       a party, place, day or number that cannot be: the `reason`
    └── DecisionUnknown      the week has no such decision

Three steps, as data: reporting, review (granskning), compiled (sammanställning). Who was at the meeting is written as
functions. Nobody who was seen is in here, and every text passes the guard.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from trygghetsvandring.domain.errors import Refused, TextTooLong
from trygghetsvandring.domain.est_events import PartnerCount, vehicle_codes
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.presence import Band
from trygghetsvandring.domain.tasks import internal_safe, public_safe
from trygghetsvandring.domain.times import evening_of
from trygghetsvandring.domain.weeks import Week, week_from

LONGEST_DECISION = 120  # it can become a task's title
LONGEST_WHY = 300
LONGEST_FUNCTION = 80
MOST_PRESENT = 40
MOST_DECISIONS = 60
MOST_PLACES = 20
MOST_COUNTS = 200
_MOST_COUNTED = 9_999
Row = TypeVar("Row", "EstDecision", PartnerCount)


class EstStep(StrEnum):
    REPORTING = "reporting"
    REVIEW = "review"
    COMPILED = "compiled"


@dataclass(frozen=True, slots=True)
class EstArrow:
    operation: str
    start: EstStep
    end: EstStep
    requires: tuple[str, ...] = ()


_S = EstStep
ARROWS: tuple[EstArrow, ...] = (
    EstArrow("est.review", _S.REPORTING, _S.REVIEW),
    EstArrow("est.compile", _S.REVIEW, _S.COMPILED, ("week over", "nothing unsorted")),
    EstArrow("est.reopen", _S.REVIEW, _S.REPORTING, ("reason",)),
    EstArrow("est.reopen", _S.COMPILED, _S.REVIEW, ("reason",)),
)


class EstWeekDiffers(Refused):
    code = "est_week_differs"


class NoSuchStep(Refused):
    code = "no_such_est_step"


class EstWeekGoesOn(Refused):
    code = "est_week_goes_on"


class UnsortedLeft(Refused):
    code = "est_unsorted_left"


class EstNotPossible(Refused):
    code = "est_not_possible"


class DecisionUnknown(Refused):
    code = "est_decision_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class EstEvent:
    at: datetime
    operation: str
    start: EstStep
    end: EstStep
    by: str  # function
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """What stood in the picture when it was signed off, as a digest: a later change shows."""

    at: datetime
    by: str
    events: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EstDecision:
    """`owner` is an organisation. With a `task` the work goes on there; without, the owner tells at a later meeting."""

    id: UUID
    text: str
    owner: str
    due_on: date
    place: str | None
    task: UUID | None
    decided_on: date
    decided_by: str
    settled_on: date | None = None
    is_done: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextPlace:
    """Where to be the coming week. Hours on the clock, the later one may be past midnight. `owner`: who goes there."""

    place: str
    evening: date
    from_hour: int
    to_hour: int
    owner: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EstWeek:
    """`week` as "2026-W47". `present`: functions, never names."""

    id: UUID
    version: int
    week: str
    step: EstStep = EstStep.REPORTING
    met_on: date | None = None
    present: tuple[str, ...] = ()
    decisions: tuple[EstDecision, ...] = ()
    next_places: tuple[NextPlace, ...] = ()
    counts: tuple[PartnerCount, ...] = ()
    history: tuple[EstEvent, ...] = ()
    compiled: Compiled | None = None

    @property
    def of(self) -> Week:
        return week_from(self.week)


# ---------------------------------------------------------------- the three steps


def step_from(operation: str, step: EstStep) -> EstArrow:
    for arrow in ARROWS:
        if (arrow.operation, arrow.start) == (operation, step):
            return arrow
    raise NoSuchStep(operation=operation, step=step.value)


def review(it: EstWeek, *, by: str, at: datetime) -> EstWeek:
    return _moved(it, "est.review", by, at)


def compile_(it: EstWeek, *, unsorted: int, events: int, digest: str, by: str, at: datetime) -> EstWeek:
    step_from("est.compile", it.step)
    if evening_of(at) < it.of.after(1).monday:
        raise EstWeekGoesOn()
    if unsorted:
        raise UnsortedLeft(n=unsorted)
    return replace(_moved(it, "est.compile", by, at), compiled=Compiled(at=at, by=by, events=events, digest=digest))


def reopen(it: EstWeek, *, reason: str, by: str, at: datetime) -> EstWeek:
    step_from("est.reopen", it.step)
    must_have_words(reason, "reason")
    return replace(
        _moved(it, "est.reopen", by, at, _short(internal_safe(reason), LONGEST_WHY, "reason")), compiled=None
    )


def _moved(it: EstWeek, operation: str, by: str, at: datetime, text: str = "") -> EstWeek:
    arrow = step_from(operation, it.step)
    event = EstEvent(at=at, operation=operation, start=arrow.start, end=arrow.end, by=by, text=text)
    return replace(it, step=arrow.end, history=(*it.history, event))


# ---------------------------------------------------------------- what parties have counted


def counted(it: EstWeek, count: PartnerCount, here: Municipality, today: date) -> EstWeek:
    """The same id again takes the place of what it said before. Only before the week is signed off."""
    if it.step is EstStep.COMPILED:
        raise NoSuchStep(operation="est.count", step=it.step.value)
    _must_be_party(count.party, here)
    _must_be_there(count.place, here, count.area)
    if count.area not in here.areas or here.category(count.category) is None:
        raise EstNotPossible(reason="area" if count.area not in here.areas else "category")
    if not 0 <= count.n <= _MOST_COUNTED:
        raise EstNotPossible(reason="number")
    if count.evening is not None and count.evening not in it.of.evenings:
        raise EstNotPossible(reason="evening")
    if count.hour is not None and (count.evening is None or not 0 <= count.hour <= 23):
        raise EstNotPossible(reason="hour")
    if count.told_on > today:
        raise EstNotPossible(reason="told_on")
    _must_be_of_vehicles(count, here)
    must_have_words(count.told_by, "told_by")
    safe = replace(count, told_by=_short(internal_safe(count.told_by), LONGEST_FUNCTION, "told_by"))
    return replace(it, counts=_with(it.counts, safe, MOST_COUNTS))


# ---------------------------------------------------------------- the meeting


def met(it: EstWeek, *, on: date, present: Iterable[str], today: date) -> EstWeek:
    functions = tuple(dict.fromkeys(text for each in present if (text := each.strip())))
    if not functions or len(functions) > MOST_PRESENT:
        raise EstNotPossible(reason="present")
    if not it.of.monday <= on <= today:
        raise EstNotPossible(reason="met_on")
    return replace(
        it, met_on=on, present=tuple(_short(internal_safe(each), LONGEST_FUNCTION, "present") for each in functions)
    )


def decided(it: EstWeek, decision: EstDecision, here: Municipality) -> EstWeek:
    _must_be_party(decision.owner, here)
    _must_be_there(decision.place, here)
    must_have_words(decision.text, "text")
    if decision.due_on < decision.decided_on:
        raise EstNotPossible(reason="due_on")
    if any(each.id == decision.id for each in it.decisions):
        raise EstNotPossible(reason="decision")
    safe = replace(decision, text=_short(public_safe(decision.text), LONGEST_DECISION, "text"))
    return replace(it, decisions=_with(it.decisions, safe, MOST_DECISIONS))


def settled(it: EstWeek, id: UUID, *, is_done: bool, said: str, on: date) -> EstWeek:
    """What became of a decision that is nobody's task: done, or not and why."""
    decision = next((each for each in it.decisions if each.id == id), None)
    if decision is None:
        raise DecisionUnknown()
    if decision.task is not None:
        raise EstNotPossible(reason="task")
    if not is_done:
        must_have_words(said, "said")
    words = _short(internal_safe(said), LONGEST_WHY, "said")
    return replace(
        it, decisions=_with(it.decisions, replace(decision, settled_on=on, is_done=is_done, said=words), MOST_DECISIONS)
    )


def next_week(it: EstWeek, places: Iterable[NextPlace], here: Municipality) -> EstWeek:
    """The whole list, each time."""
    chosen = tuple(places)
    coming = it.of.after(1).evenings
    if len(chosen) > MOST_PLACES:
        raise EstNotPossible(reason="places")
    for each in chosen:
        _must_be_party(each.owner, here)
        _must_be_there(each.place, here)
        if each.evening not in coming:
            raise EstNotPossible(reason="evening")
        if not (0 <= each.from_hour <= 23 and 0 <= each.to_hour <= 23):
            raise EstNotPossible(reason="hour")
    safe = (replace(each, why=_short(internal_safe(each.why), LONGEST_WHY, "why")) for each in chosen)
    return replace(it, next_places=tuple(sorted(safe, key=lambda each: (each.evening, each.from_hour, each.place))))


def _must_be_party(id: str, here: Municipality) -> None:
    if here.organisation(id) is None:
        raise EstNotPossible(reason="owner")


def _must_be_there(place: str | None, here: Municipality, area: str | None = None) -> None:
    known = next((each for each in here.places if each.id == place), None)
    if place is not None and (known is None or area not in (None, known.area)):
        raise EstNotPossible(reason="place")


def _must_be_of_vehicles(it: PartnerCount, here: Municipality) -> None:
    if (it.vehicles or it.stretch) and it.category not in vehicle_codes(here):
        raise EstNotPossible(reason="category")
    if it.stretch and (it.place or it.stretch not in {each.id for each in here.stretches}):
        raise EstNotPossible(reason="place")
    kinds = [each.vehicle for each in it.vehicles]
    if len(set(kinds)) != len(kinds) or any(each.band is Band.NONE for each in it.vehicles):
        raise EstNotPossible(reason="number")


def must_have_words(text: str, field: str) -> None:
    if not text.strip():
        raise EstNotPossible(reason=field)


def _short(text: str, longest: int, field: str) -> str:
    if len(text) > longest:
        raise TextTooLong(field=field, longest=longest)
    return text


def _with(rows: tuple[Row, ...], row: Row, most: int) -> tuple[Row, ...]:
    here = {each.id: each for each in rows} | {row.id: row}
    if len(here) > most:
        raise EstNotPossible(reason="too_many")
    return tuple(here.values())
