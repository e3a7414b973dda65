"""The return path by mail: answer links, what became of each letter, reminders sent, and who wants a digest.

Only new tables: yesterday's code runs beside them and never looks there.
"""

import sqlalchemy as sa
from alembic import op

revision = "letters"
down_revision = "rules"
branch_labels = None
depends_on = None


def _table(name: str, *columns: "sa.Column[object]", key: tuple[str, ...] = ("id",)) -> None:
    op.create_table(
        name,
        sa.Column("municipality", sa.String(length=40), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["municipality"], ["municipalities.id"], name=op.f(f"fk_{name}_municipality")),
        sa.PrimaryKeyConstraint("municipality", *key, name=op.f(f"pk_{name}")),
    )


def _moment(name: str, *, nullable: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _record(name: str, *columns: "sa.Column[object]") -> None:
    _table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        _moment("updated_at"),
        *columns,
    )


def upgrade() -> None:
    _record(
        "answer_links",
        sa.Column("about", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("batch", sa.Uuid(), nullable=True),
    )
    for column in ("about", "batch", "secret_hash"):
        op.create_index(f"ix_answer_links_{column}", "answer_links", [column], unique=False)
    _record("group_messages")
    _table(
        "letters",
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("about", sa.Uuid(), nullable=True),
        _moment("tried_at"),
        _moment("sent_at", nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
    )
    _table(
        "reminders",
        sa.Column("task", sa.Uuid(), nullable=False),
        sa.Column("clock", sa.String(length=20), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        _moment("sent_at"),
        key=("task", "clock", "since", "step"),
    )
    _table(
        "subscriptions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("walk", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        _moment("asked_at"),
        _moment("confirmed_at", nullable=True),
    )
    op.create_index("ix_subscriptions_secret_hash", "subscriptions", ["secret_hash"], unique=False)
    op.create_index("ix_subscriptions_walk", "subscriptions", ["municipality", "walk"], unique=False)
    _table(
        "digests",
        sa.Column("walk", sa.Uuid(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        _moment("sent_at"),
        key=("walk",),
    )


def downgrade() -> None:
    for name in ("digests", "subscriptions", "reminders", "letters", "group_messages", "answer_links"):
        op.drop_table(name)
