"""Connections, as the coordinator sees them: keys, systems that tasks are handed to, webhooks, and what went wrong."""

from dataclasses import fields

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain import connections as rules
from trygghetsvandring.domain.connections import Delivery, Partner, partner_id
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.publications import Publication
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.integrations import webhooks
from trygghetsvandring.storage import connections, municipalities, records, sealed
from trygghetsvandring.web import routing
from trygghetsvandring.web.errors import BadParameter, NotFound
from trygghetsvandring.web.tasks import may_know_of

_MOST = 50
_LONGEST_KEY = 500


class Seal(msgspec.Struct, kw_only=True):
    """`text` is a key that another system has given us. It comes back sealed, and goes nowhere else."""

    text: str


async def show(request: Request) -> Response:
    place, house = routing.principal(request).municipality, routing.house(request)
    async with house.store.read() as db:
        here = await municipalities.municipality(db, place)
        keys = await connections.keys(db, place)
        partners = await connections.all_partners(db, place)
        told = await connections.all_webhooks(db, place)
        deliveries = await connections.latest_deliveries(db, place, _MOST)
        calls = await connections.calls(db, place, _MOST)
        tasks = await records.load(db, place, Task, {it.about for it in deliveries})
        handed = await connections.handed_over(db, place, [it.organisation for it in partners])
    heard = rules.heard_at([it for _, each in handed for it in each])
    assert here is not None
    parties = [it for it in here.departments if it.owns_tasks]
    return routing.json(
        {
            "keys": [_without(it, "secret_hash") for it in keys],
            "partners": [{**_partner(it, here), "heard_at": heard.get(it.organisation)} for it in partners],
            "parties": [{"id": it.id, "name": it.name, "partner": partner_id(place, it.id)} for it in parties],
            "units": [{"id": it.id, "name": it.name} for it in here.departments if it.owns_tasks],
            "webhooks": [{**_without(it), "secret": webhooks.secret(house.settings.key, place, it.id)} for it in told],
            "deliveries": [
                {**delivery_row(it, here), "number": tasks[it.about].number} for it in deliveries if it.about in tasks
            ],
            "calls": calls,
            "endpoint": f"{house.settings.public_url}/open311/v2",
        }
    )


def _without(it: object, *names: str) -> dict[str, object]:
    return {field.name: getattr(it, field.name) for field in fields(it) if field.name not in names}  # type: ignore[arg-type]


def _partner(it: Partner, here: Municipality) -> dict[str, object]:
    owner = here.organisation(it.organisation)
    return {
        **_without(it, "sealed_key"),
        "name": owner.name if owner else it.organisation,
        "has_key": bool(it.sealed_key),
    }


def delivery_row(it: Delivery, here: Municipality) -> dict[str, object]:
    owner = here.organisation(it.organisation)
    return {**_without(it, "heard"), "party": owner.name if owner else it.organisation}


async def seal(request: Request) -> Response:
    asked, house = await routing.read(request, Seal), routing.house(request)
    if not 0 < len(asked.text.strip()) <= _LONGEST_KEY:
        raise BadParameter(name="text")
    place = routing.principal(request).municipality
    return routing.json({"sealed": sealed.seal(house.settings.key, place, asked.text.strip())})


async def of_task(request: Request) -> Response:
    """Each time the task was handed to another system, the latest first. `expects`: its party has one."""
    asker = routing.principal(request)
    async with routing.house(request).store.read() as db:
        here = await municipalities.municipality(db, asker.municipality)
        task = await records.one(db, asker.municipality, Task, routing.path_id(request))
        if here is None or task is None or not may_know_of(task, asker):
            raise NotFound()
        found = await connections.of_task(db, asker.municipality, task.id)
        id = partner_id(asker.municipality, task.department or "")
        partner = await records.one(db, asker.municipality, Partner, id)
    expects = partner is not None and partner.is_open
    return routing.json({"deliveries": [delivery_row(it, here) for it in found], "expects": expects})


async def publication(request: Request) -> Response:
    """What everybody reads of a finding, or would have read: null when nobody has decided anything."""
    asker = routing.principal(request)
    async with routing.house(request).store.read() as db:
        found = await records.one(db, asker.municipality, Publication, routing.path_id(request))
    return routing.json({"publication": found})


routes = [
    routing.route("/api/connections", show, methods=["GET"], act=Act.CONNECT),
    routing.route("/api/connections/seal", seal, methods=["POST"], act=Act.CONNECT),
    routing.route("/api/tasks/{id:uuid}/deliveries", of_task, methods=["GET"], act=Act.READ_TASKS),
    routing.route("/api/observations/{id:uuid}/publication", publication, methods=["GET"], act=Act.READ_FINDINGS),
]
