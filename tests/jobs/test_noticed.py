"""A change, a note, a handing on, a task taken back: heard of by whom they concern and by nobody else."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.makers import COORDINATOR, HANDLER, LIDKOPING, an_evening
from tests.web.mail_houses import PARTYS_MAIL, MailHouse, a_mail_house, links_in, text_of
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.notices import Notice, concerns
from trygghetsvandring.domain.people import Role
from trygghetsvandring.integrations.letters import Told, happened
from trygghetsvandring.storage import answer_links

UNIT, UNITS_MAIL, OTHERS_MAIL = "gata-park", "drift@lidkoping.example", "natt@lidkoping.example"
COORDINATORS_MAIL = "samordning@lk.example"


@pytest_asyncio.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[MailHouse]:
    async with an_evening(database, tmp_path) as evening, a_mail_house(evening) as it:
        await it.user("handler", UNIT, UNITS_MAIL)
        await it.user("coordinator", "samordning", COORDINATORS_MAIL)
        yield it


def subjects(house: MailHouse) -> list[tuple[str, str]]:
    """And forgets them."""
    told = sorted((str(mail["To"]), str(mail["Subject"])) for mail in house.inbox.mails)
    house.inbox.mails.clear()
    return told


async def test_what_is_changed_and_noted_is_one_letter_to_each_whom_it_concerns(house: MailHouse) -> None:
    task = await house.task(UNIT)
    what = f"Släckt lampa vid gångtunneln ({(await house.read(task)).number})"
    house.inbox.mails.clear()
    act, desk = house.evening.act, replace(COORDINATOR, user=uuid7())
    await act("task.accept", task, {"person": "Bo"}, HANDLER)
    await act("task.change", task, {"due_on": "2026-12-04", "reason": "Det är brådskande."}, desk)
    await act("task.note", task, {"text": "Ring inte, de vet."}, desk)
    await act("task.note", task, {"text": "Nyckeln hänger hos oss."}, HANDLER)
    await house.work()

    assert not any("Nyckeln" in text_of(mail) or "Ring" in text_of(mail) for mail in house.inbox.mails)
    assert subjects(house) == [
        (UNITS_MAIL, f"Samordnaren har skrivit en anteckning: {what}"),
        (COORDINATORS_MAIL, f"Anteckning från Gata och park: {what}"),
    ]
    await act("task.change", task, {"due_on": "2026-12-11", "reason": "Vi hinner inte."}, desk)
    await house.work()
    (mail,) = house.inbox.mails
    assert "Klart senast 2026-12-11, förut 2026-12-04. Vi hinner inte." in text_of(mail)


async def test_a_moved_day_is_told_as_moved_and_one_that_a_conflict_ended_in_is_not(house: MailHouse) -> None:
    task = await house.task(UNIT)
    await house.evening.act("task.accept", task, {"person": "Bo"}, HANDLER)
    await house.evening.act("task.plan", task, {"planned_on": "2026-12-04"}, HANDLER)
    await house.work()
    house.inbox.mails.clear()
    moved = {"planned_on": "2026-12-07", "public_text": "Bilen är på verkstad."}
    await house.evening.act("task.replan", task, moved, HANDLER)
    await house.work()

    (mail,) = house.inbox.mails
    assert (str(mail["To"]), str(mail["Subject"])[:25]) == (COORDINATORS_MAIL, "Flyttad till en annan dag")
    assert "Ny dag 2026-12-07, förut 2026-12-04. Bilen är på verkstad." in text_of(mail)
    nothing: dict[str, Any] = dict.fromkeys(
        ("number", "municipality", "department", "title", "place", "public_text", "link"), ""
    )
    assert happened(Told(**nothing, state="planned")) == ("Planerad", "Läs vilken dag.")


async def test_who_did_it_hears_nothing_of_it_and_what_has_moved_says_so_instead(house: MailHouse) -> None:
    bo = replace(HANDLER, user=(await house.user("handler", UNIT, "bo@lidkoping.example")).id)
    task = await house.task(UNIT)
    house.inbox.mails.clear()
    await house.evening.act("task.accept", task, {"person": "Bo"}, bo)
    outcome = await house.evening.act("task.hand_on", task, {"person": "Kim"}, bo)
    assert outcome.outcome == "applied", outcome
    await house.work()
    assert [(to, subject.partition(":")[0]) for to, subject in subjects(house)] == [
        (UNITS_MAIL, "Lämnad vidare inom enheten")
    ]

    await house.evening.act("task.note", task, {"text": "Klart snart."}, bo)
    await house.evening.act("task.finish", task, {"extent": "full", "public_text": "Bytt.", "photos": []}, bo)
    await house.work()

    ((to, subject),) = subjects(house)
    assert to == COORDINATORS_MAIL and subject.startswith("Åtgärdat enligt Gata och park")


@pytest.mark.parametrize("notice", list(Notice))
def test_walkers_and_other_units_hear_of_nothing(notice: Notice) -> None:
    assert not any(concerns(notice, role, is_of_unit=True) for role in (Role.WALKER, Role.POLICE, Role.FIELD_SECRETARY))
    assert not concerns(notice, Role.HANDLER, is_of_unit=False)


async def test_a_party_hears_once_that_it_need_not_answer_and_not_when_it_said_so_itself(house: MailHouse) -> None:
    first, second, rung, own = [await house.task() for _ in range(4)]
    path = links_in(house.inbox.mails[-1])[0]
    house.inbox.mails.clear()
    house.evening.times["now"] = house.evening.now + timedelta(hours=1)
    for task in (first, second):
        await house.evening.act("task.retract", task, {"reason": "Gjord av misstag."}, COORDINATOR)
    said = {"reason": "wrong_owner", "public_text": "De ringde: det är inte deras."}
    await house.evening.act("task.decline", rung, said, COORDINATOR)
    answered = await house.answer(path, "decline", reason="wrong_owner", public_text="Det är inte vårt.")
    assert answered.status_code in {200, 303}
    await house.work()
    letters = house.inbox.to(PARTYS_MAIL)
    numbers = [(await house.read(task)).number for task in (first, second, rung, own)]

    (letter,) = letters
    assert str(letter["Subject"]) == "Lidköping: 2 åtgärder som ni inte behöver svara på mer"
    assert [number in text_of(letter) for number in numbers] == [True, True, False, False]


async def test_a_link_that_is_revoked_says_so_unless_another_goes_to_the_same_address(house: MailHouse) -> None:
    told = []
    for resent in (False, True):
        task = await house.task()
        house.inbox.mails.clear()
        async with house.evening.store.read() as db:
            (link,) = await answer_links.of_tasks(db, LIDKOPING, [task])
        for _ in range(2):  # said twice, told once
            await house.evening.act("answer_link.revoke", task, {"link": str(link.id)}, COORDINATOR)
        if resent:
            new = {"link": str(uuid7()), "to": PARTYS_MAIL}
            await house.evening.act("answer_link.send", task, new, COORDINATOR)
        await house.work()
        told.append(sum("inte svara mer" in str(mail["Subject"]) for mail in house.inbox.mails))

    assert told == [1, 0]
