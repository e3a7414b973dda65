"""The house's commands, as `make` calls them: `python3 .ci/house.py <command>`."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from subprocess import PIPE, STDOUT

if sys.version_info < (3, 11):  # noqa: UP036 - this line is read by whatever python3 the machine has
    sys.exit("Python 3.11 eller nyare behövs. Finns det under ett annat namn: make PYTHON=python3.12 run")

from steps import PYTHON, TO_CHECK, TO_RUN, set_up
from tools import BIN, PWA, ROOT, Stop, environment, npm, say, seconds_since

HELP = """\
make run     startar appen med demodata på http://127.0.0.1:8300 (PORT=… byter port)
make test    alla kontroller och alla tester; hämtar Chromium och PostgreSQL om de saknas
make check   bara kontrollerna: stil, typer, lager, Dockerfile
make dev     som run, men bygger om och startar om när en fil ändras
make bench   mäter, och skriver siffrorna till bench/history.jsonl
make build   bygger appen till trygghetsvandring/static
make lock    räknar om låsfilerna efter en ändring i pyproject.toml
"""

CHECKS = (
    ("ruff", ROOT, ["ruff", "check", "."]),
    ("ruff format", ROOT, ["ruff", "format", "--check", "."]),
    ("mypy", ROOT, ["mypy"]),
    ("import-linter", ROOT, ["lint-imports", "--no-logo"]),
    ("hadolint", ROOT, ["hadolint", "Dockerfile"]),
    ("biome", PWA, ["node_modules/.bin/biome", "ci", "--colors=off", "."]),
    ("tsc", PWA, ["node_modules/.bin/tsc", "-b"]),
)

LOCK = ("--universal", "--python-version=3.11", "--generate-hashes", "--no-header", "--no-emit-index-url", "--quiet")


def show_help() -> int:
    say(HELP, end="")
    return 0


def packages() -> int:
    """Only what the lock files name, for an image's own layer."""
    set_up(TO_CHECK)
    return 0


def build() -> int:
    set_up(TO_RUN)
    return 0


def _server() -> list[str]:
    return [str(BIN / "trygg"), "serve", "--demo", "--host", "127.0.0.1", "--port", os.environ.get("PORT") or "8300"]


def run() -> int:
    set_up(TO_RUN)
    os.chdir(ROOT)
    os.execve(_server()[0], _server(), environment())  # the server itself gets Ctrl-C


def dev() -> int:
    set_up(TO_RUN)
    vite = ["node_modules/.bin/vite", "build", "--watch", "--clearScreen", "false", "-c"]
    commands = [(PWA, [*vite, f"vite.{surface}.ts"]) for surface in ("field", "falt", "desk")]
    commands.append((ROOT, ["watchfiles", "--filter", "python", " ".join(_server()), "trygghetsvandring"]))
    running = [subprocess.Popen(command, cwd=cwd, env=environment()) for cwd, command in commands]
    try:
        return running[-1].wait()
    except KeyboardInterrupt:
        return 0
    finally:
        for process in reversed(running):
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ctrl-C has reached it too and it may be half-way out; only one that stays is told again."""
    try:
        process.wait(timeout=3)
    except subprocess.TimeoutExpired:
        process.terminate()
        process.wait()


def _failing_checks() -> list[str]:
    failing = []
    for name, cwd, command in CHECKS:
        start = time.monotonic()
        done = subprocess.run(command, cwd=cwd, env=environment(), stdout=PIPE, stderr=STDOUT, text=True, check=False)
        say(f"{name}: {'FEL' if done.returncode else 'ok'}, {seconds_since(start)}")
        if done.returncode:
            failing.append(name)
            say(done.stdout)
    return failing


def check() -> int:
    set_up(TO_CHECK)
    failing = _failing_checks()
    say(f"Kontroller som föll: {', '.join(failing)}" if failing else "Alla kontroller är gröna.")
    return 1 if failing else 0


def test() -> int:
    """Everything is run even when something fails; pytest comes last, so that its own summary is the last line."""
    set_up(TO_RUN, for_tests=True)
    env = environment()
    env.setdefault("HYPOTHESIS_PROFILE", "ci")
    failing = _failing_checks()
    # CI makes vitest refuse a focused test, which would silence the others.
    if subprocess.run(npm("test"), cwd=PWA, env={**env, "CI": "1"}, check=False).returncode:
        failing.append("vitest")
    if failing:
        say(f"Föll före pytest: {', '.join(failing)}. Slutkoden blir 1, hur det än går nedan.")
    pytest = [str(BIN / "pytest"), "--cov", "--cov-report=term"]
    passed = subprocess.run(pytest, cwd=ROOT, env=env, check=False).returncode == 0
    return 0 if passed and not failing else 1


def bench() -> int:
    set_up(TO_RUN, for_tests=True)
    return subprocess.run([str(BIN / "python"), "-m", "bench"], cwd=ROOT, env=environment(), check=False).returncode


def lock() -> int:
    """Two files: everything for those who build, and what a server installs, pinned to the same versions."""
    set_up((PYTHON,))
    compile_ = [str(BIN / "uv"), "pip", "compile", *LOCK, "pyproject.toml"]
    everything = [*compile_, "--extra", "dev", "-o", "requirements.txt"]
    server = [*compile_, "--no-annotate", "-c", "requirements.txt", "-o", "requirements-server.txt"]
    for command in (everything, server):
        subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    return 0


COMMANDS: dict[str, Callable[[], int]] = {
    "help": show_help,
    "run": run,
    "dev": dev,
    "test": test,
    "check": check,
    "bench": bench,
    "build": build,
    "packages": packages,
    "lock": lock,
}


def main(words: list[str]) -> int:
    command = COMMANDS.get(words[0] if words else "help")
    if command is None:
        say(f"Okänt kommando: {words[0]}\n\n{HELP}", end="")
        return 2
    try:
        return command()
    except Stop as stop:
        say(str(stop))
        return 1
    except KeyboardInterrupt:
        say("\nAvbrutet.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
