"""Activities that show how a promise goes.

A new table: yesterday's code runs beside it and knows nothing of it. No phone sends any of it.
"""

import sqlalchemy as sa
from alembic import op

revision = "activities"
down_revision = "work_calls"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "activities",
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("promise", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["municipality"], ["municipalities.id"], name=op.f("fk_activities_municipality")),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_activities")),
    )
    op.create_index("ix_activities_promise", "activities", ["promise"])


def downgrade() -> None:
    op.drop_table("activities")
