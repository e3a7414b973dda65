"""Calls to a unit's own system about its tasks.

A new table: yesterday's code runs beside it and knows nothing of it. No phone sends any of it.
"""

import sqlalchemy as sa
from alembic import op

revision = "work_calls"
down_revision = "plans"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "work_calls",
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("webhook", sa.Uuid(), nullable=False),
        sa.Column("task", sa.Uuid(), nullable=False),
        sa.Column("event", sa.String(length=30), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality"], ["municipalities.id"], name=op.f("fk_work_calls_municipality_municipalities")
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_work_calls")),
    )
    op.create_index("ix_work_calls_task", "work_calls", ["municipality", "task"])
    op.create_index("ix_work_calls_changed", "work_calls", ["municipality", "changed_at"])


def downgrade() -> None:
    op.drop_table("work_calls")
