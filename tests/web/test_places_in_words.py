"""A place in a walker's own words stays with whoever sorts, until a person has let it out: "bakom Olles garage"."""

from uuid import UUID

from tests.sync.desks import a_task, coordinator, handler, the_finding, the_task
from tests.web.open311_houses import a_key, post
from tests.web.phones import Evening
from trygghetsvandring.domain.ids import uuid7

pytest_plugins = ["tests.web.evenings"]
WORDS = "bakom Olles garage"


async def test_a_task_is_where_the_stop_is_until_somebody_has_let_the_words_out(evening: Evening) -> None:
    phone, triage, unit = await evening.phone(), await coordinator(evening), await handler(evening)
    task = await a_task(phone, triage, place_words=WORDS)
    (finding,) = (await the_task(evening, task)).findings

    async def read() -> tuple[str, bool]:
        """(where the unit reads that it is, whether it is told the walker's words anywhere)"""
        answer = await evening.http.get(f"/api/tasks/{task}", headers=unit.headers)
        drawn = await evening.http.get("/api/tasks/field-list/csv", headers=unit.headers)
        return answer.json()["place"], WORDS in answer.text + drawn.text

    stop = (await triage.get(f"/api/observations/{finding}"))["registered_place"]
    assert stop
    assert await read() == (stop, False)

    assert await triage.refused("observation.moderate", finding, place="hos 850709-9805") == "public_text_not_safe"
    await triage.done("observation.moderate", finding, place="Gångvägens östra sida")
    assert await read() == ("Gångvägens östra sida", False)
    await triage.done("observation.moderate", finding, place=WORDS)
    assert await read() == (WORDS, True)
    await triage.done("observation.moderate", finding, place=None)
    assert await read() == (stop, False)

    kept = await the_finding(evening, UUID(str(finding)))
    assert (kept.place_words, kept.moderated, kept.moderated_place) == (WORDS, None, None)


async def test_what_the_coordinator_called_the_place_of_a_task_stands(evening: Evening) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    task = await a_task(phone, triage, place_words=WORDS)
    (finding,) = (await the_task(evening, task)).findings

    await triage.done("task.change", task, place="Norra parkeringen", reason="Lättare att hitta.")
    await triage.done("observation.moderate", finding, place="Gångvägens östra sida")

    changed = await the_task(evening, task)
    assert changed.place == "Norra parkeringen"
    assert changed.history[-1].text == "Ny plats i ord. Lättare att hitta."


async def test_a_task_that_nobody_would_find_is_not_made_before_somebody_has_said_where(evening: Evening) -> None:
    """A report of another system with an address in words only: no walk, no point, and the words are the reporter's."""
    triage = await coordinator(evening)
    await a_key(triage)
    (taken,) = await post(evening, description="Lampan är sönder.", address_string=WORDS, lat=None, long=None)
    found = UUID(taken["service_request_id"])
    said = {"title": "Lampa", "observations": [found], "priority": 2}
    await triage.done("observation.review", found, category="bel.trasig", severity=2)

    assert await triage.refused("task.create", uuid7(), **said) == "place_missing"
    await triage.done("observation.moderate", found, place="Vid tunneln")
    task = uuid7()
    await triage.done("task.create", task, **said)
    assert (await the_task(evening, task)).place == "Vid tunneln"
