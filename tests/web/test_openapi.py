"""`/openapi.json` says what runs: every route, every operation, and nothing that does not resolve."""

import re
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from starlette.routing import Route

from trygghetsvandring import asgi
from trygghetsvandring.config import Settings
from trygghetsvandring.domain.people import Act
from trygghetsvandring.sync.outcomes import OPERATIONS
from trygghetsvandring.web import openapi, routing, said


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    return openapi.description(asgi.routes())


def references(value: object) -> set[str]:
    return set(re.findall(r'"#/components/schemas/([^"]+)"', msgspec.json.encode(value).decode()))


def test_every_reference_leads_somewhere(description: dict[str, Any]) -> None:
    assert references(description) - description["components"]["schemas"].keys() == set()
    assert {"Push", "Pushed", "SignIn", "Problem"} <= references(description)


def test_every_operation_that_can_be_sent_is_one_of_the_pushed(description: dict[str, Any]) -> None:
    """Not those the server makes of a route of its own: nobody pushes them."""
    sent = {name for name, it in OPERATIONS.items() if it.act is not Act.SYSTEM and not it.at_the_door}

    assert references(description["components"]["schemas"]["Operation"]) == sent
    assert {"observation.record", "device.status"} <= sent
    assert sent.isdisjoint({"device.enrol", "device.renew", "rescue.import", "walk.join"})
    for name in sent:
        envelope = description["components"]["schemas"][name]
        assert envelope["properties"]["type"] == {"const": name}
        assert {"id", "type", "entity", "at", "body"} <= set(envelope["required"])


def test_a_body_lists_the_fields_that_decode_it(description: dict[str, Any]) -> None:
    schemas = description["components"]["schemas"]
    plan = schemas[references(schemas["task.plan"]["properties"]["body"]).pop()]

    assert plan["properties"] == {"planned_on": {"type": "string", "format": "date"}}
    assert plan["required"] == ["planned_on"]


def test_every_route_is_described_with_its_act_and_its_roles(description: dict[str, Any]) -> None:
    told = {(method.upper(), path) for path, methods in description["paths"].items() for method in methods}

    assert told == set(said.SAID)
    presence = description["paths"]["/api/presence/passes"]["get"]
    assert (presence["x-act"], presence["x-roles"]) == ("read_presence", ["field_secretary"])
    assert description["paths"]["/api/session"]["post"]["security"] == []


def test_a_route_that_is_not_described_stops_the_description() -> None:
    stranger: Route = routing.route("/api/secret", openapi.show, methods=["GET"], act=Act.DESK)

    with pytest.raises(KeyError):
        openapi.description([*asgi.routes(), stranger])


async def test_it_is_served_to_anybody_as_it_is(tmp_path: Path, description: dict[str, Any]) -> None:
    settings = Settings(
        data_dir=tmp_path,
        database_url=f"sqlite+aiosqlite:///{tmp_path / 'trygg.sqlite'}",
        public_url="https://trygg.example",
        smtp_url=None,
        mail_from="trygg@example.se",
        key=bytes(32),
    )
    transport = httpx.ASGITransport(asgi.create(settings, work=False))
    async with httpx.AsyncClient(transport=transport, base_url="https://trygg.example") as client:
        answer = await client.get("/openapi.json")

    assert answer.status_code == 200
    assert answer.json() == msgspec.json.decode(msgspec.json.encode(description))
    assert answer.json()["openapi"].startswith("3.1")
