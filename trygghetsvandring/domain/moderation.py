"""Moderation: what all but triage read of a finding. The walker's own words stay, and stay with whoever sorts.

One letter is raw by design: a danger goes to the duty address as it was written, for the place may be all there is.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from trygghetsvandring.domain.errors import Refused, TextTooLong
from trygghetsvandring.domain.municipalities import TurnTo
from trygghetsvandring.domain.observations import (
    LONGEST_PLACE,
    LONGEST_TEXT,
    NoSuchPassage,
    Observation,
    ObservationState,
)
from trygghetsvandring.domain.people import Principal
from trygghetsvandring.domain.task_changes import NEW_PLACE, place_is_chosen
from trygghetsvandring.domain.task_passages import noted
from trygghetsvandring.domain.tasks import Task, public_safe
from trygghetsvandring.domain.walks import Walk

MODERATE: Final = "observation.moderate"


class PlaceMissing(Refused):
    """Neither a point nor words that others may read: whoever is sent there would find nothing."""

    code = "place_missing"


def moderate(finding: Observation, text: str | None) -> Observation:
    """`text` is read instead of the walker's; "" = no words at all, None = the walker's own again."""
    if finding.state is ObservationState.WITHDRAWN:
        raise NoSuchPassage(operation=MODERATE, state=finding.state.value)
    if text is None:
        return replace(finding, moderated=None)
    if len(text) > LONGEST_TEXT:
        raise TextTooLong(field="text", limit=LONGEST_TEXT)
    return replace(finding, moderated=public_safe(text))


def moderate_place(finding: Observation, words: str | None) -> Observation:
    """`words` is where all but triage read that it is. None = the place's registered name.

    The walker's own never leave by themselves: "bakom Annas hus" is a place to whoever wrote it, and a person's home.
    """
    if finding.state is ObservationState.WITHDRAWN:
        raise NoSuchPassage(operation=MODERATE, state=finding.state.value)
    if words is None:
        return replace(finding, moderated_place=None)
    if len(words) > LONGEST_PLACE:
        raise TextTooLong(field="place", limit=LONGEST_PLACE)
    return replace(finding, moderated_place=public_safe(words) or None)


def registered_place(finding: Observation, walk: Walk | None) -> str:
    """The stop's name, else the walk's place; "" for what came in on no walk."""
    stop = walk.stop(finding.stop) if walk is not None and finding.stop is not None else None
    if stop is not None:
        return stop.name
    return walk.place if walk is not None else ""


def read_place(finding: Observation, registered: str) -> str:
    """Where it is, in the words that unit, party and public have. `registered`: the stop's or the walk's name."""
    return finding.moderated_place or registered


def must_be_found(task: Task) -> None:
    """What has an owner can be gone to."""
    if not task.place.strip() and (task.lat is None or task.lon is None):
        raise PlaceMissing()


def replaced(
    task: Task, finding: Observation, before: Observation, registered: str, by: Principal, at: datetime
) -> Task:
    """The task with its place in the words that are read now, where its place is this finding's; its history says so.

    What a person has chosen for the task stands, and so does what is over: there only a walker's own words are taken
    back. The words that stood there are in the versions alone: they may have been changed because they named somebody.
    """
    words = read_place(finding, registered)
    theirs = {said for said in (before.moderated_place, before.place_words) if said}
    is_first = task.findings[:1] == (finding.id,) and task.place == registered
    if words == task.place or place_is_chosen(task) or not (task.place in theirs or is_first):
        return task
    if task.is_closed and task.place != before.place_words:
        return task
    return noted(replace(task, place=words), MODERATE, by, at, NEW_PLACE, internal=False)


def turned_away(said: str, turn_to: Iterable[TurnTo]) -> str:
    """What the walker reads about a personal matter: what the coordinator says, and then always where to turn.

    The places come from the municipality's own data, so their numbers are nobody's private ones.
    """
    return " ".join(
        [said or "Det här rör en enskild person. Det tar vi inte emot här.", *(it.sentence for it in turn_to)]
    )


def read_text(finding: Observation) -> str:
    """The words of a finding as protocol, department and public have them."""
    return finding.text if finding.moderated is None else finding.moderated
