"""Feedback that tells of a fault: a finding like any other, handed over to Tyck till by machine, with its receipt."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import update

from tests.jobs.open311_stub import Stub, a_stub
from tests.makers import COORDINATOR, LIDKOPING, a_municipality, an_evening
from tests.web.mail_houses import MailHouse, a_mail_house
from tests.web.test_feedback import ADDRESS, TELL, close, desk, everywhere, send
from trygghetsvandring.domain.connections import partner_id
from trygghetsvandring.domain.departments import Organisation, OrganisationKind
from trygghetsvandring.domain.feedback import finding_id
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.jobs.work import Lane
from trygghetsvandring.storage import records
from trygghetsvandring.storage.tables import jobs
from trygghetsvandring.sync.municipalities import settle
from trygghetsvandring.web import feedback

TYCK_TILL = "tyck-till"
TEXT = "Lampan vid bron är sönder sedan i måndags."


@pytest.fixture
def stub() -> Iterator[Stub]:
    with a_stub() as it:
        yield it


@pytest_asyncio.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[MailHouse]:
    feedback.forget_tries()
    async with an_evening(database, tmp_path) as evening, a_mail_house(evening) as it:
        here = a_municipality(tell_on_url=TELL, own_networks=("127.0.0.0/8",))
        party = Organisation(id=TYCK_TILL, name="Tyck till", kind=OrganisationKind.PRIVATE)
        await settle(evening.store, replace(here, departments=(*here.departments, party)))
        yield it


async def act(house: MailHouse, type: str, entity: UUID, body: dict[str, Any] | None = None) -> Any:
    return await house.evening.act(type, entity, body or {}, COORDINATOR)


async def done(house: MailHouse, type: str, entity: UUID, **body: Any) -> None:
    outcome = await act(house, type, entity, body)
    assert outcome.outcome == "applied", outcome


async def given(house: MailHouse, text: str = TEXT, mail: str = "") -> UUID:
    asked = await send(house, helped="no", text=text, mail=mail)
    if asked.status_code == 422:
        assert (await send(house, asked, helped="no", text=text, mail=mail)).status_code == 200
    return UUID((await desk(house))["rows"][0]["id"])


async def the_finding(house: MailHouse, feedback: UUID) -> Observation:
    async with house.evening.store.read() as db:
        found = await records.one(db, LIDKOPING, Observation, finding_id(feedback))
    assert found is not None
    return found


async def worked(house: MailHouse, times: int) -> None:
    for _ in range(times):
        async with house.evening.store.write() as db:
            await db.execute(update(jobs).where(jobs.c.done_at.is_(None)).values(run_at=house.evening.now))
        await house.evening.app.state.runner.round(Lane.OUTSIDE)


async def test_a_fault_told_on_the_page_goes_to_tyck_till_once_and_its_receipt_is_read_at_the_task(
    house: MailHouse, stub: Stub
) -> None:
    body = {"organisation": TYCK_TILL, "endpoint": stub.url, "services": {"": "lampor"}, "knows_repeats": True}
    await done(house, "partner.set", partner_id(LIDKOPING, TYCK_TILL), **body)
    told, task = await given(house, mail=ADDRESS), uuid7()
    for _ in range(2):
        await done(house, "feedback.make_finding", told)
    found = await the_finding(house, told)
    await done(house, "observation.review", found.id, category="bel.trasig", severity=1)
    await done(house, "observation.moderate", found.id, place="Bron vid ån")
    await done(house, "task.create", task, title="Byt lampa", observations=[str(found.id)], priority=2)
    given_to = {"department": TYCK_TILL, "explanation": "Felet hör till dem.", "due_on": "2026-12-18"}
    stub.answers = [(500, "text/html", b"oops")]  # it was taken in, and the answer got lost
    await done(house, "task.assign", task, **given_to)

    await worked(house, 4)

    headers = await house.signed_in(await house.user(COORDINATOR.role, "samordning", "k@lidkoping.example"))
    (it,) = (await house.get(f"/api/tasks/{task}/deliveries", **headers)).json()["deliveries"]
    assert (it["party"], it["state"], it["remote_id"]) == ("Tyck till", "acknowledged", "100")
    assert len(stub.made) == 1 and len(set(stub.keys)) == 1
    assert not any(TEXT in form["description"] or ADDRESS in str(form) for form in stub.posted)
    row = (await house.get(f"/api/observations/{found.id}", **headers)).json()
    (shown,) = (await desk(house))["rows"]
    assert shown["finding"] == {"id": str(found.id), "number": found.number}
    assert (found.source, found.text) == (shown["number"], TEXT)
    assert f"Synpunkt {shown['number']}" in str(row)
    assert (shown["state"], shown["contact"]) == ("open", ADDRESS)
    assert (await everywhere(house)).count(ADDRESS) == 1


async def test_what_may_be_about_a_person_is_read_by_nobody_else_until_it_is_moderated(house: MailHouse) -> None:
    told = await given(house, "Grannen Kalle Svensson har sönder lamporna.")
    await done(house, "feedback.make_finding", told)

    assert (await the_finding(house, told)).moderated == ""


async def test_without_words_there_is_nothing_to_make_a_finding_of(house: MailHouse) -> None:
    told = await given(house, "")

    assert (await act(house, "feedback.make_finding", told)).code == "nothing_written"
    assert (await close(house, str(told))).outcome == "applied"
    assert (await desk(house, state="closed"))["rows"][0]["finding"] is None
