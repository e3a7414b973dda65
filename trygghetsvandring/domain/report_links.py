"""Report links: how an executor without an account reports back on one commitment, by a link in a letter.

A link is bound to its commitment and works until that is done or not to be, until it ends, or until somebody revokes
it. Looking at it changes nothing; each form can be sent once. Codes are those of answer links, and NothingAsked.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from trygghetsvandring.domain.answer_links import MOST_ANSWERS, AnsweredAlready, LinkOver, Standing, derived
from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.plans import Commitment

LASTS = timedelta(days=90)


class NothingAsked(Refused):
    """No report is asked for now: a letter would have nothing to say."""

    code = "nothing_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLink:
    """`used` are digests of the forms that have been sent."""

    id: UUID
    version: int
    commitment: UUID
    executor: str
    to: str
    secret_hash: str
    made_at: datetime
    made_by: str
    ends_at: datetime
    revoked_at: datetime | None = None
    revoked_by: str = ""
    used: tuple[str, ...] = ()
    used_at: datetime | None = None


def standing(link: ReportLink, it: Commitment | None, now: datetime) -> Standing:
    if link.revoked_at is not None:
        return Standing.REVOKED
    if it is None or not it.is_open:
        return Standing.CLOSED
    return Standing.EXPIRED if now >= link.ends_at else Standing.OPEN


def must_be_open(link: ReportLink, it: Commitment | None, now: datetime) -> None:
    how = standing(link, it, now)
    if how is not Standing.OPEN:
        raise LinkOver(standing=how.value)


def answered(link: ReportLink, form: str, now: datetime) -> ReportLink:
    """The link with this form spent."""
    if form in link.used:
        raise AnsweredAlready()
    if len(link.used) >= MOST_ANSWERS:
        raise LinkOver(standing=Standing.EXPIRED.value)
    return replace(link, used=(*link.used, form), used_at=now)


def revoked(link: ReportLink, by: str, now: datetime) -> ReportLink:
    """A second time changes nothing."""
    return link if link.revoked_at is not None else replace(link, revoked_at=now, revoked_by=by)


def secret(key: bytes, link: UUID) -> str:
    """128 bits, made anew from the server's key when a letter is written: only its digest is stored."""
    return derived(key, b"report:" + link.bytes)
