"""Other systems: what is public, keys, partners, deliveries, reports and webhooks.

New tables, and one index for those who ask which tasks have changed. Yesterday's code runs beside them and never looks
there; a finding from before it has no `source`, which says that it came from a walk.
"""

import sqlalchemy as sa
from alembic import op

revision = "connections"
down_revision = "letters"
branch_labels = None
depends_on = None


def _table(name: str, *columns: "sa.Column[object]") -> None:
    op.create_table(
        name,
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["municipality"], ["municipalities.id"], name=op.f(f"fk_{name}_municipality")),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f(f"pk_{name}")),
    )


def _record(name: str, *columns: "sa.Column[object]") -> None:
    _table(
        name,
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        *columns,
    )


def upgrade() -> None:
    _record(
        "publications",
        sa.Column("about", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("category", sa.String(length=60), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_publications_requested", "publications", ["municipality", "state", "requested_at", "id"])
    op.create_index("ix_publications_about", "publications", ["municipality", "about"])
    _record(
        "api_keys",
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_api_keys_secret_hash", "api_keys", ["secret_hash"])
    _record("partners", sa.Column("organisation", sa.String(length=80), nullable=False))
    _record(
        "deliveries",
        sa.Column("about", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_deliveries_about", "deliveries", ["municipality", "about"])
    op.create_index("ix_deliveries_changed", "deliveries", ["municipality", "changed_at"])
    _record("reports", sa.Column("about", sa.Uuid(), nullable=False))
    op.create_index("ix_reports_about", "reports", ["municipality", "about"])
    _record("webhooks", sa.Column("is_open", sa.Boolean(), nullable=False))
    _table(
        "webhook_calls",
        sa.Column("webhook", sa.Uuid(), nullable=False),
        sa.Column("finding", sa.Uuid(), nullable=False),
        sa.Column("event", sa.String(length=30), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_webhook_calls_webhook", "webhook_calls", ["municipality", "webhook", "changed_at"])
    op.create_index("ix_tasks_changed", "tasks", ["municipality", "updated_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_tasks_changed", table_name="tasks")
    for name in ("webhook_calls", "webhooks", "reports", "deliveries", "partners", "api_keys", "publications"):
        op.drop_table(name)
