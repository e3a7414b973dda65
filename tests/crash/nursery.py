"""Where servers are born: one process that has imported everything, and forks a real `trygg serve` for each life.

What a start costs is the importing, and a night has a thousand starts. Orders come as lines of JSON on standard input,
answers go as lines of JSON on standard output. A child that outlives this process is killed by the kernel.

`--plant NAME` damages the server on purpose (tests/crash/plants.py), so that the harness can be seen to notice.
"""

import asyncio
import ctypes
import json
import os
import signal
import sys
import tempfile
from typing import Any, NoReturn

import uvicorn

_PR_SET_PDEATHSIG = 1


def main(words: list[str]) -> None:
    from tests.crash import plants
    from trygghetsvandring import cli

    for word in words:
        plants.PLANTS[word]()
    _warm_up()
    libc = ctypes.CDLL(None)
    _say(ready=os.getpid())
    for line in sys.stdin:
        order = json.loads(line)
        if "start" in order:
            child = os.fork()
            if child == 0:
                libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
                _live(cli.main, order)
            _say(pid=child)
        else:
            _, status = os.waitpid(order["wait"], 0)
            _say(status=os.waitstatus_to_exitcode(status))


def _warm_up() -> None:
    """What a start imports on its way. Nothing of it is kept but the modules, and no thread is left when it returns."""
    from trygghetsvandring.storage import migrate

    with tempfile.TemporaryDirectory(prefix="trygg-nursery-") as folder:
        asyncio.run(migrate.upgrade(f"sqlite+aiosqlite:///{folder}/trygg.sqlite"))
    uvicorn.Config("tests.crash.nursery:main").load()


def _say(**words: int) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def _live(command: Any, order: dict[str, Any]) -> NoReturn:
    """As `trygg …` would: its own words, its own environment, its own log. Never returns."""
    os.environ.update(order["environment"])
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for descriptor, stands_for in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(descriptor, stands_for)
    try:
        command(order["start"], standalone_mode=True)
    except SystemExit as end:
        os._exit(end.code if isinstance(end.code, int) else 1)
    finally:
        os._exit(70)


if __name__ == "__main__":
    main(sys.argv[1:])
