"""`/openapi.json`: OpenAPI 3.1, put together from the routes, the request bodies and the operations that run.

Nothing here is a second contract: bodies come from the structs that decode them, acts and roles from `people.MAY`.
Answers are named by their type in `pwa/src/domain/wire.ts`, which is where their fields are said.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from trygghetsvandring.domain.people import MAY, Act
from trygghetsvandring.sync import wire
from trygghetsvandring.sync.outcomes import OPERATIONS
from trygghetsvandring.web import open311_description, routing
from trygghetsvandring.web.access import COOKIE
from trygghetsvandring.web.said import SAID
from trygghetsvandring.web.said_outside import Said

_REF = "#/components/schemas/{name}"
Schema = dict[str, Any]


def described(routes: Sequence[Route]) -> Iterator[tuple[str, str, Act, Said]]:
    """Every route but the built pages, as (method, path, act, what it is for). HEAD that comes with GET is left out."""
    for route in routes:
        if "path:path" in route.path or route.path in {"/desk", "/falt"}:
            continue
        path = re.sub(r":\w+}", "}", route.path)
        methods = set(route.methods or ())
        for method in sorted(methods - ({"HEAD"} if "GET" in methods else set())):
            act: Act = vars(route.endpoint)["act"]
            yield method, path, act, SAID[method, path]


def description(routes: Sequence[Route]) -> Schema:
    paths: dict[str, Schema] = {}
    for method, path, act, said in described(routes):
        paths.setdefault(path, {})[method.lower()] = _operation(method, path, act, said)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Trygghetsvandring", "version": f"protocol {wire.PROTOCOL}"},
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
                "phone": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _operation(method: str, path: str, act: Act, said: Said) -> Schema:
    outside = open311_description.described(method, path)
    if outside is not None:
        return {**outside, "x-act": act.value, "x-roles": sorted(role.value for role in MAY[act])}
    names = [("path", name) for name in re.findall(r"{(\w+)}", path)]
    names += [("query", name) for name in said.asks] + [("header", name) for name in said.headers]
    it: Schema = {
        "summary": said.what,
        "x-act": act.value,
        "x-roles": sorted(role.value for role in MAY[act]),
        "security": [] if act is Act.PUBLIC else [{"session": []}, {"phone": []}],
        "parameters": [
            {"in": where, "name": name, "required": where != "query", "schema": {"type": "string"}}
            for where, name in names
        ],
        "responses": {str(said.status): _answer(said), "default": _PROBLEM},
    }
    if said.body is not None:
        it["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": _REF.format(name=said.body.__name__)}}},
        }
    return it


def _answer(said: Said) -> Schema:
    if said.status == 204 or said.headers:
        return {"description": "Done"}
    schema: Schema = {"type": "string"} if said.media != "application/json" else {"type": "object"}
    if said.answer == "Pushed":
        schema = {"$ref": _REF.format(name="Pushed")}
    return {
        "description": f"`{said.answer}` of wire.ts" if said.answer else "As said in docs/api.md",
        "content": {said.media: {"schema": schema}},
    }


_PROBLEM: Schema = {
    "description": "Refused: a stable code, plain facts, plain Swedish",
    "content": {"application/problem+json": {"schema": {"$ref": _REF.format(name="Problem")}}},
}
_PROBLEM_SCHEMA: Schema = {
    "type": "object",
    "required": ["code", "title", "detail", "status", "facts"],
    "properties": {
        "code": {"type": "string"},
        "title": {"type": "string"},
        "detail": {"type": "string"},
        "status": {"type": "integer"},
        "facts": {"type": "object"},
    },
}


@cache
def _schemas() -> dict[str, Schema]:
    """Bodies of requests and of operations, and one envelope for each operation a phone or desk may send."""
    sent = {name: it for name, it in OPERATIONS.items() if it.act is not Act.SYSTEM and not it.at_the_door}
    structs = [said.body for said in SAID.values() if said.body is not None]
    bodies = [it.body for it in sent.values()]
    kinds = [wire.Envelope, wire.Pushed, *structs, *bodies]
    refs, schemas = msgspec.json.schema_components(kinds, schema_hook=_anything, ref_template=_REF)
    # Structs of the same name are told apart by their module; a request's body goes by its own name all the same.
    for struct, ref in zip(structs, refs[2 : 2 + len(structs)], strict=True):
        schemas.setdefault(struct.__name__, ref)
    envelope = schemas.pop("Envelope")
    for name, ref in zip(sent, refs[2 + len(structs) :], strict=True):
        properties = {**envelope["properties"], "type": {"const": name}, "body": ref}
        schemas[name] = {**envelope, "title": name, "properties": properties}
    schemas["Operation"] = {
        "oneOf": [{"$ref": _REF.format(name=name)} for name in sent],
        "discriminator": {"propertyName": "type", "mapping": {name: _REF.format(name=name) for name in sent}},
    }
    schemas["Push"]["properties"]["operations"]["items"] = {"$ref": _REF.format(name="Operation")}
    return {**schemas, "Problem": _PROBLEM_SCHEMA}


def _anything(_type: type[Any]) -> Schema:
    """Facts hold any plain value. An empty answer would read as "not supported"."""
    return {"description": "a plain value"}


async def show(request: Request) -> Response:
    routes = [route for route in request.app.routes if isinstance(route, Route)]
    return routing.json(description(routes))


routes = [routing.route("/openapi.json", show, methods=["GET"], act=Act.PUBLIC)]
