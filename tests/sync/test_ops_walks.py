"""What a plan may say: its words stand on a sheet, on every phone and in letters."""

from typing import Any

import pytest

from tests.sync.desks import coordinator
from tests.web.phones import Evening
from trygghetsvandring.domain.ids import uuid7

pytest_plugins = ["tests.web.evenings"]
PERSONNUMMER = "Huset vid 850709-9805"


def a_plan(**changes: Any) -> dict[str, Any]:
    stop = {"id": uuid7(), "number": 1, "name": "MG Fritidsgård", "place": None, "place_type": "park", "lat": 58.5}
    plan = {
        "name": "Margretelund",
        "place": "Margretelund",
        "starts_at": "2026-11-27T19:00:00+01:00",
        "ends_at": "2026-11-27T20:30:00+01:00",
        "leader": "Anna, 070-123 45 67",  # the one who leads may be rung
        "meeting_point": "Fritidsgården",
        "recording": "own_phones",
        "night": False,
        "camera": True,
        "stops": [{**stop, "lon": 13.17, "radius_m": 40, "template": "park"} | changes.pop("stop", {})],
    }
    return plan | changes


@pytest.mark.parametrize("field", ["name", "place", "leader", "meeting_point"])
async def test_a_plan_names_nobody_by_number(evening: Evening, field: str) -> None:
    triage = await coordinator(evening)

    assert await triage.refused("walk.plan", uuid7(), **a_plan(**{field: PERSONNUMMER})) == "personal_data"


async def test_nor_does_a_stop_and_a_plan_that_names_a_leader_is_kept(evening: Evening) -> None:
    triage, walk = await coordinator(evening), uuid7()

    assert await triage.refused("walk.plan", uuid7(), **a_plan(stop={"name": PERSONNUMMER})) == "personal_data"
    await triage.done("walk.plan", walk, **a_plan())
    assert await triage.refused("walk.change", walk, place=PERSONNUMMER) == "personal_data"


async def test_the_start_page_offers_a_walk_that_has_not_ended(evening: Evening) -> None:
    triage, walk = await coordinator(evening), uuid7()
    await triage.done("walk.plan", walk, **a_plan(name="Den nyaste"))
    await triage.done("walk.invite", walk, cap=25)
    assert (await evening.http.get("/api/start")).json()["walk"]["name"] == "Den nyaste"

    await triage.done("walk.end", walk)

    offered = (await evening.http.get("/api/start")).json()["walk"]
    assert offered is None or offered["name"] != "Den nyaste"
