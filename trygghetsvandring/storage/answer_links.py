"""Answer links: found by the digest of the secret in a link, and by the task they are about."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from trygghetsvandring.domain.answer_links import AnswerLink
from trygghetsvandring.storage.letter_tables import answer_links
from trygghetsvandring.storage.records import decode, found, register
from trygghetsvandring.storage.unit import Db

register(
    AnswerLink,
    "answer_link",
    answer_links,
    lambda link: {"about": link.task, "secret_hash": link.secret_hash},
)


async def by_secret(db: Db, secret_hash: str) -> tuple[str, AnswerLink] | None:
    """(municipality, link); revoked and ended ones too."""
    c = answer_links.c
    row = (await db.execute(select(c.municipality, c.doc).where(c.secret_hash == secret_hash))).first()
    return None if row is None else (row.municipality, decode(AnswerLink, row.doc))


async def of_tasks(db: Db, municipality: str, tasks: Iterable[UUID]) -> list[AnswerLink]:
    """Latest first."""
    c = answer_links.c
    asked = select(c.doc).where(c.municipality == municipality, c.about.in_(list(tasks)))
    links = await found(db, AnswerLink, asked)
    return sorted(links, key=lambda link: (link.made_at, link.id), reverse=True)
