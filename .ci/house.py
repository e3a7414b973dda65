"""The house's commands, as `make` calls them: `python3 .ci/house.py <command>`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, STDOUT

if sys.version_info < (3, 11):  # noqa: UP036 - this line is read by whatever python3 the machine has
    sys.exit("Python 3.11 eller nyare behövs. Finns det under ett annat namn: make PYTHON=python3.12 run")

import lanes
from steps import PYTHON, TO_CHECK, TO_RUN, set_up
from tools import BIN, PWA, ROOT, Stop, environment, npm, say, seconds_since

HELP = """\
make run     startar appen med demodata på http://127.0.0.1:8300 (PORT=… byter port)
make test    alla kontroller och alla tester; hämtar Chromium, WebKitGTK, PostgreSQL och LibreOffice om de saknas
make night   bänkarna i full längd: lagar, tråden, krascher, webbläsare; tar timmar
make power-cuts   drar ur sladden 200 gånger på en egen disk; kräver root och säger till om det inte går
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

COVERAGE = ROOT / "coverage.json"
ROOM_IN_MEMORY = 4 * 2**30
"""About five times what the tests' files have been seen to take."""

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
    where = ["--host", "127.0.0.1", "--port", os.environ.get("PORT") or "8300"]
    return [str(BIN / "trygg"), "serve", "--demo", "--walked", *where]


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
    """Everything is run even when something fails; the tests come last."""
    set_up(TO_RUN, for_tests=True)
    env = environment()
    env.setdefault("TRYGG_PROFILE", "ci")
    failing = _failing_checks()
    # CI makes vitest refuse a focused test, which would silence the others.
    if subprocess.run(npm("test"), cwd=PWA, env={**env, "CI": "1"}, check=False).returncode:
        failing.append("vitest")
    if failing:
        say(f"Föll före pytest: {', '.join(failing)}. Slutkoden blir 1, hur det än går nedan.")
    return 0 if _tests_in_lanes(env) and not failing else 1


# What has browsers and slow wires in it mostly waits: it runs beside everything else, in lanes about as long.
KILLING = ("tests/browsers", "tests/wire")
SCREENS = ("tests/journeys", "tests/quality")
# What goes over the same ground again and again: counting its lines adds none.
LONG = (
    "tests/crash",
    "tests/domain/test_guard_signs.py",
    "tests/house/test_mutants.py",
    "tests/house/test_operation_matrix.py",
    "tests/house/test_permission_matrix.py",
    "tests/imaging/test_hostile_photos.py",
    "tests/storage/test_feed.py",
    "tests/storage/test_work_lists_on_both.py",
    "tests/sync/test_clocks.py",
    "tests/sync/test_erasure_on_any_evening.py",
    "tests/sync/test_laws.py",
    "tests/sync/test_merge.py",
    "tests/sync/test_task_links.py",
    "tests/web/test_hostile_outputs.py",
    "tests/web/test_hostile_words.py",
    "tests/web/test_hostile_work.py",
)


def _tests_in_lanes(env: Mapping[str, str]) -> bool:
    # `-m`: the folder is then a place to import from, before pytest has read any setting.
    pytest = ["-m", "pytest", "-p", "tests.where", "-p", "no:cacheprovider"]
    # Unlike `-m pytest` it does not look for modules where it stands.
    counted = ["-m", "slipcover", "--dont-wrap-pytest", "--source=trygghetsvandring", "--branch", "--json"]
    others = [f"--ignore={path}" for path in (*KILLING, *SCREENS, *LONG)]
    python = str(BIN / "python")
    with _fast_folder() as folder:
        env = env if folder is None else {**env, "TMPDIR": str(folder)}
        passed = lanes.run(
            (
                ("dödande", [python, *pytest, *KILLING]),
                ("långa", [python, *pytest, *LONG]),
                ("skärmar", [python, *pytest, *SCREENS]),
                ("övriga", ["env", f"PYTHONPATH={ROOT}", python, *counted, f"--out={COVERAGE}", *pytest, *others]),
            ),
            env,
        )
    if passed:
        _say_coverage()
    say("Alla tester är gröna." if passed else "Tester föll: se ovan.")
    return passed


@contextmanager
def _fast_folder() -> Iterator[Path | None]:
    """A folder in memory for the tests' own files, where there is plenty: on a disk the lanes stand in each other's
    way at every fsync. What must meet a real disk makes one of its own (tests/crash), and `night` has no such folder.
    """
    disk = Path("/dev/shm")  # noqa: S108 - a folder nobody else knows the name of is made in it
    if not disk.is_dir() or shutil.disk_usage(disk).free < ROOM_IN_MEMORY or _free_memory() < 2 * ROOM_IN_MEMORY:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="trygg-tests-", dir=disk) as folder:
        Path(folder).chmod(0o755)  # PostgreSQL's own user has to come through
        yield Path(folder)


def _free_memory() -> int:
    """Bytes that could be had without swapping."""
    lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")), 0)


def _say_coverage() -> None:
    """Room by room; the lines themselves are in the file, for whoever looks for them."""
    rooms: dict[str, list[int]] = {}
    for file, lines in json.loads(COVERAGE.read_text(encoding="utf-8"))["files"].items():
        parts = Path(file).parts
        it, room = lines["summary"], parts[1] if len(parts) > 2 else "."
        seen = (it["covered_lines"], it["missing_lines"], it["covered_branches"], it["missing_branches"])
        for name in (room, "alla rum"):
            rooms[name] = [a + b for a, b in zip(rooms.get(name, [0] * 4), seen, strict=True)]
    say(f"\nTäckning, utan det som provas i de andra banorna. Rad för rad: {COVERAGE.name}")
    for name, (lines, no_lines, branches, no_branches) in sorted(rooms.items()):
        say(f"  {name:14} {_share(lines, no_lines)} av raderna, {_share(branches, no_branches)} av vägvalen")


def _share(seen: int, unseen: int) -> str:
    return f"{100 * seen / (seen + unseen):5.1f} %" if seen + unseen else "   —   "


def night() -> int:
    """What tries for hours: the same benches as in `test`, at their full length, one after the other."""
    set_up(TO_RUN, for_tests=True)
    env = {**environment(), "TRYGG_PROFILE": "night"}
    held = subprocess.run(npm("test"), cwd=PWA, env={**env, "CI": "1"}, check=False).returncode == 0
    laws, photos = ("tests/sync/test_laws.py", "tests/storage/test_feed.py"), "tests/imaging/test_hostile_photos.py"
    benches = (*laws, photos, "tests/crash", "tests/browsers", "tests/wire")
    passed = [
        subprocess.run([str(BIN / "pytest"), it], cwd=ROOT, env=env, check=False).returncode == 0 for it in benches
    ]
    return 0 if held and all(passed) else 1


def power_cuts() -> int:
    """2 where power cannot be cut: neither a pass nor a failure, and it says why."""
    set_up(TO_RUN, for_tests=True)
    command = [str(BIN / "python"), "-m", "tests.crash.power_cuts"]
    return subprocess.run(command, cwd=ROOT, env=environment(), check=False).returncode


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
    "night": night,
    "power-cuts": power_cuts,
    "bench": bench,
    "build": build,
    "packages": packages,
    "lock": lock,
}


def main(words: list[str]) -> int:
    # Compiled once and kept: without it every server that a test starts compiles all its libraries anew, for seconds.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
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
