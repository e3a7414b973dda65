"""Letters leave through a real mail server, or become files. No text of a person's ever becomes a header."""

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from hypothesis import given
from hypothesis import strategies as st

from trygghetsvandring.integrations.mail import (
    FolderPost,
    Letter,
    NotAnAddress,
    NotDelivered,
    Post,
    SmtpPost,
    message,
    post_from,
    server_from,
)

NOW = datetime(2026, 11, 20, 19, 41, tzinfo=UTC)
SENDER = "trygghet@lidkoping.example"


def a_letter(**changes: str) -> Letter:
    return Letter(
        **{  # type: ignore[arg-type]
            "id": "0193-jobb",
            "to": "jour@lidkoping.example",
            "subject": "Fara: öppet elskåp, Gångtunneln (LK-7)",
            "text": "Öppet elskåp vid Gångtunneln.\nInte ringt.\n",
            **changes,
        }
    )


class Inbox:
    """What a mail server does with what it is given; `answer` is what it says to the message itself."""

    def __init__(self, answer: str = "250 OK") -> None:
        self.envelopes: list[Envelope] = []
        self.answer = answer

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.envelopes.append(envelope)
        return self.answer

    @property
    def mails(self) -> list[EmailMessage]:
        return [read(envelope.original_content or b"") for envelope in self.envelopes]


def read(content: bytes) -> EmailMessage:
    mail = message_from_bytes(content, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def listening(inbox: Inbox, **options: Any) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    yield f"127.0.0.1:{port}"
    controller.stop()


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def server(inbox: Inbox) -> Iterator[str]:
    yield from listening(inbox)


async def test_a_letter_arrives_as_it_was_written(server: str, inbox: Inbox, tmp_path: Path) -> None:
    post = post_from(f"smtp://{server}", tmp_path, SENDER)

    await post.send(a_letter())

    (mail,) = inbox.mails
    assert mail["To"] == "jour@lidkoping.example"
    assert mail["Subject"] == "Fara: öppet elskåp, Gångtunneln (LK-7)"
    assert mail.get_content() == "Öppet elskåp vid Gångtunneln.\r\nInte ringt.\r\n"
    assert mail.get_content_type() == "text/plain"
    assert inbox.envelopes[0].rcpt_tos == ["jour@lidkoping.example"]


async def test_a_letter_sent_twice_has_one_message_id(server: str, inbox: Inbox) -> None:
    post = SmtpPost(server_from(f"smtp://{server}"), SENDER)

    await post.send(a_letter())
    await post.send(a_letter())

    assert len({mail["Message-ID"] for mail in inbox.mails}) == 1


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
async def test_user_and_password_come_from_the_address(inbox: Inbox) -> None:
    seen = []

    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        seen.append((data.login, data.password))
        return AuthResult(success=True)

    for address in listening(inbox, authenticator=check, auth_require_tls=False, auth_required=True):
        post = SmtpPost(server_from(f"smtp://trygg%40lk:hemligt%2Ford@{address}?starttls=no"), SENDER)
        await post.send(a_letter())

    assert seen == [(b"trygg@lk", b"hemligt/ord")]
    assert len(inbox.envelopes) == 1


async def test_a_password_is_not_sent_to_a_server_without_encryption(server: str, inbox: Inbox) -> None:
    post = SmtpPost(server_from(f"smtp://trygg:hemligt@{server}"), SENDER)

    with pytest.raises(NotDelivered):
        await post.send(a_letter())
    assert inbox.envelopes == []


async def test_a_server_that_refuses_is_a_reason_to_keep() -> None:
    for address in listening(Inbox("554 No thanks to jour@lidkoping.example")):
        with pytest.raises(NotDelivered, match=r"^the mail server answered 554$"):
            await SmtpPost(server_from(f"smtp://{address}"), SENDER).send(a_letter())


async def test_a_server_that_is_away_is_a_reason_to_keep() -> None:
    with pytest.raises(NotDelivered, match="SMTPConnectError"):
        await SmtpPost(server_from("smtp://127.0.0.1:1"), SENDER).send(a_letter())


async def test_a_server_with_a_strangers_certificate_gets_nothing(server: str, inbox: Inbox) -> None:
    with pytest.raises(NotDelivered):
        await SmtpPost(server_from(f"smtps://{server}"), SENDER, context=ssl.create_default_context()).send(a_letter())
    assert inbox.envelopes == []


async def test_without_a_server_letters_are_files_in_the_order_they_were_sent(tmp_path: Path) -> None:
    times = iter([NOW, NOW.replace(minute=42)])
    post = FolderPost(tmp_path / "brev", SENDER, clock=lambda: next(times))

    await post.send(a_letter(id="a"))
    await post.send(a_letter(id="b", subject="Den andra"))

    files = sorted((tmp_path / "brev").iterdir())
    assert [file.suffix for file in files] == [".eml", ".eml"]
    assert read(files[1].read_bytes())["Subject"] == "Den andra"


async def test_a_folder_that_cannot_be_written_is_a_reason_to_keep(tmp_path: Path) -> None:
    (tmp_path / "brev").write_text("ingen mapp")

    with pytest.raises(NotDelivered):
        await FolderPost(tmp_path / "brev", SENDER).send(a_letter())


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\x00", "\u2028", "\x85", "\x0b"])
def test_a_line_break_in_a_subject_makes_no_new_header(break_: str) -> None:
    mail = read(bytes(message(a_letter(subject=f"Fara{break_}Bcc: alla@example.org"), SENDER, NOW)))

    assert mail["Bcc"] is None
    assert mail["Subject"] == "Fara Bcc: alla@example.org"


@given(st.text(max_size=400))
def test_no_subject_at_all_makes_a_header_or_an_error(subject: str) -> None:
    if any("\ud800" <= sign <= "\udfff" for sign in subject):
        return
    plain = set(read(bytes(message(a_letter(), SENDER, NOW))).keys())

    assert set(read(bytes(message(a_letter(subject=subject), SENDER, NOW))).keys()) == plain


@given(st.text(max_size=400).filter(lambda text: not any("\ud800" <= sign <= "\udfff" for sign in text)))
def test_no_text_ends_the_letter_early(text: str) -> None:
    mail = read(bytes(message(a_letter(text=f"{text}\n.\nslutet\n"), SENDER, NOW)))

    assert mail.get_content().endswith("\r\n.\r\nslutet\r\n")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "jour",
        "a@b.se, c@d.se",
        "a@b.se\r\nBcc: c@d.se",
        "Jour <a@b.se>",
        "a@b.se;c@d.se",
        "a@b..se",
        "@b.se",
        "a b@c.se",
    ],
)
async def test_only_exactly_one_address_is_an_address(address: str, tmp_path: Path) -> None:
    with pytest.raises(NotAnAddress):
        await FolderPost(tmp_path, SENDER).send(a_letter(to=address))


@pytest.mark.parametrize("url", ["http://a", "smtp://", "mail", "smtp://h?starttls=perhaps"])
def test_an_address_of_no_mail_server_is_refused_at_start(url: str) -> None:
    with pytest.raises(ValueError, match=r"TRYGG_SMTP_URL|starttls"):
        server_from(url)


def test_a_password_never_shows_in_a_trace() -> None:
    assert "hemligt" not in repr(server_from("smtp://u:hemligt@h"))


def test_the_two_ways_of_sending_are_the_same_to_whoever_sends(tmp_path: Path) -> None:
    ways: list[Post] = [post_from(None, tmp_path, SENDER), post_from("smtps://h", tmp_path, SENDER)]

    assert [type(way) for way in ways] == [FolderPost, SmtpPost]
