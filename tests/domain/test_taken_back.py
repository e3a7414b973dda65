"""A party hears that the municipality took a task back, when it was the municipality that did."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.domain.task_makers import COORDINATOR, LATER, MONDAY, OTHER_HANDLER, a_task, an_id, take
from trygghetsvandring.domain import task_links
from trygghetsvandring.domain.answer_links import LASTS, AnswerLink, revoked
from trygghetsvandring.domain.taken_back import is_taken_back
from trygghetsvandring.domain.tasks import DeclineReason, Task

PARTY = "ab-bostader"
ASKED, LATER_ON = MONDAY + timedelta(minutes=1), MONDAY + timedelta(hours=2)


def given(n: int = 1, department: str = PARTY) -> Task:
    task = a_task(id=an_id(500 + n), number=f"Å-{n}", findings=(an_id(600 + n),))
    return take("task.assign", task, by=COORDINATOR, department=department)


def a_link(task: Task, **changes: Any) -> AnswerLink:
    facts: dict[str, Any] = {"id": an_id(700), "version": 1, "task": task.id, "number": "K-1", "party": PARTY}
    facts |= {"recipient": "", "to": "drift@bostader.test", "secret_hash": "", "made_at": ASKED, "made_by": ""}
    return AnswerLink(**facts, ends_at=ASKED + LASTS, answer_by=LATER, stay=(0, 0), **changes)


def test_not_what_the_party_itself_said_no_to_whoever_wrote_it_down() -> None:
    task = given()
    for by in (OTHER_HANDLER, replace(COORDINATOR, organisation=PARTY)):
        no = take("task.decline", task, by=by, at=LATER_ON, reason=DeclineReason.UNCLEAR, next_owner=None)
        assert not is_taken_back(a_link(task), no, LATER_ON)
        assert is_taken_back(a_link(task, helps=True), no, LATER_ON)  # a contractor has said nothing


def test_not_what_goes_on_with_the_same_party_under_another_number() -> None:
    task = given(1)
    for other, taken in ((given(2), False), (given(3, "gata-park"), True)):
        gone, into = task_links.merge(task, other, COORDINATOR, LATER_ON)
        assert is_taken_back(a_link(task), gone, LATER_ON, into) is taken


def test_what_was_retracted_or_whose_link_was_revoked() -> None:
    task = given()
    gone = task_links.retract(task, reason="Gjord av misstag.", by=COORDINATOR, at=LATER_ON)
    assert is_taken_back(a_link(task), gone, LATER_ON)
    assert is_taken_back(revoked(a_link(task), "Trygghetssamordnare", LATER_ON), task, LATER_ON)
    assert not is_taken_back(a_link(task), task, LATER_ON)
