"""`make test` runs its tests in lanes beside each other, and a test that stands still is named, explained and ended."""

import importlib
import os
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
STANDS_STILL = """
import asyncio
import signal

async def waits_for_what_never_comes():
    await asyncio.Event().wait()

async def test_that_never_ends():
    {said}
    await waits_for_what_never_comes()

def test_after_it():
    pass
"""


@pytest.fixture
def lanes(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(ROOT / ".ci"))
    module = importlib.import_module("lanes")
    monkeypatch.setattr(module, "LOOK_EVERY_S", 0.05)
    monkeypatch.setattr(module, "SAY_EVERY_S", 0.5)
    return module


def lane(folder: Path, name: str, text: str) -> tuple[str, list[str]]:
    (folder / f"test_{name}.py").write_text(text)
    command = [sys.executable, "-m", "pytest", "-p", "tests.where", "-p", "no:cacheprovider", "--rootdir", str(folder)]
    return name, [*command, "-o", "asyncio_mode=auto", str(folder / f"test_{name}.py")]


def test_lanes_pass_when_all_of_them_do_and_each_tells_its_own(
    lanes: Any, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    one = lane(tmp_path, "one", "def test_it():\n    pass\n")
    two = lane(
        tmp_path,
        "two",
        "import time\n\ndef test_it():\n    print('what was heard')\n    raise AssertionError('not this one')\n\n"
        "def test_next():\n    time.sleep(2)\n",
    )

    assert lanes.run([one], os.environ) is True
    assert lanes.run([one, two], os.environ) is False
    said = capfd.readouterr().out
    at_once, _, at_last = said.partition("── two")
    for told in (at_once, at_last):
        assert "two.py::test_it" in told
    assert "not this one" in at_once
    assert "what was heard" in at_once
    assert at_last.rstrip().splitlines()[-1].startswith("two: FÖLL (call): ")
    assert said.count("── one") == 2


def test_a_test_that_stands_still_is_named_says_where_and_is_ended_also_when_it_hears_nothing(
    lanes: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(lanes, "TO_SAY_WHERE_S", 1.0)
    monkeypatch.setattr(lanes, "TO_GIVE_UP_S", 1.0)
    still = lane(tmp_path, "still", STANDS_STILL.format(said="pass"))
    deaf = lane(tmp_path, "deaf", STANDS_STILL.format(said="signal.signal(signal.SIGINT, signal.SIG_IGN)"))
    other = lane(tmp_path, "other", "def test_it():\n    pass\n")

    assert lanes.run([still, deaf, other], os.environ, still_s=5.0) is False

    said = capfd.readouterr().out
    for name in ("still", "deaf"):
        told = said.partition(f"── {name}")[2].partition("\n── ")[0]
        assert "STOD STILL i 5 s och avbröts: " in told
        assert f"test_{name}.py::test_that_never_ends" in told
        assert "waits_for_what_never_comes: await asyncio.Event().wait()" in told
    assert "::test_that_never_ends (" in said
    assert "1 passed" in said.partition("── other")[2].partition("\n── ")[0]
