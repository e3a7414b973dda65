"""Operations on surveys: made, closed or imported, answered by anybody, counted, and shown in somebody's own name.

A survey is counted by a route of the server's own (`survey.count` is never pushed). What is shown is worked out here
from what was counted, and must be what the person has read.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from trygghetsvandring.domain import survey_words
from trygghetsvandring.domain import surveys as rules
from trygghetsvandring.domain.errors import Malformed, SeenHasMoved
from trygghetsvandring.domain.municipalities import Age, Municipality
from trygghetsvandring.domain.people import Act, Role
from trygghetsvandring.domain.stops import Feeling
from trygghetsvandring.domain.survey_counts import Cell
from trygghetsvandring.domain.surveys import Shown, Source, Sums, Survey, SurveyAnswer, SurveyPlace
from trygghetsvandring.domain.tasks import day_of
from trygghetsvandring.storage import surveys as _stored  # noqa: F401  # registers how they are stored
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.outcomes import Decision, Op, operation
from trygghetsvandring.sync.wire import Body


class Make(Body, kw_only=True):
    """`places`: ids of the municipality's own. `hours`: of `surveys.BANDS`. `follows`: the one it is compared with."""

    title: str
    source: Source
    places: list[str]
    hours: list[str]
    helps: list[str]
    free_text: bool = False
    follows: UUID | None = None


class Import(Body, kw_only=True):
    """Sums of a dialogue that was held elsewhere. `told_by`: what they are taken from. No `sums`: "Uppgift saknas".

    Without `sums`: those that have been entered stand.
    """

    title: str
    source: Source
    told_by: str
    first: date
    last: date
    sums: list[Sums] | None = None


class Nothing(Body, kw_only=True):
    pass


class Answer(Body, kw_only=True):
    """entity = the answer, by an id that tells no time. `on`: the day it was given, where it comes afterwards."""

    survey: UUID
    place: str
    hours: str
    felt: Feeling
    help: str = ""
    age: str = ""
    text: str = ""
    on: date | None = None


class Count(Body, kw_only=True):
    """`seen`: the version that was counted. `answers`: how many there were."""

    seen: int
    answers: int
    cells: list[Cell]
    missing: list[Age] = msgspec.field(default_factory=list)


class Release(Body, kw_only=True):
    """`digest` of what the person has read; `name`: whoever stands for it."""

    digest: str
    name: str


def _own(op: Op[Any]) -> list[Key]:
    return [(Survey, op.entity)]


def _with_before(op: Op[Make]) -> list[Key]:
    return [*_own(op), *([(Survey, op.body.follows)] if op.body.follows else [])]


@operation("survey.make", Make, act=Act.KEEP_SURVEYS, needs=_with_before)
def make(op: Op[Make], known: Known) -> Decision:
    if known.get(Survey, op.entity) is not None:
        raise Malformed(reason="a survey with this id exists")
    body = op.body
    it = Survey(
        id=op.entity,
        version=0,
        title=body.title.strip(),
        source=body.source,
        places=_places(known.municipality, body.places),
        bands=tuple(sorted(set(body.hours), key=_in_order)),
        helps=tuple(text.strip() for text in body.helps),
        opened_on=day_of(op.received_at),
        free_text=body.free_text,
        follows=body.follows,
    )
    if body.follows is not None:
        rules.must_follow(it, known.need(Survey, body.follows))
    return Decision(entities=[rules.made(it)])


def _in_order(band: str) -> int:
    return rules.BANDS.index(band) if band in rules.BANDS else len(rules.BANDS)


def _places(here: Municipality, ids: Iterable[str]) -> tuple[SurveyPlace, ...]:
    known = {place.id: place.name for place in here.places}
    wanted = list(dict.fromkeys(ids))
    if unknown := [id for id in wanted if id not in known]:
        raise Malformed(field="places", unknown=len(unknown))
    return tuple(SurveyPlace(id=id, name=known[id]) for id in wanted)


@operation("survey.import", Import, act=Act.KEEP_SURVEYS, needs=_own)
def import_sums(op: Op[Import], known: Known) -> Decision:
    before, body, today = known.get(Survey, op.entity), op.body, day_of(op.received_at)
    if before is not None:
        op.must_have_read(before.version)
        if not before.is_imported or before.source is not body.source:
            raise Malformed(field="survey")
    empty = Survey(
        id=op.entity, version=0, title="", source=body.source, places=(), bands=(), helps=(), opened_on=body.first
    )
    it = replace(
        before or empty,
        title=body.title.strip(),
        opened_on=body.first,
        closed_on=body.last,
        told_by=body.told_by.strip(),
    )
    if body.sums is not None:
        it = replace(
            it,
            places=_places(known.municipality, (row.place for row in body.sums)),
            bands=tuple(sorted({row.band for row in body.sums}, key=_in_order)),
        )
    return Decision(entities=[rules.imported(it, body.sums, today=today, by=op.actor.function)])


@operation("survey.close", Nothing, act=Act.KEEP_SURVEYS, needs=_own)
def close(op: Op[Nothing], known: Known) -> Decision:
    before = known.need(Survey, op.entity)
    after = rules.closed(before, day_of(op.received_at))
    return Decision(version=before.version) if after == before else Decision(entities=[after])


@operation(
    "survey.answer",
    Answer,
    act=Act.ANSWER_SURVEY,
    needs=lambda op: [(SurveyAnswer, op.entity), (Survey, op.body.survey)],
    digest_only=True,
)
def answer(op: Op[Answer], known: Known) -> Decision:
    """The same answer again changes nothing: the first one stands."""
    before, body, today = known.get(SurveyAnswer, op.entity), op.body, day_of(op.received_at)
    if before is not None:
        return Decision(version=before.version)
    survey = known.need(Survey, body.survey)
    if survey.closed_on is not None and op.actor.role is Role.COORDINATOR:
        today = survey.closed_on  # what is written off paper afterwards was answered while it was open
    it = SurveyAnswer(
        id=op.entity,
        version=0,
        number=rules.number_of(op.entity),
        survey=survey.id,
        place=body.place,
        band=body.hours,
        felt=body.felt,
        help=body.help,
        age=body.age,
        text=body.text,
        on=body.on or today,
    )
    return Decision(entities=[rules.answered(it, survey, today)])


@operation("survey.count", Count, act=Act.KEEP_SURVEYS, needs=_own, at_the_door=True)
def count(op: Op[Count], known: Known) -> Decision:
    survey, body = known.need(Survey, op.entity), op.body
    counted = rules.counted(
        survey,
        tuple(body.cells),
        body.answers,
        missing=tuple(body.missing),
        seen=body.seen,
        by=op.actor.function,
        on=day_of(op.received_at),
    )
    return Decision(entities=[counted])


def digest_of(shown: Shown) -> str:
    return hashlib.sha256(msgspec.json.encode(shown)).hexdigest()


def _before(op: Op[Release], known: Known) -> list[Key]:
    it = known.get(Survey, op.entity)
    return [(Survey, it.follows)] if it is not None and it.follows else []


@operation("survey.release", Release, act=Act.KEEP_SURVEYS, needs=_own, needs_more=_before)
def release(op: Op[Release], known: Known) -> Decision:
    it = known.need(Survey, op.entity)
    before = known.get(Survey, it.follows) if it.follows else None
    shown = survey_words.shown(it, before, known.municipality, op.actor.function)
    if shown is None:
        raise rules.TooFewAnswered()
    if digest_of(shown) != op.body.digest:
        raise SeenHasMoved()
    released = rules.released(it, shown, name=op.body.name, function=op.actor.function, at=op.received_at)
    return Decision(entities=[released])


@operation("survey.withdraw", Nothing, act=Act.KEEP_SURVEYS, needs=_own)
def withdraw(op: Op[Nothing], known: Known) -> Decision:
    it = known.need(Survey, op.entity)
    return Decision(entities=[rules.withdrawn(it, by=op.actor.function, at=op.received_at)])
