"""What could be the same thing as a finding, to be compared side by side: distance, time, words and photos."""

from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.sameness import Alike, alike, point
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.storage import observations, photos, records
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync.ops.photos import wire_state as photo_state


async def near(db: Db, found: Observation, here: Municipality) -> list[dict[str, object]]:
    """`NearRow`s, nearest first; none for what is no work, or nowhere."""
    category, (lat, lon) = here.category(found.category), point(found)
    if category is None or lat is None or lon is None:
        return []
    others = await observations.near(db, here.id, lat, lon, category.radius_m)
    tasks = await records.load(db, here.id, Task, {task for other in others for task in other.tasks})
    close = alike(found, others, list(tasks.values()), here.categories)
    shown = await photos.of(db, here.id, [it.finding.id for it in close])
    return [{**_row(it), "photos": [photo_state(photo) for photo in shown.get(it.finding.id, [])]} for it in close]


def _row(it: Alike) -> dict[str, object]:
    """The task's own title and state where there is one, for that is what the finding would be added to."""
    task, other = it.task, it.finding
    return {
        "task": None if task is None else task.id,
        "observation": other.id,
        "number": other.number if task is None else task.number,
        "title": "" if task is None else task.title,
        "category": other.category,
        "state": other.state if task is None else task.state,
        "distance_m": it.distance_m,
        "seen_at": other.seen_at,
        "hours_apart": round(it.apart.total_seconds() / 3600),
        "text": other.text,
        "place_words": other.place_words,
    }
