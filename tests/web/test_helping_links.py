"""A link to somebody who helps the unit that has the task: a contractor it was referred to, or a gang without accounts.

They say a day, that it is done, or no. They never decide for the unit.
"""

import json
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import select, update

from tests.makers import COORDINATOR, HANDLER, an_evening
from tests.web.mail_houses import PARTY, PARTYS_MAIL, MailHouse, a_mail_house, forms_in, links_in, text_of, with_mail
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Role
from trygghetsvandring.domain.tasks import Task, TaskState
from trygghetsvandring.jobs.work import Lane
from trygghetsvandring.storage.tables import answer_links, users
from trygghetsvandring.sync.municipalities import settle

UNIT = "gata-park"
CONTRACTOR = "drift@elfirman.example"
TODAY = "2026-11-20"


@pytest_asyncio.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[MailHouse]:
    async with an_evening(database, tmp_path) as evening, a_mail_house(evening) as it:
        yield it


async def do(house: MailHouse, type: str, task: UUID, body: dict[str, Any]) -> None:
    outcome = await house.evening.act(type, task, body, HANDLER)
    assert outcome.outcome == "applied", outcome


async def referred(house: MailHouse) -> UUID:
    """A lamp of the unit's own, referred to its contractor."""
    task = await house.task(UNIT)
    await do(house, "task.accept", task, {"person": "Belysningsgruppen"})
    said = {"party": "Elfirman AB", "contact": f"Driften, {CONTRACTOR}", "reference": "A-17"}
    said |= {"public_text": "Elfirman byter lampan.", "next_look_on": "2026-12-04"}
    await do(house, "task.refer", task, said)
    return task


async def asked(house: MailHouse, task: UUID, to: str = CONTRACTOR) -> str:
    """The path of the link the unit sends."""
    await do(house, "answer_link.send", task, {"link": uuid7(), "to": to})
    await house.work()
    return links_in(house.inbox.to(to)[-1])[0]


def lines(task: Task, *, public: bool) -> list[str]:
    return [event.text for event in task.history if event.internal is not public]


async def test_a_contractor_never_ends_the_units_task_by_saying_no(house: MailHouse) -> None:
    task = await referred(house)
    path = await asked(house, task)

    page = await house.answer(path, "decline", reason="cannot", public_text="Vi har ingen skylift i år.")

    assert page.status_code in {200, 410}
    after = await house.read(task)
    assert (after.state, after.department, after.finished_by) == (TaskState.IN_PROGRESS, UNIT, None)
    assert "Säger nej. Vi har ingen skylift i år." in lines(after, public=False)
    assert not any("skylift" in line for line in [*lines(after, public=True), after.public_text])
    assert "Någon annan har den nu." in (await house.get(path)).text  # it is on the unit's table again


async def test_the_contractors_day_is_the_day_the_unit_looks_next(house: MailHouse) -> None:
    task = await referred(house)
    path = await asked(house, task)

    page = await house.answer(path, "plan", planned_on="2026-12-09")

    assert "Dagen är sparad" in page.text
    after = await house.read(task)
    assert (after.state, after.next_look_on, after.planned_on) == (TaskState.REFERRED, date(2026, 12, 9), None)
    assert after.referral is not None
    assert set(forms_in(await house.get(path))) == {"plan", "finish", "decline"}
    again = await house.answer(path, "plan", planned_on="2026-11-01")
    assert again.status_code == 422


async def test_what_the_contractor_mended_is_done_by_the_unit_and_another_verifies_it(house: MailHouse) -> None:
    task = await referred(house)
    path = await asked(house, task)

    await house.answer(path, "finish", extent="full", public_text="Lampan är bytt.")

    after = await house.read(task)
    assert (after.state, after.finished_by_organisation) == (TaskState.DONE, UNIT)
    assert after.finished_by == "Elfirman AB, genom länk"


async def test_the_letter_and_the_page_say_who_asks_and_not_why_it_is_the_units(house: MailHouse) -> None:
    path = await asked(house, await referred(house))

    (mail,) = house.inbox.to(CONTRACTOR)
    page = (await house.get(path)).text
    for text in (text_of(mail), page):
        assert "Gata och park ber er om hjälp med något som sågs på en trygghetsvandring." in text
        assert "ni ansvarar för" not in text
        assert "Väg och åtgärd." not in text  # the rule's reason for the unit
    assert "Till Elfirman AB" in text_of(mail)
    assert "Läses av Gata och park." in page


@pytest.mark.parametrize("state", ["assigned", "accepted"])
async def test_a_gang_of_a_unit_with_accounts_says_no_to_the_unit(house: MailHouse, state: str) -> None:
    task = await house.task(UNIT)
    if state == "accepted":
        await do(house, "task.accept", task, {"person": "Belysningsgruppen"})
    path = await asked(house, task, "laget@lidkoping.example")

    page = await house.answer(path, "decline", reason="unclear", public_text="Vilken av stolparna?")

    assert page.status_code == 200
    after = await house.read(task)
    assert (after.state.value, after.department, after.bounced) == (state, UNIT, 0)
    assert "Säger nej. Vilken av stolparna?" in lines(after, public=False)


async def test_a_no_without_a_word_is_asked_about_again(house: MailHouse) -> None:
    task = await referred(house)
    path = await asked(house, task)

    page = await house.answer(path, "decline", reason="cannot", public_text="  ")

    assert page.status_code == 422
    assert (await house.read(task)).state is TaskState.REFERRED


async def test_the_link_is_over_when_the_unit_takes_the_task_back(house: MailHouse) -> None:
    task = await referred(house)
    path = await asked(house, task)

    await do(house, "task.start", task, {"note": "De svarar inte. Vi tar den själva."})

    assert (await house.get(path)).status_code == 410


async def test_a_party_without_accounts_still_decides_itself(house: MailHouse) -> None:
    task = await house.task(PARTY)
    (path,) = links_in(house.inbox.to(PARTYS_MAIL)[-1])

    await house.answer(path, "decline", reason="cannot", public_text="Vägen byggs om i vår.")

    assert (await house.read(task)).state is TaskState.WONT_DO


async def test_the_desk_hears_whom_it_was_referred_to_and_who_decides(house: MailHouse) -> None:
    task = await referred(house)
    await asked(house, task)
    unit = await house.signed_in(await house.user(Role.HANDLER, UNIT, "handlaggare@lidkoping.example"))

    said = (await house.get(f"/api/tasks/{task}/links", **unit)).json()

    assert (said["to"], said["recipient"]) == (CONTRACTOR, "Elfirman AB")
    assert (said["decides"], said["decides_elsewhere"]) == (False, False)
    assert [link["helps"] for link in said["links"]] == [True]


# ---------------------------------------------------------------- found by a review


async def test_a_link_from_before_helpers_were_known_decides_nothing_for_a_unit_that_signs_in(house: MailHouse) -> None:
    task = await house.task(UNIT)
    await do(house, "task.accept", task, {"person": "Belysningsgruppen"})
    path = await asked(house, task)
    async with house.evening.store.write() as db:
        row = (await db.execute(select(answer_links.c.id, answer_links.c.doc))).one()
        doc = json.loads(row.doc)
        del doc["helps"], doc["referred_to"]
        await db.execute(answer_links.update().where(answer_links.c.id == row.id).values(doc=json.dumps(doc)))

    await house.answer(path, "decline", reason="cannot", public_text="Vi gör det inte.")

    assert (await house.read(task)).state is TaskState.ACCEPTED


async def test_whom_the_unit_asked_first_has_no_say_when_it_has_referred_to_another(house: MailHouse) -> None:
    task = await house.task(UNIT)
    await do(house, "task.accept", task, {"person": "Belysningsgruppen"})
    gang = await asked(house, task, "laget@lidkoping.example")
    said = {"party": "Elfirman AB", "contact": CONTRACTOR, "reference": "A-17", "next_look_on": "2026-12-04"}
    await do(house, "task.refer", task, said | {"public_text": "Elfirman byter lampan."})
    contractor = await asked(house, task)

    assert (await house.get(gang)).status_code == 410
    assert (await house.get(contractor)).status_code == 200


async def test_nobody_is_asked_about_what_was_handed_over_for_good(house: MailHouse) -> None:
    task = await house.task(UNIT)
    await do(house, "task.accept", task, {"person": "Belysningsgruppen"})
    gang = await asked(house, task, "laget@lidkoping.example")
    over = {"party": "Miljö och bygg", "reference": "MB 1", "public_text": "Det är ett ärende där.", "handed_on": TODAY}
    await do(house, "task.hand_over", task, over)

    assert (await house.get(gang)).status_code == 410
    outcome = await house.evening.act("answer_link.send", task, {"link": uuid7(), "to": CONTRACTOR}, HANDLER)
    assert outcome.code == "no_such_arrow"


@pytest.mark.parametrize("state", ["assigned", "waiting"])
async def test_a_gang_neither_takes_the_task_for_the_unit_nor_ends_its_waiting(house: MailHouse, state: str) -> None:
    task = await house.task(UNIT)
    if state == "waiting":
        await do(house, "task.accept", task, {"person": "Belysningsgruppen"})
        why = {"reason": "budget", "public_text": "Vi väntar på pengar.", "next_look_on": "2026-12-18"}
        await do(house, "task.wait", task, why)
    path = await asked(house, task, "laget@lidkoping.example")
    before = await house.read(task)

    assert set(forms_in(await house.get(path))) == {"plan", "decline"}
    await house.answer(path, "plan", planned_on="2026-12-01")

    after = await house.read(task)
    assert (after.state, after.next_look_on, after.public_text) == (
        before.state,
        before.next_look_on,
        before.public_text,
    )
    assert "Säger 2026-12-01." in lines(after, public=False)


async def test_the_unit_hears_by_mail_what_its_helper_says(house: MailHouse) -> None:
    await house.user(Role.HANDLER, UNIT, "handlaggare@lidkoping.example")
    path = await asked(house, await referred(house))

    await house.answer(path, "plan", planned_on="2026-12-09")
    await house.work()
    await house.answer(path, "decline", reason="cannot", public_text="Vi har ingen skylift i år.")
    await house.work()

    said = [str(mail["Subject"]) for mail in house.inbox.to("handlaggare@lidkoping.example")]
    assert [it for it in said if it.startswith("Elfirman AB säger en dag: ")]
    assert [it for it in said if it.startswith("Elfirman AB säger nej: ")]
    assert not any("skylift" in text_of(mail) for mail in house.inbox.to("handlaggare@lidkoping.example"))


async def test_who_has_changed_unit_before_the_letter_leaves_reads_nothing_of_the_old_ones(house: MailHouse) -> None:
    moved = await house.user(Role.HANDLER, UNIT, "flyttad@lidkoping.example")
    await house.user(Role.HANDLER, UNIT, "kvar@lidkoping.example")
    path = await asked(house, await referred(house))
    before = len(house.inbox.to(moved.login))
    await house.answer(path, "plan", planned_on="2026-12-09")
    await house.evening.app.state.runner.round(Lane.LETTERS)  # it waits for its round
    async with house.evening.store.write() as db:
        await db.execute(update(users).where(users.c.id == moved.id).values(organisation="fastighet"))

    await house.work()

    assert [str(mail["Subject"]) for mail in house.inbox.to("kvar@lidkoping.example")][-1].startswith("Elfirman AB")
    assert house.inbox.to(moved.login)[before:] == []


async def test_a_helpers_day_is_no_way_to_silence_the_unit(house: MailHouse) -> None:
    task = await referred(house)
    path = await asked(house, task)

    page = await house.answer(path, "plan", planned_on="2099-12-31")

    assert page.status_code == 422
    assert (await house.read(task)).next_look_on == date(2026, 12, 4)


async def test_a_handler_gets_no_more_by_a_link_to_the_units_own_mailbox(house: MailHouse) -> None:
    await settle(house.evening.store, with_mail(UNIT, "gata@lidkoping.example"))
    task = await house.task(UNIT)
    await do(house, "task.accept", task, {"person": "Belysningsgruppen"})
    path = await asked(house, task, "gata@lidkoping.example")

    await house.answer(path, "decline", reason="cannot", public_text="Vi gör det inte.")

    assert (await house.read(task)).state is TaskState.ACCEPTED


async def test_a_merge_into_it_ends_no_link(house: MailHouse) -> None:
    task = await house.task(PARTY)
    (path,) = links_in(house.inbox.to(PARTYS_MAIL)[-1])
    other = await house.task(UNIT)
    body = {"reason": "unclear", "public_text": "Vilken?"}
    await do(house, "task.decline", other, body)
    outcome = await house.evening.act("task.merge", other, {"into": task}, COORDINATOR)
    assert outcome.outcome == "applied", outcome

    assert (await house.get(path)).status_code == 200
