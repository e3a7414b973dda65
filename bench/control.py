"""The control for a cold start: a page with one line of text, kept by a service worker of its own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_FILES = {
    "/": (
        "text/html; charset=utf-8",
        """<!doctype html><html lang="sv"><meta name="viewport" content="width=device-width"><title>Blank</title>
        <script type="module" src="/blank.js"></script><p>Fotografera</p></html>""",
    ),
    "/blank.js": (
        "text/javascript",
        'performance.mark("usable"); navigator.serviceWorker.register("/worker.js");',
    ),
    "/worker.js": (
        "text/javascript",
        """
        const KEPT = ["/", "/blank.js"];
        self.addEventListener("install", (e) => e.waitUntil(caches.open("blank").then((c) => c.addAll(KEPT))));
        self.addEventListener("fetch", (e) => e.respondWith(caches.match(e.request).then((kept) => kept)));
        """,
    ),
}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        media, text = _FILES.get(self.path, ("text/plain", ""))
        content = text.encode()
        self.send_response(200 if text else 404)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is printed between the figures."""


@dataclass
class Blank:
    http: ThreadingHTTPServer

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http.server_port}"

    def stop(self) -> None:
        self.http.shutdown()
        self.http.server_close()


@contextmanager
def a_blank_page() -> Iterator[Blank]:
    http = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=http.serve_forever, daemon=True).start()
    blank = Blank(http)
    try:
        yield blank
    finally:
        blank.stop()
