"""Findings through the one door: handed in by a phone, sorted at a desk, answered back."""

from typing import Any

import pytest

from tests.sync.desks import a_task, coordinator, handler, jobs_of, replies, reviewed, the_finding, the_task
from tests.web.phones import Evening
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.observations import ObservationState
from trygghetsvandring.domain.routing import Kind

pytest_plugins = ["tests.web.evenings"]
PERSONNUMMER = "850709-9805"


def a_body(evening: Evening, **changes: Any) -> dict[str, Any]:
    return {
        "walk": str(evening.walk),
        "stop": str(evening.stop),
        "category": "bel.trasig",
        "severity": 2,
        "text": "Mörkt.",
        "position": {"lat": 58.495, "lon": 13.1766, "accuracy_m": 6, "age_s": 2, "source": "gps"},
        "place_words": "",
        "seen_at": evening.now.isoformat(),
        "photos": [],
        "called": None,
        "checklist_item": None,
        "sent_alone": False,
        **changes,
    }


async def test_what_a_phone_hands_in_is_kept_whole_and_gets_a_receipt(evening: Evening) -> None:
    phone, id = await evening.phone(), uuid7()
    called = {"choice": "called", "at": evening.now.isoformat()}

    outcome = await phone.push("observation.record", id, a_body(evening, called=called, photos=[str(uuid7())]))

    assert (outcome["outcome"], outcome["receipt"]["number"][:3]) == ("applied", "LK-")
    found = await the_finding(evening, id)
    assert found.position is not None
    assert (found.position.lat, found.seen_at, found.stop) == (58.495, evening.now, evening.stop)
    assert found.called is not None
    assert (found.kind, found.state, len(found.photos)) == (Kind.FAULT, ObservationState.RECEIVED, 1)
    assert (await replies(phone))[str(id)]["state"] == "received"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"text": "a" * 501}, "text_too_long"),
        ({"text": f"Han är {PERSONNUMMER}"}, "personal_data"),
        ({"place_words": f"hos {PERSONNUMMER}"}, "personal_data"),
        ({"position": {"lat": 91, "lon": 13, "source": "gps"}}, "position_out_of_range"),
        ({"position": {"lat": 58, "lon": 13, "source": "star"}}, "malformed"),
        ({"severity": 7}, "severity_unknown"),
        ({"category": "ljud.musik", "photos": [str(uuid7())]}, "social_takes_no_photo"),
        ({"seen_at": "2026-11-20T20:41:00"}, "malformed"),
        ({"seen_at": "0002-11-20T20:41:00Z"}, "malformed"),
        ({"called": {"choice": "called", "at": "9999-12-31T20:41:00Z"}}, "malformed"),
        ({"checklist_item": "a" * 61}, "malformed"),
    ],
)
async def test_what_cannot_be_kept_is_refused_with_a_stable_code(
    evening: Evening, changes: dict[str, Any], code: str
) -> None:
    phone = await evening.phone()

    outcome = await phone.push("observation.record", uuid7(), a_body(evening, **changes))

    assert (outcome["outcome"], outcome["code"]) == ("rejected", code)
    assert PERSONNUMMER not in str(outcome)


async def test_a_finding_from_after_the_walk_or_at_a_stop_that_is_gone_is_kept(evening: Evening) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    await triage.done("walk.end", evening.walk)

    id = await phone.observe(stop=str(uuid7()), place_words="bakom skolan")

    assert (await the_finding(evening, id)).place_words == "bakom skolan"


async def test_an_unknown_category_waits_to_be_sorted(evening: Evening) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    id = await phone.observe(category="bel.framtid")
    assert (await the_finding(evening, id)).kind is Kind.EXPERIENCE

    await triage.done("observation.review", id, category="el", severity=None, note="")

    found = await the_finding(evening, id)
    assert (found.category, found.written_category, found.kind) == ("el", "bel.framtid", Kind.FAULT)
    assert await triage.refused("observation.review", id, category="bel.framtid", severity=1, note="") == (
        "category_unknown"
    )


async def test_the_same_id_twice_is_not_two_findings(evening: Evening) -> None:
    phone = await evening.phone()
    id = await phone.observe()

    outcome = await phone.push("observation.record", id, a_body(evening))

    assert outcome["outcome"] == "rejected"


async def test_a_phone_of_another_walk_hands_in_nothing_here(evening: Evening) -> None:
    phone = await evening.phone()
    outcome = await phone.push("observation.record", uuid7(), a_body(evening, walk=str(uuid7())))

    assert (outcome["outcome"], outcome["code"]) == ("deferred", "missing")


@pytest.mark.parametrize(
    ("category", "severity", "mails"), [("el", 1, 1), ("bel.trasig", 3, 1), ("bel.trasig", 2, 0), ("fara", None, 1)]
)
async def test_the_duty_address_hears_of_danger_and_of_nothing_else(
    evening: Evening, category: str, severity: int | None, mails: int
) -> None:
    phone = await evening.phone()

    id = await phone.observe(category=category, severity=severity)

    assert await jobs_of(evening, "mail.duty") == [{"observation": str(id)}] * mails


async def test_a_correction_that_makes_it_dangerous_is_heard_once(evening: Evening) -> None:
    phone = await evening.phone()
    id = await phone.observe(severity=1)

    for severity in (3, 3):
        outcome = await phone.push("observation.correct", id, {"severity": severity})
        assert outcome["outcome"] == "applied"

    assert await jobs_of(evening, "mail.duty") == [{"observation": str(id)}]
    assert (await the_finding(evening, id)).version == 3


async def test_a_correction_changes_only_what_it_names_and_only_by_its_author(evening: Evening) -> None:
    phone, other = await evening.phone(), await evening.phone()
    id = await phone.observe(text="En lampa.", severity=1)

    await phone.push("observation.correct", id, {"text": "Två lampor.", "position": None})
    stolen = await other.push("observation.correct", id, {"text": "Ingenting."})

    found = await the_finding(evening, id)
    assert (found.text, found.severity, found.position) == ("Två lampor.", 1, None)
    assert (stolen["outcome"], stolen["code"]) == ("rejected", "not_your_observation")


async def test_what_the_author_withdraws_is_gone_from_the_phones_answers(evening: Evening) -> None:
    phone = await evening.phone()
    id = await phone.observe()

    await phone.push("observation.withdraw", id, {"reason": "Jag såg fel."})

    assert (await the_finding(evening, id)).state is ObservationState.WITHDRAWN
    assert (await replies(phone))[str(id)] is None


async def test_withdrawing_what_somebody_works_on_is_written_in_its_task_and_moves_nothing(evening: Evening) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    task = await a_task(phone, triage)
    id = (await the_task(evening, task)).findings[0]

    await phone.push("observation.withdraw", id, {"reason": "Jag såg fel."})

    assert (await the_finding(evening, id)).state is ObservationState.LINKED
    assert (await triage.get(f"/api/observations/{id}"))["withdraw_reason"] == "Jag såg fel."
    last = (await the_task(evening, task)).history[-1]
    assert (last.text, last.internal) == ("Vill dra tillbaka sin iakttagelse. Jag såg fel.", True)
    assert "såg fel" not in str(await replies(phone))


async def test_no_action_is_answered_with_its_reason(evening: Evening) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    id = await reviewed(phone, triage)

    assert await triage.refused("observation.dismiss", id, reason="not_found", public_text="") == "field_missing"
    assert (
        await triage.refused("observation.dismiss", id, reason="not_found", public_text=f"Se {PERSONNUMMER}")
        == "public_text_not_safe"
    )
    await triage.done("observation.dismiss", id, reason="not_found", public_text="Alla lampor lyste.")

    told = (await replies(phone))[str(id)]
    assert (told["state"], told["public_text"]) == ("no_action", "Alla lampor lyste.")


async def test_the_one_that_was_merged_follows_the_other(evening: Evening) -> None:
    phone, second, triage = await evening.phone(), await evening.phone(), await coordinator(evening)
    kept, gone, task = await reviewed(phone, triage), await reviewed(second, triage), uuid7()
    await triage.done("observation.merge", gone, into=str(kept))

    await triage.done("task.create", task, title="Byt lampa", observations=[kept], priority=2)
    await triage.done("task.assign", task, department="gata-park", explanation="De har den.", due_on="2026-12-04")

    told = (await replies(second))[str(gone)]
    assert (told["state"], told["department"], told["task"]) == ("with_department", "Gata och park", str(task))

    await triage.done("observation.unmerge", gone)
    assert (await replies(second))[str(gone)]["state"] == "reviewed"
    assert await triage.refused("observation.unmerge", gone) == "no_such_arrow"


async def test_what_is_held_back_is_hidden_from_the_department_at_once(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await coordinator(evening), await handler(evening)
    id, task = await reviewed(phone, triage), uuid7()
    await triage.done("task.create", task, title="Byt lampa", observations=[id], priority=2)
    await triage.done("task.assign", task, department="gata-park", explanation="De har den.", due_on="2026-12-04")
    assert len((await gata.get(f"/api/tasks/{task}"))["findings"]) == 1

    await triage.done("observation.withhold", id, reason="Någon går att känna igen.")

    assert (await gata.get(f"/api/tasks/{task}"))["findings"] == []
    assert len((await triage.get(f"/api/tasks/{task}"))["findings"]) == 1
    assert (await replies(phone))[str(id)]["state"] == "received"
    await triage.done("observation.release", id)
    assert (await the_finding(evening, id)).state is ObservationState.LINKED


@pytest.mark.parametrize("type", ["observation.review", "observation.dismiss", "observation.withhold"])
async def test_only_the_coordinator_sorts(evening: Evening, type: str) -> None:
    phone, gata = await evening.phone(), await handler(evening)
    id = await phone.observe()
    body = {"category": "el", "severity": 1, "note": "", "reason": "not_found", "public_text": "Nej."}

    assert await gata.refused(type, id, **body) == "not_allowed"
    assert (await phone.push(type, id, body))["code"] == "not_allowed"
