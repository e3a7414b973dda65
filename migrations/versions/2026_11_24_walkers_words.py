"""A task from before places were moderated is where the stop or the walk is, no longer in the walker's own words.

No table changes: yesterday's code runs beside it. A task whose place is the very words of a finding it has or had, which
nobody has let out, gets the registered name in its document and its columns. Some hundred findings at a time.
"""

import json
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "walkers_words"
down_revision = "assignees"
branch_labels = None
depends_on = None

_AT_A_TIME = 500
_observations = sa.table(
    "observations", sa.column("municipality", sa.String()), sa.column("id", sa.Uuid()), sa.column("doc", sa.Text())
)
_walks = sa.table(
    "walks", sa.column("municipality", sa.String()), sa.column("id", sa.Uuid()), sa.column("doc", sa.Text())
)
_tasks = sa.table(
    "tasks",
    sa.column("municipality", sa.String()),
    sa.column("id", sa.Uuid()),
    sa.column("doc", sa.Text()),
    sa.column("words", sa.Text()),
    sa.column("place", sa.Text()),
)


def upgrade() -> None:
    db, c = op.get_bind(), _observations.c
    after: tuple[object, object] | None = None
    while True:
        part = sa.select(c.municipality, c.id, c.doc).order_by(c.municipality, c.id).limit(_AT_A_TIME)
        if after is not None:
            part = part.where(sa.tuple_(c.municipality, c.id) > sa.tuple_(*map(sa.literal, after)))
        rows = db.execute(part).all()
        if not rows:
            return
        for row in rows:
            finding = json.loads(row.doc)
            if finding.get("place_words") and not finding.get("moderated_place"):
                _take_back(db, row.municipality, finding)
        after = (rows[-1].municipality, rows[-1].id)


def _take_back(db: sa.Connection, municipality: str, finding: dict[str, Any]) -> None:
    c = _tasks.c
    for id in dict.fromkeys((*finding.get("tasks", ()), *finding.get("was_in", ()))):
        here = sa.and_(c.municipality == municipality, c.id == UUID(id))
        doc = db.execute(sa.select(c.doc).where(here)).scalar()
        task = json.loads(doc) if doc else {}
        if task.get("place") != finding["place_words"]:
            continue
        task["place"] = _registered(db, municipality, finding)
        words = f"{task.get('number', '')} {task.get('title', '')} {task['place']}"
        changed = {
            "doc": json.dumps(task, ensure_ascii=False, separators=(",", ":")),
            "words": words.lower().replace("\x00", " "),
            "place": task["place"].replace("\x00", " "),
        }
        db.execute(sa.update(_tasks).where(here).values(changed))


def _registered(db: sa.Connection, municipality: str, finding: dict[str, Any]) -> str:
    """The stop's name, else the walk's place; "" for what came in on no walk."""
    c = _walks.c
    of = sa.and_(c.municipality == municipality, c.id == UUID(finding["walk"]))
    doc = db.execute(sa.select(c.doc).where(of)).scalar()
    if not doc:
        return ""
    walk = json.loads(doc)
    names = (stop["name"] for stop in walk.get("stops", ()) if stop["id"] == finding.get("stop"))
    return str(next(names, walk.get("place", "")))


def downgrade() -> None:
    """The walkers' words stand in their findings; no task gets them again."""
