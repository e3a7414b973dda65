"""Periods: a first and a last evening, both included. The same days of another year are the same days of the week."""

from dataclasses import dataclass
from datetime import date, timedelta

from trygghetsvandring.domain.errors import Malformed
from trygghetsvandring.domain.weeks import Week, week_of

LONGEST_DAYS = 366
_YEAR = timedelta(weeks=52)
_FIRST, _LAST = date(2000, 1, 1), date(2199, 1, 1)
_TO_THURSDAY = timedelta(days=3)  # the day that a week's year hangs on


@dataclass(frozen=True, slots=True, order=True)
class Period:
    first: date
    last: date

    def __post_init__(self) -> None:
        if not _FIRST <= self.first <= self.last <= _LAST or (self.last - self.first).days >= LONGEST_DAYS:
            raise Malformed(field="period")

    def __contains__(self, evening: date) -> bool:
        return self.first <= evening <= self.last

    @property
    def year_before(self) -> "Period":
        """Fifty-two weeks earlier: a Friday is compared with a Friday, at almost the same sun."""
        return Period(self.first - _YEAR, self.last - _YEAR)

    def must_be_comparable(self) -> None:
        """Refuses a period that none can be compared with, as the screen would."""
        _ = self.year_before

    @property
    def weeks(self) -> tuple[Week, ...]:
        """Every week with an evening in it, in order."""
        found = [week_of(self.first)]
        while found[-1].sunday < self.last:
            found.append(found[-1].after(1))
        return tuple(found)

    def has_week(self, week: Week) -> bool:
        """What is told of a week without a day belongs where most of the week lies."""
        return week.monday + _TO_THURSDAY in self

    def overlaps(self, other: "Period") -> bool:
        return self.first <= other.last and other.first <= self.last


def tertial_before(today: date) -> Period:
    """The last four months that are over: January to April, May to August or September to December."""
    begins = date(today.year, (today.month - 1) // 4 * 4 + 1, 1)
    last = begins - timedelta(days=1)
    return Period(date(last.year, last.month - 3, 1), last)
