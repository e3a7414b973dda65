"""The grocery trade's safety group: cards, the routine, shops' weeks, and links.

New tables: yesterday's code runs beside them and knows nothing of them. No phone sends any of it.
"""

import sqlalchemy as sa
from alembic import op

revision = "trade"
down_revision = "activities"
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
    _record("trade_cards")
    _record("trade_routines")
    _record(
        "shop_weeks",
        sa.Column("shop", sa.String(length=80), nullable=False),
        sa.Column("week", sa.String(length=8), nullable=False),
    )
    op.create_index("ix_shop_weeks_week", "shop_weeks", ["municipality", "week"])
    _record(
        "trade_links",
        sa.Column("party", sa.String(length=80), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
    )
    op.create_index("ix_trade_links_secret_hash", "trade_links", ["secret_hash"])


def downgrade() -> None:
    for table in ("trade_links", "shop_weeks", "trade_routines", "trade_cards"):
        op.drop_table(table)
