"""One handing over to another system, with all it needs: what there is to send, and where."""

from dataclasses import dataclass
from uuid import UUID

import msgspec

from trygghetsvandring.domain.connections import (
    Delivery,
    DeliveryState,
    Partner,
    delivery_id,
    partner_id,
    turn_of,
)
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.open311 import BASE, written
from trygghetsvandring.domain.tasks import Task, TaskState
from trygghetsvandring.integrations.open311 import Endpoint, Required
from trygghetsvandring.jobs.work import Context
from trygghetsvandring.storage import municipalities, records, sealed
from trygghetsvandring.storage.queue import Waiting
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync import open311 as read

_D = DeliveryState


class About(msgspec.Struct, kw_only=True, frozen=True):
    task: UUID
    organisation: str
    turn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One handing over, with all it needs. `delivery` None: nothing has been written down yet."""

    here: Municipality
    about: About
    task: Task
    partner: Partner
    delivery: Delivery | None
    found: Observation | None
    media_url: str

    @property
    def category(self) -> str:
        return self.found.category if self.found else ""

    @property
    def is_over(self) -> bool:
        """Given to somebody else meanwhile, closed, or given to the same party anew."""
        return self._is_elsewhere or self.task.is_closed

    @property
    def is_heard_of(self) -> bool:
        """Done, it may still be called undone by those who did it; seen to be mended, or refused, it is over."""
        return self.task.state is TaskState.DONE and not self._is_elsewhere and not self.task.is_gone

    @property
    def _is_elsewhere(self) -> bool:
        return self.task.department != self.about.organisation or turn_of(self.task) != self.about.turn

    @property
    def signs_in(self) -> bool:
        owner = self.here.organisation(self.about.organisation)
        return owner is not None and owner.signs_in

    @property
    def party(self) -> str:
        owner = self.here.organisation(self.about.organisation)
        return owner.name if owner else self.about.organisation


async def case_of(context: Context, job: Waiting) -> Case | None:
    about = msgspec.json.decode(job.body, type=About)
    place = job.municipality
    async with context.store.read() as db:
        here = await municipalities.municipality(db, place)
        task = await records.one(db, place, Task, about.task)
        partner = await records.one(db, place, Partner, partner_id(place, about.organisation))
        delivery = await records.one(db, place, Delivery, delivery_id(place, about.task, about.turn))
        found = await records.one(db, place, Observation, task.findings[0]) if task and task.findings else None
        is_there = delivery is not None and delivery.state is _D.ACKNOWLEDGED
        photo = await _released_photo(context, db, here, task) if here and task and not is_there else ""
    if here is None or task is None or partner is None:
        return None
    return Case(here=here, about=about, task=task, partner=partner, delivery=delivery, found=found, media_url=photo)


async def _released_photo(context: Context, db: Db, here: Municipality, task: Task) -> str:
    """Where everybody may see one that a person has released. What nobody has released leaves by no other way."""
    base = f"{context.public_url}{BASE}"
    for id in task.findings:
        shown = await read.one(db, here, id)
        if shown is not None and shown.photo is not None:
            return str(read.request_state(shown, base, extensions=False)["media_url"])
    return ""


def endpoint(context: Context, case: Case) -> Endpoint:
    partner, place = case.partner, case.here.id
    key = sealed.unsealed(context.hands.key, place, partner.sealed_key) if partner.sealed_key else ""
    return Endpoint(
        url=partner.endpoint,
        format=partner.format.value,
        jurisdiction=partner.jurisdiction,
        key=key,
        own_networks=case.here.own_networks,
        seconds=SECONDS,
    )


SECONDS = 20.0


def answer_to(it: Required, case: Case) -> str:
    """What the coordinator has entered; of a time, when it was seen."""
    said = case.partner.attributes.get(it.code, "")
    if not said and it.datatype == "datetime" and case.found is not None:
        return written(case.found.seen_at)
    return said


def reference(case: Case) -> str:
    return f"{case.task.number}, {case.here.name}"


def fields_of(case: Case, service: str) -> dict[str, str]:
    """What the party needs in order to do the work. No walker's own words, and nothing about anybody."""
    task = case.task
    fields = {
        "service_code": service,
        "description": f"{task.title}\n{task.place}\nVårt nummer: {reference(case)}",
        "address_string": task.place or case.here.name,
    }
    if task.lat is not None and task.lon is not None:
        fields |= {"lat": f"{task.lat:.6f}", "long": f"{task.lon:.6f}"}
    if case.media_url:
        fields["media_url"] = case.media_url
    return fields
