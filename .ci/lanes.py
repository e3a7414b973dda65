"""The tests in lanes beside each other, watched: a test that fails is told at once, and one that stands still is named,
told to say where, and ended.

Without the watch a run that hangs says nothing at all, for as long as the build server lets it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import STDOUT

from tools import ROOT, say

LOOK_EVERY_S = 1.0
SAY_EVERY_S = 60.0
STILL_S = 1_500.0
"""The longest test takes about ten minutes beside three other lanes; one that takes this long never ends."""
TO_SAY_WHERE_S = 5.0
TO_GIVE_UP_S = 60.0


@dataclass
class Lane:
    name: str
    command: Sequence[str]
    folder: Path
    still_s: float = STILL_S
    passed: bool | None = None
    cpu_s: float = 0.0
    hung: list[str] = field(default_factory=list)
    _told: list[tuple[float, signal.Signals]] = field(default_factory=list)
    _failed_read: int = 0

    def start(self, env: Mapping[str, str]) -> None:
        self.began = self.ended = time.monotonic()
        # Nobody reads from a test's standard input, and a lane in a session of its own is ended whole.
        with self.output.open("wb") as out:
            self._process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env={**env, "TRYGG_NOW": str(self._now), "TRYGG_FAILED": str(self._failed)},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=STDOUT,
                start_new_session=True,
            )

    @property
    def output(self) -> Path:
        return self.folder / f"{self.name}.log"

    @property
    def _now(self) -> Path:
        """Where the tests write which of them is being run (tests/where.py)."""
        return self.folder / f"{self.name}.now"

    @property
    def _failed(self) -> Path:
        """Where they write which of them have failed, and how."""
        return self.folder / f"{self.name}.failed"

    def failed_since(self) -> str:
        """What has failed since this was last asked."""
        if not self._failed.exists():
            return ""
        with self._failed.open("rb") as file:
            file.seek(self._failed_read)
            more = file.read()
        self._failed_read += len(more)
        return more.decode("utf-8", "replace")

    @property
    def failures(self) -> list[str]:
        lines = self._failed.read_text(encoding="utf-8").splitlines() if self._failed.exists() else []
        return [line for line in lines if line.startswith("FÖLL ")]

    def look(self) -> bool:
        """Whether it goes on. What stands still is ended, step by step."""
        if self._has_ended():
            self.ended, self.passed = time.monotonic(), self._process.returncode == 0 and not self.hung
            self.end()  # what a killed lane left behind
            return False
        test, since = self.at()
        if since > (self.still_s if test else STILL_S) and (not self.hung or self.hung[-1] != test):
            self.hung.append(test)
            now = time.monotonic()
            self._told = [
                (now, signal.SIGUSR1),
                (now + TO_SAY_WHERE_S, signal.SIGINT),
                (now + TO_SAY_WHERE_S + TO_GIVE_UP_S, signal.SIGKILL),
            ]
        while self._told and self._told[0][0] <= time.monotonic():
            self._process.send_signal(self._told.pop(0)[1])
        return True

    def _has_ended(self) -> bool:
        """Asked of the system itself, which then tells what the lane and all it waited for have cost."""
        if self._process.returncode is None:
            pid, status, cost = os.wait4(self._process.pid, os.WNOHANG)
            if pid:
                self._process.returncode = os.waitstatus_to_exitcode(status)
                self.cpu_s = cost.ru_utime + cost.ru_stime
        return self._process.returncode is not None

    def at(self) -> tuple[str, float]:
        """The test that is being run, and for how many seconds."""
        try:
            return self._now.read_text(encoding="utf-8"), time.time() - self._now.stat().st_mtime
        except FileNotFoundError:
            return "", time.monotonic() - self.began

    def stop(self) -> None:
        """In good order if it can: its databases and servers have folders to clear."""
        self._process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(TO_GIVE_UP_S)
        self.end()

    def end(self) -> None:
        """What is left of the lane and of everything it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def tell(self) -> None:
        say(f"\n── {self.name}, {_minutes(self.ended - self.began)}, {_minutes(self.cpu_s)} processortid")
        with self.output.open("rb") as output:
            sys.stdout.flush()
            shutil.copyfileobj(output, sys.stdout.buffer)
        for test in self.hung:
            say(f"STOD STILL i {_minutes(self.still_s)} och avbröts: {test}")
        sys.stdout.flush()


def run(lanes: Iterable[tuple[str, Sequence[str]]], env: Mapping[str, str], *, still_s: float = STILL_S) -> bool:
    """Whether all of them passed. Each lane's output stands whole, when it has ended."""
    with tempfile.TemporaryDirectory(prefix="trygg-lanes-") as folder:
        all_ = [Lane(name, command, Path(folder), still_s) for name, command in lanes]
        going = list(all_)
        signal.signal(signal.SIGTERM, _end)  # a build that is called off ends its servers and browsers too
        try:
            for lane in all_:
                lane.start(env)
            _wait(going)
        finally:
            for lane in going:
                lane.stop()
        for lane in all_:
            for line in lane.failures:
                say(f"{lane.name}: {line}")
    return all(lane.passed for lane in all_)


def _end(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _wait(going: list[Lane]) -> None:
    began = said = time.monotonic()
    while going:
        time.sleep(LOOK_EVERY_S)
        ended = [lane for lane in going if not lane.look()]
        for lane in going:
            if failed := lane.failed_since():
                say(f"\n{lane.name}: {failed}")
        for lane in ended:
            going.remove(lane)
            lane.tell()
        if going and time.monotonic() - said >= SAY_EVERY_S:
            said = time.monotonic()
            where = " · ".join(f"{lane.name}: {_short(*lane.at())}" for lane in going)
            say(f"{_minutes(said - began)}  {where}")


def _short(test: str, since: float) -> str:
    name = test.partition("[")[0].rpartition("/")[2] or "börjar"
    return f"{name} ({since:.0f} s)"


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 60 else f"{seconds:.0f} s"
