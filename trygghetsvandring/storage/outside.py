"""Tables of what stands between us and other systems. Beside `tables.py`, where the rest are."""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Uuid

from trygghetsvandring.storage.tables import Moment, metadata, municipality_key, record_table

publications = record_table(
    "publications",
    Column("about", Uuid, nullable=False),  # the finding; the id is the same
    Column("state", String(10), nullable=False),
    Column("category", String(60), nullable=False),
    Column("requested_at", Moment, nullable=False),
    Index("ix_publications_requested", "municipality", "state", "requested_at", "id"),
    Index("ix_publications_about", "municipality", "about"),
)
api_keys = record_table(
    "api_keys",
    Column("secret_hash", String(64), nullable=False, index=True),
    Column("is_open", Boolean, nullable=False),
)
partners = record_table("partners", Column("organisation", String(80), nullable=False))
deliveries = record_table(
    "deliveries",
    Column("about", Uuid, nullable=False),  # the task
    Column("state", String(12), nullable=False),
    Column("changed_at", Moment, nullable=False),
    Index("ix_deliveries_about", "municipality", "about"),
    Index("ix_deliveries_changed", "municipality", "changed_at"),
)
reports = record_table(
    "reports", Column("about", Uuid, nullable=False), Index("ix_reports_about", "municipality", "about")
)
webhooks = record_table("webhooks", Column("is_open", Boolean, nullable=False))
webhook_calls = Table(  # one row per call and address; what was said is made anew each time it is sent
    "webhook_calls",
    metadata,
    municipality_key(),
    Column("id", Uuid, primary_key=True),
    Column("webhook", Uuid, nullable=False),
    Column("finding", Uuid, nullable=False),
    Column("event", String(30), nullable=False),
    Column("state", String(12), nullable=False),
    Column("status", Integer),
    Column("reason", String(60), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Index("ix_webhook_calls_webhook", "municipality", "webhook", "changed_at"),
)
work_calls = Table(  # as webhook_calls, of a unit's tasks; there from when it is planned
    "work_calls",
    metadata,
    municipality_key(),
    Column("id", Uuid, primary_key=True),
    Column("webhook", Uuid, nullable=False),
    Column("task", Uuid, nullable=False),
    Column("event", String(30), nullable=False),
    Column("state", String(12), nullable=False),
    Column("status", Integer),
    Column("reason", String(60), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Index("ix_work_calls_task", "municipality", "task"),
    Index("ix_work_calls_changed", "municipality", "changed_at"),
)
