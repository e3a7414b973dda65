"""Walks over midnight, and the night when the clock goes back: every moment is kept as the moment it was."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio

from tests import makers
from tests.makers import Evening, count
from tests.web.field_teams import House, a_house, own_pass
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.times import STOCKHOLM

evening = makers.evening  # and not the web's fixture of the same name, whichever was loaded last

# 02.30 comes twice: first in summer time, an hour later in winter time.
FIRST, SECOND = "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as it:
        yield it


async def docs(evening: Evening, table: str) -> list[dict[str, Any]]:
    async with evening.store.read() as db:
        rows = await db.exec_driver_sql(f"SELECT doc FROM {table}")  # noqa: S608
        return [msgspec.json.decode(doc) for (doc,) in rows]


async def at_night(evening: Evening, now: str) -> None:
    """The walk that was planned for that night, begun at 22.00 the evening before."""
    evening.times["now"] = moment(now)
    begun = (evening.now.astimezone(STOCKHOLM) - timedelta(hours=4)).astimezone(UTC)
    evening.walk = await evening.plan(walk=uuid7(), starts_at=begun, ends_at=begun + timedelta(hours=4))


# ---------------------------------------------------------------- over midnight


@pytest.mark.law(11)
async def test_what_is_seen_after_midnight_keeps_its_moment_and_is_read_on_the_first_working_day(
    evening: Evening,
) -> None:
    await at_night(evening, "2026-11-21T00:40:00+01:00")  # Friday's walk, on Saturday
    phone = await evening.phone()

    seen, felt = await phone.push(
        phone.observation(seen_at="2026-11-21T00:12:00+01:00"), phone.feeling(felt_at="2026-11-20T23:58:00+01:00")
    )

    assert seen.receipt is not None and felt.receipt is not None
    assert (seen.receipt.read_on, felt.receipt.read_on) == ("2026-11-23", "2026-11-23")
    (finding,), (feeling,) = await docs(evening, "observations"), await docs(evening, "feelings")
    assert moment(finding["seen_at"]) == moment("2026-11-20T23:12:00+00:00")
    assert moment(feeling["felt_at"]) == moment("2026-11-20T22:58:00+00:00")


@pytest.mark.law(11)
async def test_a_log_kept_past_midnight_belongs_to_the_evening_it_began(house: House) -> None:
    house.times["now"] = moment("2026-11-21T01:40:00+01:00")
    team = await house.team()
    await team.opens_pass("2026-11-20")
    before = await team.logs(at="2026-11-20T23:55:00+01:00")
    after = await team.logs(at="2026-11-21T01:30:00+01:00")

    entries = await team.pulled("presence")

    assert {entries[str(id)]["pass"] for id in (before, after)} == {str(own_pass("2026-11-20"))}
    async with house.store.read() as db:
        assert await count(db, "presence", "evening = '2026-11-20'") == 2


# ---------------------------------------------------------------- the hour that comes twice


@pytest.mark.law(11)
async def test_half_past_two_twice_is_two_moments_an_hour_apart(evening: Evening) -> None:
    await at_night(evening, "2026-10-25T03:00:00+01:00")
    phone = await evening.phone()
    first, second = uuid7(), uuid7()

    outcomes = await phone.push(
        phone.observation(first, seen_at=FIRST),
        phone.observation(second, seen_at=SECOND),
        phone.feeling(felt_at=FIRST),
        phone.feeling(felt_at=SECOND),
    )

    assert [outcome.outcome for outcome in outcomes] == ["applied"] * 4
    assert {outcome.receipt.read_on for outcome in outcomes if outcome.receipt} == {"2026-10-26"}
    seen = {it["id"]: moment(it["seen_at"]) for it in await docs(evening, "observations")}
    assert seen[str(second)] - seen[str(first)] == timedelta(hours=1)
    felt = sorted(moment(it["felt_at"]) for it in await docs(evening, "feelings"))
    assert felt == [moment(FIRST), moment(SECOND)]


@pytest.mark.law(11)
async def test_both_half_past_twos_belong_to_the_evening_before(house: House) -> None:
    house.times["now"] = moment("2026-10-25T03:00:00+01:00")
    team = await house.team()
    night = own_pass("2026-10-24")
    await team.opens_pass("2026-10-24")
    twice = [await team.logs(pass_=night, at=at) for at in (FIRST, SECOND)]

    entries = await team.pulled("presence")

    at = [moment(entries[str(id)]["at"]) for id in twice]
    assert at[1] - at[0] == timedelta(hours=1)
    assert {entries[str(id)]["pass"] for id in twice} == {str(night)}


@pytest.mark.law(11)
@pytest.mark.parametrize("wrong", [timedelta(), timedelta(hours=1), timedelta(hours=-1)])
async def test_a_phone_whose_clock_did_not_follow_is_corrected_to_the_right_half_past_two(
    evening: Evening, wrong: timedelta
) -> None:
    """Its wall clock may be an hour off all night; in its own session the monotonic clock says how long ago it was."""
    await at_night(evening, "2026-10-25T03:00:00+01:00")  # half an hour after the second half past two
    phone = await evening.phone()
    phone.wall = wrong
    op = phone.observation(seen_at=SECOND)
    op |= {"at": moment(SECOND) + wrong, "mono_ms": 5_000.0}

    await phone.post(phone.batch(op, mono_ms=5_000.0 + 30 * 60_000))

    async with evening.store.read() as db:
        row = (
            await db.exec_driver_sql(
                "SELECT corrected_at, uncertain_s FROM operations WHERE type = 'observation.record'"
            )
        ).one()
    corrected = datetime.fromisoformat(str(row.corrected_at))
    corrected = corrected if corrected.tzinfo else corrected.replace(tzinfo=UTC)
    assert abs(corrected - moment(SECOND)) <= timedelta(seconds=row.uncertain_s)
    assert row.uncertain_s <= 2


async def test_a_walk_through_the_night_with_an_hour_more_is_one_evening(house: House) -> None:
    house.times["now"] = moment("2026-10-25T05:50:00+01:00")
    team = await house.team()
    await team.opens_pass("2026-10-24")
    hours = [moment("2026-10-24T22:00:00+02:00") + timedelta(hours=hour) for hour in range(9)]  # to 05.00

    for hour in hours:
        await team.logs(pass_=own_pass("2026-10-24"), at=hour)

    async with house.store.read() as db:
        assert await count(db, "presence", "evening = '2026-10-24'") == len(hours)
    assert hours[-1].astimezone(STOCKHOLM).date() == date(2026, 10, 25)
