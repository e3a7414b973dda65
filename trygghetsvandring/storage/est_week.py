"""EST weeks, and the bounded questions their picture is made of: one municipality, one week."""

from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select

from trygghetsvandring.domain.est_week import EstWeek
from trygghetsvandring.domain.observations import NO_WALK, Observation
from trygghetsvandring.domain.stops import FeelingAnswer
from trygghetsvandring.domain.times import STOCKHOLM
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.domain.weeks import Week
from trygghetsvandring.storage.records import found, register
from trygghetsvandring.storage.tables import est_weeks, feelings, observations, walks
from trygghetsvandring.storage.unit import Db

register(EstWeek, "est_week", est_weeks, lambda it: {"week": it.week})
MOST_WALKS = 200
MOST_FINDINGS = 5_000
LATEST = timedelta(days=21)
"""So long after a week a resident's report of it may come in and still be found."""


async def of_week(db: Db, municipality: str, week: Week) -> EstWeek | None:
    c = est_weeks.c
    kept = await found(db, EstWeek, select(c.doc).where(c.municipality == municipality, c.week == str(week)).limit(1))
    return kept[0] if kept else None


async def up_to(db: Db, municipality: str, week: Week) -> list[EstWeek]:
    """Every week that somebody has done anything with, this one last. "2026-W47" is in the order of its letters."""
    c = est_weeks.c
    question = select(c.doc).where(c.municipality == municipality, c.week <= str(week))
    return await found(db, EstWeek, question.order_by(c.week))


async def between(db: Db, municipality: str, first: Week, last: Week) -> list[EstWeek]:
    """Likewise, both included."""
    c = est_weeks.c
    return await found(
        db, EstWeek, select(c.doc).where(c.municipality == municipality, c.week.between(str(first), str(last)))
    )


def hours_of(week: Week) -> tuple[datetime, datetime]:
    """From its first moment until the next week's first evening ends: the Monday after may hold a walk of Sunday's."""
    return (
        datetime.combine(week.monday, time.min, STOCKHOLM),
        datetime.combine(week.after(1).monday, time(hour=6), STOCKHOLM),
    )


async def walks_in(db: Db, municipality: str, weeks: Sequence[Week]) -> list[Walk]:
    """Of weeks that follow each other, by when they begin.

    At most `MOST_WALKS` a week and one more, so that the caller can say that there were more.
    """
    c = walks.c
    begun, ended = hours_of(weeks[0])[0], hours_of(weeks[-1])[1]
    question = select(c.doc).where(c.municipality == municipality, c.starts_at >= begun, c.starts_at < ended)
    return await found(db, Walk, question.order_by(c.starts_at, c.id).limit(MOST_WALKS * len(weeks) + 1))


async def findings_in(db: Db, municipality: str, weeks: Sequence[Week], on: Collection[UUID]) -> list[Observation]:
    """Everything handed in on these walks, and what came from elsewhere between the first Monday and three weeks on.

    At most `MOST_FINDINGS` a week and one more, so that the caller can say that there were more.
    """
    c, most = observations.c, MOST_FINDINGS * len(weeks) + 1
    begun, latest = hours_of(weeks[0])[0], hours_of(weeks[-1])[1] + LATEST
    elsewhere = (c.walk == NO_WALK) & (c.received_at >= begun) & (c.received_at < latest)
    seen = list[Observation]()
    # Two questions: with both in one the database reads every finding there is.
    for theirs in (elsewhere, *([c.walk.in_(list(on))] if on else ())):
        question = select(c.doc).where(c.municipality == municipality, theirs)
        seen += await found(db, Observation, question.order_by(c.received_at, c.id).limit(most))
    return sorted(seen, key=lambda it: (it.received_at, it.id))[:most]


async def feelings_in(db: Db, municipality: str, on: Collection[UUID]) -> list[FeelingAnswer]:
    if not on:
        return []
    c = feelings.c
    question = select(c.doc).where(c.municipality == municipality, c.walk.in_(list(on)))
    return await found(db, FeelingAnswer, question.order_by(c.id))
