"""The team's log through the one door: passes, entries and corrections, and who gets to know."""

from typing import Any

import pytest
from sqlalchemy import select

from tests.web.field_teams import EVENING, FRIDAY, OTHER_TEAM, TEAM, House, a_place, own_pass
from trygghetsvandring.domain.ids import pass_id, uuid7
from trygghetsvandring.domain.people import Role
from trygghetsvandring.storage.tables import versions

pytest_plugins = ["tests.web.field_houses"]


async def test_an_entry_is_taken_with_a_receipt_that_says_when_it_is_read(house: House) -> None:
    team = await house.team()
    id = uuid7()

    opened, logged = await team.push(
        ("presence.pass", own_pass(), {"evening": EVENING, "kind": "field_shift", "adults": 2}),
        ("presence.log", id, a_place()),
    )

    assert (opened["outcome"], logged["outcome"], logged["version"]) == ("applied", "applied", 1)
    assert logged["receipt"]["number"].startswith("LK-")
    assert logged["receipt"]["read_on"] == "2026-11-23"


async def test_the_whole_team_gets_the_log_of_the_pass_and_nobody_else_does(house: House) -> None:
    logger, mate = await house.team(), await house.team()
    neighbours, coordinator = await house.team(OTHER_TEAM), await house.coordinator()
    await logger.opens_pass()
    id = await logger.logs(minutes=15, ages=["16_18", "13_15", "16_18"])

    assert (await mate.pulled("pass"))[str(own_pass())] == {
        "id": str(own_pass()),
        "version": 1,
        "evening": EVENING,
        "kind": "field_shift",
        "organisation": TEAM,
        "adults": 2,
    }
    entry = (await mate.pulled("presence"))[str(id)]
    assert entry.pop("logged_at") == entry.pop("at") == "2026-11-20T20:40:00Z"
    said = {name: value for name, value in a_place().items() if name != "at"}
    assert entry == said | {
        "id": str(id),
        "version": 1,
        "pass": str(own_pass()),
        "minutes": 15,
        "ages": ["13_15", "16_18"],
    }
    for outside in (neighbours, coordinator, await house.walker(), await house.somebody(Role.HANDLER, "gata-park")):
        assert await outside.pulled("presence") == await outside.pulled("pass") == {}


async def test_two_phones_open_one_pass_and_the_second_forgets_nothing(house: House) -> None:
    first, second = await house.team(), await house.team()
    await first.opens_pass(adults=2)

    await second.opens_pass(adults=None)
    assert (await second.pulled("pass"))[str(own_pass())]["adults"] == 2

    await second.opens_pass(adults=3)
    assert (await first.pulled("pass"))[str(own_pass())] | {"version": 2, "adults": 3} == (await first.pulled("pass"))[
        str(own_pass())
    ]


@pytest.mark.parametrize(
    "entity", [uuid7(), own_pass(organisation=OTHER_TEAM), own_pass("2026-11-21"), pass_id(TEAM, EVENING, "night_walk")]
)
async def test_a_pass_with_another_id_than_its_own_is_refused(house: House, entity: Any) -> None:
    team = await house.team()

    (outcome,) = await team.push(("presence.pass", entity, {"evening": EVENING, "kind": "field_shift"}))

    assert (outcome["outcome"], outcome["code"]) == ("rejected", "pass_differs")


async def test_an_entry_waits_for_its_pass_and_is_taken_when_it_comes(house: House) -> None:
    team, id = await house.team(), uuid7()

    (waiting,) = await team.push(("presence.log", id, a_place()))
    assert (waiting["outcome"], waiting["code"]) == ("deferred", "missing")

    await team.opens_pass()
    assert str(id) in await team.pulled("presence")


@pytest.mark.parametrize("is_out", [True, False])
async def test_another_teams_pass_is_refused_alike_whether_they_were_out_or_not(house: House, is_out: bool) -> None:
    spy, team = await house.team(OTHER_TEAM), await house.team()
    if is_out:
        await team.opens_pass()

    (outcome,) = await spy.push(("presence.log", uuid7(), a_place(pass_=own_pass())))

    assert (outcome["outcome"], outcome["code"], outcome["facts"]) == (
        "rejected",
        "pass_differs",
        {"evening": EVENING},
    )


@pytest.mark.parametrize("exists", [True, False])
async def test_another_teams_entry_answers_as_one_that_does_not_exist(house: House, exists: bool) -> None:
    spy, team = await house.team(OTHER_TEAM), await house.team()
    await team.opens_pass()
    id = await team.logs() if exists else uuid7()

    (outcome,) = await spy.push(("presence.correct", id, {"band": "0"}))

    assert (outcome["outcome"], outcome["code"], outcome["facts"]) == (
        "deferred",
        "missing",
        {"kind": "presence", "id": str(id)},
    )
    if exists:
        assert (await team.pulled("presence"))[str(id)]["band"] == "6-15"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"band": "1-5", "substances": "none"}, "too_few_to_ask"),
        ({"band": "1-5", "substances": None, "ages": ["13_15"]}, "too_few_to_ask"),
        ({"area": "Tun", "place": None}, "too_few_to_ask"),
        ({"area": "Kalle"}, "place_unknown"),
        ({"place": "hemma hos Kalle"}, "place_unknown"),
        ({"at": "2026-11-21T21:40:00+01:00"}, "pass_differs"),
        ({"at": "2026-11-20T21:40:00"}, "malformed"),
        ({"band": "7"}, "malformed"),
        ({"mood": "farlig"}, "malformed"),
        ({"minutes": 100_000}, "malformed"),
    ],
)
async def test_what_may_not_be_logged_is_refused_with_its_reason(
    house: House, changes: dict[str, Any], code: str
) -> None:
    team = await house.team()
    await team.opens_pass()

    (outcome,) = await team.push(("presence.log", uuid7(), a_place() | changes))

    assert (outcome["outcome"], outcome["code"]) == ("rejected", code)
    assert await team.pulled("presence") == {}


async def test_words_sent_beside_the_choices_reach_nobodys_entry(house: House) -> None:
    team = await house.team()
    await team.opens_pass()

    id = await team.logs(text="Kalle i 8B var där", note="Kalle")

    assert "Kalle" not in str((await team.pulled("presence"))[str(id)])


async def test_an_entry_is_never_logged_over_another(house: House) -> None:
    team = await house.team()
    await team.opens_pass()
    id = await team.logs()

    (outcome,) = await team.push(("presence.log", id, a_place(band="31+")))

    assert (outcome["outcome"], outcome["code"]) == ("rejected", "malformed")
    assert (await team.pulled("presence"))[str(id)]["band"] == "6-15"


async def test_anybody_in_the_team_corrects_and_what_stood_there_is_kept(house: House) -> None:
    logger, mate = await house.team(), await house.team()
    await logger.opens_pass()
    id = await logger.logs(minutes=15)

    (outcome,) = await mate.push(("presence.correct", id, {"mood": "uneasy", "minutes": None}))

    assert (outcome["outcome"], outcome["version"]) == ("applied", 2)
    entry = (await logger.pulled("presence"))[str(id)]
    assert (entry["version"], entry["mood"], entry["minutes"], entry["band"]) == (2, "uneasy", None, "6-15")
    async with house.store.read() as db:
        kept = (await db.execute(select(versions.c.version).where(versions.c.id == id))).scalars()
        assert sorted(kept) == [1, 2]


async def test_corrected_to_so_few_the_answers_about_them_go_with_it(house: House) -> None:
    team = await house.team()
    await team.opens_pass()
    id = await team.logs(substances="clear", ages=["13_15"])

    (refused,) = await team.push(("presence.correct", id, {"band": "1-5", "substances": "clear"}))
    assert (refused["outcome"], refused["code"]) == ("rejected", "too_few_to_ask")

    (taken,) = await team.push(("presence.correct", id, {"band": "1-5"}))
    assert taken["outcome"] == "applied"
    entry = (await team.pulled("presence"))[str(id)]
    assert (entry["band"], entry["substances"], entry["ages"]) == ("1-5", None, None)


async def test_a_time_moved_to_another_evening_needs_that_evenings_pass(house: House) -> None:
    team = await house.team()
    await team.opens_pass()
    id = await team.logs()
    saturday = {"at": "2026-11-21T21:40:00+01:00"}

    (alone,) = await team.push(("presence.correct", id, saturday))
    assert (alone["outcome"], alone["code"]) == ("rejected", "pass_differs")

    moved = await team.opens_pass("2026-11-21")
    (whole,) = await team.push(("presence.correct", id, saturday | {"pass": moved}))
    assert whole["outcome"] == "applied"
    assert (await team.pulled("presence"))[str(id)]["pass"] == str(moved)


@pytest.mark.parametrize(
    ("role", "organisation"),
    [
        (Role.COORDINATOR, "samordning"),
        (Role.HANDLER, "gata-park"),
        (Role.DEPARTMENT_HEAD, "gata-park"),
        (Role.SHOP, "butik-torget"),
        (Role.POLICE, "polisen"),
        (Role.HANDLER, TEAM),
    ],
)
async def test_nobody_but_a_field_secretary_logs(house: House, role: Role, organisation: str) -> None:
    desk = await house.somebody(role, organisation)
    own = own_pass(organisation=organisation)

    outcomes = await desk.push(
        ("presence.pass", own, {"evening": EVENING, "kind": "field_shift"}),
        ("presence.log", uuid7(), a_place(pass_=own)),
        ("presence.correct", uuid7(), {"band": "0"}),
    )

    assert {(outcome["outcome"], outcome["code"]) for outcome in outcomes} == {("rejected", "not_allowed")}


async def test_what_is_logged_after_midnight_is_of_the_evening_before(house: House) -> None:
    team = await house.team()
    await team.opens_pass()

    id = await team.logs(at="2026-11-21T01:30:00+01:00")

    assert (await team.pulled("presence"))[str(id)]["pass"] == str(own_pass())
    assert FRIDAY.date().isoformat() == EVENING
