"""What the documents say is what runs: drawn tables are up to date, every word exists, every link leads somewhere."""

import json
import re
from functools import cache
from pathlib import Path

import click
import pytest

from docs.draw_routes import API, drawn
from tests.house.tracked import text_of, tracked
from trygghetsvandring import cli, config

ROOT = Path(__file__).parents[2]
VOCABULARY = ROOT / "docs" / "vocabulary.md"
WIRE = ROOT / "pwa" / "src" / "domain" / "wire.ts"
LINK = re.compile(r"!?\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


@cache
def source() -> str:
    """Everything we have written, without the documents."""
    code = ("trygghetsvandring/", "pwa/src/")
    names = [name for name in tracked() if name.startswith(code) and name.endswith((".py", ".ts", ".tsx"))]
    return "\n".join(text_of(name) or "" for name in names)


@cache
def screens() -> set[str]:
    """Every text of the three surfaces."""
    return {
        text
        for path in (ROOT / "pwa" / "src" / "ui" / "words").glob("*.words.json")
        for text in json.loads(path.read_text(encoding="utf-8")).values()
    }


def rows(section: str) -> list[list[str]]:
    """The rows of the table under a heading, without its head."""
    text = VOCABULARY.read_text(encoding="utf-8").split(f"## {section}\n")[1].split("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def code_words() -> list[str]:
    tables = "\n".join(line for line in VOCABULARY.read_text("utf-8").splitlines() if line.startswith("|"))
    return sorted(set(re.findall(r"`([^`]+)`", tables)))


def wire_words(name: str) -> set[str]:
    """The strings of one union in wire.ts, by what stands before it."""
    found = re.search(rf"{re.escape(name)}\s*((?:\|?\s*\"[a-z_]+\"\s*)+);", WIRE.read_text(encoding="utf-8"))
    assert found is not None, name
    return set(re.findall(r'"([a-z_]+)"', found[1]))


def told() -> set[str]:
    text = VOCABULARY.read_text("utf-8") + API.read_text("utf-8")
    return set(re.findall(r"`([^`]+)`", re.sub(r"(?s)```.*?```", "", text)))


def test_the_tables_of_the_api_are_drawn_from_what_runs() -> None:
    text = API.read_text(encoding="utf-8")

    assert drawn(text) == text, "run: python docs/draw_routes.py"


def test_a_table_that_is_out_of_date_would_be_seen() -> None:
    text = API.read_text(encoding="utf-8").replace("| `task.plan` |", "| `task.paint` |")

    assert drawn(text) != text


@pytest.mark.parametrize("word", code_words())
def test_a_code_word_of_the_vocabulary_stands_in_the_code(word: str) -> None:
    assert re.search(rf"(?<![\w.]){re.escape(word)}(?!\w)", source()), word


@pytest.mark.parametrize("section", ["States of a finding", "States of a task", "On the phone"])
def test_the_words_for_states_are_the_ones_on_the_screen(section: str) -> None:
    said = {row[0] for row in rows(section)} - {"–"}

    assert said - screens() == set()


@pytest.mark.parametrize(
    ("union", "section"),
    [
        ("export type TaskWord =", "States of a task"),
        ("export type OutcomeWord =", "What the server answers"),
    ],
)
def test_every_state_of_the_wire_has_its_row(union: str, section: str) -> None:
    words = {word for row in rows(section) for word in re.findall(r"`([^`]+)`", row[1] + row[0])}

    assert wire_words(union) == words


def test_every_operation_and_every_reply_of_the_wire_is_told_of() -> None:
    bodies = WIRE.read_text(encoding="utf-8").split("export interface Bodies {")[1].split("\n}")[0]
    operations = set(re.findall(r'^  "([a-z_.]+)":', bodies, flags=re.MULTILINE))

    assert len(operations) > 30
    assert operations - told() == set()
    assert wire_words("export type ReplyWord =") - told() == set()


def test_every_setting_stands_in_the_readme() -> None:
    read = set(re.findall(r'environ\.get\("(TRYGG_[A-Z_]+)"', Path(config.__file__).read_text(encoding="utf-8")))
    listed = set(re.findall(r"^\| `(TRYGG_[A-Z_]+)`", text_of("README.md") or "", flags=re.MULTILINE))

    assert listed == read


def commands(group: click.Group, before: str = "trygg") -> list[str]:
    found = []
    for name, it in group.commands.items():
        found += commands(it, f"{before} {name}") if isinstance(it, click.Group) else [f"{before} {name}"]
    return found


def test_every_command_stands_in_the_readme() -> None:
    listed = set(re.findall(r"^\| `(trygg [a-z]+(?: [a-z]+)?)", text_of("README.md") or "", flags=re.MULTILINE))

    assert listed == set(commands(cli.main))


@pytest.mark.parametrize("name", [name for name in tracked() if name.endswith(".md")])
def test_every_link_between_documents_leads_somewhere(name: str) -> None:
    targets = [link for link in LINK.findall(text_of(name) or "") if "://" not in link]

    assert [link for link in targets if not ((ROOT / name).parent / link).exists()] == []


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md"))

    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md")), ids=lambda path: path.stem)
def test_a_decision_says_why_what_and_what_follows(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    for heading in ("## Context", "## Decision", "## Consequences"):
        assert heading in text


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "screens").glob("*.png")), ids=lambda path: path.stem)
def test_a_picture_is_small(path: Path) -> None:
    assert path.stat().st_size <= 120 * 1024
