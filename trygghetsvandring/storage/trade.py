"""The safety group's cards, routine, weeks and links."""

from collections.abc import Iterable

from sqlalchemy import select

from trygghetsvandring.domain.trade import ShopWeek, TradeCard, TradeRoutine
from trygghetsvandring.domain.trade_links import TradeLink
from trygghetsvandring.domain.weeks import Week
from trygghetsvandring.storage.records import decode, found, register
from trygghetsvandring.storage.trade_tables import shop_weeks, trade_cards, trade_links, trade_routines
from trygghetsvandring.storage.unit import Db

register(TradeCard, "trade_card", trade_cards, lambda _it: {})
register(TradeRoutine, "trade_routine", trade_routines, lambda _it: {})
register(ShopWeek, "shop_week", shop_weeks, lambda it: {"shop": it.shop, "week": it.week})
register(
    TradeLink,
    "trade_link",
    trade_links,
    lambda it: {"party": it.party, "secret_hash": it.secret_hash},
)


async def cards(db: Db, municipality: str) -> list[TradeCard]:
    """Of the parties that are in the group."""
    return [it for it in await every_card(db, municipality) if it.is_in]


async def every_card(db: Db, municipality: str) -> list[TradeCard]:
    """Also of the parties that have left."""
    c = trade_cards.c
    return await found(db, TradeCard, select(c.doc).where(c.municipality == municipality).order_by(c.id))


async def weeks(db: Db, municipality: str, of: Iterable[Week]) -> list[ShopWeek]:
    """Every shop's, of these weeks."""
    c = shop_weeks.c
    asked = select(c.doc).where(c.municipality == municipality, c.week.in_([str(week) for week in of]))
    return await found(db, ShopWeek, asked.order_by(c.week, c.shop, c.id))


async def links(db: Db, municipality: str) -> list[TradeLink]:
    """Latest first."""
    c = trade_links.c
    kept = await found(db, TradeLink, select(c.doc).where(c.municipality == municipality))
    return sorted(kept, key=lambda link: (link.made_at, link.id), reverse=True)


async def by_secret(db: Db, secret_hash: str) -> tuple[str, TradeLink] | None:
    """(municipality, link); revoked and ended ones too."""
    c = trade_links.c
    row = (await db.execute(select(c.municipality, c.doc).where(c.secret_hash == secret_hash))).first()
    return None if row is None else (row.municipality, decode(TradeLink, row.doc))
