"""A municipality's settings, kept and put into the feed for every phone."""

from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.routing import broken_rules
from trygghetsvandring.domain.stretches import broken_stretches
from trygghetsvandring.storage import changes as feed
from trygghetsvandring.storage import municipalities
from trygghetsvandring.storage.records import encode
from trygghetsvandring.storage.unit import Store
from trygghetsvandring.sync.changes import MUNICIPALITY


class MunicipalityBroken(Refused):
    """Its rules would fail on the evening they are needed. The fact `broken` says each fault, in English."""

    code = "municipality_broken"


async def settle(store: Store, it: Municipality) -> None:
    """Refuses a municipality whose rules do not hold together; nothing is kept of it."""
    broken = [*broken_rules(it.categories, it.rules, it.departments), *broken_stretches(it.stretches)]
    if broken:
        raise MunicipalityBroken(broken=broken)
    row = feed.Row(scope=MUNICIPALITY, kind="municipality", id=it.id, version=it.version, state=encode(wire_state(it)))
    async with store.write() as db:
        await municipalities.keep(db, it)
        await feed.append(db, it.id, [row])


def wire_state(it: Municipality) -> dict[str, object]:
    """MunicipalityState: what phones and desks may know. The duty's mail address and the rules stay here."""
    return {
        "id": it.id,
        "name": it.name,
        "duty": {"phone": it.duty.phone, "hours": it.duty.hours},
        "read_by": it.read_by,
        "tell_on_url": it.tell_on_url,
        "privacy": it.privacy,
        "turn_to": it.turn_to,
        "areas": it.areas,
        "small_areas": it.small_areas,
        "places": [
            {name: getattr(place, name) for name in ("id", "name", "area", "place_type", "lat", "lon")}
            for place in it.places
        ],
        "stretches": [{"id": each.id, "name": each.name, "line": each.line} for each in it.stretches],
        "tiles": it.tiles,
        "categories": [
            {name: getattr(category, name) for name in ("code", "name", "kind", "tile", "urgent", "photo")}
            for category in it.categories
        ],
        "templates": it.templates,
        "departments": [{"id": o.id, "name": o.name, "kind": o.kind} for o in it.departments],
    }
