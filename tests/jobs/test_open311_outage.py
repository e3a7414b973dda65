"""Another system that is away for days, or whose connection is shut for a while: it is asked again afterwards."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest
from sqlalchemy import func, select

from tests.jobs.open311_stub import Stub, a_stub
from tests.jobs.test_open311 import KEY, PARTY, an_update, connected, delivery, handed, worked
from tests.sync.desks import Desk, jobs_of, the_task
from tests.web.phones import MUNICIPALITY, Evening
from trygghetsvandring.domain.connections import partner_id
from trygghetsvandring.domain.tasks import TaskState
from trygghetsvandring.jobs import daily, open311, open311_sweep
from trygghetsvandring.jobs.open311 import PULL
from trygghetsvandring.jobs.work import Lane
from trygghetsvandring.storage import queue
from trygghetsvandring.storage.queue import Waiting
from trygghetsvandring.storage.tables import jobs
from trygghetsvandring.sync.ops.connections import PUSH, SWEEP

pytest_plugins = ["tests.web.evenings"]


@pytest.fixture
def stub() -> Iterator[Stub]:
    with a_stub() as it:
        yield it


async def hours(evening: Evening, n: int) -> None:
    """The runner's own pace: what is due is done, on a clock that goes four hours at a time."""
    runner = evening.app.state.runner
    for hour in range(0, n, 4):
        evening.now += timedelta(hours=4)
        await runner.round(Lane.OUTSIDE)
        if hour % 24 == 0:
            await daily.plan(runner._context)
            while await runner.round(Lane.DAILY):
                pass


async def waiting(evening: Evening, kind: str) -> int:
    async with evening.house.store.read() as db:
        asked = select(func.count()).where(jobs.c.kind == kind, jobs.c.done_at.is_(None), jobs.c.failed_at.is_(None))
        return int((await db.execute(asked)).scalar_one())


async def given_up(evening: Evening) -> int:
    async with evening.house.store.read() as db:
        asked = select(func.count()).where(jobs.c.kind == PULL, jobs.c.failed_at.is_not(None))
        return int((await db.execute(asked)).scalar_one())


async def swept(evening: Evening, times: int = 1) -> None:
    """As the day's own job does it, and done twice as a job may be."""
    context = evening.app.state.runner._context
    for n in range(times):
        id = uuid5(UUID(int=n), "sweep")
        job = Waiting(municipality=MUNICIPALITY, id=id, kind=open311_sweep.DAILY, body="{}", attempts=0)
        await open311_sweep.look_through(context, job)
        await open311_sweep.look_through(context, job)


async def switched(triage: Desk, stub: Stub, *, is_open: bool) -> None:
    body: dict[str, Any] = {"organisation": PARTY, "endpoint": stub.url, "services": {"": "lampor"}}
    body |= {"knows_repeats": True, "is_open": is_open}
    await triage.done("partner.set", partner_id(MUNICIPALITY, PARTY), **body)


async def test_after_four_days_of_silence_their_word_is_heard_and_nothing_is_doubled(
    evening: Evening, stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "GIVE_UP_AFTER", 10)  # within two days at this pace too
    triage = await connected(evening, stub)
    task = await handed(evening, triage)
    await worked(evening, 2)
    heard = (await delivery(triage, task))["asked_at"]
    stub.silences = 10**6
    await hours(evening, 4 * 24)
    still = (await delivery(triage, task))["asked_at"]
    assert await given_up(evening) >= 1
    stub.silences, stub.updates = 0, [an_update("100", "FIXED", "Lampan är bytt.")]

    await hours(evening, 26)

    assert still == heard
    assert (await the_task(evening, task)).state is TaskState.DONE
    assert (await delivery(triage, task))["asked_at"] > heard
    assert len(stub.posted) == 1


async def test_the_sweep_doubles_nothing_that_is_planned(evening: Evening, stub: Stub) -> None:
    triage = await connected(evening, stub)
    await handed(evening, triage)
    await swept(evening, 2)
    assert await waiting(evening, PUSH) == 1
    await worked(evening)

    await swept(evening, 2)

    assert await waiting(evening, PULL) == 1 and await waiting(evening, PUSH) == 0


async def test_what_waited_while_the_connection_was_off_goes_on_when_it_is_on_again(
    evening: Evening, stub: Stub
) -> None:
    triage = await connected(evening, stub)
    asked, given = await handed(evening, triage), await handed(evening, triage)
    await triage.done("task.decline", given, reason="wrong_owner", public_text="Det är inte deras.")
    await worked(evening)
    again = {"department": PARTY, "explanation": "Jo, det är deras.", "due_on": "2026-12-04"}
    await triage.done("task.assign", given, **again)
    await switched(triage, stub, is_open=False)
    await worked(evening, 2)
    paused = await delivery(triage, given)
    meanwhile = await handed(evening, triage)  # nobody signs in there, and it has no address: nobody was told
    assert await waiting(evening, PULL) == 0 and len(stub.posted) == 1

    await switched(triage, stub, is_open=True)
    await worked(evening, 3)

    assert (paused["state"], paused["reason"]) == ("pending", "paused")
    for task in (asked, given, meanwhile):
        assert (await delivery(triage, task))["state"] == "acknowledged"
    assert len(stub.posted) == len(stub.made) == 3
    assert KEY not in str(await jobs_of(evening, SWEEP))


async def test_a_death_between_their_number_and_the_next_question_asks_it_all_the_same(
    evening: Evening, stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    triage = await connected(evening, stub)
    task = await handed(evening, triage)
    ask, dies = open311._ask_later, [True]

    async def dying(*args: Any) -> None:
        if dies:
            dies.pop()
            raise RuntimeError("killed")
        await ask(*args)

    monkeypatch.setattr(open311, "_ask_later", dying)
    await worked(evening, 3)

    assert (await delivery(triage, task))["asked_at"] is not None
    assert len(stub.posted) == 1


async def test_what_was_found_again_after_an_unclear_answer_is_asked_about(evening: Evening, stub: Stub) -> None:
    stub.knows_repeats, stub.answers = False, [(500, "text/html", b"oops")]
    triage = await connected(evening, stub, knows_repeats=False)
    task = await handed(evening, triage)

    await worked(evening, 2)

    assert (await delivery(triage, task))["asked_at"] is not None


async def test_opened_again_it_is_sent_anew_and_the_first_time_is_asked_about_no_more(
    evening: Evening, stub: Stub
) -> None:
    triage = await connected(evening, stub)
    task = await handed(evening, triage)
    stub.updates = [an_update("100", "FIXED", "Lampan är bytt.")]
    await worked(evening, 3)
    body = {"department": PARTY, "seen": "Den är fortfarande mörk.", "due_on": "2026-12-18"}
    await triage.done("task.reopen", task, **body)

    await worked(evening, 3)
    await swept(evening)

    rows = (await triage.get(f"/api/tasks/{task}/deliveries"))["deliveries"]
    assert [(it["turn"], it["state"], it["remote_id"]) for it in rows] == [
        (2, "acknowledged", "101"),
        (1, "acknowledged", "100"),
    ]
    assert len(set(stub.keys)) == 2 and await waiting(evening, PULL) == 1


async def test_the_desk_says_when_each_system_was_last_heard(evening: Evening, stub: Stub) -> None:
    triage = await connected(evening, stub)
    before = (await triage.get("/api/connections"))["partners"][0]["heard_at"]
    await handed(evening, triage)
    await worked(evening, 2)

    assert before is None
    assert (await triage.get("/api/connections"))["partners"][0]["heard_at"] is not None
