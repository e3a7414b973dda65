"""Cards: found by the digest of their code."""

from sqlalchemy import select

from trygghetsvandring.domain.cards import WalkCard
from trygghetsvandring.storage.letter_tables import walk_cards
from trygghetsvandring.storage.records import decode, register
from trygghetsvandring.storage.unit import Db

register(WalkCard, "walk_card", walk_cards, lambda card: {"code_hash": card.code_hash})


async def by_code(db: Db, code_hash: str) -> tuple[str, WalkCard] | None:
    """(municipality, card); shut ones too."""
    c = walk_cards.c
    row = (await db.execute(select(c.municipality, c.doc).where(c.code_hash == code_hash))).first()
    return None if row is None else (row.municipality, decode(WalkCard, row.doc))
