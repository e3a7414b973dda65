"""Servers from a nursery, as whoever starts one sees them: like `subprocess`, without the price of a start."""

import atexit
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

ROOT: Final = Path(__file__).parents[1]
_LOOK_EVERY_S = 0.01


class Child:
    """A `trygg …` of its own process: what `subprocess.Popen` says and does, as far as the tests ask."""

    def __init__(self, nursery: "Nursery", pid: int) -> None:
        self._nursery, self.pid = nursery, pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit code, negative for a signal; None while it lives."""
        if self.returncode is None:
            self.returncode = self._nursery.ended(self.pid)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Raises subprocess.TimeoutExpired, as Popen does."""
        until = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if until is not None and timeout is not None and time.monotonic() > until:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout)
            time.sleep(_LOOK_EVERY_S)
        return code

    def send_signal(self, which: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, which)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Nursery:
    """See tests/nursery.py. `environment` stands beside this process's own."""

    def __init__(self, *plants: str, environment: Mapping[str, str] | None = None) -> None:
        self._asking = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.nursery", *plants],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
            env={**os.environ, **(environment or {})},
        )
        self._heard()

    def _heard(self) -> dict[str, int | None]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the nursery has died"
        heard: dict[str, int | None] = json.loads(line)
        return heard

    def _asked(self, **order: Any) -> dict[str, int | None]:
        assert self._process.stdin is not None
        with self._asking:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            return self._heard()

    def start(
        self, words: Sequence[str], environment: Mapping[str, str | None], log: Path, *, module: str = ""
    ) -> Child:
        """`trygg` with these words, or `python -m module`; None takes a variable away. What it says goes into `log`."""
        order = {"start": list(words), "environment": dict(environment), "log": str(log), "module": module}
        pid = self._asked(**order)["pid"]
        assert pid is not None
        return Child(self, pid)

    def ended(self, pid: int) -> int | None:
        return self._asked(ended=pid)["status"]

    def close(self) -> None:
        """And every child that is left."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=20)
        self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def is_well(port: int) -> bool:
    """Whether a server on this port of ours says that it is. Asked many times a second, so by the plainest client."""
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        asking.request("GET", "/healthz")
        return bool(json.loads(asking.getresponse().read())["ok"])
    except (OSError, http.client.HTTPException, ValueError, KeyError):
        return False
    finally:
        asking.close()


@cache
def undamaged() -> Nursery:
    """One for all whose servers are as they are shipped; it ends with this process."""
    return _until_the_end(Nursery())


@cache
def bare() -> Nursery:
    """One for all who bring a copy of the product; it ends with this process."""
    return _until_the_end(Nursery("--bare"))


def _until_the_end(nursery: Nursery) -> Nursery:
    atexit.register(nursery.close)
    return nursery
