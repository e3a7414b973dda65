"""`docs/tasks.md` is drawn from the machines, so it cannot say anything else."""

from pathlib import Path

from docs.draw_tasks import draw

WRITTEN = Path(__file__).parents[2] / "docs" / "tasks.md"


def test_the_drawn_machines_are_the_ones_that_run() -> None:
    assert WRITTEN.read_text("utf-8") == draw(), "run: python docs/draw_tasks.py"


def test_the_drawing_names_every_arrow_once_in_each_table() -> None:
    text = draw()

    assert text.count("| accepted | planned | `task.plan` |") == 1
    assert text.count("    accepted --> planned: plan\n") == 1
    assert text.count("    [*] --> new: create\n") == 1
    assert "{" not in text
