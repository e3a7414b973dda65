"""Phones: what waits for a person, and files that were carried in by hand.

Only new tables: yesterday's code runs beside them and never looks there.
"""

import sqlalchemy as sa
from alembic import op

revision = "phones"
down_revision = "conflicts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "held",
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("operation", sa.Uuid(), nullable=False),
        sa.Column("device", sa.Uuid(), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=120), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["municipality"], ["municipalities.id"], name=op.f("fk_held_municipality")),
        sa.PrimaryKeyConstraint("municipality", "operation", name=op.f("pk_held")),
    )
    op.create_index("ix_held_waiting", "held", ["municipality", "decision", "since"], unique=False)
    op.create_index("ix_held_device", "held", ["municipality", "device"], unique=False)
    op.create_table(
        "rescues",
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("device", sa.Uuid(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["municipality"], ["municipalities.id"], name=op.f("fk_rescues_municipality")),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_rescues")),
    )
    op.create_index("ix_rescues_sha256", "rescues", ["municipality", "sha256"], unique=True)
    op.create_index("ix_rescues_imported", "rescues", ["municipality", "imported_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_rescues_imported", table_name="rescues")
    op.drop_index("ix_rescues_sha256", table_name="rescues")
    op.drop_table("rescues")
    op.drop_index("ix_held_device", table_name="held")
    op.drop_index("ix_held_waiting", table_name="held")
    op.drop_table("held")
