"""Lines of letters: what each letter told of, so that many tasks share one letter and none is told twice.

Before this a letter told of one task, and what waited stood in its job alone. `answer_links.batch` joined links of one
letter and goes: links to the same address share a letter by themselves. Yesterday's code writes that column: all
processes are upgraded first (docs/operations.md).
"""

import sqlalchemy as sa
from alembic import op

revision = "letter_lines"
down_revision = "walk_cards"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "letter_lines",
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("reader", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Uuid(), nullable=False),
        sa.Column("about", sa.Uuid(), nullable=False),
        sa.Column("became", sa.String(length=20), nullable=False),
        sa.Column("link", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("letter", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality"], ["municipalities.id"], name=op.f("fk_letter_lines_municipality_municipalities")
        ),
        sa.PrimaryKeyConstraint("municipality", "reader", "source", name=op.f("pk_letter_lines")),
    )
    op.create_index(op.f("ix_letter_lines_about"), "letter_lines", ["about"])
    op.create_index(op.f("ix_letter_lines_link"), "letter_lines", ["link"])
    op.create_index(op.f("ix_letter_lines_letter"), "letter_lines", ["letter"])
    op.create_index("ix_letter_lines_waiting", "letter_lines", ["municipality", "reader", "letter"])
    op.drop_index(op.f("ix_answer_links_batch"), table_name="answer_links")
    op.drop_column("answer_links", "batch")


def downgrade() -> None:
    op.add_column("answer_links", sa.Column("batch", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_answer_links_batch"), "answer_links", ["batch"])
    op.drop_table("letter_lines")
