"""Web Push to those who walked: at most one word a day, in the daytime, and never what it is about.

The message is empty: what became of a finding is read from the phone's own feed, so the browser's push service learns
nothing but that this phone was woken.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.replies import ReplyWord
from trygghetsvandring.domain.times import STOCKHOLM

FIRST_HOUR, LAST_HOUR = 8, 20
NOT_WITHIN: Final = timedelta(hours=20)
KEPT_FOR: Final = timedelta(days=365)  # a walk's follow-up is over by then
LONGEST: Final = 1_000
# What the phone knew when it handed in is no news.
_NO_NEWS: Final = frozenset({ReplyWord.RECEIVED})


class NotAPushAddress(Refused):
    """No https address that a browser's push service could have given."""

    code = "not_a_push_address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One phone that wants a word. `seen`: how far in the municipality's feed it has been looked."""

    municipality: str
    device: UUID
    endpoint: str
    seen: int
    told_at: datetime | None
    asked_at: datetime


def address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"https", "http"} or not parts.hostname or len(text) > LONGEST or parts.username:
        raise NotAPushAddress()
    return text


def may_be_told(wish: Wish, now: datetime) -> bool:
    if not FIRST_HOUR <= now.astimezone(STOCKHOLM).hour < LAST_HOUR:
        return False
    return wish.told_at is None or now - wish.told_at >= NOT_WITHIN


def is_news(state: str) -> bool:
    return state not in _NO_NEWS
