"""The floors hold: the tree as it is passes, and one planted import breaks the check that `make check` runs.

Each violation is planted in a copy; an assertion on the contract's name shows that the right one broke.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package and its contracts, without what is built."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(
        ROOT / "trygghetsvandring",
        tmp_path / "trygghetsvandring",
        ignore=shutil.ignore_patterns("static", "__pycache__"),
    )
    return tmp_path


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """lint-imports reads the package in its working folder, which stands before any installed one."""
    return subprocess.run(
        [LINT_IMPORTS, "--no-logo", "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


def test_the_tree_as_it_is_passes() -> None:
    result = lint(ROOT)

    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 broken" in result.stdout


def test_an_untouched_copy_passes_so_that_only_the_plant_can_break_it(copy: Path) -> None:
    result = lint(copy)

    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("where", "planted", "broken"),
    [
        ("domain", "import trygghetsvandring.web", "A floor imports only the floors below it"),
        ("storage", "import trygghetsvandring.sync", "A floor imports only the floors below it"),
        ("imaging", "import trygghetsvandring.storage", "A floor imports only the floors below it"),
        ("web", "import sqlalchemy", "SQL lives in storage"),
        ("sync/ops", "from sqlalchemy import select", "SQL lives in storage"),
        ("jobs", "import sqlite3", "SQL lives in storage"),
        ("domain", "import starlette", "The domain knows no framework"),
        ("domain", "import httpx", "The domain knows no framework"),
        ("web", "import trygghetsvandring.config", "Only asgi and cli read the settings"),
    ],
)
def test_a_planted_violation_breaks_the_check(copy: Path, where: str, planted: str, broken: str) -> None:
    module = copy / "trygghetsvandring" / where / "planted.py"
    module.write_text(planted + "\n")

    result = lint(copy)

    assert result.returncode == 1
    assert any(line.startswith(broken) and "BROKEN" in line for line in result.stdout.splitlines()), result.stdout


def test_a_circle_between_two_rooms_breaks_the_check(copy: Path) -> None:
    domain = copy / "trygghetsvandring" / "domain"
    (domain / "hen.py").write_text("import trygghetsvandring.domain.egg\n")
    (domain / "egg.py").write_text("import trygghetsvandring.domain.hen\n")

    result = lint(copy)

    assert result.returncode == 1
    assert "Rooms on the same floor never import in circles BROKEN" in result.stdout


def test_a_module_on_no_floor_breaks_the_check(copy: Path) -> None:
    (copy / "trygghetsvandring" / "attic.py").write_text("")

    result = lint(copy)

    assert result.returncode == 1
    assert "A floor imports only the floors below it BROKEN" in result.stdout
