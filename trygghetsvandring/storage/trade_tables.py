"""The tables of the grocery trade's safety group: cards, the routine, shops' weeks, and links."""

from sqlalchemy import Column, Index, String

from trygghetsvandring.storage.columns import record_table

trade_cards = record_table("trade_cards")
trade_routines = record_table("trade_routines")
shop_weeks = record_table(
    "shop_weeks",
    Column("shop", String(80), nullable=False),
    Column("week", String(8), nullable=False),
    Index("ix_shop_weeks_week", "municipality", "week"),
)
trade_links = record_table(
    "trade_links",
    Column("party", String(80), nullable=False),
    Column("secret_hash", String(64), nullable=False, index=True),
)
