"""Followers: whoever wants a letter when something new has been released on the public page, and nothing more of them.

An address is asked for once, confirmed by a link, and gone when whoever gave it says stop, or never confirms it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from trygghetsvandring.domain.answer_links import derived

CONFIRM_WITHIN: Final = timedelta(days=7)
ASK_AGAIN_AFTER: Final = timedelta(hours=1)
AT_MOST_EVERY: Final = timedelta(days=7)
MOST: Final = 5_000  # of one municipality
SWEDISH: Final = "sv"
OFF: Final = "off"
"""The stamp of a walk that is called off before it began."""
CHANGED: Final = "changed"
"""The stamp of a walk that is not as it was shown, and has not been shown anew."""
MOST_WAITING: Final = 500  # not confirmed: whoever fills in others' addresses stops there


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """`language`: of the page they asked on, by its id in the address; their letters are in it."""

    id: UUID
    address: str
    asked_at: datetime
    confirmed_at: datetime | None
    language: str = SWEDISH


class Kind(StrEnum):
    PROMISE = "promise"
    WALK = "walk"
    OFF = "off"
    CHANGED = "changed"
    PROTOCOL = "protocol"
    DIALOGUE = "dialogue"


class News(NamedTuple):
    """`stamp`: another one when it has changed. `name` is the municipality's own. `on`: the day of a walk."""

    stamp: str
    kind: Kind
    name: str
    on: date | None = None


def secret(key: bytes, follower: UUID) -> str:
    return derived(key, b"follow:" + follower.bytes)


def news(said: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """What stands there now and did not, or stood otherwise: by its key. What was taken away is no news to anybody.

    That a walk is called off or changed is news to those who have been told of it, and to nobody else.
    """
    only_told = (OFF, CHANGED)
    return [key for key, stamp in now.items() if said.get(key) != stamp and (stamp not in only_told or key in said)]


def may_wait(news: Iterable[str], said: Mapping[str, str], now: Mapping[str, str]) -> bool:
    """Nobody goes to a walk that is called off, or stays at home from one that is not after all."""
    return all(OFF not in (said.get(key), now[key]) for key in news)
