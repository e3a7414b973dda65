"""What reaches a header: Swedish words whole, threads and one-click links untouched, and nothing planted."""

from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trygghetsvandring.domain.replies import ReplyWord
from trygghetsvandring.integrations.digest_letters import (
    Digest,
    confirm_subject,
    digest_subject,
    group_subject,
    outcome_words,
)
from trygghetsvandring.integrations.handover_letters import (
    Asked,
    HandOver,
    Reminded,
    handover_subject,
    reminder_subject,
)
from trygghetsvandring.integrations.letters import Told, told_subject
from trygghetsvandring.integrations.mail import Letter, NotAnAddress, message

NOW = datetime(2026, 11, 20, 19, 41, tzinfo=UTC)
SENDER = "trygghet@lidkoping.example"
LINK = "https://trygg.lidkoping.example/brev/sluta/" + "x" * 22
# What has opened headers elsewhere: line ends of every kind, folded lines, encoded words, NUL, and bidi signs.
PLANTED = (
    *("\r\nBcc: alla@example.org", "\nBcc: alla@example.org", "\rBcc: alla@example.org", "\x0bBcc: alla@example.org"),
    *("\x0cBcc: alla@example.org", "\x1cBcc: a@b.se", "\x1dBcc: a@b.se", "\x1eBcc: a@b.se", "\x85Bcc: a@b.se"),
    *("\u2028Bcc: alla@example.org", "\u2029Bcc: alla@example.org", "\r\n\r\n<script>", "\n \nBcc: a@b.se"),
    *("=?utf-8?q?=0D=0ABcc:_a@b.se?=", "=?utf-8?b?DQpCY2M6IGFAYi5zZQ==?=", "%0d%0aBcc: a@b.se", "\x00", "\u202e"),
    "å" * 400 + "\r\nBcc: a@b.se",
)


def read(letter: Letter) -> EmailMessage:
    mail = message_from_bytes(bytes(message(letter, SENDER, NOW)), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def a_letter(subject: str = "Ämne") -> Letter:
    return Letter(id="1", to="a@b.se", subject=subject, text="Text.\n")


HAND_OVER = HandOver(
    municipality="Lidköping",
    recipient="Driften",
    by="Samordnaren",
    reply_to="samordnare@lidkoping.example",
    may_refuse=False,
    asked_by="",
    ends_at=NOW,
    tasks=[
        Asked(
            title="Släckt lampa",
            place="Tunneln",
            number="Å-1",
            receipt="B-1",
            answers="ta emot eller säg nej",
            explanation="De.",
            due_on=date(2026, 12, 4),
            answer_by=date(2026, 11, 27),
            link=LINK,
            findings=1,
        )
    ],
)
TOLD = Told(
    number="Å-1",
    municipality="Lidköping",
    department="Gata och park",
    title="Lampa",
    place="Torget",
    state="done",
    public_text="",
    link=LINK,
)


def subjects(planted: str) -> list[str]:
    """Every subject there is, with the planted words in each field that a person may have written."""
    task = replace(HAND_OVER.tasks[0], title=planted, number=planted, receipt=planted)
    two = replace(HAND_OVER, municipality=planted, tasks=[task, task])
    line = Reminded(title=planted, place=planted, number=planted, why="", step=1, link=LINK)
    digest = Digest(municipality=planted, walk=planted, items=[], others=0, page=LINK, stop=LINK, is_last=False)
    return [
        handover_subject(replace(HAND_OVER, tasks=[task])),
        handover_subject(replace(HAND_OVER, tasks=[task], may_refuse=True)),
        handover_subject(two),
        reminder_subject("Lidköping", [line]),
        reminder_subject(planted, [line, line]),
        digest_subject(digest),
        confirm_subject(planted),
        group_subject(planted),
        told_subject(replace(TOLD, title=planted, number=planted, department=planted)),
    ]


@pytest.mark.parametrize("planted", PLANTED, ids=repr)
def test_no_subject_of_any_letter_makes_a_header(planted: str) -> None:
    plain = set(read(a_letter()).keys())
    for subject in subjects(planted):
        mail = read(a_letter(subject))
        assert set(mail.keys()) == plain, subject
        assert "\n" not in mail["Subject"]
        assert mail.get_content() == "Text.\r\n"


@pytest.mark.parametrize("planted", PLANTED, ids=repr)
def test_no_planted_word_gets_into_the_other_headers(planted: str) -> None:
    plain = {*read(a_letter()).keys(), "In-Reply-To", "References", "List-Unsubscribe"}
    letter = replace(a_letter(), id=planted, thread=(planted, planted), headers={"List-Unsubscribe": f"<{planted}>"})

    assert set(read(letter).keys()) == plain
    address = f"a@b.se{planted}"
    for misled in (replace(a_letter(), to=address), replace(a_letter(), reply_to=address)):
        with pytest.raises(NotAnAddress):
            message(misled, SENDER, NOW)


WORDS = st.lists(st.text("aåäöÅÄÖbc-–()é7", min_size=1, max_size=30), min_size=1, max_size=9)


@given(WORDS)
def test_a_swedish_subject_comes_out_as_it_went_in(words: list[str]) -> None:
    subject = " ".join(words)[:150].strip()

    assert read(a_letter(subject))["Subject"] == subject


def test_the_words_that_lost_their_space_keep_it() -> None:
    subject = "Påminnelse: Släckt lampa vid gångtunneln (Å-1)"

    assert read(a_letter(subject))["Subject"] == subject


def test_a_long_link_and_a_long_thread_are_never_encoded() -> None:
    thread = tuple(f"besked-{UUID(int=n)}" for n in range(3))
    letter = replace(a_letter(), thread=thread, headers={"List-Unsubscribe": f"<{LINK}{'y' * 60}>"})

    raw = bytes(message(letter, SENDER, NOW))

    assert f"List-Unsubscribe: <{LINK}{'y' * 60}>\r\n".encode() in raw
    assert read(letter)["References"].split() == [f"<{id}@lidkoping.example>" for id in thread]
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


def test_every_outcome_has_words() -> None:
    for word in ReplyWord:
        said = outcome_words(word, "Gata och park", date(2026, 12, 1))
        assert said
        assert "{" not in said
