"""Another system's Open311 on loopback, that answers as it is told to: late, wrong, twice, or not at all."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

HTML = (200, "text/html", b"<!doctype html><title>Logga in</title>")


@dataclass
class Stub:
    """`answers` are taken one by one for POSTs; when there are none it answers rightly.

    `made` has every request that was created, `posted` every form that came. `late` is set free by the test.
    `definition`: what is asked with a request. `silences`: how many questions more get no answer.
    """

    port: int = 0
    knows_repeats: bool = True
    answers: list[Any] = field(default_factory=list)
    made: dict[str, dict[str, str]] = field(default_factory=dict)
    posted: list[dict[str, str]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    updates: list[dict[str, str]] = field(default_factory=list)
    status: dict[str, str] = field(default_factory=dict)
    definition: list[dict[str, Any]] = field(default_factory=list)
    shown: bool = True
    silences: int = 0
    late: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/open311/v2"

    def take(self, form: dict[str, str], key: str) -> str:
        self.posted.append(form)
        self.keys.append(key)
        for number, it in self.made.items():
            if self.knows_repeats and it["key"] == key:
                return number
        number = str(100 + len(self.made))
        self.made[number] = {**form, "key": key}
        return number

    def request(self, number: str) -> dict[str, Any]:
        return {
            "service_request_id": number,
            "status": "open",
            "status_notes": "",
            "service_code": self.made[number]["service_code"],
            "requested_datetime": "2026-11-20T19:41:00Z",
            "description": self.made[number]["description"],
            **self.status,
        }


class _Handler(BaseHTTPRequestHandler):
    stub: Stub

    def log_message(self, *_args: Any) -> None:
        pass

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(raw).items()}
        how = self.stub.answers.pop(0) if self.stub.answers else None
        if how == "turned away":
            return self._say(403, "application/json", b'[{"code":"403","description":"no"}]')
        number = self.stub.take(form, self.headers.get("Idempotency-Key", ""))
        if how == "late":
            self.stub.late.wait(10)
        right = [{"service_request_id": number, "service_notice": ""}]
        if how == "twice":
            right *= 2
        if how == "token":
            right = [{"token": f"t-{number}"}]
        if isinstance(how, tuple):
            return self._say(*how)
        return self._say(200, "application/json", json.dumps(right).encode())

    def do_GET(self) -> None:
        if self.stub.silences:
            self.stub.silences -= 1
            self._say(503, "text/html", b"oops")
            return
        path = urlsplit(self.path).path.removeprefix("/open311/v2")
        made = self.stub.made
        if path.startswith("/services/") and self.stub.definition:
            rows: Any = {"service_code": "lampor", "attributes": self.stub.definition}
        elif path.startswith("/servicerequestupdates"):
            rows = self.stub.updates
        elif path.startswith("/tokens/"):
            number = path.removeprefix("/tokens/t-").partition(".")[0]
            rows = [{"token": f"t-{number}", "service_request_id": number}]
        elif path.startswith("/requests/"):
            number = path.removeprefix("/requests/").partition(".")[0]
            rows = [self.stub.request(number)] if number in made and self.stub.shown else []
        else:
            rows = [self.stub.request(number) for number in made] if self.stub.shown else []
        self._say(200 if rows or "requests." in path or "updates" in path else 404, "application/json",
                  json.dumps(rows).encode())  # fmt: skip

    def _say(self, status: int, media: str, content: bytes) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", media)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except OSError:
            pass  # whoever asked has hung up


@contextmanager
def a_stub(**changes: Any) -> Iterator[Stub]:
    stub = Stub(**changes)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"stub": stub}))
    stub.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield stub
    finally:
        stub.late.set()
        server.shutdown()
        thread.join()
        server.server_close()
