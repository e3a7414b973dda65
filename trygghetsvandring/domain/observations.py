"""Observations: what walkers noticed. Evidence: after hand-in there are versions and decisions about it, never edits.

    Refused
    ├── NoSuchPassage            the finding does not stand where this may be done
    ├── ReasonMissing            what ends or hides a finding says why
    ├── PositionOutOfRange       not a point on this earth
    ├── SeverityUnknown          allvar is 0 to 3, or not said
    ├── TooManyPhotos
    ├── SocialTakesNoPhoto       sound, vehicles, gatherings, alcohol and drugs are noted in words only
    ├── SocialIsNotATask         kind S waits for the lägesbild
    ├── KindIsNotATask           experiences and good things are kept, not repaired
    ├── CategoryUnknown          at triage the category is one of the municipality's own
    ├── NotYourObservation       only the phone that handed it in corrects or withdraws it
    └── CannotMerge              into itself, into one that is merged or out of sight, or social with other

An unknown category from a phone is kept as it was written and counts as kind U until somebody sorts it.
"""

import math
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from trygghetsvandring.domain.errors import Malformed, PersonalData, Refused, TextTooLong
from trygghetsvandring.domain.guard import Verdict, inspect
from trygghetsvandring.domain.routing import DANGER, Category, Kind, Route

LONGEST_TEXT = 500
LONGEST_PLACE = 120
LONGEST_FROM_OUTSIDE = 4_000  # what Open311 promises other systems
MOST_PHOTOS = 20
NO_WALK = UUID(int=0)
"""The walk of what was seen on none: `source` says how it came in."""


class ObservationState(StrEnum):
    RECEIVED = "received"
    REVIEWED = "reviewed"
    LINKED = "linked"  # to at least one task
    NO_ACTION = "no_action"
    MERGED = "merged"
    WITHHELD = "withheld"  # hidden at once, until somebody has looked
    WITHDRAWN = "withdrawn"  # by the one who wrote it; the versions stay


@dataclass(frozen=True, slots=True)
class Passage:
    """One arrow of the finding's machine."""

    operation: str
    start: ObservationState | None
    end: ObservationState


_O = ObservationState
PASSAGES: tuple[Passage, ...] = (
    Passage("observation.record", None, _O.RECEIVED),
    Passage("observation.review", _O.RECEIVED, _O.REVIEWED),
    Passage("observation.review", _O.REVIEWED, _O.REVIEWED),  # sorted again
    Passage("observation.review", _O.LINKED, _O.LINKED),  # likewise, as long as it may be a task
    Passage("observation.review", _O.NO_ACTION, _O.REVIEWED),  # taken up again
    Passage("task.link", _O.REVIEWED, _O.LINKED),
    Passage("task.link", _O.LINKED, _O.LINKED),  # one finding, several tasks
    Passage("task.unlink", _O.LINKED, _O.REVIEWED),
    Passage("task.unlink", _O.LINKED, _O.LINKED),  # while another task has it
    Passage("observation.dismiss", _O.REVIEWED, _O.NO_ACTION),
    Passage("observation.merge", _O.REVIEWED, _O.MERGED),
    Passage("observation.unmerge", _O.MERGED, _O.REVIEWED),
    Passage("observation.withhold", _O.RECEIVED, _O.WITHHELD),
    Passage("observation.withhold", _O.REVIEWED, _O.WITHHELD),
    Passage("observation.withhold", _O.LINKED, _O.WITHHELD),
    Passage("observation.withhold", _O.NO_ACTION, _O.WITHHELD),
    Passage("observation.withhold", _O.MERGED, _O.WITHHELD),
    Passage("observation.release", _O.WITHHELD, _O.REVIEWED),
    Passage("observation.release", _O.WITHHELD, _O.LINKED),  # where a task holds it
    Passage("observation.release", _O.WITHHELD, _O.MERGED),  # where its merging holds it
    Passage("observation.withdraw", _O.RECEIVED, _O.WITHDRAWN),
    Passage("observation.withdraw", _O.REVIEWED, _O.WITHDRAWN),
    Passage("observation.withdraw", _O.NO_ACTION, _O.WITHDRAWN),
)
# Work may already be ordered, or a hold decided: then the wish is written down for the coordinator and nothing moves.
ONLY_A_WISH = frozenset({_O.LINKED, _O.MERGED, _O.WITHHELD})


class DismissReason(StrEnum):
    POSITIVE = "positive"
    ALREADY_FIXED = "already_fixed"
    NOT_FOUND = "not_found"
    OUTSIDE_REMIT = "outside_remit"
    PERSONAL_MATTER = "personal_matter"
    LAGESBILD = "lagesbild"


class PositionSource(StrEnum):
    GPS = "gps"
    MOVED = "moved"
    STOP = "stop"
    MAP = "map"


class CallChoice(StrEnum):
    CALLED = "called"
    NOT_CALLED = "not_called"


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """WGS 84 degrees; accuracy in metres, age in seconds when it was taken."""

    lat: float
    lon: float
    accuracy_m: float | None
    age_s: float
    source: PositionSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    choice: CallChoice
    at: datetime


class ReasonMissing(Refused):
    code = "field_missing"


class NoSuchPassage(Refused):
    code = "no_such_arrow"


class PositionOutOfRange(Refused):
    code = "position_out_of_range"


class SeverityUnknown(Refused):
    code = "severity_unknown"


class TooManyPhotos(Refused):
    code = "too_many_photos"


class SocialTakesNoPhoto(Refused):
    code = "social_takes_no_photo"


class SocialIsNotATask(Refused):
    code = "social_is_not_a_task"


class KindIsNotATask(Refused):
    code = "kind_is_not_a_task"


class CategoryUnknown(Refused):
    code = "category_unknown"


class NotYourObservation(Refused):
    code = "not_your_observation"


class CannotMerge(Refused):
    code = "cannot_merge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """`category` is what holds now, `written_category` what the walker wrote. `stop` None = between stops."""

    id: UUID
    version: int
    number: str
    walk: UUID
    device: UUID | None
    stop: UUID | None
    category: str
    written_category: str
    kind: Kind
    severity: int | None
    text: str
    position: Position | None
    place_words: str
    seen_at: datetime
    received_at: datetime
    photos: tuple[UUID, ...] = ()
    called: Called | None = None
    checklist_item: str | None = None
    sent_alone: bool = False
    danger: bool = False  # as it is sorted now; stands first in the inbox
    state: ObservationState = ObservationState.RECEIVED
    review_note: str = ""
    reviewed_on: date | None = None
    settled_on: date | None = None
    dismiss_reason: DismissReason | None = None
    public_text: str = ""
    withhold_reason: str = ""
    withdraw_reason: str = ""
    source: str = ""  # "open311" from another system; a feedback's number, "S-12"; "" from a walk
    tasks: tuple[UUID, ...] = ()
    was_in: tuple[UUID, ...] = ()  # tasks it has left: a removal looks there too
    merged_into: UUID | None = None
    merged_from: tuple[UUID, ...] = ()
    apart: tuple[UUID, ...] = ()  # findings and tasks that a person has said are something else
    moderated: str | None = None  # what all but triage read instead of `text`
    moderated_place: str | None = None  # and of `place_words`; None = the registered place's name
    lat: float | None = None  # where it counts as being: its own position, else the stop's
    lon: float | None = None
    routed: Route | None = None  # where the rules sent it when it came in or was sorted, and why


def kind_of(category: Category | None) -> Kind:
    return Kind.EXPERIENCE if category is None else category.kind


def is_danger(observation: Observation, category: Category | None) -> bool:
    """Whether the duty address must hear of it now."""
    return observation.severity == DANGER or (category is not None and category.urgent)


# ---------------------------------------------------------------- what a phone may hand in


def must_be_sound(observation: Observation, category: Category | None) -> Observation:
    """Refuses, with a code of its own each, what could not be kept as it is."""
    _short(observation.text, LONGEST_FROM_OUTSIDE if observation.source else LONGEST_TEXT, "text")
    _short(observation.place_words, LONGEST_PLACE, "place_words")
    _short(observation.category, 60, "category")
    if not observation.category.strip():
        raise Malformed(field="category")
    if observation.severity not in (None, 0, 1, 2, 3):
        raise SeverityUnknown(severity=observation.severity)
    if observation.position is not None:
        _must_be_on_earth(observation.position)
    if len(observation.photos) > MOST_PHOTOS:
        raise TooManyPhotos(limit=MOST_PHOTOS)
    if observation.photos and category is not None and not category.photo:
        raise SocialTakesNoPhoto(category=category.code)
    for field in ("text", "place_words", "category", "checklist_item"):
        _must_name_nobody(getattr(observation, field) or "", field)
    return observation


def _short(text: str, limit: int, field: str) -> None:
    if len(text) > limit:
        raise TextTooLong(field=field, limit=limit)


def _must_be_on_earth(position: Position) -> None:
    numbers = [position.lat, position.lon, position.age_s, position.accuracy_m or 0.0]
    on_earth = -90 <= position.lat <= 90 and -180 <= position.lon <= 180
    if not on_earth or not all(map(math.isfinite, numbers)) or position.age_s < 0 or (position.accuracy_m or 0) < 0:
        raise PositionOutOfRange()


def _must_name_nobody(text: str, field: str) -> None:
    if not text:
        return
    found = inspect(text)
    if found.verdict is Verdict.BLOCK:
        raise PersonalData(field=field, kinds=sorted({span.kind.value for span in found.spans}))


def correct(
    observation: Observation, device: UUID | None, category: Category | None, changes: dict[str, object]
) -> Observation:
    """A new version by its author. What a coordinator has sorted stays sorted; the walker's own word is kept beside."""
    _must_be_author(observation, device)
    if observation.state is _O.WITHDRAWN:
        raise NoSuchPassage(operation="observation.correct", state=observation.state.value)
    named = dict(changes)
    if "category" in named:
        named["written_category"] = named["category"]
        named["kind"] = kind_of(category)
        if observation.state is not _O.RECEIVED:
            del named["category"], named["kind"]
    return must_be_sound(replace(observation, **named), category)  # type: ignore[arg-type]


def withdraw(observation: Observation, device: UUID | None, reason: str) -> Observation:
    _must_be_author(observation, device)
    _short(reason, LONGEST_TEXT, "reason")
    _must_name_nobody(reason, "reason")
    asked = replace(observation, withdraw_reason=reason.strip() or "–")  # a wish without words is a wish too
    return asked if observation.state in ONLY_A_WISH else _to(asked, "observation.withdraw")


def _must_be_author(observation: Observation, device: UUID | None) -> None:
    if device is None or observation.device != device:
        raise NotYourObservation()


# ---------------------------------------------------------------- triage


def review(
    observation: Observation, *, category: Category | None, severity: int | None, note: str, on: date
) -> Observation:
    """Looked at by a person: what it is, where it is, and that nobody is pointed out in it."""
    if category is None:
        raise CategoryUnknown()
    _short(note, LONGEST_TEXT, "note")
    _must_name_nobody(note, "note")
    if severity not in (None, 0, 1, 2, 3):
        raise SeverityUnknown(severity=severity)
    seen = _to(observation, "observation.review")
    if observation.state is _O.NO_ACTION and not note.strip():
        raise ReasonMissing(fields=["note"])  # what was answered is taken back, and somebody will ask why
    if seen.state is _O.LINKED:
        must_become_task(category.kind)
    return replace(
        seen,
        category=category.code,
        kind=category.kind,
        severity=severity,
        review_note=note.strip(),
        reviewed_on=on,
        settled_on=None,
        dismiss_reason=None,
        public_text="",
    )


_SAYS_ITSELF = {
    DismissReason.POSITIVE: "Tack! Det här vill vi behålla.",
    DismissReason.LAGESBILD: "Det går till lägesbilden. Där står bara plats och tid.",
}


def dismiss(observation: Observation, *, reason: DismissReason, public_text: str, on: date) -> Observation:
    """No task, and why. `public_text` is already public-safe; two reasons say enough by themselves."""
    if not (said := public_text or _SAYS_ITSELF.get(reason, "")):
        raise ReasonMissing(reason=reason.value)
    return replace(_to(observation, "observation.dismiss"), dismiss_reason=reason, public_text=said, settled_on=on)


def must_become_task(kind: Kind) -> None:
    if kind is Kind.SOCIAL:
        raise SocialIsNotATask()
    if kind in {Kind.EXPERIENCE, Kind.POSITIVE}:
        raise KindIsNotATask(kind=kind.value)


def link(observation: Observation, task: UUID) -> Observation:
    must_become_task(observation.kind)
    if task in observation.tasks:
        return observation
    return replace(_to(observation, "task.link"), tasks=(*observation.tasks, task))


def unlink(observation: Observation, task: UUID) -> Observation:
    if task not in observation.tasks:
        return observation
    left = tuple(each for each in observation.tasks if each != task)
    after = replace(observation, tasks=left, was_in=(*(each for each in observation.was_in if each != task), task))
    return after if after.state is _O.WITHHELD else _to(after, "task.unlink", _O.LINKED if left else _O.REVIEWED)


def merge(observation: Observation, into: Observation) -> tuple[Observation, Observation]:
    """(the one that is now the same as another, the other). Its walker, and those who follow it, follow the other."""
    if into.id == observation.id:
        raise CannotMerge(reason="itself")
    if into.state in {_O.MERGED, _O.WITHDRAWN, _O.WITHHELD}:
        raise CannotMerge(reason=into.state.value)
    if (observation.kind is Kind.SOCIAL) != (into.kind is Kind.SOCIAL):
        raise CannotMerge(reason="social")  # else it would come to a department with the other
    gone = replace(_to(observation, "observation.merge"), merged_into=into.id)
    return gone, replace(into, merged_from=(*into.merged_from, observation.id))


def unmerge(observation: Observation, into: Observation) -> tuple[Observation, Observation]:
    back = replace(_to(observation, "observation.unmerge"), merged_into=None)
    return back, replace(into, merged_from=tuple(each for each in into.merged_from if each != observation.id))


def withhold(observation: Observation, reason: str) -> Observation:
    """Hidden from everyone but triage, at once. `reason` is internal and already safe."""
    if not reason:
        raise ReasonMissing()
    return replace(_to(observation, "observation.withhold"), withhold_reason=reason)


def release(observation: Observation) -> Observation:
    """Back to where its links hold it: with its tasks, merged, or to be judged again."""
    end = _O.REVIEWED
    if observation.merged_into is not None:
        end = _O.MERGED
    if observation.tasks:
        end = _O.LINKED
    free = _to(observation, "observation.release", end)
    return replace(free, withhold_reason="", settled_on=None, dismiss_reason=None, public_text="")


def _to(observation: Observation, operation: str, end: ObservationState | None = None) -> Observation:
    """The observation at the passage's other end; `end` where an operation has more than one."""
    for passage in PASSAGES:
        if (passage.operation, passage.start) == (operation, observation.state) and end in (None, passage.end):
            return replace(observation, state=passage.end)
    raise NoSuchPassage(operation=operation, state=observation.state.value)
