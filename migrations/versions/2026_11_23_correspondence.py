"""Correspondence: where letters to each party go and what replies begin with, as changed at the desk.

Before this both stood in the municipality's settings only; they hold until somebody changes them.
"""

import sqlalchemy as sa
from alembic import op

revision = "correspondence"
down_revision = "letter_lines"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "correspondence",
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality"], ["municipalities.id"], name=op.f("fk_correspondence_municipality_municipalities")
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_correspondence")),
    )


def downgrade() -> None:
    op.drop_table("correspondence")
