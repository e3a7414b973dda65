"""What Open311 tells of a request: its status, why, and every change. Never ahead of the worst open task behind it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID, uuid5

from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import Observation, ObservationState
from trygghetsvandring.domain.publications import Publication, is_read
from trygghetsvandring.domain.replies import ReplyWord, deciding, word_then
from trygghetsvandring.domain.routing import Category
from trygghetsvandring.domain.tasks import Task, TaskEvent, TaskState, day_of


class Status(StrEnum):
    """Of the updates extension, as FixMyStreet writes them. A bare CLOSED would be read as "mended"."""

    OPEN = "OPEN"
    INVESTIGATING = "INVESTIGATING"
    ACTION_SCHEDULED = "ACTION_SCHEDULED"
    IN_PROGRESS = "IN_PROGRESS"
    PLANNED = "PLANNED"
    FIXED = "FIXED"
    CLOSED = "CLOSED"
    NO_FURTHER_ACTION = "NO_FURTHER_ACTION"
    NOT_COUNCILS_RESPONSIBILITY = "NOT_COUNCILS_RESPONSIBILITY"
    DUPLICATE = "DUPLICATE"
    INTERNAL_REFERRAL = "INTERNAL_REFERRAL"


_OF_STATE: Mapping[TaskState, Status] = {
    TaskState.NEW: Status.OPEN,
    TaskState.ASSIGNED: Status.OPEN,
    TaskState.ACCEPTED: Status.INVESTIGATING,
    TaskState.PLANNED: Status.ACTION_SCHEDULED,
    TaskState.IN_PROGRESS: Status.IN_PROGRESS,
    TaskState.WAITING: Status.PLANNED,
    TaskState.REFERRED: Status.INTERNAL_REFERRAL,
    TaskState.DONE: Status.FIXED,
    TaskState.VERIFIED: Status.FIXED,
    TaskState.WONT_DO: Status.NO_FURTHER_ACTION,
}
# Open, and the words say how far it has come: who reads only the status is told nothing better than what was done.
_IN_PART: Mapping[ReplyWord, Status] = {
    ReplyWord.PARTLY: Status.IN_PROGRESS,
    ReplyWord.PARTLY_VERIFIED: Status.IN_PROGRESS,
}
# An authority's own matter from then on; what is referred inside the house is still ours.
_BY_STEP: Mapping[str, Status] = {"task.hand_over": Status.NOT_COUNCILS_RESPONSIBILITY}
_CLOSED = frozenset({Status.FIXED, Status.NO_FURTHER_ACTION})
_SAYS_WHY = frozenset({TaskState.WAITING, TaskState.REFERRED, TaskState.DONE, TaskState.WONT_DO, TaskState.VERIFIED})
"""Where the words beside the state were written for everybody to read."""
_PHRASES: Mapping[ReplyWord, str] = {
    ReplyWord.RECEIVED: "Mottaget",
    ReplyWord.REVIEWED: "Granskat",
    ReplyWord.REOPENED: "Öppnat igen",
    ReplyWord.WITH_DEPARTMENT: "Hos {unit}",
    ReplyWord.REFERRED: "Skickat vidare",
    ReplyWord.WAITING: "Väntar",
    ReplyWord.PLANNED: "Planerat",
    ReplyWord.IN_PROGRESS: "Pågår",
    ReplyWord.WONT_DO: "Görs inte",
    ReplyWord.PARTLY: "Delvis åtgärdat enligt {unit}",
    ReplyWord.PARTLY_VERIFIED: "Delvis åtgärdat, bekräftat på plats",
    ReplyWord.DONE: "Åtgärdat enligt {unit}",
    ReplyWord.VERIFIED: "Åtgärdat, bekräftat på plats",
    ReplyWord.NO_ACTION: "Utan åtgärd",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One change of what the request has come to."""

    id: UUID
    request: UUID
    status: Status
    at: datetime
    text: str
    word: ReplyWord


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A request as everybody may read it. `changed_at` is the last change of anything, for those who follow along."""

    id: UUID
    status: Status
    notes: str
    category: Category | None
    service_code: str
    text: str
    agency: str
    requested_at: datetime
    updated_at: datetime
    changed_at: datetime
    expected_on: str | None
    place_words: str
    lat: float | None
    lon: float | None
    photo: UUID | None
    word: ReplyWord | None = None  # finer than `status`: whether somebody has seen it mended

    @property
    def is_closed(self) -> bool:
        return self.status in _CLOSED or self.status is Status.DUPLICATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """All a request is made of. `into` is what the finding was merged into; `tasks` are then that one's."""

    publication: Publication
    found: Observation
    into: Observation | None
    tasks: tuple[Task, ...]


def shown(it: Behind, here: Municipality) -> Shown | None:
    """None when nobody outside may know of it."""
    if not is_read(it.publication, it.found):
        return None
    told = updates(it, here)
    last = told[-1] if told else None
    task = deciding(it.tasks) if _source(it).state is ObservationState.LINKED else None
    status = last.status if last else Status.OPEN
    owner = here.organisation(task.department) if task else None
    category = here.category(it.publication.category)
    changed = max(it.publication.changed_at, last.at) if last else it.publication.changed_at
    is_over = last is not None and (status in _CLOSED or status is Status.DUPLICATE)
    return Shown(
        id=it.found.id,
        status=status,
        notes=last.text if last else f"Granskat {day_of(it.publication.changed_at)}.",
        category=category,
        service_code=it.publication.category,
        text=it.publication.text,
        agency=owner.name if owner else here.name,
        requested_at=it.publication.requested_at,
        updated_at=last.at if is_over and last else changed,
        changed_at=changed,
        expected_on=_expected(task),
        place_words=it.publication.place_words,
        lat=it.publication.lat,
        lon=it.publication.lon,
        photo=next(iter(it.publication.photos), None),
        word=last.word if last else None,
    )


def _source(it: Behind) -> Observation:
    return it.into if it.found.state is ObservationState.MERGED and it.into is not None else it.found


def _expected(task: Task | None) -> str | None:
    """The day somebody stands by: none while it waits or lies with another authority."""
    if task is None or task.is_closed or task.handed_over or task.state in {TaskState.WAITING, TaskState.REFERRED}:
        return None
    day = task.planned_on or task.due_on
    return None if day is None else f"{day.isoformat()}T22:59:59Z"


def updates(it: Behind, here: Municipality) -> list[Update]:
    """Every change of the request as a whole, oldest first. With several tasks it is never ahead of the worst one."""
    source, told = _source(it), list[Update]()
    standing: dict[UUID, Task] = {}
    last: dict[UUID, tuple[int, TaskEvent]] = {}  # what moved each task to where it stands
    events = sorted(
        ((event.at, str(task.id), n, event, task) for task in it.tasks for n, event in enumerate(task.history)),
        key=lambda each: each[:3],
    )
    latest: tuple[UUID, int] | None = None
    for at, _, n, event, task in events:
        if event.start is event.end and task.id in standing:
            continue  # a note: it stands as it stood, done in part or not
        standing[task.id] = _as_then(task, event)
        if event.start is event.end:
            continue
        last[task.id] = n, event
        worst = deciding(list(standing.values()))
        if source.state is not ObservationState.LINKED or worst is None or worst.id not in last:
            continue
        m, moved = last[worst.id]
        if (worst.id, m) == latest:
            continue
        # Also what happened first, and can be told only now that the rest is no worse; or stands again.
        latest = worst.id, m
        made = uuid5(it.found.id, f"{worst.id} {m}" if worst.id == task.id else f"{worst.id} {m} {task.id} {n}")
        told.append(replace(_update(it, made, moved, worst, here), at=at))
    if source.state is ObservationState.NO_ACTION and source.settled_on is not None:
        at = datetime.combine(source.settled_on, datetime.min.time(), UTC)
        text = f"Utan åtgärd {source.settled_on}. {source.public_text}"
        id, status = uuid5(it.found.id, "no action"), Status.NO_FURTHER_ACTION
        at = max(at, it.found.received_at)
        word = ReplyWord.NO_ACTION
        told.append(Update(id=id, request=it.found.id, status=status, at=at, text=text, word=word))
    return told


def _as_then(task: Task, event: TaskEvent) -> Task:
    reopened = 1 if event.type == "task.reopen" else 0
    return replace(task, state=event.end, reopened=reopened, extent=event.extent)


def _update(it: Behind, id: UUID, event: TaskEvent, task: Task, here: Municipality) -> Update:
    unit = here.organisation(task.department)
    word = word_then(event)
    phrase = _PHRASES[word].format(unit=unit.name if unit else here.name)
    why = event.text if task.state in _SAYS_WHY and not event.internal else ""
    return Update(
        id=id,
        request=it.found.id,
        status=_BY_STEP.get(event.type) or _IN_PART.get(word, _OF_STATE[task.state]),
        at=event.at,
        text=f"{phrase} {day_of(event.at)}. {why}".strip(),
        word=word,
    )
