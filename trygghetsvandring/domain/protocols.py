"""Protocols: what a walk came to, on paper. A draft anybody at the desk may work on, and editions that never change.

    Refused
    ├── ProtocolMoved      somebody has written in it, or something has come in, since it was read
    ├── NotSignable        approved without a name, or a later edition that does not say what changed
    └── NoSuchPart         a comment about a stop, words about a finding, that are not this walk's

The draft holds only what a person adds: texts, which photos, whose words. Everything else is worked out anew from what
was handed in (`minutes.py`), so that no number is ever typed. Approving freezes it all as an edition with a number.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from trygghetsvandring.domain.errors import Malformed, Refused, TextTooLong
from trygghetsvandring.domain.headcounts import Told
from trygghetsvandring.domain.minutes import Action, Line, Minutes, shown
from trygghetsvandring.domain.tasks import public_safe

_NAMESPACE = UUID("0b9a6c2e-3f51-5d0e-8a77-51f0a1f0c3d4")
LONGEST_LINE = 160
MOST_PARTIES = 30
MOST_PHOTOS = 60


class Work(StrEnum):
    """What sort of work an action is (the protocol's own column)."""

    RUNNING = "running"  # drift
    SIMPLE = "simple"  # enkel åtgärd
    INVESTMENT = "investment"
    DECISION = "decision"  # beslut krävs


class Cost(StrEnum):
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class ProtocolMoved(Refused):
    code = "protocol_moved"


class NotSignable(Refused):
    code = "protocol_not_signable"


class NoSuchPart(Refused):
    code = "protocol_no_such_part"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A text about one thing: a comment at a stop, or a finding's words as they may stand in public."""

    id: UUID
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the coordinator says of an action that the task itself does not know."""

    id: UUID
    work: Work | None = None
    cost: Cost | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """One walk's. `edition` is the last one approved, 0 = none yet."""

    id: UUID
    version: int
    walk: UUID
    reference: str = ""  # diarienummer
    weather: str = ""
    parties: tuple[str, ...] = ()  # function and organisation, a line each; nobody's name
    purpose: str = ""
    summary: str = ""
    feedback: str = ""  # when and how the answers are given
    next_walk_on: date | None = None
    comments: tuple[Words, ...] = ()  # by stop
    words: tuple[Words, ...] = ()  # by finding: none, no words of it
    judged: tuple[Judged, ...] = ()  # by task
    photos: tuple[UUID, ...] = ()  # chosen one by one
    edition: int = 0
    drafted_at: datetime | None = None
    told: tuple[Told, ...] = ()  # of how each stop felt, by the latest edition


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """Approved and frozen. Only erasure by decision takes anything out of it, and says that it did."""

    id: UUID
    version: int
    walk: UUID
    number: int
    minutes: Minutes
    digest: str
    changed: str
    approved_by: str  # name and function: an official's signature, and the only name there is
    approved_at: datetime
    published: bool


def protocol_id(walk: UUID) -> UUID:
    """One protocol for one walk, whoever begins it."""
    return _derived(f"protocol:{walk}")


def edition_id(walk: UUID, number: int) -> UUID:
    return _derived(f"edition:{walk}:{number}")


def _derived(text: str) -> UUID:
    made = hashlib.sha1(_NAMESPACE.bytes + text.encode(), usedforsecurity=False)
    return UUID(bytes=made.digest()[:16], version=5)


_LINES = ("reference", "weather")
_TEXTS = ("purpose", "summary", "feedback")
T = TypeVar("T", Words, Judged)


def edited(protocol: Protocol, changes: dict[str, object]) -> Protocol:
    """Only what is named changes, and every word of it may stand in public."""
    for name in _LINES:
        if name in changes:
            changes[name] = line(str(changes[name]), name)
    for name in _TEXTS:
        if name in changes:
            changes[name] = public_safe(str(changes[name]))
    changed = replace(protocol, **changes)  # type: ignore[arg-type]
    if len(changed.parties) > MOST_PARTIES or len(changed.photos) > MOST_PHOTOS:
        raise Malformed(field="parties" if len(changed.parties) > MOST_PARTIES else "photos")
    return replace(
        changed,
        parties=tuple(kept for each in changed.parties if (kept := line(each, "parties"))),
        comments=_safe(changed.comments),
        words=_safe(changed.words),
        judged=tuple(each for each in _latest(changed.judged) if each.work or each.cost),
        photos=tuple(dict.fromkeys(changed.photos)),
    )


def _safe(words: Iterable[Words]) -> tuple[Words, ...]:
    safe = (Words(id=each.id, text=public_safe(each.text)) for each in _latest(words))
    return tuple(each for each in safe if each.text)


def _latest(each: Iterable[T]) -> list[T]:
    """One of each id, the last that was said."""
    return list({it.id: it for it in each}.values())


def line(text: str, field: str) -> str:
    if len(text) > LONGEST_LINE:
        raise TextTooLong(field=field, limit=LONGEST_LINE)
    return public_safe(text)


def approve(
    protocol: Protocol,
    minutes: Minutes,
    told: Iterable[Told],
    *,
    digest: str,
    name: str,
    function: str,
    changed: str,
    publish: bool,
    at: datetime,
) -> tuple[Protocol, Edition]:
    """The draft goes on as it is: the next edition begins where this one ends."""
    number = protocol.edition + 1
    if not name.strip() or len(name) > 80:
        raise NotSignable(reason="name")
    if number > 1 and not changed.strip():
        raise NotSignable(reason="changed")
    signed = f"{name.strip()}, {function}"
    edition = Edition(
        id=edition_id(protocol.walk, number),
        version=0,
        walk=protocol.walk,
        number=number,
        minutes=minutes,
        digest=digest,
        changed=public_safe(changed),
        approved_by=signed,
        approved_at=at,
        published=publish,
    )
    return replace(protocol, edition=number, told=tuple(told)), edition


# ---------------------------------------------------------------- what an erasure leaves

GONE = "Borttaget enligt beslut."


def without(edition: Edition, gone: set[UUID]) -> Edition:
    """What was removed by decision stands in no edition either; the numbers that were approved stay as they were."""
    it = edition.minutes
    stops = tuple(replace(s, good=_lines_without(s.good, gone), found=_lines_without(s.found, gone)) for s in it.stops)
    earlier = it.earlier and replace(it.earlier, actions=_actions_without(it.earlier.actions, gone))
    actions = _actions_without(it.actions, gone)
    left = shown(stops, actions)
    minutes = replace(
        it,
        stops=stops,
        earlier=earlier,
        actions=actions,
        not_done=_lines_without(it.not_done, gone),
        looked=tuple(each for each in it.looked if each.photo in left),
    )
    return replace(edition, version=edition.version + 1, minutes=minutes)


def draft_without(protocol: Protocol, gone: set[UUID]) -> Protocol:
    return replace(
        protocol,
        version=protocol.version + 1,
        words=tuple(each for each in protocol.words if each.id not in gone),
        judged=tuple(each for each in protocol.judged if each.id not in gone),
        photos=tuple(each for each in protocol.photos if each not in gone),
    )


def _lines_without(lines: tuple[Line, ...], gone: set[UUID]) -> tuple[Line, ...]:
    bare = (replace(line, photos=_left(line.photos, gone)) for line in lines)
    return tuple(replace(line, words=GONE, outcome="", photos=()) if line.id in gone else line for line in bare)


def _actions_without(actions: tuple[Action, ...], gone: set[UUID]) -> tuple[Action, ...]:
    bare = (replace(it, before=_left(it.before, gone), after=_left(it.after, gone)) for it in actions)
    empty = {"title": GONE, "place": "–", "seen": "–", "reply": "", "why_not": "", "before": (), "after": ()}
    return tuple(replace(it, **empty) if it.id in gone else it for it in bare)  # type: ignore[arg-type]


def _left(photos: tuple[UUID, ...], gone: set[UUID]) -> tuple[UUID, ...]:
    return tuple(photo for photo in photos if photo not in gone)
