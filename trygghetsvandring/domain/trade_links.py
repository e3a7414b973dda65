"""Trade links: how a party of the safety group tells its week and confirms its card without an account.

A link is bound to its party and works for 90 days, or until somebody revokes it. Looking at it changes nothing; each
form can be sent once. Codes are those of answer links.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from trygghetsvandring.domain.answer_links import MOST_ANSWERS, AnsweredAlready, LinkOver, Standing, derived

LASTS = timedelta(days=90)


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


def standing(link: TradeLink, now: datetime) -> Standing:
    if link.revoked_at is not None:
        return Standing.REVOKED
    return Standing.EXPIRED if now >= link.ends_at else Standing.OPEN


def must_be_open(link: TradeLink, now: datetime) -> None:
    how = standing(link, now)
    if how is not Standing.OPEN:
        raise LinkOver(standing=how.value)


def answered(link: TradeLink, form: str, now: datetime) -> TradeLink:
    """The link with this form spent."""
    if form in link.used:
        raise AnsweredAlready()
    if len(link.used) >= MOST_ANSWERS:
        raise LinkOver(standing=Standing.EXPIRED.value)
    return replace(link, used=(*link.used, form), used_at=now)


def revoked(link: TradeLink, by: str, now: datetime) -> TradeLink:
    """A second time changes nothing."""
    return link if link.revoked_at is not None else replace(link, revoked_at=now, revoked_by=by)


def secret(key: bytes, link: UUID) -> str:
    """128 bits, made anew from the server's key when a letter is written: only its digest is stored."""
    return derived(key, b"trade:" + link.bytes)
