"""Registers: cases about erasure, holds and retention per nämnd, and the tombstones of what was removed by decision.

Only new tables: yesterday's code runs beside them and never looks there.
"""

import sqlalchemy as sa
from alembic import op

revision = "register"
down_revision = "phones"
branch_labels = None
depends_on = None


def _record(name: str, *columns: "sa.Column[object]") -> None:
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
    board = sa.Column("board", sa.String(length=80), nullable=False)
    _record("cases", board, sa.Column("state", sa.String(length=10), nullable=False))
    op.create_index("ix_cases_board", "cases", ["municipality", "board", "state"], unique=False)
    _record("registers", sa.Column("board", sa.String(length=80), nullable=False))
    op.create_table(
        "erasures",
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("board", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replayed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["municipality"], ["municipalities.id"], name=op.f("fk_erasures_municipality")),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_erasures")),
    )
    op.create_index("ix_erasures_board", "erasures", ["municipality", "board", "decided_at"], unique=False)
    op.create_table(
        "erased",
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("decision", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["municipality"], ["municipalities.id"], name=op.f("fk_erased_municipality")),
        sa.PrimaryKeyConstraint("municipality", "id", "kind", name=op.f("pk_erased")),
    )
    op.create_index("ix_erased_decision", "erased", ["municipality", "decision", "done_at"], unique=False)


def downgrade() -> None:
    op.drop_table("erased")
    op.drop_table("erasures")
    op.drop_table("registers")
    op.drop_table("cases")
