"""Rota links: how a party without an account says that it comes, and how many walked.

A link is bound to its party and to the contact it was sent to (`RotaContact`, kept apart): it works for 90 days, or
until somebody shuts it or the contact is changed or gone. Looking at it changes nothing; each form can be sent once.
Codes are those of answer links.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from trygghetsvandring.domain.answer_links import AnsweredAlready, LinkOver, Standing, derived

LASTS = timedelta(days=90)
MOST_ANSWERS = 400
"""A season: sign, change and say who walked, of several evenings a week."""
LONG_ENOUGH = timedelta(days=14)
"""What must be left of a link that a letter goes out with once more."""
KEEP_CONTACT = timedelta(days=180)
"""After the last time it was of use: written, answered by, or an evening that the party had said it comes to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RotaContact:
    """Whom a party is reached by, in no log and no version. Another address is another contact, with another id."""

    id: UUID
    party: str
    function: str
    address: str
    written_at: datetime
    used_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RotaLink:
    """`contact`: id of whom it is sent to. `used`: digests of the forms that have been sent."""

    id: UUID
    version: int
    party: str
    contact: UUID
    secret_hash: str
    made_at: datetime
    made_by: str
    ends_at: datetime
    revoked_at: datetime | None = None
    revoked_by: str = ""
    used: tuple[str, ...] = ()
    used_at: datetime | None = None


def standing(link: RotaLink, contact: RotaContact | None, now: datetime) -> Standing:
    """`contact`: the party's now; None when there is none, or the party is not in the municipality any more."""
    if link.revoked_at is not None:
        return Standing.REVOKED
    if contact is None or contact.id != link.contact:
        return Standing.MOVED
    return Standing.EXPIRED if now >= link.ends_at or len(link.used) >= MOST_ANSWERS else Standing.OPEN


def lasts(link: RotaLink, contact: RotaContact, now: datetime) -> bool:
    return standing(link, contact, now) is Standing.OPEN and link.ends_at - now >= LONG_ENOUGH


def answered(link: RotaLink, form: str, now: datetime) -> RotaLink:
    """The link with this form spent. Whether its contact still stands is asked by the route, which alone can see it."""
    if form in link.used:
        raise AnsweredAlready()
    if link.revoked_at is not None:
        raise LinkOver(standing=Standing.REVOKED.value)
    if now >= link.ends_at or len(link.used) >= MOST_ANSWERS:
        raise LinkOver(standing=Standing.EXPIRED.value)
    return replace(link, used=(*link.used, form), used_at=now)


def revoked(link: RotaLink, by: str, now: datetime) -> RotaLink:
    """A second time changes nothing."""
    return link if link.revoked_at is not None else replace(link, revoked_at=now, revoked_by=by)


def secret(key: bytes, link: UUID) -> str:
    """128 bits, made anew from the server's key when a letter is written: only its digest is stored."""
    return derived(key, b"rota:" + link.bytes)
