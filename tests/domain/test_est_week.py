"""An EST week as it is kept: three steps, the meeting, and decisions with an owner and a day."""

from collections import deque
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.domain.test_est_picture import a_count
from trygghetsvandring.demo.seed import lidkoping
from trygghetsvandring.domain import est_week as rules
from trygghetsvandring.domain.errors import PersonalData, TextTooLong
from trygghetsvandring.domain.est_week import ARROWS, EstDecision, EstStep, EstWeek, NextPlace
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.tasks import PublicTextNotSafe

HERE = lidkoping()
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TUESDAY = NOW.date()
BY: dict[str, Any] = {"by": "Trygghetssamordnare", "at": NOW}


def a_week(step: EstStep = EstStep.REPORTING) -> EstWeek:
    return EstWeek(id=uuid7(), version=1, week="2026-W47", step=step)


def a_decision(**changes: Any) -> EstDecision:
    it = EstDecision(
        id=uuid7(),
        text="Fler vuxna ute fredag kl. 22",
        owner="socialtjansten",
        due_on=date(2026, 11, 27),
        place="nya-stadens-torg",
        task=None,
        decided_on=TUESDAY,
        decided_by="Trygghetssamordnare",
    )
    return replace(it, **changes)


def a_place(**changes: Any) -> NextPlace:
    it = NextPlace(
        place="nya-stadens-torg",
        evening=date(2026, 11, 27),
        from_hour=22,
        to_hour=1,
        owner="nattvandrarna",
        why="Mest musik där.",
    )
    return replace(it, **changes)


DO: dict[str, Any] = {
    "est.review": lambda it: rules.review(it, **BY),
    "est.compile": lambda it: rules.compile_(it, unsorted=0, events=40, digest="d", **BY),
    "est.reopen": lambda it: rules.reopen(it, reason="Polisen har nya tal.", **BY),
}


@pytest.mark.parametrize("step", EstStep)
@pytest.mark.parametrize("operation", DO)
def test_every_step_is_taken_along_its_arrow_and_no_other(operation: str, step: EstStep) -> None:
    drawn = {(arrow.operation, arrow.start): arrow.end for arrow in ARROWS}
    if (operation, step) not in drawn:
        with pytest.raises(rules.NoSuchStep):
            DO[operation](a_week(step))
        return
    after = DO[operation](a_week(step))
    assert after.step is drawn[operation, step]
    assert (after.history[-1].start, after.history[-1].end) == (step, after.step)


def test_every_step_can_be_reached_and_left() -> None:
    reached, waiting = {EstStep.REPORTING}, deque([EstStep.REPORTING])
    while waiting:
        here = waiting.popleft()
        ends = {arrow.end for arrow in ARROWS if arrow.start is here}
        assert ends, here
        waiting.extend(ends - reached)
        reached |= ends
    assert reached == set(EstStep)


def test_nothing_is_signed_off_while_something_has_not_been_looked_at() -> None:
    with pytest.raises(rules.UnsortedLeft):
        rules.compile_(a_week(EstStep.REVIEW), unsorted=1, events=40, digest="d", **BY)


def test_a_week_is_signed_off_when_its_last_night_is_over() -> None:
    signing: dict[str, Any] = {"unsorted": 0, "events": 40, "digest": "d", "by": "Trygghetssamordnare"}
    night = datetime(2026, 11, 23, 4, 59, tzinfo=UTC)  # one minute to six in Sweden
    with pytest.raises(rules.EstWeekGoesOn):
        rules.compile_(a_week(EstStep.REVIEW), **signing, at=night)
    assert rules.compile_(a_week(EstStep.REVIEW), **signing, at=night + timedelta(minutes=1)).step is EstStep.COMPILED


def test_a_week_that_is_opened_again_says_why_and_is_not_signed_any_more() -> None:
    signed = DO["est.compile"](a_week(EstStep.REVIEW))
    with pytest.raises(rules.EstNotPossible):
        rules.reopen(signed, reason=" ", **BY)
    again = DO["est.reopen"](signed)
    assert (again.compiled, again.history[-1].text) == (None, "Polisen har nya tal.")


def test_a_party_counts_things_once_and_until_the_week_is_signed() -> None:
    first = a_count()
    it = rules.counted(a_week(), first, HERE, TUESDAY)
    assert [each.n for each in rules.counted(it, replace(first, n=7), HERE, TUESDAY).counts] == [7]
    with pytest.raises(rules.NoSuchStep):
        rules.counted(a_week(EstStep.COMPILED), first, HERE, TUESDAY)


@pytest.mark.parametrize(
    "wrong",
    [
        {"party": "ingen"},
        {"area": "Skövde"},
        {"area": "Järpås"},  # the place lies elsewhere
        {"category": "anna"},
        {"n": -1},
        {"n": 10_000},
        {"evening": date(2026, 11, 23)},
        {"hour": 24},
        {"evening": None, "hour": 22},
        {"told_on": date(2026, 11, 25)},
        {"told_by": " "},
    ],
)
def test_a_count_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(rules.EstNotPossible):
        rules.counted(a_week(), a_count(**wrong), HERE, TUESDAY)


def test_who_was_there_is_written_as_functions_once_each() -> None:
    it = rules.met(a_week(), on=TUESDAY, present=["Kommunpolis", " Kommunpolis ", "Bovärd", ""], today=TUESDAY)
    assert it.present == ("Kommunpolis", "Bovärd")
    for present in ([], [" "], [f"Funktion {n}" for n in range(41)]):
        with pytest.raises(rules.EstNotPossible):
            rules.met(a_week(), on=TUESDAY, present=present, today=TUESDAY)
    with pytest.raises(rules.EstNotPossible):
        rules.met(a_week(), on=date(2026, 11, 25), present=["Bovärd"], today=TUESDAY)
    with pytest.raises(PersonalData):
        rules.met(a_week(), on=TUESDAY, present=["Bovärd 850709-9805"], today=TUESDAY)


def test_a_decision_has_an_owner_a_day_and_words_about_no_person() -> None:
    it = rules.decided(a_week(), a_decision(), HERE)
    assert it.decisions[0].owner == "socialtjansten"
    for wrong in ({"owner": "ingen"}, {"place": "ingenstans"}, {"due_on": date(2026, 11, 23)}, {"text": " "}):
        with pytest.raises(rules.EstNotPossible):
            rules.decided(a_week(), a_decision(**wrong), HERE)
    with pytest.raises(PublicTextNotSafe):
        rules.decided(a_week(), a_decision(text="Prata med 850709-9805"), HERE)
    with pytest.raises(TextTooLong):
        rules.decided(a_week(), a_decision(text="x" * 121), HERE)
    with pytest.raises(rules.EstNotPossible):
        rules.decided(it, it.decisions[0], HERE)


def test_a_decision_that_was_not_carried_out_says_why_and_one_that_is_a_task_is_told_there() -> None:
    one, task = a_decision(), a_decision(task=uuid7())
    it = rules.decided(rules.decided(a_week(), one, HERE), task, HERE)
    done = rules.settled(it, one.id, is_done=True, said="", on=TUESDAY)
    assert (done.decisions[0].is_done, done.decisions[0].settled_on) == (True, TUESDAY)
    for id, error in (
        (one.id, rules.EstNotPossible),
        (task.id, rules.EstNotPossible),
        (uuid7(), rules.DecisionUnknown),
    ):
        with pytest.raises(error):
            rules.settled(it, id, is_done=False, said="", on=TUESDAY)


def test_next_weeks_places_lie_in_the_next_week_and_are_known() -> None:
    later, sooner = a_place(), a_place(evening=date(2026, 11, 26))
    assert rules.next_week(a_week(), [later, sooner], HERE).next_places == (sooner, later)
    for wrong in ({"evening": date(2026, 11, 20)}, {"place": "x"}, {"owner": "x"}, {"from_hour": 24}):
        with pytest.raises(rules.EstNotPossible):
            rules.next_week(a_week(), [a_place(**wrong)], HERE)
    with pytest.raises(PersonalData):
        rules.next_week(a_week(), [a_place(why="Han heter 850709-9805")], HERE)
