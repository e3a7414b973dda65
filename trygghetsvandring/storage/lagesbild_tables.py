"""The tables of lägesbilder: drafts, editions, and what has been shown."""

from sqlalchemy import Column, Integer, String, Uuid

from trygghetsvandring.storage.columns import record_table

lagesbilder = record_table("lagesbilder", Column("last", String(10), nullable=False))
lagesbild_editions = record_table(
    "lagesbild_editions",
    Column("about", Uuid, nullable=False, index=True),
    Column("number", Integer, nullable=False),
)
lagesbild_shelves = record_table("lagesbild_shelves")
