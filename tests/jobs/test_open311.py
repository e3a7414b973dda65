"""A task handed to another system: nothing goes twice, the state is true, and nothing is done without their words."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from tests.jobs.open311_stub import HTML, Stub, a_stub
from tests.sync.desks import Desk, a_task, coordinator, handler, the_task
from tests.web.phones import MUNICIPALITY, Evening
from trygghetsvandring.domain.connections import DELIVERY_PASSAGES, DeliveryState, Partner, partner_id
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.tasks import TaskState
from trygghetsvandring.jobs import open311_case
from trygghetsvandring.jobs.work import Lane
from trygghetsvandring.storage import municipalities, records
from trygghetsvandring.storage.tables import jobs, operations

pytest_plugins = ["tests.web.evenings"]
PARTY = "vasttrafik"
KEY = "deras-hemliga-nyckel-till-oss"


@pytest.fixture
def stub() -> Iterator[Stub]:
    with a_stub() as it:
        yield it


@pytest.fixture
def impatient(answer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only where waiting is what is tried: on a busy machine any answer may take this long."""
    if answer == "late":
        monkeypatch.setattr(open311_case, "SECONDS", 0.5)


async def allow_loopback(evening: Evening) -> None:
    async with evening.house.store.write() as db:
        here = await municipalities.municipality(db, MUNICIPALITY)
        assert here is not None
        await municipalities.keep(db, replace(here, own_networks=("127.0.0.0/8",)))


async def connected(evening: Evening, stub: Stub, **changes: Any) -> Desk:
    """The coordinator, who has entered the party's system at the desk."""
    triage = await coordinator(evening)
    await allow_loopback(evening)
    answer = await evening.http.post("/api/connections/seal", json={"text": KEY}, headers=triage.headers)
    body: dict[str, Any] = {"organisation": PARTY, "endpoint": stub.url, "services": {"": "lampor"}}
    body |= {"sealed_key": answer.json()["sealed"], "knows_repeats": True}
    await triage.done("partner.set", partner_id(MUNICIPALITY, PARTY), **{**body, **changes})
    return triage


async def worked(evening: Evening, times: int = 1) -> None:
    """What is due now is done; what failed is due at once."""
    for _ in range(times):
        async with evening.house.store.write() as db:
            await db.execute(update(jobs).where(jobs.c.done_at.is_(None)).values(run_at=evening.now))
        await evening.app.state.runner.round(Lane.OUTSIDE)


async def delivery(triage: Desk, task: UUID) -> Any:
    return (await triage.get(f"/api/tasks/{task}/deliveries"))["deliveries"][0]


async def handed(evening: Evening, triage: Desk) -> UUID:
    return await a_task(await evening.phone(), triage, department=PARTY)


# ---------------------------------------------------------------- sending


async def test_a_task_given_to_the_party_is_sent_once_and_the_task_says_so(evening: Evening, stub: Stub) -> None:
    triage = await connected(evening, stub)
    task = await handed(evening, triage)
    await worked(evening)

    it = await delivery(triage, task)

    assert (it["state"], it["remote_id"], it["party"]) == ("acknowledged", "100", "Västtrafik")
    (form,) = stub.posted
    assert form["service_code"] == "lampor" and form["api_key"] == KEY
    assert form["description"].startswith("Byt lampa") and "Mörkt nästan" not in form["description"]
    async with evening.house.store.read() as db:
        kept = str((await db.execute(select(operations.c.wire))).all()) + str(
            (await db.execute(select(jobs.c.body))).all()
        )
    assert KEY not in kept


@pytest.mark.parametrize(
    "answer",
    ["late", "twice", HTML, (500, "text/html", b"oops"), (200, "application/json", b'[{"service_'), (200, "", b"[]")],
    ids=["late", "twice", "html", "500", "half json", "empty"],
)
@pytest.mark.usefixtures("impatient")
async def test_an_answer_that_is_late_wrong_or_double_doubles_nothing(
    evening: Evening, stub: Stub, answer: Any
) -> None:
    stub.answers = [answer, answer]
    triage = await connected(evening, stub)
    task = await handed(evening, triage)

    await worked(evening, 4)

    it = await delivery(triage, task)
    assert (it["state"], it["remote_id"]) == ("acknowledged", "100")
    assert len(stub.made) == 1
    assert len(set(stub.keys)) == 1


@pytest.mark.parametrize("answer", ["late", HTML, (500, "text/html", b"oops")], ids=["late", "html", "500"])
@pytest.mark.usefixtures("impatient")
async def test_a_system_that_does_not_know_repeats_is_never_sent_the_same_twice(
    evening: Evening, stub: Stub, answer: Any
) -> None:
    """Shown to everybody, it is found again; otherwise a person is told that nobody knows."""
    for shown, state in ((True, "acknowledged"), (False, "failed")):
        stub.knows_repeats, stub.shown, stub.answers = False, shown, [answer]
        triage = await connected(evening, stub, knows_repeats=False)
        task = await handed(evening, triage)

        await worked(evening, 3)

        it = await delivery(triage, task)
        assert it["state"] == state
        assert it["reason"].startswith("unclear") is not shown
    assert len(stub.made) == len(stub.posted) == 2


async def test_who_does_not_answer_when_looked_for_is_asked_again_before_a_person_is(
    evening: Evening, stub: Stub
) -> None:
    for silences, state in ((3, "acknowledged"), (1_000, "failed")):
        stub.knows_repeats, stub.answers, stub.silences = False, [HTML], silences
        triage = await connected(evening, stub, knows_repeats=False)
        task = await handed(evening, triage)

        await worked(evening)
        waits = await delivery(triage, task)
        await worked(evening, 7)

        assert waits["state"] == "sent"
        assert (await delivery(triage, task))["state"] == state
    assert len(stub.made) == len(stub.posted) == 2


async def test_what_may_have_arrived_and_is_given_to_somebody_else_is_told_to_a_person(
    evening: Evening, stub: Stub
) -> None:
    stub.knows_repeats, stub.answers, stub.silences = False, [HTML], 1_000
    triage = await connected(evening, stub, knows_repeats=False)
    task = await handed(evening, triage)
    await worked(evening)
    assert (await delivery(triage, task))["state"] == "sent"

    await triage.done("task.decline", task, reason="wrong_owner", public_text="Det är inte deras.")
    await worked(evening)

    it = await delivery(triage, task)
    assert (it["state"], it["reason"].partition(":")[0]) == ("failed", "unclear")


async def test_a_server_that_died_between_sending_and_noting_sends_the_same_key(evening: Evening, stub: Stub) -> None:
    triage = await connected(evening, stub)
    task = await handed(evening, triage)
    act, dies = evening.house.engine.act, [True]

    async def dying(municipality: str, type: str, entity: UUID, body: dict[str, Any], *args: Any, **more: Any) -> Any:
        if type == "delivery.note" and body["to"] == "acknowledged" and dies:
            dies.pop()
            raise RuntimeError("killed")
        return await act(municipality, type, entity, body, *args, **more)

    evening.house.engine.act = dying  # type: ignore[method-assign]
    await worked(evening, 3)

    assert (await delivery(triage, task))["state"] == "acknowledged"
    assert len(stub.made) == 1 and len(stub.posted) == 2


async def test_what_never_left_waits_and_says_why_and_what_was_refused_asks_a_person(
    evening: Evening, stub: Stub
) -> None:
    triage = await connected(evening, stub, endpoint="http://127.0.0.1:9/open311/v2")
    task = await handed(evening, triage)
    await worked(evening)
    waiting = await delivery(triage, task)

    await connected(evening, stub)
    stub.answers = ["turned away"]
    await worked(evening)
    failed = await delivery(triage, task)
    await worked(evening, 2)

    assert (waiting["state"], waiting["reason"]) == ("pending", "not_reached")
    assert (failed["state"], failed["reason"]) == ("failed", "http_403")
    assert stub.made == {}
    await triage.done("delivery.retry", task, turn=1)
    await worked(evening)
    assert (await delivery(triage, task))["state"] == "acknowledged"
    assert await triage.refused("delivery.retry", task, turn=1) == "delivery_stands"


async def test_given_to_them_again_it_is_sent_again_and_taken_back_before_it_left_not_at_all(
    evening: Evening, stub: Stub
) -> None:
    triage = await connected(evening, stub)
    task = await handed(evening, triage)
    await triage.done("task.decline", task, reason="wrong_owner", public_text="Det är inte deras.")
    await worked(evening)
    assert stub.posted == []

    await triage.done("task.assign", task, department=PARTY, explanation="Jo, det är deras.", due_on="2026-12-04")
    await worked(evening)

    assert len(stub.made) == 1
    assert (await delivery(triage, task))["turn"] == 2


async def test_only_the_municipalitys_own_networks_are_reached_without_tls(evening: Evening, stub: Stub) -> None:
    triage = await connected(evening, stub)
    async with evening.house.store.write() as db:
        here = await municipalities.municipality(db, MUNICIPALITY)
        assert here is not None
        await municipalities.keep(db, replace(here, own_networks=()))
    task = await handed(evening, triage)

    await worked(evening)

    assert stub.posted == []
    assert (await delivery(triage, task))["reason"] == "address_not_allowed"


async def test_only_a_coordinator_enters_a_system_and_only_for_who_owns_tasks(evening: Evening, stub: Stub) -> None:
    triage, gata = await coordinator(evening), await handler(evening)
    body = {"organisation": "polisen", "endpoint": stub.url, "services": {"": "x"}}

    assert await triage.refused("partner.set", partner_id(MUNICIPALITY, "polisen"), **body) == "partner_unknown"
    assert await gata.refused("partner.set", partner_id(MUNICIPALITY, PARTY), **body) == "not_allowed"
    assert await triage.refused("partner.set", uuid7(), **body) == "malformed"


async def test_a_page_from_before_the_answers_keeps_them_when_it_saves(evening: Evening, stub: Stub) -> None:
    triage = await connected(evening, stub, attributes={"stolpe": "vet inte"})
    body = {"organisation": PARTY, "endpoint": stub.url, "services": {"": "annat"}}
    for said, kept in (({}, {"stolpe": "vet inte"}), ({"attributes": {}}, {})):
        await triage.done("partner.set", partner_id(MUNICIPALITY, PARTY), **body, **said)
        async with evening.house.store.read() as db:
            it = await records.one(db, MUNICIPALITY, Partner, partner_id(MUNICIPALITY, PARTY))
        assert it is not None and (it.services, it.attributes) == ({"": "annat"}, kept)


def test_every_state_of_a_delivery_can_be_reached_and_only_an_acknowledged_one_is_the_end() -> None:
    reached: set[DeliveryState | None] = {None}
    while new := {end for start, end in DELIVERY_PASSAGES if start in reached} - reached:
        reached |= new

    assert reached == {None, *DeliveryState}
    leaves = {start for start, end in DELIVERY_PASSAGES if start is not end}
    assert set(DeliveryState) - leaves == {DeliveryState.ACKNOWLEDGED}


# ---------------------------------------------------------------- hearing


def an_update(
    number: str, status: str, text: str = "", id: str = "u1", at: str = "2026-11-20T20:00:00Z"
) -> dict[str, str]:
    return {
        "update_id": id,
        "service_request_id": number,
        "status": status,
        "updated_datetime": at,
        "description": text,
    }


async def test_their_updates_are_taken_in_once_each_as_what_they_report(evening: Evening, stub: Stub) -> None:
    triage = await connected(evening, stub)
    task = await handed(evening, triage)
    await worked(evening, 2)
    accepted = await the_task(evening, task)
    stub.updates = [
        an_update("100", "IN_PROGRESS", "Montör på väg."),
        an_update("100", "IN_PROGRESS", "Montör på väg."),
    ]
    await worked(evening)
    stub.updates += [
        an_update("100", "FIXED", "Lampan är bytt.", "u2", "2026-11-21T20:00:00Z"),
        an_update("999", "FIXED", "x", "u3"),
    ]
    evening.now += timedelta(days=2)
    await worked(evening, 3)

    done = await the_task(evening, task)

    assert accepted.state is TaskState.ACCEPTED
    assert [event.type for event in done.history][2:] == ["task.accept", "task.start", "task.finish"]
    assert (done.state, done.public_text) == (TaskState.DONE, "Lampan är bytt.")
    assert done.finished_by == "Open311, för Västtrafik"  # they say so; nobody has seen it
    it = await delivery(triage, task)
    assert (it["remote_status"], it["remote_text"]) == ("FIXED", "Lampan är bytt.")


@pytest.mark.parametrize(
    ("status", "text", "note"),
    [
        ("FIXED", "", "Västtrafik har stängt det utan att säga varför. Fråga dem (FIXED)."),
        ("CLOSED", "Klart.", "Västtrafik har stängt det. Läs och avgör: Klart."),
        ("NO_FURTHER_ACTION", "", "Västtrafik har stängt det utan att säga varför. Fråga dem (NO_FURTHER_ACTION)."),
        ("FIXED", "Ring 19121212-1212.", "Västtrafik: FIXED. Texten kan inte visas här. Läs den hos dem."),
    ],
)
async def test_nothing_is_done_without_words_of_theirs_that_can_be_shown(
    evening: Evening, stub: Stub, status: str, text: str, note: str
) -> None:
    triage = await connected(evening, stub)
    task = await handed(evening, triage)
    await worked(evening, 2)
    stub.updates = [an_update("100", status, text)]

    await worked(evening, 3)

    now = await the_task(evening, task)
    assert now.state is TaskState.ACCEPTED
    assert [event.text for event in now.history if event.type == "task.note"] == [note]


async def test_a_units_own_system_works_as_its_handlers_do_and_its_no_waits_for_its_head(
    evening: Evening, stub: Stub
) -> None:
    triage, unit = await coordinator(evening), "gata-park"
    await allow_loopback(evening)
    body = {"organisation": unit, "endpoint": stub.url, "services": {"": "lampor"}, "knows_repeats": True}
    await triage.done("partner.set", partner_id(MUNICIPALITY, unit), **body)
    phone = await evening.phone()
    task, other = await a_task(phone, triage), await a_task(phone, triage)
    await worked(evening, 2)
    no = {"reason": "wrong_owner", "public_text": "Inte vårt.", "next_owner": PARTY}
    await (await handler(evening)).done("task.decline", other, **no)  # though their system has it: nobody works on it
    stub.updates = [an_update("100", "NO_FURTHER_ACTION", "Ingen budget.")]
    await worked(evening)
    refused = await the_task(evening, task)
    stub.updates += [an_update("100", "FIXED", "Lampan är bytt.", "u2", "2026-11-21T20:00:00Z")]
    await worked(evening)

    done = await the_task(evening, task)

    assert (refused.state, refused.history[-1].text) == (
        TaskState.ASSIGNED,
        "Gata och park: NO_FURTHER_ACTION. Ingen budget.",
    )
    assert (done.state, done.finished_by, done.finished_by_organisation) == (
        TaskState.DONE,
        "Open311, Gata och park",
        unit,
    )


async def test_their_no_is_theirs_with_the_reason(evening: Evening, stub: Stub) -> None:
    triage = await connected(evening, stub)
    task = await handed(evening, triage)
    await worked(evening, 2)
    stub.updates = [an_update("100", "NO_FURTHER_ACTION", "Hållplatsen läggs ner.")]

    await worked(evening, 2)

    now = await the_task(evening, task)
    assert (now.state, now.public_text) == (TaskState.WONT_DO, "Hållplatsen läggs ner.")


async def test_a_token_becomes_a_number_and_a_system_without_updates_says_it_in_the_request(
    evening: Evening, stub: Stub
) -> None:
    stub.answers = ["token"]
    triage = await connected(evening, stub)
    task = await handed(evening, triage)
    await worked(evening)
    before = await delivery(triage, task)
    stub.status = {"status": "closed", "status_notes": "Utbytt i dag."}

    await worked(evening, 2)

    assert (before["token"], before["remote_id"]) == ("t-100", "")
    assert (await delivery(triage, task))["remote_id"] == "100"
    now = await the_task(evening, task)
    assert now.state is TaskState.ACCEPTED
    assert [e.text for e in now.history if e.type == "task.note"] == [
        "Västtrafik har stängt det. Läs och avgör: Utbytt i dag."
    ]
