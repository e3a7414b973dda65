"""Work with no one waiting, and its process dies in the middle: a letter at least once, a photo whole or not at all."""

import asyncio
import os
import random
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from aiosmtpd.controller import Controller

from tests.crash.house import House, a_house, free_port, prepare
from tests.crash.judge import Judge, open_books
from tests.crash.test_kills import a_sqlite_database
from tests.crash.writers import Ledger, Writer, declaration, some_photos
from tests.nurseries import Nursery
from trygghetsvandring.demo import seed
from trygghetsvandring.domain.ids import uuid7

_PATIENCE_S = 60.0
_A_MINUTE_S = 60.0


@dataclass
class Letterbox:
    """A real SMTP server, of which only the duty's letters are looked at: others come by the day of the year. `at_each`
    is called when one has come, and before that is said."""

    at_each: Callable[[], None] = lambda: None
    ids: list[str] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        if seed.lidkoping().duty.mail in envelope.rcpt_tos:
            self.ids.append(message_from_bytes(envelope.content)["Message-ID"])
            self.at_each()
        return "250 kept"


@pytest.fixture
def letterbox() -> Iterator[tuple[Letterbox, str]]:
    box = Letterbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield box, f"smtp://127.0.0.1:{controller.port}"
    finally:
        controller.stop()


@asynccontextmanager
async def working(folder: Path, smtp_url: str) -> AsyncIterator[tuple[House, Writer]]:
    """A house whose jobs are done, and one phone."""
    data = folder / "data"
    data.mkdir()
    joined = await prepare(a_sqlite_database(data), phones=1)
    chance = random.Random(1)
    with (
        Nursery() as nursery,
        a_house(nursery, data, a_sqlite_database(data), joined, folder / "server.log", smtp_url=smtp_url) as house,
    ):
        async with httpx.AsyncClient(verify=False, trust_env=False, timeout=30) as http:  # noqa: S501  # plain http
            yield house, Writer(house, joined[0], Ledger(), http, chance, some_photos(chance), asyncio.Event())


async def until(is_so: Callable[[], bool], what: str) -> None:
    patience = time.monotonic() + _PATIENCE_S
    while not is_so():  # nobody tells us
        assert time.monotonic() < patience, what
        await asyncio.sleep(0.05)


def rows(house: House, question: str) -> list[Any]:
    assert house.database_file is not None
    with closing(sqlite3.connect(house.database_file, timeout=30)) as db, db:
        return db.execute(question).fetchall()


def a_lease_ends(house: House) -> None:
    """As if its time had passed."""
    rows(house, "UPDATE jobs SET run_at = '2026-01-01 00:00:00.000000' WHERE done_at IS NULL")


async def test_a_server_killed_between_the_letter_and_its_note_sends_it_again_and_holds_up_no_other(
    tmp_path: Path, letterbox: tuple[Letterbox, str]
) -> None:
    box, url = letterbox
    async with working(tmp_path, url) as (house, phone):
        await house.start()
        pid = house.pid
        box.at_each = lambda: os.kill(pid, signal.SIGKILL)
        dangers = [
            phone.operation("observation.record", uuid7(), phone.seen([]) | {"severity": 3, "sent_alone": True})
            for _ in range(3)
        ]
        delivering = asyncio.create_task(phone.deliver(dangers))
        await until(lambda: bool(box.ids), "the first letter")
        house.kill()
        killed_at, first = datetime.now(UTC), box.ids[0]
        box.at_each = lambda: None

        await house.start()
        await delivering
        await until(lambda: len(set(box.ids)) == 3, "the letters that had not been begun")

        left = "SELECT run_at FROM jobs WHERE kind = 'mail.duty' AND done_at IS NULL"
        await until(lambda: len(rows(house, left)) == 1, "a letter is with the duty before it is noted as sent")
        ((run_at,),) = rows(house, left)
        wait = (datetime.fromisoformat(run_at).replace(tzinfo=UTC) - killed_at).total_seconds()
        assert wait <= _A_MINUTE_S
        a_lease_ends(house)
        await until(lambda: Counter(box.ids)[first] >= 2, "the letter that nobody knows was sent")
        await until(lambda: not rows(house, "SELECT 1 FROM jobs WHERE done_at IS NULL"), "every letter is noted")
    assert len(set(box.ids)) == 3  # a second copy has the same name, and a mail program shows one


async def test_a_photo_whose_decoding_was_killed_is_shown_whole_afterwards(
    tmp_path: Path, letterbox: tuple[Letterbox, str]
) -> None:
    async with working(tmp_path, letterbox[1]) as (house, phone):
        await house.start()
        judge, photos = Judge(house, phone.ledger), []
        for _ in range(3):
            batch, photo = one_finding(phone)
            await phone.deliver(batch)
            await phone.bring_home(photo)
            photos.append(photo)
            await until(lambda: bool(rows(house, "SELECT 1 FROM jobs WHERE attempts > 0")), "the decoding has begun")
            house.kill()
            assert judge.look() == []
            a_lease_ends(house)
            await house.start()

        await until(lambda: not rows(house, "SELECT 1 FROM jobs WHERE done_at IS NULL"), "every photo is decoded")
        house.kill()
        assert judge.look() == []
        assert {open_books(house).photos[photo][1]["state"] for photo in photos} == {"accepted"}


def one_finding(phone: Writer) -> tuple[list[UUID], UUID]:
    observation, photo, content = uuid7(), uuid7(), phone.photos[0]
    phone.ledger.photos[photo] = content
    seen = phone.operation("observation.record", observation, phone.seen([photo]))
    return [seen, phone.operation("photo.declare", photo, declaration(observation, content))], photo
