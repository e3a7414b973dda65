"""Rows that are worked out once: never an old one, and never more of them than may be kept."""

from dataclasses import replace
from datetime import timedelta

import msgspec

from tests.domain.task_makers import TODAY, a_task, an_id
from trygghetsvandring.demo import seed
from trygghetsvandring.domain.tasks import TaskState
from trygghetsvandring.storage.records import encode
from trygghetsvandring.web.task_rows import Shown, task_row

HERE = seed.lidkoping()
TASK = a_task(TaskState.ASSIGNED, due_on=TODAY)


def test_a_kept_row_is_the_row() -> None:
    shown = Shown()

    once, again = shown.rows([encode(TASK)], HERE, TODAY), shown.rows([encode(TASK)], HERE, TODAY)

    assert once[0] is again[0]
    assert bytes(once[0]) == msgspec.json.encode(task_row(TASK, HERE, TODAY))


def test_another_version_another_day_and_other_settings_are_worked_out_anew() -> None:
    shown = Shown()
    shown.rows([encode(TASK)], HERE, TODAY)
    departments = tuple(replace(it, name=it.name + " nya") for it in HERE.departments)

    (changed,) = shown.rows([encode(replace(TASK, version=2, title="Byt stolpe"))], HERE, TODAY)
    (late,) = shown.rows([encode(TASK)], HERE, TODAY + timedelta(days=1))
    (renamed,) = shown.rows([encode(TASK)], replace(HERE, departments=departments), TODAY)

    assert msgspec.json.decode(changed)["title"] == "Byt stolpe"
    assert msgspec.json.decode(late)["late"] is True
    assert msgspec.json.decode(renamed)["department_name"].endswith(" nya")


def test_no_more_are_kept_than_may_be_and_municipalities_do_not_share() -> None:
    shown, there = Shown(most=3), replace(HERE, id="skara", departments=())
    docs = [encode(replace(TASK, id=an_id(n))) for n in range(5)]

    shown.rows(docs, HERE, TODAY)
    (row,) = shown.rows(docs[:1], there, TODAY)

    assert len(shown) == 4
    assert msgspec.json.decode(row)["department_name"] is None
    assert msgspec.json.decode(shown.rows(docs[:1], HERE, TODAY)[0])["department_name"] == "Gata och park"
