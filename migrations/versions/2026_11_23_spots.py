"""Where a finding counts as being, as columns: what could be the same thing is looked for in a box round a point.

Two empty columns and an index: yesterday's code runs beside them. What is there already gets its own position from its
document; one that has only its stop's gets that when it is next changed, and until then is suggested to nobody.
"""

import sqlalchemy as sa
from alembic import op

revision = "spots"
down_revision = "work_list"
branch_labels = None
depends_on = None

_FROM_DOC = {
    "sqlite": "UPDATE observations SET lat = json_extract(doc, '$.position.lat'),"
    " lon = json_extract(doc, '$.position.lon')",
    "postgresql": "UPDATE observations SET lat = (doc::json->'position'->>'lat')::double precision,"
    " lon = (doc::json->'position'->>'lon')::double precision",
}


def upgrade() -> None:
    op.add_column("observations", sa.Column("lat", sa.Float(), nullable=True))
    op.add_column("observations", sa.Column("lon", sa.Float(), nullable=True))
    op.execute(_FROM_DOC[op.get_bind().dialect.name])
    op.create_index("ix_observations_spot", "observations", ["municipality", "lat", "lon"])


def downgrade() -> None:
    op.drop_index("ix_observations_spot", table_name="observations")
    op.drop_column("observations", "lon")
    op.drop_column("observations", "lat")
