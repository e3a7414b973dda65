"""What is due: older than a nämnd's retention decision allows, and that nämnd's own. Asking changes nothing."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from uuid import UUID

import msgspec
from sqlalchemy import select

from trygghetsvandring.domain.erasures import About, Ref, Series, board_of, coordination
from trygghetsvandring.domain.feedback import FeedbackState
from trygghetsvandring.domain.incoming_mail import MailState
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import ObservationState
from trygghetsvandring.domain.people import Device, Principal
from trygghetsvandring.domain.times import STOCKHOLM
from trygghetsvandring.storage import records, surveys
from trygghetsvandring.storage.mail_tables import incoming_mail
from trygghetsvandring.storage.public_tables import feedback, survey_answers
from trygghetsvandring.storage.tables import observations, operations, presence, quarantine
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.storage.uploads import partials

_SETTLED = (ObservationState.NO_ACTION, ObservationState.MERGED, ObservationState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Due:
    """Oldest first."""

    ref: Ref
    since: datetime


async def due(
    db: Db, place: Municipality, board: str, series: Series, until: date, limit: int, *, partial: Path | None = None
) -> list[Due]:
    """Younger than the night after `until` is never due. `partial` is the folder of its partial files."""
    before = datetime.combine(until, time(0), STOCKHOLM).astimezone(UTC)
    if series is Series.PARTIAL:
        return _partial(place, board, before, limit, partial)
    return await _ASKED[series](db, place, board, before, limit)


async def _findings(db: Db, place: Municipality, board: str, before: datetime, limit: int) -> list[Due]:
    """Those that ended without work. One that a task grew from goes with its task's own decision."""
    if board != coordination(place):
        return []
    o = observations.c
    question = select(o.id, o.received_at).where(
        o.municipality == place.id, o.state.in_(_SETTLED), o.received_at < before
    )
    rows = await db.execute(question.order_by(o.received_at, o.id).limit(limit))
    return [Due(Ref(About.OBSERVATION.value, row.id), row.received_at) for row in rows]


async def _presence(db: Db, place: Municipality, board: str, before: datetime, limit: int) -> list[Due]:
    ours = [it.id for it in place.departments if board_of(it) == board]
    p = presence.c
    question = select(p.id, p.evening).where(
        p.municipality == place.id, p.organisation.in_(ours), p.evening < before.astimezone(STOCKHOLM).date()
    )
    rows = await db.execute(question.order_by(p.evening, p.id).limit(limit))
    return [Due(Ref(About.PRESENCE.value, row.id), datetime.combine(row.evening, time(0), STOCKHOLM)) for row in rows]


async def _feedback(db: Db, place: Municipality, board: str, before: datetime, limit: int) -> list[Due]:
    """What is closed. What nobody has read yet is never due."""
    if board != coordination(place):
        return []
    f = feedback.c
    question = select(f.id, f.received_at).where(
        f.municipality == place.id, f.state == FeedbackState.CLOSED.value, f.received_at < before
    )
    rows = await db.execute(question.order_by(f.received_at, f.id).limit(limit))
    return [Due(Ref(About.FEEDBACK.value, row.id), row.received_at) for row in rows]


async def _incoming_mail(db: Db, place: Municipality, board: str, before: datetime, limit: int) -> list[Due]:
    """What is settled and about no task. What is about one goes with it."""
    if board != coordination(place):
        return []
    m = incoming_mail.c
    question = select(m.id, m.received_at).where(
        m.municipality == place.id, m.about.is_(None), m.state != MailState.UNREAD.value, m.received_at < before
    )
    rows = await db.execute(question.order_by(m.received_at, m.id).limit(limit))
    return [Due(Ref(About.INCOMING_MAIL.value, row.id), row.received_at) for row in rows]


async def _survey_answers(db: Db, place: Municipality, board: str, before: datetime, limit: int) -> list[Due]:
    """Of surveys that are closed, where none waits to be counted. Fewer than five never will be."""
    if board != coordination(place):
        return []
    a, counts = survey_answers.c, await surveys.counts(db, place.id)
    done = [it.id for it in await surveys.all_of(db, place.id) if not it.is_open and not it.waits(counts.get(it.id, 0))]
    question = select(a.id, a.answered_on).where(
        a.municipality == place.id, a.survey.in_(done), a.answered_on < before.astimezone(STOCKHOLM).date()
    )
    rows = await db.execute(question.order_by(a.answered_on, a.id).limit(limit))
    return [
        Due(Ref(About.SURVEY_ANSWER.value, row.id), datetime.combine(row.answered_on, time(0), STOCKHOLM))
        for row in rows
    ]


async def _quarantine(db: Db, place: Municipality, board: str, before: datetime, limit: int) -> list[Due]:
    q = quarantine.c
    question = select(q.id, q.device, q.received_at).where(q.municipality == place.id, q.received_at < before)
    rows = (await db.execute(question.order_by(q.received_at, q.id).limit(limit * 4))).all()
    whose = await _boards(db, place, {row.device for row in rows if row.device is not None})
    other = coordination(place)
    return [
        Due(Ref(Series.QUARANTINE.value, row.id), row.received_at)
        for row in rows
        if whose.get(row.device, other) == board
    ][:limit]


async def _rejected(db: Db, place: Municipality, board: str, before: datetime, limit: int) -> list[Due]:
    o = operations.c
    question = select(o.id, o.actor, o.received_at).where(
        o.municipality == place.id, o.outcome == "rejected", o.received_at < before, o.wire.not_like('%"erased":%')
    )
    rows = await db.execute(question.order_by(o.received_at, o.id).limit(limit * 4))
    found: list[Due] = []
    for id, actor, received_at in rows:
        organisation = msgspec.json.decode(actor, type=Principal).organisation
        if board_of(place.organisation(organisation)) == board and len(found) < limit:
            found.append(Due(Ref(Series.REJECTED.value, id), received_at))
    return found


async def _boards(db: Db, place: Municipality, devices: Iterable[UUID]) -> dict[UUID, str]:
    here = await records.load(db, place.id, Device, devices)
    return {id: board_of(place.organisation(device.organisation)) for id, device in here.items() if device.organisation}


def _partial(place: Municipality, board: str, before: datetime, limit: int, folder: Path | None) -> list[Due]:
    """Each photo once, by its oldest part. In an empty one nothing has come: it needs no decision."""
    if folder is None or board != coordination(place):
        return []
    oldest: dict[UUID, datetime] = {}
    for it in partials(folder):
        if it.length and it.touched < before:
            oldest[it.photo] = min(it.touched, oldest.get(it.photo, it.touched))
    aged = sorted((at, photo) for photo, at in oldest.items())
    return [Due(Ref(Series.PARTIAL.value, photo), at) for at, photo in aged][:limit]


_ASKED: Mapping[Series, Callable[[Db, Municipality, str, datetime, int], Awaitable[list[Due]]]] = {
    Series.FINDINGS: _findings,
    Series.PRESENCE: _presence,
    Series.FEEDBACK: _feedback,
    Series.SURVEY_ANSWER: _survey_answers,
    Series.INCOMING_MAIL: _incoming_mail,
    Series.QUARANTINE: _quarantine,
    Series.REJECTED: _rejected,
}
