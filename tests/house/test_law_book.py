"""docs/sync.md names code and tests that exist, and every test that claims a law stands in the book."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BOOK = (ROOT / "docs" / "sync.md").read_text(encoding="utf-8")
_LAW = re.compile(r"^### (\d+)\. .+$", re.MULTILINE)
_CELL = re.compile(r"^\| (.*?) \| (.*?) \|$", re.MULTILINE)


def laws() -> dict[int, str]:
    """Number → everything said about it."""
    parts = _LAW.split(BOOK)[1:]
    return {int(number): text for number, text in zip(parts[::2], parts[1::2], strict=True)}


def cells(text: str, column: int) -> list[str]:
    return [row[column].strip() for row in _CELL.findall(text) if row[column].strip() not in ("", "code", "test")]


def claimed(path: Path) -> set[tuple[int, str]]:
    """(law, test) for each `@pytest.mark.law(n)`."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.law":
                    assert isinstance(mark.args[0], ast.Constant) and isinstance(mark.args[0].value, int)
                    found.add((mark.args[0].value, f"{path.relative_to(ROOT)}::{node.name}"))
    return found


def in_the_tree() -> set[tuple[int, str]]:
    return {it for path in (ROOT / "tests").rglob("test_*.py") for it in claimed(path)}


def in_the_book() -> set[tuple[int, str]]:
    return {(number, cell.strip("`")) for number, text in laws().items() for cell in cells(text, 1) if "::" in cell}


def test_laws_are_numbered_without_a_gap() -> None:
    assert list(laws()) == list(range(1, len(laws()) + 1))


def test_the_book_and_the_tests_say_the_same() -> None:
    assert in_the_tree() == in_the_book()


@pytest.mark.parametrize("number", laws())
def test_a_law_says_how_far_it_is_proven_and_names_code_and_a_test(number: int) -> None:
    text = laws()[number]

    assert re.search(r"^Proven: (fully|in part: .+)\.$", text, re.MULTILINE)
    assert cells(text, 0)
    assert cells(text, 1)


@pytest.mark.parametrize("number", laws())
def test_the_code_a_law_names_is_there(number: int) -> None:
    for cell in cells(laws()[number], 0):
        file, _, name = cell.strip("`").partition(":")
        assert name and (ROOT / file).is_file(), cell
        assert re.search(rf"\b{re.escape(name)}\b", (ROOT / file).read_text(encoding="utf-8")), f"{name} in {file}"


@pytest.mark.parametrize("number", laws())
def test_the_phones_tests_a_law_names_are_there(number: int) -> None:
    for cell in cells(laws()[number], 1):
        if "::" not in cell:
            file, sentence = cell.split(" · ", 1)
            assert f'test("{sentence}"' in (ROOT / file.strip("`")).read_text(encoding="utf-8"), sentence
