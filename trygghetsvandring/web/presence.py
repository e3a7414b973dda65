"""Presence: the sums that may cross the wall, for the coordinator; the log itself, for the team it belongs to."""

from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain.adult_hours import by_area
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.presence import released
from trygghetsvandring.domain.presence import sums as summed
from trygghetsvandring.domain.times import evening_of
from trygghetsvandring.storage import municipalities, presence, promises
from trygghetsvandring.sync.ops.presence import entry_state, pass_state
from trygghetsvandring.web import routing
from trygghetsvandring.web.errors import BadParameter

_MOST_DAYS = 92


def _day(request: Request, name: str, otherwise: date) -> date:
    raw = request.query_params.get(name)
    try:
        return date.fromisoformat(raw) if raw else otherwise
    except ValueError:
        raise BadParameter(name=name) from None


def _evenings(request: Request) -> list[date]:
    """`from` and `to`, both included; without them the week that tonight belongs to, Monday to Sunday."""
    tonight = evening_of(routing.now(request))
    monday = tonight - timedelta(days=tonight.weekday())
    first = _day(request, "from", monday)
    last = _day(request, "to", first + timedelta(days=6))
    if not 0 <= (last - first).days < _MOST_DAYS:
        raise BadParameter(name="to", most_days=_MOST_DAYS)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


async def sums(request: Request) -> Response:
    """Area by evening, up to tonight. Without a released rule there is nothing to see, not even that there is a log."""
    asker, evenings = routing.principal(request), _evenings(request)
    tonight = evening_of(routing.now(request))
    async with routing.house(request).store.read() as db:
        place = await municipalities.municipality(db, asker.municipality)
        assert place is not None
        rule = released(place.presence_release, tonight)
        if rule is None:
            return routing.json({"released": None, "rows": []})
        entries = await presence.entries_between(db, place.id, evenings[0], evenings[-1])
    rows = summed(
        entries,
        areas=place.areas,
        evenings=[evening for evening in evenings if evening <= tonight],
        small_areas=place.small_areas,
    )
    return routing.json({"released": rule, "rows": rows})


async def hours(request: Request) -> Response:
    """`AdultHours`: area by month of one year, up to this month. Walled like the sums."""
    asker, tonight = routing.principal(request), evening_of(routing.now(request))
    year = routing.query_int(request, "year", tonight.year, least=2000, most=2100)
    async with routing.house(request).store.read() as db:
        place = await municipalities.municipality(db, asker.municipality)
        assert place is not None
        rule = released(place.presence_release, tonight)
        if rule is None:
            return routing.json({"released": None, "year": year, "months": [], "rows": []})
        logs = await promises.passes_between(db, place.id, date(year, 1, 1), min(date(year, 12, 31), tonight))
    months = [first for month in range(1, 13) if (first := date(year, month, 1)) <= tonight]
    rows = by_area(logs, place.areas, months, place.small_areas)
    return routing.json({"released": rule, "year": year, "months": months, "rows": rows})


async def passes(request: Request) -> Response:
    """The asker's own organisation's log, and never another's."""
    asker, evenings = routing.principal(request), _evenings(request)
    async with routing.house(request).store.read() as db:
        found = await presence.log_of(db, asker.municipality, asker.organisation or "", evenings[0], evenings[-1])
    return routing.json(
        {"passes": [pass_state(one) | {"entries": [entry_state(entry) for entry in entries]} for one, entries in found]}
    )


routes = [
    routing.route("/api/presence/sums", sums, methods=["GET"], act=Act.READ_PRESENCE_SUMS),
    routing.route("/api/presence/hours", hours, methods=["GET"], act=Act.READ_PRESENCE_SUMS),
    routing.route("/api/presence/passes", passes, methods=["GET"], act=Act.READ_PRESENCE),
]
