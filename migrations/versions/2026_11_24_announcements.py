"""Coming walks that a named person has shown to everybody.

A new table: yesterday's code runs beside it and knows nothing of it. No phone sends any of it.
"""

import sqlalchemy as sa
from alembic import op

revision = "announcements"
down_revision = "feedback"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "announcements",
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["municipality"], ["municipalities.id"], name=op.f("fk_announcements_municipality")),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_announcements")),
    )
    op.create_index("ix_announcements_ends_at", "announcements", ["municipality", "ends_at"])


def downgrade() -> None:
    op.drop_table("announcements")
