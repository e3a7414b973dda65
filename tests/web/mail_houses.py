"""An evening whose letters go through a real mail server, and those who read and answer them."""

import re
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import httpx
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import func, select

from tests.makers import COORDINATOR, LIDKOPING, Evening, Phone, a_municipality
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.integrations.mail import SmtpPost, server_from
from trygghetsvandring.jobs.work import Lane
from trygghetsvandring.storage import people, records
from trygghetsvandring.storage.people import User
from trygghetsvandring.storage.tables import jobs
from trygghetsvandring.sync.municipalities import settle

PARTY, PRIVATE = "trafikverket", "fastighetsagare"
PARTYS_MAIL = "arende@trafikverket.example"
SENDER = "trygghet@lidkoping.example"


@dataclass
class Inbox:
    """A mail server's other end. `refuses`: addresses whose mail it does not take, with its answer."""

    mails: list[EmailMessage] = field(default_factory=list)
    raws: list[bytes] = field(default_factory=list)
    froms: list[str] = field(default_factory=list)  # where a mail server would send each back
    refuses: dict[str, str] = field(default_factory=dict)

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        raw = envelope.original_content or b""
        mail = message_from_bytes(raw, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.raws.append(raw)
        self.froms.append(str(envelope.mail_from))
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.mails if str(mail["To"]) == address]


def text_of(mail: EmailMessage) -> str:
    return str(mail.get_content()).replace("\r\n", "\n")


def links_in(mail: EmailMessage, path: str = "/besked/") -> list[str]:
    """The paths of our own links in a letter, as somebody who reads it would follow them."""
    return re.findall(rf"https://trygg\.test({path}\S+)", text_of(mail))


def forms_in(page: httpx.Response) -> dict[str, dict[str, str]]:
    """Every form of a page by its act: the hidden fields a browser would send."""
    forms = {}
    for body in re.findall(r"<form[^>]*>(.*?)</form>", page.text, re.DOTALL):
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', body))
        forms[hidden.get("act", "")] = hidden
    return forms


@dataclass
class MailHouse:
    evening: Evening
    inbox: Inbox

    async def work(self, lane: Lane = Lane.LETTERS) -> None:
        """Until nothing is left to do in the lane; what waits for its round is waited for."""
        while await self.evening.app.state.runner.round(lane) or await self._round_ends(lane):
            pass

    async def _round_ends(self, lane: Lane) -> bool:
        async with self.evening.store.read() as db:
            kinds = ["mail.news", "mail.asked", "mail.ended"]
            waits = jobs.c.done_at.is_(None) & jobs.c.kind.in_(kinds) & (jobs.c.attempts == 0)
            at = (await db.execute(select(func.max(jobs.c.run_at)).where(waits))).scalar_one()
        if lane is not Lane.LETTERS or at is None or at <= self.evening.now:
            return False
        self.evening.times["now"] = at
        return True

    async def task(
        self,
        department: str = PARTY,
        *,
        phone: Phone | None = None,
        seen: Mapping[str, Any] | None = None,
        **changes: Any,
    ) -> UUID:
        """Given to the party, its letters sent. `seen`: what the finding says otherwise than usual."""
        phone = phone or await self.evening.phone()
        finding, id = uuid7(), uuid7()
        (outcome,) = await phone.push(phone.observation(finding, **(seen or {})))
        assert outcome.outcome == "applied", outcome
        body = {"title": "Släckt lampa vid gångtunneln", "observations": [finding], "priority": 2, **changes}
        for type, entity, what in (
            ("observation.review", finding, {"category": "bel.trasig", "severity": 1}),
            ("task.create", id, body),
            ("task.assign", id, {"department": department, "explanation": "Väg och åtgärd.", "due_on": "2026-12-18"}),
        ):
            done = await self.evening.act(type, entity, what, COORDINATOR)
            assert done.outcome == "applied", done
        await self.work()
        return id

    async def read(self, task: UUID) -> Task:
        async with self.evening.store.read() as db:
            found = await records.one(db, LIDKOPING, Task, task)
        assert found is not None
        return found

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.evening.http.get(path, headers=headers)

    async def answer(self, path: str, act: str, photo: bytes | None = None, **said: str) -> httpx.Response:
        """Opens the page and sends one of its forms."""
        page = await self.get(path)
        return await self.send(forms_in(page)[act] | said, photo)

    async def send(self, fields: dict[str, str], photo: bytes | None = None) -> httpx.Response:
        files = {"photo": ("IMG_1.jpg", photo, "image/jpeg")} if photo is not None else None
        return await self.evening.http.post("/besked/svar", data=fields, files=files)

    async def user(self, role: str, organisation: str, login: str) -> User:
        user = User(
            municipality=LIDKOPING,
            id=uuid7(),
            login=login,
            function="Funktion",
            role=role,
            organisation=organisation,
            password_hash="none",
            demo=False,
            disabled_at=None,
        )
        async with self.evening.store.write() as db:
            await people.add_user(db, user)
        return user

    async def signed_in(self, user: User) -> dict[str, str]:
        """The headers of their desk."""
        token = f"session-{uuid7()}"
        async with self.evening.store.write() as db:
            await people.begin_session(
                db,
                token_hash=digest(token),
                municipality=LIDKOPING,
                user=user.id,
                device=uuid7(),
                now=self.evening.now,
                expires_at=self.evening.now + timedelta(days=1),
            )
        return {"Cookie": f"__Host-trygg={token}", "Sec-Fetch-Site": "same-origin"}


def with_mail(department: str, mail: str, **changes: Any) -> Any:
    """Lidköping, where one party has an address."""
    from dataclasses import replace

    place = a_municipality()
    there = tuple(replace(it, mail=mail, **changes) if it.id == department else it for it in place.departments)
    return replace(place, departments=there)


@asynccontextmanager
async def a_mail_house(evening: Evening) -> AsyncIterator[MailHouse]:
    inbox = Inbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        context = evening.app.state.runner._context
        object.__setattr__(
            context,
            "post",
            SmtpPost(server_from(f"smtp://127.0.0.1:{port}"), SENDER, clock=lambda: evening.now),
        )
        await settle(evening.store, with_mail(PARTY, PARTYS_MAIL))
        yield MailHouse(evening, inbox)
    finally:
        controller.stop()


def day(text: str) -> date:
    return date.fromisoformat(text)
