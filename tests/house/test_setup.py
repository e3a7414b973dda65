"""The set-up does each step once, again when its input changes, and never calls a failed step done."""

import importlib
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """The set-up's own module, working in an empty folder."""
    monkeypatch.syspath_prepend(str(ROOT / ".ci"))
    module = importlib.import_module("steps")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "SETUP", tmp_path / ".setup")
    monkeypatch.setattr(module.machine, "missing_for_tests", list)
    return module


def a_step(steps: Any, tmp_path: Path, ran: list[str], fails: bool = False) -> Any:
    (tmp_path / "input").write_text("one")

    def do(_: Path) -> None:
        ran.append("ran")
        if fails:
            raise steps.machine.Stop("misslyckades")
        (tmp_path / "output").write_text("made")

    return steps.Step("step", "Ett steg", lambda: [tmp_path / "input"], (tmp_path / "output",), do)


def test_a_step_runs_once_and_says_one_line(steps: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran: list[str] = []
    step = a_step(steps, tmp_path, ran)

    steps.set_up((step,))
    steps.set_up((step,))

    assert ran == ["ran"]
    assert re.fullmatch(r"1/1 Ett steg … klart på \d,\d s\n", capsys.readouterr().out)


def test_a_step_runs_again_when_its_input_changes_or_its_output_is_gone(steps: Any, tmp_path: Path) -> None:
    ran: list[str] = []
    step = a_step(steps, tmp_path, ran)

    steps.set_up((step,))
    (tmp_path / "input").write_text("two")
    steps.set_up((step,))
    (tmp_path / "output").unlink()
    steps.set_up((step,))

    assert len(ran) == 3


def test_a_failed_step_is_not_done(steps: Any, tmp_path: Path) -> None:
    ran: list[str] = []
    step = a_step(steps, tmp_path, ran, fails=True)

    for _ in range(2):
        with pytest.raises(steps.machine.Stop):
            steps.set_up((step,))

    assert len(ran) == 2


def test_without_root_the_apt_line_is_said_in_full(steps: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps.machine, "_as_root", lambda: None)

    with pytest.raises(steps.machine.Stop, match="sudo apt-get install --yes --no-install-recommends chromium"):
        steps.machine.install(["chromium"])


def test_every_command_make_offers_is_explained_by_make_help() -> None:
    targets = re.search(r"(?m)^\.PHONY: (.*)$", (ROOT / "Makefile").read_text())
    assert targets is not None
    said = subprocess.run(
        [sys.executable, ".ci/house.py", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert set(re.findall(r"(?m)^make ([\w-]+)", said.stdout)) == set(targets[1].split()) - {"help"}


def test_the_build_server_calls_make_test() -> None:
    assert "exec make test </dev/null" in (ROOT / ".ci" / "run").read_text()
