"""Times: which evening a moment belongs to, when it is dark, and which days people work."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from astral import Observer
from astral.sun import dawn, dusk, elevation, sunrise, sunset

from trygghetsvandring.domain.errors import Malformed

STOCKHOLM = ZoneInfo("Europe/Stockholm")
_EVENING_ENDS = 6  # o'clock: a walk over midnight belongs to the evening it began


def evening_of(at: datetime) -> date:
    """The date of the evening, Europe/Stockholm."""
    local = at.astimezone(STOCKHOLM)
    return (local - timedelta(days=1)).date() if local.hour < _EVENING_ENDS else local.date()


class NotAMoment(Malformed, ValueError):
    """A time without a zone, or in the calendar's first or last hours, where UTC has none."""


def aware(at: datetime) -> datetime:
    """The same moment in UTC; a time without a zone is never guessed at."""
    if at.tzinfo is None:
        raise NotAMoment(reason="a time without a time zone")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise NotAMoment(reason="a time outside the calendar") from None


@lru_cache(maxsize=8)
def _red_days(year: int) -> dict[date, str]:
    # The eves of midsummer, Christmas and New Year are red in no law, but no office is open.
    days = holidays.country_holidays(
        "SE", years=year, include_sundays=False, categories=("public", "de_facto"), language="sv"
    )
    return dict(days)


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _red_days(day.year)


def working_days_after(day: date, count: int) -> date:
    """The day `count` Swedish working days after `day` (0 gives `day` itself)."""
    while count > 0:
        day += timedelta(days=1)
        if is_working_day(day):
            count -= 1
    return day


def red_days_between(first: date, last: date) -> list[str]:
    """Names of the red days that would have been working days, after `first` and up to `last`, in order."""
    named = [(day, name) for year in range(first.year, last.year + 1) for day, name in _red_days(year).items()]
    return [name for day, name in sorted(named) if first < day <= last and day.weekday() < 5]


@lru_cache(maxsize=64)  # a set has hundreds of receipts and few times
def read_on(received_at: datetime) -> date:
    """The first working day on which somebody at the office reads what came in: today only before 15.00."""
    local = received_at.astimezone(STOCKHOLM)
    if is_working_day(local.date()) and local.hour < 15:
        return local.date()
    return working_days_after(local.date(), 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sun:
    """The sun at one place on one day. None = it does not happen that day (no civil dusk near midsummer far north).

    Sunset and dusk are those of the day's evening: far north in June they come after midnight, on the next date.
    """

    date: date
    sunrise: datetime | None
    sunset: datetime | None
    civil_dawn: datetime | None
    civil_dusk: datetime | None


_CIVIL = 6  # degrees below the horizon


def sun(day: date, lat: float, lon: float) -> Sun:
    """Times in Europe/Stockholm; degrees WGS 84."""
    at = Observer(latitude=lat, longitude=lon)
    return Sun(
        date=day,
        sunrise=_or_none(lambda: sunrise(at, date=day, tzinfo=STOCKHOLM)),
        # By the date in UTC: at half past midnight in June it is still the evening's date there.
        sunset=_or_none(lambda: sunset(at, date=day, tzinfo=UTC)),
        civil_dawn=_or_none(lambda: dawn(at, date=day, tzinfo=STOCKHOLM, depression=_CIVIL)),
        civil_dusk=_or_none(lambda: dusk(at, date=day, tzinfo=UTC, depression=_CIVIL)),
    )


def _or_none(moment: Callable[[], datetime]) -> datetime | None:
    try:
        return moment().astimezone(STOCKHOLM)
    except (ValueError, OverflowError):  # "Sun never reaches 6 degrees below the horizon"; the calendar's last day
        return None


@lru_cache(4096)
def is_dark(at: datetime, lat: float, lon: float) -> bool:
    """After civil dusk and before civil dawn at that place."""
    # Kept: a list that is looked at asks of the same findings every few seconds.
    # The sun's height and no clock: a dusk after midnight made every noon near it dark.
    return elevation(Observer(latitude=lat, longitude=lon), at.astimezone(UTC), with_refraction=False) < -_CIVIL
