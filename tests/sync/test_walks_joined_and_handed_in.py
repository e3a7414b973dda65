"""Walks through the door: joined, answered, handed in and ended, on both databases."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests import makers
from tests.makers import COORDINATOR, FRIDAY, LIDKOPING, Evening, Phone, a_walk, count
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Device, Principal, Role
from trygghetsvandring.domain.walks import Invite, Walk, digest, join_code, join_secret
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


async def the_phone(phone: Phone) -> Device:
    async with phone.evening.store.read() as db:
        found = await records.one(db, LIDKOPING, Device, phone.device)
    assert found is not None
    return found


async def fed(evening: Evening) -> list[tuple[str, str]]:
    """(scope's first word, kind) of every row of the feed so far, oldest first."""
    async with evening.store.read() as db:
        rows: list[Any] = list(await db.exec_driver_sql("SELECT scope, kind FROM changes ORDER BY seq"))
        return [(row[0].split(":")[0], row[1]) for row in rows]


async def join(evening: Evening, invite: UUID, device: UUID, walk: UUID | None = None, **changes: str) -> Outcome:
    joined = walk or evening.walk
    actor = Principal(municipality=LIDKOPING, role=Role.WALKER, walk=joined, function="En som gick")
    body = {"device": device, "invite": invite, "token_hash": digest("t"), "alias": "Kim", "language": "sv"}
    return await evening.act("walk.join", joined, body | changes, actor)


def stop(**changes: Any) -> dict[str, Any]:
    (it,) = a_walk(uuid7())["stops"]
    return {**it, **changes}


# ---------------------------------------------------------------- invite


async def test_an_operation_sent_again_makes_the_same_code(evening: Evening) -> None:
    phone = await evening.phone()  # only for what it can write
    desk = replace(phone, principal=replace(COORDINATOR, device=uuid7()))
    op = desk.operation("walk.invite", evening.walk, {"cap": 12}, seq=None)

    first, again = await desk.push(op), await desk.push(op)

    assert (first[0].outcome, again[0].outcome, again[0].first) == ("applied", "repeated", "applied")
    invite = await the_invite(evening)
    assert (invite.id, invite.cap, invite.ends_at) == (op["id"], 12, FRIDAY + timedelta(hours=26))
    assert invite.code_hash == digest(join_code(evening.engine.key, op["id"]))
    assert invite.secret_hash == digest(join_secret(evening.engine.key, op["id"]))


async def test_a_new_invite_closes_the_old_and_phones_that_joined_stay(evening: Evening) -> None:
    phone, old = await evening.phone(), await the_invite(evening)

    await evening.act("walk.invite", evening.walk, {"cap": 5})

    new = await the_invite(evening)  # the only one open
    assert new.id != old.id
    assert (await join(evening, old.id, uuid7())).code == "invite_ended"
    assert (await join(evening, new.id, uuid7())).outcome == "applied"
    assert [o.outcome for o in await phone.push(phone.feeling())] == ["applied"]


@pytest.mark.parametrize(
    ("cap", "code"), [(0, "malformed"), (61, "malformed"), (-1, "malformed"), (1, None), (60, None)]
)
async def test_a_walk_takes_one_to_sixty_phones(evening: Evening, cap: int, code: str | None) -> None:
    assert (await evening.act("walk.invite", evening.walk, {"cap": cap})).code == code


async def test_codes_and_secrets_are_nowhere_kept_as_they_are(evening: Evening) -> None:
    invite = await the_invite(evening)
    code, secret = join_code(evening.engine.key, invite.id), join_secret(evening.engine.key, invite.id)

    async with evening.store.read() as db:
        for table in ("invites", "operations", "versions", "changes"):
            rows = str((await db.exec_driver_sql(f"SELECT * FROM {table}")).all())  # noqa: S608
            assert code not in rows and secret not in rows, table


# ---------------------------------------------------------------- join


async def test_a_phone_that_joins_again_takes_no_further_place_and_gets_a_fresh_token(evening: Evening) -> None:
    invite, device = await the_invite(evening), uuid7()

    for token in ("one", "two"):
        assert (await join(evening, invite.id, device, token_hash=digest(token))).outcome == "applied"

    assert ((await the_invite(evening)).joined, (await the_walk(evening)).participants) == (1, 1)
    async with evening.store.read() as db:
        assert await count(db, "devices") == 1
        found = await records.one(db, LIDKOPING, Device, device)
    assert found is not None and found.token_hash == digest("two")


async def test_a_full_walk_takes_nobody_new_but_the_phones_it_has(evening: Evening) -> None:
    await evening.act("walk.invite", evening.walk, {"cap": 1})
    invite, first = await the_invite(evening), uuid7()
    assert (await join(evening, invite.id, first)).outcome == "applied"

    full = await join(evening, invite.id, uuid7())

    assert (full.code, full.facts) == ("invite_full", {"cap": 1})
    assert (await join(evening, invite.id, first)).outcome == "applied"


async def test_a_day_after_the_walk_nobody_joins(evening: Evening) -> None:
    invite = await the_invite(evening)

    evening.passes(hours=26)
    assert (await join(evening, invite.id, uuid7())).outcome == "applied"
    evening.passes(seconds=1)
    assert (await join(evening, invite.id, uuid7())).code == "invite_ended"


async def test_an_invite_opens_its_own_walk_only(evening: Evening) -> None:
    other = await evening.plan(walk=uuid7())

    assert (await join(evening, (await the_invite(evening)).id, uuid7(), walk=other)).code == "invite_unknown"


async def test_another_walks_phone_joins_by_its_own_key_alone_and_a_revoked_or_a_field_teams_one_does_not(
    evening: Evening,
) -> None:
    invite, other = await the_invite(evening), await evening.phone(await evening.plan(walk=uuid7()))
    mine, team = await evening.phone(), await evening.phone()
    async with evening.store.write() as db:
        changed = [
            replace(await the_phone(mine), revoked_at=FRIDAY),
            replace(await the_phone(team), kind="field", walk=None),
            replace(await the_phone(other), key_hash="its own"),
        ]
        await records.save(db, LIDKOPING, changed, FRIDAY)

    assert (await join(evening, invite.id, other.device)).code == "not_this_phone"
    assert (await join(evening, invite.id, mine.device)).code == "not_allowed"
    assert (await join(evening, invite.id, team.device)).code == "not_allowed"


# ---------------------------------------------------------------- hand in


async def test_handing_in_says_how_much_will_come(evening: Evening) -> None:
    phone = await evening.phone()
    await phone.push(phone.operation("device.status", phone.device, {"drafts": 3}, seq=None))
    assert (await the_phone(phone)).drafts == 3

    (outcome,) = await phone.push(hand_in(phone, 7))

    assert outcome.receipt is not None and outcome.receipt.number.startswith("LK-")
    device = await the_phone(phone)
    assert (device.promised_seq, device.drafts) == (7, 0)
    assert device.handed_in_at is not None


def hand_in(phone: Phone, last: int, **changes: Any) -> dict[str, Any]:
    body = {"walk": phone.walk, "items": last, "first_seq": 1, "last_seq": last}
    return phone.operation("walk.hand_in", phone.walk, body | changes)


async def test_a_promise_never_shrinks(evening: Evening) -> None:
    phone = await evening.phone()

    for last in (9, 4, -3):
        await phone.push(hand_in(phone, last))

    assert (await the_phone(phone)).promised_seq == 9


async def test_nobody_hands_in_for_another_walk(evening: Evening) -> None:
    phone, other = await evening.phone(), await evening.plan(walk=uuid7())

    (outcome,) = await phone.push(hand_in(phone, 1, walk=other))

    assert (outcome.code, (await the_phone(phone)).handed_in_at) == ("not_allowed", None)


@pytest.mark.parametrize(("drafts", "code"), [(0, None), (10_000, None), (-1, "malformed"), (10_001, "malformed")])
async def test_a_phone_says_how_many_drafts_it_has(evening: Evening, drafts: int, code: str | None) -> None:
    phone = await evening.phone()

    (outcome,) = await phone.push(phone.operation("device.status", phone.device, {"drafts": drafts}, seq=None))

    assert outcome.code == code
    assert (await the_phone(phone)).drafts == (drafts if code is None else 0)


# ---------------------------------------------------------------- feelings and answers


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"own": "safe", "counts": None}, None),
        ({"own": None, "counts": {"safe": 2, "neither": 1, "unsafe": 3}}, None),
        ({"own": None, "counts": {"unsafe": 200}}, None),
        ({"own": "safe", "counts": {"safe": 1}}, "feeling_not_counted"),
        ({"own": None, "counts": None}, "feeling_not_counted"),
        ({"own": None, "counts": {"safe": 0, "neither": 0, "unsafe": 0}}, "feeling_not_counted"),
        ({"own": None, "counts": {"safe": 201}}, "feeling_not_counted"),
        ({"own": "afraid"}, "malformed"),
        ({"own": None, "counts": {"afraid": 1}}, "malformed"),
    ],
)
async def test_a_feeling_is_ones_own_or_counted_people(
    evening: Evening, answer: dict[str, Any], code: str | None
) -> None:
    phone = await evening.phone()

    (outcome,) = await phone.push(phone.feeling(**answer))

    assert (outcome.outcome, outcome.code) == ("applied" if code is None else "rejected", code)
    async with evening.store.read() as db:
        assert await count(db, "feelings") == (1 if code is None else 0)


def answered(phone: Phone, id: UUID | None = None, **changes: Any) -> dict[str, Any]:
    body = {
        "walk": phone.walk,
        "stop": phone.evening.stop,
        "template": "gangtunnel",
        "template_version": 1,
        "item": "ingang",
        "answer": "no",
        "answered_at": phone.evening.now,
    }
    return phone.operation("checklist.answer", id or uuid7(), body | changes)


async def test_an_item_nobody_knows_is_kept_as_written(evening: Evening) -> None:
    phone = await evening.phone()

    outcomes = await phone.push(answered(phone, item="from.a.newer.list", template="okänd", template_version=99))

    assert outcomes[0].outcome == "applied"
    async with evening.store.read() as db:
        (kept,) = await walks.answers_on(db, LIDKOPING, evening.walk)
    assert (kept.item, kept.template, kept.template_version) == ("from.a.newer.list", "okänd", 99)


@pytest.mark.parametrize("field", ["item", "template"])
async def test_a_checklists_words_are_short(evening: Evening, field: str) -> None:
    phone = await evening.phone()

    assert [o.code for o in await phone.push(answered(phone, None, **{field: "a" * 61}))] == ["text_too_long"]


async def test_answering_again_makes_a_version_and_nobody_answers_for_another(evening: Evening) -> None:
    mine, other = await evening.phone(), await evening.phone()
    feeling, answer = uuid7(), uuid7()
    await mine.push(mine.feeling(feeling), answered(mine, answer))

    again = await mine.push(mine.feeling(feeling, own="safe"), answered(mine, answer, answer="yes"))
    theirs = await other.push(other.feeling(feeling), answered(other, answer))

    assert [o.version for o in again] == [2, 2]
    assert [o.code for o in theirs] == ["not_allowed", "not_allowed"]
    async with evening.store.read() as db:
        (felt,) = await walks.feelings_on(db, LIDKOPING, evening.walk)
        (kept,) = await walks.answers_on(db, LIDKOPING, evening.walk)
    assert (felt.own, felt.device, kept.answer) == ("safe", mine.device, "yes")


async def test_another_walks_phone_does_not_answer_here(evening: Evening) -> None:
    stranger = await evening.phone(await evening.plan(walk=uuid7()))

    ops = (stranger.feeling(walk=evening.walk), answered(stranger, walk=evening.walk))

    assert [o.code for o in await stranger.push(*ops)] == ["not_allowed", "not_allowed"]


async def test_an_answer_given_at_a_stop_that_is_no_longer_in_the_plan_is_kept(evening: Evening) -> None:
    """The phone was out of reach when the plan changed: what somebody answered, somebody answered."""
    phone = await evening.phone()
    changed = await evening.act("walk.change", evening.walk, {"stops": [stop(id=uuid7())]})
    assert changed.outcome == "applied"

    assert [o.outcome for o in await phone.push(phone.feeling(), answered(phone))] == ["applied", "applied"]


# ---------------------------------------------------------------- end


async def test_after_the_end_nobody_joins_and_those_who_walked_hand_in(evening: Evening) -> None:
    phone, invite = await evening.phone(), await the_invite(evening)

    assert (await evening.act("walk.end", evening.walk, {})).outcome == "applied"

    assert (await join(evening, invite.id, uuid7())).code == "invite_ended"
    sent = await phone.push(phone.observation(), phone.feeling(), answered(phone), hand_in(phone, 4))
    assert [o.outcome for o in sent] == ["applied"] * 4


async def test_a_walk_that_has_ended_is_not_changed_nor_opened_again(evening: Evening) -> None:
    await evening.act("walk.end", evening.walk, {})

    assert (await evening.act("walk.change", evening.walk, {"leader": "Ali"})).code == "walk_ended"
    assert (await evening.act("walk.invite", evening.walk, {"cap": 25})).code == "walk_ended"
    assert (await evening.act("walk.end", evening.walk, {})).outcome == "applied"


# ---------------------------------------------------------------- the feed


async def test_each_act_puts_into_the_feed_what_its_readers_may_know(evening: Evening) -> None:
    phone = await evening.phone()
    assert await fed(evening) == [("municipality", "municipality")] + [("walk", "walk")] * 3  # plan, invite, join

    await evening.act("walk.change", evening.walk, {"leader": "Ali"})
    await phone.push(phone.feeling(), answered(phone), phone.operation("device.status", phone.device, {"drafts": 1}))
    await evening.act("walk.end", evening.walk, {})

    assert (await fed(evening))[4:] == [("walk", "walk"), ("device", "feeling"), ("device", "answer"), ("walk", "walk")]
    pulled = await phone.pull()
    walk = pulled.of("walk")[str(evening.walk)]
    assert (walk["leader"], walk["state"], walk["participants"]) == ("Ali", "ended", 1)
    assert not {"invite", "code_hash", "secret_hash"} & walk.keys()
    assert [it["stop"] for it in pulled.of("feeling").values()] == [str(evening.stop)]


async def test_a_phone_reads_its_own_answers_and_its_own_walk_only(evening: Evening) -> None:
    mine, other = await evening.phone(), await evening.phone()
    stranger = await evening.phone(await evening.plan(walk=uuid7()))
    await mine.push(mine.feeling(), answered(mine))

    assert not (await other.pull()).of("feeling") and not (await other.pull()).of("answer")
    assert set((await stranger.pull()).of("walk")) == {str(stranger.walk)}


async def test_walks_to_join_are_counted_until_the_night_after(evening: Evening) -> None:
    async def joinable() -> int:
        async with evening.store.read() as db:
            return await walks.joinable(db, evening.now)

    ended = await evening.plan(walk=uuid7())
    assert await joinable() == 2

    await evening.act("walk.end", ended, {})
    assert await joinable() == 1
    evening.passes(hours=41)
    assert await joinable() == 0
