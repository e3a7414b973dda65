"""A walker's "Nej" is on top of the coordinator's list until it is decided, and whoever said it hears the answer."""

from datetime import timedelta

from tests.sync.desks import a_task, coordinator, handler, replies, the_task
from tests.sync.test_ops_tasks import finished
from tests.web.phones import Evening

pytest_plugins = ["tests.web.evenings"]


async def test_it_comes_first_and_is_counted_and_chosen_until_it_is_upheld(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await coordinator(evening), await handler(evening)
    doubted, other = await a_task(phone, triage), await a_task(phone, triage)
    evening.now += timedelta(days=40)  # the other has been late for weeks
    await finished(gata, doubted)
    await phone.push("task.confirm", doubted, {"seen": "no", "seen_on": None})

    listed = await triage.get("/api/tasks")
    assert [row["id"] for row in listed["tasks"]] == [str(doubted), str(other)]
    assert (listed["counts"]["doubted"], listed["counts"]["late"]) == (1, 1)
    assert [row["late"] for row in listed["tasks"]] == [False, True]
    assert [row["id"] for row in (await gata.get("/api/tasks?late=1"))["tasks"]] == [str(other)]
    chosen = await triage.get("/api/tasks?doubted=1")
    assert [row["id"] for row in chosen["tasks"]] == [str(doubted)]
    assert "task.uphold" in (await triage.get(f"/api/tasks/{doubted}"))["arrows"]
    assert "task.uphold" not in (await triage.get(f"/api/tasks/{other}"))["arrows"]
    assert "task.uphold" not in (await gata.get(f"/api/tasks/{doubted}"))["arrows"]

    await triage.done("task.uphold", doubted, public_text="Vi var där i dag. Alla lyser.")

    assert (await triage.get("/api/tasks?doubted=1"))["tasks"] == []
    assert "task.uphold" not in (await triage.get(f"/api/tasks/{doubted}"))["arrows"]
    told = next(it for it in (await replies(phone)).values() if it["task"] == str(doubted))
    assert (told["state"], told["public_text"]) == ("done", "Vi var där i dag. Alla lyser.")
    assert told["steps"][-1]["text"] == "Vi var där i dag. Alla lyser."
    assert not (await the_task(evening, doubted)).reopen_proposed


async def test_the_coordinator_reads_the_same_day_that_somebody_doubts(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await coordinator(evening), await handler(evening)
    task = await a_task(phone, triage)
    await finished(gata, task)
    await phone.push("task.confirm", task, {"seen": "partly", "seen_on": "2026-11-20"})

    (row,) = (await triage.get("/api/reminders"))["late"]
    assert (row["id"], row["clock"], row["step"], row["next_step_in"]) == (str(task), "doubted", 1, 3)
    assert "säger att den inte är klar" in row["why"]
    assert (await gata.get("/api/reminders"))["late"] == []  # only a coordinator can do something about it
    evening.now += timedelta(days=5)
    (later,) = (await triage.get("/api/reminders"))["late"]
    assert later["step"] == 2


async def test_what_nobody_has_is_late_with_the_coordinator_and_no_department(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await coordinator(evening), await handler(evening)
    back = await a_task(phone, triage)
    await gata.done("task.decline", back, reason="unclear", public_text="Vi ser inte vilken lampa det är.")
    assert (await triage.get("/api/reminders"))["late"] == []

    evening.now += timedelta(days=4)  # Friday to Tuesday: two working days

    (row,) = (await triage.get("/api/reminders"))["late"]
    assert (row["id"], row["clock"], row["step"], row["department_name"]) == (str(back), "undecided", 1, None)
    assert (await gata.get("/api/reminders"))["late"] == []
