"""What is said to be mended and nobody has confirmed: for those who are out anyway, and outside the unit that said so.

The title, who said what and when, and the nearest place the municipality knows by name: a task's own place may be in a
walker's words, and those stay with triage.
"""

from collections.abc import Sequence
from datetime import date

from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain.doubts import is_of
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import Observation, ObservationState
from trygghetsvandring.domain.people import Act, Principal
from trygghetsvandring.domain.places import distance_m
from trygghetsvandring.domain.tasks import Extent, SeenThere, Task, TaskState
from trygghetsvandring.storage import municipalities, records, tasks
from trygghetsvandring.storage.records import decode
from trygghetsvandring.storage.tasks import Wanted
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync import wire
from trygghetsvandring.web import routing

MOST = 200
_NEAR_M = 250
_HIDDEN = {ObservationState.WITHHELD, ObservationState.WITHDRAWN}


async def unseen(request: Request) -> Response:
    """`UnseenRow`s, the one that has waited longest first; without those they have answered about."""
    asker = routing.principal(request)
    async with routing.house(request).store.read() as db:
        here = await municipalities.municipality(db, asker.municipality)
        assert here is not None
        found = await _asked_about(db, asker)
    found.sort(key=lambda task: (task.done_on or date.max, task.id))
    rows = [_row(task, here) for task in found[:MOST]]
    return routing.json({"tasks": rows}, headers={"Trygg-Protocol": str(wire.PROTOCOL)})


async def _asked_about(db: Db, asker: Principal) -> list[Task]:
    found: list[Task] = []
    after = None
    while True:
        docs, after = await tasks.page(db, asker.municipality, Wanted(states=(TaskState.DONE,)), after, MOST)
        some = [task for task in (decode(Task, doc) for doc in docs) if _is_asked(task, asker)]
        found += await _shown(db, asker.municipality, some)
        if after is None or len(found) >= MOST:
            return found


def _is_asked(task: Task, asker: Principal) -> bool:
    """Who has not been there is asked again another evening."""
    answered = any(is_of(each, asker) and each.seen is not SeenThere.NOT_THERE for each in task.confirmations)
    return not answered and task.finished_by_organisation != asker.organisation


async def _shown(db: Db, municipality: str, some: Sequence[Task]) -> list[Task]:
    """Without those of which nothing is left to show: every finding withdrawn, or held back for somebody's privacy."""
    behind = await records.load(db, municipality, Observation, {id for task in some for id in task.findings})
    return [task for task in some if any(id in behind and behind[id].state not in _HIDDEN for id in task.findings)]


def _row(task: Task, here: Municipality) -> dict[str, object]:
    owner = here.organisation(task.department)
    return {
        "id": task.id,
        "title": task.title,
        "near": _near(task, here),
        "lat": task.lat,
        "lon": task.lon,
        "unit": owner.name if owner else here.name,
        "done_on": task.done_on,
        "said": task.public_text,
        "partly": task.extent is Extent.PARTLY,
    }


def _near(task: Task, here: Municipality) -> str:
    if task.lat is None or task.lon is None:
        return ""
    at = (task.lat, task.lon)
    away, name = min(((distance_m(at, (it.lat, it.lon)), it.name) for it in here.places), default=(_NEAR_M + 1, ""))
    return name if away <= _NEAR_M else ""


routes = [routing.route("/api/tasks/unseen", unseen, methods=["GET"], act=Act.SEE_DONE)]
