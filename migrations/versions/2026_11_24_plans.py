"""Action plans, their commitments, and the links they are reported on by.

New tables: yesterday's code runs beside them and knows nothing of them. No phone sends any of it.
"""

import sqlalchemy as sa
from alembic import op

revision = "plans"
down_revision = "est_weeks"
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
    _record("action_plans", sa.Column("agreement", sa.Uuid(), nullable=False))
    op.create_index("ix_action_plans_agreement", "action_plans", ["agreement"])
    _record(
        "commitments",
        sa.Column("plan", sa.Uuid(), nullable=False),
        sa.Column("executor", sa.String(length=80), nullable=False),
    )
    op.create_index("ix_commitments_plan", "commitments", ["plan"])
    op.create_index("ix_commitments_executor", "commitments", ["executor"])
    _record(
        "report_links",
        sa.Column("about", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
    )
    op.create_index("ix_report_links_about", "report_links", ["about"])
    op.create_index("ix_report_links_secret_hash", "report_links", ["secret_hash"])


def downgrade() -> None:
    for table in ("report_links", "commitments", "action_plans"):
        op.drop_table(table)
