"""Dialogue: short surveys by place and hour, asked here or imported as sums, counted and shown by a named person.

    Refused
    ├── SurveyNotPossible   of places, hours or choices that cannot be: the `reason`
    ├── SurveyClosed        it has been closed, and the answer is of a later day
    ├── TooFewAnswered      fewer than five have answered since it was counted last
    └── SurveyNotShown      there is nothing to take away

Nobody is asked who they are. A single answer is a public document that may be asked for, which the page says before its
form; what is read at the desk and outside are classes of five (`survey_counts`). What employees say is a source of its
own and is never counted or compared with what residents say. Young people are asked neither for age nor for words.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from trygghetsvandring.domain import survey_counts
from trygghetsvandring.domain.errors import Malformed, Refused, SeenHasMoved, TextTooLong
from trygghetsvandring.domain.lagesbild import ShownTable
from trygghetsvandring.domain.municipalities import Age
from trygghetsvandring.domain.period_counts import Days, Hours
from trygghetsvandring.domain.stops import Feeling
from trygghetsvandring.domain.survey_counts import FEWEST, Cell, N, Question, Said, floor, gives_the_sum_away
from trygghetsvandring.domain.tasks import DateNotPossible, FieldMissing, public_safe

LONGEST_TITLE: Final = 80
LONGEST_HELP: Final = 60
LONGEST_TEXT: Final = 500
MOST_OF_A_LIST: Final = 9
BANDS: Final = tuple(f"{days} {hours}" for days in Days for hours in Hours)
"""Kind of day and part of the evening, as the lägesbild has them: "fre–lör 22–00"."""
NOTICE: Final = (
    "Vi frågar inte vem du är. Ditt svar blir en allmän handling. Den som begär det kan få läsa enskilda svar."
)
FELT, HELP, AGE = "felt", "help", "age"


class Source(StrEnum):
    """Whose words they are. One source is never added to another, nor compared with it."""

    CITIZENS = "citizens"
    YOUTH = "youth"
    STAFF = "staff"


class SurveyNotPossible(Refused):
    code = "survey_not_possible"


class SurveyClosed(Refused):
    code = "survey_closed"


class TooFewAnswered(Refused):
    code = "too_few_answered"


class SurveyNotShown(Refused):
    code = "survey_not_shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyPlace:
    """One of the municipality's own, by the name it had then."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What was counted last, and what everybody at the desk and outside reads alike. `answers` is read by nobody.

    `missing`: those who surely are less than half of what they are among all who live here.
    """

    cells: tuple[Cell, ...]
    answers: int
    on: date
    by: str  # function
    missing: tuple[Age, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Words only, as a named person released them. `told_by` "": asked here."""

    municipality: str
    title: str
    source: Source
    told_by: str
    first: date
    last: date
    lines: tuple[str, ...]
    tables: tuple[ShownTable, ...]
    keeper: str  # the function that answers for the page


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """`told_by`: what imported sums are taken from; "" = asked here. `follows`: the survey it is compared with."""

    id: UUID
    version: int
    title: str
    source: Source
    places: tuple[SurveyPlace, ...]
    bands: tuple[str, ...]
    helps: tuple[str, ...]
    opened_on: date
    free_text: bool = False
    closed_on: date | None = None
    told_by: str = ""
    follows: UUID | None = None
    tally: Tally | None = None
    shown: Shown | None = None
    published_at: datetime | None = None
    changed_at: datetime | None = None
    released_by: str = ""

    @property
    def is_imported(self) -> bool:
        return self.told_by != ""

    @property
    def is_open(self) -> bool:
        return self.closed_on is None

    def waits(self, answers: int) -> bool:
        """Whether so many answers may be counted now."""
        counted = self.tally.answers if self.tally else 0
        return not self.is_imported and survey_counts.may_count(answers, counted)

    @property
    def asks_age(self) -> bool:
        """Young people are asked by their school or association: what they are is known, and who is not asked."""
        return self.source is Source.CITIZENS

    @property
    def questions(self) -> tuple[Question, ...]:
        felt = Question(id=FELT, options=tuple(Feeling))
        if self.is_imported:
            return (felt,)
        age = (Question(id=AGE, options=tuple(Age), everywhere=True),) if self.asks_age else ()
        return (felt, Question(id=HELP, options=self.helps), *age)


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyAnswer:
    """One person's. `number` is drawn from its id, so that it tells no order; only the day is told of when.

    The moment lies in the database beside its version and its operation, for no page, file or export.
    """

    id: UUID
    version: int
    number: str
    survey: UUID
    place: str
    band: str
    felt: Feeling
    help: str
    age: str
    text: str
    on: date

    @property
    def said(self) -> Said:
        chosen = {FELT: self.felt.value, HELP: self.help, AGE: self.age}
        return Said(place=self.place, band=self.band, chosen=chosen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """How many felt what at one place and hour, as an imported dialogue tells it."""

    place: str
    band: str
    safe: int
    neither: int
    unsafe: int


# ---------------------------------------------------------------- made


def made(it: Survey) -> Survey:
    """Once made it is asked as it stands: another question is another survey."""
    _must_be_said(it.title, "title", LONGEST_TITLE)
    _must_be_a_list([place.id for place in it.places], "places")
    _must_be_a_list(it.bands, "hours")
    if not set(it.bands) <= set(BANDS):
        raise SurveyNotPossible(reason="hours")
    _must_be_a_list(it.helps, "help", least=2)
    if gives_the_sum_away(len(it.helps)):
        raise SurveyNotPossible(reason="five")
    for text in it.helps:
        _must_be_said(text, "help", LONGEST_HELP)
    if it.free_text and it.source is Source.YOUTH:
        raise SurveyNotPossible(reason="free_text")
    return it


def _must_be_a_list(items: Collection[str], reason: str, *, least: int = 1) -> None:
    if not least <= len(items) <= MOST_OF_A_LIST or len(set(items)) != len(items):
        raise SurveyNotPossible(reason=reason)


def _must_be_said(text: str, field: str, longest: int) -> None:
    if not text.strip():
        raise FieldMissing(operation="survey.make", fields=[field])
    if len(text) > longest:
        raise TextTooLong(field=field, longest=longest)
    public_safe(text)


def must_follow(it: Survey, before: Survey | None) -> None:
    """`before`: what it is compared with. The same source, or it is another's feeling."""
    if before is not None and (before.id == it.id or before.source is not it.source):
        raise SurveyNotPossible(reason="follows")


def closed(it: Survey, today: date) -> Survey:
    """What was answered before it, and comes from a tablet afterwards, is still taken in."""
    return it if it.closed_on is not None else replace(it, closed_on=today)


def imported(it: Survey, sums: Iterable[Sums] | None, *, today: date, by: str) -> Survey:
    """`sums` None: those that have been entered stand. None of them: "Uppgift saknas", until somebody enters some."""
    _must_be_said(it.title, "title", LONGEST_TITLE)
    _must_be_said(it.told_by, "told_by", LONGEST_TITLE)
    if it.closed_on is None or it.closed_on < it.opened_on or it.closed_on > today:
        raise DateNotPossible(field="last", day=str(it.closed_on))
    if sums is None:
        return it
    every = list(sums)
    at = [(row.place, row.band) for row in every]
    if len(set(at)) != len(at) or not {band for _, band in at} <= set(BANDS):
        raise SurveyNotPossible(reason="hours")
    if any(n < 0 for row in every for n in (row.safe, row.neither, row.unsafe)):
        raise SurveyNotPossible(reason="numbers")
    cells = tuple(cell for row in every for cell in _cells(row))
    return replace(it, tally=Tally(cells=cells, answers=0, on=today, by=by) if cells else None)


def _cells(row: Sums) -> list[Cell]:
    felt = {Feeling.SAFE: row.safe, Feeling.NEITHER: row.neither, Feeling.UNSAFE: row.unsafe}
    counts = {N: sum(felt.values())} | {feeling.value: n for feeling, n in felt.items()}
    return [
        Cell(place=row.place, band=row.band, question=FELT, option=option, n=floor(n)) for option, n in counts.items()
    ]


# ---------------------------------------------------------------- answered


def answered(it: SurveyAnswer, survey: Survey, today: date) -> SurveyAnswer:
    if survey.is_imported:
        raise Malformed(field="survey")
    if it.on > today:
        raise DateNotPossible(field="on", day=it.on.isoformat())
    if survey.closed_on is not None and it.on > survey.closed_on:
        raise SurveyClosed()
    if it.place not in {place.id for place in survey.places} or it.band not in survey.bands:
        raise Malformed(field="place")
    if it.help not in {"", *survey.helps}:
        raise Malformed(field="help")
    if it.age and not (survey.asks_age and it.age in set(Age)):
        raise Malformed(field="age")
    if it.text and not survey.free_text:
        raise Malformed(field="text")
    return replace(it, text=sound(it.text))


def sound(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise TextTooLong(field="text", longest=LONGEST_TEXT)
    return public_safe(text)


def number_of(answer: UUID) -> str:
    """Drawn, never counted: it says nothing of who answered before and after."""
    return f"E-{answer.hex[-8:].upper()}"


# ---------------------------------------------------------------- counted and shown


def texts_of(it: Survey, said: Iterable[SurveyAnswer]) -> list[str]:
    """What was written, for the desk: together and afterwards, in no order, so that nobody's words are the newest."""
    texts = sorted(each.text for each in said if each.text)
    return texts if not it.is_open and it.tally is not None and len(texts) >= FEWEST else []


def counted(
    it: Survey, cells: tuple[Cell, ...], answers: int, *, missing: tuple[Age, ...], seen: int, by: str, on: date
) -> Survey:
    """`cells`: of what is counted by place; of the whole survey only who is `missing` is told."""
    if any(cell.question == AGE for cell in cells):
        raise Malformed(field="cells")
    if seen != it.version:
        raise SeenHasMoved(seen=seen, now=it.version)
    if not it.waits(answers):
        raise TooFewAnswered()
    return replace(it, tally=Tally(cells=cells, answers=answers, on=on, by=by, missing=missing))


def released(it: Survey, shown: Shown, *, name: str, function: str, at: datetime) -> Survey:
    """`shown` is exactly what the person has read."""
    if not name.strip() or len(name) > LONGEST_TITLE:
        raise FieldMissing(operation="survey.release", fields=["name"])
    return replace(
        it,
        shown=shown,
        published_at=it.published_at or at,
        changed_at=at,
        released_by=f"{public_safe(name)}, {function}",
    )


def withdrawn(it: Survey, *, by: str, at: datetime) -> Survey:
    if it.shown is None:
        raise SurveyNotShown()
    return replace(it, shown=None, changed_at=at, released_by=by)
