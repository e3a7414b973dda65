"""What a batch knows, and which part of the feed is whose."""

from dataclasses import dataclass
from uuid import UUID

import pytest

from tests.makers import COORDINATOR, HANDLER, LIDKOPING, a_municipality
from trygghetsvandring.domain.errors import Missing
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Principal, Role
from trygghetsvandring.sync import changes
from trygghetsvandring.sync.known import Known


@dataclass(frozen=True)
class Lamp:
    id: UUID
    version: int


def nothing() -> Known:
    return Known(a_municipality(), key=bytes(32), names={Lamp: "lamp"})


def test_what_this_batch_made_is_newer_than_what_is_loaded_afterwards() -> None:
    known, id = nothing(), uuid7()
    known.put(Lamp(id, 2))

    known.learn({(Lamp, id)}, {(Lamp, id): Lamp(id, 1)})

    assert known.need(Lamp, id).version == 2
    assert known.all(Lamp) == [Lamp(id, 2)]


def test_what_was_asked_for_once_is_not_asked_for_again() -> None:
    known, here, gone, new = nothing(), uuid7(), uuid7(), uuid7()
    known.learn({(Lamp, here), (Lamp, gone)}, {(Lamp, here): Lamp(here, 1)})

    assert known.unasked({(Lamp, here), (Lamp, gone), (Lamp, new)}) == {(Lamp, new)}


def test_what_is_not_there_is_missing_by_kind_and_id() -> None:
    known, id = nothing(), uuid7()
    known.learn({(Lamp, id)}, {})

    assert known.get(Lamp, id) is None
    with pytest.raises(Missing) as missing:
        known.need(Lamp, id)
    assert missing.value.facts == {"kind": "lamp", "id": str(id)}


def test_a_rule_may_only_ask_for_what_it_named() -> None:
    with pytest.raises(RuntimeError, match="needs do not name"):
        nothing().get(Lamp, uuid7())


def test_numbers_run_per_series_from_the_last_one_drawn() -> None:
    known = nothing()
    known.next_numbers = {"LK": 41}

    assert [known.number("LK"), known.number("LK"), known.number("Å")] == ["LK-42", "LK-43", "Å-1"]


@pytest.mark.law(9)
def test_a_phone_sees_its_walk_and_itself_a_team_its_log_and_a_desk_neither() -> None:
    walk, device = uuid7(), uuid7()
    walker = Principal(municipality=LIDKOPING, role=Role.WALKER, walk=walk, device=device)
    secretary = Principal(municipality=LIDKOPING, role=Role.FIELD_SECRETARY, organisation="socialtjansten")

    assert changes.scopes(walker) == ["municipality", f"walk:{walk}", f"device:{device}"]
    assert changes.scopes(secretary) == ["municipality", "organisation:socialtjansten"]
    assert changes.scopes(COORDINATOR) == changes.scopes(HANDLER) == ["municipality"]
