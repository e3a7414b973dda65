"""Cards: what a walk's group takes home, so that who had no phone of their own sees what became of what they saw.

A card belongs to a walk and to nobody. Its code opens a page with released words only; who has it reads what is told to
everybody who walked, and may say whether it holds. A phone's own code (`pwa/src/domain/card.ts`) is another thing: it
opens nothing.

    Refused
    ├── NoCard       there is none to show or to shut: never made, shut, or made under another key
    └── CardTooLate  none can be made: the follow-up is over, or it is a re-walk, whose page would be another
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from trygghetsvandring.domain.digests import follow_up_ends
from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.replies import Reply, ReplyWord
from trygghetsvandring.domain.tasks import SeenThere, Task, day_of
from trygghetsvandring.domain.walks import Walk, crockford

# 60 bits for the 400 days it lasts: ten thousand wrong tries an hour from all addresses together make 2^27, so that
# even with 2^17 cards in use one of 2^16 such attacks finds one. A walk's join code has 40, and ends after a night.
BITS = 60
LENGTH = BITS // 5


class NoCard(Refused):
    code = "no_card"


class CardTooLate(Refused):
    code = "card_too_late"


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkCard:
    """`made_by` and `shut_by` are functions. The code is derived from the id, and kept only as a digest."""

    id: UUID
    version: int
    walk: UUID
    code_hash: str
    made_at: datetime
    made_by: str
    shut_at: datetime | None = None
    shut_by: str = ""


def code(key: bytes, municipality: str, card: UUID) -> str:
    """Twelve Crockford characters, as they are typed. Two municipalities' cards with one id have each their own."""
    told = _derived(key, b"code:" + municipality.encode() + b":" + card.bytes)
    return crockford(int.from_bytes(told[:8], "big") >> (64 - BITS), BITS)


def spaced(code: str) -> str:
    """ "ABCD-EFGH-JKMN", as it is printed."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def kept_as(key: bytes, code: str) -> str:
    """Keyed: 60 bits could be searched by whoever has the database alone, and a card lasts more than a year."""
    return _derived(key, b"kept:" + code.encode()).hex()


def is_made_under(key: bytes, municipality: str, card: WalkCard) -> bool:
    """False when the server's key is another: the code it would give now opens nothing."""
    return hmac.compare_digest(kept_as(key, code(key, municipality, card.id)), card.code_hash)


def voice(key: bytes, municipality: str, card: UUID, task: UUID, seen: SeenThere) -> UUID:
    """Whom an answer from the card counts as: one for each answer, however many hold the card and press.

    Nobody's "Ja, bra" takes back what another of the group said.
    """
    told = _derived(key, b"voice:" + municipality.encode() + b":" + card.bytes + task.bytes + seen.value.encode())
    return UUID(bytes=told[:16], version=4)


def _derived(key: bytes, use: bytes) -> bytes:
    return hmac.new(key, b"card:" + use, hashlib.sha256).digest()


def is_open(card: WalkCard, walk: Walk, now: datetime) -> bool:
    return walk.card == card.id and now < follow_up_ends(walk)


def may_have_one(walk: Walk, now: datetime) -> bool:
    """A re-walk's page would have to tell of the tasks it looks at, not of findings: it has none yet."""
    return not walk.revisits and now < follow_up_ends(walk)


def lasts_through(walk: Walk) -> date:
    """The last whole day it opens the page."""
    return date.fromordinal(day_of(follow_up_ends(walk)).toordinal() - 1)


def is_said_already(task: Task, voice: UUID, now: datetime) -> bool:
    """The same was answered from the card today, and nothing has been done about it since: it is one answer.

    Another day is another visit, and after a doubt was settled it may be one again.
    """
    said = next((each for each in task.confirmations if each.device == voice), None)
    if said is None or day_of(said.at) != day_of(now):
        return False
    return task.settled is None or said.at > task.settled.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """How many findings of the walk stand where. `told` is all of them but those taken back."""

    told: int
    unread: int
    under_way: int
    claimed: int
    verified: int
    wont_do: int
    otherwise: int  # answered without becoming work: a reason, or the lägesbild

    @property
    def answered(self) -> int:
        return self.told - self.unread


_UNREAD = {ReplyWord.RECEIVED, ReplyWord.REVIEWED}
_OTHERWISE = {ReplyWord.NO_ACTION, ReplyWord.LAGESBILD}
_ENDED = {ReplyWord.DONE, ReplyWord.VERIFIED, ReplyWord.WONT_DO}


def sums(replies: Iterable[Reply]) -> Sums:
    """What is done in part is under way. What is held back counts as unread, as it does on the phone that saw it."""
    words = [reply.state for reply in replies]
    return Sums(
        told=len(words),
        unread=sum(word in _UNREAD for word in words),
        under_way=sum(word not in _UNREAD | _OTHERWISE | _ENDED for word in words),
        claimed=words.count(ReplyWord.DONE),
        verified=words.count(ReplyWord.VERIFIED),
        wont_do=words.count(ReplyWord.WONT_DO),
        otherwise=sum(word in _OTHERWISE for word in words),
    )


_PROMISED = {ReplyWord.PLANNED, ReplyWord.IN_PROGRESS}


def next_promised(replies: Iterable[Reply], today: date) -> date | None:
    """The first day from today on that a unit stands by: what waits, was sent on or opened again has no day."""
    days = [reply.planned_on for reply in replies if reply.planned_on is not None and reply.state in _PROMISED]
    return min((day for day in days if day >= today), default=None)


_SAID_TO_BE_MENDED = {ReplyWord.DONE, ReplyWord.PARTLY, ReplyWord.VERIFIED, ReplyWord.PARTLY_VERIFIED}


def asks(reply: Reply) -> bool:
    """Also of what one of the group has confirmed: the others have not been asked, and may have seen otherwise."""
    return reply.state in _SAID_TO_BE_MENDED
