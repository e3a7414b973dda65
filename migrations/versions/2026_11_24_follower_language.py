"""Letters to those who follow the public page are in the language they asked in.

A column with a value of its own: yesterday's code runs beside it, and whoever followed before goes on reading Swedish.
"""

import sqlalchemy as sa
from alembic import op

revision = "follower_language"
down_revision = "staff_pushes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("followers", sa.Column("language", sa.String(8), nullable=False, server_default="sv"))


def downgrade() -> None:
    op.drop_column("followers", "language")
