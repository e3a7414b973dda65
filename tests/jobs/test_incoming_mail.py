"""Mail that comes in: nothing lost and nothing doubled, no state moved by it, and no machine ever answered."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import select

from tests.integrations.imap_stub import Box, a_box
from tests.integrations.test_incoming import HOSTILE, bounce, written
from tests.makers import COORDINATOR, LIDKOPING, an_evening, count
from tests.sync.registers import erased
from tests.web.mail_houses import PARTYS_MAIL, SENDER, MailHouse, a_mail_house, text_of
from trygghetsvandring.integrations.mailbox import mail_in_from
from trygghetsvandring.jobs import incoming_mail as job
from trygghetsvandring.jobs.work import Lane
from trygghetsvandring.storage import answer_links
from trygghetsvandring.storage import incoming_mail as stored
from trygghetsvandring.storage.queue import Waiting
from trygghetsvandring.storage.tables import operations, versions

UNIT, COORDINATORS_MAIL = "gata-park", "samordning@lk.example"
SECRET = "Ring Anna Andersson på 070-174 06 05, personnummer 19121212-1212."


class Post(MailHouse):
    box: Box
    desk: dict[str, str]

    @property
    def context(self) -> Any:
        return self.evening.app.state.runner._context

    async def fetch(self) -> int:
        taken = await job.look(self.context)
        await self.work()
        return taken

    def answer_to(self, nth: int = -1) -> str:
        """Where the party's letter asks to be answered."""
        return str(self.inbox.to(PARTYS_MAIL)[nth]["Reply-To"])

    async def asks(self, path: str, **headers: str) -> Any:
        answer = await self.get(path, **(headers or self.desk))
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def rows(self, state: str = "unread") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.asks(f"/api/mail?state={state}"))["rows"]
        return found


@pytest_asyncio.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[Post]:
    async with an_evening(database, tmp_path) as evening, a_mail_house(evening) as it:
        with a_box() as box:
            house = Post(evening, it.inbox)
            house.box = box
            mail_in = mail_in_from(f"lidkoping=svar+*@lidkoping.example,{box.url}")
            object.__setattr__(house.context, "mail_in", mail_in)
            house.desk = await it.signed_in(await it.user("coordinator", "samordning", COORDINATORS_MAIL))
            yield house


def from_party(to: str, text: str = "Vi lagar på torsdag, åäö.", **changes: str) -> bytes:
    mail = written(text, **changes).replace(b"kim@trafikverket.example", PARTYS_MAIL.encode())
    return mail.replace(b"svar+x@lidkoping.example", to.encode())


async def test_an_answer_by_mail_comes_to_its_task_once_and_moves_nothing(house: Post) -> None:
    task = await house.task()
    before = await house.read(task)
    house.box.messages.append(from_party(house.answer_to()))
    assert await house.fetch() == 1
    assert house.box.seen == {1}
    house.box.seen.clear()  # cut off before it was marked
    house.box.messages.append(b"Received: from another way\r\n" + house.box.messages[0])
    assert await house.fetch() == 2

    (row,) = await house.rows()
    assert (row["kind"], row["task"]["id"], row["who"]) == ("answer", str(task), "Trafikverket")
    assert (row["text"], row["subject"]) == ("Vi lagar på torsdag, åäö.", "Sv: Släckt lampa, Östra vägen åäö")
    assert row["same_sender"] and row["state"] == "unread"
    assert await house.read(task) == before
    assert (await house.asks(f"/api/tasks/{task}/mail"))["rows"] == [row]
    (told,) = house.inbox.to(COORDINATORS_MAIL)
    assert str(told["Subject"]).startswith("Svar med mejl, oläst:") and "torsdag" not in text_of(told)
    receipts = [mail for mail in house.inbox.to(PARTYS_MAIL) if row["number"] in str(mail["Subject"])]
    assert len(receipts) == 1 and receipts[0]["Auto-Submitted"] == "auto-generated"
    assert str(receipts[0]["Reply-To"]) == house.answer_to(0)
    a_day = Waiting(municipality=LIDKOPING, id=UUID(int=0), kind=job.DAILY, body="{}", attempts=0)
    for after, left in ((timedelta(days=89), 1), (timedelta(days=2), 0)):  # nobody has read it
        house.evening.times["now"] += after
        await job.look_through(house.context, a_day)
        async with house.evening.store.read() as db:
            assert await count(db, "incoming_senders") == left


async def test_one_receipt_a_day_and_none_to_a_machine_or_to_somebody_else(house: Post) -> None:
    await house.task()
    to, letters = house.answer_to(), len(house.inbox.mails)
    house.box.messages += [
        from_party(to, Auto_Submitted="auto-replied"),
        from_party(to, "Skickat av någon annan.").replace(PARTYS_MAIL.encode(), b"annan@x.example"),
        from_party(to, X_Auto_Response_Suppress="All"),
    ]
    await house.fetch()
    assert [str(mail["To"]) for mail in house.inbox.mails[letters:]] == [COORDINATORS_MAIL]
    assert sorted((row["kind"], row["same_sender"]) for row in await house.rows()) == [
        ("answer", False),
        ("answer", True),
    ]
    assert [row["kind"] for row in await house.rows("settled")] == ["automatic"]
    for day in range(2):
        house.evening.passes(days=day)
        house.box.messages += [from_party(to, f"Fler ord {day} {n}") for n in range(2)]
        await house.fetch()
    assert len([mail for mail in house.inbox.to(PARTYS_MAIL) if "kvitto" in text_of(mail)]) == 2


async def test_what_nobody_knows_waits_for_the_coordinator(house: Post) -> None:
    task = await house.task()
    to = house.answer_to()
    async with house.evening.store.read() as db:
        (link,) = await answer_links.of_tasks(db, LIDKOPING, [task])
    house.box.messages += [
        from_party("trygghet@lidkoping.example", SECRET),
        from_party(f"svar+{'a' * 26}@lidkoping.example", "Till ingen"),
    ]
    await house.evening.act("answer_link.revoke", task, {"link": link.id})
    house.box.messages.append(from_party(to, "Efteråt"))
    assert await house.fetch() == 3
    rows = {row["text"]: row for row in await house.rows()}
    assert {row["why"] for row in rows.values()} == {"no_letter", "revoked"}
    assert rows["Efteråt"]["task"] is None and rows["Efteråt"]["why"] == "revoked"
    assert {"personnummer", "phone"} <= set(rows[SECRET]["warns"])
    assert (await house.asks(f"/api/tasks/{task}/mail"))["rows"] == []
    unit = await house.signed_in(await house.user("handler", UNIT, "drift@lidkoping.example"))
    assert (await house.asks("/api/mail", **unit))["rows"] == []
    original = f"/api/mail/{rows[SECRET]['id']}/original"
    assert (await house.get(original, **unit)).status_code == 404
    assert (await house.asks(original))["sender"] == PARTYS_MAIL


async def test_put_aside_it_stays_and_who_sent_it_is_forgotten(house: Post) -> None:
    task = await house.task()
    house.box.messages.append(from_party(house.answer_to(), f"Tack!\n\n-- \n{SECRET}"))
    await house.fetch()
    (row,) = await house.rows()
    assert (row["text"], row["is_cut"], row["warns"]) == ("Tack!", True, [])
    outcome = await house.evening.act("incoming_mail.put_aside", UUID(row["id"]), {"why": "thanks"}, COORDINATOR)
    assert outcome.outcome == "applied", outcome
    await house.work(Lane.ERASURES)
    (settled,) = (await house.asks(f"/api/tasks/{task}/mail"))["rows"]
    assert (settled["state"], settled["aside"]) == ("put_aside", "thanks")
    original = await house.asks(f"/api/mail/{row['id']}/original")
    assert original["sender"] is None and SECRET in original["text"]
    again = await house.evening.act("incoming_mail.use", UUID(row["id"]), {}, COORDINATOR)
    assert again.code == "mail_settled"

    await erased(house.evening, ("task", task))
    async with house.evening.store.read() as db:
        assert [await count(db, name) for name in ("incoming_words", "incoming_mail", "reply_addresses")] == [0, 0, 0]
        logged = [*(await db.execute(select(versions.c.doc))).scalars()]
        logged += (await db.execute(select(operations.c.wire))).scalars()
    assert not any(word in doc for doc in logged for word in ("Anna", "Tack!", PARTYS_MAIL) if "answer_link" not in doc)


async def test_a_letter_that_is_given_back_is_said_to_be_and_never_an_answer(house: Post) -> None:
    task = await house.task()
    letter = str(house.inbox.to(PARTYS_MAIL)[-1]["Message-ID"])
    assert house.inbox.froms[-1] == SENDER.replace("trygghet", house.answer_to().partition("@")[0])
    house.box.messages += [bounce(letter, action="delayed", status="4.4.1"), bounce(letter), bounce(letter), bounce()]
    await house.fetch()
    assert await house.rows() == []
    sent = (await house.asks("/api/reminders"))["letters"]
    assert [(it["kind"], it["reason"], it["tasks"][0]["id"]) for it in sent] == [
        ("mail.asked", "adressen finns inte (5.1.1)", str(task))
    ]
    assert [str(mail["Subject"]) for mail in house.inbox.to(COORDINATORS_MAIL)] == ["Ett mejl har inte kommit fram"]


async def test_what_cannot_be_kept_now_stays_unread_and_stops_nothing(
    house: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.task()
    to = house.answer_to()
    house.box.messages.append(from_party(to, "Ett"))
    house.box.messages += [b"Subject: " + it.encode("utf-8", "surrogateescape") + b"\r\n\r\n" for it in HOSTILE]
    keep = stored.keep

    async def breaks(*given: Any) -> None:
        await keep(*given)
        if given[4].text == "Ett":
            raise RuntimeError("the power went")

    monkeypatch.setattr(stored, "keep", breaks)
    assert await house.fetch() == len(HOSTILE)
    assert house.box.seen == set(range(2, 2 + len(HOSTILE)))
    monkeypatch.undo()
    assert await house.fetch() == 1
    assert len(await house.rows()) == 1 + len(HOSTILE)

    house.box.refuses = {"LOGIN"}
    assert await house.fetch() == 0
    assert (await house.asks("/api/mail"))["mailbox"]["reason"] == "the mailbox: error"
    house.box.refuses.clear()
    await house.fetch()
    assert (await house.asks("/api/mail"))["mailbox"]["reason"] == ""
