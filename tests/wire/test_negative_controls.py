"""What the bench is worth: phones and servers with a known fault must each be caught, and soon."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from tests.wire.house import Kit, Server, kit
from tests.wire.play import Figures
from tests.wire.run import played_on, sqlite
from tests.wire.schedules import schedule

SOON = 25


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Kit:
    return kit(tmp_path_factory.mktemp("kit"))


def first_violation(made: Kit, data: Path, *, phones: str | None = None, server: str | None = None) -> list[str]:
    """What the checker said of the first evening that it found fault with."""
    figures = Figures()
    seeds = range(1, SOON + 1)
    evenings = (replace(schedule(seed, plant=phones, may_kill=False, may_restore=False), badness=0.6) for seed in seeds)
    asyncio.run(played_on(Server(data, sqlite(data), server), made, evenings, figures, until_broken=True))
    return next(iter(figures.violations.values()), [])


@pytest.mark.law(18)
def test_an_outbox_that_deletes_a_photo_on_201_is_caught(made: Kit, tmp_path: Path) -> None:
    found = first_violation(made, tmp_path, phones="deletes_on_201")

    assert any(sentence.startswith(("1 ", "8 ", "18 ")) for sentence in found), found


@pytest.mark.law(7)
def test_an_outbox_that_believes_a_status_is_caught(made: Kit, tmp_path: Path) -> None:
    found = first_violation(made, tmp_path, phones="believes_the_status")

    assert any(sentence.startswith(("2 ", "7 ")) for sentence in found), found


@pytest.mark.law(2)
def test_a_server_that_forgets_what_it_answered_is_caught(made: Kit, tmp_path: Path) -> None:
    found = first_violation(made, tmp_path, server="forgets_what_it_answered")

    assert any(sentence.startswith(("2 ", "7 ")) for sentence in found), found


@pytest.mark.law(4)
def test_a_cursor_that_skips_a_row_is_caught(made: Kit, tmp_path: Path) -> None:
    found = first_violation(made, tmp_path, server="skips_a_row")

    assert any(sentence.startswith("3 ") for sentence in found), found
