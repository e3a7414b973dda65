"""Phones that want a word when there is an answer. A new table only."""

import sqlalchemy as sa
from alembic import op

revision = "pushes"
down_revision = "protocols"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pushes",
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("device", sa.Uuid(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("endpoint_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["municipality"], ["municipalities.id"], name=op.f("fk_pushes_municipality")),
        sa.PrimaryKeyConstraint("municipality", "device", name=op.f("pk_pushes")),
    )
    op.create_index("ix_pushes_endpoint_hash", "pushes", ["endpoint_hash"], unique=False)


def downgrade() -> None:
    op.drop_table("pushes")
