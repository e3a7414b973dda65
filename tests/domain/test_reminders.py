"""Six clocks, three steps, in Swedish working days."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.domain.task_makers import COORDINATOR, HANDLER, WALKER, a_task
from trygghetsvandring.domain.hand_overs import HandOver
from trygghetsvandring.domain.reminders import STEPS, Clock, Unsorted, Whom, is_told_of, late, whom, working_days
from trygghetsvandring.domain.task_work import note, wish
from trygghetsvandring.domain.tasks import Task, TaskEvent, TaskState
from trygghetsvandring.domain.times import working_days_after

THURSDAY = date(2026, 11, 19)


def came(state: TaskState, day: date = THURSDAY, **changes: Any) -> Task:
    """A task that came to where it stands on that day."""
    at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    before = TaskState.NEW if state is TaskState.ASSIGNED else TaskState.ASSIGNED
    moved = TaskEvent(at=at, type="task.moved", start=before, end=state, by="Någon", text="")
    return a_task(state=state, history=(moved,), **changes)


def test_working_days_skip_weekends_and_christmas() -> None:
    assert working_days(date(2026, 11, 20), date(2026, 11, 23)) == 1  # Friday to Monday
    assert working_days(date(2026, 12, 23), date(2026, 12, 28)) == 1  # Christmas between
    assert working_days(date(2026, 11, 20), date(2026, 11, 20)) == 0
    assert working_days(date(2026, 11, 23), date(2026, 11, 20)) == 0


@pytest.mark.parametrize(
    ("state", "facts", "clock", "since"),
    [
        (TaskState.NEW, {}, Clock.UNDECIDED, THURSDAY),
        (TaskState.ASSIGNED, {}, Clock.NOT_ACCEPTED, THURSDAY),
        (TaskState.ACCEPTED, {}, Clock.NO_NEWS, THURSDAY),
        (TaskState.IN_PROGRESS, {}, Clock.NO_NEWS, THURSDAY),
        (TaskState.PLANNED, {"planned_on": date(2026, 12, 1)}, Clock.NO_NEWS, date(2026, 12, 1)),
        (TaskState.WAITING, {"next_look_on": date(2026, 12, 3)}, Clock.LOOK_PASSED, date(2026, 12, 3)),
        (TaskState.REFERRED, {"next_look_on": date(2026, 12, 3)}, Clock.LOOK_PASSED, date(2026, 12, 3)),
        (TaskState.DONE, {"done_on": THURSDAY}, Clock.NOT_VERIFIED, THURSDAY),
    ],
)
def test_each_state_that_somebody_is_waited_for_in_has_its_clock(
    state: TaskState, facts: dict[str, Any], clock: Clock, since: date
) -> None:
    it = late(came(state, **facts), THURSDAY)

    assert it is not None
    assert (it.clock, it.since, it.step) == (clock, since, 0)


@pytest.mark.parametrize("state", [TaskState.WONT_DO, TaskState.VERIFIED])
def test_nobody_is_waited_for_elsewhere(state: TaskState) -> None:
    assert late(came(state), THURSDAY + timedelta(days=300)) is None


def test_what_goes_on_in_an_authoritys_own_system_is_late_with_nobody() -> None:
    handed_over = HandOver(party="Miljö och bygg", reference="MB 2026:114", handed_on=THURSDAY)

    assert late(came(TaskState.ACCEPTED, handed_over=handed_over), THURSDAY + timedelta(days=300)) is None


@pytest.mark.parametrize("clock", Clock)
def test_each_step_comes_on_its_working_day_and_not_the_day_before(clock: Clock) -> None:
    state = {
        Clock.UNDECIDED: TaskState.NEW,
        Clock.DOUBTED: TaskState.VERIFIED,
        Clock.NOT_ACCEPTED: TaskState.ASSIGNED,
        Clock.NO_NEWS: TaskState.ACCEPTED,
        Clock.LOOK_PASSED: TaskState.WAITING,
        Clock.NOT_VERIFIED: TaskState.DONE,
    }[clock]
    doubt: dict[str, Any] = {"reopen_proposed": True, "doubted_on": THURSDAY} if clock is Clock.DOUBTED else {}
    task = came(state, next_look_on=THURSDAY, done_on=THURSDAY, **doubt)
    for step, days in enumerate(STEPS[clock], 1):
        if days == 0:
            assert (it := late(task, THURSDAY)) is not None and it.step == step
            continue
        on = working_days_after(THURSDAY, days)
        now, before = late(task, on), late(task, on - timedelta(days=1))
        assert now is not None
        assert before is not None
        assert (now.step, before.step) == (step, step - 1)


def test_a_note_is_news_but_does_not_accept() -> None:
    later = datetime(2026, 11, 25, 9, tzinfo=UTC)

    def since(state: TaskState) -> date:
        it = late(note(came(state), text="Vi tittar.", by=HANDLER, at=later), date(2026, 11, 25))
        assert it is not None
        return it.since

    assert since(TaskState.ASSIGNED) == THURSDAY
    assert since(TaskState.ACCEPTED) == date(2026, 11, 25)


def test_it_goes_up_to_the_head_and_then_to_the_coordinator() -> None:
    here = frozenset(Whom) - {Whom.PARTY}
    steps = [whom(Clock.NOT_ACCEPTED, step, has_accounts=True, here=here) for step in (1, 2, 3)]

    assert steps == [{Whom.HANDLER}, {Whom.HANDLER, Whom.HEAD}, {Whom.HEAD, Whom.COORDINATOR}]


def test_a_party_without_accounts_is_asked_first_and_the_coordinator_rings() -> None:
    here = frozenset({Whom.PARTY, Whom.COORDINATOR})
    steps = [whom(Clock.NOT_ACCEPTED, step, has_accounts=False, here=here) for step in (1, 2, 3)]

    assert steps == [{Whom.PARTY}, {Whom.PARTY, Whom.COORDINATOR}, {Whom.COORDINATOR}]


def test_a_step_never_reaches_nobody_and_never_asks_the_doer_to_see_his_own_work() -> None:
    for clock in Clock:
        for step in (1, 2, 3):
            for has_accounts in (True, False):
                assert whom(clock, step, has_accounts=has_accounts, here=frozenset())
    assert whom(Clock.NOT_VERIFIED, 1, has_accounts=True, here=frozenset(Whom)) == {Whom.COORDINATOR}


def test_that_findings_wait_is_said_once_when_they_are_late_and_then_weekly() -> None:
    """Ten days with something late every morning, the oldest another one each time: somebody sorts."""
    first = date(2026, 11, 23)
    told: list[date] = []
    for n in range(10):
        today = first + timedelta(days=n)
        waits = Unsorted(count=3, since=first - timedelta(days=2) + timedelta(days=n // 5), days=2, step=1)
        if is_told_of(waits, told[-1] if told else None, today):
            told.append(today)
    assert told == [first, first + timedelta(days=7)]
    anew = Unsorted(count=1, since=told[-1] + timedelta(days=1), days=2, step=1)
    assert is_told_of(anew, told[-1], told[-1] + timedelta(days=3))  # all of those were sorted


def test_only_those_who_work_on_it_stop_the_clock_of_no_news() -> None:
    taken, later = came(TaskState.ACCEPTED), datetime(2026, 11, 30, 9, tzinfo=UTC)

    def since(task: Task) -> date:
        it = late(task, later.date())
        assert it is not None
        return it.since

    theirs = note(taken, text="Vi väntar på delar.", by=HANDLER, at=later)
    assert since(theirs) == later.date()
    assert since(note(taken, text="Ringde dem, inget svar.", by=COORDINATOR, at=later)) == THURSDAY
    assert since(wish(taken, "Det var fel lampa.", WALKER, later)) == THURSDAY
    after = note(theirs, text="Tack.", by=COORDINATOR, at=later + timedelta(days=3))
    assert since(after) == later.date()
