"""Who in a unit has a task, so that everybody finds their own.

A new column, empty at first: yesterday's code runs beside it and writes none. No phone sends any of it.
"""

import sqlalchemy as sa
from alembic import op

revision = "assignees"
down_revision = "surveys"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tasks", sa.Column("assignee", sa.Uuid(), nullable=True))
    op.create_index("ix_tasks_assignee_look", "tasks", ["municipality", "assignee", "look_on", "id"])


def downgrade() -> None:
    op.drop_index("ix_tasks_assignee_look", table_name="tasks")
    op.drop_column("tasks", "assignee")
