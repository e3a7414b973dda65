"""A request whose sender is gone before it has said all."""

import json

from tests import makers
from tests.makers import Evening
from trygghetsvandring.domain.ids import uuid7

evening = makers.evening


async def test_half_a_body_is_answered_as_nothing_and_is_no_fault_of_the_servers(evening: Evening) -> None:
    phone, told, answered = await evening.phone(), iter([b'{"protocol": 1, "oper']), list[dict[str, object]]()
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/sync/push",
        "raw_path": b"/sync/push",
        "query_string": b"",
        "headers": [(b"authorization", phone.headers["Authorization"].encode())],
        "client": ("127.0.0.1", 1),
        "server": ("trygg.test", 443),
        "scheme": "https",
        "http_version": "1.1",
        "extensions": {},
    }

    async def receive() -> dict[str, object]:
        part = next(told, None)
        gone: dict[str, object] = {"type": "http.disconnect"}
        return gone if part is None else {"type": "http.request", "body": part, "more_body": True}

    async def send(message: dict[str, object]) -> None:
        answered.append(message)

    await evening.app(scope, receive, send)  # type: ignore[arg-type]

    assert answered[0]["status"] == 400
    body = answered[1]["body"]
    assert isinstance(body, bytes) and json.loads(body)["code"] == "bad_request"
    (outcome,) = await phone.push(phone.observation(uuid7()))
    assert outcome.outcome == "applied"
