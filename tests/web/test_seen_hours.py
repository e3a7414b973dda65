"""Both work lists split by when it was seen: the table and the list agree, and a department sees only its own."""

from datetime import UTC, datetime
from typing import Any

from tests.sync.desks import Desk, a_task, coordinator, handler, reviewed
from tests.web.phones import Evening

pytest_plugins = ["tests.web.evenings"]
FRIDAY_LATE = "2026-11-20T22:30:00+01:00"
PAST_MIDNIGHT = "2026-11-21T00:30:00+01:00"  # Saturday, and still Friday's evening


def cells(table: Any) -> dict[tuple[int, int], int]:
    rows = enumerate(table["days"])
    return {(day, hour): n for day, row in rows for hour, n in zip(table["hours"], row, strict=True) if n}


async def ids(desk: Desk, path: str, name: str) -> set[str]:
    return {row["id"] for row in (await desk.get(path))[name]}


async def test_the_work_lists_are_split_by_the_evening_and_hour_when_it_was_seen(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await coordinator(evening), await handler(evening)
    evening.now = datetime(2026, 11, 21, 8, tzinfo=UTC)
    late, after = await phone.observe(seen_at=FRIDAY_LATE), await phone.observe(seen_at=PAST_MIDNIGHT)

    inbox = "/api/observations?state=received,reviewed"
    assert cells(await triage.get("/api/observations/hours?state=received,reviewed")) == {(4, 22): 1, (4, 0): 1}
    assert await ids(triage, f"{inbox}&when=4-0", "observations") == {str(after)}
    assert await ids(triage, f"{inbox}&when=4", "observations") == {str(late), str(after)}
    assert await ids(triage, f"{inbox}&when=5", "observations") == set()
    await triage.get(f"{inbox}&when=4-21", 400)

    lamp = await a_task(phone, triage, seen_at=PAST_MIDNIGHT)
    stairs = await a_task(phone, triage, seen_at=FRIDAY_LATE, department="ab-bostader")
    assert cells(await triage.get("/api/tasks/hours")) == {(4, 22): 1, (4, 0): 1}
    assert cells(await gata.get("/api/tasks/hours")) == {(4, 0): 1}
    more = await reviewed(phone, triage, seen_at=FRIDAY_LATE)
    await triage.done("task.link", lamp, observation=str(more))
    table = await gata.get("/api/tasks/hours")
    assert (cells(table), table["sums"][4]) == ({(4, 22): 1, (4, 0): 1}, 1)  # seen twice, and one task
    await triage.done("task.unlink", lamp, observation=str(more))
    assert await ids(triage, "/api/tasks?when=4", "tasks") == {str(lamp), str(stairs)}
    assert await ids(triage, "/api/tasks?when=4-22", "tasks") == {str(stairs)}
    assert await ids(gata, "/api/tasks?when=4-22", "tasks") == set()
    assert (await gata.get("/api/tasks/counts?when=4-0"))["counts"]["assigned"] == 1
    assert cells(await triage.get("/api/observations/hours?state=linked")) == {(4, 22): 1, (4, 0): 1}
