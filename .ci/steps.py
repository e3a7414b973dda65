"""The set-up, step by step. A step is done when its stamp holds the hash of what it was made from.

Stamps lie in `.setup/`, which git ignores; removing that folder makes every step run again.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import machine
from tools import BIN, PWA, ROOT, SETUP, VENV, assert_node, environment, npm, quietly, say, seconds_since

SURFACES = ("field", "desk", "falt")
MADE_IN_PWA = {"node_modules", "tsbuild", "dist"}


@dataclass(frozen=True)
class Step:
    name: str
    says: str
    made_from: Callable[[], list[Path]]
    makes: tuple[Path, ...]
    do: Callable[[Path], None]
    """Takes the log file to write to."""

    def key(self) -> str:
        """Also of the checkout's place: an environment cannot be moved."""
        digest = hashlib.sha256(f"{ROOT}\n".encode())
        for path in sorted(self.made_from()):
            digest.update(str(path.relative_to(ROOT)).encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()

    @property
    def stamp(self) -> Path:
        return SETUP / f"{self.name}.stamp"

    def is_done(self) -> bool:
        if not self.stamp.exists() or not all(path.exists() for path in self.makes):
            return False
        return self.stamp.read_text(encoding="ascii") == self.key()

    def run(self) -> None:
        key = self.key()  # before the work: an edit made meanwhile must make the step run again
        log = SETUP / f"{self.name}.log"
        log.unlink(missing_ok=True)
        self.stamp.unlink(missing_ok=True)
        self.do(log)
        self.stamp.write_text(key, encoding="ascii")


def _files(*names: str) -> Callable[[], list[Path]]:
    return lambda: [ROOT / name for name in names]


def _pwa_sources() -> list[Path]:
    found = []
    for top in PWA.iterdir():
        if top.name in MADE_IN_PWA:
            continue
        found += [top] if top.is_file() else [path for path in top.rglob("*") if path.is_file()]
    return found


def _has_pip() -> bool:
    try:
        asked = subprocess.run([BIN / "python", "-m", "pip", "--version"], capture_output=True, check=False)
    except OSError:
        return False
    return asked.returncode == 0


def _python(log: Path) -> None:
    if not _has_pip():
        if importlib.util.find_spec("ensurepip") is None:
            machine.install(["python3-venv"])
        shutil.rmtree(VENV, ignore_errors=True)
        quietly([sys.executable, "-m", "venv", str(VENV)], log)
    quietly([*_PIP, "--require-hashes", "--requirement", "requirements.txt"], log)


def _trygg(log: Path) -> None:
    # No isolation: hatchling is in the lock file, and an isolated build would fetch it unhashed.
    quietly([*_PIP, "--no-deps", "--no-build-isolation", "--editable", "."], log)


def _packages(log: Path) -> None:
    assert_node()
    quietly(npm("ci", "--no-audit", "--no-fund"), log, cwd=PWA, env=environment())


def _build(log: Path) -> None:
    quietly(npm("run", "build"), log, cwd=PWA, env=environment())


_PIP = [str(BIN / "python"), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
STATIC = ROOT / "trygghetsvandring" / "static"

PYTHON = Step("python", "Python-miljö med låsta paket", _files("requirements.txt"), (BIN / "python",), _python)
TRYGG = Step("trygg", "Kommandot trygg", _files("pyproject.toml", "hatch_build.py"), (BIN / "trygg",), _trygg)
PACKAGES = Step(
    "packages",
    "Appens låsta paket",
    _files("pwa/package.json", "pwa/package-lock.json", "pwa/.npmrc", "requirements.txt"),
    (PWA / "node_modules/.package-lock.json",),
    _packages,
)
BUILD = Step("build", "Appen byggs", _pwa_sources, tuple(STATIC / name / "index.html" for name in SURFACES), _build)

TO_RUN = (PYTHON, TRYGG, PACKAGES, BUILD)
TO_CHECK = (PYTHON, TRYGG, PACKAGES)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    SETUP.mkdir(exist_ok=True)
    with (SETUP / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def set_up(steps: tuple[Step, ...], *, for_tests: bool = False) -> None:
    """Each step that is not already done says one line: what it does, and how long it took."""
    with _one_at_a_time():
        total = len(steps) + for_tests
        for number, step in enumerate(steps, start=1):
            if not step.is_done():
                _announced(f"{number}/{total} {step.says}", step.run)
        missing = machine.missing_for_tests() if for_tests else []
        if missing:
            _announced(f"{total}/{total} Testernas program ({', '.join(missing)})", lambda: machine.install(missing))


def _announced(what: str, do: Callable[[], None]) -> None:
    say(f"{what} … ", end="")
    start = time.monotonic()
    do()
    say(f"klart på {seconds_since(start)}")
