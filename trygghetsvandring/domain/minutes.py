"""Minutes: what a walk came to, worked out from what was handed in. Pure: the same sources give the same minutes.

Made for everybody to read, so what may not be said is never in them: people are counted coarsely (`people`), nobody is
named, words stand only where the coordinator has let them, positions are those of the stops, social matters are counts
alone, and findings that are held back, withdrawn or not yet looked at are not among them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from trygghetsvandring.domain import times
from trygghetsvandring.domain.drawings import coarse
from trygghetsvandring.domain.headcounts import Felt, Told, people, told
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import DismissReason, Observation, ObservationState
from trygghetsvandring.domain.photos import Looked, Photo, looked
from trygghetsvandring.domain.rates import Rates, rates, state_words
from trygghetsvandring.domain.routing import Kind
from trygghetsvandring.domain.stops import FeelingAnswer, Stop
from trygghetsvandring.domain.tasks import Extent, Task, TaskEvent, TaskState, day_of
from trygghetsvandring.domain.walks import Walk

_SAID_DONE = frozenset({TaskState.DONE, TaskState.VERIFIED})
_NOT_SAID = frozenset({ObservationState.RECEIVED, ObservationState.WITHHELD, ObservationState.WITHDRAWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One finding. `words` are the coordinator's for the public, "" = none; `outcome` says why nothing was done."""

    id: UUID
    number: str
    category: str
    severity: int | None
    words: str
    outcome: str
    photos: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StopMinutes:
    """`id` None and number 0: between the stops."""

    id: UUID | None
    number: int
    name: str
    kind: str
    lat: float
    lon: float
    felt: Felt | None
    comment: str
    good: tuple[Line, ...]
    found: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One row of the action list. Dates that are not set are None; `owner_id` is the unit's, "" = nobody has it."""

    id: UUID
    number: str
    place: str
    seen: str
    title: str
    owner_id: str
    owner: str
    work: str
    cost: str
    priority: int
    due_on: date | None
    state: TaskState
    state_words: str
    is_partly: bool
    reply: str
    replied_on: date | None
    why_not: str
    before: tuple[UUID, ...]
    after: tuple[UUID, ...]
    verified: str
    reopened: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The walk before this one at the same place, and what became of its actions."""

    walk: UUID
    name: str
    walked_on: date
    rates: Rates
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    walk: UUID
    municipality: str
    name: str
    place: str
    reference: str
    starts_at: datetime
    ends_at: datetime
    light: str
    weather: str
    participants: str
    parties: tuple[str, ...]
    purpose: str
    summary: str
    length_m: int
    stops: tuple[StopMinutes, ...]
    good: int
    found: int
    unsorted: int
    rates: Rates
    actions: tuple[Action, ...]
    not_done: tuple[Line, ...]
    social: tuple[tuple[str, int], ...]
    feedback: str
    next_walk_on: date | None
    earlier: Earlier | None
    privacy: tuple[str, ...]
    looked: tuple[Looked, ...] = ()  # none in editions from before they were told


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What a person has added to the minutes (the draft's own fields)."""

    reference: str = ""
    weather: str = ""
    parties: tuple[str, ...] = ()
    purpose: str = ""
    summary: str = ""
    feedback: str = ""
    next_walk_on: date | None = None
    comments: Mapping[UUID, str]
    words: Mapping[UUID, str]
    work: Mapping[UUID, tuple[str, str]]  # sort and cost, by task
    photos: frozenset[UUID]
    told: Mapping[UUID, Told]  # what the latest edition says of how a stop felt


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Everything the minutes are made from. `photos`: those that may be shown, by what they are of."""

    here: Municipality
    walk: Walk
    added: Added
    observations: Sequence[Observation]
    tasks: Sequence[Task]
    feelings: Sequence[FeelingAnswer]
    photos: Mapping[UUID, Sequence[Photo]]
    earlier: Walk | None = None
    earlier_tasks: Sequence[Task] = ()


def compose(of: Sources) -> Minutes:
    said = [each for each in of.observations if _is_said(each)]
    stops = tuple(_stop(of, stop, said) for stop in of.walk.stops)
    between = _between(of, said)
    tasks = _in_order(of.tasks)
    actions = tuple(_action(of, task) for task in tasks)
    by_kind = Counter(_side(each.kind) for each in said)
    return Minutes(
        walk=of.walk.id,
        municipality=of.here.name,
        name=of.walk.name,
        place=of.walk.place,
        reference=of.added.reference,
        starts_at=of.walk.starts_at,
        ends_at=of.walk.ends_at,
        light=light(of.walk),
        weather=of.added.weather,
        participants=people(of.walk.participants),
        parties=of.added.parties,
        purpose=of.added.purpose,
        summary=of.added.summary,
        length_m=of.walk.length_m,
        stops=(*stops, *between),
        good=by_kind["good"],
        found=by_kind["found"],
        unsorted=sum(1 for each in of.observations if each.state is ObservationState.RECEIVED),
        rates=rates(tasks),
        actions=actions,
        not_done=tuple(_line(of, each) for each in said if _ended_without_work(each)),
        social=_social(of),
        feedback=of.added.feedback,
        next_walk_on=of.added.next_walk_on,
        earlier=_earlier(of),
        privacy=(of.here.privacy.controller, of.here.privacy.basis, of.here.privacy.rights, of.here.privacy.disclosure),
        looked=_looked(of, (*stops, *between), actions),
    )


# ---------------------------------------------------------------- findings


def _is_said(found: Observation) -> bool:
    """One that was merged stands in the one it was merged into."""
    return found.state not in _NOT_SAID and found.state is not ObservationState.MERGED and found.kind is not Kind.SOCIAL


def _side(kind: Kind) -> str:
    return "good" if kind is Kind.POSITIVE else "found"


def _ended_without_work(found: Observation) -> bool:
    return found.state is ObservationState.NO_ACTION and found.kind is not Kind.POSITIVE


def _stop(of: Sources, stop: Stop, said: Sequence[Observation]) -> StopMinutes:
    here = [each for each in said if each.stop == stop.id]
    template = next((each.name for each in of.here.templates if each.id == stop.template), "")
    lat, lon = coarse(stop.lat, stop.lon)
    return StopMinutes(
        id=stop.id,
        number=stop.number,
        name=stop.name,
        kind=template,
        lat=lat,
        lon=lon,
        felt=None if (it := felt_at(of, stop)) is None else it.felt,
        comment=of.added.comments.get(stop.id, ""),
        good=_lines(of, here, "good"),
        found=_lines(of, here, "found"),
    )


def felt_at(of: Sources, stop: Stop) -> Told | None:
    return told(of.feelings, stop.id, of.added.told.get(stop.id))


def _between(of: Sources, said: Sequence[Observation]) -> tuple[StopMinutes, ...]:
    """Also what was noted at a stop that has since been taken out of the plan."""
    stops = {stop.id for stop in of.walk.stops}
    here = [each for each in said if each.stop not in stops]
    if not here:
        return ()
    good, found = _lines(of, here, "good"), _lines(of, here, "found")
    return (
        StopMinutes(
            id=None,
            number=0,
            name="Mellan stoppen",
            kind="",
            lat=0.0,
            lon=0.0,
            felt=None,
            comment="",
            good=good,
            found=found,
        ),
    )


def _lines(of: Sources, here: Iterable[Observation], side: str) -> tuple[Line, ...]:
    mine = [each for each in here if _side(each.kind) == side]
    return tuple(_line(of, each) for each in sorted(mine, key=lambda each: (each.seen_at, each.number)))


def _line(of: Sources, found: Observation) -> Line:
    return Line(
        id=found.id,
        number=found.number,
        category=_category(of.here, found.category),
        severity=found.severity,
        words=of.added.words.get(found.id, found.moderated or ""),
        outcome=found.public_text if found.state is ObservationState.NO_ACTION else "",
        photos=_chosen(of, found.id),
    )


def _category(here: Municipality, code: str) -> str:
    category = here.category(code)
    return category.name if category is not None else "Annat"


def _chosen(of: Sources, id: UUID) -> tuple[UUID, ...]:
    return tuple(photo.id for photo in of.photos.get(id, ()) if photo.id in of.added.photos)


def shown(stops: Iterable[StopMinutes], actions: Iterable[Action]) -> dict[UUID, str]:
    """Every photo in the minutes, with the number of what it first stands at."""
    told = [(line.number, line.photos) for stop in stops for line in (*stop.good, *stop.found)]
    told += [(action.number, (*action.before, *action.after)) for action in actions]
    numbers: dict[UUID, str] = {}
    for number, photos in told:
        for photo in photos:
            numbers.setdefault(photo, number)
    return numbers


def _looked(of: Sources, stops: Iterable[StopMinutes], actions: Iterable[Action]) -> tuple[Looked, ...]:
    kept = {photo.id: photo for photos in of.photos.values() for photo in photos}
    return tuple(looked(kept[id], number) for id, number in shown(stops, actions).items())


def _social(of: Sources) -> tuple[tuple[str, int], ...]:
    """How often, of what sort: no place, no time and no words."""
    hidden = {ObservationState.WITHHELD, ObservationState.WITHDRAWN, ObservationState.MERGED}
    sorts = Counter(
        _category(of.here, each.category)
        for each in of.observations
        if (each.kind is Kind.SOCIAL or each.dismiss_reason is DismissReason.LAGESBILD) and each.state not in hidden
    )
    return tuple(sorted(sorts.items()))


# ---------------------------------------------------------------- actions


def _in_order(tasks: Sequence[Task]) -> list[Task]:
    """By number; what was merged into another or taken back is no action."""
    here = [task for task in tasks if not task.is_gone]
    return sorted(here, key=lambda task: (len(task.number), task.number, task.id))


def _action(of: Sources, task: Task) -> Action:
    owner = of.here.organisation(task.department)
    behind = [each for each in of.observations if each.id in task.findings and _is_said(each)]
    work, cost = of.added.work.get(task.id, ("", ""))
    told = _last_told(task)
    return Action(
        id=task.id,
        number=task.number,
        place=_where(of, task, behind),
        seen=", ".join(dict.fromkeys(_category(of.here, each.category) for each in behind)),
        title=task.title,
        owner_id=task.department or "",
        owner=owner.name if owner else "",
        work=work,
        cost=cost,
        priority=task.priority,
        due_on=task.due_on,
        state=task.state,
        state_words=state_words(task, owner.name if owner else "enheten"),
        is_partly=task.extent is Extent.PARTLY,
        reply=task.public_text,
        replied_on=None if told is None else day_of(told.at),
        why_not=task.public_text if task.state is TaskState.WONT_DO else "",
        before=tuple(photo for each in behind for photo in _chosen(of, each.id)),
        after=_chosen(of, task.id) if task.state in _SAID_DONE else (),
        verified=_verified(task),
        reopened=task.reopened,
    )


def _where(of: Sources, task: Task, behind: Sequence[Observation]) -> str:
    """The stop's name, never a walker's own words for the place."""
    stops = [of.walk.stop(each.stop) for each in behind if each.stop is not None]
    named = [f"Stopp {stop.number}, {stop.name}" for stop in stops if stop is not None]
    return ", ".join(dict.fromkeys(named)) or of.walk.place


def _last_told(task: Task) -> TaskEvent | None:
    moved = [event for event in task.history if not event.internal and event.text and event.start is not event.end]
    return moved[-1] if moved and task.public_text else None


def _verified(task: Task) -> str:
    if task.state is not TaskState.VERIFIED:
        return "Nej"
    event = next((event for event in reversed(task.history) if event.end is TaskState.VERIFIED), None)
    said = "Delvis" if task.extent is Extent.PARTLY else "Ja"
    return said if event is None else f"{said}, {day_of(event.at).isoformat()}"


def _earlier(of: Sources) -> Earlier | None:
    if of.earlier is None:
        return None
    tasks = _in_order(of.earlier_tasks)
    return Earlier(
        walk=of.earlier.id,
        name=of.earlier.name,
        walked_on=day_of(of.earlier.starts_at),
        rates=rates(tasks),
        actions=tuple(_action(of, task) for task in tasks),
    )


def light(walk: Walk) -> str:
    """From the sun and the clock, at the first stop."""
    if not walk.stops:
        return ""
    at = (walk.stops[0].lat, walk.stops[0].lon)
    begins, ends = times.is_dark(walk.starts_at, *at), times.is_dark(walk.ends_at, *at)
    if begins and ends:
        return "Mörkt under hela vandringen"
    if not begins and not ends:
        return "Ljust under hela vandringen"
    return "Det hann bli ljust" if begins else "Det hann bli mörkt"
