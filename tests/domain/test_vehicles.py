"""Motorburen problematik week by week: coarse places, evenings somebody looked, intervals, and never why."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.domain.test_est_picture import FRIDAY, HERE, TORGET, WEEK, a_walk, seen
from trygghetsvandring.domain.est_events import PartnerCount, Sources, Vehicle, VehicleBand
from trygghetsvandring.domain.est_picture import Trend
from trygghetsvandring.domain.est_week import EstNotPossible, EstWeek, counted
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.period_picture import WeekFound
from trygghetsvandring.domain.presence import Band
from trygghetsvandring.domain.vehicles import Sort, VehicleSpot, VehicleWeek, vehicle_weeks

STRETCH = HERE.stretches[2]
MOPEDS = VehicleBand(vehicle=Vehicle.MOPED, band=Band.SOME)


def told(n: int = 3, category: str = "motor", place: str | None = "nya-stadens-torg", **facts: Any) -> PartnerCount:
    who: dict[str, Any] = {"party": "polisen", "told_by": "Kommunpolis", "area": "Lidköping"}
    who |= {"told_on": date(2026, 11, 20)}
    when: dict[str, Any] = {"evening": facts.pop("evening", date(2026, 11, 20)), "hour": 23}
    return PartnerCount(id=uuid7(), place=place, category=category, n=n, **who, **when, **facts)


def drawn(now: Sources, before: Sources | None = None) -> VehicleWeek:
    last = WeekFound(week=WEEK.after(-1), found=before or Sources())
    (week,) = vehicle_weeks([last, WeekFound(week=WEEK, found=now)], HERE)
    return week


def spot(week: VehicleWeek, place: str) -> VehicleSpot:
    (found,) = [it for it in week.spots if place in (it.where.place, it.where.stretch, it.where.area)]
    return found


def test_only_what_is_about_vehicles_is_there_by_its_sort_with_place_and_hour() -> None:
    walk = a_walk()
    found = [seen(walk, category=code) for code in ("trafik.fart", "motor.musik", "ljud.musik", "skrap")]
    week = drawn(Sources(walks=[walk], findings=found, counts=[told(2, "motor.samling"), told(1)]))

    assert (week.total, week.evenings) == (5, 1)
    there = spot(week, TORGET)
    assert {it.sort: it.n for it in there.sorts} == {Sort.MUSIC: 1, Sort.SPEED: 1, Sort.GATHERING: 2, Sort.OTHER: 1}
    assert {(it.evening, it.block) for it in there.when} == {(date(2026, 11, 20), 20), (date(2026, 11, 20), 22)}


def test_a_place_is_coarse_and_a_name_that_somebody_gave_a_stop_is_on_no_map() -> None:
    walk = a_walk()
    stop = replace(walk.stops[0], place=None, name="Bakom garaget hos familjen", lat=58.5031, lon=13.1601)
    odd = replace(walk, stops=(stop,))
    week = drawn(Sources(walks=[odd], findings=[seen(odd, category="motor")], counts=[told()]))

    assert {it.where.place for it in week.spots} == {"", TORGET}
    assert all(round(lat, 3) == lat and round(lon, 3) == lon for it in week.spots for lat, lon in it.line)
    assert [it.line for it in week.spots if not it.where.place] == [()]


def test_intervals_are_never_added_and_a_route_is_the_municipality_s_own() -> None:
    many = VehicleBand(vehicle=Vehicle.MOPED, band=Band.MANY)
    on: dict[str, Any] = {"place": None, "stretch": STRETCH.id}
    week = drawn(Sources(counts=[told(vehicles=(MOPEDS,), **on), told(vehicles=(many,), **on)]))

    route = spot(week, STRETCH.name)
    assert route.vehicles == (many,)
    assert len(route.line) == len(STRETCH.line)


def test_what_nobody_looked_for_has_neither_come_nor_gone() -> None:
    walked, before = a_walk(), a_walk(FRIDAY - timedelta(days=7))
    earlier = told(4, evening=date(2026, 11, 13))

    def how(now: Sources, then: Sources) -> tuple[Trend, int | None, int | None]:
        it = spot(drawn(now, then), TORGET)
        return it.trend, it.before, it.n

    assert how(Sources(), Sources(counts=[earlier])) == (Trend.NOT_LOOKED, 4, None)
    assert how(Sources(walks=[walked]), Sources(counts=[earlier])) == (Trend.GONE, 4, 0)
    assert how(Sources(counts=[told()]), Sources()) == (Trend.FIRST_LOOK, None, 3)
    assert how(Sources(counts=[told()]), Sources(walks=[before])) == (Trend.NEW, 0, 3)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (told(category="skrap", vehicles=(MOPEDS,)), "category"),
        (told(vehicles=(MOPEDS, MOPEDS)), "number"),
        (told(vehicles=(replace(MOPEDS, band=Band.NONE),)), "number"),
        (told(place=None, stretch="ingenstans"), "place"),
        (told(stretch=STRETCH.id), "place"),
    ],
)
def test_vehicles_are_intervals_of_what_is_about_vehicles(wrong: PartnerCount, reason: str) -> None:
    week = EstWeek(id=uuid7(), version=1, week=str(WEEK))
    with pytest.raises(EstNotPossible) as refused:
        counted(week, wrong, HERE, date(2026, 11, 22))
    assert refused.value.facts["reason"] == reason
    assert counted(week, told(vehicles=(MOPEDS,)), HERE, date(2026, 11, 22)).counts[0].vehicles == (MOPEDS,)
