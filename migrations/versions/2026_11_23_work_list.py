"""The work list: priority and place as columns, so that it is filtered and sorted by them, and saved filters.

Columns with a default and a new table: yesterday's code runs beside them and leaves them as they are. What is there
already gets its columns from its document.
"""

import sqlalchemy as sa
from alembic import op

revision = "work_list"
down_revision = "register"
branch_labels = None
depends_on = None

_FROM_DOC = {
    "sqlite": "UPDATE tasks SET priority = json_extract(doc, '$.priority'), place = json_extract(doc, '$.place')",
    "postgresql": "UPDATE tasks SET priority = (doc::json->>'priority')::integer, place = doc::json->>'place'",
}


def upgrade() -> None:
    op.add_column("tasks", sa.Column("priority", sa.Integer(), nullable=False, server_default="2"))
    op.add_column("tasks", sa.Column("place", sa.Text(), nullable=False, server_default=""))
    op.execute(_FROM_DOC[op.get_bind().dialect.name])
    op.create_index("ix_tasks_state_look", "tasks", ["municipality", "state", "look_on", "id"])
    op.create_index("ix_tasks_department_state", "tasks", ["municipality", "department", "state", "look_on", "id"])
    op.create_table(
        "saved_filters",
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("organisation", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["municipality"], ["municipalities.id"], name=op.f("fk_saved_filters_municipality")),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_saved_filters")),
    )
    op.create_index("ix_saved_filters_user", "saved_filters", ["municipality", "user_id"])
    op.create_index("ix_saved_filters_organisation", "saved_filters", ["municipality", "organisation"])


def downgrade() -> None:
    op.drop_index("ix_saved_filters_organisation", table_name="saved_filters")
    op.drop_index("ix_saved_filters_user", table_name="saved_filters")
    op.drop_table("saved_filters")
    op.drop_index("ix_tasks_department_state", table_name="tasks")
    op.drop_index("ix_tasks_state_look", table_name="tasks")
    op.drop_column("tasks", "place")
    op.drop_column("tasks", "priority")
