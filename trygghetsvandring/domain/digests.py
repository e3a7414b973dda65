"""Digests: what those who walked hear by mail, one letter for the walk, and the one message to the whole group.

An address is asked for apart from the walk, confirmed by a link, and gone when the follow-up ends or whoever gave it
says stop. Nothing joins it to a phone or a finding.

    Refused
    ├── MessageSentAlready  a group gets one message; what is sent cannot be unsaid
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from trygghetsvandring.domain.answer_links import derived
from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.replies import Reply, ReplyWord
from trygghetsvandring.domain.walks import Walk

FOLLOW_UP = timedelta(days=400)  # as long as a phone keeps the key to its own answers
CONFIRM_WITHIN = timedelta(days=7)
AT_MOST_EVERY = timedelta(days=7)
LONGEST_MESSAGE = 1000
MOST_ADDRESSES = 200  # on one walk

FINAL = frozenset(
    {
        ReplyWord.VERIFIED,
        ReplyWord.WONT_DO,
        ReplyWord.NO_ACTION,
        ReplyWord.LAGESBILD,
    }
)


class MessageSentAlready(Refused):
    code = "message_sent_already"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMessage:
    """The id is the walk's, so there is one."""

    id: UUID
    version: int
    text: str
    by: str  # a function
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    id: UUID
    walk: UUID
    address: str
    asked_at: datetime
    confirmed_at: datetime | None
    card: UUID | None = None  # the walk's card it came by; None: a phone

    def holds(self, walk: Walk) -> bool:
        """What came by a card goes when the card is shut or another is in use."""
        return self.card is None or self.card == walk.card


def secret(key: bytes, subscription: UUID) -> str:
    return derived(key, b"digest:" + subscription.bytes)


def voice(key: bytes, subscription: UUID, task: UUID) -> UUID:
    """Whom an answer by mail counts as: the same every time, and leading nobody back to the address."""
    told = b"voice:" + subscription.bytes + task.bytes
    return UUID(bytes=hmac.new(key, told, hashlib.sha256).digest()[:16], version=4)


def follow_up_ends(walk: Walk) -> datetime:
    return walk.ends_at + FOLLOW_UP


def outcomes(replies: Sequence[Reply]) -> dict[str, str]:
    """What the walk's page says, finding by finding: compared with what the last digest said."""
    return {
        str(reply.id): f"{reply.state}:{reply.planned_on or reply.done_on or ''}{_answered(reply)}" for reply in replies
    }


def _answered(reply: Reply) -> str:
    """A doubt that was answered moves nothing, and is news to whoever doubted."""
    told = [step for step in reply.steps if step.answers]
    return f":{told[-1].on}:{len(told)}" if told else ""


def has_news(said: Mapping[str, str], now: Mapping[str, str]) -> bool:
    """A finding that is only received is no news; everything after that is."""
    quiet = {f"{ReplyWord.RECEIVED}:", f"{ReplyWord.REVIEWED}:"}
    return any(said.get(id) != words and words not in quiet for id, words in now.items())


def is_over(replies: Sequence[Reply]) -> bool:
    """Nothing more will happen: every finding has its last word."""
    return bool(replies) and all(reply.state in FINAL for reply in replies)
