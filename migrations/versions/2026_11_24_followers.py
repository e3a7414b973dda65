"""Addresses of those who follow the public page, and what the last letter to them had told.

New tables: yesterday's code runs beside them and knows nothing of them. No phone sends any of it.
"""

import sqlalchemy as sa
from alembic import op

revision = "followers"
down_revision = "announcements"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "followers",
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("same", sa.String(length=254), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["municipality"], ["municipalities.id"], name=op.f("fk_followers_municipality")),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_followers")),
    )
    op.create_index("ix_followers_secret_hash", "followers", ["secret_hash"])
    op.create_index("uq_followers_same", "followers", ["municipality", "same"], unique=True)
    op.create_table(
        "followers_told",
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["municipality"], ["municipalities.id"], name=op.f("fk_followers_told_municipality")),
        sa.PrimaryKeyConstraint("municipality", name=op.f("pk_followers_told")),
    )


def downgrade() -> None:
    for table in ("followers_told", "followers"):
        op.drop_table(table)
