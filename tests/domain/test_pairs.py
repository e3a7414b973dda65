"""A pair leaves the house only while everything that it was released on still stands so."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.domain.finding_makers import a_finding
from tests.domain.minutes_makers import FRIDAY, a_photo
from tests.domain.task_makers import FINDING, TASK, a_task, an_id
from trygghetsvandring.domain import pairs
from trygghetsvandring.domain import publications as rules
from trygghetsvandring.domain.observations import ObservationState
from trygghetsvandring.domain.photos import Belongs, Photo, PhotoOf, PhotoRole, PhotoState
from trygghetsvandring.domain.publications import Publication, Release
from trygghetsvandring.domain.routing import Kind
from trygghetsvandring.domain.tasks import TaskState

BEFORE, AFTER = an_id(901), an_id(902)
FOUND = a_finding(ObservationState.LINKED, photos=(BEFORE,), tasks=(TASK,))
DONE = a_task(TaskState.DONE)
PHOTOS = {
    BEFORE: a_photo(BEFORE, of=Belongs(kind=PhotoOf.OBSERVATION, id=FINDING), state=PhotoState.ACCEPTED),
    AFTER: a_photo(AFTER, of=Belongs(kind=PhotoOf.TASK, id=TASK), role=PhotoRole.AFTER, state=PhotoState.ACCEPTED),
}


def released(**changes: Any) -> Publication:
    facts: dict[str, Any] = {"text": "En lampa.", "place_words": "", "point": None, "photos": (), "by": "Samordnare"}
    shown = rules.release("publication.publish", None, FOUND, at=FRIDAY, **facts)
    said: dict[str, Any] = {
        "words": ("Mörkt.", "Ljust."),
        "name": "Kim T",
        "function": "Samordnare",
        "looked": True,
        "seen": 0,
    }
    return pairs.released(shown, FOUND, DONE, PHOTOS[BEFORE], PHOTOS[AFTER], at=FRIDAY, **said | changes)


def test_what_is_released_is_read_and_names_who_stands_for_it() -> None:
    it = released()
    assert it.pair is not None
    assert (it.pair.before.photo, it.pair.after.photo, it.pair.released_by) == (BEFORE, AFTER, "Kim T, Samordnare")
    assert pairs.is_read(it, FOUND, DONE, PHOTOS)


@pytest.mark.parametrize("which", [BEFORE, AFTER])
@pytest.mark.parametrize(
    "change",
    [
        {"state": PhotoState.REFUSED},
        {"state": PhotoState.RECEIVED},
        {"is_sealed": True},
        {"of": Belongs(kind=PhotoOf.TASK, id=an_id(903))},
    ],
    ids=str,
)
def test_a_photo_that_may_not_be_shown_takes_both_away(which: Any, change: dict[str, Any]) -> None:
    photo: Photo = replace(PHOTOS[which], **change)
    if which == BEFORE and "of" in change:  # a finding says itself which photos are its own
        assert not pairs.is_read(released(), replace(FOUND, photos=()), DONE, PHOTOS)
    else:
        assert not pairs.is_read(released(), FOUND, DONE, PHOTOS | {which: photo})


@pytest.mark.parametrize("gone", [BEFORE, AFTER, TASK])
def test_what_is_erased_takes_it_away_and_is_named_nowhere(gone: Any) -> None:
    left = {id: photo for id, photo in PHOTOS.items() if id != gone}
    assert not pairs.is_read(released(), FOUND, None if gone == TASK else DONE, left)
    assert pairs.without(released(), {gone}).pair is None
    assert pairs.without(released(), {an_id(904)}) == released()


@pytest.mark.parametrize(
    "found",
    [
        lambda: replace(FOUND, state=ObservationState.WITHHELD),
        lambda: replace(FOUND, state=ObservationState.RECEIVED),
        lambda: replace(FOUND, kind=Kind.SOCIAL),
        lambda: None,
    ],
)
def test_a_finding_that_is_not_read_shows_no_photo(found: Callable[[], Any]) -> None:
    assert not pairs.is_read(released(), found(), DONE, PHOTOS)


@pytest.mark.parametrize("state", [state for state in TaskState if state not in pairs.DONE])
def test_work_that_is_not_done_has_no_after(state: TaskState) -> None:
    assert not pairs.is_read(released(), FOUND, a_task(state), PHOTOS)


def test_another_task_s_photo_and_a_task_that_is_merged_prove_nothing() -> None:
    assert not pairs.is_read(released(), FOUND, replace(DONE, findings=()), PHOTOS)
    assert not pairs.is_read(released(), FOUND, replace(DONE, merged_into=an_id(905)), PHOTOS)
    assert not pairs.is_read(released(), FOUND, replace(DONE, id=an_id(906)), PHOTOS)


def test_withdrawn_it_is_gone_and_shown_again_it_has_to_be_named_again() -> None:
    gone = rules.withdraw(released(), by="Samordnare", at=FRIDAY)
    assert (gone.state, gone.pair) == (Release.WITHDRAWN, None)
    facts: dict[str, Any] = {"text": "Lampan.", "place_words": "", "point": None, "photos": (), "by": "Samordnare"}
    assert rules.release("publication.publish", gone, FOUND, at=FRIDAY, **facts).pair is None
    assert rules.release("publication.publish", released(), FOUND, at=FRIDAY, **facts).pair is not None
