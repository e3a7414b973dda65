"""Routing: which owner a finding should go to, why, and by when. The rules are data; the first that fits decides."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from trygghetsvandring.domain.departments import Organisation, OrganisationKind
from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.places import Place, distance_m
from trygghetsvandring.domain.stops import Stop
from trygghetsvandring.domain.times import STOCKHOLM, working_days_after

DANGER = 3  # allvar 3: same day, whatever the category allows
AT_THE_PLACE_M = 60
USUAL_DAYS = 10  # working days, for a category that names no deadline of its own


class Kind(StrEnum):
    """What a category is about, and thereby where it may go."""

    FAULT = "F"
    MAINTENANCE = "M"
    SOCIAL = "S"  # for the lägesbild; never work for a department
    EXPERIENCE = "U"
    POSITIVE = "P"


BECOMES_TASK = frozenset({Kind.FAULT, Kind.MAINTENANCE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """`deadline_days` are Swedish working days; `radius_m` is how near two findings can be and still be one thing."""

    code: str
    name: str
    english: str
    kind: Kind
    tile: str
    urgent: bool
    photo: bool
    default_department: str | None
    deadline_days: int | None
    radius_m: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An empty condition fits everything. `because` is the reason in plain Swedish, shown to whoever gets the task."""

    id: str
    categories: tuple[str, ...] = ()
    tiles: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    place_types: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    department: str
    deadline_days: int | None = None
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """What the rules may know about where: type of place, tätort, and whose ground it is ("" = not known)."""

    place_type: str = ""
    area: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    department: str
    rule: str  # the rule's id, "category" for the category's own owner, "last_resort" when nobody is named
    reason: str
    due_on: date


def spot_at(places: Iterable[Place], stop: Stop | None, point: tuple[float, float] | None) -> Spot:
    """What is known about where: the stop's own, else the nearest place; beyond 60 m only the tätort."""
    known = list(places)
    if stop is not None:
        own = next((place for place in known if place.id == stop.place), None)
        return Spot(place_type=stop.place_type, area=own.area if own else "", owner=own.owner if own else "")
    if point is None or not known:
        return Spot()
    nearest = min(known, key=lambda place: distance_m(point, (place.lat, place.lon)))
    if distance_m(point, (nearest.lat, nearest.lon)) > AT_THE_PLACE_M:
        return Spot(area=nearest.area)
    return Spot(place_type=nearest.place_type, area=nearest.area, owner=nearest.owner)


class NoOwner(Refused):
    """Nobody is named for this and there is no coordination to catch it: the municipality's data is broken."""

    code = "no_owner"


def route(
    category: Category,
    spot: Spot,
    *,
    severity: int | None,
    rules: Iterable[Rule],
    organisations: Sequence[Organisation],
    received_at: datetime,
) -> Route | None:
    """The proposed owner. None when the category must never become a task (kinds S, U and P)."""
    if category.kind not in BECOMES_TASK:
        return None
    rule = first_fitting(category, spot, rules)
    department, name, because = _owner(category, rule, organisations)
    days = _days(category, rule, severity)
    return Route(
        department=department,
        rule=name,
        reason=f"{because} {_in_time(days, severity)}",
        due_on=working_days_after(received_at.astimezone(STOCKHOLM).date(), days),
    )


def first_fitting(category: Category, spot: Spot, rules: Iterable[Rule]) -> Rule | None:
    return next((rule for rule in rules if fits(rule, category, spot)), None)


def fits(rule: Rule, category: Category, spot: Spot) -> bool:
    """Every condition the rule names holds."""
    return all(
        not wanted or found in wanted
        for wanted, found in (
            (rule.categories, category.code),
            (rule.tiles, category.tile),
            (rule.kinds, category.kind),
            (rule.place_types, spot.place_type),
            (rule.areas, spot.area),
            (rule.owners, spot.owner),
        )
    )


def _owner(category: Category, rule: Rule | None, organisations: Sequence[Organisation]) -> tuple[str, str, str]:
    if rule is not None:
        return rule.department, rule.id, rule.because
    usual = next((o for o in organisations if o.id == category.default_department), None)
    if usual is not None:
        return usual.id, "category", f"{usual.name} sköter oftast sådant här."
    last = next((o for o in organisations if o.kind is OrganisationKind.COORDINATION), None)
    if last is None:
        raise NoOwner(category=category.code)
    return last.id, "last_resort", f"Ingen regel passar. {last.name} avgör vem som gör det."


def _days(category: Category, rule: Rule | None, severity: int | None) -> int:
    if severity == DANGER:
        return 0
    if rule is not None and rule.deadline_days is not None:
        return rule.deadline_days
    return USUAL_DAYS if category.deadline_days is None else category.deadline_days


def _in_time(days: int, severity: int | None) -> str:
    if days == 0:
        return "Fara: samma dag." if severity == DANGER else "Tid: samma dag."
    return "Tid: 1 arbetsdag." if days == 1 else f"Tid: {days} arbetsdagar."


def broken_rules(
    categories: Iterable[Category], rules: Iterable[Rule], organisations: Sequence[Organisation]
) -> list[str]:
    """Everything in a municipality's rules that would fail on the evening it is needed. Empty = sound."""
    categories = list(categories)
    owners = {organisation.id for organisation in organisations if organisation.owns_tasks}
    codes = {category.code for category in categories}
    found = [
        f"category {c.code}: {c.default_department} cannot own a task" for c in categories if not _sound(c, owners)
    ]
    for rule in rules:
        if rule.department not in owners:
            found.append(f"rule {rule.id}: {rule.department} cannot own a task")
        found.extend(f"rule {rule.id}: unknown category {code}" for code in rule.categories if code not in codes)
    if not any(organisation.kind is OrganisationKind.COORDINATION for organisation in organisations):
        found.append("no coordination to catch what no rule fits")
    return found


def _sound(category: Category, owners: set[str]) -> bool:
    return category.default_department is None or category.default_department in owners


# ---------------------------------------------------------------- near


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Something at a point: a finding, or an open task by its first finding. `tile` is its group of categories."""

    id: UUID
    tile: str
    radius_m: int
    lat: float
    lon: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    id: UUID
    distance_m: int


def near(finding: Seen, others: Iterable[Seen]) -> list[Near]:
    """What could be the same thing, nearest first. A suggestion only: a person decides.

    The smaller radius of the two holds, so that two lamps 12 m apart stay two lamps even when one of them
    was called a dark tunnel.
    """
    here = (finding.lat, finding.lon)
    found = [
        (distance_m(here, (other.lat, other.lon)), other)
        for other in others
        if other.tile == finding.tile and other.id != finding.id
    ]
    close = [(d, other) for d, other in found if d <= min(finding.radius_m, other.radius_m)]
    return [
        Near(id=other.id, distance_m=round(d)) for d, other in sorted(close, key=lambda pair: (pair[0], pair[1].id))
    ]
