"""The coordinator's findings and the units' tasks: filtered, counted, paged by key, and walled."""

from datetime import timedelta
from typing import Any

import pytest

from tests.sync.desks import a_task, coordinator, desk, handler, reviewed
from tests.web.phones import Evening
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Role

pytest_plugins = ["tests.web.evenings"]
FINDING_ROW = {
    *("id", "version", "number", "state", "kind", "received_at", "walk_name", "stop_name", "stop_number", "photos"),
    *(
        "tasks",
        "dark",
        "stretch",
        "suggestion",
        "near",
        "review_note",
        "merged_into",
        "walk",
        "stop",
        "category",
        "severity",
    ),
    *("text", "position", "point", "place_words", "seen_at", "called", "checklist_item", "sent_alone"),
    *("withdraw_reason", "danger", "dark_hint", "moderated", "merged_from"),
    *("moderated_place", "registered_place"),
}
TASK_ROW = {
    *("id", "version", "number", "title", "state", "priority", "department", "department_name", "department_kind"),
    "explanation",
    "assignee",
    *("person", "due_on", "planned_on", "next_look_on", "done_on", "extent", "public_text", "late", "reopened"),
    *("bounced", "place", "stretch", "tile", "lat", "lon", "findings_count", "finished_by", "reopen_proposed"),
    *("priority_reason", "next_owner", "handed_over", "proposed", "routed", "authority", "decision_needed"),
}
AT = {"lat": 58.49503, "lon": 13.17665, "accuracy_m": 6, "age_s": 2, "source": "gps"}


async def test_a_finding_comes_with_its_stop_its_darkness_and_a_proposed_owner(evening: Evening) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    id = await phone.observe(stop=None, category="bel.trasig", position=AT)

    row = await triage.get(f"/api/observations/{id}")

    assert row.keys() == FINDING_ROW
    assert (row["state"], row["kind"], row["dark"], row["walk_name"]) == (
        "received",
        "F",
        True,
        "Margretelund, kvällsvandring",
    )
    assert row["suggestion"] == {
        "department": "gata-park",
        "department_name": "Gata och park",
        "reason": "Ljus i gångtunnlar lagas före andra lampor. Det sköter Gata och park. Tid: 3 arbetsdagar.",
        "due_on": "2026-11-25",
        "rule": "tunnel-ljus",
        "book": row["suggestion"]["book"],
        "priority": 1,
        "priority_reason": "Det är mörkt i en gångtunnel.",
        "skipped": [],
        "authority": False,
        "asked": False,
        "times": row["suggestion"]["times"],
        "raises": [],
    }
    first, *_ = row["suggestion"]["times"]
    assert (first["due_on"], first["why"]) == ("2026-11-25", "3 arbetsdagar, Trasig belysning, genast.")


async def test_as_something_else_it_would_go_elsewhere_by_another_day_and_nothing_is_changed(evening: Evening) -> None:
    phone, triage, path = await evening.phone(), await coordinator(evening), "/api/observations"
    id = await phone.observe(stop=None, category="bel.trasig", position=AT)
    task = await a_task(phone, triage, department=None, stop=None, position=AT)
    lamp = (await triage.get(f"{path}/{id}"))["suggestion"]

    litter = (await triage.get(f"{path}/{id}/suggestion?category=skrap&severity=1"))["suggestion"]

    assert litter["rule"] != lamp["rule"] and litter["times"] != lamp["times"]
    assert (await triage.get(f"{path}/{id}/suggestion?category=ljud.musik"))["suggestion"] is None
    assert (await triage.get(f"{path}/{id}"))["suggestion"] == lamp
    days = (await triage.get(f"/api/deadlines?task={task}"))["deadlines"][str(task)]
    assert [it["priority"] for it in days] == [1, 2, 3]
    assert days[0]["due_on"] == lamp["due_on"]


async def test_what_is_social_has_no_proposed_owner(evening: Evening) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    id = await phone.observe(category="ljud.musik", position=AT)

    row = await triage.get(f"/api/observations/{id}")

    assert (row["kind"], row["suggestion"], row["near"]) == ("S", None, [])


async def test_an_open_task_near_enough_is_suggested_and_one_twelve_metres_away_is_not(evening: Evening) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    task = await a_task(phone, triage, stop=None, position=AT)
    near = await phone.observe(category="bel.trasig", position=AT | {"lat": AT["lat"] + 0.00003})  # type: ignore[operator]
    away = await phone.observe(category="bel.trasig", position=AT | {"lat": AT["lat"] + 0.000108})  # type: ignore[operator]

    (row,) = (await triage.get(f"/api/observations/{near}"))["near"]
    assert {name: row[name] for name in ("task", "number", "title", "distance_m", "state", "hours_apart")} == {
        "task": str(task),
        "number": "Å-1",
        "title": "Byt lampa",
        "distance_m": 3,
        "state": "assigned",
        "hours_apart": 0,
    }
    assert (await triage.get(f"/api/observations/{away}"))["near"] == []


async def test_findings_are_filtered_counted_and_paged_newest_first(evening: Evening) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    ids = []
    for n in range(5):
        evening.now += timedelta(minutes=n % 2)  # some at the very same moment
        id = await phone.observe(category="bel.trasig" if n else "ljud")
        ids.append(str(id))
        if n == 1:
            await triage.done("observation.review", id, category="bel.trasig", severity=1, note="")

    pages: list[Any] = []
    path = "/api/observations?limit=2"
    while True:
        page = await triage.get(path + (f"&after={pages[-1]['next']}".replace("+", "%2B") if pages else ""))
        pages.append(page)
        if page["next"] is None:
            break

    got = [row["id"] for page in pages for row in page["observations"]]
    assert (len(pages), sorted(got)) == (3, sorted(ids))
    times = [row["received_at"] for page in pages for row in page["observations"]]
    assert times == sorted(times, reverse=True)
    assert pages[0]["counts"]["received"] == 4
    assert pages[0]["counts"]["withheld"] == 0
    only = await triage.get(f"/api/observations?state=reviewed,linked&walk={evening.walk}")
    assert [row["id"] for row in only["observations"]] == [ids[1]]
    assert [row["id"] for row in (await triage.get("/api/observations?kind=S"))["observations"]] == [ids[0]]
    assert (await triage.get(f"/api/observations?walk={uuid7()}"))["observations"] == []


async def test_danger_stands_first_on_whatever_page_and_leaves_when_it_is_sorted_as_something_else(
    evening: Evening,
) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    cabinet = await phone.observe(category="el", severity=None)  # urgent by its category
    hole = await phone.observe(category="bel.trasig", severity=3)
    for _ in range(3):
        evening.now += timedelta(minutes=1)
        await phone.observe(category="bel.trasig")

    first = await triage.get("/api/observations?state=received&limit=1")
    second = await triage.get(f"/api/observations?state=received&limit=1&after={first['next']}".replace("+", "%2B"))
    third = await triage.get(f"/api/observations?state=received&limit=1&after={second['next']}".replace("+", "%2B"))

    rows = [page["observations"][0] for page in (first, second, third)]
    assert {row["id"] for row in rows[:2]} == {str(cabinet), str(hole)}
    assert [row["danger"] for row in rows] == [True, True, False]
    await triage.done("observation.review", hole, category="bel.trasig", severity=1, note="")
    assert (await triage.get(f"/api/observations/{hole}"))["danger"] is False


@pytest.mark.parametrize(
    "query",
    ["state=borta", "kind=X", "walk=hej", "limit=0", "limit=201", "limit=x", "after=igår~x", "after=x", "after=2~x~y"],
)
async def test_a_question_that_makes_no_sense_is_answered_with_a_problem(evening: Evening, query: str) -> None:
    triage = await coordinator(evening)

    assert (await triage.get(f"/api/observations?{query}", status=400))["code"] == "bad_parameter"


@pytest.mark.parametrize("query", ["state=borta", "limit=0", "after=igår~x", "after=2026-11-20"])
async def test_nor_does_the_task_list_answer_nonsense(evening: Evening, query: str) -> None:
    assert (await (await handler(evening)).get(f"/api/tasks?{query}", status=400))["code"] == "bad_parameter"


async def test_a_task_has_the_fields_its_row_promises(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await coordinator(evening), await handler(evening)
    task = await a_task(phone, triage)

    row = (await gata.get("/api/tasks"))["tasks"][0]
    one = await gata.get(f"/api/tasks/{task}")

    assert row.keys() == TASK_ROW
    assert one.keys() == TASK_ROW | {
        "findings",
        "history",
        "photos",
        "arrows",
        "changes",
        "spent",
        "together",
        "raise",
        "left_to",
    }
    assert (one["department_name"], one["findings_count"], one["late"]) == ("Gata och park", 1, False)
    assert one["arrows"] == ["task.accept", "task.decline"]
    assert (await triage.get(f"/api/tasks/{task}"))["arrows"] == []
    assert [event["type"] for event in one["history"]] == ["task.create", "task.assign"]
    assert one["history"][1].keys() == {"at", "type", "from", "to", "by", "text", "internal"}
    assert one["findings"][0].keys() == FINDING_ROW


async def test_a_unit_knows_only_of_its_own_tasks(evening: Evening) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    gata, bostader = await handler(evening), await handler(evening, "ab-bostader")
    mine, theirs = await a_task(phone, triage), await a_task(phone, triage, department="ab-bostader")

    for asked in ("/api/tasks", "/api/tasks?department=ab-bostader", "/api/tasks?q=lampa"):
        listed = await gata.get(asked)
        assert [row["id"] for row in listed["tasks"]] == [str(mine)]
        assert listed["counts"]["assigned"] == 1
    await gata.get(f"/api/tasks/{theirs}", status=404)
    await bostader.get(f"/api/tasks/{mine}", status=404)
    await gata.get(f"/api/tasks/{uuid7()}", status=404)
    assert len((await triage.get("/api/tasks"))["tasks"]) == 2
    assert [row["id"] for row in (await triage.get("/api/tasks?department=ab-bostader"))["tasks"]] == [str(theirs)]


@pytest.mark.parametrize("role", [Role.FIELD_SECRETARY, Role.SHOP, Role.POLICE])
async def test_others_find_no_findings_and_no_tasks(evening: Evening, role: Role) -> None:
    other = await desk(evening, role, "socialtjansten")

    for path in ("/api/tasks", "/api/observations", f"/api/tasks/{uuid7()}"):
        await other.get(path, status=404)


async def test_a_handler_finds_no_findings_but_those_behind_a_task(evening: Evening) -> None:
    phone, gata = await evening.phone(), await handler(evening)
    id = await phone.observe()

    await gata.get("/api/observations", status=404)
    await gata.get(f"/api/observations/{id}", status=404)


async def test_tasks_come_by_their_next_date_late_ones_first_and_are_counted(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await coordinator(evening), await handler(evening)
    soon, later, still = [await a_task(phone, triage) for _ in range(3)]
    for task in (later, still):
        await gata.done("task.accept", task, person="Laget")
    await gata.done("task.wait", later, reason="season", public_text="Till våren.", next_look_on="2027-04-01")
    await gata.done("task.wait", still, reason="parts", public_text="Del saknas.", next_look_on="2026-11-24")
    evening.now += timedelta(days=20)  # 10 December

    listed = await gata.get("/api/tasks")

    assert [row["id"] for row in listed["tasks"]] == [str(still), str(soon), str(later)]
    assert [row["late"] for row in listed["tasks"]] == [True, True, False]
    assert (listed["counts"]["late"], listed["counts"]["waiting"], listed["counts"]["assigned"]) == (2, 2, 1)
    assert listed["counts"]["week"] == 0
    late = await gata.get("/api/tasks?late=1")
    assert [row["id"] for row in late["tasks"]] == [str(still), str(soon)]
    waiting = await gata.get("/api/tasks?state=waiting")
    assert [row["id"] for row in waiting["tasks"]] == [str(still), str(later)]


async def test_what_is_in_turn_this_week_is_counted_to_sunday_and_no_further(evening: Evening) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)  # Friday 20 November
    for day in ("2026-11-20", "2026-11-22", "2026-11-23"):
        task = await a_task(phone, triage, department=None)
        await triage.done("task.assign", task, department="gata-park", explanation="Lampor.", due_on=day)

    assert (await triage.get("/api/tasks?limit=1"))["counts"]["week"] == 2


async def test_tasks_are_paged_by_key_and_none_is_missed_or_doubled(evening: Evening) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    made = {str(await a_task(phone, triage)) for _ in range(5)}

    got: list[str] = []
    after = ""
    while True:
        page = await triage.get(f"/api/tasks?limit=2{after}")
        got += [row["id"] for row in page["tasks"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"

    assert len(got) == 5
    assert set(got) == made


async def test_tasks_are_searched_by_number_title_and_place_in_swedish(evening: Evening) -> None:
    phone, triage, task = await evening.phone(), await coordinator(evening), uuid7()
    id = await reviewed(phone, triage, stop=None)
    await triage.done("observation.moderate", id, place="Stigen bakom Örslösa skola")
    await triage.done("task.create", task, title="Klipp 100 % av häcken", observations=[id], priority=3)
    await a_task(phone, triage)

    for q in ("örslösa", "HÄCKEN", "Å-1", "klipp skola", "100 %"):
        answer = await triage.evening.http.get("/api/tasks", params={"q": q}, headers=triage.headers)
        assert [row["id"] for row in answer.json()["tasks"]] == [str(task)], q
    nothing = await triage.evening.http.get("/api/tasks", params={"q": "%%"}, headers=triage.headers)
    assert nothing.json()["tasks"] == []


async def test_a_merged_task_is_in_no_list_and_its_page_points_at_the_one_that_goes_on(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await coordinator(evening), await handler(evening)
    one, two = await a_task(phone, triage), await a_task(phone, triage)
    other = await a_task(phone, triage, department="fastighet")
    assert {it["id"] for it in (await triage.get(f"/api/tasks/{one}"))["together"]["near"]} == {str(two), str(other)}

    await triage.done("task.merge", one, into=str(other))

    assert [it["id"] for it in (await gata.get("/api/tasks"))["tasks"]] == [str(two)]
    pointer = {"id": None, "number": "Å-3", "title": ""}
    assert (await gata.get(f"/api/tasks/{one}"))["together"] == {
        "retracted": False,
        "merged_into": pointer,
        "absorbed": [],
        "near": [],
    }
    assert (await triage.get(f"/api/tasks/{one}"))["together"]["merged_into"]["id"] == str(other)
    assert [it["number"] for it in (await triage.get(f"/api/tasks/{other}"))["together"]["absorbed"]] == ["Å-1"]


async def test_a_unit_reads_the_moderated_words_and_the_coordinator_both(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await coordinator(evening), await handler(evening)
    task = await a_task(phone, triage)
    (finding,) = (await triage.get(f"/api/tasks/{task}"))["findings"]
    await triage.done("observation.moderate", finding["id"], text="Det är mörkt.")

    words = [
        {name: (await desk.get(f"/api/tasks/{task}"))["findings"][0][name] for name in ("text", "moderated")}
        for desk in (gata, triage)
    ]

    assert words == [
        {"text": "Det är mörkt.", "moderated": None},
        {"text": "Mörkt nästan hela vägen.", "moderated": "Det är mörkt."},
    ]
