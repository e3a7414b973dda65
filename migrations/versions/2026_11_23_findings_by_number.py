"""Findings are found by the number on a walker's receipt, and by their words.

Columns with a default and an index: yesterday's code runs beside them. What is there already gets its columns from its
document, some hundred rows at a time; here and not in SQL, since SQLite knows the lower case of no Å.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "findings_by_number"
down_revision = "doubts"
branch_labels = None
depends_on = None

_AT_A_TIME = 500
_observations = sa.table(
    "observations",
    sa.column("municipality", sa.String()),
    sa.column("id", sa.Uuid()),
    sa.column("doc", sa.Text()),
    sa.column("number", sa.String()),
    sa.column("words", sa.Text()),
)


def upgrade() -> None:
    op.add_column("observations", sa.Column("number", sa.String(length=40), nullable=False, server_default=""))
    op.add_column("observations", sa.Column("words", sa.Text(), nullable=False, server_default=""))
    _fill(op.get_bind())
    op.create_index("ix_observations_number", "observations", ["municipality", "number"])


def _fill(db: sa.Connection) -> None:
    c = _observations.c
    change = (
        sa.update(_observations)
        .where(c.municipality == sa.bindparam("m"), c.id == sa.bindparam("i"))
        .values(number=sa.bindparam("n"), words=sa.bindparam("w"))
    )
    after: tuple[object, object] | None = None
    while True:
        part = sa.select(c.municipality, c.id, c.doc).order_by(c.municipality, c.id).limit(_AT_A_TIME)
        if after is not None:
            part = part.where(sa.tuple_(c.municipality, c.id) > sa.tuple_(*map(sa.literal, after)))
        rows = db.execute(part).all()
        if not rows:
            return
        db.execute(change, [_columns(row.municipality, row.id, json.loads(row.doc)) for row in rows])
        after = (rows[-1].municipality, rows[-1].id)


def _columns(municipality: str, id: object, doc: dict[str, str]) -> dict[str, object]:
    words = f"{doc.get('number', '')} {doc.get('text', '')} {doc.get('place_words', '')}"
    return {"m": municipality, "i": id, "n": doc.get("number", ""), "w": words.lower().replace("\x00", " ")}


def downgrade() -> None:
    op.drop_index("ix_observations_number", table_name="observations")
    op.drop_column("observations", "words")
    op.drop_column("observations", "number")
