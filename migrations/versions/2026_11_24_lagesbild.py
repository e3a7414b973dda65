"""Lägesbilder of periods, their signed editions, and what has been shown of them.

New tables: yesterday's code runs beside them and knows nothing of them. No phone sends any of it.
"""

import sqlalchemy as sa
from alembic import op

revision = "lagesbild"
down_revision = "trade"
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
        sa.ForeignKeyConstraint(
            ["municipality"], ["municipalities.id"], name=op.f(f"fk_{name}_municipality_municipalities")
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f(f"pk_{name}")),
    )


def upgrade() -> None:
    _record("lagesbilder", sa.Column("last", sa.String(length=10), nullable=False))
    _record(
        "lagesbild_editions",
        sa.Column("about", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
    )
    op.create_index("ix_lagesbild_editions_about", "lagesbild_editions", ["about"])
    _record("lagesbild_shelves")


def downgrade() -> None:
    for table in ("lagesbild_shelves", "lagesbild_editions", "lagesbilder"):
        op.drop_table(table)
