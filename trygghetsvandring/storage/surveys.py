"""Surveys, and the answers to each. An answer's row says which day, and its id no order."""

from uuid import UUID

from sqlalchemy import func, select

from trygghetsvandring.domain.surveys import Survey, SurveyAnswer
from trygghetsvandring.storage.public_tables import survey_answers, surveys
from trygghetsvandring.storage.records import found, register
from trygghetsvandring.storage.unit import Db

register(Survey, "survey", surveys, lambda it: {"is_open": it.is_open})
register(SurveyAnswer, "survey_answer", survey_answers, lambda it: {"survey": it.survey, "answered_on": it.on})


async def all_of(db: Db, municipality: str) -> list[Survey]:
    """The latest first."""
    c = surveys.c
    every = await found(db, Survey, select(c.doc).where(c.municipality == municipality))
    return sorted(every, key=lambda it: (it.opened_on, str(it.id)), reverse=True)


async def counts(db: Db, municipality: str) -> dict[UUID, int]:
    """How many have answered each; who has no answer is not there."""
    c = survey_answers.c
    rows = await db.execute(select(c.survey, func.count()).where(c.municipality == municipality).group_by(c.survey))
    return {survey: int(count) for survey, count in rows}


async def answers(db: Db, municipality: str, survey: UUID) -> list[SurveyAnswer]:
    """By id: in no order that says who was first."""
    c = survey_answers.c
    mine = (c.municipality == municipality, c.survey == survey)
    return await found(db, SurveyAnswer, select(c.doc).where(*mine).order_by(c.id))
