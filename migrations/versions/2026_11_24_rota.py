"""The rota: evenings, links, attestations, and apart from them whom each party is reached by.

New tables: yesterday's code runs beside them and knows nothing of them. No phone sends any of it.
"""

import sqlalchemy as sa
from alembic import op

revision = "rota"
down_revision = "settings_digest"
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
    _record("rota_evenings", sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False))
    op.create_index("ix_rota_evenings_starts_at", "rota_evenings", ["municipality", "starts_at"])
    _record(
        "rota_links",
        sa.Column("party", sa.String(length=80), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
    )
    op.create_index("ix_rota_links_secret_hash", "rota_links", ["secret_hash"])
    _record("attestations", sa.Column("party", sa.String(length=80), nullable=False))
    op.create_table(
        "rota_contacts",
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("party", sa.String(length=80), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("function", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["municipality"], ["municipalities.id"], name=op.f("fk_rota_contacts_municipality")),
        sa.PrimaryKeyConstraint("municipality", "party", name=op.f("pk_rota_contacts")),
    )


def downgrade() -> None:
    for table in ("rota_contacts", "attestations", "rota_links", "rota_evenings"):
        op.drop_table(table)
