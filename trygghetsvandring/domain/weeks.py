"""Weeks: ISO weeks of evenings in Europe/Stockholm, Monday to Sunday. A night belongs to the evening it began."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from trygghetsvandring.domain.errors import Malformed
from trygghetsvandring.domain.times import evening_of

_WRITTEN = re.compile(r"([0-9]{4})-W([0-9]{2})")
_FIRST_YEAR, _LAST_YEAR = 2000, 2200


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """`year` is the week's own: 1 January 2027 lies in 2026-W53."""

    year: int
    number: int

    def __post_init__(self) -> None:
        try:
            date.fromisocalendar(self.year, self.number, 1)
        except ValueError:
            raise Malformed(field="week") from None
        if not _FIRST_YEAR <= self.year <= _LAST_YEAR:
            raise Malformed(field="week")

    def __str__(self) -> str:
        """ "2026-W47"."""
        return f"{self.year}-W{self.number:02}"

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def evenings(self) -> tuple[date, ...]:
        return tuple(self.monday + timedelta(days=day) for day in range(7))

    def after(self, weeks: int) -> "Week":
        """So many weeks later; earlier when negative."""
        return week_of(self.monday + timedelta(weeks=weeks))


def week_of(evening: date) -> Week:
    year, number, _ = evening.isocalendar()
    return Week(year, number)


def week_at(at: datetime) -> Week:
    """Monday at two in the night is still the week before: the evening began on Sunday."""
    return week_of(evening_of(at))


def week_from(written: str) -> Week:
    """From "2026-W47"."""
    parts = _WRITTEN.fullmatch(written)
    if parts is None:
        raise Malformed(field="week")
    return Week(int(parts[1]), int(parts[2]))
