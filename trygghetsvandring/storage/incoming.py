"""What came in to one nämnd, thing by thing, as its register lists it: when, from where and what sort, no more.

A walker's own words are in no row: "bakom Annas hus" is a place to whoever wrote it, and a person's home in a list.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select

from trygghetsvandring.domain import moderation
from trygghetsvandring.domain.erasures import About, board_of, coordination
from trygghetsvandring.domain.feedback import Feedback, came_by
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.presence import PresenceEntry
from trygghetsvandring.domain.surveys import Survey, SurveyAnswer
from trygghetsvandring.domain.times import STOCKHOLM
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.storage.public_tables import feedback, survey_answers
from trygghetsvandring.storage.records import found, load
from trygghetsvandring.storage.tables import observations, presence
from trygghetsvandring.storage.unit import Db

MOST = 2_000
"""Of each sort. More in one period is said, and a shorter one asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """`on`: the day it came in. `sender`: an organisation, a walk or a form. `about`: the sort and registered place."""

    kind: About
    id: UUID
    number: str
    on: date
    sender: str
    about: str

    def has(self, words: tuple[str, ...]) -> bool:
        text = f"{self.number} {self.sender} {self.about}".lower()
        return all(word in text for word in words)


async def of_board(
    db: Db, place: Municipality, board: str, first: date, last: date, words: tuple[str, ...] = ()
) -> tuple[list[Came], bool]:
    """Both days included, the latest first. False: there was more than can be listed."""
    came = [await _logged(db, place, board, first, last)]
    if board == coordination(place):
        came += [
            await _findings(db, place, first, last),
            await _feedback(db, place, first, last),
            await _answers(db, place, first, last),
        ]
    is_whole = all(len(each) <= MOST for each in came)
    small = tuple(word.lower() for word in words)
    every = [it for each in came for it in each[:MOST] if it.has(small)]
    return sorted(every, key=lambda it: (it.on, it.number, it.id), reverse=True), is_whole


def _hours(first: date, last: date) -> tuple[datetime, datetime]:
    return datetime.combine(first, time(), STOCKHOLM), datetime.combine(last + timedelta(days=1), time(), STOCKHOLM)


async def _findings(db: Db, place: Municipality, first: date, last: date) -> list[Came]:
    c, (begun, over) = observations.c, _hours(first, last)
    # Both values of `danger` are named, so that the index is walked by day.
    here = (c.municipality == place.id, c.danger.in_([False, True]), c.received_at >= begun, c.received_at < over)
    seen = await found(db, Observation, select(c.doc).where(*here).order_by(c.received_at.desc(), c.id).limit(MOST + 1))
    walks = await load(db, place.id, Walk, {it.walk for it in seen})
    return [
        Came(
            kind=About.OBSERVATION,
            id=it.id,
            number=it.number,
            on=it.received_at.astimezone(STOCKHOLM).date(),
            sender=walk.name if (walk := walks.get(it.walk)) is not None else came_by(it.source),
            about=", ".join(_about(it, walk, place)),
        )
        for it in seen
    ]


def _about(it: Observation, walk: Walk | None, place: Municipality) -> Iterator[str]:
    known = place.category(it.category)
    if known is not None:
        yield known.name
    if where := moderation.read_place(it, moderation.registered_place(it, walk)):
        yield where


async def _feedback(db: Db, place: Municipality, first: date, last: date) -> list[Came]:
    c, (begun, over) = feedback.c, _hours(first, last)
    here = (c.municipality == place.id, c.received_at >= begun, c.received_at < over)
    given = await found(db, Feedback, select(c.doc).where(*here).order_by(c.received_at.desc(), c.id).limit(MOST + 1))
    return [
        Came(
            kind=About.FEEDBACK,
            id=it.id,
            number=it.number,
            on=it.received_at.astimezone(STOCKHOLM).date(),
            sender="Webbsidan",
            about="Hjälpte informationen?",
        )
        for it in given
    ]


async def _answers(db: Db, place: Municipality, first: date, last: date) -> list[Came]:
    c = survey_answers.c
    here = (c.municipality == place.id, c.answered_on >= first, c.answered_on <= last)
    said = await found(
        db, SurveyAnswer, select(c.doc).where(*here).order_by(c.answered_on.desc(), c.id).limit(MOST + 1)
    )
    asked = await load(db, place.id, Survey, {it.survey for it in said})
    return [
        Came(
            kind=About.SURVEY_ANSWER,
            id=it.id,
            number=it.number,
            on=it.on,
            sender="Enkät",
            about=asked[it.survey].title if it.survey in asked else "",
        )
        for it in said
    ]


async def _logged(db: Db, place: Municipality, board: str, first: date, last: date) -> list[Came]:
    """By the evening it is about: a shift after midnight belongs to it."""
    c = presence.c
    theirs = {it.id: it.name for it in place.departments if board_of(it) == board}
    if not theirs:
        return []
    here = (c.municipality == place.id, c.organisation.in_(sorted(theirs)), c.evening >= first, c.evening <= last)
    rows = await found(db, PresenceEntry, select(c.doc).where(*here).order_by(c.evening.desc(), c.id).limit(MOST + 1))
    return [
        Came(
            kind=About.PRESENCE,
            id=it.id,
            number=it.number,
            on=it.evening,
            sender=theirs[it.organisation],
            about=", ".join(part for part in ("Närvarologg", it.area) if part),
        )
        for it in rows
    ]
