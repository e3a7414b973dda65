"""What is read out of one message: words in any alphabet, who wrote it, what a machine says. And the mailbox itself."""

from collections.abc import Iterator
from contextlib import closing
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from tests.integrations.imap_stub import Box, a_box
from trygghetsvandring.integrations.incoming import read
from trygghetsvandring.integrations.mailbox import MOST_FETCHED, MailboxAway, mail_in_from

HOSTILE = [
    "å\r\nBcc: alla@x.example",
    "=?utf-8?q?=0d=0aBcc:_x?=",
    "\x00<script>\u202e",
    "=?bad?z?x?=",
    "\udc80",
    "a" * 5000,
]


def written(
    text: str = "Vi lagar på torsdag.", subject: str = "Sv: Släckt lampa, Östra vägen åäö", **headers: str
) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = "Kim <kim@trafikverket.example>", "svar+x@lidkoping.example"
    mail["Subject"] = subject
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return bytes(mail)


def bounce(letter: str = "<abc@lidkoping.example>", action: str = "failed", status: str = "5.1.1") -> bytes:
    lines = (
        "From: MAILER-DAEMON@mx.example",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
        "",
        "--b",
        "Content-Type: text/plain",
        "",
        "Sorry",
        "--b",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.example",
        "",
        "Final-Recipient: rfc822; kim@trafikverket.example",
        f"Action: {action}",
        f"Status: {status}",
        "",
        "--b",
        "Content-Type: text/rfc822-headers",
        "",
        f"Message-ID: {letter}",
        "",
        "--b--",
    )
    return "\r\n".join(lines).encode()


def test_words_and_subjects_are_read_whatever_they_are_written_in() -> None:
    came = read(written())
    assert (came.subject, came.text) == ("Sv: Släckt lampa, Östra vägen åäö", "Vi lagar på torsdag.")
    assert (came.sender, came.is_automatic, came.may_be_answered) == ("kim@trafikverket.example", False, True)
    latin = b"From: a@b.example\r\nSubject: x\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\n\xe5\xe4\xf6"
    assert read(latin).text == "åäö"


def test_the_same_message_by_two_ways_is_one_and_other_words_under_the_same_id_are_another() -> None:
    raw = written(Message_ID="<1@x.example>")
    assert read(b"Received: from a by b\r\n" + raw).digest == read(raw).digest
    assert read(written("Nej.", Message_ID="<1@x.example>")).digest != read(raw).digest


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Auto-Submitted", "auto-replied"),
        ("Auto-Submitted", "auto-generated; x=y"),
        ("Precedence", "bulk"),
        ("X-Autoreply", "yes"),
        ("Return-Path", "<>"),
        ("List-Id", "<x.example>"),
    ],
)
def test_what_a_machine_wrote_is_never_answered(header: str, value: str) -> None:
    came = read(written(**{header: value}))
    assert came.is_automatic and not came.may_be_answered


def test_a_person_may_ask_for_no_answers_and_is_a_person_still() -> None:
    came = read(written(X_Auto_Response_Suppress="All"))
    assert not came.is_automatic and not came.may_be_answered
    assert not read(written(Auto_Submitted="no")).is_automatic


def test_attachments_are_counted_and_not_read() -> None:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = "kim@trafikverket.example"
    mail.set_content("Se bild.")
    mail.add_attachment(b"x", maintype="image", subtype="jpeg", filename="Anna Andersson.jpg")
    mail.add_attachment("hemligt", filename="a.txt")
    inner = EmailMessage()
    inner.set_content("Det här skrev någon annan.")
    mail.add_attachment(inner)
    came = read(bytes(mail))
    assert (came.text, came.attachments) == ("Se bild.", 3)
    assert "Anna" not in repr(came)


def test_what_a_mail_server_gives_back_is_told_from_what_it_only_delays() -> None:
    back = read(bounce()).bounce
    assert back is not None and (back.failed, back.status, back.letters) == (
        True,
        "5.1.1",
        ("<abc@lidkoping.example>",),
    )
    slow = read(bounce(action="delayed", status="4.4.1"))
    assert slow.bounce is not None and not slow.bounce.failed and slow.is_automatic


@pytest.mark.parametrize("evil", HOSTILE)
def test_no_header_and_no_text_can_break_a_line_or_turn_one_around(evil: str) -> None:
    raw = evil.encode("utf-8", "surrogateescape")
    for name in (b"Subject", b"From", b"To", b"Message-ID", b"Auto-Submitted", b"Content-Type", b"Date"):
        came = read(name + b": " + raw + b"\r\nX: y\r\n\r\n" + raw)
        assert not set(came.subject + came.message_id + came.sender) & set("\r\n\x00\u202e\u2028")
        assert not set(came.text) & set("\r\x00\u202e")
        (came.subject + came.text + came.message_id).encode()  # a database takes it


@pytest.fixture
def box() -> Iterator[Box]:
    with a_box() as it:
        yield it


def test_a_mailbox_is_read_from_its_oldest_and_marked_only_when_told(box: Box) -> None:
    box.messages += [written("Ett"), written("Två"), b"From: a@b.example\r\n\r\n" + b"x" * MOST_FETCHED]
    mailbox = mail_in_from(f"lidkoping=svar+*@lidkoping.se,{box.url}")["lidkoping"].opened()
    assert mailbox.unread() == ["1", "2", "3"]
    first, long = mailbox.fetch("1"), mailbox.fetch("3")
    assert first is not None and first.is_whole and read(first.raw).text == "Ett"
    assert long is not None and not long.is_whole and len(long.raw) == MOST_FETCHED
    assert mailbox.fetch("9") is None and box.seen == set()
    mailbox.mark_read("1")
    assert mailbox.unread() == ["2", "3"]
    mailbox.close()


def test_a_mailbox_that_cannot_be_read_says_so_without_the_password(box: Box) -> None:
    wrong = mail_in_from(f"lidkoping=svar+*@lidkoping.se,{box.url.replace('hemligt', 'fel')}")["lidkoping"]
    for refused in (None, "SELECT", "UID SEARCH"):
        box.refuses = {refused} if refused else set()
        with (
            pytest.raises(MailboxAway) as away,
            closing((wrong if refused is None else mail_in_from(f"x=*@x.se,{box.url}")["x"]).opened()) as mailbox,
        ):
            mailbox.unread()
        assert "fel" not in str(away.value) and "hemligt" not in str(away.value)
    assert "hemligt" not in repr(mail_in_from(f"x=*@x.se,{box.url}"))


@pytest.mark.parametrize(
    "wrong",
    [
        "lidkoping=svar@lidkoping.se,imaps://u:p@h/INBOX",  # no place for the word
        "lidkoping=svar+*@*.se,imaps://u:p@h/INBOX",
        "lidkoping=svar+*@lidkoping.se,imap://u:p@mail.example/INBOX",  # in the clear
        "lidkoping=svar+*@lidkoping.se,imaps://h/INBOX",
        'lidkoping=svar+*@lidkoping.se,imaps://u:p@h/IN"BOX',
        "imaps://u:p@h",
    ],
)
def test_half_a_setting_is_none(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"imap|address|INBOX"):
        mail_in_from(wrong)


def test_a_word_is_found_in_an_address_of_ours_only_and_whatever_became_of_its_letters() -> None:
    mail_in = mail_in_from("lidkoping=Svar+*@lidkoping.se,imaps://u:p@h/INBOX")["lidkoping"]
    word = "abcdefghijklmnopqrstuvwxyz"
    to = f'"X" <SVAR+{word.upper()}@Lidkoping.SE>, svar+{word}@lidkoping.se.evil.example, svar+kort@lidkoping.se'
    assert mail_in.tokens(to) == [word]
    assert mail_in.tokens(f"svar+{word}@lidkoping.se.evil.example xsvar+a{word}@lidkoping.se") == []
