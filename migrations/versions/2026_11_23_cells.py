"""Where a task is, as one number: what a map looks into and counts by.

A column that may be empty and an index: yesterday's code runs beside them, once they are there. A task it makes
meanwhile has no cell, and is looked for by its position alone until it is changed. What is there already gets its cell
from its position, some hundred rows at a time; until that is done other work on tasks waits, on PostgreSQL too.
"""

import sqlalchemy as sa
from alembic import op

from trygghetsvandring.domain.cells import cell_of

revision = "cells"
down_revision = "findings_by_number"
branch_labels = None
depends_on = None

_AT_A_TIME = 500
_tasks = sa.table(
    "tasks",
    sa.column("municipality", sa.String()),
    sa.column("id", sa.Uuid()),
    sa.column("lat", sa.Float()),
    sa.column("lon", sa.Float()),
    sa.column("cell", sa.BigInteger()),
)


def upgrade() -> None:
    op.add_column("tasks", sa.Column("cell", sa.BigInteger(), nullable=True))
    _fill(op.get_bind())
    op.create_index("ix_tasks_cell", "tasks", _INDEX)


_INDEX = ["municipality", "cell", "department", "state", "lat", "lon", "priority", "look_on", "doubted"]
_NOWHERE = -1


def _fill(db: sa.Connection) -> None:
    c = _tasks.c
    change = (
        sa.update(_tasks)
        .where(c.municipality == sa.bindparam("m"), c.id == sa.bindparam("i"))
        .values(cell=sa.bindparam("n"))
    )
    after: tuple[object, object] | None = None
    while True:
        part = sa.select(c.municipality, c.id, c.lat, c.lon).order_by(c.municipality, c.id).limit(_AT_A_TIME)
        if after is not None:
            part = part.where(sa.tuple_(c.municipality, c.id) > sa.tuple_(*map(sa.literal, after)))
        rows = db.execute(part).all()
        if not rows:
            return
        db.execute(change, [{"m": it.municipality, "i": it.id, "n": _cell(it.lat, it.lon)} for it in rows])
        after = (rows[-1].municipality, rows[-1].id)


def _cell(lat: float | None, lon: float | None) -> int:
    return _NOWHERE if lat is None or lon is None else cell_of(lat, lon)


def downgrade() -> None:
    op.drop_index("ix_tasks_cell", table_name="tasks")
    op.drop_column("tasks", "cell")
