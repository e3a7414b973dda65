"""What everybody may write from a public page, and apart from it the addresses of those who may be asked about it.

New tables: yesterday's code runs beside them and knows nothing of them. No phone sends any of it.
"""

import sqlalchemy as sa
from alembic import op

revision = "feedback"
down_revision = "lagesbild"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feedback",
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["municipality"], ["municipalities.id"], name=op.f("fk_feedback_municipality")),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_feedback")),
    )
    op.create_index("ix_feedback_received_at", "feedback", ["municipality", "received_at"])
    op.create_table(
        "feedback_contacts",
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("feedback", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality"], ["municipalities.id"], name=op.f("fk_feedback_contacts_municipality")
        ),
        sa.PrimaryKeyConstraint("municipality", "feedback", name=op.f("pk_feedback_contacts")),
    )


def downgrade() -> None:
    for table in ("feedback_contacts", "feedback"):
        op.drop_table(table)
