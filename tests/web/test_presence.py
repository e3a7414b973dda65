"""The wall round the log: who sees entries, who sees sums, and who does not learn that there is a log at all."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.web.field_teams import EVENING, OTHER_TEAM, House
from trygghetsvandring.demo import seed
from trygghetsvandring.domain.people import Role

pytest_plugins = ["tests.web.field_houses"]

SUMS, PASSES = "/api/presence/sums", "/api/presence/passes"
WEEK = f"{SUMS}?from=2026-11-16&to=2026-11-22"
OUTSIDE = [
    (Role.HANDLER, "gata-park"),
    (Role.DEPARTMENT_HEAD, "gata-park"),
    (Role.SHOP, "butik-torget"),
    (Role.POLICE, "polisen"),
]


async def a_logged_evening(house: House) -> None:
    team = await house.team()
    await team.opens_pass()
    await team.logs(band="16-30", mood="lively")
    await team.logs(band="1-5", mood="threatening", substances=None)
    await team.logs(area="Örslösa", place=None, band="1-5", mood="uneasy", substances=None)
    await team.logs(area="Råda", place="rada-badplats", band="0")
    await team.logs(area="Tun", place=None, band="31+", mood="uneasy", substances=None)


def by_cell(answer: Any) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["area"], row["evening"]): row for row in answer.json()["rows"]}


async def test_the_coordinator_sees_sums_by_area_and_evening_under_the_released_rule(house: House) -> None:
    await a_logged_evening(house)

    answer = await (await house.coordinator()).get(WEEK)

    assert answer.status_code == 200
    assert answer.json()["released"] == {"by": "Enhetschef, Social välfärd", "on": "2026-11-02"}
    rows = by_cell(answer)
    said = {
        area: (row["passes"], row["people"], row["moods"])
        for (area, evening), row in rows.items()
        if evening == EVENING
    }
    assert said == {
        "Lidköping": (1, "16–30", {"lively": 1}),
        "Örslösa": (1, "färre än 5", None),
        "Råda": (1, "0", {"calm": 1}),
        "Tun": (1, "visas inte", None),
        "Järpås": (0, "–", None),
    }
    assert (
        rows["Lidköping", "2026-11-16"] | {"passes": 0, "people": "–", "moods": None} == rows["Lidköping", "2026-11-16"]
    )


async def test_a_row_holds_its_five_facts_and_nothing_else(house: House) -> None:
    await a_logged_evening(house)

    answer = await (await house.coordinator()).get(WEEK)

    assert {tuple(sorted(row)) for row in answer.json()["rows"]} == {("area", "evening", "moods", "passes", "people")}
    assert "nya-stadens-torg" not in answer.text and "socialtjansten" not in answer.text


async def test_evenings_that_have_not_been_have_no_row(house: House) -> None:
    rows = by_cell(await (await house.coordinator()).get(WEEK))

    assert {evening for _, evening in rows} == {f"2026-11-{day}" for day in range(16, 21)}


@pytest.mark.parametrize("days", [None, 1])
async def test_without_a_rule_in_force_not_even_the_existence_of_a_log_shows(house: House, days: int | None) -> None:
    await a_logged_evening(house)
    rule = seed.lidkoping().presence_release
    assert rule is not None
    later = None if days is None else replace(rule, on=house.now.date() + timedelta(days=days))
    await house.settles(presence_release=later)

    answer = await (await house.coordinator()).get(WEEK)

    assert answer.json() == {"released": None, "rows": []}


@pytest.mark.parametrize(("role", "organisation"), OUTSIDE)
@pytest.mark.parametrize("path", [SUMS, PASSES])
async def test_everybody_outside_gets_404_as_for_what_does_not_exist(
    house: House, role: Role, organisation: str, path: str
) -> None:
    await a_logged_evening(house)
    desk = await house.somebody(role, organisation)

    answer, nothing = await desk.get(path), await desk.get("/api/nothing/here")

    assert answer.status_code == nothing.status_code == 404
    assert answer.json() == nothing.json()


@pytest.mark.parametrize("path", [SUMS, PASSES])
async def test_a_volunteers_phone_gets_404_and_a_stranger_is_asked_to_sign_in(house: House, path: str) -> None:
    assert (await (await house.walker()).get(path)).status_code == 404
    assert (await house.http.get(path)).status_code == 401


async def test_the_coordinator_never_reaches_the_log_itself(house: House) -> None:
    assert (await (await house.coordinator()).get(PASSES)).status_code == 404


async def test_the_field_secretary_reads_the_log_and_not_the_coordinators_sums(house: House) -> None:
    await a_logged_evening(house)
    team = await house.team()

    (one,) = (await team.get(PASSES)).json()["passes"]

    assert (one["evening"], one["adults"], len(one["entries"])) == (EVENING, 2, 5)
    assert {entry["area"] for entry in one["entries"]} == {"Lidköping", "Örslösa", "Råda", "Tun"}
    assert (await team.get(SUMS)).status_code == 404


async def test_one_organisation_never_reads_anothers_passes(house: House) -> None:
    await a_logged_evening(house)
    neighbours = await house.team(OTHER_TEAM)
    own = await neighbours.opens_pass(adults=4)

    found = (await neighbours.get(PASSES)).json()["passes"]

    assert [(one["id"], one["entries"]) for one in found] == [(str(own), [])]


async def test_another_week_holds_other_passes(house: House) -> None:
    await a_logged_evening(house)
    team = await house.team()

    assert (await team.get(f"{PASSES}?from=2026-11-09")).json() == {"passes": []}
    assert len((await team.get(f"{PASSES}?from={EVENING}&to={EVENING}")).json()["passes"]) == 1


@pytest.mark.parametrize("asked", ["from=igår", "from=2026-11-22&to=2026-11-16", "from=2026-01-01&to=2026-12-31"])
async def test_a_period_that_cannot_be_is_refused_in_words(house: House, asked: str) -> None:
    answer = await (await house.coordinator()).get(f"{SUMS}?{asked}")

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_parameter")


async def test_hours_by_area_and_month_cross_under_the_same_rule_and_only_to_the_coordinator(house: House) -> None:
    await a_logged_evening(house)
    desk = await house.coordinator()

    answer = (await desk.get("/api/presence/hours?year=2026")).json()
    rows = {(row["area"], row["month"]): row for row in answer["rows"]}
    assert (answer["months"][0], answer["months"][-1]) == ("2026-01-01", "2026-11-01")
    assert rows["Lidköping", "2026-11-01"] | {"evenings": 1, "hours": None} == rows["Lidköping", "2026-11-01"]
    assert rows["Tun", "2026-11-01"] | {"evenings": 1, "is_hidden": True} == rows["Tun", "2026-11-01"]
    assert rows["Järpås", "2026-11-01"]["evenings"] == rows["Lidköping", "2026-10-01"]["evenings"] == 0
    assert (await desk.get("/api/presence/hours?year=2027")).json()["rows"] == []
    await house.settles(presence_release=None)
    answer = (await desk.get("/api/presence/hours?year=2026")).json()
    assert answer == {"released": None, "year": 2026, "months": [], "rows": []}
