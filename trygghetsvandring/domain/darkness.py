"""Darkness: whether a lamp ought to be lit there and then. The calendar of when lamps are switched off is data."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from trygghetsvandring.domain.times import STOCKHOLM, is_dark

_DAY = re.compile(r"(0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|[12]\d)")
_HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchOff:
    """When the lamps of these tätorter are off on purpose; no area = the whole municipality.

    `first` and `last` are "MM-DD", both included, and may go over New Year; `starts` and `ends` are "HH:MM" in Swedish
    time and may go over midnight, the end not included. Both empty = all night.
    """

    areas: tuple[str, ...] = ()
    first: str
    last: str
    starts: str = ""
    ends: str = ""
    because: str


def is_sound(it: SwitchOff) -> bool:
    days = _DAY.fullmatch(it.first) and _DAY.fullmatch(it.last)
    whole_night = it.starts == it.ends == ""
    return bool(days and (whole_night or (_HOUR.fullmatch(it.starts) and _HOUR.fullmatch(it.ends))))


def switched_off(calendar: Sequence[SwitchOff], area: str, at: datetime) -> SwitchOff | None:
    local = at.astimezone(STOCKHOLM)
    day, hour = f"{local:%m-%d}", f"{local:%H:%M}"
    for row in calendar:
        here = not row.areas or area in row.areas
        in_season = _within(day, row.first, row.last) or day == row.last
        if here and in_season and (row.starts == row.ends or _within(hour, row.starts, row.ends)):
            return row
    return None


def _within(it: str, first: str, end: str) -> bool:
    """Half-open, round the year or round the clock."""
    return first <= it < end if first <= end else it >= first or it < end


def lamp_hint(calendar: Sequence[SwitchOff], *, area: str, at: datetime, point: tuple[float, float] | None) -> str:
    """Why a lamp that was seen dark may be as it should; "" when nothing speaks for it."""
    row = switched_off(calendar, area, at)
    if row is not None:
        return f"Lampan ska kanske vara släckt. {row.because}"
    if point is not None and not is_dark(at, *point):
        return "Lampan ska kanske vara släckt. Det var inte mörkt när den sågs."
    return ""
