"""Routing: the first rule that fits, why, by when, and what may be the same thing."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.finding_makers import CABINET, GOOD_LIGHT, LAMP, MUSIC, a_category
from tests.domain.task_makers import an_id
from trygghetsvandring.domain.departments import Organisation, OrganisationKind
from trygghetsvandring.domain.places import Place
from trygghetsvandring.domain.routing import (
    Kind,
    NoOwner,
    Route,
    Rule,
    Rules,
    Seen,
    Spot,
    broken_rules,
    near,
    route,
    spot_at,
)
from trygghetsvandring.domain.stops import Stop


def organisation(id: str, name: str, kind: OrganisationKind = OrganisationKind.MUNICIPAL) -> Organisation:
    return Organisation(id=id, name=name, kind=kind)


GATA = organisation("gata-park", "Gata och park")
FASTIGHET = organisation("fastighet", "Kommunens fastigheter")
BOSTADER = organisation("ab-bostader", "AB Bostäder", OrganisationKind.HOUSING_COMPANY)
SAMORDNING = organisation("samordning", "Trygghetssamordningen", OrganisationKind.COORDINATION)
POLISEN = organisation("polisen", "Polisen", OrganisationKind.POLICE)
ALL = (GATA, FASTIGHET, BOSTADER, SAMORDNING, POLISEN)

SCHOOL = Rule(id="skola", place_types=("skolgard",), department="fastighet", because="Skolgårdar sköter Fastighet.")
TUNNEL = Rule(
    id="tunnel",
    categories=("bel.trasig",),
    place_types=("gangtunnel",),
    department="gata-park",
    deadline_days=3,
    because="Tunnlar går före.",
)
HOUSES = Rule(id="hus", owners=("ab-bostader",), department="ab-bostader", because="Marken är AB Bostäders.")

SQUARE = ((13.0, 58.0), (14.0, 58.0), (14.0, 59.0), (13.0, 59.0))
FRIDAY = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)


def proposed(category: Any = LAMP, spot: Spot | None = None, **changes: Any) -> Route:
    facts: dict[str, Any] = {"severity": 1, "rules": (SCHOOL, TUNNEL, HOUSES), "organisations": ALL}
    facts |= {"received_at": FRIDAY} | changes
    facts["organisations"] = {it.id: it for it in facts["organisations"]}
    facts["rules"] = Rules(rules=facts["rules"], limits=facts.pop("limits", ()))
    return route(category, spot or Spot(), **facts)


@pytest.mark.parametrize("category", [MUSIC, GOOD_LIGHT, a_category("stamning", Kind.EXPERIENCE)])
def test_what_is_no_work_stays_with_the_coordination_whatever_the_rules_say(category: Any) -> None:
    everything = Rule(id="allt", department="gata-park", because="Allt är vårt.")
    kept = proposed(category, rules=(everything,))

    assert (kept.department, kept.rule) == ("samordning", "never_a_task")
    assert "blir ingen åtgärd" in kept.because


def test_the_first_rule_that_fits_decides_and_says_why() -> None:
    at_school = proposed(spot=Spot(place_type="skolgard", owner="ab-bostader"))

    assert (at_school.department, at_school.rule) == ("fastighet", "skola")
    assert at_school.reason == "Skolgårdar sköter Fastighet. Tid: 10 arbetsdagar."


def test_every_condition_a_rule_names_must_hold() -> None:
    assert proposed(spot=Spot(place_type="gangtunnel")).rule == "tunnel"
    assert proposed(CABINET, Spot(place_type="gangtunnel")).rule == "category"
    assert proposed(spot=Spot(place_type="park")).rule == "category"


@pytest.mark.parametrize(
    ("condition", "fitting", "other"),
    [
        ({"tiles": ("ljus",)}, (LAMP, Spot()), (CABINET, Spot())),
        ({"kinds": (Kind.MAINTENANCE,)}, (a_category("klotter", Kind.MAINTENANCE), Spot()), (LAMP, Spot())),
        ({"areas": ("Järpås",)}, (LAMP, Spot(area="Järpås")), (LAMP, Spot(area="Tun"))),
        ({"owners": ("x",)}, (LAMP, Spot(owner="x")), (LAMP, Spot())),
        ({"categories": ("el",)}, (CABINET, Spot()), (LAMP, Spot())),
        ({"place_types": ("torg",)}, (LAMP, Spot(place_type="torg")), (LAMP, Spot(place_type="park"))),
        ({"answers": ("ingang",)}, (LAMP, Spot(answer="ingang")), (LAMP, Spot())),
        ({"severities": (1,)}, (LAMP, Spot()), (LAMP, Spot(), 2)),
        ({"polygon": (SQUARE,)}, (LAMP, Spot(point=(58.5, 13.5))), (LAMP, Spot(point=(58.5, 14.5)))),
        ({"polygon": (SQUARE,)}, (LAMP, Spot(point=(58.5, 13.5))), (LAMP, Spot())),
    ],
)
def test_a_rule_asks_for_each_of_what_it_may_know(condition: Any, fitting: Any, other: Any) -> None:
    rule = Rule(id="r", department="fastighet", because="Så är det.", **condition)

    assert proposed(*fitting, rules=(rule,)).rule == "r"
    assert proposed(*other[:2], rules=(rule,), severity=(*other, 1)[2]).rule == "category"


def test_without_a_rule_the_categorys_own_owner_is_proposed() -> None:
    usual = proposed(spot=Spot(place_type="park"))

    assert (usual.department, usual.reason) == (
        "gata-park",
        "Gata och park sköter oftast sådant här. Tid: 10 arbetsdagar.",
    )


def test_nothing_is_left_without_an_owner() -> None:
    caught = proposed(a_category(default_department=None))

    assert (caught.department, caught.rule) == ("samordning", "last_resort")
    assert caught.reason.startswith("Ingen regel passar. Trygghetssamordningen avgör")


def test_a_municipality_without_coordination_is_told_that_its_data_is_broken() -> None:
    with pytest.raises(NoOwner):
        proposed(a_category(default_department=None), organisations=(GATA,))


# ---------------------------------------------------------------- by when


def by_when(received: datetime, days: int, **changes: Any) -> date:
    return proposed(a_category(deadline_days=days), received_at=received, **changes).due_on


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        (datetime(2026, 11, 20, 21, 0, tzinfo=UTC), 1, date(2026, 11, 23)),  # over a weekend
        (datetime(2026, 12, 22, 12, 0, tzinfo=UTC), 2, date(2026, 12, 28)),  # Christmas Eve is no working day
        (datetime(2026, 12, 30, 12, 0, tzinfo=UTC), 1, date(2027, 1, 4)),  # nor New Year's Eve
        (datetime(2027, 1, 5, 12, 0, tzinfo=UTC), 1, date(2027, 1, 7)),  # Epiphany
        (datetime(2026, 4, 2, 12, 0, tzinfo=UTC), 1, date(2026, 4, 7)),  # Easter
        (datetime(2026, 5, 13, 12, 0, tzinfo=UTC), 1, date(2026, 5, 15)),  # Ascension
        (datetime(2026, 6, 18, 12, 0, tzinfo=UTC), 1, date(2026, 6, 22)),  # Midsummer
        (datetime(2026, 6, 5, 12, 0, tzinfo=UTC), 1, date(2026, 6, 8)),  # National Day on a Saturday
        (datetime(2026, 11, 20, 23, 30, tzinfo=UTC), 0, date(2026, 11, 21)),  # already Saturday in Sweden
    ],
)
def test_a_deadline_counts_swedish_working_days(received: datetime, days: int, due: date) -> None:
    assert by_when(received, days) == due


def test_a_rules_own_deadline_goes_before_the_categorys() -> None:
    quick = proposed(spot=Spot(place_type="gangtunnel"))

    assert quick.due_on == date(2026, 11, 25)
    assert quick.reason == "Tunnlar går före. Tid: 3 arbetsdagar."


def test_danger_is_the_same_day_whatever_the_category_allows() -> None:
    danger = proposed(severity=3, spot=Spot(place_type="gangtunnel"))

    assert danger.due_on == date(2026, 11, 20)
    assert danger.reason == "Tunnlar går före. Fara: samma dag."


def test_a_category_without_a_deadline_has_the_usual_ten_days() -> None:
    assert proposed(a_category(deadline_days=None)).due_on == date(2026, 12, 4)
    assert proposed(a_category(deadline_days=1)).reason.endswith("Tid: 1 arbetsdag.")
    assert proposed(a_category(deadline_days=0)).reason.endswith("Tid: samma dag.")


# ---------------------------------------------------------------- where

TUNNEL_PLACE = Place(
    id="tunnel", name="Tunneln", area="Lidköping", place_type="gangtunnel", lat=58.495, lon=13.176, owner="gata-park"
)
FARM = Place(id="tun", name="Tun", area="Tun", place_type="centrum", lat=58.407, lon=12.759)


def a_stop(**changes: Any) -> Stop:
    facts: dict[str, Any] = {"id": an_id(1), "number": 1, "name": "Stopp", "place": "tunnel", "lat": 58.5, "lon": 13.2}
    return Stop(**(facts | {"place_type": "skolgard", "radius_m": 40, "template": "skolgard"} | changes))


def test_a_stop_says_its_type_and_its_place_says_the_rest() -> None:
    places = (TUNNEL_PLACE, FARM)

    at: dict[str, Any] = {"place_type": "skolgard", "point": (58.5, 13.2)}
    assert spot_at(places, a_stop(), None) == Spot(**at, area="Lidköping", owner="gata-park")
    assert spot_at(places, a_stop(place=None), None) == Spot(**at)


def test_between_stops_the_nearest_place_speaks_if_it_is_near_enough() -> None:
    places = (TUNNEL_PLACE, FARM)

    near_by, apart = (58.4951, 13.1761), (58.497, 13.176)
    assert spot_at(places, None, near_by) == Spot(
        place_type="gangtunnel", area="Lidköping", owner="gata-park", point=near_by
    )
    assert spot_at(places, None, apart) == Spot(area="Lidköping", point=apart)
    assert spot_at(places, None, None) == Spot()


# ---------------------------------------------------------------- near


def seen(n: int, north_m: float = 0, **changes: Any) -> Seen:
    facts: dict[str, Any] = {"tile": "ljus", "radius_m": 8, "lat": 58.495 + north_m / 111_195, "lon": 13.176}
    return Seen(id=an_id(n), **(facts | changes))


def test_two_lamps_twelve_metres_apart_are_two_lamps() -> None:
    assert near(seen(1), [seen(2, north_m=12)]) == []


def test_the_same_lamp_from_both_sides_is_suggested_nearest_first() -> None:
    found = near(seen(1), [seen(2, north_m=6), seen(3, north_m=-3)])

    assert [(each.id, each.distance_m) for each in found] == [(an_id(3), 3), (an_id(2), 6)]


def test_the_smaller_radius_of_the_two_holds() -> None:
    dark_tunnel = seen(2, north_m=12, radius_m=40)

    assert near(seen(1), [dark_tunnel]) == []
    assert near(dark_tunnel, [seen(1)]) == []
    assert len(near(seen(3, radius_m=40), [dark_tunnel])) == 1


def test_what_is_of_another_group_is_never_the_same_thing() -> None:
    assert near(seen(1), [seen(2, tile="skrap")]) == []


def test_nothing_is_near_itself() -> None:
    assert near(seen(1), [seen(1)]) == []


@given(metres=st.floats(0, 60), mine=st.integers(1, 60), its=st.integers(1, 60))
def test_near_is_the_same_from_both_sides(metres: float, mine: int, its: int) -> None:
    one, other = seen(1, radius_m=mine), seen(2, north_m=metres, radius_m=its)

    assert bool(near(one, [other])) == bool(near(other, [one]))


# ---------------------------------------------------------------- broken data


def test_rules_that_would_fail_on_the_evening_are_found_beforehand() -> None:
    rules = (
        Rule(id="a", department="polisen", because="Fel."),
        Rule(id="b", department="gata-park", categories=("finns.inte",), because="Fel."),
    )

    assert broken_rules([LAMP, a_category("x", default_department="ingen")], rules, (GATA, POLISEN)) == [
        "category x: ingen cannot own a task",
        "rule a: polisen cannot own a task",
        "rule b: unknown category finns.inte",
        "no coordination to catch what no rule fits",
    ]


@pytest.mark.parametrize("kind", OrganisationKind)
def test_social_services_police_shops_and_associations_own_no_tasks(kind: OrganisationKind) -> None:
    outside = {OrganisationKind.SOCIAL, OrganisationKind.POLICE, OrganisationKind.SHOP, OrganisationKind.ASSOCIATION}

    assert organisation("x", "X", kind).owns_tasks == (kind not in outside)
