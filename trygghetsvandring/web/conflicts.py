"""Conflicts, as the one who decides sees them: both values side by side, whose function and when, never a name."""

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain.conflicts import Conflict, ConflictNotTakeable, Difference
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.people import Act, Principal, Role
from trygghetsvandring.domain.presence import PresenceEntry
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.storage import conflicts, municipalities, records
from trygghetsvandring.sync.ops.conflicts import taken, type_of
from trygghetsvandring.web import routing

# Kept so that nothing is lost, and of no use to the one who decides.
_INNER = {"finished_by_user", "finished_by_organisation", "written_category", "done_on", "evening"}


async def list_conflicts(request: Request) -> Response:
    asker = routing.principal(request)
    limit = routing.query_int(request, "limit", 50, least=1, most=200)
    async with routing.house(request).store.read() as db:
        here = await municipalities.municipality(db, asker.municipality)
        assert here is not None
        waiting = await conflicts.waiting(db, asker.municipality, wall_of(asker), limit)
        count = await conflicts.count_waiting(db, asker.municipality, wall_of(asker))
        about: dict[Any, Any] = {}
        for type in {type_of(each) for each in waiting}:
            ids = {each.about for each in waiting if type_of(each) is type}
            about |= await records.load(db, asker.municipality, type, ids)
    rows = [conflict_row(each, about[each.about], here) for each in waiting if each.about in about]
    return routing.json({"conflicts": rows, "waiting": count})


def wall_of(asker: Principal) -> str | None:
    """A field team's log is its organisation's own; the coordinator sees the municipality's and none of theirs."""
    return None if asker.role is Role.COORDINATOR else asker.organisation or ""


def conflict_row(it: Conflict, about: Any, here: Municipality) -> dict[str, object]:
    """`ConflictRow`."""
    shown = [_difference(each, about, here) for each in it.differences if each.field not in _INNER]
    return {
        **{name: getattr(it, name) for name in _OWN},
        "about_version": about.version,
        "title": title_of(about, here),
        "takeable": _is_takeable(it, about, here),
        "differences": shown,
    }


_OWN = (
    *("id", "version", "kind", "about", "operation", "held", "refusal"),
    *("first_by", "first_at", "second_by", "second_at", "received_at"),
)


def title_of(about: Any, here: Municipality) -> str:
    match about:
        case Task():
            return f"{about.number} {about.title}"
        case Observation():
            category = here.category(about.category)
            return f"{about.number} {category.name if category else about.category}"
        case Walk():
            return about.name
        case PresenceEntry():
            return f"{about.number} {about.area}"
        case _:
            return ""


def _is_takeable(it: Conflict, about: Any, here: Municipality) -> bool:
    try:
        taken(it, about, here)
    except ConflictNotTakeable:
        return False
    return True


def _difference(each: Difference, about: Any, here: Municipality) -> dict[str, object]:
    values = {side: _shown(each.field, getattr(each, side), here) for side in ("seen", "first", "second")}
    return {
        "field": each.field,
        "part": each.part,
        "element": _element_name(each, about, values),
        "stake": each.stake,
        **values,
    }


def _element_name(each: Difference, about: Any, values: Mapping[str, Any]) -> str | None:
    """A stop is called by its name, also when one of the two has taken it away."""
    if each.element is None:
        return None
    named = next((one for one in getattr(about, each.field) if str(getattr(one, "id", one)) == each.element), None)
    sides = [value.get("name") for value in values.values() if isinstance(value, dict)]
    return str(getattr(named, "name", None) or next((name for name in sides if name), each.element))


def _shown(field: str, raw: str | None, here: Municipality) -> Any:
    """The value as JSON, with codes as the names people know; of a history, its words."""
    value = None if raw is None else msgspec.json.decode(raw)
    if field == "department":
        owner = here.organisation(value)
        return owner.name if owner else value
    if field == "category" and value is not None:
        category = here.category(value)
        return category.name if category else value
    if field == "history":
        return [line["text"] for line in value or [] if line["text"]]
    return value


routes = [routing.route("/api/conflicts", list_conflicts, methods=["GET"], act=Act.CLOSE_CONFLICT)]
