"""Rule books: a municipality's rules as a thing of their own, with drafts, what is live and what was.

Before this the rules lay inside the municipality's document; they go on holding there until a first book is
published. Only new tables: yesterday's code runs beside them and never looks there.
"""

import sqlalchemy as sa
from alembic import op

revision = "rules"
down_revision = "spots"
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
    _record(
        "rulebooks",
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
    )
    op.create_index("ix_rulebooks_state", "rulebooks", ["municipality", "state", "number"], unique=False)
    _record("rule_shelves")


def downgrade() -> None:
    op.drop_table("rule_shelves")
    op.drop_index("ix_rulebooks_state", table_name="rulebooks")
    op.drop_table("rulebooks")
