"""Who rings and says a receipt's number is answered: in the inbox, and in the list of tasks."""

import pytest

from tests.sync.desks import Desk, a_task, coordinator, handler, reviewed, the_finding, the_task
from tests.web.phones import Evening

pytest_plugins = ["tests.web.evenings"]


async def found(who: Desk, words: str) -> list[str]:
    return [row["id"] for row in (await who.get(f"/api/observations?q={words}"))["observations"]]


async def test_the_inbox_finds_by_number_words_and_place_whatever_has_become_of_it(evening: Evening) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    task = await a_task(phone, triage, text="Ölburkar och GLAS vid räcket, rv44.")
    (linked,) = (await the_task(evening, task)).findings
    other = await reviewed(phone, triage, stop=None, place_words="bakom Åhléns")
    number = (await the_finding(evening, linked)).number

    assert await found(triage, number) == [str(linked)]
    assert await found(triage, number.lower()) == [str(linked)]
    assert await found(triage, "glas räcket") == [str(linked)]
    assert await found(triage, "ÅHLÉNS") == [str(other)]
    assert await found(triage, "rv44") == [str(linked)]  # a word, since no receipt begins so
    assert await found(triage, "100%25") == []
    assert (await triage.get("/api/observations?q=räcket"))["counts"]["linked"] == 1


async def test_what_was_corrected_is_found_by_its_new_words_only(evening: Evening) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    finding = await phone.observe(stop=str(evening.stop), category="bel.trasig", severity=1, text="Ett rostigt staket.")
    await phone.push("observation.correct", finding, {"text": "Ett grönt staket."})

    assert await found(triage, "rostigt") == []
    assert await found(triage, "grönt") == [str(finding)]


@pytest.mark.parametrize("written", ["{}", "{lower}", "{bare}"])
async def test_a_department_finds_its_task_by_the_walkers_number_and_no_others(evening: Evening, written: str) -> None:
    phone, triage, gata = await evening.phone(), await coordinator(evening), await handler(evening)
    mine, others = await a_task(phone, triage), await a_task(phone, triage, department="ab-bostader")
    for task, expected in ((mine, [str(mine)]), (others, [])):
        number = (await the_finding(evening, (await the_task(evening, task)).findings[0])).number
        asked = written.format(number, lower=number.lower(), bare=number.replace("-", ""))
        assert [row["id"] for row in (await gata.get(f"/api/tasks?q={asked}"))["tasks"]] == expected
        assert [row["id"] for row in (await triage.get(f"/api/tasks?q={asked}"))["tasks"]] == [str(task)]
        assert (await gata.get(f"/api/tasks/counts?q={asked}"))["counts"]["assigned"] == len(expected)


async def test_a_number_is_that_number_and_none_that_begins_with_it(evening: Evening) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    seen = [await phone.observe(stop=str(evening.stop), category="bel.trasig", severity=1) for _ in range(11)]
    numbers = {(await the_finding(evening, id)).number: id for id in seen}
    short = next(one for one in numbers if any(other != one and other.startswith(one) for other in numbers))

    assert await found(triage, short) == [str(numbers[short])]
    assert await found(triage, short.lower().replace("-", "")) == [str(numbers[short])]


async def test_a_merged_findings_number_finds_the_task_it_went_into(evening: Evening) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    task, twin = await a_task(phone, triage), await reviewed(phone, triage)
    (kept,) = (await the_task(evening, task)).findings
    await triage.done("observation.merge", twin, into=str(kept))

    listed = await triage.get(f"/api/tasks?q={(await the_finding(evening, twin)).number}")

    assert [row["id"] for row in listed["tasks"]] == [str(task)]


async def test_what_is_held_back_is_found_by_triage_only(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await coordinator(evening), await handler(evening)
    task = await a_task(phone, triage)
    (finding,) = (await the_task(evening, task)).findings
    number = (await the_finding(evening, finding)).number
    await triage.done("observation.withhold", finding, reason="Rör en person.")

    assert (await gata.get(f"/api/tasks?q={number}"))["tasks"] == []
    assert [row["id"] for row in (await triage.get(f"/api/tasks?q={number}"))["tasks"]] == [str(task)]


async def test_those_that_are_named_come_whole_for_a_decision_about_several_and_no_more_than_a_page(
    evening: Evening,
) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    seen = [
        str(await phone.observe(stop=str(evening.stop), category="bel.trasig", severity=1, text=f"Lampa {n}."))
        for n in range(3)
    ]
    rows = (await triage.get(f"/api/observations?id={seen[0]},{seen[2]}"))["observations"]

    assert {row["id"] for row in rows} == {seen[0], seen[2]}
    assert all(row["suggestion"]["reason"] for row in rows)
    asked = ",".join([seen[0]] * 201)
    answer = await evening.http.get(f"/api/observations?id={asked}", headers=triage.headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_parameter")


async def test_a_state_that_is_asked_for_twice_gives_each_row_once(evening: Evening) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    task, finding = await a_task(phone, triage), await reviewed(phone, triage)

    tasks = (await triage.get("/api/tasks?state=assigned,assigned"))["tasks"]
    findings = (await triage.get("/api/observations?state=reviewed,reviewed"))["observations"]

    assert [it["id"] for it in tasks] == [str(task)]
    assert [it["id"] for it in findings] == [str(finding)]
