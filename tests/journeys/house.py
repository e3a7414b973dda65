"""A whole evening's house: the real server process, a real SMTP server, real browsers. Everything can be killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request

from tests.nurseries import Child, is_well, undamaged

CHROMIUM = "/usr/bin/chromium"
# How long a step of a journey may take. What a person would wait for is measured in `bench/`; here two cores carry
# browsers, a server and two other lanes of tests, and their disk is filled, cut off and flushed beside it.
PATIENCE_MS = 60_000
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1366, "height": 900}
_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Letters:
    """A real SMTP server on loopback; keeps what it was given, with the time it came."""

    def __init__(self) -> None:
        self.received: list[tuple[float, list[str], EmailMessage]] = []
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port())

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.received.append((time.time(), list(envelope.rcpt_tos), letter))
        return "250 kept"

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.controller.port}"


@dataclass
class Server:
    """`trygg serve --demo` as its own process. `stop` is the honest network cut; `kill` is SIGKILL."""

    data: Path
    database_url: str
    smtp_url: str
    port: int = field(default_factory=free_port)
    process: Child | subprocess.Popen[bytes] | None = None
    code: Path | None = None  # another checkout to run than the one the tests stand in
    options: tuple[str, ...] = ()  # of `trygg serve`
    forked: bool = True  # False: a process that shares nothing with another, for who measures it

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *, on: int | None = None) -> None:
        """On its own port, or `on` another while something else holds the address that phones know."""
        port = on or self.port
        environment = {
            **os.environ,
            "TRYGG_DATA_DIR": str(self.data),
            "TRYGG_DATABASE_URL": self.database_url,
            "TRYGG_SMTP_URL": self.smtp_url,
            "TRYGG_PUBLIC_URL": self.url,
        }
        words, log = ["serve", "--demo", "--port", str(port), *self.options], self.data / "server.log"
        if self.forked and self.code is None:
            self.process = undamaged().start(words, environment, log)
        else:
            command = [sys.executable, "-m", "trygghetsvandring.cli", *words]
            with log.open("ab") as out:
                self.process = subprocess.Popen(command, env=environment, cwd=self.code, stdout=out, stderr=out)
        until = time.monotonic() + PATIENCE_MS / 1_000
        while time.monotonic() < until and self.process.poll() is None:
            if is_well(port):
                return
            time.sleep(0.05)
        raise AssertionError(f"the server did not start:\n{log.read_text()[-4000:]}")

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def _end(self, with_signal: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(with_signal)
            self.process.wait(timeout=PATIENCE_MS / 1_000)
            self.process = None


@dataclass
class Chromium:
    """A browser of our own with its profile on disk, so that it can be killed and opened again."""

    playwright: Playwright
    profile: Path
    position: tuple[float, float] | None = (58.49503, 13.17665)
    process: subprocess.Popen[bytes] | None = None
    browser: Browser | None = None
    faults: list[str] = field(default_factory=list)

    def open(
        self, url: str, size: dict[str, int], *, dark: bool = True, camera: bool = True, script: str | None = None
    ) -> Page:
        """Without `camera` the person has said no to it. `script` is run in every page before the page's own."""
        port = free_port()
        self.process = subprocess.Popen(
            [
                CHROMIUM,
                *_FLAGS,
                "--use-fake-ui-for-media-stream" + ("" if camera else "=deny"),
                f"--remote-debugging-port={port}",
                f"--user-data-dir={self.profile}",
                f"--window-size={size['width']},{size['height']}",
                "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.browser = self._connected(port)
        context = self.browser.contexts[0]
        self._grant(context, url, camera)
        page = context.pages[0]
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", lambda request: self._own_origin_only(request, url))
        if script is not None:
            page.add_init_script(script)
        page.goto(url)
        return page

    def _connected(self, port: int) -> Browser:
        for _ in range(200):
            try:
                return self.playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
            except Exception:  # noqa: BLE001  # it is not listening yet
                time.sleep(0.1)
        raise AssertionError("Chromium did not start")

    def _grant(self, context: BrowserContext, url: str, camera: bool) -> None:
        context.set_default_timeout(PATIENCE_MS)
        granted = ["camera"] if camera else []
        if self.position is not None:
            granted.append("geolocation")
            context.set_geolocation({"latitude": self.position[0], "longitude": self.position[1], "accuracy": 12})
        context.grant_permissions(granted, origin="/".join(url.split("/")[:3]))

    def _own_origin_only(self, request: Request, url: str) -> None:
        if request.url.startswith("http") and not request.url.startswith("/".join(url.split("/")[:3])):
            self.faults.append(f"asked another origin: {request.url}")

    def kill(self) -> None:
        """SIGKILL to the browser and all its children: nothing gets a chance to save."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=PATIENCE_MS / 1_000)
            self.process = None
        self.browser = None


@contextmanager
def letters() -> Iterator[Letters]:
    it = Letters()
    it.controller.start()
    try:
        yield it
    finally:
        it.controller.stop()
