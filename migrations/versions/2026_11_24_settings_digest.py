"""A digest of each municipality's settings, by which a process sees that it has read them already.

A column that may be empty: yesterday's code runs beside it and leaves it as it is, and settings without a digest are
read every time. The server writes the digests when it starts; settings that yesterday's code loads after that are seen
by the processes of today when the next of them starts.
"""

import sqlalchemy as sa
from alembic import op

revision = "settings_digest"
down_revision = "followers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("municipalities", sa.Column("digest", sa.String(32), nullable=True))


def downgrade() -> None:
    op.drop_column("municipalities", "digest")
