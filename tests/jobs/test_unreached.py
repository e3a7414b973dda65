"""What does not come through to another system reaches a person: in a list with a reason and a press, and by mail."""

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any
from uuid import UUID, uuid5

import pytest

from tests.jobs.open311_stub import Stub, a_stub
from tests.jobs.test_open311 import PARTY, an_update, connected, delivery, handed, worked
from tests.jobs.test_webhooks import Listener, listener, told
from tests.sync.desks import Desk, a_task, handler, jobs_of, the_task
from tests.web.phones import MUNICIPALITY, Evening
from trygghetsvandring.domain.tasks import TaskState
from trygghetsvandring.domain.unreached import Silent, is_told
from trygghetsvandring.integrations.outside_letters import reason_words
from trygghetsvandring.jobs import open311_sweep, unreached, webhooks
from trygghetsvandring.jobs.work import Lane
from trygghetsvandring.storage import queue
from trygghetsvandring.storage.queue import Waiting
from trygghetsvandring.sync.ops.connections import PUSH

pytest_plugins = ["tests.web.evenings"]
__all__ = ["listener"]  # a fixture


@pytest.fixture
def stub() -> Iterator[Stub]:
    with a_stub() as it:
        yield it


async def letters(evening: Evening) -> list[Any]:
    """Those about other systems, to the demo's coordinator."""
    evening.now += timedelta(hours=1)
    while await evening.app.state.runner.round(Lane.LETTERS):
        pass
    all_ = [message_from_bytes(it.read_bytes(), policy=policy.default) for it in (evening.folder / "mail").glob("*")]
    return [it for it in all_ if it["Subject"].startswith("Andra system:") and it["To"] == "samordnare@lidkoping"]


async def outside(triage: Desk) -> Any:
    return (await triage.get("/api/reminders"))["outside"]


async def swept(evening: Evening) -> None:
    job = Waiting(municipality=MUNICIPALITY, id=uuid5(UUID(int=0), str(evening.now)), kind="", body="{}", attempts=0)
    await open311_sweep.look_through(evening.app.state.runner._context, job)


async def test_what_they_turned_away_is_told_in_one_letter_and_listed_until_it_has_come_through(
    evening: Evening, stub: Stub
) -> None:
    stub.answers = ["turned away", "turned away"]
    triage = await connected(evening, stub)
    first, second = await handed(evening, triage), await handed(evening, triage)
    await worked(evening, 2)

    rows = (await outside(triage))["tasks"]
    (letter,) = await letters(evening)

    assert {row["id"] for row in rows} == {str(first), str(second)}
    assert {(row["party"], row["reason"], row["may_retry"]) for row in rows} == {("Västtrafik", "http_403", True)}
    assert letter["Subject"] == "Andra system: 2 saker behöver dig"
    assert "till Västtrafik" in letter.get_content() and "kod 403" in letter.get_content()
    for task in (first, second):
        await triage.done("delivery.retry", task, turn=1)
    await worked(evening)
    assert (await outside(triage))["tasks"] == [] and len(await letters(evening)) == 1
    assert (await (await handler(evening)).get("/api/reminders"))["outside"] is None


async def test_a_process_that_dies_between_the_failure_and_the_letter_still_gets_it_sent(
    evening: Evening, stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub.answers = ["turned away"]
    triage = await connected(evening, stub)
    await handed(evening, triage)

    async def dies(*_: object) -> None:
        raise RuntimeError("the process dies here")

    with monkeypatch.context() as patch:
        patch.setattr(unreached, "tell_within_the_hour", dies)
        await worked(evening)
    assert await letters(evening) == []

    await worked(evening)

    assert len(await letters(evening)) == 1


async def test_what_was_done_without_them_asks_nobody_to_send_it(evening: Evening, stub: Stub) -> None:
    stub.answers = ["turned away", "turned away"]
    triage = await connected(evening, stub)
    task, retried = await handed(evening, triage), await handed(evening, triage)
    await worked(evening)
    await triage.done("delivery.retry", retried, turn=1)
    for it in (task, retried):
        await triage.done("task.accept", it, person="Per telefon")
        await triage.done("task.finish", it, extent="full", public_text="Lampan är bytt.")
    await worked(evening)  # what was pressed for finds nothing to send
    evening.now += timedelta(days=2)
    sent = await jobs_of(evening, PUSH)

    await swept(evening)

    assert (await outside(triage))["tasks"] == []
    assert await triage.refused("delivery.retry", task, turn=1) == "task_is_closed"
    assert await jobs_of(evening, PUSH) == sent


async def test_a_system_that_says_nothing_for_two_days_is_listed_and_told_of_once(evening: Evening, stub: Stub) -> None:
    triage = await connected(evening, stub)
    task = await handed(evening, triage)
    await worked(evening, 2)
    assert (await outside(triage))["silent"] == []
    stub.silences = 10**6
    told = []
    for _ in range(4):
        evening.now += timedelta(hours=23)  # an hour more passes with the letters
        await worked(evening)
        await swept(evening)
        told.append(len(await letters(evening)))

    (row,) = (await outside(triage))["silent"]
    assert (row["party"], row["tasks"], row["since"]) == ("Västtrafik", 1, (await delivery(triage, task))["asked_at"])
    assert told == [0, 0, 1, 1]


def test_silence_is_told_of_after_two_days_then_each_week(evening: Evening) -> None:
    silent = Silent(organisation=PARTY, since=evening.now, tasks=1)

    days = [n for n in range(1, 30) if is_told(silent, evening.now + timedelta(days=n, hours=3))]

    assert days == [2, 7, 14, 21, 28]


async def test_what_may_lie_with_a_party_that_lost_it_asks_a_person_to_ring(evening: Evening, stub: Stub) -> None:
    stub.knows_repeats, stub.answers, stub.silences = False, [(500, "text/html", b"oops")], 10**6
    triage = await connected(evening, stub, knows_repeats=False)
    task = await handed(evening, triage)
    await worked(evening)
    await triage.done("task.decline", task, reason="wrong_owner", public_text="Det är inte deras.")
    again = {"department": "gata-park", "explanation": "Gatans.", "due_on": "2026-12-04"}
    await triage.done("task.assign", task, **again)
    await worked(evening)

    (row,) = (await outside(triage))["tasks"]

    assert (row["id"], row["may_retry"]) == (str(task), False) and row["reason"].startswith("unclear")


async def test_what_they_call_undone_after_it_was_done_is_told_and_listed_until_they_say_that_it_is_over(
    evening: Evening, stub: Stub
) -> None:
    triage = await connected(evening, stub)
    task = await handed(evening, triage)
    await worked(evening, 2)
    stub.updates = [an_update("100", "FIXED", "Lampan är bytt.", "u2", "2026-11-21T20:00:00Z")]
    await worked(evening)
    stub.updates.insert(0, an_update("100", "IN_PROGRESS", "På väg.", "u1", "2026-11-21T08:00:00Z"))  # came late
    await worked(evening)
    assert (await outside(triage))["undone"] == []

    stub.updates.append(an_update("100", "OPEN", "Fel lampa. Den rätta väntar.", "u3", "2026-11-22T08:00:00Z"))
    await worked(evening)

    (row,) = (await outside(triage))["undone"]
    (letter,) = await letters(evening)
    now = await the_task(evening, task)
    assert (row["id"], row["party"]) == (str(task), "Västtrafik")
    assert "Västtrafik säger att det inte är klart" in letter.get_content()
    assert now.state is TaskState.DONE and now.history[-1].text == "Västtrafik: OPEN. Fel lampa. Den rätta väntar."
    stub.updates.append(an_update("100", "FIXED", "Nu är den rätta bytt.", "u4", "2026-11-23T08:00:00Z"))
    await worked(evening)
    assert (await outside(triage))["undone"] == []
    await triage.done("task.confirm", task, seen="good")
    await worked(evening, 2)
    assert await jobs_waiting(evening) == 0  # somebody has seen it: nobody is asked any more


async def jobs_waiting(evening: Evening) -> int:
    async with evening.house.store.read() as db:
        return len(await queue.waiting(db, MUNICIPALITY, ["open311.pull"]))


async def test_calls_that_were_given_up_are_listed_and_told_again_under_the_same_id(
    evening: Evening, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "MOST_TRIES", 2)
    triage, _ = await told(evening, listener, unit="gata-park")
    listener.answers = [500] * 4
    task, gata = await a_task(await evening.phone(), triage), await handler(evening)
    await gata.done("task.accept", task, person="Bo")
    await worked(evening, 3)
    (row,) = (await outside(triage))["webhooks"]
    assert len(await letters(evening)) == 1
    before = [heard["webhook-id"] for heard, _ in listener.heard]

    await triage.done("webhook.retry", UUID(row["id"]))
    await worked(evening, 2)

    assert (row["name"], row["calls"], row["reason"]) == ("Öppna data", 2, "http_500")
    assert len(listener.heard) == 5  # the task once, as it stands now
    assert listener.heard[-1][0]["webhook-id"] == before[-1]
    assert listener.said[-1]["data"]["state"] == "accepted"
    assert (await outside(triage))["webhooks"] == []
    calls = (await triage.get("/api/connections"))["calls"]
    assert sorted(it["state"] for it in calls) == ["sent", "superseded"]


@pytest.mark.parametrize(
    ("code", "words"),
    [("http_403", "kod 403"), ("unclear: no_answer", "Ingen vet"), ("paused", "av"), ("nytt", "Orsak: nytt.")],
)
def test_every_code_has_words(code: str, words: str) -> None:
    assert words in reason_words(code)
