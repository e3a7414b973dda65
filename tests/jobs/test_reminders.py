"""Once a day through a real mail server: one letter to each who is waited for, no step said twice."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import select

from tests.makers import COORDINATOR, HANDLER, LIDKOPING, an_evening
from tests.web.mail_houses import PARTYS_MAIL, MailHouse, a_mail_house, links_in, text_of
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.jobs import daily
from trygghetsvandring.jobs.work import HANDLERS, Lane
from trygghetsvandring.storage import answer_links, letter_lines, letters
from trygghetsvandring.storage.tables import jobs

HANDLERS_MAIL, HEADS_MAIL, COORDINATORS_MAIL = (
    "drift@lidkoping.example",
    "chef@lidkoping.example",
    "samordning@lk.example",
)


@pytest_asyncio.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[MailHouse]:
    async with an_evening(database, tmp_path) as evening, a_mail_house(evening) as it:
        await it.user("handler", "gata-park", HANDLERS_MAIL)
        await it.user("department_head", "gata-park", HEADS_MAIL)
        await it.user("coordinator", "samordning", COORDINATORS_MAIL)
        yield it


async def mornings(house: MailHouse, until: str) -> list[tuple[str, str, str]]:
    """Every morning at seven until that day: (day, to, subject) of the letters that left."""
    told = []
    end = datetime.fromisoformat(f"{until}T06:30:00+00:00")
    while daily.next_time(house.evening.now).astimezone(UTC) <= end:
        await daily.plan(house.evening.app.state.runner._context)
        house.evening.times["now"] = daily.next_time(house.evening.now).astimezone(UTC)
        house.inbox.mails.clear()
        await house.work(Lane.DAILY)
        await house.work()
        told += [(f"{house.evening.now:%m-%d}", str(mail["To"]), str(mail["Subject"])) for mail in house.inbox.mails]
    return told


async def test_three_steps_go_up_and_each_is_said_once(house: MailHouse) -> None:
    number = (await house.read(await house.task("gata-park"))).number  # Friday evening, 20 November

    told = await mornings(house, "2026-12-15")

    subject = f"Släckt lampa vid gångtunneln ({number})"
    assert sorted(told) == sorted(
        [
            ("11-24", HANDLERS_MAIL, f"Påminnelse: {subject}"),
            ("11-26", HEADS_MAIL, f"Andra påminnelsen: {subject}"),
            ("11-26", HANDLERS_MAIL, f"Andra påminnelsen: {subject}"),
            ("12-01", HEADS_MAIL, f"Sista påminnelsen: {subject}"),
            ("12-01", COORDINATORS_MAIL, f"Sista påminnelsen: {subject}"),
        ]
    )


async def test_many_tasks_are_one_letter(house: MailHouse) -> None:
    tasks = [await house.task("gata-park") for _ in range(3)]
    numbers = [(await house.read(task)).number for task in tasks]

    told = await mornings(house, "2026-11-24")

    assert [(to, subject) for _, to, subject in told] == [(HANDLERS_MAIL, "Påminnelse: 3 åtgärder väntar i Lidköping")]
    assert all(number in text_of(house.inbox.mails[0]) for number in numbers)


async def test_news_begins_a_new_stay_with_steps_of_its_own(house: MailHouse) -> None:
    task = await house.task("gata-park")
    assert len(await mornings(house, "2026-11-24")) == 1
    await house.evening.act("task.accept", task, {"person": "Laget"}, HANDLER)

    assert await mornings(house, "2026-12-07") == []  # nine working days
    ((_, to, _),) = await mornings(house, "2026-12-08")
    assert to == HANDLERS_MAIL
    assert "Inget nytt sedan tisdag 24 november. Det är 10 arbetsdagar." in text_of(house.inbox.mails[0])


async def test_a_party_without_accounts_is_reminded_with_its_link_in_the_same_thread(house: MailHouse) -> None:
    task = await house.task()
    (first,) = house.inbox.to(PARTYS_MAIL)

    ((_, to, _),) = await mornings(house, "2026-11-24")

    (again,) = house.inbox.mails
    assert to == PARTYS_MAIL
    assert links_in(again) == links_in(first)
    assert str(first["Message-ID"]) in str(again["References"])
    assert f"<atgard-{task}@lidkoping.example>" in str(again["References"])


async def test_a_server_that_was_away_says_the_highest_step_and_not_the_ones_before(house: MailHouse) -> None:
    await house.task("gata-park")
    house.evening.passes(days=30)

    told = await mornings(house, "2026-12-22")

    assert {subject.partition(":")[0] for _, _, subject in told} == {"Sista påminnelsen"}
    assert await mornings(house, "2026-12-30") == []


@pytest.mark.parametrize(("extent", "said"), [("full", " Åtgärdat enligt"), ("partly", "Delvis åtgärdat enligt")])
async def test_what_is_said_to_be_done_is_the_coordinators_to_have_seen(
    house: MailHouse, extent: str, said: str
) -> None:
    task = await house.task("gata-park")
    for type, body in (
        ("task.accept", {"person": "Laget"}),
        ("task.finish", {"extent": extent, "public_text": "Bytt."}),
    ):
        assert (await house.evening.act(type, task, body, HANDLER)).outcome == "applied"
    await house.work()

    told = await mornings(house, "2026-12-04")

    assert [to for _, to, _ in told] == [COORDINATORS_MAIL]
    assert said in text_of(house.inbox.mails[0])
    assert "Ingen annan har bekräftat det på plats." in text_of(house.inbox.mails[0])


async def test_what_somebody_found_undone_is_told_the_coordinator_the_next_working_morning(house: MailHouse) -> None:
    phone = await house.evening.phone()
    task = await house.task("gata-park", phone=phone)
    for type, body in (
        ("task.accept", {"person": "Laget"}),
        ("task.finish", {"extent": "full", "public_text": "Bytt."}),
    ):
        assert (await house.evening.act(type, task, body, HANDLER)).outcome == "applied"
    await house.work()
    (outcome,) = await phone.push(phone.operation("task.confirm", task, {"seen": "no", "seen_on": None}))
    assert outcome.outcome == "applied", outcome

    ((day, to, _),) = await mornings(house, "2026-11-23")

    assert (day, to) == ("11-23", COORDINATORS_MAIL)
    assert "Någon var på plats och säger att den inte är klar" in text_of(house.inbox.mails[0])
    body = {"public_text": "Vi var där. Den lyser."}
    assert (await house.evening.act("task.uphold", task, body, COORDINATOR)).outcome == "applied"
    assert await mornings(house, "2026-12-01") == []


async def test_what_came_back_waits_for_the_coordinator_alone(house: MailHouse) -> None:
    task = await house.task("gata-park")
    body = {"reason": "unclear", "public_text": "Vi ser inte vilken lampa."}
    assert (await house.evening.act("task.decline", task, body, HANDLER)).outcome == "applied"
    await house.work()

    told = await mornings(house, "2026-12-02")

    assert [(day, to) for day, to, _ in told] == [
        ("11-24", COORDINATORS_MAIL),
        ("11-26", COORDINATORS_MAIL),
        ("12-01", COORDINATORS_MAIL),
    ]


async def test_the_day_is_looked_through_once_however_many_plan_it(house: MailHouse) -> None:
    context = house.evening.app.state.runner._context
    for _ in range(3):
        await daily.plan(context)

    async with house.evening.store.read() as db:
        kinds = (await db.execute(select(jobs.c.kind).where(jobs.c.kind.in_(HANDLERS[Lane.DAILY])))).scalars().all()
    assert sorted(kinds) == sorted(HANDLERS[Lane.DAILY])


# ---------------------------------------------------------------- letters that do not leave


async def tries(house: MailHouse, times: int) -> None:
    for _ in range(times):
        house.evening.passes(hours=1)
        await house.work()


async def test_an_address_that_is_refused_for_good_is_told_to_the_coordinator(house: MailHouse) -> None:
    house.inbox.refuses[PARTYS_MAIL] = "550 No such user"
    task = await house.task()

    await tries(house, 3)
    assert house.inbox.to(COORDINATORS_MAIL) == []
    await tries(house, 3)

    (alarm,) = house.inbox.to(COORDINATORS_MAIL)
    assert alarm["Subject"] == "Ett mejl har inte kommit fram"
    assert "the mail server answered 550" in text_of(alarm)
    assert (await house.read(task)).number in text_of(alarm)
    assert PARTYS_MAIL not in text_of(alarm)
    await tries(house, 3)
    assert len(house.inbox.to(COORDINATORS_MAIL)) == 1


async def test_the_fate_of_a_hand_over_stands_on_the_tasks_page(house: MailHouse) -> None:
    house.inbox.refuses[PARTYS_MAIL] = "451 Later"
    task = await house.task()

    async def fate() -> tuple[bool, str]:
        async with house.evening.store.read() as db:
            (link,) = await answer_links.of_tasks(db, LIDKOPING, [task])
            letter = str((await letter_lines.letters_of(db, LIDKOPING, [link.id]))[link.id])
            it = (await letters.fates(db, LIDKOPING, [letter]))[letter]
        return it.sent_at is not None, it.reason

    assert await fate() == (False, "the mail server answered 451")
    house.inbox.refuses.clear()
    await tries(house, 2)

    assert await fate() == (True, "")
    assert len(house.inbox.to(PARTYS_MAIL)) == 1


async def test_a_danger_that_does_not_leave_is_told_within_minutes_and_tried_on(house: MailHouse) -> None:
    duty = "jour@lidkoping.example"
    house.inbox.refuses[duty] = "550 No such user"
    phone = await house.evening.phone()
    await phone.push(phone.observation(category="fara", severity=3, sent_alone=True))

    for _ in range(12):
        house.evening.passes(seconds=30)
        await house.work()

    (alarm,) = house.inbox.to(COORDINATORS_MAIL)
    assert alarm["Subject"] == "Ett larm om fara har inte kommit fram än"
    assert "Ring jouren nu." in text_of(alarm)
    house.inbox.refuses.clear()
    await tries(house, 2)
    assert len(house.inbox.to(duty)) == 1


async def test_a_job_that_ends_between_two_letters_sends_the_second_only(house: MailHouse) -> None:
    """Its process died, or the second address was not taken: the first has its letter."""
    await house.user("handler", "gata-park", "lag2@lidkoping.example")
    house.inbox.refuses["lag2@lidkoping.example"] = "451 Later"
    await house.task("gata-park")
    house.inbox.refuses.clear()

    await tries(house, 2)

    assert len(house.inbox.to(HANDLERS_MAIL)) == 1
    assert len(house.inbox.to("lag2@lidkoping.example")) == 1


async def test_findings_that_nobody_has_sorted_have_a_clock_of_the_coordinators_own(house: MailHouse) -> None:
    phone = await house.evening.phone()  # Friday evening
    first, second = uuid7(), uuid7()
    for id in (first, second):
        await phone.push(phone.observation(id))

    told = await mornings(house, "2026-12-02")

    assert [(day, to) for day, to, _ in told] == [(day, COORDINATORS_MAIL) for day in ("11-24", "12-01")]
    assert told[0][2] == "Påminnelse: 2 fynd väntar på att sorteras i Lidköping"
    for id in (first, second):
        body = {"category": "bel.trasig", "severity": 1}
        assert (await house.evening.act("observation.review", id, body, COORDINATOR)).outcome == "applied"
    assert await mornings(house, "2026-12-09") == []
