"""Walks: what can be walked, and the ways in to it."""

import hmac
import re
from base64 import urlsafe_b64decode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.stops import Stop
from trygghetsvandring.domain.walks import (
    Invite,
    InviteEnded,
    InviteUnknown,
    Recording,
    Walk,
    WalkNotPlannable,
    digest,
    join_code,
    join_secret,
    must_be_open,
    must_be_walkable,
    tidy_code,
)

KEY = bytes(range(32))
INVITE = UUID("0193452c-8a00-7000-8000-000000000001")
STARTS = datetime(2026, 11, 20, 18, tzinfo=UTC)


def a_stop(number: int = 1, **changes: Any) -> Stop:
    stop = Stop(
        id=uuid7(),
        number=number,
        name="Gångtunneln",
        place=None,
        place_type="gangtunnel",
        lat=58.495 + number / 1000,
        lon=13.176,
        radius_m=40,
        template="gangtunnel",
    )
    return replace(stop, **changes)


def a_walk(**changes: Any) -> Walk:
    walk = Walk(
        id=uuid7(),
        version=1,
        name="Margretelund",
        place="Margretelund",
        starts_at=STARTS,
        ends_at=STARTS + timedelta(hours=2),
        leader="Maria",
        meeting_point="MG",
        recording=Recording.OWN_PHONES,
        night=False,
        camera=True,
        stops=(a_stop(1), a_stop(2)),
    )
    return replace(walk, **changes)


def an_invite(**changes: Any) -> Invite:
    invite = Invite(
        id=INVITE,
        version=1,
        walk=uuid7(),
        code_hash="",
        secret_hash="",
        cap=25,
        joined=0,
        ends_at=STARTS + timedelta(hours=26),
    )
    return replace(invite, **changes)


# ---------------------------------------------------------------- plans


def test_a_plan_that_can_be_walked_is_as_it_was() -> None:
    walk = a_walk()

    assert must_be_walkable(walk) is walk
    assert walk.length_m == 111
    assert walk.stop(walk.stops[1].id) is walk.stops[1] and walk.stop(uuid7()) is None


ONE = a_stop(1)
UNWALKABLE: dict[str, dict[str, Any]] = {
    "ends before it starts": {"ends_at": STARTS},
    "longer than 16 hours": {"ends_at": STARTS + timedelta(hours=16, seconds=1)},
    "needs 1 to 40 stops": {"stops": ()},
    "stops are not numbered 1, 2, 3": {"stops": (a_stop(2), a_stop(1))},
    "a stop lies outside the world": {"stops": (a_stop(lat=90.1),)},
    "two stops are the same": {"stops": (ONE, replace(ONE, number=2))},
    "a stop's radius is 5 to 500 m": {"stops": (a_stop(radius_m=0),)},
}


@pytest.mark.parametrize("reason", UNWALKABLE)
def test_a_plan_that_cannot_be_walked_says_why(reason: str) -> None:
    with pytest.raises(WalkNotPlannable) as refused:
        must_be_walkable(a_walk(**UNWALKABLE[reason]))

    assert (refused.value.code, refused.value.facts) == ("walk_not_plannable", {"reason": reason})


@pytest.mark.parametrize("lat", [float("nan"), float("inf"), -90.5])
def test_no_stop_lies_nowhere(lat: float) -> None:
    with pytest.raises(WalkNotPlannable):
        must_be_walkable(a_walk(stops=(a_stop(lat=lat),)))


@pytest.mark.parametrize(("stops", "walkable"), [(1, True), (40, True), (41, False)])
def test_a_walk_has_one_to_forty_stops(stops: int, walkable: bool) -> None:
    walk = a_walk(stops=tuple(a_stop(n) for n in range(1, stops + 1)))

    if walkable:
        assert must_be_walkable(walk) is walk
    else:
        with pytest.raises(WalkNotPlannable):
            must_be_walkable(walk)


def test_a_walk_of_sixteen_hours_is_walked_also_over_a_clock_change() -> None:
    night = datetime(2026, 10, 24, 18, tzinfo=UTC)

    walk = a_walk(starts_at=night, ends_at=night + timedelta(hours=16))

    assert must_be_walkable(walk) is walk


# ---------------------------------------------------------------- codes and secrets


def test_a_code_is_eight_crockford_characters_and_the_same_every_time() -> None:
    code = join_code(KEY, INVITE)

    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{8}", code)
    assert code == join_code(KEY, INVITE)
    assert _number(code).to_bytes(5, "big") == hmac.digest(KEY, b"invite:code:" + INVITE.bytes, "sha256")[:5]


def _number(code: str) -> int:
    number = 0
    for character in code:
        number = number * 32 + "0123456789ABCDEFGHJKMNPQRSTVWXYZ".index(character)
    return number


def test_a_secret_is_128_bits_that_fit_in_a_link() -> None:
    secret = join_secret(KEY, INVITE)

    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", secret)
    assert len(urlsafe_b64decode(secret + "==")) == 16


@given(st.sets(st.uuids(), min_size=2, max_size=30), st.sets(st.binary(min_size=32, max_size=32), min_size=2))
def test_every_invite_and_every_key_has_its_own(invites: set[UUID], keys: set[bytes]) -> None:
    pairs = [(key, invite) for key in keys for invite in invites]

    assert len({join_code(*pair) for pair in pairs}) == len(pairs)
    assert len({join_secret(*pair) for pair in pairs}) == len(pairs)


def test_the_code_says_nothing_of_the_secret() -> None:
    secret = urlsafe_b64decode(join_secret(KEY, INVITE) + "==")

    assert secret[:5] != _number(join_code(KEY, INVITE)).to_bytes(5, "big")


@given(st.uuids(), st.randoms())
def test_a_code_typed_with_look_alikes_blanks_and_dashes_is_the_code(invite: UUID, chance: Any) -> None:
    code = join_code(KEY, invite)
    mistaken = {"0": "0Oo", "1": "1IiLl"}
    typed = "".join(chance.choice(mistaken.get(c, c + c.lower())) for c in code)
    between = chance.choice(["-", " ", "", " - ", "–", "\t"])
    spaced = f" {typed[:4]}{between}{typed[4:]} "

    assert tidy_code(spaced) == code


def test_a_digest_is_no_token_and_differs_with_it() -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", digest("a"))
    assert digest("a") != digest("b") and digest("a") == digest("a")


# ---------------------------------------------------------------- open or not


def test_an_invite_is_open_to_the_last_moment() -> None:
    invite = an_invite()

    assert must_be_open(invite, invite.ends_at) is invite


def test_an_invite_that_has_ended_or_was_replaced_or_never_was_has_its_own_code() -> None:
    invite = an_invite()

    with pytest.raises(InviteEnded) as ended:
        must_be_open(invite, invite.ends_at + timedelta(seconds=1))
    with pytest.raises(InviteEnded):
        must_be_open(replace(invite, closed=True), STARTS)
    with pytest.raises(InviteUnknown) as unknown:
        must_be_open(None, STARTS)

    assert (ended.value.code, unknown.value.code) == ("invite_ended", "invite_unknown")
