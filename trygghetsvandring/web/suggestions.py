"""What the rules say about a finding that is being sorted: whose, why, how soon, and whether a lamp ought to be lit."""

from dataclasses import replace
from datetime import date

from trygghetsvandring.domain.darkness import lamp_hint
from trygghetsvandring.domain.due_dates import due_dates, promised
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.priorities import weigh
from trygghetsvandring.domain.routing import BECOMES_TASK, Category, Route, Spot, timed
from trygghetsvandring.domain.rules import InForce, in_force
from trygghetsvandring.domain.tasks import day_of
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.storage import rules
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync.routes import decide, spot_of
from trygghetsvandring.web import raises
from trygghetsvandring.web.raises import dark_row

NOTHING: dict[str, object] = {"suggestion": None, "dark_hint": ""}


async def now(db: Db, here: Municipality) -> InForce:
    return in_force(here, await rules.live(db, here.id))


async def of(
    db: Db, found: Observation, walk: Walk | None, here: Municipality, live: InForce, today: date
) -> dict[str, object]:
    """`suggestion` is null for what never becomes a task; `dark_hint` is "" where nothing speaks for it."""
    category = here.category(found.category)
    if category is None or category.kind not in BECOMES_TASK:
        return NOTHING
    spot = spot_of(found, walk, here)
    lamps, row = await dark_row(db, found, spot, here, live)
    way = _lifted(found.routed or decide(found, spot, here, live), found, category, spot, live, lamps)
    times = due_dates(
        category, way.rule, live.rules, severity=found.severity, received_on=day_of(found.received_at), today=today
    )
    stands = promised(times, way, today)
    due_on = next(it.due_on for it in stands if it.priority == way.priority)
    raised = await raises.among(db, [found, *row], here, live, today) if lamps > 1 else []
    proposed = {**suggestion(way, here), "due_on": due_on, "times": stands, "raises": raised}
    return {"suggestion": proposed, "dark_hint": _hint(found, category, spot, live)}


def hint(found: Observation, walk: Walk | None, here: Municipality, live: InForce) -> dict[str, object]:
    """`dark_hint` alone: who mends a lamp asks the same question as who sorts it, and nothing else is proposed."""
    category = here.category(found.category)
    if category is None or category.code not in live.rules.lamps:
        return NOTHING
    return NOTHING | {"dark_hint": _hint(found, category, spot_of(found, walk, here), live)}


def suggestion(way: Route, here: Municipality) -> dict[str, object]:
    """`SuggestionState`."""
    owner = here.organisation(way.department)
    return {
        "department": way.department,
        "department_name": owner.name if owner else way.department,
        "reason": way.reason,
        "due_on": way.due_on,
        "rule": way.rule,
        "book": way.book,
        "priority": way.priority,
        "priority_reason": way.priority_because,
        "skipped": way.skipped,
        "authority": way.authority,
        "asked": way.asked,
    }


def _lifted(it: Route, found: Observation, category: Category, spot: Spot, live: InForce, lamps: int) -> Route:
    """More dark lamps may have come in since it was decided: then it goes before others, and sooner."""
    level = weigh(
        live.rules.precedence,
        tile=category.tile,
        place_type=spot.place_type,
        severity=found.severity,
        dark_lamps=lamps,
    )
    if lamps < 2 or level.level >= it.priority:
        return it
    sooner = timed(it, level, category, live.rules, severity=found.severity, received_at=found.received_at)
    # Never later for being more urgent: a shorter time that was decided before stands.
    return sooner if sooner.due_on <= it.due_on else replace(it, priority=level.level, priority_because=level.because)


def _hint(found: Observation, category: Category, spot: Spot, live: InForce) -> str:
    if category.code not in live.rules.lamps:
        return ""
    return lamp_hint(live.rules.switch_offs, area=spot.area, at=found.seen_at, point=spot.point)
