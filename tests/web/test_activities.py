"""Activities at the desk: what parties told, shown to nobody outside before a named person released the promise."""

from typing import Any
from uuid import UUID

from tests.sync.desks import Desk, coordinator
from tests.web.phones import Evening
from tests.web.test_promises import a_promise, an_agreement, publish, section
from trygghetsvandring.domain.ids import uuid7

pytest_plugins = ["tests.web.evenings"]
PLACE = "idrottsföreningen"


def an_activity(promise: UUID, **changes: Any) -> dict[str, Any]:
    given = {"promise": promise, "kind": "skolinformation", "first": "2026-11-10", "last": "2026-11-10"}
    told = {"party": "kommunen", "told_by": "Rektor", "told_on": "2026-11-20", "may_publish": True}
    counts = [{"n": 12, "of": 12, "unit": "klasser", "are_people": False}]
    return given | told | {"partners": [PLACE], "counts": counts} | changes


def visits(promise: UUID, month: str, last: str, n: int, place_type: str = "skola") -> dict[str, Any]:
    time = {"first": f"2026-{month}-01", "last": f"2026-{month}-{last}", "place_type": place_type}
    counts = [{"n": n, "unit": "besök", "are_people": False}]
    return an_activity(promise, kind="polisbesok", **time, counts=counts)


async def a_reported_promise(triage: Desk) -> UUID:
    return await a_promise(triage, await an_agreement(triage), evidence="reported", tiles=[])


async def test_an_activity_is_read_outside_when_a_named_person_has_shown_the_promise(evening: Evening) -> None:
    triage = await coordinator(evening)
    promise = await a_reported_promise(triage)
    await publish(triage, promise)
    assert "Uppgift saknas" in await section(evening)

    it = uuid7()
    await triage.done("activity.enter", it, **an_activity(promise))
    assert "klasser" not in await section(evening)
    assert (await triage.get(f"/api/promises/{promise}"))["is_as_shown"] is False
    await publish(triage, promise)

    shown = await section(evening)
    assert "Redovisat av kommunen, 20 november 2026." in shown
    assert "Information i skolan: 12 av 12 klasser." in shown
    assert PLACE not in shown
    assert "Rektor" not in shown


async def test_a_correction_is_made_by_who_has_read_it_and_every_word_stays(evening: Evening) -> None:
    triage = await coordinator(evening)
    promise, it = await a_reported_promise(triage), uuid7()
    await triage.done("activity.enter", it, **an_activity(promise))
    fewer = an_activity(promise, counts=[{"n": 11, "of": 12, "unit": "klasser", "are_people": False}], reason="Fel.")

    assert (await triage.push("activity.enter", it, fewer, base=0))["code"] == "seen_has_moved"
    assert (await triage.push("activity.enter", it, fewer, base=1))["outcome"] == "applied"
    assert (await triage.push("activity.withdraw", it, {"reason": "Ställdes in."}, base=2))["outcome"] == "applied"

    (row,) = (await triage.get("/api/activities"))["activities"]
    assert [(each["words"], each["is_withdrawn"], each["reason"]) for each in row["said"]] == [
        (["11 av 12 klasser"], True, "Ställdes in."),
        (["11 av 12 klasser"], False, "Fel."),
        (["12 av 12 klasser"], False, ""),
    ]


async def test_visits_stand_by_month_and_kind_of_place_and_what_nobody_told_is_no_nought(evening: Evening) -> None:
    triage = await coordinator(evening)
    promise = await a_reported_promise(triage)
    for told in (
        visits(promise, "10", "31", 6),
        visits(promise, "09", "30", 0),
        visits(promise, "07", "31", 2, "fritidsgård"),
    ):
        await triage.done("activity.enter", uuid7(), **told)
    (table,) = (await triage.get("/api/activities"))["tables"]
    assert table["months"] == ["2026-07-01", "2026-08-01", "2026-09-01", "2026-10-01"]
    assert {row["place_type"]: row["cells"] for row in table["rows"]} == {
        "skola": [None, None, 0, 6],
        "fritidsgård": [2, None, None, None],
    }
