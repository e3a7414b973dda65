"""Deadlines in Swedish working days, said so that the reader can count them; order from where a thing was seen."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.finding_makers import a_category
from trygghetsvandring.domain.darkness import SwitchOff, is_sound, lamp_hint, switched_off
from trygghetsvandring.domain.deadlines import Limit, days_in, deadline
from trygghetsvandring.domain.due_dates import due_dates, promised
from trygghetsvandring.domain.priorities import CAME_WITH_US, Precedence, Priority, lamps_in_row, weigh
from trygghetsvandring.domain.routing import Route, Rules
from trygghetsvandring.domain.times import is_working_day


@pytest.mark.parametrize(
    ("received", "days", "due", "words"),
    [
        (date(2026, 11, 20), 3, date(2026, 11, 25), "Tid: 3 arbetsdagar."),
        (date(2026, 4, 1), 3, date(2026, 4, 8), "Långfredagen och Annandag påsk räknas inte."),
        (date(2026, 6, 18), 1, date(2026, 6, 22), "Midsommarafton räknas inte."),
        (date(2026, 10, 30), 1, date(2026, 11, 2), "Tid: 1 arbetsdag."),  # alla helgons dag is always a Saturday
        (date(2026, 5, 13), 2, date(2026, 5, 18), "Kristi himmelsfärdsdag räknas inte."),  # the klämdag counts
        (date(2027, 5, 5), 1, date(2027, 5, 7), "Kristi himmelsfärdsdag räknas inte."),
        (date(2026, 12, 22), 8, date(2027, 1, 8), "5 helgdagar räknas inte."),
        (date(2026, 11, 20), 0, date(2026, 11, 20), "Tid: samma dag."),
    ],
)
def test_a_deadline_names_the_red_days_it_stepped_over(received: date, days: int, due: date, words: str) -> None:
    found = deadline(received, days)

    assert found.due_on == due
    assert found.words.endswith(words)


@pytest.mark.parametrize("bridge", [date(2026, 5, 15), date(2026, 1, 2), date(2026, 1, 5), date(2024, 6, 7)])
def test_a_bridge_day_is_a_working_day(bridge: date) -> None:
    assert is_working_day(bridge)


@given(received=st.dates(date(2020, 1, 1), date(2040, 1, 1)), days=st.integers(0, 60))
def test_a_deadline_is_so_many_working_days_on_and_never_a_red_one(received: date, days: int) -> None:
    due = deadline(received, days).due_on
    between = [date.fromordinal(n) for n in range(received.toordinal() + 1, due.toordinal() + 1)]

    assert sum(is_working_day(day) for day in between) == days
    assert days == 0 or is_working_day(due)


def test_the_first_row_of_the_table_that_fits_says_how_long() -> None:
    table = (Limit(categories=("el",), days=0), Limit(tiles=("ljus",), priorities=(1,), days=2), Limit(days=15))

    assert days_in(table, "el", "fara", 3) == 0
    assert days_in(table, "bel.trasig", "ljus", 1) == 2
    assert days_in(table, "bel.trasig", "ljus", 2) == 15
    assert days_in(table[:2], "bel.trasig", "ljus", 2) is None


def test_every_priority_has_its_day_with_why_and_none_lies_behind_us() -> None:
    lamp = a_category("bel", name="Trasig lampa", tile="ljus", deadline_days=20)
    table = Rules(limits=(Limit(tiles=("ljus",), priorities=(1,), days=3), Limit(priorities=(2,), days=10)))
    came = date(2026, 12, 18)

    found = due_dates(lamp, "category", table, severity=1, received_on=came, today=came)
    late = due_dates(lamp, "category", table, severity=1, received_on=came, today=date(2027, 1, 8))
    danger = due_dates(lamp, "category", table, severity=3, received_on=came, today=came)

    assert [(it.due_on.isoformat(), it.days) for it in found] == [
        ("2026-12-23", 3),
        ("2027-01-08", 10),
        ("2027-01-22", 20),
    ]
    assert found[0].why == "3 arbetsdagar, Trasig lampa, genast."
    assert found[1].why == "10 arbetsdagar, Trasig lampa, snart. 5 helgdagar räknas inte."
    assert [it.due_on.isoformat() for it in late] == ["2027-01-13", "2027-01-08", "2027-01-22"]
    assert late[0].why == "3 arbetsdagar, Trasig lampa, genast, räknat från i dag."
    assert {it.due_on for it in danger} == {came}


# ---------------------------------------------------------------- order


def level(
    place_type: str = "park",
    severity: int | None = None,
    dark_lamps: int = 1,
    table: tuple[Precedence, ...] = CAME_WITH_US,
) -> Priority:
    return weigh(table, tile="ljus", place_type=place_type, severity=severity, dark_lamps=dark_lamps)


def test_tunnels_crossings_children_and_rows_of_dark_lamps_go_first_and_say_why() -> None:
    assert level("gangtunnel") == Priority(level=1, because="Det är mörkt i en gångtunnel.")
    assert level("overgangsstalle").level == 1
    assert level("lekplats", severity=2) == Priority(level=1, because="Barn är ofta här.")
    assert level(dark_lamps=3) == Priority(level=1, because="Minst tre lampor i rad är släckta.")
    assert level(dark_lamps=2) == Priority(level=2, because="")
    assert level("lekplats", severity=1).level == 3
    assert level("gangtunnel", table=()) == Priority(level=2, because="")  # the table is the municipality's


def north(metres: float) -> tuple[float, float]:
    return (58.495 + metres / 111_195, 13.176)


def test_lamps_in_a_row_are_those_that_hang_together_counted_once_each() -> None:
    assert lamps_in_row(north(0), [north(30), north(60), north(300)]) == 3
    assert lamps_in_row(north(60), [north(0), north(30)]) == 3
    assert lamps_in_row(north(0), [north(3), north(-2)]) == 1  # three who saw the same lamp
    assert lamps_in_row(north(0), [north(50), north(100), north(150)]) == 4  # along the path, not round the first
    assert lamps_in_row(north(0), []) == 1


# ---------------------------------------------------------------- lamps that ought to be off

SUMMER = SwitchOff(first="05-15", last="08-10", because="Gatubelysningen är släckt på sommaren.")
NIGHT = SwitchOff(
    areas=("Tun",), first="11-01", last="03-31", starts="23:30", ends="05:00", because="I Tun släcks det 23.30."
)
LIDKOPING = (58.5, 13.16)


@pytest.mark.parametrize(
    ("at", "area", "off"),
    [
        (datetime(2026, 7, 1, 21, 0, tzinfo=UTC), "Lidköping", SUMMER),
        (datetime(2026, 8, 10, 21, 0, tzinfo=UTC), "Lidköping", SUMMER),  # the last evening is one too
        (datetime(2026, 8, 10, 22, 30, tzinfo=UTC), "Lidköping", None),  # already the eleventh in Sweden
        (datetime(2026, 12, 1, 22, 29, tzinfo=UTC), "Tun", None),
        (datetime(2026, 12, 1, 22, 30, tzinfo=UTC), "Tun", NIGHT),
        (datetime(2027, 1, 2, 3, 59, tzinfo=UTC), "Tun", NIGHT),
        (datetime(2027, 1, 2, 4, 0, tzinfo=UTC), "Tun", None),
        (datetime(2026, 12, 1, 23, 0, tzinfo=UTC), "Lidköping", None),
    ],
)
def test_the_calendar_goes_over_midnight_and_new_year_by_tatort(at: datetime, area: str, off: SwitchOff | None) -> None:
    assert switched_off((SUMMER, NIGHT), area, at) == off


def test_a_lamp_seen_dark_by_day_or_when_it_is_off_may_be_as_it_should() -> None:
    dusk, noon = datetime(2026, 11, 20, 18, 0, tzinfo=UTC), datetime(2026, 11, 20, 11, 0, tzinfo=UTC)

    assert lamp_hint((NIGHT,), area="Lidköping", at=dusk, point=LIDKOPING) == ""
    assert "inte mörkt" in lamp_hint((NIGHT,), area="Lidköping", at=noon, point=LIDKOPING)
    assert lamp_hint((NIGHT,), area="Lidköping", at=noon, point=None) == ""
    off = lamp_hint((SUMMER,), area="Lidköping", at=datetime(2026, 7, 1, 22, 30, tzinfo=UTC), point=LIDKOPING)
    assert off == "Lampan ska kanske vara släckt. Gatubelysningen är släckt på sommaren."


@pytest.mark.parametrize(
    "changes",
    [
        {"first": "15-05"},
        {"first": "02-30"},
        {"last": "04-31"},
        {"last": ""},
        {"starts": "23.30"},
        {"ends": ""},
    ],
)
def test_a_row_of_the_calendar_that_nobody_can_read_is_a_fault(changes: dict[str, str]) -> None:
    row = {"first": "11-01", "last": "03-31", "starts": "23:30", "ends": "05:00", "because": "Natt."}

    assert is_sound(SwitchOff(**row))  # type: ignore[arg-type]
    assert not is_sound(SwitchOff(**(row | changes)))  # type: ignore[arg-type]


def test_the_day_that_was_promised_comes_with_its_own_reason() -> None:
    received, today = date(2026, 11, 20), date(2026, 11, 24)
    now = due_dates(None, "", Rules(), severity=2, received_on=received, today=today)
    way = Route(
        department="gata-park",
        rule="lampor",
        book=1,
        because="Lampor sköter de.",
        days=3,
        due_on=date(2026, 11, 25),
        time_because="Tid: 3 arbetsdagar.",
        priority=2,
        priority_because="",
    )

    said = {it.priority: (it.due_on, it.days, it.why) for it in promised(now, way, today)}
    assert said[2] == (way.due_on, 3, "Tid: 3 arbetsdagar.")
    assert {it.priority: (it.due_on, it.days, it.why) for it in now if it.priority != 2}.items() <= said.items()
    assert promised(now, replace(way, due_on=date(2026, 11, 23)), today) == list(now)  # it has gone
