"""What the desk and the units write at their work with findings and tasks, hostile in every field, and where it shows.

`test_hostile_words.py` and `test_hostile_outputs.py` have what is written on the evening and what is told of it.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from tests.sync.desks import Desk, coordinator, handler, reviewed
from tests.web.phones import MUNICIPALITY, Evening, Phone
from tests.web.test_hostile_outputs import Town
from tests.web.test_hostile_words import BEGINNINGS, _is_whole
from trygghetsvandring.domain.ids import correspondence_id, uuid7

pytest_plugins = ["tests.web.evenings"]
DUE = "2026-12-18"
FEW = BEGINNINGS[::3]
OPERATIONS = {
    *("task.change", "task.hand_on", "task.replan", "task.decline", "task.hand_over", "task.reopen"),
    *("observation.withhold", "observation.correct", "observation.withdraw", "observation.dismiss"),
    *("filter.save", "correspondence.text"),
}
Words = Callable[[str], str]


async def _a_task(evening: Evening, phone: Phone, triage: Desk) -> UUID:
    task, found = uuid7(), await reviewed(phone, triage)
    await triage.done("task.create", task, title="Lampa", observations=[found], priority=1)
    await triage.done("task.assign", task, department="gata-park", explanation="Lampor.", due_on=DUE)
    return task


async def _worked(town: Town, phone: Phone, triage: Desk, unit: Desk, w: Words) -> list[UUID]:
    kept, declined, passed, finished = [await _a_task(town.evening, phone, triage) for _ in range(4)]
    await town.by(triage, "task.change", kept, reason=w("ändrat"), title=w("titel"), priority=2)
    await unit.done("task.accept", kept, person="Laget")
    await town.by(unit, "task.hand_on", kept, person=w("person"))
    await unit.done("task.plan", kept, planned_on="2026-12-10")
    await town.by(unit, "task.replan", kept, planned_on="2026-12-11", public_text=w("senare"))
    await town.by(unit, "task.decline", declined, reason="unclear", public_text=w("nej"))
    over = {"party": w("part"), "reference": w("nummer"), "handed_on": "2026-11-20"}
    await unit.done("task.accept", passed, person="Laget")
    await town.by(unit, "task.hand_over", passed, public_text=w("vidare"), **over)
    await unit.done("task.accept", finished, person="Laget")
    await unit.done("task.start", finished, note="")
    await unit.done("task.finish", finished, extent="full", public_text="Bytt.", photos=[])
    await town.by(triage, "task.reopen", finished, department="gata-park", seen=w("sett"), due_on=DUE)
    return [kept, declined, passed, finished]


async def _sorted(town: Town, phone: Phone, triage: Desk, w: Words) -> None:
    held, taken_back, dismissed = [await phone.observe() for _ in range(3)]
    await town.by(phone, "observation.correct", held, text=w("rättat"), place_words=w("var"))
    await town.by(triage, "observation.withhold", held, reason=w("undan"))
    await town.by(phone, "observation.withdraw", taken_back, reason=w("ångrat"))
    await triage.done("observation.review", dismissed, category="bel.trasig", severity=1, note="")
    await town.by(triage, "observation.dismiss", dismissed, reason="positive", public_text=w("tack"))


async def test_what_the_office_writes_at_its_work_is_words_wherever_it_is_read(evening: Evening) -> None:
    town, triage = Town(evening), await coordinator(evening)
    unit, phone = await handler(evening), await evening.phone()
    tasks: list[UUID] = []
    letters = correspondence_id(MUNICIPALITY)
    for number, beginning in enumerate(FEW):

        def w(name: str, beginning: str = beginning) -> str:
            return f"{beginning} f-{name}"

        tasks += await _worked(town, phone, triage, unit, w)
        await _sorted(town, phone, triage, w)
        await town.by(triage, "filter.save", uuid7(), name=w("urval"), query="status=late")
        await town.by(
            triage, "correspondence.text", letters, id=f"n{number}", step="task.wait", tile="", text=w("mall")
        )
    few = {type: town.taken[type] for type in OPERATIONS if town.taken[type] < len(FEW) // 2}
    assert not few, (few, town.refused)

    text = ""
    lists = ("/api/tasks", "/api/observations", *(f"/api/tasks/field-list/{kind}" for kind in ("html", "xlsx", "csv")))
    for path in (*(f"/api/tasks/{task}" for task in tasks), *lists):
        answer = await evening.http.get(path, headers=triage.headers)
        assert answer.status_code == 200, path
        kind = _is_whole(path, answer)
        text += answer.text if kind == "application/json" else ""
    shown: tuple[Any, ...] = ("titel", "person", "senare", "nej", "part", "vidare", "sett", "rättat")
    assert not [name for name in shown if f"f-{name}" not in text]
