"""Conflicts: two who changed the same thing, until a person has decided.

A new table only: yesterday's code runs beside it and never looks there. Phones and desks from before it send no `base`
and make no conflicts.
"""

import sqlalchemy as sa
from alembic import op

revision = "conflicts"
down_revision = "first"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "conflicts",
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("about", sa.Uuid(), nullable=False),
        sa.Column("organisation", sa.String(length=80), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["municipality"], ["municipalities.id"], name=op.f("fk_conflicts_municipality")),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_conflicts")),
    )
    op.create_index("ix_conflicts_open", "conflicts", ["municipality", "is_open", "held", "received_at", "id"])
    op.create_index("ix_conflicts_about", "conflicts", ["municipality", "about"])


def downgrade() -> None:
    op.drop_index("ix_conflicts_about", table_name="conflicts")
    op.drop_index("ix_conflicts_open", table_name="conflicts")
    op.drop_table("conflicts")
