"""When a finding was seen, by weekday and two hours, and which tasks it is behind: what the work lists are split by.

Two columns, one that may be empty and one with a default: yesterday's code runs beside them. A finding it takes in
meanwhile has no hour until it is changed. What is there already gets its columns from its document, some hundred rows
at a time; until that is done other work on findings waits, on PostgreSQL too.
"""

import json
from datetime import datetime

import sqlalchemy as sa
from alembic import op

from trygghetsvandring.domain.seen_hours import slot_of

revision = "seen_hours"
down_revision = "rota"
branch_labels = None
depends_on = None

_AT_A_TIME = 500
_observations = sa.table(
    "observations",
    sa.column("municipality", sa.String()),
    sa.column("id", sa.Uuid()),
    sa.column("doc", sa.Text()),
    sa.column("slot", sa.Integer()),
    sa.column("behind", sa.Text()),
)


def upgrade() -> None:
    op.add_column("observations", sa.Column("slot", sa.Integer(), nullable=True))
    op.add_column("observations", sa.Column("behind", sa.Text(), nullable=False, server_default="[]"))
    _fill(op.get_bind())
    op.create_index("ix_observations_slot", "observations", ["municipality", "slot"])


def _fill(db: sa.Connection) -> None:
    c = _observations.c
    change = (
        sa.update(_observations)
        .where(c.municipality == sa.bindparam("m"), c.id == sa.bindparam("i"))
        .values(slot=sa.bindparam("s"), behind=sa.bindparam("b"))
    )
    after: tuple[object, object] | None = None
    while True:
        part = sa.select(c.municipality, c.id, c.doc).order_by(c.municipality, c.id).limit(_AT_A_TIME)
        if after is not None:
            part = part.where(sa.tuple_(c.municipality, c.id) > sa.tuple_(*map(sa.literal, after)))
        rows = db.execute(part).all()
        if not rows:
            return
        db.execute(change, [{"m": it.municipality, "i": it.id, **_columns(json.loads(it.doc))} for it in rows])
        after = (rows[-1].municipality, rows[-1].id)


def _columns(doc: dict[str, object]) -> dict[str, object]:
    seen = doc.get("seen_at")
    return {
        "s": slot_of(datetime.fromisoformat(str(seen))) if seen else None,
        "b": json.dumps(doc.get("tasks", []), separators=(",", ":")),
    }


def downgrade() -> None:
    op.drop_index("ix_observations_slot", table_name="observations")
    op.drop_column("observations", "behind")
    op.drop_column("observations", "slot")
