"""Incoming mail: what somebody wrote when they answered one of our letters, or wrote to its address unasked.

It changes no state by itself and nobody outside ever reads it. A person at the desk reads it, and either answers for
the sender in the ordinary forms or puts it aside. The words, the original and the sender's address stand apart from
it (`storage/incoming_mail.py`), in no log and no version.

    Refused
    └── MailSettled   somebody has used it, or put it aside, before
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid5

from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.people import Principal, Role

SERIES: Final = "M"
LONGEST_SUBJECT: Final = 200  # code points, as the rest
LONGEST_TEXT: Final = 4_000
LONGEST_ORIGINAL: Final = 60_000
KEEP_SENDER: Final = timedelta(days=90)
SHOW_BOUNCES: Final = timedelta(days=30)
_IDS: Final = UUID("1b7a5e0a-2f5c-5c0e-8c55-6a0f4a1f9d27")


class MailKind(StrEnum):
    ANSWER = "answer"  # to a letter of ours, about one task
    STRAY = "stray"  # nobody here knows what it is about
    AUTOMATIC = "automatic"  # a machine wrote it: settled as it comes


class Why(StrEnum):
    """Why nobody knows it."""

    NO_LETTER = "no_letter"  # it answers none of our letters
    REVOKED = "revoked"  # the link of its letter is revoked, or its reader's account shut
    MOVED = "moved"  # the task lies with somebody else now
    GONE = "gone"  # the task is erased


class MailState(StrEnum):
    UNREAD = "unread"
    USED = "used"  # somebody has answered for the sender
    PUT_ASIDE = "put_aside"


class Aside(StrEnum):
    """Why nothing is done with it. No words of one's own: they would be about whoever wrote."""

    THANKS = "thanks"
    ANSWERED = "answered"
    NOT_OURS = "not_ours"
    JUNK = "junk"
    PERSON = "person"


class MailSettled(Refused):
    code = "mail_settled"


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingMail:
    """`who`: the function or party the letter went to, never a name; "" = nobody known. `same_sender`: it came from the
    address the letter went to. `attachments` are counted and not fetched. `is_long`: the rest lies in the mailbox.
    """

    id: UUID
    version: int
    number: str
    kind: MailKind
    task: UUID | None
    who: str
    same_sender: bool
    attachments: int
    is_long: bool
    received_at: datetime
    why: Why | None = None
    state: MailState = MailState.UNREAD
    settled_at: datetime | None = None
    settled_by: str = ""  # function
    aside: Aside | None = None


def mail_id(municipality: str, message_id: str, digest: str, task: UUID | None) -> UUID:
    """The same message about the same task, however many times it is fetched."""
    return uuid5(_IDS, "\n".join((municipality, message_id, digest, str(task or ""))))


def token(key: bytes, letter: UUID) -> str:
    """By which a letter is answered: 128 bits of the server's key, in small letters: addresses lose their capitals."""
    made = hmac.new(key, b"mail:" + letter.bytes, hashlib.sha256).digest()[:16]
    return base64.b32encode(made).decode().rstrip("=").lower()


def used(it: IncomingMail, *, by: str, at: datetime) -> IncomingMail:
    if it.state is MailState.USED:
        return it
    return _settled(it, MailState.USED, None, by, at)


def put_aside(it: IncomingMail, why: Aside, *, by: str, at: datetime) -> IncomingMail:
    """The same again changes nothing."""
    if it.state is MailState.PUT_ASIDE and it.aside is why:
        return it
    return _settled(it, MailState.PUT_ASIDE, why, by, at)


def _settled(it: IncomingMail, state: MailState, aside: Aside | None, by: str, at: datetime) -> IncomingMail:
    if it.state is not MailState.UNREAD:
        raise MailSettled()
    return replace(it, state=state, aside=aside, settled_at=at, settled_by=by)


def may_read(asker: Principal, department: str | None) -> bool:
    """`department`: that has the task now. What is about no task is the coordinator's."""
    return asker.role is Role.COORDINATOR or (department is not None and department == asker.organisation)
