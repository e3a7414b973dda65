"""Deadlines: how many Swedish working days a thing may take, and the same in words. The table is the municipality's."""

from dataclasses import dataclass
from datetime import date

from trygghetsvandring.domain.times import red_days_between, working_days_after

USUAL_DAYS = 10  # working days, where nobody has said anything else


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One row of the table. An empty condition fits everything; the first row that fits decides."""

    categories: tuple[str, ...] = ()
    tiles: tuple[str, ...] = ()
    priorities: tuple[int, ...] = ()
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """`words` say the days and which red days were stepped over: the reader can count on their own fingers."""

    due_on: date
    days: int
    words: str


def days_in(limits: tuple[Limit, ...], category: str, tile: str, priority: int) -> int | None:
    for limit in limits:
        asked = ((limit.categories, category), (limit.tiles, tile), (limit.priorities, priority))
        if all(not wanted or found in wanted for wanted, found in asked):
            return limit.days
    return None


def deadline(received_on: date, days: int, *, danger: bool = False) -> Deadline:
    due_on = working_days_after(received_on, days)
    return Deadline(due_on=due_on, days=days, words=_time(days, danger) + _stepped_over(received_on, due_on))


def explained(received_on: date, days: int, about: str) -> Deadline:
    """`about`: what the days are for, as it stands in the middle of a sentence."""
    due_on = working_days_after(received_on, days)
    return Deadline(due_on=due_on, days=days, words=f"{_days(days)}, {about}." + _stepped_over(received_on, due_on))


def _days(days: int) -> str:
    if days == 0:
        return "Samma dag"
    return "1 arbetsdag" if days == 1 else f"{days} arbetsdagar"


def _time(days: int, danger: bool) -> str:
    if days == 0:
        return "Fara: samma dag." if danger else "Tid: samma dag."
    return "Tid: 1 arbetsdag." if days == 1 else f"Tid: {days} arbetsdagar."


def _stepped_over(first: date, last: date) -> str:
    names = red_days_between(first, last)
    if not names:
        return ""
    if len(names) > 3:
        return f" {len(names)} helgdagar räknas inte."
    said = " och ".join((", ".join(names[:-1]), names[-1]) if len(names) > 1 else names)
    return f" {said} räknas inte."
