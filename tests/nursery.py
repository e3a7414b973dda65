"""Where servers are born: one process that has imported everything, and forks a real `trygg …` for each life.

What a start costs is the importing, and a build has hundreds of starts, a night a thousand. Orders come as lines of
JSON on standard input, answers go as lines of JSON on standard output. A child that outlives this process is killed by
the kernel.

A word names a damage to do on purpose (tests/crash/plants.py), so that the harness can be seen to notice. `--bare`
imports what the product is built of and nothing of its own, for children that bring another copy of it.
"""

import asyncio
import contextlib
import ctypes
import gc
import importlib
import json
import os
import re
import runpy
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

_PR_SET_PDEATHSIG = 1
_PACKAGE = Path(__file__).parents[1] / "trygghetsvandring"


def main(words: list[str]) -> None:
    command = _only_what_is_borrowed() if words == ["--bare"] else _all(words)
    libc = ctypes.CDLL(None)
    gc.freeze()  # what a child never collects it never copies
    _say(ready=os.getpid())
    for line in sys.stdin:
        order = json.loads(line)
        if "start" in order:
            child = os.fork()
            if child == 0:
                libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
                _live(command, order)
            _say(pid=child)
        else:
            ended, status = os.waitpid(order["ended"], os.WNOHANG)
            _say(status=os.waitstatus_to_exitcode(status) if ended else None)


def _all(plants: list[str]) -> Callable[..., object]:
    """`trygg`, with all that a start imports on its way. No thread is left when it returns."""
    import uvicorn

    from tests.crash.plants import PLANTS
    from trygghetsvandring import cli
    from trygghetsvandring.storage import migrate

    for name in plants:
        PLANTS[name]()
    with tempfile.TemporaryDirectory(prefix="trygg-nursery-") as folder:
        asyncio.run(migrate.upgrade(f"sqlite+aiosqlite:///{folder}/trygg.sqlite"))
    uvicorn.Config("tests.nursery:main").load()
    return cli.main


def _only_what_is_borrowed() -> Callable[..., object]:
    """Every module of others that the product names, and what its tests are run by."""
    sys.dont_write_bytecode = True
    imported = re.compile(r"^\s*(?:from|import) ([\w.]+)", re.MULTILINE)
    named = {name for file in _PACKAGE.rglob("*.py") for name in imported.findall(file.read_text(encoding="utf-8"))}
    for name in sorted({"hypothesis"} | {it for it in named if it.partition(".")[0] != _PACKAGE.name}):
        with contextlib.suppress(ImportError):  # a word in somebody's text
            importlib.import_module(name)
    import pytest

    return pytest.main


def _say(**words: int | None) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def _live(command: Any, order: dict[str, Any]) -> NoReturn:
    """As `trygg …` would: its own words, its own environment, its own log. Never returns."""
    for name, value in order["environment"].items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for descriptor, stands_for in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(descriptor, stands_for)
    module = order.get("module")
    try:
        if module:
            sys.argv = [module, *order["start"]]
            runpy.run_module(module, run_name="__main__", alter_sys=True)
        else:
            command(order["start"], standalone_mode=True)
    except SystemExit as end:
        _end(end.code if isinstance(end.code, int) else 1)
    except BaseException:  # noqa: BLE001  # there is nobody above to tell
        traceback.print_exc()
    finally:
        _end(70)


def _end(code: int) -> NoReturn:
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1:])
