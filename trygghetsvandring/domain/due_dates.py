"""The last days a thing could be promised for: one for each priority, in working days, with the reason in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from trygghetsvandring.domain.deadlines import explained
from trygghetsvandring.domain.field_lists import PRIORITIES
from trygghetsvandring.domain.routing import Category, Route, Rules, days_for


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDate:
    """`why`: "10 arbetsdagar, Trasig lampa, snart." and which red days were stepped over."""

    priority: int
    due_on: date
    days: int
    why: str


def due_dates(
    category: Category | None, rule: str, rules: Rules, *, severity: int | None, received_on: date, today: date
) -> Sequence[DueDate]:
    """By priority, most urgent first. `rule`: whose own time goes before the table's.

    Counted from the day it came in; from today when that time has gone, for nothing is promised for yesterday.
    """
    fitted = next((each for each in rules.rules if each.id == rule), None)
    found = []
    for priority, word in PRIORITIES.items():
        days = days_for(category, fitted, rules, priority, severity)
        about = ", ".join([*([category.name] if category else []), word.lower()])
        time = explained(received_on, days, about)
        if time.due_on < today:
            time = explained(today, days, f"{about}, räknat från i dag")
        found.append(DueDate(priority=priority, due_on=time.due_on, days=days, why=time.words))
    return found


def promised(times: Sequence[DueDate], way: Route, today: date) -> list[DueDate]:
    """With the day, and why, that was said when it came in: it stands until it has gone."""
    kept = DueDate(priority=way.priority, due_on=way.due_on, days=way.days, why=way.time_because)
    return [kept if _stands(way, it, today) else it for it in times]


def _stands(way: Route, it: DueDate, today: date) -> bool:
    return it.priority == way.priority and it.due_on != way.due_on >= today
