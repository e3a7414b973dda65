"""Ids: in order within a process, and the same pass on every phone of a team."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest

from trygghetsvandring.domain import ids
from trygghetsvandring.domain.ids import pass_id, uuid7

VECTORS = json.loads((Path(__file__).parents[2] / "pwa/tests/vectors/ids.json").read_text(encoding="utf-8"))


def test_each_id_is_greater_than_the_one_before_also_within_a_millisecond() -> None:
    made = [uuid7() for _ in range(20_000)]

    assert made == sorted(set(made))


def test_an_id_is_of_version_seven_and_says_when_it_was_made(monkeypatch: pytest.MonkeyPatch) -> None:
    later = ids._last_ms + 60_000
    monkeypatch.setattr("time.time_ns", lambda: later * 1_000_000)

    made = uuid7()

    assert (made.version, made.variant, made.int >> 80) == (7, "specified in RFC 4122", later)


def test_a_clock_that_goes_backwards_makes_no_id_that_does(monkeypatch: pytest.MonkeyPatch) -> None:
    before = uuid7()
    monkeypatch.setattr("time.time_ns", lambda: 0)

    made = [uuid7() for _ in range(5_000)]  # more than a millisecond has numbers for

    assert [before, *made] == sorted({before, *made})


def test_threads_never_make_the_same_id() -> None:
    with ThreadPoolExecutor(4) as pool:
        made = [id for batch in pool.map(lambda _: [uuid7() for _ in range(500)], range(8)) for id in batch]

    assert len(set(made)) == len(made)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: f"{v['organisation']} {v['evening']} {v['kind']}")
def test_the_phone_and_the_server_give_a_pass_the_same_id(vector: dict[str, str]) -> None:
    assert pass_id(vector["organisation"], vector["evening"], vector["kind"]) == UUID(vector["id"])


def test_another_team_evening_or_kind_is_another_pass() -> None:
    made = {pass_id(o, e, k) for o in ("a", "b") for e in ("2026-11-20", "2026-11-21") for k in ("x", "y")}

    assert len(made) == 8
