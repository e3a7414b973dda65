"""Trade links: how a party of the safety group tells its week and confirms its card without an account.

A link is bound to its party and to the card's address. It works for 90 days, or until somebody revokes it, the card
gets another address, or the party leaves. Looking at it changes nothing; each form can be sent once, and a link takes
so many. Codes are those of answer links.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from trygghetsvandring.domain.answer_links import MOST_ANSWERS, AnsweredAlready, LinkOver, Standing, derived
from trygghetsvandring.domain.trade import TradeCard

LASTS = timedelta(days=90)
LONG_ENOUGH = timedelta(days=14)
"""What must be left of a link that a reminder goes out with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeLink:
    """`used` are digests of the forms that have been sent."""

    id: UUID
    version: int
    party: str
    to: str
    secret_hash: str
    made_at: datetime
    made_by: str
    ends_at: datetime
    revoked_at: datetime | None = None
    revoked_by: str = ""
    used: tuple[str, ...] = ()
    used_at: datetime | None = None


def standing(link: TradeLink, card: TradeCard | None, now: datetime) -> Standing:
    """`card`: the party's; None when it is not in the group, or not in the municipality any more."""
    has_left = card is not None and card.left and link.made_at <= card.left[-1].at
    if link.revoked_at is not None or has_left:
        return Standing.REVOKED
    if card is None or not card.is_in or card.now.mail != link.to:
        return Standing.MOVED
    return Standing.EXPIRED if now >= link.ends_at or len(link.used) >= MOST_ANSWERS else Standing.OPEN


def lasts(link: TradeLink, card: TradeCard, now: datetime) -> bool:
    """Whether there is enough left of it to be sent once more."""
    return standing(link, card, now) is Standing.OPEN and link.ends_at - now >= LONG_ENOUGH


def must_be_open(link: TradeLink, card: TradeCard | None, now: datetime) -> None:
    how = standing(link, card, now)
    if how is not Standing.OPEN:
        raise LinkOver(standing=how.value)


def answered(link: TradeLink, form: str, now: datetime) -> TradeLink:
    """The link with this form spent."""
    if form in link.used:
        raise AnsweredAlready()
    return replace(link, used=(*link.used, form), used_at=now)


def revoked(link: TradeLink, by: str, now: datetime) -> TradeLink:
    """A second time changes nothing."""
    return link if link.revoked_at is not None else replace(link, revoked_at=now, revoked_by=by)


def secret(key: bytes, link: UUID) -> str:
    """128 bits, made anew from the server's key when a letter is written: only its digest is stored."""
    return derived(key, b"trade:" + link.bytes)
