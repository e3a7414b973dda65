"""Mail that comes in: what it is about, apart from it what was written and by whom, and what each letter was answered at.

New tables and one column more: yesterday's code runs beside them and knows nothing of them. No phone sends any of it.
"""

import sqlalchemy as sa
from alembic import op

revision = "incoming_mail"
down_revision = "follower_language"
branch_labels = None
depends_on = None


def _table(name: str, key: list[str], *columns: sa.Column[object]) -> None:
    op.create_table(
        name,
        sa.Column("municipality", sa.String(length=40), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["municipality"], ["municipalities.id"], name=op.f(f"fk_{name}_municipality")),
        sa.PrimaryKeyConstraint("municipality", *key, name=op.f(f"pk_{name}")),
    )


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    _table(
        "incoming_mail",
        ["id"],
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.Column("updated_at", moment, nullable=False),
        sa.Column("about", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("received_at", moment, nullable=False),
    )
    op.create_index("ix_incoming_mail_about", "incoming_mail", ["about"])
    op.create_index("ix_incoming_mail_received_at", "incoming_mail", ["municipality", "state", "received_at"])
    _table(
        "incoming_words",
        ["mail"],
        sa.Column("mail", sa.Uuid(), nullable=False),
        sa.Column("task", sa.Uuid(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("original", sa.Text(), nullable=False),
        sa.Column("kept_at", moment, nullable=False),
    )
    op.create_index("ix_incoming_words_task", "incoming_words", ["task"])
    _table(
        "incoming_senders",
        ["mail"],
        sa.Column("mail", sa.Uuid(), nullable=False),
        sa.Column("task", sa.Uuid(), nullable=True),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("kept_at", moment, nullable=False),
    )
    op.create_index("ix_incoming_senders_task", "incoming_senders", ["task"])
    _table(
        "reply_addresses",
        ["letter", "task"],
        sa.Column("letter", sa.Uuid(), nullable=False),
        sa.Column("task", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("link", sa.Uuid(), nullable=True),
        sa.Column("user", sa.Uuid(), nullable=True),
        sa.Column("made_at", moment, nullable=False),
    )
    op.create_index("ix_reply_addresses_task", "reply_addresses", ["task"])
    op.create_index("ix_reply_addresses_token_hash", "reply_addresses", ["token_hash"])
    _table(
        "mailboxes",
        [],
        sa.Column("looked_at", moment, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
    )
    op.add_column("letters", sa.Column("bounced_at", moment, nullable=True))


def downgrade() -> None:
    op.drop_column("letters", "bounced_at")
    for table in ("mailboxes", "reply_addresses", "incoming_senders", "incoming_words", "incoming_mail"):
        op.drop_table(table)
