"""Report links: found by the digest of the secret in a link, and by the commitment they are about."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from trygghetsvandring.domain.report_links import ReportLink
from trygghetsvandring.storage.plan_tables import report_links
from trygghetsvandring.storage.records import decode, found, register
from trygghetsvandring.storage.unit import Db

register(
    ReportLink,
    "report_link",
    report_links,
    lambda link: {"about": link.commitment, "secret_hash": link.secret_hash},
)


async def by_secret(db: Db, secret_hash: str) -> tuple[str, ReportLink] | None:
    """(municipality, link); revoked and ended ones too."""
    c = report_links.c
    row = (await db.execute(select(c.municipality, c.doc).where(c.secret_hash == secret_hash))).first()
    return None if row is None else (row.municipality, decode(ReportLink, row.doc))


async def of_commitments(db: Db, municipality: str, commitments: Iterable[UUID]) -> list[ReportLink]:
    """Latest first."""
    c = report_links.c
    asked = select(c.doc).where(c.municipality == municipality, c.about.in_(list(commitments)))
    links = await found(db, ReportLink, asked)
    return sorted(links, key=lambda link: (link.made_at, link.id), reverse=True)
