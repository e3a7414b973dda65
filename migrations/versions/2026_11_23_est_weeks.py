"""EST weeks: how far each has come, its meeting, its decisions and what parties have counted.

A new table: yesterday's code runs beside it and knows nothing of it. No phone sends any of it.
"""

import sqlalchemy as sa
from alembic import op

revision = "est_weeks"
down_revision = "promises"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "est_weeks",
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("week", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["municipality"], ["municipalities.id"], name=op.f("fk_est_weeks_municipality")),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_est_weeks")),
    )
    op.create_index("ix_est_weeks_week", "est_weeks", ["municipality", "week"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_est_weeks_week", table_name="est_weeks")
    op.drop_table("est_weeks")
