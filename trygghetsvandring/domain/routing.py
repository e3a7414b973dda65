"""Routing: which owner a finding should go to, why, and by when. The rules are data; the first that fits decides.

A rule whose owner cannot take it any more is stepped over aloud, and the explanation says so. Nothing lacks an owner.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from trygghetsvandring.domain.areas import Ring, fault, inside
from trygghetsvandring.domain.darkness import SwitchOff
from trygghetsvandring.domain.deadlines import USUAL_DAYS, Limit, days_in, deadline
from trygghetsvandring.domain.departments import Organisation, OrganisationKind
from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.places import Place, distance_m
from trygghetsvandring.domain.priorities import CAME_WITH_US, Precedence, Priority, weigh
from trygghetsvandring.domain.stops import Stop
from trygghetsvandring.domain.times import STOCKHOLM

DANGER = 3  # allvar 3: same day, whatever the category allows
AT_THE_PLACE_M = 60
CATEGORY, LAST_RESORT, NEVER_A_TASK = "category", "last_resort", "never_a_task"  # where no rule decided
DARK_LAMPS = ("ljus", "bel.trasig")


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
    """`deadline_days` are Swedish working days; `radius_m` is how near two findings can be and still be one thing.

    `same_days`: how long after one another they can be seen and still be one thing; None = until it is mended.
    """

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
    same_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An empty condition fits everything. `because` is the reason in plain Swedish, shown to whoever gets the task.

    `polygon` is drawn on the map; `answers` are checklist questions answered with the Nej that led to the finding.
    `authority`: what comes here is myndighetsutövning, and ends for us with the hand-over.
    """

    id: str
    name: str = ""
    categories: tuple[str, ...] = ()
    tiles: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    place_types: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    polygon: tuple[Ring, ...] = ()
    owners: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    severities: tuple[int, ...] = ()
    department: str
    deadline_days: int | None = None
    authority: bool = False
    because: str

    @property
    def called(self) -> str:
        return self.name or self.because


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a municipality has decided about where, how soon and in what order. `lamps`: categories of dark lamps."""

    rules: tuple[Rule, ...] = ()
    limits: tuple[Limit, ...] = ()
    precedence: tuple[Precedence, ...] = CAME_WITH_US
    lamps: tuple[str, ...] = DARK_LAMPS
    switch_offs: tuple[SwitchOff, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """What the rules may know about where and what: type of place, tätort, whose ground it is ("" = not known),
    the point itself, and the checklist question whose Nej it was."""

    place_type: str = ""
    area: str = ""
    owner: str = ""
    point: tuple[float, float] | None = None  # lat, lon
    answer: str = ""


DecidedOn = tuple[str, int | None, float | None, float | None]
"""Category, severity, lat, lon: while these are the same, a way once decided stands."""
NOWHERE: DecidedOn = ("", None, None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Kept with the finding as it was decided: rules published later do not rewrite it.

    `rule` is the rule's id, "category" for the category's own owner, "last_resort" when nobody is named,
    "never_a_task" for what is kept and not repaired. `book` is the rule book's number, 0 = what came with the
    installation. `skipped`: broken rules that were passed. `asked`: a private owner, who may say no.
    """

    department: str
    rule: str
    book: int
    because: str
    days: int
    due_on: date
    time_because: str
    priority: int
    priority_because: str
    skipped: tuple[str, ...] = ()
    authority: bool = False
    asked: bool = False
    decided_on: DecidedOn = NOWHERE

    @property
    def reason(self) -> str:
        return f"{self.because} {self.time_because}"


def spot_at(places: Iterable[Place], stop: Stop | None, point: tuple[float, float] | None) -> Spot:
    """What is known about where: the stop's own, else the nearest place; beyond 60 m only the tätort."""
    known = list(places)
    if stop is not None:
        own = next((place for place in known if place.id == stop.place), None)
        return Spot(
            place_type=stop.place_type,
            area=own.area if own else "",
            owner=own.owner if own else "",
            point=point or (stop.lat, stop.lon),
        )
    if point is None or not known:
        return Spot(point=point)
    nearest = min(known, key=lambda place: distance_m(point, (place.lat, place.lon)))
    if distance_m(point, (nearest.lat, nearest.lon)) > AT_THE_PLACE_M:
        return Spot(area=nearest.area, point=point)
    return Spot(place_type=nearest.place_type, area=nearest.area, owner=nearest.owner, point=point)


class NoOwner(Refused):
    """Nobody is named for this and there is no coordination to catch it: the municipality's data is broken."""

    code = "no_owner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Who, by which rule, and why. `fitted` is the rule itself when one decided."""

    department: str
    rule: str
    because: str
    fitted: Rule | None = None
    skipped: tuple[str, ...] = ()


def route(
    category: Category | None,
    spot: Spot,
    *,
    severity: int | None,
    rules: Rules,
    book: int = 0,
    organisations: Mapping[str, Organisation],
    received_at: datetime,
) -> Route:
    """Where it goes, of every kind: what never becomes a task stays with the coordination, and says so."""
    owner = owner_of(category, spot, severity=severity, rules=rules, organisations=organisations)
    kind = organisations[owner.department].kind
    plain = Route(
        department=owner.department,
        rule=owner.rule,
        book=book,
        because=owner.because,
        days=0,
        due_on=received_at.astimezone(STOCKHOLM).date(),
        time_because="",
        priority=0,
        priority_because="",
        skipped=owner.skipped,
        authority=owner.fitted is not None and owner.fitted.authority,
        asked=kind is OrganisationKind.PRIVATE,
    )
    tile = category.tile if category else ""
    level = weigh(rules.precedence, tile=tile, place_type=spot.place_type, severity=severity, dark_lamps=1)
    return timed(plain, level, category, rules, severity=severity, received_at=received_at)


def timed(
    it: Route,
    priority: Priority,
    category: Category | None,
    rules: Rules,
    *,
    severity: int | None,
    received_at: datetime,
) -> Route:
    """The same way with another priority, and the deadline that follows from it."""
    fitted = next((rule for rule in rules.rules if rule.id == it.rule), None)
    days = days_for(category, fitted, rules, priority.level, severity)
    time = deadline(received_at.astimezone(STOCKHOLM).date(), days, danger=severity == DANGER)
    return replace(
        it,
        days=days,
        due_on=time.due_on,
        time_because=time.words,
        priority=priority.level,
        priority_because=priority.because,
    )


def owner_of(
    category: Category | None,
    spot: Spot,
    *,
    severity: int | None,
    rules: Rules,
    organisations: Mapping[str, Organisation],
) -> Owner:
    if category is None or category.kind not in BECOMES_TASK:
        return _kept(category, organisations)
    passed: list[Rule] = []
    for rule in rules.rules:
        if not fits(rule, category, spot, severity, drawn=False):
            continue
        if why_broken(rule, organisations):
            passed.append(rule)
            continue
        if rule.polygon and not _in_it(rule, spot):
            continue
        return _said(Owner(department=rule.department, rule=rule.id, because=rule.because, fitted=rule), passed)
    return _said(_without_a_rule(category, organisations), passed)


def why_broken(rule: Rule, organisations: Mapping[str, Organisation]) -> str:
    """Why this rule cannot decide anything today, in words that end a sentence; "" when it can."""
    owner = organisations.get(rule.department)
    if owner is None:
        return "enheten finns inte längre"
    if not owner.owns_tasks:
        return f"{owner.name} tar inte emot åtgärder"
    if rule.polygon and fault(rule.polygon) is not None:
        return "området på kartan är fel ritat"
    return ""


def _said(owner: Owner, passed: Sequence[Rule]) -> Owner:
    """The owner, with what stood before it and could not decide."""
    if not passed:
        return owner
    names = ", ".join(f"”{rule.called.rstrip('.')}”" for rule in passed)
    told = f"{owner.because} En regel är trasig och hoppades över: {names}."
    return replace(owner, because=told, skipped=tuple(rule.id for rule in passed))


def _without_a_rule(category: Category, organisations: Mapping[str, Organisation]) -> Owner:
    usual = organisations.get(category.default_department or "")
    if usual is not None and usual.owns_tasks:
        return Owner(department=usual.id, rule=CATEGORY, because=f"{usual.name} sköter oftast sådant här.")
    last = _coordination(category.code, organisations)
    return Owner(
        department=last.id, rule=LAST_RESORT, because=f"Ingen regel passar. {last.name} avgör vem som gör det."
    )


def _kept(category: Category | None, organisations: Mapping[str, Organisation]) -> Owner:
    keeper = _coordination(category.code if category else "", organisations)
    if category is None:
        because = f"Kategorin är okänd här. {keeper.name} avgör vad det är."
    elif category.kind is Kind.SOCIAL:
        because = f"Det räknas i lägesbilden och blir ingen åtgärd. {keeper.name} har det."
    else:
        because = f"Det sparas och blir ingen åtgärd. {keeper.name} har det."
    return Owner(department=keeper.id, rule=NEVER_A_TASK, because=because)


def _coordination(category: str, organisations: Mapping[str, Organisation]) -> Organisation:
    last = next((o for o in organisations.values() if o.kind is OrganisationKind.COORDINATION), None)
    if last is None:
        raise NoOwner(category=category)
    return last


def fits(rule: Rule, category: Category, spot: Spot, severity: int | None, *, drawn: bool = True) -> bool:
    """Every condition the rule names holds. `drawn` False asks nothing about the polygon."""
    return (
        (not rule.categories or category.code in rule.categories)
        and (not rule.tiles or category.tile in rule.tiles)
        and (not rule.kinds or category.kind in rule.kinds)
        and (not rule.place_types or spot.place_type in rule.place_types)
        and (not rule.areas or spot.area in rule.areas)
        and (not rule.owners or spot.owner in rule.owners)
        and (not rule.answers or spot.answer in rule.answers)
        and (not rule.severities or severity in rule.severities)
        and (not rule.polygon or not drawn or _in_it(rule, spot))
    )


def _in_it(rule: Rule, spot: Spot) -> bool:
    return spot.point is not None and inside(rule.polygon, *spot.point)


def days_for(category: Category | None, rule: Rule | None, rules: Rules, priority: int, severity: int | None) -> int:
    """Danger is today; then the rule's own time, the table's, the category's, the usual."""
    if severity == DANGER:
        return 0
    if rule is not None and rule.deadline_days is not None:
        return rule.deadline_days
    if category is None:
        return USUAL_DAYS
    listed = days_in(rules.limits, category.code, category.tile, priority)
    if listed is not None:
        return listed
    return USUAL_DAYS if category.deadline_days is None else category.deadline_days


def broken_rules(
    categories: Iterable[Category], rules: Iterable[Rule], organisations: Sequence[Organisation]
) -> list[str]:
    """Everything in a municipality's own data that would fail on the evening it is needed. Empty = sound."""
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
