"""WebKitGTK by plain WebDriver over HTTP: the nearest thing to an iPhone's engine that a test machine can run.

Its automation is ephemeral: a relaunch starts empty, so what is killed here is the page (a reload), never the browser.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.journeys.house import free_port

INSTALL = "apt-get install --yes --no-install-recommends webkit2gtk-driver xvfb"
_TRIES = 4
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
_BY_TEXT = """
const [words, exact] = arguments;
const seen = [...document.querySelectorAll("button, a, label")].filter((one) => one.getClientRects().length > 0);
const name = (one) => (one.getAttribute("aria-label") ?? one.innerText).replace(/\\s+/g, " ").trim();
return seen.find((one) => (exact ? name(one) === words : name(one).startsWith(words))) ?? null;
"""

_FILL = """
const [field, words] = arguments;
field.focus();
field.value = words;
field.dispatchEvent(new InputEvent("input", { bubbles: true, data: words, inputType: "insertReplacementText" }));
"""


@dataclass
class WebKit:
    """One window. Scripts are functions of the page; what they return is JSON."""

    session: str
    http: httpx.Client

    def go(self, url: str) -> None:
        self._post("url", url=url)

    def reload(self) -> None:
        """What this engine has instead of a kill: the page is gone, with everything it had only in memory."""
        self._post("refresh")

    def run(self, function: str, argument: object = None) -> Any:
        """Calls an async function of the page with one argument and waits for what it resolves to."""
        script = f"""
          const [argument, done] = arguments;
          Promise.resolve(({function})(argument)).then((it) => done({{ it }}), (e) => done({{ failed: String(e) }}));
        """
        for _ in range(_TRIES):
            said = self.http.post(f"/session/{self.session}/execute/async", json={"script": script, "args": [argument]})
            # A script that falls into the change from one page to the next is never answered by this driver.
            if said.status_code != 500 or said.json()["value"]["error"] != "script timeout":
                answer = self._value(said)
                assert "failed" not in answer, answer["failed"]
                return answer.get("it")
        raise AssertionError(f"the page never answered:\n{self._text()[:2_000]}")

    def url(self) -> str:
        return str(self._value(self.http.get(f"/session/{self.session}/url")))

    def see(self, words: str, seconds: float = 60) -> None:
        self._until(lambda: words in self._text(), f"{words!r} is not on the screen", seconds)

    def press(self, words: str, *, exact: bool = True) -> None:
        """A button, a link or a label with this name, as a finger would."""
        found = self._until(lambda: self._named(words, exact), f"nothing is called {words!r}", 60)
        self._post(f"element/{found}/click")

    def has(self, words: str) -> bool:
        return self._named(words, True) is not None

    def fill(self, selector: str, words: str) -> None:
        """All at once, as when a keyboard's suggestion is taken; letter by letter is slow here, and some get lost."""
        self._post("execute/sync", script=_FILL, args=[{_ELEMENT: self._one(selector)}, words])

    def choose_file(self, selector: str, file: Path) -> None:
        self._post(f"element/{self._one(selector)}/value", text=str(file))

    def _one(self, selector: str) -> str:
        def look() -> str | None:
            found = self._post("elements", using="css selector", value=selector)
            return str(found[0][_ELEMENT]) if found else None

        return str(self._until(look, f"nothing on the screen is {selector}", 60))

    def _named(self, words: str, exact: bool) -> str | None:
        found = self._post("execute/sync", script=_BY_TEXT, args=[words, exact])
        return None if found is None else str(found[_ELEMENT])

    def _text(self) -> str:
        return str(self._post("execute/sync", script="return document.body?.innerText ?? ''", args=[]))

    def _until(self, look: Any, otherwise: str, seconds: float) -> Any:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := look():
                return found
            time.sleep(0.1)
        raise AssertionError(f"{otherwise}:\n{self._text()[:2_000]}")

    def _post(self, what: str, **body: object) -> Any:
        return self._value(self.http.post(f"/session/{self.session}/{what}", json=body))

    @staticmethod
    def _value(answer: httpx.Response) -> Any:
        value = answer.json()["value"]
        assert answer.status_code == 200, value
        return value


def must_be_here() -> None:
    """Missing is a failure with the way out, never a skipped test."""
    missing = [name for name in ("WebKitWebDriver", "Xvfb") if shutil.which(name) is None]
    if missing:
        pytest.fail(f"WebKitGTK is needed ({', '.join(missing)} is missing): {INSTALL}", pytrace=False)


@contextmanager
def a_webkit() -> Iterator[WebKit]:
    must_be_here()
    with (
        _a_screen() as display,
        _a_driver(display) as port,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as http,
    ):
        wanted = {"capabilities": {"alwaysMatch": {"browserName": "MiniBrowser"}}}
        session = _until_answered(lambda: http.post("/session", json=wanted)).json()["value"]["sessionId"]
        http.post(f"/session/{session}/timeouts", json={"script": 60_000})
        try:
            yield WebKit(session, http)
        finally:
            http.delete(f"/session/{session}")


@contextmanager
def _a_screen() -> Iterator[str]:
    """Xvfb picks a free display number itself and writes it down."""
    reading, writing = os.pipe()
    process = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1000x1200x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        assert number, "Xvfb did not start"
        yield f":{number}"
    finally:
        process.terminate()
        process.wait(timeout=20)


@contextmanager
def _a_driver(display: str) -> Iterator[int]:
    port = free_port()
    process = subprocess.Popen(
        ["WebKitWebDriver", "--host=127.0.0.1", f"--port={port}"],
        env={**os.environ, "DISPLAY": display, "WEBKIT_DISABLE_DMABUF_RENDERER": "1", "GDK_BACKEND": "x11"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _until_answered(lambda: httpx.get(f"http://127.0.0.1:{port}/status", timeout=2))
        yield port
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=20)


def _until_answered(ask: Any) -> httpx.Response:
    for _ in range(200):
        try:
            answer: httpx.Response = ask()
        except httpx.TransportError:
            time.sleep(0.1)
            continue
        if answer.status_code == 200:
            return answer
        raise AssertionError(f"WebKitGTK did not start: {answer.text}")
    raise AssertionError("WebKitWebDriver did not start")
