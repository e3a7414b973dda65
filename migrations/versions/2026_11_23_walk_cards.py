"""A card for each walk, found by the digest of its code.

And by which card an address for mail came. Walks of before have no card until somebody makes one. Yesterday's code reads
all of it, but a walk it writes loses the card it names: all processes are upgraded first (docs/operations.md).
"""

import sqlalchemy as sa
from alembic import op

revision = "walk_cards"
down_revision = "cells"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "walk_cards",
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality"], ["municipalities.id"], name=op.f("fk_walk_cards_municipality_municipalities")
        ),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_walk_cards")),
    )
    op.create_index(op.f("ix_walk_cards_code_hash"), "walk_cards", ["code_hash"], unique=True)
    op.add_column("subscriptions", sa.Column("card", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("subscriptions", "card")
    op.drop_index(op.f("ix_walk_cards_code_hash"), table_name="walk_cards")
    op.drop_table("walk_cards")
