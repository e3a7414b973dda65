"""Reminders of report days and of an agreement's review, counted in Swedish working days.

    report day   five before, the day itself, three after, six after
    review       twenty before, the day itself

Each step is said once for each day. The last two of a report day go to the coordinator too.
"""

from datetime import date
from enum import IntEnum
from typing import Final

from trygghetsvandring.domain.agreements import Agreement
from trygghetsvandring.domain.reminders import working_days

REPORT_DAY: Final = "report_day"
REVIEW: Final = "review"
_BEFORE: Final = 5
_REVIEW_BEFORE: Final = 20
_AFTER: Final = (3, 6)


class Step(IntEnum):
    NONE = 0
    BEFORE = 1
    DAY = 2
    LATE = 3
    LAST = 4


def step(day: date, today: date) -> Step:
    """The step reached for a report day without a report."""
    if today < day:
        return Step.BEFORE if working_days(today, day) <= _BEFORE else Step.NONE
    after = working_days(day, today)
    return Step(Step.DAY + sum(after >= limit for limit in _AFTER))


def goes_up(it: Step) -> bool:
    return it >= Step.LATE


def review_step(it: Agreement, today: date, *, has_successor: bool) -> Step:
    """Nobody is reminded of a review that has led to the next agreement."""
    if it.review_on is None or has_successor:
        return Step.NONE
    if today >= it.review_on:
        return Step.DAY
    return Step.BEFORE if working_days(today, it.review_on) <= _REVIEW_BEFORE else Step.NONE
