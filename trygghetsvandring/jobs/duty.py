"""A danger goes to the duty address by mail as soon as it is received, and to the browsers of those on duty."""

from typing import Final
from uuid import UUID

import msgspec

from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import CallChoice, Observation, ObservationState
from trygghetsvandring.domain.pushes import Concern
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.integrations.letters import Danger, duty_subject, duty_text
from trygghetsvandring.integrations.mail import Letter
from trygghetsvandring.jobs import push_lines
from trygghetsvandring.jobs.work import Context, Lane, handles
from trygghetsvandring.storage import municipalities, people, records
from trygghetsvandring.storage.queue import Waiting

KIND: Final = "mail.duty"


class Duty(msgspec.Struct, kw_only=True):
    observation: UUID


@handles(KIND, Lane.LETTERS)
async def send(context: Context, job: Waiting) -> None:
    id = msgspec.json.decode(job.body, type=Duty).observation
    async with context.store.read() as db:
        municipality = await municipalities.municipality(db, job.municipality)
        observation = await records.one(db, job.municipality, Observation, id)
        walk = await records.one(db, job.municipality, Walk, observation.walk) if observation else None
    if municipality is None or observation is None or observation.state is ObservationState.WITHDRAWN:
        return
    async with context.store.write() as db:
        news = push_lines.News(concern=Concern.DANGER, about=id, urgent=True)
        await push_lines.tell(db, context, job, news, await people.listed(db, job.municipality))
    await push_lines.at_once(context, job.municipality)
    danger = _danger(context, municipality, observation, walk)
    await context.post.send(
        Letter(id=str(job.id), to=municipality.duty.mail, subject=duty_subject(danger), text=duty_text(danger))
    )


def _danger(context: Context, municipality: Municipality, observation: Observation, walk: Walk | None) -> Danger:
    category, position, called = municipality.category(observation.category), observation.position, observation.called
    stop = next((stop for stop in walk.stops if stop.id == observation.stop), None) if walk else None
    where = [observation.place_words, stop.name if stop else "", walk.place if walk else ""]
    return Danger(
        number=observation.number,
        municipality=municipality.name,
        category=category.name if category else observation.category,
        severity=observation.severity,
        text=observation.text,
        place=", ".join(dict.fromkeys(words for words in where if words)),
        lat=position.lat if position else (stop.lat if stop else None),
        lon=position.lon if position else (stop.lon if stop else None),
        accuracy_m=position.accuracy_m if position else None,
        seen_at=observation.seen_at,
        received_at=observation.received_at,
        called=called.choice is CallChoice.CALLED if called else None,
        called_at=called.at if called else None,
        photos=len(observation.photos),
        link=f"{context.public_url}/desk/inkommet?fynd={observation.id}",
    )
