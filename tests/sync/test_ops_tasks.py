"""Tasks through the one door: made at a desk, worked on by a unit, answered to those who walked."""

from datetime import timedelta
from typing import Any

import pytest

from tests.sync.desks import (
    Desk,
    a_task,
    coordinator,
    desk,
    handler,
    head,
    jobs_of,
    replies,
    reviewed,
    the_finding,
    the_task,
)
from tests.web.phones import Evening
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.observations import ObservationState
from trygghetsvandring.domain.people import Role
from trygghetsvandring.domain.tasks import ARROWS, TaskState
from trygghetsvandring.sync.outcomes import OPERATIONS

pytest_plugins = ["tests.web.evenings"]

FINISHED: dict[str, Any] = {"extent": "full", "public_text": "Tre lampor är bytta.", "photos": []}


async def finished(gata: Desk, task: Any) -> None:
    await gata.done("task.accept", task, person="Belysningslaget")
    await gata.done("task.finish", task, **FINISHED)


def test_every_arrow_has_an_operation_of_its_own() -> None:
    assert {arrow.operation for arrow in ARROWS} <= OPERATIONS.keys()


async def test_two_findings_become_one_task_with_a_number_and_a_place(evening: Evening) -> None:
    phone, triage, task = await evening.phone(), await coordinator(evening), uuid7()
    one, other = await reviewed(phone, triage), await reviewed(phone, triage)

    await triage.done("task.create", task, title="Byt lampor", observations=[one, other], priority=1)

    made = await the_task(evening, task)
    assert (made.number, made.findings, made.state) == ("Å-1", (one, other), TaskState.NEW)
    assert (made.place, made.tile, made.radius_m) == ("MG Fritidsgård", "ljus", 8)
    assert made.lat is not None
    assert {(await the_finding(evening, id)).state for id in (one, other)} == {ObservationState.LINKED}


async def test_a_finding_nobody_has_sorted_becomes_no_task(evening: Evening) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    raw = await phone.observe(category="bel.trasig")

    assert await triage.refused("task.create", uuid7(), title="T", observations=[raw], priority=1) == "no_such_arrow"


async def test_music_becomes_no_task_and_takes_no_number(evening: Evening) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    music, lamp = await reviewed(phone, triage, category="ljud.musik"), await reviewed(phone, triage)
    good = await reviewed(phone, triage, category="bel.bra")

    for id, code in ((music, "social_is_not_a_task"), (good, "kind_is_not_a_task")):
        assert await triage.refused("task.create", uuid7(), title="T", observations=[lamp, id], priority=1) == code
    task = uuid7()
    await triage.done("task.create", task, title="Byt lampa", observations=[lamp], priority=1)
    assert await triage.refused("task.link", task, observation=music) == "social_is_not_a_task"

    assert (await the_task(evening, task)).number == "Å-1"
    assert (await the_finding(evening, music)).state is ObservationState.REVIEWED


async def test_a_finding_joins_and_leaves_a_task(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await coordinator(evening), await handler(evening)
    task, another = await a_task(phone, triage), await reviewed(phone, triage)

    await triage.done("task.link", task, observation=another)
    assert (await replies(phone))[str(another)]["state"] == "with_department"

    for person in ("Laget", "Andra laget"):
        await gata.done("task.note", task, text=person)
    await triage.done("task.unlink", task, observation=another)
    assert (await replies(phone))[str(another)]["state"] == "reviewed"
    only = (await the_task(evening, task)).findings[0]
    assert await triage.refused("task.unlink", task, observation=only) == "needs_a_finding"


@pytest.mark.parametrize("department", ["polisen", "socialtjansten", "finns-inte"])
async def test_a_task_goes_only_to_those_who_own_tasks(evening: Evening, department: str) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    task = await a_task(phone, triage, department=None)

    body = {"department": department, "explanation": "För att.", "due_on": "2026-12-04"}

    assert await triage.refused("task.assign", task, **body) == "department_unknown"


async def test_the_whole_way_from_lamp_to_answer(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await coordinator(evening), await handler(evening)
    task = await a_task(phone, triage)
    finding = str((await the_task(evening, task)).findings[0])

    await gata.done("task.accept", task, person="Belysningslaget")
    await gata.done("task.plan", task, planned_on="2026-12-01")
    assert (await replies(phone))[finding]["planned_on"] == "2026-12-01"
    await gata.done("task.start", task, note="")
    await gata.done("task.wait", task, reason="parts", public_text="En del saknas.", next_look_on="2026-12-04")
    assert (await replies(phone))[finding]["public_text"] == "En del saknas."
    await gata.done("task.refer", task, **REFERRAL)
    await gata.done("task.start", task, note="De säger att lampan är vår.")
    await gata.done("task.finish", task, **FINISHED)

    told = (await replies(phone))[finding]
    assert (told["state"], told["department"], told["ask"]) == ("done", "Gata och park", True)
    assert [step["word"] for step in told["steps"]] == [
        *("received", "reviewed", "with_department", "with_department", "planned", "in_progress", "waiting"),
        *("referred", "in_progress", "done"),
    ]
    assert "Kundtjänst" not in str(told)
    assert [job["state"] for job in await jobs_of(evening, "mail.told")] == ["assigned", "done"]


REFERRAL = {
    "party": "Trafikverket",
    "contact": "Kundtjänst",
    "reference": "TRV 1",
    "public_text": "Vägen är deras.",
    "next_look_on": "2026-12-04",
}


async def test_a_reason_is_mandatory_and_names_nobody(evening: Evening) -> None:
    phone, triage, boss = await evening.phone(), await coordinator(evening), await head(evening)
    task = await a_task(phone, triage)
    await boss.done("task.accept", task, person="Laget")

    assert await boss.refused("task.refuse", task, public_text=" ") == "field_missing"
    assert await boss.refused("task.refuse", task, public_text="Ring 850709-9805") == "public_text_not_safe"
    assert (await the_task(evening, task)).state is TaskState.ACCEPTED

    await boss.done("task.refuse", task, public_text="Stigen stängs i vår.")
    assert [job["state"] for job in await jobs_of(evening, "mail.told")] == ["assigned", "wont_do"]


async def test_only_the_head_of_the_unit_says_no(evening: Evening) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    gata, other = await handler(evening), await head(evening, "ab-bostader")
    task = await a_task(phone, triage)
    await gata.done("task.accept", task, person="Laget")

    assert await gata.refused("task.refuse", task, public_text="Nej.") == "not_allowed"
    assert await triage.refused("task.refuse", task, public_text="Nej.") == "not_your_task"
    assert await other.refused("task.refuse", task, public_text="Nej.") == "not_your_task"


async def test_a_unit_touches_only_its_own(evening: Evening) -> None:
    phone, triage, bostader = await evening.phone(), await coordinator(evening), await handler(evening, "ab-bostader")
    task = await a_task(phone, triage)

    assert await bostader.refused("task.accept", task, person="Vi") == "not_your_task"
    assert await bostader.refused("task.note", task, text="Hej") == "not_your_task"
    assert await triage.refused("task.accept", task, person="Samordnaren") == "not_your_task"


async def test_declining_sends_it_back_with_who_is_next(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await coordinator(evening), await handler(evening)
    task = await a_task(phone, triage)
    no = {"reason": "wrong_owner", "public_text": "Marken är inte vår."}
    assert await gata.refused("task.decline", task, **no, next_owner="polisen") == "department_unknown"
    assert await gata.refused("task.decline", task, **no, next_owner=None) == "field_missing"
    assert await gata.refused("task.decline", task, **no, next_owner="gata-park") == "same_owner"

    await gata.done("task.decline", task, **no, next_owner="ab-bostader")

    back = await the_task(evening, task)
    assert (back.state, back.department, back.bounced) == (TaskState.NEW, None, 1)
    assert back.next_owner == "ab-bostader"
    assert "Föreslår AB Bostäder." in back.explanation


async def test_the_coordinator_enters_for_a_party_that_does_not_sign_in_but_does_not_verify_it(
    evening: Evening,
) -> None:
    phone, triage, another = await evening.phone(), await coordinator(evening), await coordinator(evening)
    task = await a_task(phone, triage, department="vasttrafik")

    await finished(triage, task)

    done = await the_task(evening, task)
    assert done.finished_by == "Trygghetssamordnare, för Västtrafik"
    seen = {"seen": "Kuren är hel.", "seen_on": "2026-11-20"}
    assert await triage.refused("task.verify", task, **seen) == "closer_cannot_verify"
    assert "task.verify" not in (await triage.get(f"/api/tasks/{task}"))["arrows"]
    await another.done("task.verify", task, **seen)


async def test_the_coordinator_enters_the_no_of_a_party_that_does_not_sign_in_with_who_said_it_and_when(
    evening: Evening,
) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    task = await a_task(phone, triage, department="fastighetsagare")
    await triage.done("task.accept", task, person="Ägaren")
    assert "task.refuse" in (await triage.get(f"/api/tasks/{task}"))["arrows"]

    no = {"public_text": "Ägaren vill inte klippa häcken."}
    assert await triage.refused("task.refuse", task, **no) == "field_missing"
    assert await triage.refused("task.refuse", task, **no, said_by="Ägaren", said_on="2027-01-01") == (
        "date_not_possible"
    )
    assert await triage.refused("task.refuse", task, public_text=" ", said_by="Ägaren", said_on="2026-11-20") == (
        "field_missing"
    )
    await triage.done("task.refuse", task, **no, said_by="Fastighetsskötare", said_on="2026-11-20")

    refused = await the_task(evening, task)
    assert (refused.state, refused.finished_by) == (
        TaskState.WONT_DO,
        "Trygghetssamordnare, för Annan fastighetsägare",
    )
    told = refused.history[-1]
    assert (told.internal, told.text) == (True, "Besked 2026-11-20 från Fastighetsskötare.")


async def test_the_coordinator_says_no_for_nobody_who_signs_in(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await coordinator(evening), await handler(evening)
    task = await a_task(phone, triage)
    await gata.done("task.accept", task, person="Laget")

    code = await triage.refused("task.refuse", task, public_text="Nej.", said_by="Chef", said_on="2026-11-20")

    assert code == "not_your_task"


@pytest.mark.parametrize("again", [False, True])
async def test_the_unit_is_told_when_a_task_is_given_to_it_and_the_coordinator_when_it_comes_back(
    evening: Evening, again: bool
) -> None:
    phone, triage, gata = await evening.phone(), await coordinator(evening), await handler(evening)
    task = await a_task(phone, triage)
    if again:
        await gata.done("task.decline", task, reason="wrong_owner", public_text="Inte vår.", next_owner="fastighet")

    states = [job["state"] for job in await jobs_of(evening, "mail.told") if job["task"] == str(task)]

    assert states == (["assigned", "new"] if again else ["assigned"])


async def test_the_unit_that_closed_it_does_not_verify_it(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await coordinator(evening), await handler(evening)
    colleague, secretary = await handler(evening), await desk(evening, Role.FIELD_SECRETARY, "socialtjansten")
    task = await a_task(phone, triage)
    await finished(gata, task)
    seen = {"seen": "Alla tre lyser.", "seen_on": "2026-11-20"}

    for closer in (gata, colleague):
        assert await closer.refused("task.verify", task, **seen) == "closer_cannot_verify"
    await secretary.done("task.verify", task, **seen)

    assert (await the_task(evening, task)).state is TaskState.VERIFIED
    assert [job["state"] for job in await jobs_of(evening, "mail.told")] == ["assigned", "done", "verified"]


async def test_a_walker_who_has_been_there_verifies_and_is_not_asked_again(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await coordinator(evening), await handler(evening)
    task = await a_task(phone, triage)
    await finished(gata, task)
    evening.now += timedelta(days=2)

    outcome = await phone.push("task.confirm", task, {"seen": "good", "seen_on": "2026-11-22"})

    assert outcome["outcome"] == "applied"
    (told,) = (await replies(phone)).values()
    assert (told["state"], told["ask"]) == ("verified", False)


async def test_a_no_proposes_to_open_it_again_and_the_coordinator_does(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await coordinator(evening), await handler(evening)
    task = await a_task(phone, triage)
    await finished(gata, task)

    await phone.push("task.confirm", task, {"seen": "no", "seen_on": "2026-11-20"})

    row = await triage.get(f"/api/tasks/{task}")
    assert (row["state"], row["reopen_proposed"]) == ("done", True)
    assert row["history"][-1]["text"] == "Sett på plats: nej, inte åtgärdat."
    await triage.done("task.reopen", task, department="gata-park", seen="Det är mörkt.", due_on="2026-12-04")
    (told,) = (await replies(phone)).values()
    assert (told["state"], told["public_text"]) == ("reopened", "Det är mörkt.")
    assert (await the_task(evening, task)).reopened == 1


async def test_nobody_answers_for_a_walk_they_were_not_on(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await coordinator(evening), await handler(evening)
    task = await a_task(phone, triage)
    await finished(gata, task)
    walk, stop = uuid7(), uuid7()
    await triage.done("walk.plan", walk, **a_walk(stop))
    await triage.done("walk.invite", walk, cap=5)
    evening.walk = walk
    stranger = await evening.phone()

    outcome = await stranger.push("task.confirm", task, {"seen": "good", "seen_on": "2026-11-20"})

    assert (outcome["outcome"], outcome["code"]) == ("rejected", "not_your_task")


def a_walk(stop: Any) -> dict[str, Any]:
    return {
        "name": "En annan",
        "place": "Torget",
        "starts_at": "2026-11-20T19:00:00+01:00",
        "ends_at": "2026-11-20T21:00:00+01:00",
        "leader": "Kim",
        "meeting_point": "Torget",
        "recording": "own_phones",
        "stops": [
            {"id": stop, "number": 1, "name": "Torget", "place_type": "torg", "lat": 58.5, "lon": 13.1}
            | {"template": "torg"}
        ],
    }


async def test_the_same_arrow_twice_is_refused_the_second_time(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await coordinator(evening), await handler(evening)
    task = await a_task(phone, triage)
    await gata.done("task.accept", task, person="Laget")
    before = await the_task(evening, task)

    assert await gata.refused("task.accept", task, person="Laget") == "no_such_arrow"

    assert await the_task(evening, task) == before


async def test_a_task_has_an_end_of_findings_and_of_photos(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await coordinator(evening), await handler(evening)
    many = [str(uuid7()) for _ in range(101)]
    assert await triage.refused("task.create", uuid7(), title="T", observations=many, priority=1) == "malformed"
    task = await a_task(phone, triage)
    await gata.done("task.accept", task, person="Laget")

    assert await gata.refused("task.finish", task, **{**FINISHED, "photos": many[:21]}) == "too_many_photos"


async def test_one_batch_sorts_makes_and_gives_away(evening: Evening) -> None:
    phone, triage, task = await evening.phone(), await coordinator(evening), uuid7()
    id = await phone.observe(category="bel.trasig")

    outcomes = await triage.push_all(
        [
            ("observation.review", id, {"category": "bel.trasig", "severity": 1, "note": ""}),
            ("task.create", task, {"title": "Byt lampa", "observations": [id], "priority": 2}),
            ("task.assign", task, {"department": "gata-park", "explanation": "De.", "due_on": "2026-12-04"}),
        ]
    )

    assert [outcome["outcome"] for outcome in outcomes] == ["applied"] * 3
    assert (await the_task(evening, task)).state is TaskState.ASSIGNED


async def test_a_task_made_before_its_finding_is_here_waits_for_it(evening: Evening) -> None:
    phone, triage, task, id = await evening.phone(), await coordinator(evening), uuid7(), uuid7()
    first = await triage.push("task.create", task, {"title": "Byt lampa", "observations": [id], "priority": 2})
    assert (first["outcome"], first["facts"]["kind"]) == ("deferred", "observation")

    await phone.push(
        "observation.record",
        id,
        {"walk": str(evening.walk), "category": "bel.trasig", "seen_at": evening.now.isoformat()},
    )

    assert (await the_finding(evening, id)).state is ObservationState.RECEIVED
