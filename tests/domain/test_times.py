"""Times: evenings over midnight and clock changes, office days, and when it is dark."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trygghetsvandring.domain.errors import Malformed
from trygghetsvandring.domain.times import (
    STOCKHOLM,
    NotAMoment,
    aware,
    evening_of,
    is_dark,
    is_working_day,
    read_on,
    sun,
    working_days_after,
)

LIDKOPING = (58.505, 13.158)
GAVLE = (60.675, 17.141)
FALUN = (60.607, 15.635)
LULEA = (65.584, 22.154)
KIRUNA = (67.856, 20.225)


def local(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM, fold=fold)


# ---------------------------------------------------------------- evenings


@pytest.mark.parametrize(
    ("at", "evening"),
    [
        ("2026-11-20T19:00", "2026-11-20"),
        ("2026-11-20T23:59", "2026-11-20"),
        ("2026-11-21T00:00", "2026-11-20"),
        ("2026-11-21T05:59", "2026-11-20"),
        ("2026-11-21T06:00", "2026-11-21"),
        ("2027-01-01T01:30", "2026-12-31"),
        ("2028-03-01T02:00", "2028-02-29"),
    ],
)
def test_a_walk_over_midnight_belongs_to_the_evening_it_began(at: str, evening: str) -> None:
    assert evening_of(local(at)) == date.fromisoformat(evening)


def test_an_evening_is_lidkopings_whatever_zone_the_phone_says() -> None:
    assert evening_of(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == date(2026, 7, 1)  # 00.30 in Lidköping
    assert evening_of(datetime(2026, 7, 2, 4, 30, tzinfo=UTC)) == date(2026, 7, 2)  # 06.30 in Lidköping


@pytest.mark.parametrize("fold", [0, 1])
def test_the_hour_that_comes_twice_in_october_is_the_same_evening_both_times(fold: int) -> None:
    assert evening_of(local("2026-10-25T02:30", fold)) == date(2026, 10, 24)


def test_the_night_that_lacks_an_hour_in_march_is_still_one_evening() -> None:
    start = local("2026-03-28T22:00").astimezone(UTC)
    hours = [evening_of(start + timedelta(hours=hour)) for hour in range(9)]

    # 22, 23, 00, 01, 03, 04, 05 belong to the 28th; 06 and 07 are morning.
    assert hours == [date(2026, 3, 28)] * 7 + [date(2026, 3, 29)] * 2


# ---------------------------------------------------------------- moments


@pytest.mark.parametrize("at", ["2026-11-20T19:00", "0001-01-01T00:00", "9999-12-31T23:59:59"])
def test_a_time_without_a_zone_is_refused_with_a_code(at: str) -> None:
    with pytest.raises(Malformed) as refused:
        aware(datetime.fromisoformat(at))

    assert refused.value.code == "malformed"


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_time_that_utc_cannot_hold_is_refused_with_a_code(at: str) -> None:
    with pytest.raises(NotAMoment):
        aware(datetime.fromisoformat(at))


@given(st.datetimes(timezones=st.timezones()))
def test_a_moment_stays_the_same_moment(at: datetime) -> None:
    try:
        kept = aware(at)
    except NotAMoment:
        return
    assert kept.utcoffset() == timedelta() and kept == at.astimezone(UTC)


# ---------------------------------------------------------------- office days


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-11-20", True),
        ("2026-11-21", False),  # Saturday
        ("2026-11-22", False),
        ("2026-01-06", False),  # trettondedag jul
        ("2026-04-03", False),  # långfredagen
        ("2026-04-06", False),  # annandag påsk
        ("2026-05-01", False),
        ("2026-05-14", False),  # Kristi himmelsfärd
        ("2026-06-19", False),  # midsommarafton
        ("2026-12-24", False),
        ("2026-12-25", False),
        ("2026-12-31", False),
        ("2026-12-30", True),
        ("2026-06-06", False),
    ],
)
def test_offices_are_closed_on_weekends_red_days_and_the_three_eves(day: str, works: bool) -> None:
    assert is_working_day(date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("received", "read"),
    [
        ("2026-11-18T14:59:59", "2026-11-18"),
        ("2026-11-18T15:00", "2026-11-19"),
        ("2026-11-18T00:05", "2026-11-18"),
        ("2026-11-20T21:00", "2026-11-23"),  # Friday evening: Monday
        ("2026-11-21T10:00", "2026-11-23"),  # Saturday morning
        ("2026-12-23T16:00", "2026-12-28"),  # before Christmas
        ("2026-12-30T15:00", "2027-01-04"),  # before New Year
        ("2026-04-02T20:00", "2026-04-07"),  # before Easter
        ("2026-06-18T20:00", "2026-06-22"),  # before midsummer
    ],
)
def test_what_comes_in_is_read_today_only_before_three(received: str, read: str) -> None:
    assert read_on(local(received)) == date.fromisoformat(read)


def test_three_o_clock_is_lidkopings_in_summer_and_in_winter() -> None:
    assert read_on(datetime(2026, 7, 1, 12, 59, tzinfo=UTC)) == date(2026, 7, 1)
    assert read_on(datetime(2026, 7, 1, 13, 0, tzinfo=UTC)) == date(2026, 7, 2)
    assert read_on(datetime(2026, 11, 18, 13, 59, tzinfo=UTC)) == date(2026, 11, 18)


@given(st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.integers(0, 30))
def test_a_deadline_of_some_working_days_has_just_so_many_between(day: date, count: int) -> None:
    due = working_days_after(day, count)

    between = [day + timedelta(days=n) for n in range(1, (due - day).days + 1)]
    assert sum(is_working_day(each) for each in between) == count
    assert count == 0 or is_working_day(due)


# ---------------------------------------------------------------- the sun


def test_on_the_evening_of_the_walk_the_sun_sets_before_four() -> None:
    day = sun(date(2026, 11, 20), *LIDKOPING)

    assert day.sunset is not None and day.civil_dusk is not None
    assert local("2026-11-20T15:37") <= day.sunset < local("2026-11-20T15:39")
    assert day.civil_dusk.strftime("%H.%M") == "16.25"
    assert day.civil_dusk.utcoffset() == timedelta(hours=1)


def test_at_midsummer_lidkoping_has_a_civil_dusk_before_midnight() -> None:
    day = sun(date(2026, 6, 20), *LIDKOPING)

    assert day.civil_dusk is not None
    assert day.civil_dusk.strftime("%H.%M") == "23.41"


@pytest.mark.parametrize("place", [GAVLE, LULEA], ids=["Gävle", "Luleå"])
def test_farther_north_it_never_gets_dark_at_midsummer(place: tuple[float, float]) -> None:
    day = sun(date(2026, 6, 20), *place)

    assert (day.civil_dusk, day.civil_dawn) == (None, None)
    hours = [local("2026-06-20T12:00") + timedelta(hours=hour) for hour in range(24)]
    assert not any(is_dark(at, *place) for at in hours)


def test_under_the_midnight_sun_nothing_rises_or_sets() -> None:
    day = sun(date(2026, 6, 20), *KIRUNA)

    assert (day.sunrise, day.sunset, day.civil_dawn, day.civil_dusk) == (None, None, None, None)


def test_a_dusk_after_midnight_belongs_to_the_evening_before() -> None:
    day = sun(date(2026, 6, 5), *FALUN)

    assert day.sunset is not None and day.civil_dusk is not None and day.civil_dawn is not None
    assert day.civil_dawn < day.sunset < day.civil_dusk
    assert day.civil_dusk.date() == date(2026, 6, 6) and day.civil_dusk.hour == 0


def test_a_sunset_after_midnight_belongs_to_the_evening_before() -> None:
    day = sun(date(2026, 6, 19), *LULEA)

    assert day.sunrise is not None and day.sunset is not None
    assert day.sunrise.date() == date(2026, 6, 19) and day.sunset.date() == date(2026, 6, 20)


@pytest.mark.parametrize("day", [date(2026, 6, 1) + timedelta(days=n) for n in range(0, 45, 4)])
@pytest.mark.parametrize("place", [LIDKOPING, FALUN, GAVLE, LULEA], ids=["Lidköping", "Falun", "Gävle", "Luleå"])
def test_it_is_never_dark_at_noon(place: tuple[float, float], day: date) -> None:
    assert not is_dark(datetime(day.year, day.month, day.day, 12, tzinfo=STOCKHOLM), *place)


@pytest.mark.parametrize("day", [date(2026, 11, 20), date(2026, 3, 29), date(2026, 10, 25), date(2026, 6, 5)])
@pytest.mark.parametrize("place", [LIDKOPING, FALUN], ids=["Lidköping", "Falun"])
def test_it_is_dark_from_dusk_to_dawn_and_only_then(place: tuple[float, float], day: date) -> None:
    dusk, dawn = sun(day, *place).civil_dusk, sun(day + timedelta(days=1), *place).civil_dawn
    assert dusk is not None and dawn is not None
    about = timedelta(minutes=5)  # near midsummer the sun moves along the horizon
    for at, dark in ((dusk, False), (dawn, True)):
        moment = at.astimezone(UTC)
        assert is_dark(moment - about, *place) is dark
        assert is_dark(moment + about, *place) is not dark


@given(
    st.dates(), st.floats(-90, 90, allow_nan=False), st.floats(-180, 180, allow_nan=False), st.integers(0, 24 * 60 - 1)
)
def test_the_sun_answers_for_any_day_and_place(day: date, lat: float, lon: float, minute: int) -> None:
    assert sun(day, lat, lon).date == day
    at = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=UTC)
    assert is_dark(at, lat, lon) in {True, False}


@pytest.mark.parametrize("day", [date.min, date.max])
@pytest.mark.parametrize("lon", [-180.0, 0.0, 180.0])
def test_the_calendars_first_and_last_days_have_an_answer_too(day: date, lon: float) -> None:
    assert sun(day, 58.0, lon).date == day
