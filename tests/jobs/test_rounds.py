"""Rounds: one letter to each reader about all that waits for them, each line once, wherever the server dies."""

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests import profile
from tests.makers import COORDINATOR, HANDLER, LIDKOPING, Evening, an_evening, copied, emptied
from tests.web.mail_houses import PARTY, PARTYS_MAIL, Inbox, MailHouse, a_mail_house, links_in, text_of, with_mail
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Role
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.integrations.mail import Letter
from trygghetsvandring.jobs.rounds import LONGEST, Pace
from trygghetsvandring.jobs.work import Lane
from trygghetsvandring.storage import letter_lines as stored_lines
from trygghetsvandring.storage import records, scrub
from trygghetsvandring.storage.letter_tables import letter_lines, letters
from trygghetsvandring.storage.tables import jobs
from trygghetsvandring.sync.municipalities import settle

UNIT, HANDLERS_MAIL, COORDINATORS_MAIL = "gata-park", "handlaggare@lidkoping.example", "samordnare@lidkoping.example"
HEADS_MAIL = "chef@lidkoping.example"


@pytest_asyncio.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[MailHouse]:
    async with an_evening(database, tmp_path) as evening, a_mail_house(evening) as it:
        await it.user(Role.HANDLER, UNIT, HANDLERS_MAIL)
        await it.user(Role.COORDINATOR, "samordning", COORDINATORS_MAIL)
        yield it


async def given_out(evening: Evening, department: str = UNIT, phone: Any = None, **seen: Any) -> UUID:
    """A task that somebody has just given to the department."""
    phone = phone or await evening.phone()
    finding, task = uuid7(), uuid7()
    (outcome,) = await phone.push(phone.observation(finding, **seen))
    assert outcome.outcome == "applied", outcome
    for type, entity, body in (
        ("observation.review", finding, {"category": "bel.trasig", "severity": seen.get("severity", 1)}),
        ("task.create", task, {"title": "Lampa", "observations": [finding], "priority": 2}),
        ("task.assign", task, {"department": department, "explanation": "Belysning", "due_on": "2026-12-18"}),
    ):
        done = await evening.act(type, entity, body, COORDINATOR)
        assert done.outcome == "applied", done
    return task


async def test_thirty_findings_for_a_unit_are_one_letter(house: MailHouse) -> None:
    phone = await house.evening.phone()
    tasks = []
    for _ in range(30):
        tasks.append(await given_out(house.evening, phone=phone))
        house.evening.passes(seconds=30)
        while await house.evening.app.state.runner.round(Lane.LETTERS):
            pass
    assert house.inbox.mails == []  # the last was given out half a minute ago

    await house.work()

    (mail,) = house.inbox.mails
    assert (mail["To"], mail["Subject"]) == (HANDLERS_MAIL, "Lidköping: Tilldelad, 30 åtgärder")
    told = text_of(mail)
    assert all(told.count(f"/desk/atgarder/{task}") == 1 for task in tasks)
    assert told.count("Ta emot, eller lämna tillbaka med skäl.") == 1


async def test_a_party_without_accounts_gets_one_letter_with_a_link_for_each_task(house: MailHouse) -> None:
    tasks = [await given_out(house.evening, PARTY) for _ in range(3)]

    await house.work()

    (mail,) = house.inbox.to(PARTYS_MAIL)
    paths = links_in(mail)
    assert len(set(paths)) == 3
    await house.answer(paths[1], "plan", planned_on="2026-12-09")
    assert [(await house.read(task)).state.value for task in tasks] == ["assigned", "planned", "assigned"]
    numbers = [(await house.read(task)).number for task in tasks]
    pages = [(await house.get(path)).text for path in paths]
    assert all(number in page for number, page in zip(numbers, pages, strict=True))


async def test_a_danger_leaves_at_once_and_alone(house: MailHouse) -> None:
    await given_out(house.evening)
    danger = await given_out(house.evening, severity=3, sent_alone=True)

    while await house.evening.app.state.runner.round(Lane.LETTERS):
        pass

    (told,) = house.inbox.to(HANDLERS_MAIL)
    assert f"/desk/atgarder/{danger}" in text_of(told)
    assert text_of(told).count("/desk/atgarder/") == 1
    assert [str(mail["Subject"])[:5] for mail in house.inbox.to("jour@lidkoping.example")] == ["Fara:"]


async def test_each_reads_what_is_new_under_its_own_heading_and_the_last_word_only(house: MailHouse) -> None:
    done, back = await given_out(house.evening), await given_out(house.evening)
    for type, task, body in (
        ("task.accept", done, {"person": "Bo"}),
        ("task.finish", done, {"extent": "full", "public_text": "Lampan är bytt.", "photos": []}),
        ("task.decline", back, {"reason": "unclear", "public_text": "Vilken lampa?"}),
    ):
        assert (await house.evening.act(type, task, body, HANDLER)).outcome == "applied"
    again = {"department": UNIT, "explanation": "Den norra.", "due_on": "2026-12-18"}
    assert (await house.evening.act("task.assign", back, again, COORDINATOR)).outcome == "applied"

    await house.work()

    (mail,) = house.inbox.to(COORDINATORS_MAIL)
    assert mail["Subject"] == "Lidköping: Nytt, 2 åtgärder"
    assert "ÅTGÄRDAT ENLIGT GATA OCH PARK\nNågon annan än den som gjorde arbetet" in text_of(mail)
    (units,) = house.inbox.to(HANDLERS_MAIL)
    assert text_of(units).count(f"/desk/atgarder/{back}") == 1  # given to them twice, and told once


async def test_where_it_is_never_quiet_nobody_waits_for_more_than_an_hour(house: MailHouse) -> None:
    phone = await house.evening.phone()
    began = house.evening.now
    while not house.inbox.mails:
        await given_out(house.evening, phone=phone)
        house.evening.passes(minutes=6)
        while await house.evening.app.state.runner.round(Lane.LETTERS):
            pass
        assert house.evening.now - began <= LONGEST + Pace.ROUND.value
    assert house.evening.now - began >= LONGEST


async def test_an_erased_task_takes_no_other_out_of_a_letter(house: MailHouse) -> None:
    stays, goes = await given_out(house.evening), await given_out(house.evening)
    while await house.evening.app.state.runner.round(Lane.LETTERS):
        pass
    async with house.evening.store.write() as db:
        await scrub.forget_jobs(db, LIDKOPING, [goes])

    await house.work()

    (mail,) = house.inbox.to(HANDLERS_MAIL)
    assert str(stays) in text_of(mail)
    assert str(goes) not in text_of(mail)


# ---------------------------------------------------------------- wherever the server dies


class Died(BaseException):
    """No `except Exception` sees it, as nothing sees a SIGKILL."""


@dataclass
class Wire:
    """Takes letters, and the process may die right before or right after. `left`: steps until it does."""

    taken: list[Letter] = field(default_factory=list)
    left: int | None = None

    def step(self) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                self.left = None
                raise Died

    async def send(self, letter: Letter) -> None:
        self.step()
        self.taken.append(letter)
        self.step()


@asynccontextmanager
async def a_mortal_evening(database: str, folder: Path) -> AsyncIterator[tuple[Evening, Wire]]:
    """Dies before and after each commit as well."""
    async with an_evening(database, folder) as evening:
        wire, store = Wire(), evening.store
        object.__setattr__(evening.app.state.runner._context, "post", wire)
        await settle(store, with_mail(PARTY, PARTYS_MAIL))
        house = MailHouse(evening, Inbox())
        await house.user(Role.HANDLER, UNIT, HANDLERS_MAIL)
        await house.user(Role.DEPARTMENT_HEAD, UNIT, HEADS_MAIL)
        await house.user(Role.COORDINATOR, "samordning", COORDINATORS_MAIL)
        write, done_at_once = store.write, store.done_at_once

        async def done_mortally(work: Any) -> Any:
            async def and_dies(db: Any) -> Any:
                done = await work(db)
                wire.step()
                return done

            done = await done_at_once(and_dies)
            wire.step()
            return done

        @asynccontextmanager
        async def mortal() -> AsyncIterator[Any]:
            async with write() as db:
                yield db
                wire.step()
            wire.step()

        store.write, store.done_at_once = mortal, done_mortally  # type: ignore[method-assign]
        yield evening, wire


async def lives_through(evening: Evening, wire: Wire, deaths: list[int]) -> dict[UUID, str]:
    """Whom each task ended with. Every third is sent back by the unit; each death is so many steps into the work."""
    phone, ended = await evening.phone(), dict[UUID, str]()
    for number, steps in enumerate(deaths):
        to = (UNIT, UNIT, PARTY)[number % 3]
        task = await given_out(evening, to, phone=phone)
        if number % 3 == 0:
            back = await evening.act("task.decline", task, {"reason": "unclear", "public_text": "Vilken?"}, HANDLER)
            assert back.outcome == "applied", back
            to = "back"
        ended[task] = to
        wire.left = steps
        try:
            while await evening.app.state.runner.round(Lane.LETTERS):
                pass
        except Died:
            evening.passes(minutes=1)  # its lease ends
        wire.left = None
        evening.passes(minutes=steps % 7 * 2)
    await MailHouse(evening, Inbox()).work()
    return ended


async def wrong_with(evening: Evening, wire: Wire, ended: dict[UUID, str]) -> list[str]:
    async with evening.store.read() as db:
        lines = list(await db.execute(select(letter_lines)))
        sent = set((await db.execute(select(letters.c.id).where(letters.c.sent_at.is_not(None)))).scalars())
        left = list((await db.execute(select(jobs.c.kind).where(jobs.c.done_at.is_(None)))).scalars())
        links = {line.link for line in lines if line.link}
        numbers = {task: (await records.one(db, LIDKOPING, Task, task)) for task in ended}
    copies: dict[str, set[str]] = {}
    for letter in wire.taken:
        copies.setdefault(letter.id, set()).add(f"{letter.to} {letter.text}")
    wrong = [f"{kind} is not done" for kind in left]
    wrong += ["a line is in no letter" for line in lines if line.letter is None]
    wrong += ["told otherwise under the same name" for texts in copies.values() if len(texts) > 1]
    wrong += ["noted and left are not the same" for _ in sent ^ set(copies)]
    wrong += ["a link has two lines" for _ in range(len([line for line in lines if line.link]) - len(links))]
    for task, whose in ended.items():
        for to in {"back": [COORDINATORS_MAIL], UNIT: [HANDLERS_MAIL, HEADS_MAIL], PARTY: [PARTYS_MAIL]}[whose]:
            it = numbers[task]
            assert it is not None
            told = [texts for texts in copies.values() if any(_tells(text, to, it.number) for text in texts)]
            wrong += [f"{to} was told {len(told)} times of {it.number} ({whose})"] * (len(told) != 1)
    return wrong


def _tells(text: str, to: str, number: str) -> bool:
    return text.startswith(f"{to} ") and re.search(rf"\b{re.escape(number)}\b", text) is not None


PHASES = (Phase.explicit, Phase.generate)  # an evening is slow to make smaller
# A step is a commit begun, a commit made, a letter about to leave, a letter that has left.
DEATHS = st.lists(st.integers(0, 24), min_size=2, max_size=9)


def on_any_evening(database: Callable[[Path], str], examples: int) -> None:
    async def one(deaths: list[int]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with a_mortal_evening(database(Path(folder)), Path(folder)) as (evening, wire):
                ended = await lives_through(evening, wire, deaths)
                assert await wrong_with(evening, wire, ended) == []

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), phases=PHASES)
    @given(deaths=DEATHS)
    def any_evening(deaths: list[int]) -> None:
        asyncio.run(one(deaths))

    any_evening()


def test_wherever_the_server_dies_each_reader_is_told_of_each_task_once(sqlite_template: Path) -> None:
    on_any_evening(lambda folder: copied(sqlite_template, folder), profile.pick(quick=8, ci=20, night=400))


@pytest.mark.postgres
def test_wherever_the_server_dies_each_reader_is_told_of_each_task_once_on_postgresql(postgres_schema: str) -> None:
    on_any_evening(lambda _: emptied(postgres_schema), profile.pick(quick=3, ci=8, night=100))


@pytest.mark.parametrize("plant", ["takes more along the second time", "forgets what it takes"])
async def test_the_judge_sees_a_round_that_forgets_or_tells_otherwise(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plant: str
) -> None:
    seal = stored_lines.seal

    async def sealed_elsewhere(db: Any, municipality: str, reader: UUID, _letter: UUID) -> None:
        await seal(db, municipality, reader, uuid7())

    async def of_none(*_args: Any) -> list[Any]:
        return []

    if plant == "forgets what it takes":
        monkeypatch.setattr(stored_lines, "seal", sealed_elsewhere)
    else:
        monkeypatch.setattr(stored_lines, "of_letter", of_none)
    async with a_mortal_evening(copied(sqlite_template, tmp_path), tmp_path) as (evening, wire):
        ended = await lives_through(evening, wire, [60, 60, 60])
        assert await wrong_with(evening, wire, ended) != []
