"""Answer links: how a party without an account answers about one task, by a link in a letter.

A link is bound to its task and to whom it was sent. It works until the task is closed or goes to somebody else, for 90
days at most, or until somebody revokes it. Looking at it changes nothing; each form can be sent once.

Who holds it either is the party the task lies with, and decides; or helps that party, and decides nothing for it: a
contractor or an authority the task was referred to, or somebody a unit with accounts of its own has asked.

    Refused
    ├── LinkOver         closed, revoked, expired or moved; `standing` says which
    ├── AnsweredAlready  this very form has been sent before
    ├── NotAnAddress     the link cannot be sent to what was written
    └── TooManyLinks     more than one task needs
"""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from trygghetsvandring.domain.departments import Organisation
from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.people import Role
from trygghetsvandring.domain.tasks import ARROWS, DeclineReason, Task, TaskState

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
LASTS = timedelta(days=90)
ANSWER_WITHIN_WORKING_DAYS = 5
LONGEST_RECIPIENT = 80
LONGEST_ADDRESS = 254
MOST_ANSWERS = 50


class Standing(StrEnum):
    OPEN = "open"
    REVOKED = "revoked"
    EXPIRED = "expired"
    CLOSED = "closed"
    MOVED = "moved"  # the task lies with somebody else, or came back to triage


class AnswerAct(StrEnum):
    ACCEPT = "accept"
    PLAN = "plan"
    WAIT = "wait"
    FINISH = "finish"
    DECLINE = "decline"


class NoReason(StrEnum):
    """Why not. The first two send it back to whoever gave it out, while it is only asked about."""

    WRONG_OWNER = "wrong_owner"
    UNCLEAR = "unclear"
    CANNOT = "cannot"


BACK = {NoReason.WRONG_OWNER: DeclineReason.WRONG_OWNER, NoReason.UNCLEAR: DeclineReason.UNCLEAR}


class LinkOver(Refused):
    code = "link_over"


class AnsweredAlready(Refused):
    code = "answered_already"


class NotAnAddress(Refused):
    code = "not_an_address"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLink:
    """`party` is the organisation the task lies with; `recipient` says who there, as a function ("" = the party).

    `stay` is (times reopened, times bounced) when it was made: a task that comes again gets a new link. `used` are
    digests of the forms that have been sent. `helps`: the holder decides nothing for `party` (see `as_held`);
    `referred_to` whom the task was referred to when it was sent, "" = nobody.
    """

    id: UUID
    version: int
    task: UUID
    number: str  # the receipt's
    party: str
    recipient: str
    to: str
    secret_hash: str
    made_at: datetime
    made_by: str
    ends_at: datetime
    answer_by: date
    stay: tuple[int, int]
    helps: bool = False
    referred_to: str = ""
    revoked_at: datetime | None = None
    revoked_by: str = ""
    used_at: datetime | None = None
    used: tuple[str, ...] = ()

    @property
    def letter(self) -> str:
        """The id of the letter it went out by while each had a letter of its own, until 2026-11."""
        return f"besked-{self.id}"


def address(text: str) -> str:
    """Whether a mail server takes it is the mail's to say; here only that it can be one."""
    if not is_address(text):
        raise NotAnAddress()
    return text


def is_public_address(text: str) -> bool:
    """One that a stranger may give: no letter of it is an instruction to a mail program that opens it as a link."""
    return is_address(text) and not set(text) & set("?&%=")


def is_address(text: str) -> bool:
    """Exactly one plain address, without a name or anything that a header could take for two."""
    return len(text) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(text) is not None


def helps(task: Task, party: Organisation, to: str, by: Role) -> bool:
    """A unit that signs in decides itself. At its own address it may be answered too, but with no more than the sender
    had: a handler's link never says what only the head may.
    """
    elsewhere = to != party.mail or by is Role.HANDLER
    return task.state is TaskState.REFERRED or (party.signs_in and elsewhere)


def as_held(link: AnswerLink, party: Organisation | None) -> AnswerLink:
    """As the party is today: it may have got accounts, or another address, since the link was sent."""
    outside = party is not None and party.signs_in and link.to != party.mail
    return replace(link, helps=True) if outside else link


def standing(link: AnswerLink, task: Task | None, now: datetime) -> Standing:
    if link.revoked_at is not None:
        return Standing.REVOKED
    if task is None or task.department != link.party or stay_of(task)[1] != link.stay[1]:
        return Standing.MOVED
    if stay_of(task)[0] != link.stay[0]:  # it has been closed since
        return Standing.CLOSED
    if task.is_closed:
        return Standing.CLOSED
    referred_to = task.referral.party if task.referral else ""
    if link.helps and (task.handed_over is not None or referred_to != link.referred_to):
        return Standing.MOVED  # the unit has taken it back, or asked somebody else
    return Standing.EXPIRED if now >= link.ends_at else Standing.OPEN


def stay_of(task: Task) -> tuple[int, int]:
    """(times reopened, times bounced) by itself, without what came with tasks that were merged into it."""
    return task.reopened - _came(task, "reopened"), task.bounced - _came(task, "bounced")


def _came(task: Task, count: str) -> int:
    return sum(getattr(each, count) for each in task.absorbed)


def must_be_open(link: AnswerLink, task: Task | None, now: datetime) -> None:
    how = standing(link, task, now)
    if how is not Standing.OPEN:
        raise LinkOver(standing=how.value)


def answered(link: AnswerLink, form: str, now: datetime) -> AnswerLink:
    """The link with this form spent."""
    if form in link.used:
        raise AnsweredAlready()
    if len(link.used) >= MOST_ANSWERS:
        raise LinkOver(standing=Standing.EXPIRED.value)
    return replace(link, used=(*link.used, form), used_at=now)


def revoked(link: AnswerLink, by: str, now: datetime) -> AnswerLink:
    """A second time changes nothing."""
    return link if link.revoked_at is not None else replace(link, revoked_at=now, revoked_by=by)


def acts(link: AnswerLink, task: Task) -> tuple[AnswerAct, ...]:
    """What can be answered as the task stands. Whoever says when, or that it is done, has taken it."""
    possible = {arrow.operation for arrow in ARROWS if arrow.start is task.state}
    if link.helps:
        done = [AnswerAct.FINISH] if "task.finish" in possible else []
        return AnswerAct.PLAN, *done, AnswerAct.DECLINE
    asked = task.state is TaskState.ASSIGNED
    start = TaskState.ACCEPTED if asked else task.state
    possible = {arrow.operation for arrow in ARROWS if arrow.start is start}
    found = [AnswerAct.ACCEPT] if asked else []
    found += [AnswerAct.PLAN] if {"task.plan", "task.replan"} & possible else []
    found += [AnswerAct.WAIT] if "task.wait" in possible else []
    found += [AnswerAct.FINISH] if "task.finish" in possible else []
    found += [AnswerAct.DECLINE] if "task.refuse" in possible else []
    return tuple(found)


def reasons(link: AnswerLink, task: Task) -> tuple[NoReason, ...]:
    """What is taken on is no longer somebody else's, so only the last reason is left then."""
    if link.helps:
        return NoReason.UNCLEAR, NoReason.CANNOT
    return tuple(NoReason) if task.state is TaskState.ASSIGNED else (NoReason.CANNOT,)


# ---------------------------------------------------------------- secrets


def secret(key: bytes, link: UUID) -> str:
    """128 bits, made anew from the server's key when a letter is written: only its digest is stored."""
    return derived(key, b"answer:" + link.bytes)


def form(key: bytes, link: UUID, act: str, chance: str) -> str:
    """What a page's form carries, so that it is one of ours and can be sent once."""
    return f"{chance}.{derived(key, b'form:' + link.bytes + act.encode() + b':' + chance.encode())}"


def is_form(key: bytes, link: UUID, act: str, given: str) -> bool:
    chance, _, _ = given.partition(".")
    return chance.isalnum() and hmac.compare_digest(form(key, link, act, chance).encode(), given.encode())


def derived(key: bytes, use: bytes) -> str:
    """128 bits of the server's key for one use, base64url without padding."""
    return urlsafe_b64encode(hmac.new(key, use, hashlib.sha256).digest()[:16]).decode().rstrip("=")
