"""Replies: what became of it, for those who walked. Never better than the worst open task behind it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from trygghetsvandring.domain.observations import DismissReason, Observation, ObservationState
from trygghetsvandring.domain.photos import Photo, before
from trygghetsvandring.domain.tasks import Extent, Task, TaskEvent, TaskState, day_of


class ReplyWord(StrEnum):
    """From worst to best: open before closed, and said before seen. `no_action` and `lagesbild` have no task."""

    RECEIVED = "received"
    REVIEWED = "reviewed"
    REOPENED = "reopened"
    WITH_DEPARTMENT = "with_department"
    REFERRED = "referred"
    WAITING = "waiting"
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    WONT_DO = "wont_do"
    PARTLY = "partly"  # its owner says that some of it is done
    PARTLY_VERIFIED = "partly_verified"
    DONE = "done"
    VERIFIED = "verified"
    NO_ACTION = "no_action"
    LAGESBILD = "lagesbild"


_RANK = {word: place for place, word in enumerate(ReplyWord)}

WORD_OF_STATE: Mapping[TaskState, ReplyWord] = {
    TaskState.NEW: ReplyWord.REVIEWED,
    TaskState.ASSIGNED: ReplyWord.WITH_DEPARTMENT,
    TaskState.ACCEPTED: ReplyWord.WITH_DEPARTMENT,
    TaskState.PLANNED: ReplyWord.PLANNED,
    TaskState.IN_PROGRESS: ReplyWord.IN_PROGRESS,
    TaskState.WAITING: ReplyWord.WAITING,
    TaskState.REFERRED: ReplyWord.REFERRED,
    TaskState.DONE: ReplyWord.DONE,
    TaskState.WONT_DO: ReplyWord.WONT_DO,
    TaskState.VERIFIED: ReplyWord.VERIFIED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    on: date
    word: ReplyWord
    text: str
    answers: bool = False  # somebody's doubt; it stands where it stood


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """ReplyState in wire.ts. `department` is the unit's id; names are put on where it is shown, and a version."""

    id: UUID
    number: str
    category: str
    stop_name: str
    state: ReplyWord
    department: str | None
    planned_on: date | None
    done_on: date | None
    public_text: str
    task: UUID | None
    before: UUID | None
    after: UUID | None
    ask: bool
    steps: tuple[Step, ...]


_IN_PART: Mapping[TaskState, ReplyWord] = {
    TaskState.DONE: ReplyWord.PARTLY,
    TaskState.VERIFIED: ReplyWord.PARTLY_VERIFIED,
}


def word_of(task: Task) -> ReplyWord:
    """A task that was opened again says so until its owner has taken it, and half done is never said to be done."""
    if task.state is TaskState.ASSIGNED and task.reopened:
        return ReplyWord.REOPENED
    return _word_of_state(task.state, task.extent)


def word_then(event: TaskEvent) -> ReplyWord:
    """Where that line of the history left the task."""
    if event.type == "task.reopen":
        return ReplyWord.REOPENED
    return _word_of_state(event.end, event.extent)


def _word_of_state(state: TaskState, extent: Extent | None) -> ReplyWord:
    if extent is Extent.PARTLY and state in _IN_PART:
        return _IN_PART[state]
    return WORD_OF_STATE[state]


def deciding(tasks: Sequence[Task]) -> Task | None:
    """The task the answer is about: the worst one of those that go on."""
    here = [task for task in tasks if not task.is_gone]
    return min(here, key=lambda task: (_RANK[word_of(task)], task.number, task.id), default=None)


def reply(
    observation: Observation,
    *,
    tasks: Sequence[Task],
    into: Observation | None = None,
    stop_name: str = "",
    photos: Iterable[Photo] = (),
) -> Reply | None:
    """None when the author withdrew it. `into` is what it was merged into; `tasks` are then that one's.

    `photos` are those the observation names, as far as they are declared.
    """
    if observation.state is ObservationState.WITHDRAWN:
        return None
    source = into if observation.state is ObservationState.MERGED and into is not None else observation
    task = deciding(tasks) if source.state is ObservationState.LINKED else None
    word = _word(source, task)
    return Reply(
        id=observation.id,
        number=observation.number,
        category=observation.category,
        stop_name=stop_name,
        state=word,
        department=None if task is None else task.department,
        planned_on=None if task is None else task.planned_on,
        done_on=None if task is None else task.done_on,
        public_text=_public_text(source, task),
        task=None if task is None else task.id,
        before=before(observation, photos),
        after=None if task is None else next(iter(task.photos), None),
        ask=task is not None and _asks(task, observation.device),
        steps=tuple(_steps(observation, source, task)),
    )


def _word(source: Observation, task: Task | None) -> ReplyWord:
    match source.state:
        case ObservationState.LINKED:
            return ReplyWord.REVIEWED if task is None else word_of(task)
        case ObservationState.NO_ACTION:
            is_lagesbild = source.dismiss_reason is DismissReason.LAGESBILD
            return ReplyWord.LAGESBILD if is_lagesbild else ReplyWord.NO_ACTION
        case ObservationState.REVIEWED | ObservationState.MERGED:
            return ReplyWord.REVIEWED
        case _:  # withheld says no more than received: nobody is told why somebody looks at it
            return ReplyWord.RECEIVED


def _public_text(source: Observation, task: Task | None) -> str:
    if task is not None:
        return task.public_text
    return source.public_text if source.state is ObservationState.NO_ACTION else ""


def _asks(task: Task, device: UUID | None) -> bool:
    """Whether this phone is asked "Har du varit där efter …?": once each time the work is said to be done."""
    answered = any(each.device == device for each in task.confirmations)
    return task.state is TaskState.DONE and not answered


def _steps(observation: Observation, source: Observation, task: Task | None) -> list[Step]:
    """Oldest first; internal notes, and what changed nothing, are left out."""
    steps = [Step(on=day_of(observation.received_at), word=ReplyWord.RECEIVED, text="")]
    if observation.state in {ObservationState.RECEIVED, ObservationState.WITHHELD}:
        return steps
    if observation.reviewed_on is not None:
        steps.append(Step(on=observation.reviewed_on, word=ReplyWord.REVIEWED, text=""))
    if source.settled_on is not None and source.state is ObservationState.NO_ACTION:
        steps.append(Step(on=source.settled_on, word=_word(source, None), text=source.public_text))
    if task is not None:
        steps.extend(_step(event) for event in task.history if _is_told(event))
    return steps


def _is_told(event: TaskEvent) -> bool:
    moved = event.start is not event.end and event.end is not TaskState.NEW
    return moved or event.type in {"task.decline", "task.uphold", "task.replan"}


def _step(event: TaskEvent) -> Step:
    return Step(
        on=day_of(event.at),
        word=word_then(event),
        text="" if event.internal else event.text,
        answers=event.type == "task.uphold",
    )
