"""The way a finding goes, decided when it comes in and when it is sorted anew, and kept with it as it was decided."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import structlog

from trygghetsvandring.domain.areas import fault, inside
from trygghetsvandring.domain.copies import copied
from trygghetsvandring.domain.ids import shelf_id
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.routing import DecidedOn, NoOwner, Route, Spot, route, spot_at
from trygghetsvandring.domain.rules import InForce, RuleBook, RuleShelf, in_force
from trygghetsvandring.domain.times import STOCKHOLM
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.storage import rules as _stored  # noqa: F401  # registers how they are stored
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.outcomes import Op

log = structlog.get_logger()


def the_shelf(op: Op[Any]) -> Key:
    return (RuleShelf, shelf_id(op.actor.municipality))


def the_live_book(op: Op[Any], known: Known) -> Iterable[Key]:
    shelf = known.get(*the_shelf(op))
    return [(RuleBook, shelf.live)] if shelf is not None and shelf.live is not None else []


def on_its_way(it: Observation, known: Known) -> Observation:
    """With its way decided by the rules of now; one decided on the same facts before stays as it was."""
    walk = known.get(Walk, it.walk)
    spot = spot_of(it, walk, known.municipality)
    if it.routed is not None and it.routed.decided_on == facts(it, spot):
        return it
    try:
        return copied(it, routed=_decided(it, spot, known))
    except NoOwner:
        # What somebody saw is taken in whatever our own settings look like; the desk says that they are broken.
        log.warning("finding_without_owner", municipality=known.municipality.id, observation=str(it.id))
        return it


class _Ways:
    """What has been worked out in this batch, by the rules of one book."""

    def __init__(self, book: RuleBook | None, now: InForce) -> None:
        self.book = book
        self.now = now
        drawn = [rule.polygon for rule in now.rules.rules if rule.polygon]
        self.areas = [polygon for polygon in drawn if fault(polygon) is None]
        self.ways: dict[object, Route] = {}


def _decided(it: Observation, spot: Spot, known: Known) -> Route:
    """Worked out once for all that came in on the same day with the same facts: an evening is forty of a few kinds.

    Where it was counts only as far as the rules can tell: what kind of place, and inside which of their areas.
    """
    ways = _ways(known)
    point = spot.point
    within = () if point is None else tuple(inside(area, *point) for area in ways.areas)
    day = it.received_at.astimezone(STOCKHOLM).date()
    key = it.category, it.severity, spot.place_type, spot.area, spot.owner, spot.answer, point is None, within, day
    way = ways.ways.get(key)
    if way is None:
        way = ways.ways[key] = decide(it, spot, known.municipality, ways.now)
    return copied(way, decided_on=facts(it, spot))


def _ways(known: Known) -> _Ways:
    """Begun anew when a book is published in the middle of a batch."""
    shelf = known.get(RuleShelf, shelf_id(known.municipality.id))
    live = None if shelf is None or shelf.live is None else known.get(RuleBook, shelf.live)
    ways = known.memo.get(_Ways)
    if not isinstance(ways, _Ways) or ways.book is not live:
        ways = known.memo[_Ways] = _Ways(live, in_force(known.municipality, live))
    return ways


def decide(it: Observation, spot: Spot, here: Municipality, now: InForce) -> Route:
    way = route(
        here.category(it.category),
        spot,
        severity=it.severity,
        rules=now.rules,
        book=now.number,
        organisations={organisation.id: organisation for organisation in here.departments},
        received_at=it.received_at,
    )
    return replace(way, decided_on=facts(it, spot))


def spot_of(it: Observation, walk: Walk | None, here: Municipality) -> Spot:
    stop = walk.stop(it.stop) if walk is not None and it.stop is not None else None
    point = None if it.position is None else (it.position.lat, it.position.lon)
    spot = spot_at(here.places, stop, point)
    return replace(spot, answer=it.checklist_item) if it.checklist_item else spot


def facts(it: Observation, spot: Spot) -> DecidedOn:
    return (it.category, it.severity, *(spot.point or (None, None)))
