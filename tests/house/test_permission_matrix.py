"""Every route, asked by everybody, about one's own municipality and about the other: one table says the answer.

A route that is not in the table fails. Both municipalities have planted words; none of the other's may come back.
"""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest

from tests.house.asks import A_BROWSER, Ask, Row, of, public
from tests.house.public_rows import PUBLIC_ROUTES
from tests.house.rota_rows import ROTA_ROUTES
from tests.house.towns import (
    BYTES,
    DEPARTMENT,
    DESKS,
    EVERYONE,
    LINKED,
    MARK,
    NEVER_LEAVES,
    SIGNED_IN,
    TASKS,
    TRADE,
    WALKERS,
    WOKEN,
    Town,
    noted,
    two_towns,
)
from tests.makers import FRIDAY
from trygghetsvandring import asgi
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.web import cards, sessions


def pushed(_town: Town, device: UUID) -> bytes:
    return msgspec.json.encode(
        {"protocol": 1, "device": device, "sent_at": FRIDAY, "session": uuid7(), "mono_ms": 0, "operations": []}
    )


def offered(town: Town, _device: UUID) -> bytes:
    return str(town.photo).encode()


def renewed(_town: Town, _device: UUID) -> bytes:
    """The old id and its token stay good, so that an answer that was lost can be asked for again."""
    return msgspec.json.encode({"device": uuid7(), "first_seq": 1, "key": ""})


TUS = {"Tus-Resumable": "1.0.0"}
TABLE: dict[str, Row] = {
    "GET /healthz": public("/healthz", 200),
    "POST /api/session": public("/api/session", 400, b"{}"),
    "GET /api/session": Row(Ask("/api/session"), DESKS),
    "DELETE /api/session": public("/api/session", 204),
    "POST /api/session/device": Row(
        Ask("/api/session/device", lambda _t, _d: msgspec.json.encode({"device": uuid7()})), ("field_secretary",)
    ),
    "GET /api/start": public("/api/start", 404),  # only while the demo is loaded
    "POST /api/join/look": public("/api/join/look", 404, b'{"code":"0000-0000"}'),
    "POST /api/join": public("/api/join", 404, b'{"code":"0000-0000","device":"0192f7a0-0000-7000-8000-000000000001"}'),
    "GET /api/municipality": Row(Ask("/api/municipality"), SIGNED_IN),
    "GET /api/dusk": Row(Ask("/api/dusk?date=2026-11-20&lat=58.5&lon=13.16"), ("coordinator",)),
    "GET /api/walks": Row(Ask("/api/walks"), ("coordinator",)),
    "GET /api/walks/{id:uuid}": Row(Ask(of("walk", "/api/walks/")), ("coordinator",), abroad=404),
    "GET /api/walks/{id:uuid}/invite": Row(Ask(of("walk", "/api/walks/", "/invite")), ("coordinator",), abroad=404),
    "GET /api/walks/{id:uuid}/sheet": Row(Ask(of("walk", "/api/walks/", "/sheet")), ("coordinator",), abroad=404),
    "POST /api/session/renew": Row(Ask("/api/session/renew", renewed), WALKERS),
    "GET /api/phones": Row(Ask("/api/phones"), ("coordinator",)),
    "GET /api/held": Row(Ask("/api/held"), ("coordinator",)),
    "GET /api/rescue-key": Row(Ask("/api/rescue-key"), SIGNED_IN),
    "GET /api/rescues": Row(Ask("/api/rescues"), ("coordinator",)),
    "POST /api/rescues": Row(Ask("/api/rescues", lambda _t, _d: b"not a file of ours"), ("coordinator",), 422),
    "GET /api/rescues/{id:uuid}": Row(Ask(of("photo", "/api/rescues/")), ("coordinator",), 404),
    "POST /api/rescues/{id:uuid}/drafts": Row(
        Ask(of("photo", "/api/rescues/", "/drafts"), lambda _t, _d: b'{"drafts":[]}'), ("coordinator",), 404
    ),
    "GET /api/observations/hours": Row(Ask("/api/observations/hours"), ("coordinator",)),
    "GET /api/observations": Row(Ask("/api/observations"), ("coordinator",)),
    "GET /api/observations/{id:uuid}": Row(Ask(of("finding", "/api/observations/")), ("coordinator",), abroad=404),
    "GET /api/observations/{id:uuid}/suggestion": Row(
        Ask(of("finding", "/api/observations/", "/suggestion?category=bel.trasig&severity=2")),
        ("coordinator",),
        abroad=404,
    ),
    "GET /api/colleagues": Row(Ask("/api/colleagues"), TASKS),
    "GET /api/deadlines": Row(Ask(of("task", "/api/deadlines?task=")), ("coordinator",)),
    "GET /api/tasks": Row(Ask("/api/tasks"), TASKS),
    # Behind a link in a letter: whoever asks, a secret that is nobody's leads nowhere, and stopping always stops.
    "GET /besked/stil.css": public("/besked/stil.css", 200),
    **{f"POST {room}/svar": public(f"{room}/svar", 404) for room in LINKED},
    **{f"GET {room}/{{secret}}": public(f"{room}/nobodys", 404) for room in LINKED},
    "GET /api/card": Row(Ask("/api/card"), WALKERS),
    "GET /api/walks/{id:uuid}/card": Row(Ask(of("walk", "/api/walks/", "/card")), ("coordinator",), abroad=404),
    "GET /api/walks/{id:uuid}/card/slips": Row(
        Ask(of("walk", "/api/walks/", "/card/slips")), ("coordinator",), abroad=404
    ),
    "POST /api/subscriptions": Row(
        Ask("/api/subscriptions", lambda _t, _d: b'{"address":"kim@example.org"}'), WALKERS, 202
    ),
    "GET /api/walks/{id:uuid}/group": Row(Ask(of("walk", "/api/walks/", "/group")), ("coordinator",), abroad=404),
    "GET /api/reminders": Row(Ask("/api/reminders"), TASKS),
    "GET /api/tasks/{id:uuid}/links": Row(
        Ask(of("task", "/api/tasks/", "/links")), ("coordinator", *DEPARTMENT), abroad=404
    ),
    "GET /api/tasks/{id:uuid}/mail": Row(
        Ask(of("task", "/api/tasks/", "/mail")), ("coordinator", *DEPARTMENT), abroad=404
    ),
    "GET /api/tasks/{id:uuid}": Row(Ask(of("task", "/api/tasks/")), ("coordinator", *DEPARTMENT), abroad=404),
    "GET /api/tasks/hours": Row(Ask("/api/tasks/hours"), TASKS),
    "GET /api/tasks/counts": Row(Ask("/api/tasks/counts"), TASKS),
    "GET /api/tasks/points": Row(Ask("/api/tasks/points"), TASKS),
    "GET /api/tasks/unseen": Row(Ask("/api/tasks/unseen"), ("coordinator", "field_secretary")),
    "GET /api/tasks/field-list/{kind}": Row(Ask("/api/tasks/field-list/csv"), TASKS),
    "POST /api/preview": Row(
        Ask("/api/preview", lambda town, _d: noted(town)),
        ("coordinator", *DEPARTMENT),
        abroad=404,
    ),
    "GET /api/reply-texts": Row(Ask("/api/reply-texts"), TASKS),
    "GET /api/filters": Row(Ask("/api/filters"), TASKS),
    "GET /api/conflicts": Row(Ask("/api/conflicts"), ("coordinator", "field_secretary")),
    **PUBLIC_ROUTES,
    "GET /api/correspondence": Row(Ask("/api/correspondence"), ("coordinator",)),
    "GET /api/rules": Row(Ask("/api/rules"), ("coordinator",)),
    "GET /api/rules/alarms": Row(Ask("/api/rules/alarms"), ("coordinator",)),
    "POST /api/rules/{id:uuid}/dry-run": Row(Ask(f"/api/rules/{uuid7()}/dry-run"), ()),
    "GET /api/walks/{id:uuid}/protocol": Row(Ask(of("walk", "/api/walks/", "/protocol")), ("coordinator",), abroad=404),
    "GET /api/walks/{id:uuid}/protocol/{format}": Row(
        Ask(of("walk", "/api/walks/", "/protocol/html")), ("coordinator",), abroad=404
    ),
    "GET /api/walks/{id:uuid}/meeting/{format}": Row(
        Ask(of("walk", "/api/walks/", "/meeting/html")), ("coordinator",), abroad=404
    ),
    # Nothing is published in either town.
    "GET /protokoll/{id:uuid}": Row(Ask(of("walk", "/protokoll/")), EVERYONE, 404, anonymous=404),
    "GET /protokoll/{id:uuid}/{format}": Row(Ask(of("walk", "/protokoll/", "/pdf")), EVERYONE, 404, anonymous=404),
    "GET /api/agreements": Row(Ask("/api/agreements"), ("coordinator",)),
    "GET /api/activities": Row(Ask("/api/activities"), ("coordinator",)),
    "GET /api/plans": Row(Ask("/api/plans"), (*TASKS, "police")),
    "GET /api/trade": Row(Ask("/api/trade"), TRADE),
    "GET /api/trade/contacts.vcf": Row(Ask("/api/trade/contacts.vcf"), TRADE),
    **ROTA_ROUTES,
    "GET /api/promises/{id:uuid}": Row(Ask(f"/api/promises/{uuid7()}"), ("coordinator",), 404),
    "POST /api/promises/{id:uuid}/publish": Row(
        Ask(f"/api/promises/{uuid7()}/publish", lambda _t, _d: b'{"digest":"","name":"Kim T"}'), ("coordinator",), 404
    ),
    "POST /api/promises/{id:uuid}/verify": Row(
        Ask(f"/api/promises/{uuid7()}/verify", lambda _t, _d: b"{}"), ("coordinator",), 404
    ),
    "POST /api/est/compile": Row(
        Ask("/api/est/compile", lambda _t, _d: b'{"week":"2026-W47","digest":""}'), ("coordinator",), 400
    ),
    # Nobody has released anything in either town.
    "GET /ogc/{municipality}": public("/ogc/lidkoping", 200),
    "GET /ogc/{municipality}/conformance": public("/ogc/lidkoping/conformance", 200),
    "GET /ogc/{municipality}/api": public("/ogc/lidkoping/api", 200),
    "GET /ogc/{municipality}/collections": public("/ogc/grannby/collections", 200),
    "GET /ogc/{municipality}/collections/{collection}": public("/ogc/lidkoping/collections/fynd", 200),
    "GET /ogc/{municipality}/collections/{collection}/items": public("/ogc/grannby/collections/fynd/items", 200),
    "GET /ogc/{municipality}/collections/{collection}/items/{id:uuid}": Row(
        Ask(of("finding", "/ogc/lidkoping/collections/fynd/items/")), EVERYONE, 404, anonymous=404
    ),
    "GET /oppna-data/{municipality}": public("/oppna-data/lidkoping", 200),
    "GET /oppna-data/{municipality}/katalog.jsonld": public("/oppna-data/grannby/katalog.jsonld", 200),
    "GET /oppna-data/{municipality}/fynd.geojson": public("/oppna-data/grannby/fynd.geojson", 200),
    "GET /oppna-data/{municipality}/fynd.csv": public("/oppna-data/lidkoping/fynd.csv", 200),
    "GET /api/lagesbild": Row(Ask("/api/lagesbild"), ("coordinator",)),
    "POST /api/lagesbild/sign": Row(Ask("/api/lagesbild/sign", lambda _t, _d: b"{}"), ("coordinator",), 400),
    "GET /api/lagesbild/{id:uuid}/{format}": Row(Ask(f"/api/lagesbild/{uuid7()}/pdf"), ("coordinator",), 404),
    "GET /folj/{municipality}/lagesbild": public("/folj/lidkoping/lagesbild", 200),
    "GET /folj/{municipality}/lagesbild/{id:uuid}": public(f"/folj/lidkoping/lagesbild/{uuid7()}", 404),
    "GET /folj/{municipality}/lagesbild/{id:uuid}/{format}": public(f"/folj/lidkoping/lagesbild/{uuid7()}/pdf", 404),
    "GET /folj": public("/folj", 200),
    "GET /folj/stil.css": public("/folj/stil.css", 200),
    "GET /folj/{municipality}": public("/folj/lidkoping", 200),
    "GET /folj/{municipality}/flode.xml": public("/folj/grannby/flode.xml", 200),
    "GET /api/presence/hours": Row(Ask("/api/presence/hours"), ("coordinator",)),
    "GET /api/presence/sums": Row(Ask("/api/presence/sums"), ("coordinator",)),
    "GET /api/presence/passes": Row(Ask("/api/presence/passes"), ("field_secretary",)),
    "GET /api/register": Row(Ask("/api/register"), ("registrator", "records_officer")),
    "GET /api/register/list": Row(Ask("/api/register/list"), ("registrator", "records_officer")),
    "GET /api/register/look": Row(Ask("/api/register/look?number=%C3%85-1"), ("registrator", "records_officer")),
    "POST /sync/push": Row(Ask("/sync/push", pushed), SIGNED_IN),
    "GET /api/push": Row(Ask("/api/push"), WOKEN),
    "PUT /api/push": Row(Ask("/api/push", lambda _t, _d: A_BROWSER), WOKEN),
    "DELETE /api/push": Row(Ask("/api/push"), WOKEN),
    "GET /sync/live": Row(Ask("/sync/live"), SIGNED_IN),
    "GET /sync/pull": Row(Ask("/sync/pull"), SIGNED_IN),
    "POST /sync/have": Row(Ask("/sync/have", lambda _t, _d: b'{"operations":[]}'), SIGNED_IN),
    "OPTIONS /uploads/": Row(Ask("/uploads/", headers=TUS), EVERYONE, 204, anonymous=204),
    "POST /uploads/": Row(Ask("/uploads/", offered, TUS), ("walker of walk A",), 201, abroad=404),
    "OPTIONS /uploads/{id:uuid}": Row(Ask(of("photo", "/uploads/"), headers=TUS), EVERYONE, 204, anonymous=204),
    "POST /uploads/{id:uuid}": Row(
        Ask(of("photo", "/uploads/"), headers=TUS | {"Upload-Length": str(len(BYTES))}),
        ("walker of walk A",),
        201,
        abroad=404,
    ),
    "DELETE /uploads/{id:uuid}": Row(  # it has arrived, so nobody may; who may not send it is told nothing of it
        Ask(of("photo", "/uploads/"), headers=TUS), ("walker of walk A",), 403, abroad=404
    ),
    "HEAD /uploads/{id:uuid}": Row(Ask(of("photo", "/uploads/"), headers=TUS), ("walker of walk A",), abroad=404),
    "PATCH /uploads/{id:uuid}": Row(
        Ask(
            of("photo", "/uploads/"),
            lambda _t, _d: b"",
            TUS | {"Content-Type": "application/offset+octet-stream", "Upload-Offset": str(len(BYTES))},
        ),
        ("walker of walk A",),
        204,
        abroad=404,
    ),
    "GET /photos/{id:uuid}": Row(
        Ask(of("photo", "/photos/")), ("walker of walk A", "coordinator", *DEPARTMENT), abroad=404
    ),
    "GET /openapi.json": public("/openapi.json", 200),
    "GET /api/connections": Row(Ask("/api/connections"), ("coordinator",)),
    "POST /api/connections/seal": Row(
        Ask("/api/connections/seal", lambda _t, _d: b'{"text":"nyckel"}'), ("coordinator",)
    ),
    "GET /api/tasks/{id:uuid}/deliveries": Row(
        Ask(of("task", "/api/tasks/", "/deliveries")), ("coordinator", *DEPARTMENT), abroad=404
    ),
    "GET /api/observations/{id:uuid}/publication": Row(
        Ask(of("finding", "/api/observations/", "/publication")), ("coordinator",)
    ),
    "GET /api/walks/{id:uuid}/release": Row(Ask(of("walk", "/api/walks/", "/release")), ("coordinator",), abroad=404),
    "GET /open311/v2/discovery.{format}": public("/open311/v2/discovery.xml", 200),
    "GET /open311/v2/services.{format}": public("/open311/v2/services.xml?jurisdiction_id=lidkoping", 200),
    "GET /open311/v2/services/{code}.{format}": public("/open311/v2/services/el.xml?jurisdiction_id=grannby", 200),
    "GET /open311/v2/requests.{format}": public("/open311/v2/requests.json?jurisdiction_id=lidkoping", 200),
    "POST /open311/v2/requests.{format}": public("/open311/v2/requests.json?jurisdiction_id=grannby", 403, b""),
    "GET /open311/v2/requests/{id}.{format}": Row(
        Ask(of("finding", "/open311/v2/requests/", ".xml?jurisdiction_id=lidkoping")), EVERYONE, 404, anonymous=404
    ),
    "GET /open311/v2/tokens/{token}.{format}": public("/open311/v2/tokens/1.xml", 404),
    "GET /open311/v2/servicerequestupdates.{format}": public(
        "/open311/v2/servicerequestupdates.xml?jurisdiction_id=lidkoping", 200
    ),
    "POST /open311/v2/servicerequestupdates.{format}": public(
        "/open311/v2/servicerequestupdates.xml?jurisdiction_id=lidkoping", 403, b""
    ),
    "GET /open311/v2/photos/{finding:uuid}/{id:uuid}.jpg": Row(
        Ask("/open311/v2/photos/{finding}/{photo}.jpg"), EVERYONE, 404, anonymous=404
    ),
    "GET /open311/v2/{path:path}": public("/open311/v2/vad", 404),
    "GET /desk": public("/desk", 200),
    "GET /desk/{path:path}": public("/desk/uppgifter", 200),
    "GET /falt": public("/falt", 308),
    "GET /falt/{path:path}": public("/falt/", 200),
    "GET /{path:path}": public("/", 200),
}


TELLS = {
    "GET /api/correspondence",
    "GET /api/session",
    "GET /api/municipality",
    "GET /api/register/list",
    "GET /api/rota",
    "GET /api/rota/attestations",
    "GET /api/rota/attestations/{id:uuid}/{format}",
    "GET /api/surveys",
    "GET /api/surveys/{id:uuid}/answers.csv",
    "GET /api/walks",
    "GET /api/walks/{id:uuid}",
    "GET /api/walks/{id:uuid}/sheet",
    "GET /api/walks/{id:uuid}/card/slips",
    "GET /api/walks/{id:uuid}/release",
    "GET /api/walks/{id:uuid}/announcement",
    "GET /api/colleagues",
    "GET /api/observations",
    "GET /api/observations/{id:uuid}",
    "GET /api/tasks",
    "GET /api/tasks/{id:uuid}",
    "GET /sync/pull",
    "GET /photos/{id:uuid}",
    "GET /api/tasks/counts",
    "GET /api/walks/{id:uuid}/meeting/{format}",
    "GET /api/tasks/field-list/{kind}",
    "GET /api/walks/{id:uuid}/protocol",
    "GET /api/walks/{id:uuid}/protocol/{format}",
    "POST /api/preview",
}


def every_route() -> set[str]:
    """HEAD beside GET is Starlette's own and answers as GET does."""
    return {
        f"{method} {route.path}"
        for route in asgi.routes()
        for method in (route.methods or set())
        if not (method == "HEAD" and "GET" in (route.methods or set()))
    }


# ---------------------------------------------------------------- the matrix


THINGS = ("walk", "finding", "task", "photo", "attestation", "survey")


def asked(row: Row, method: str, who: str, asker: Town, about: Town) -> dict[str, Any]:
    ask, device = row.ask, asker.devices[who]
    request: dict[str, Any] = {
        "method": method,
        "url": ask.path.format(**{name: getattr(about, name) for name in THINGS}),
        "headers": {"Accept": "text/html"} | asker.headers[who] | ask.headers,
    }
    if ask.content is not None:
        request["content"] = ask.content(about, device)
    if ask.content is offered:
        request["content"] = b""
        request["headers"] |= _upload_of(about)
    return request


def _upload_of(town: Town) -> dict[str, str]:
    told = {"photo": str(town.photo), "sha256": sha256(BYTES).hexdigest()}
    words = ",".join(f"{name} {b64encode(value.encode()).decode()}" for name, value in told.items())
    return {"Upload-Length": str(len(BYTES)), "Upload-Metadata": words}


def expected(row: Row, who: str, *, at_home: bool) -> int:
    if who == "anonymous":
        return row.anonymous
    if who not in row.ok:
        return 404
    return row.status if at_home or row.abroad is None else row.abroad


async def test_every_route_gives_everyone_exactly_what_the_table_says(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for surface in ("field", "desk", "falt"):
        (tmp_path / "static" / surface).mkdir(parents=True)
        (tmp_path / "static" / surface / "index.html").write_text("<!doctype html>")
    monkeypatch.setattr(asgi, "STATIC", tmp_path / "static")
    wrong: list[str] = []
    leaks: list[str] = []
    told: set[str] = set()  # where the planted word came back to its own: without it no leak could be seen
    async with two_towns(sqlite_template, tmp_path) as (evening, towns):
        # Signing out ends the session the other rows need, so it is asked last.
        for name in sorted(TABLE, key=lambda it: it == "DELETE /api/session"):
            row, method = TABLE[name], name.split()[0]
            for home in towns.values():
                for about in towns.values():
                    for who in EVERYONE:
                        sessions.forget_tries()
                        cards.forget_tries()
                        answer = await evening.http.request(**asked(row, method, who, home, about))
                        case = f"{name} · {who} of {home.id} about {about.id}"
                        wanted = expected(row, who, at_home=home is about)
                        if answer.status_code != wanted:
                            wrong.append(f"{case}: {answer.status_code}, not {wanted} {answer.text[:150]}")
                        told |= {name} if MARK[home.id] in answer.text else set()
                        leaks += leaked(case, answer, home, who, row)
    with capsys.disabled():
        print(
            f"\npermission matrix: {len(TABLE)} routes × 2 municipalities × {len(EVERYONE)} roles, {len(leaks)} leaks"
        )
    assert wrong == []
    assert leaks == []
    assert told == TELLS


def leaked(case: str, answer: httpx.Response, home: Town, who: str, row: Row) -> list[str]:
    """A planted word may come back only to those of its own municipality whom the table lets in."""
    text = answer.text + str(answer.headers)
    mine, other = MARK[home.id], next(mark for id, mark in MARK.items() if id != home.id)
    found = [f"{case}: {other}"] if other in text else []
    if mine in text and (who == "anonymous" or who not in row.ok):
        found.append(f"{case}: {mine}")
    if NEVER_LEAVES in text and who != "coordinator" and who not in WALKERS:
        found.append(f"{case}: {NEVER_LEAVES}")
    return found


def test_no_route_is_missing_from_the_table_and_none_is_made_up() -> None:
    assert every_route() == set(TABLE)


def test_a_route_that_nobody_put_in_the_table_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    added = asgi.routes()[0]
    monkeypatch.setattr(asgi, "routes", lambda: [type(added)("/api/new", added.endpoint, methods=["GET"])])

    assert "GET /api/new" in every_route() - set(TABLE)
