"""Stråk at the desk and in public: computed for findings and tasks, a filter of the work list, lamps of a promise."""

from datetime import timedelta

from tests.sync.desks import a_task, coordinator, handler
from tests.web.phones import Evening
from tests.web.test_promises import a_promise, an_agreement, publish, section

pytest_plugins = ["tests.web.evenings"]
ON = {"lat": 58.49588, "lon": 13.1742, "accuracy_m": 6, "age_s": 2, "source": "gps"}
AWAY = ON | {"lat": 58.49802}
ID, NAME = "fritidsgarden-osbyskolan", "Från MG Fritidsgård till Ösbyskolan"


async def test_one_stretch_at_a_time_at_the_desk_and_as_lamps_of_a_promise(evening: Evening) -> None:
    phone, triage, unit = await evening.phone(), await coordinator(evening), await handler(evening)
    on, _ = [await a_task(phone, triage, stop=None, position=at) for at in (ON, AWAY)]

    rows = {row["id"]: row for row in (await triage.get("/api/tasks"))["tasks"]}
    assert sorted((row["stretch"] for row in rows.values()), key=str) == [NAME, None]
    for path in ("/api/tasks", "/api/tasks/points"):
        found = await triage.get(f"{path}?stretch={ID}&tile=ljus")
        assert [row["id"] for row in found.get("tasks", found.get("points"))] == [str(on)]
    assert (await triage.get(f"/api/tasks/counts?stretch={ID}"))["counts"]["assigned"] == 1
    assert (await triage.get("/api/tasks?stretch=parken-lekplatsen"))["tasks"] == []
    assert (await triage.get("/api/tasks?stretch=ingenstans", status=400))["code"] == "bad_parameter"
    behind = (await triage.get(f"/api/tasks/{on}"))["findings"][0]
    assert (behind["stretch"], behind["dark"]) == (NAME, True)

    promise = await a_promise(triage, await an_agreement(triage))
    dark = "Före, mörka lampor: 1. Efter, mörka: 1."
    await publish(triage, promise)
    assert dark in await section(evening)
    await unit.done("task.accept", on, person="Laget")
    await unit.done("task.finish", on, extent="full", public_text="Lampan är bytt.")
    evening.now += timedelta(days=1)
    assert (await phone.push("task.confirm", on, {"seen": "good", "seen_on": None}))["outcome"] == "applied"
    assert dark in await section(evening)  # until somebody has shown it anew
    preview = (await triage.get(f"/api/promises/{promise}"))["preview"]["stretches"]
    assert [it["lit"] for it in preview] == [1, 0, 0, 0]
    await publish(triage, promise)

    assert "Före, mörka lampor: 1. Efter, lyser: 1." in await section(evening)
    assert "1 av 4 stråk lyser helt. Uppgift saknas om 3." in await section(evening)
