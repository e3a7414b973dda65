"""Protocols: what a person adds to a walk's protocol, and the editions that were approved.

Only new tables: yesterday's code runs beside them and never looks there.
"""

import sqlalchemy as sa
from alembic import op

revision = "protocols"
down_revision = "connections"
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
        sa.Column("walk", sa.Uuid(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["municipality"], ["municipalities.id"], name=op.f(f"fk_{name}_municipality")),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f(f"pk_{name}")),
    )
    op.create_index(f"ix_{name}_walk", name, ["walk"], unique=False)


def upgrade() -> None:
    _record("protocols")
    _record(
        "editions",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
    )


def downgrade() -> None:
    for name in ("editions", "protocols"):
        op.drop_index(f"ix_{name}_walk", table_name=name)
        op.drop_table(name)
