"""Those who work may want a word too, on a browser of theirs. Yesterday's code runs beside it and asks for none.

New columns with a default, and a new table. Yesterday's code would wake a desk with an empty word when it finds one: it
says nothing there, since a desk keeps no words for it.
"""

import sqlalchemy as sa
from alembic import op

revision = "staff_pushes"
down_revision = "walkers_words"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("pushes", sa.Column("user_id", sa.Uuid(), nullable=True))
    op.add_column("pushes", sa.Column("duty", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("pushes", sa.Column("browser_key", sa.String(length=120), server_default="", nullable=False))
    op.add_column("pushes", sa.Column("browser_secret", sa.String(length=40), server_default="", nullable=False))
    op.add_column("pushes", sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("pushes", sa.Column("failed", sa.String(length=60), server_default="", nullable=False))
    op.create_index("ix_pushes_user_id", "pushes", ["user_id"], unique=False)
    op.create_table(
        "push_lines",
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("source", sa.Uuid(), nullable=False),
        sa.Column("reader", sa.Uuid(), nullable=False),
        sa.Column("concern", sa.String(length=20), nullable=False),
        sa.Column("about", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["municipality"], ["municipalities.id"], name=op.f("fk_push_lines_municipality")),
        sa.PrimaryKeyConstraint("municipality", "source", "reader", name=op.f("pk_push_lines")),
    )


def downgrade() -> None:
    op.drop_table("push_lines")
    op.drop_index("ix_pushes_user_id", table_name="pushes")
    for column in ("failed", "tried_at", "browser_secret", "browser_key", "duty", "user_id"):
        op.drop_column("pushes", column)
