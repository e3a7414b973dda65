"""Those who asked are told of what is public, signed; again when they do not answer; and nobody inside is reached."""

import base64
import hashlib
import hmac
import ipaddress
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

import pytest

from tests.jobs.test_open311 import allow_loopback, worked
from tests.sync.desks import Desk, coordinator, handler, reviewed
from tests.web.open311_houses import published
from tests.web.phones import Evening
from trygghetsvandring.domain.connections import AddressUnsound, sound_address
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.integrations.outside import may_reach, networks
from trygghetsvandring.integrations.webhooks import signed

pytest_plugins = ["tests.web.evenings"]


class Listener:
    """An address that is told. `answers` are the statuses it gives, 200 when there are none left."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/in"

    @property
    def said(self) -> list[Any]:
        return [json.loads(body) for _, body in self.heard]


class _Handler(BaseHTTPRequestHandler):
    it: Listener

    def log_message(self, *_args: Any) -> None:
        pass

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.it.heard.append((dict(self.headers.items()), body))
        self.send_response(self.it.answers.pop(0) if self.it.answers else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()


@pytest.fixture
def listener() -> Iterator[Listener]:
    it = Listener()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"it": it}))
    it.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield it
    server.shutdown()
    thread.join()
    server.server_close()


async def told(evening: Evening, listener: Listener, unit: str | None = None) -> tuple[Desk, str]:
    """The coordinator, and the secret that the address was given."""
    triage = await coordinator(evening)
    await allow_loopback(evening)
    await triage.done("webhook.create", uuid7(), name="Öppna data", url=listener.url, unit=unit)
    return triage, (await triage.get("/api/connections"))["webhooks"][0]["secret"]


def is_ours(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """As Standard Webhooks says it is checked, written without our own code."""
    it = {name.lower(): value for name, value in headers.items()}
    signing = f"{it['webhook-id']}.{it['webhook-timestamp']}.".encode() + body
    mac = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signing, hashlib.sha256).digest()
    return it["webhook-signature"] == "v1," + base64.b64encode(mac).decode()


async def test_what_becomes_public_and_what_becomes_of_it_is_told_signed(evening: Evening, listener: Listener) -> None:
    triage, secret = await told(evening, listener)
    phone, gata, task = await evening.phone(), await handler(evening), uuid7()
    found = await published(phone, triage, text="Lampan är trasig.")
    await worked(evening)
    await triage.done("task.create", task, title="Byt lampa", observations=[found], priority=2)
    await triage.done("task.assign", task, department="gata-park", explanation="Lampor.", due_on="2026-12-04")
    await gata.done("task.accept", task, person="Laget")
    await worked(evening)
    await triage.done("publication.withdraw", found)
    await worked(evening)

    assert listener.said[0]["type"] == "request.published"
    assert listener.said[0]["data"]["description"] == "Lampan är trasig."
    assert {each["type"] for each in listener.said[1:-1]} == {"request.updated"}
    assert listener.said[-2]["data"]["extended_attributes"] == {"status": "INVESTIGATING"}
    assert listener.said[-1]["type"] == "request.withdrawn"
    assert listener.said[-1]["data"].keys() == {"service_request_id", "jurisdiction_id"}
    assert all(is_ours(secret, *each) for each in listener.heard)
    assert "Mina egna ord" not in str(listener.heard) and "Laget" not in str(listener.heard)


async def test_what_is_withdrawn_before_it_was_told_is_never_told(evening: Evening, listener: Listener) -> None:
    triage, _ = await told(evening, listener)
    found = await published(await evening.phone(), triage, text="Det här skulle inte ut.")
    await triage.done("publication.withdraw", found)

    await worked(evening)

    assert listener.heard and "skulle inte ut" not in str(listener.heard)


async def test_an_address_that_fails_is_called_again_with_the_same_id_and_the_log_says_so(
    evening: Evening, listener: Listener
) -> None:
    triage, secret = await told(evening, listener)
    listener.answers = [500, 302]
    await published(await evening.phone(), triage)

    await worked(evening)
    waiting = (await triage.get("/api/connections"))["calls"]
    evening.now += timedelta(minutes=10)
    await worked(evening, 2)
    sent = (await triage.get("/api/connections"))["calls"]

    assert [(each["state"], each["reason"]) for each in waiting] == [("waiting", "http_500")]
    assert [(each["state"], each["attempts"], each["status"]) for each in sent] == [("sent", 3, 200)]
    assert len({headers["webhook-id"] for headers, _ in listener.heard}) == 1
    assert len({headers["webhook-timestamp"] for headers, _ in listener.heard}) == 2
    assert all(is_ours(secret, *each) for each in listener.heard)


async def test_an_ended_address_and_one_that_is_gone_hear_no_more(evening: Evening, listener: Listener) -> None:
    triage, _ = await told(evening, listener)
    (it,) = (await triage.get("/api/connections"))["webhooks"]
    listener.answers = [410]
    await published(await evening.phone(), triage)
    await worked(evening, 3)
    assert len(listener.heard) == 1

    await published(await evening.phone(), triage)
    await triage.done("webhook.end", UUID(it["id"]))
    await worked(evening)

    assert len(listener.heard) == 1


async def test_a_unit_s_own_system_is_told_of_its_tasks_until_they_are_anothers(
    evening: Evening, listener: Listener
) -> None:
    triage, secret = await told(evening, listener, unit="gata-park")
    phone, gata, task = await evening.phone(), await handler(evening), uuid7()
    found = await reviewed(phone, triage)
    await triage.done("task.create", task, title="Byt lampa", observations=[found], priority=2)
    await worked(evening)
    assert listener.heard == []  # nobody's yet

    await triage.done("task.assign", task, department="gata-park", explanation="Lampor.", due_on="2026-12-04")
    await worked(evening)
    await gata.done("task.note", task, text="EGEN ANTECKNING")
    await worked(evening)
    await gata.done("task.decline", task, reason="wrong_owner", public_text="Inte vårt.", next_owner="trafikverket")
    await worked(evening)
    await triage.done("task.assign", task, department="gata-park", explanation="Er ändå.", due_on="2026-12-04")
    await worked(evening)
    await gata.done("task.accept", task, person="LAGETS NAMN")
    await worked(evening)

    assert [each["type"] for each in listener.said] == [
        *("task.given", "task.updated", "task.left", "task.given", "task.updated"),
    ]
    given, _, left, *_ = (each["data"] for each in listener.said)
    assert (given["id"], given["title"], given["state"], given["due_on"]) == (
        *(str(task), "Byt lampa", "assigned", "2026-12-04"),
    )
    assert given["url"].endswith(f"/desk/atgarder/{task}")
    assert left == {"id": str(task), "municipality": "lidkoping", "unit": "gata-park"}
    assert not [word for word in ("LAGETS NAMN", "EGEN ANTECKNING") if word in str(listener.heard)]
    assert all(is_ours(secret, *each) for each in listener.heard)
    calls = (await triage.get("/api/connections"))["calls"]
    assert {(each["state"], each["task"], each["finding"]) for each in calls} == {("sent", str(task), None)}


async def test_a_task_that_left_before_its_system_was_told_tells_nothing_of_itself(
    evening: Evening, listener: Listener
) -> None:
    triage, _ = await told(evening, listener, unit="gata-park")
    gata, task = await handler(evening), uuid7()
    found = await reviewed(await evening.phone(), triage)
    await triage.done("task.create", task, title="Byt lampa", observations=[found], priority=2)
    await triage.done("task.assign", task, department="gata-park", explanation="Lampor.", due_on="2026-12-04")
    await gata.done("task.decline", task, reason="wrong_owner", public_text="Inte vårt.", next_owner="trafikverket")

    await worked(evening, 2)

    assert {each["type"] for each in listener.said} == {"task.left"}
    assert "Byt lampa" not in str(listener.heard)


async def test_an_address_of_a_unit_that_owns_no_tasks_is_refused(evening: Evening) -> None:
    triage = await coordinator(evening)
    wrong = {"name": "Vakten", "url": "https://x.example/in", "unit": "nattvandrarna"}
    assert await triage.refused("webhook.create", uuid7(), **wrong) == "department_unknown"


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1"),  # noqa: S104
        *("::1", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1", "::"),
    ],
)
def test_no_address_inside_is_reached_unless_the_municipality_has_named_its_network(address: str) -> None:
    it = ipaddress.ip_address(address)

    assert not may_reach(it, [], with_tls=True)
    assert not may_reach(it, networks(["nonsense", "198.51.100.0/24"]), with_tls=True)


def test_public_addresses_need_tls_and_ones_own_network_does_not() -> None:
    public, own = ipaddress.ip_address("93.184.216.34"), ipaddress.ip_address("10.1.2.3")

    assert may_reach(public, [], with_tls=True)
    assert not may_reach(public, [], with_tls=False)
    assert may_reach(own, networks(["10.1.0.0/16"]), with_tls=False)


@pytest.mark.parametrize(
    "url", ["ftp://x.example", "https://", "https://u:p@x.example", "javascript:alert(1)", "x", ""]
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(AddressUnsound):
        sound_address(url)


def test_a_signature_is_the_one_the_standard_gives_for_its_own_example() -> None:
    from datetime import UTC, datetime

    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    headers = signed(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", datetime.fromtimestamp(1614265330, UTC), body)

    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
