"""What somebody has been to and found undone, as a column, so that it is counted, filtered and reminded of.

A column with a default: yesterday's code runs beside it and leaves it as it is. What is doubted already gets its column,
and the first place in the list, from its document; what somebody has seen mended since is no doubt any more. Read here
and not in SQL: PostgreSQL's JSON takes no text with a NUL in it.
"""

import json
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "doubts"
down_revision = "pushes"
branch_labels = None
depends_on = None

_FIRST = date(1900, 1, 1)
_FAR_AWAY = date(9999, 12, 31)
_AT_A_TIME = 500
_LESS = ("Sett på plats: nej", "Sett på plats: delvis")
_tasks = sa.table(
    "tasks",
    sa.column("municipality", sa.String()),
    sa.column("id", sa.Uuid()),
    sa.column("doc", sa.Text()),
    sa.column("state", sa.String()),
    sa.column("look_on", sa.Date()),
    sa.column("doubted", sa.Boolean()),
)


def upgrade() -> None:
    op.add_column("tasks", sa.Column("doubted", sa.Boolean(), nullable=False, server_default=sa.false()))
    _fill(op.get_bind())


def _fill(db: sa.Connection) -> None:
    c = _tasks.c
    after: tuple[object, object] | None = None
    while True:
        part = sa.select(c.municipality, c.id, c.doc, c.state).order_by(c.municipality, c.id).limit(_AT_A_TIME)
        if after is not None:
            part = part.where(sa.tuple_(c.municipality, c.id) > sa.tuple_(*map(sa.literal, after)))
        rows = db.execute(part).all()
        if not rows:
            return
        for row in rows:
            doc = json.loads(row.doc)
            if doc.get("confirmations"):
                here = sa.and_(c.municipality == row.municipality, c.id == row.id)
                db.execute(sa.update(_tasks).where(here).values(_weighed(doc, is_gone=row.state == "gone")))
        after = (rows[-1].municipality, rows[-1].id)


def _weighed(doc: dict[str, Any], *, is_gone: bool) -> dict[str, object]:
    """The columns of a task that somebody has answered about. Whoever verified it by office settled what was said."""
    said = settled = None
    for event in doc.get("history", []):
        if event["type"] == "task.confirm" and event["text"].startswith(_LESS):
            said = event["at"]
        elif event["type"] == "task.verify":
            said, settled = None, event["at"]
    day = _day(said) if said and doc.get("reopen_proposed") else None
    doc = {**doc, "reopen_proposed": day is not None, "doubted_on": day and day.isoformat()}
    if settled:
        doc["settled"] = {"on": _day(settled).isoformat(), "at": settled}
    changed: dict[str, object] = {"doc": json.dumps(doc, ensure_ascii=False, separators=(",", ":"))}
    if day is not None and not is_gone:
        changed |= {"doubted": True, "look_on": _FIRST}
    return changed


def _day(moment: str) -> date:
    return datetime.fromisoformat(moment).astimezone(ZoneInfo("Europe/Stockholm")).date()


def downgrade() -> None:
    c = _tasks.c
    op.execute(sa.update(_tasks).where(c.look_on == _FIRST).values(look_on=_FAR_AWAY))
    op.drop_column("tasks", "doubted")
