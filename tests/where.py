"""Where a test run stands, for the one who waits for it (.ci/lanes.py): at which test, what has failed, and why it
goes no further."""

import asyncio
import faulthandler
import linecache
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest

# Taken out, so that no test run inside a test says where that one stands.
_NOW = os.environ.pop("TRYGG_NOW", None)
_FAILED = os.environ.pop("TRYGG_FAILED", None)
_AS_MUCH_AS_ONE_READS = 4_000


def pytest_runtest_logstart(nodeid: str) -> None:
    if _NOW:
        Path(_NOW).write_text(nodeid, encoding="utf-8")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """At once, and the end of it: a lane tells all it has when it is over, which may be twenty minutes later."""
    if _FAILED and report.failed:
        told = [report.longreprtext, *(f"── {name}\n{text}" for name, text in report.sections)]
        with Path(_FAILED).open("a", encoding="utf-8") as out:
            print(f"FÖLL ({report.when}): {report.nodeid}", file=out)
            for text in told:
                print(text[-_AS_MUCH_AS_ONE_READS:], file=out)


def pytest_collection_finish() -> None:
    if _NOW:
        signal.signal(signal.SIGUSR1, _say_where)
        # Threads at once, also when the first of them stands in a call that hears no signal; then the tasks.
        faulthandler.register(signal.SIGUSR1, file=_TO, all_threads=True, chain=True)


def _say_where(_signal: int, _frame: FrameType | None) -> None:
    """What each task of the loop waits for: the thread of a loop shows only that it waits."""
    with os.fdopen(os.dup(_TO), "w", encoding="utf-8") as out:
        for task in _tasks():
            print(f"\n{task!r}", file=out)
            for line in _awaited(task.get_coro()):
                print(line, file=out)


def _awaited(it: object) -> Iterator[str]:
    """From the task inwards; a task's own stack shows only its outermost function."""
    while it is not None:
        kind = next((kind for kind in ("cr", "gi", "ag") if hasattr(it, f"{kind}_frame")), None)
        frame: FrameType | None = getattr(it, f"{kind}_frame", None)
        if frame is None:
            yield f"  {it!r}"
            return
        line = linecache.getline(frame.f_code.co_filename, frame.f_lineno).strip()
        yield f"  {frame.f_code.co_filename}:{frame.f_lineno} {frame.f_code.co_name}: {line}"
        it = getattr(it, "gi_yieldfrom" if kind == "gi" else f"{kind}_await", None)


def _tasks() -> set[asyncio.Task[object]]:
    try:
        return asyncio.all_tasks()
    except RuntimeError:  # no loop is running
        return set()


# The lane's own output, taken before pytest begins to keep what tests print: that is shown when a test has ended, and
# this one does not end. So the lanes load this with `-p`, before everything else.
_TO = os.dup(2)
