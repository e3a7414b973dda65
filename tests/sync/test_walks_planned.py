"""Walks planned and changed at the desk, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests import makers
from tests.makers import FRIDAY, HANDLER, LIDKOPING, Evening, a_walk
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Principal, Role
from trygghetsvandring.domain.walks import Invite, Walk, digest
from trygghetsvandring.storage import records, walks
from trygghetsvandring.sync.wire import Outcome

evening = makers.evening  # and not the web's fixture of the same name, whichever was loaded last


async def the_walk(evening: Evening, id: UUID | None = None) -> Walk:
    async with evening.store.read() as db:
        found = await records.one(db, LIDKOPING, Walk, id or evening.walk)
    assert found is not None
    return found


async def the_invite(evening: Evening) -> Invite:
    async with evening.store.read() as db:
        (found,) = await walks.open_invites(db, LIDKOPING, evening.walk)
    return found


async def join(evening: Evening, invite: UUID, device: UUID, walk: UUID | None = None, **changes: str) -> Outcome:
    joined = walk or evening.walk
    actor = Principal(municipality=LIDKOPING, role=Role.WALKER, walk=joined, function="En som gick")
    body = {"device": device, "invite": invite, "token_hash": digest("t"), "alias": "Kim", "language": "sv"}
    return await evening.act("walk.join", joined, body | changes, actor)


def stop(**changes: Any) -> dict[str, Any]:
    (it,) = a_walk(uuid7())["stops"]
    return {**it, **changes}


# ---------------------------------------------------------------- plan and change

REFUSED_PLANS: list[tuple[dict[str, Any], str]] = [
    ({"ends_at": FRIDAY}, "walk_not_plannable"),
    ({"ends_at": FRIDAY + timedelta(hours=17)}, "walk_not_plannable"),
    ({"stops": []}, "walk_not_plannable"),
    ({"stops": [stop(number=2)]}, "walk_not_plannable"),
    ({"stops": [stop(lat=91)]}, "walk_not_plannable"),
    ({"stops": [stop(radius_m=0)]}, "walk_not_plannable"),
    ({"name": "a" * 121}, "text_too_long"),
    ({"place": "a" * 121}, "text_too_long"),
    ({"leader": "a" * 81}, "text_too_long"),
    ({"meeting_point": "a" * 161}, "text_too_long"),
    ({"stops": [stop(name="a" * 121)]}, "text_too_long"),
    ({"stops": [stop(template="a" * 61)]}, "text_too_long"),
    ({"stops": [stop(place_type="a" * 61)]}, "text_too_long"),
    ({"starts_at": "2026-11-20T19:00:00"}, "malformed"),
    ({"ends_at": "9999-12-31T23:59:59-14:00"}, "malformed"),
    ({"recording": "by_hand"}, "malformed"),
]


@pytest.mark.parametrize(("wrong", "code"), REFUSED_PLANS)
async def test_a_plan_or_a_change_that_cannot_be_walked_is_refused_and_nothing_is_kept(
    evening: Evening, wrong: dict[str, Any], code: str
) -> None:
    id, before = uuid7(), await the_walk(evening)

    planned = await evening.act("walk.plan", id, a_walk(uuid7()) | wrong)
    changed = await evening.act("walk.change", evening.walk, wrong)

    assert (planned.outcome, planned.code) == (changed.outcome, changed.code) == ("rejected", code)
    assert await the_walk(evening) == before
    async with evening.store.read() as db:
        assert await records.one(db, LIDKOPING, Walk, id) is None


async def test_a_walk_is_planned_once(evening: Evening) -> None:
    again = await evening.act("walk.plan", evening.walk, a_walk(uuid7()) | {"name": "En annan"})

    assert (again.outcome, again.code) == ("rejected", "malformed")
    assert (await the_walk(evening)).name == "Margretelund, fredag kväll"


@pytest.mark.parametrize("type", ["walk.plan", "walk.change", "walk.invite", "walk.end"])
async def test_only_a_coordinator_plans(evening: Evening, type: str) -> None:
    body = {"walk.plan": a_walk(uuid7()), "walk.invite": {"cap": 25}}.get(type, {})

    for actor in (HANDLER, (await evening.phone()).principal):
        assert (await evening.act(type, evening.walk, body, actor)).code == "not_allowed"


async def test_a_change_changes_what_it_names_and_nothing_else(evening: Evening) -> None:
    before = await the_walk(evening)

    outcome = await evening.act("walk.change", evening.walk, {"leader": "Ali", "night": True})

    assert outcome.version == before.version + 1
    assert await the_walk(evening) == replace(before, leader="Ali", night=True, version=before.version + 1)


async def test_times_are_kept_in_utc_however_they_were_written(evening: Evening) -> None:
    await evening.act("walk.change", evening.walk, {"ends_at": "2026-11-20T22:30:00+01:00"})

    assert (await the_walk(evening)).ends_at == datetime(2026, 11, 20, 21, 30, tzinfo=UTC)


async def test_a_walk_without_a_name_is_called_after_its_place(evening: Evening) -> None:
    id = uuid7()
    await evening.act("walk.plan", id, a_walk(uuid7()) | {"name": "  "})
    assert (await the_walk(evening, id)).name == "Margretelund"

    await evening.act("walk.change", evening.walk, {"name": " ", "place": "Framnäs"})
    assert (await the_walk(evening)).name == "Framnäs"


async def test_a_walk_moved_to_another_day_takes_its_invite_with_it(evening: Evening) -> None:
    invite = await the_invite(evening)
    later = FRIDAY + timedelta(days=7)
    moved = await evening.act("walk.change", evening.walk, {"starts_at": later, "ends_at": later + timedelta(hours=2)})
    assert moved.outcome == "applied"

    evening.passes(days=7, hours=1)

    assert (await join(evening, invite.id, uuid7())).outcome == "applied"
    assert (await the_invite(evening)).ends_at == later + timedelta(hours=26)
