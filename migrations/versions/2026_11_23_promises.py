"""Agreements and promises: what was signed, what its owners have reported, and what of it everybody reads.

New tables: yesterday's code runs beside them and knows nothing of them. No phone sends any of it.
"""

import sqlalchemy as sa
from alembic import op

revision = "promises"
down_revision = "correspondence"
branch_labels = None
depends_on = None


def _record(name: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        name,
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["municipality"], ["municipalities.id"], name=op.f(f"fk_{name}_municipality")),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f(f"pk_{name}")),
    )


def upgrade() -> None:
    _record("agreements")
    _record(
        "promises",
        sa.Column("agreement", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_promises_agreement", "promises", ["municipality", "agreement", "number"])
    op.create_index("ix_promises_public", "promises", ["municipality", "is_public"])


def downgrade() -> None:
    op.drop_index("ix_promises_public", table_name="promises")
    op.drop_index("ix_promises_agreement", table_name="promises")
    op.drop_table("promises")
    op.drop_table("agreements")
