"""The tables of action plans, their commitments, and the links they are reported on by."""

from sqlalchemy import Column, String, Uuid

from trygghetsvandring.storage.columns import record_table

action_plans = record_table("action_plans", Column("agreement", Uuid, nullable=False, index=True))
commitments = record_table(
    "commitments",
    Column("plan", Uuid, nullable=False, index=True),
    Column("executor", String(80), nullable=False, index=True),
)
report_links = record_table(
    "report_links",
    Column("about", Uuid, nullable=False, index=True),  # the commitment
    Column("secret_hash", String(64), nullable=False, index=True),
)
