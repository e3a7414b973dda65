"""A real server dies between its mail server's yes and its own note: what shares a letter is told, and told once."""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from sqlalchemy import select, update

from tests.crash.house import a_house, free_port
from tests.jobs.test_rounds import HANDLERS_MAIL, HEADS_MAIL, UNIT, given_out
from tests.makers import an_evening
from tests.nurseries import Nursery
from tests.web.mail_houses import PARTY, PARTYS_MAIL, Inbox, MailHouse, with_mail
from trygghetsvandring.domain.people import Role
from trygghetsvandring.storage.letter_tables import letter_lines
from trygghetsvandring.storage.tables import jobs
from trygghetsvandring.storage.unit import Store
from trygghetsvandring.sync.municipalities import settle

_PATIENCE_S = 60.0
_LEFT = jobs.c.done_at.is_(None) & jobs.c.kind.like("mail.%")
_LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Letterbox:
    """A real mail server: has a letter before it says so, and then `at_each` happens."""

    came: list[tuple[str, str, str]] = field(default_factory=list)  # to, Message-ID, text
    at_each: Callable[[], None] = lambda: None

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        mail = message_from_bytes(envelope.content, policy=policy.default)
        text = mail.get_content()
        self.came.append((str(mail["To"]), str(mail["Message-ID"]), text))
        self.at_each()
        return "250 kept"


async def until(is_so: Callable[[], Awaitable[bool]], what: str) -> None:
    patience = time.monotonic() + _PATIENCE_S
    while not await is_so():  # nobody tells us
        assert time.monotonic() < patience, what
        await asyncio.sleep(0.05)


async def time_passes(store: Store) -> None:
    """Rounds end, and leases: as if it had been an hour."""
    async with store.write() as db:
        await db.execute(update(letter_lines).values(at=_LONG_AGO, due_at=_LONG_AGO + timedelta(minutes=10)))
        await db.execute(update(jobs).where(_LEFT).values(run_at=_LONG_AGO))


async def test_a_server_killed_as_each_letter_leaves_tells_everybody_of_every_task_once(
    database: str, tmp_path: Path
) -> None:
    async with an_evening(database, tmp_path) as evening:
        await settle(evening.store, with_mail(PARTY, PARTYS_MAIL))
        mails = MailHouse(evening, Inbox())
        await mails.user(Role.HANDLER, UNIT, HANDLERS_MAIL)
        await mails.user(Role.DEPARTMENT_HEAD, UNIT, HEADS_MAIL)
        phone = await evening.phone()
        tasks = {to: [await given_out(evening, to, phone=phone) for _ in range(3)] for to in (UNIT, PARTY)}
        numbers = {to: [(await mails.read(task)).number for task in mine] for to, mine in tasks.items()}
    box, port, store = Letterbox(), free_port(), Store(database)
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()

    async def waits() -> bool:
        async with store.read() as db:
            kinds = list((await db.execute(select(jobs.c.kind).where(_LEFT))).scalars())
        return all(kind in {"mail.news", "mail.asked"} for kind in kinds)

    async def is_over() -> bool:
        async with store.read() as db:
            return (await db.execute(select(jobs.c.id).where(_LEFT))).first() is None

    smtp = f"smtp://127.0.0.1:{port}"
    with (
        Nursery() as nursery,
        a_house(nursery, tmp_path, database, [], tmp_path / "server.log", smtp_url=smtp) as house,
    ):
        await house.start()
        await until(waits, "everything waits for its round")
        assert box.came == []
        for number in range(1, 4):  # it dies with the first, the second and the third letter
            pid = house.pid
            box.at_each = lambda pid=pid: os.kill(pid, signal.SIGKILL)  # type: ignore[misc]
            await time_passes(store)

            async def has_come(number: int = number) -> bool:
                return len(box.came) >= number

            await until(has_come, "a letter")
            house.kill()
            box.at_each = lambda: None
            await house.start()
        await time_passes(store)
        await until(is_over, "every letter is noted")
        house.kill()
    controller.stop()
    await store.close()
    texts = {(to, id): {text for a, b, text in box.came if (a, b) == (to, id)} for to, id, _ in box.came}
    assert len(box.came) > len(texts)  # the wire has had some of them twice
    assert all(len(same) == 1 for same in texts.values())
    for to, mine in ((HANDLERS_MAIL, UNIT), (HEADS_MAIL, UNIT), (PARTYS_MAIL, PARTY)):
        (told,) = [text for (reader, _), (text,) in texts.items() if reader == to]
        assert all(told.count(number) == 1 for number in numbers[mine]), to
