"""The tables of agreements, their promises, and the activities that show how those go."""

from sqlalchemy import Boolean, Column, Index, Integer, Uuid

from trygghetsvandring.storage.columns import record_table

agreements = record_table("agreements")
promises = record_table(
    "promises",
    Column("agreement", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("is_public", Boolean, nullable=False),
    Index("ix_promises_agreement", "municipality", "agreement", "number"),
    Index("ix_promises_public", "municipality", "is_public"),
)
activities = record_table("activities", Column("promise", Uuid, nullable=False, index=True))
