"""The tables of the rota: evenings, links, attestations, and apart from them whom each party is reached by."""

from sqlalchemy import Column, Index, String, Table, Uuid

from trygghetsvandring.storage.columns import Moment, metadata, municipality_key, record_table

rota_evenings = record_table(
    "rota_evenings",
    Column("starts_at", Moment, nullable=False),
    Index("ix_rota_evenings_starts_at", "municipality", "starts_at"),
)
rota_links = record_table(
    "rota_links",
    Column("party", String(80), nullable=False),
    Column("secret_hash", String(64), nullable=False, index=True),
)
attestations = record_table("attestations", Column("party", String(80), nullable=False))
# In no log and no version, so that gone is gone.
rota_contacts = Table(
    "rota_contacts",
    metadata,
    municipality_key(),
    Column("party", String(80), primary_key=True),
    Column("id", Uuid, nullable=False),
    Column("function", String(80), nullable=False),
    Column("address", String(254), nullable=False),
    Column("written_at", Moment, nullable=False),
    Column("used_at", Moment, nullable=False),
)
