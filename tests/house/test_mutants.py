"""Seeded faults in sync and in the two machines, each of which a fast test must notice.

`mutants_*.json` name the file, what stands there, what stands there instead, and the tests that see it (without
`tests`: those of the room). Each is planted in a copy of the package; the tests in the tree run against the copy.
"""

import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.nurseries import bare

ROOT = Path(__file__).parents[2]
LISTS = sorted(Path(__file__).parent.glob("mutants_*.json"))
AT_ONCE = 2
AT_LEAST = 30
_PATIENCE_S = 600.0


@dataclass(frozen=True)
class Mutant:
    number: int
    file: str
    find: str
    replace: str
    tests: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.file}: {self.find.strip()!r} → {self.replace.strip()!r}"


def mutants() -> list[Mutant]:
    listed = [entry for path in LISTS for entry in json.loads(path.read_text())]
    return [
        Mutant(number, it["file"], it["find"], it["replace"], tuple(it.get("tests") or of_its_room(it["file"])))
        for number, it in enumerate(listed)
    ]


def of_its_room(file: str) -> list[str]:
    """`domain/task_work.py` and `domain/tasks.py` share their machine, so also their tests."""
    floor, stem = file.split("/")[-2], Path(file).stem
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests" / floor).glob(f"test_{stem[:4]}*.py"))


def a_copy(folder: Path) -> Path:
    """The package and the migrations it looks for beside itself, compiled as they are; only the planted file is not."""
    ignored = shutil.ignore_patterns("static")
    shutil.copytree(ROOT / "trygghetsvandring", folder / "trygghetsvandring", ignore=ignored)
    shutil.copytree(ROOT / "migrations", folder / "migrations", ignore=ignored)
    return folder


@dataclass(frozen=True)
class Result:
    """pytest's own answer: 0 all well, 1 a test failed, anything else is a run that proves nothing."""

    answer: int
    said: str


def run(folder: Path, tests: tuple[str, ...]) -> Result:
    # What stands ready is imported already, so that pytest cannot rewrite its assertions. It has none.
    words = ["-x", "-q", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
    words += ["-o", f"pythonpath={folder} {ROOT}", *tests]
    environment = os.environ | {
        "PYTHONDONTWRITEBYTECODE": "1",
        "HYPOTHESIS_STORAGE_DIRECTORY": str(folder / "examples"),
    }
    log = folder / "pytest.log"
    answer = bare().start(words, environment, log, module="pytest").wait(_PATIENCE_S)
    return Result(answer, log.read_text())


def planted(mutant: Mutant, folder: Path) -> Path:
    copy = a_copy(folder / str(mutant.number))
    file = copy / mutant.file
    text = file.read_text()
    assert text.count(mutant.find) == 1, f"stands there {text.count(mutant.find)} times, not once: {mutant}"
    file.write_text(text.replace(mutant.find, mutant.replace))
    return copy


def test_without_a_fault_the_named_tests_pass(tmp_path: Path) -> None:
    tests = tuple(sorted({test for mutant in mutants() for test in mutant.tests}))

    result = run(a_copy(tmp_path), tests)

    assert result.answer == 0, result.said[-3_000:]


def test_every_seeded_fault_is_noticed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seeded = mutants()

    with ThreadPoolExecutor(AT_ONCE) as at_once:
        results = list(at_once.map(lambda mutant: run(planted(mutant, tmp_path), mutant.tests), seeded))

    killed = [mutant for mutant, result in zip(seeded, results, strict=True) if result.answer == 1]
    with capsys.disabled():
        print(f"\nmutants: {len(killed)} killed of {len(seeded)}")
    survived = [
        f"{mutant} (pytest answered {result.answer})\n{result.said[-400:]}"
        for mutant, result in zip(seeded, results, strict=True)
        if result.answer != 1
    ]
    assert survived == []
    assert len(seeded) >= AT_LEAST
