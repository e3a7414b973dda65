"""What an arrow carries with it, how findings come and go, and what a walker's answer does."""

from dataclasses import replace
from datetime import date

import pytest

from tests.domain.task_makers import (
    AFTER_PHOTO,
    ANOTHER_FINDING,
    BOSTADER,
    COORDINATOR,
    FINDING,
    HANDLER,
    HEAD,
    LATER,
    MONDAY,
    OTHER_WALKER,
    TODAY,
    WALKER,
    YESTERDAY,
    a_task,
    confirm,
    take,
)
from trygghetsvandring.domain import task_links as links
from trygghetsvandring.domain import task_work as work
from trygghetsvandring.domain.hand_overs import HandOver
from trygghetsvandring.domain.rates import state_words
from trygghetsvandring.domain.tasks import (
    CLOSED,
    DateNotPossible,
    DeclineReason,
    Extent,
    FieldMissing,
    NeedsAFinding,
    NotYourTask,
    SeenThere,
    TaskIsClosed,
    TaskState,
    WaitReason,
)

# ---------------------------------------------------------------- what an arrow carries with it


def test_declining_counts_a_bounce_and_says_who_declined_and_who_is_next() -> None:
    back = take("task.decline", a_task(TaskState.ASSIGNED), by=HANDLER, next_owner=BOSTADER)

    assert (back.department, back.due_on, back.bounced) == (None, None, 1)
    assert back.explanation == (
        "Tillbaka från Handläggare, Gata och park. Fel ägare. Lampan är inte vår. Föreslår AB Bostäder."
    )


def test_inte_vart_names_another_owner_unless_it_is_said_from_outside() -> None:
    assigned = a_task(TaskState.ASSIGNED)

    with pytest.raises(FieldMissing):
        take("task.decline", assigned, by=HANDLER, next_owner=None)
    with pytest.raises(work.SameOwner):
        take("task.decline", assigned, by=HANDLER, next_owner=replace(BOSTADER, id="gata-park"))
    assert take("task.decline", assigned, by=HANDLER, next_owner=None, must_name=False).next_owner is None
    unclear = take("task.decline", assigned, by=HANDLER, next_owner=None, reason=DeclineReason.UNCLEAR)
    assert unclear.bounced == 1


def test_the_named_owner_waits_in_triage_and_the_second_bounce_asks_for_a_decision() -> None:
    once = take("task.decline", a_task(TaskState.ASSIGNED), by=HANDLER)
    twice = take("task.decline", a_task(TaskState.ASSIGNED, bounced=1), by=HANDLER)

    assert (once.next_owner, work.needs_decision(once)) == ("ab-bostader", False)
    assert work.needs_decision(twice)
    given = take("task.assign", twice, by=COORDINATOR)
    assert (given.next_owner, work.needs_decision(given)) == (None, False)


def test_a_matter_of_authority_ends_for_us_with_its_receipt() -> None:
    over = take("task.hand_over", a_task(TaskState.ACCEPTED, due_on=YESTERDAY), by=HANDLER)

    assert over.handed_over is not None
    assert over.handed_over.reference == "MB 2026-113"
    assert over.public_text == "Överlämnat till Byggnadsnämnden 2026-11-23, ärende MB 2026-113. De prövar."
    assert (over.late_after, over.is_late(LATER)) == (None, False)
    back = take("task.start", over, by=HANDLER)
    assert (back.handed_over, back.late_after) == (None, YESTERDAY)  # taken back, it counts again


def test_reopening_counts_and_forgets_the_closing() -> None:
    again = take("task.reopen", a_task(TaskState.VERIFIED, reopen_proposed=True), by=COORDINATOR)

    assert (again.reopened, again.reopen_proposed, again.done_on, again.finished_by) == (1, False, None, None)
    assert (again.department, again.due_on, again.explanation) == (
        "gata-park",
        LATER,
        "Öppnat igen. En lampa är släckt igen.",
    )


def test_the_reason_for_waiting_is_left_behind_when_the_work_goes_on() -> None:
    waiting = take("task.wait", a_task(TaskState.PLANNED), by=HANDLER)
    assert (waiting.wait_reason, waiting.next_look_on, waiting.public_text) == (
        WaitReason.PARTS,
        LATER,
        "Vi väntar på en del.",
    )

    going = take("task.start", waiting, by=HANDLER)

    assert (going.wait_reason, going.next_look_on, going.public_text) == (None, None, "")


def test_whom_it_was_sent_to_is_public_and_whom_to_ring_there_is_not() -> None:
    gone = take("task.refer", a_task(TaskState.PLANNED), by=HANDLER)

    assert gone.public_text == "Till Trafikverket. Vägen är deras."
    assert [(event.text, event.internal) for event in gone.history] == [
        ("Till Trafikverket. Vägen är deras.", False),
        ("Kontakt: Kundtjänst. Referens: TRV 2026/1", True),
    ]


def test_what_was_said_at_the_closing_still_stands_when_somebody_has_seen_it() -> None:
    done = take("task.finish", a_task(TaskState.PLANNED), by=HANDLER)

    assert (done.done_on, done.finished_by) == (TODAY, HANDLER.function)
    assert take("task.verify", done, by=COORDINATOR).public_text == "Tre lampor är bytta."


def test_a_note_moves_nothing() -> None:
    task = a_task(TaskState.PLANNED)

    noted = work.note(task, text="Två lampor på lager.", by=HANDLER, at=MONDAY)

    assert noted.state is task.state
    assert [(event.text, event.internal) for event in noted.history] == [("Två lampor på lager.", True)]


# ---------------------------------------------------------------- findings


def test_one_more_finding_joins_an_open_task_once() -> None:
    once = links.link(a_task(TaskState.PLANNED), ANOTHER_FINDING, COORDINATOR, MONDAY)

    assert once.findings == (FINDING, ANOTHER_FINDING)
    assert links.link(once, ANOTHER_FINDING, COORDINATOR, MONDAY) == once


@pytest.mark.parametrize("state", sorted(CLOSED))
def test_a_new_finding_never_hides_behind_finished_work(state: TaskState) -> None:
    with pytest.raises(TaskIsClosed):
        links.link(a_task(state), ANOTHER_FINDING, COORDINATOR, MONDAY)


def test_the_last_finding_stays() -> None:
    two = links.link(a_task(TaskState.PLANNED), ANOTHER_FINDING, COORDINATOR, MONDAY)

    one = links.unlink(two, FINDING, COORDINATOR, MONDAY)

    assert one.findings == (ANOTHER_FINDING,)
    assert links.unlink(one, FINDING, COORDINATOR, MONDAY) == one
    with pytest.raises(NeedsAFinding):
        links.unlink(one, ANOTHER_FINDING, COORDINATOR, MONDAY)


def test_only_triage_links() -> None:
    for by in (HANDLER, HEAD, WALKER):
        with pytest.raises(NotYourTask):
            links.link(a_task(TaskState.PLANNED), ANOTHER_FINDING, by, MONDAY)
        with pytest.raises(NotYourTask):
            links.unlink(a_task(TaskState.PLANNED), FINDING, by, MONDAY)


# ---------------------------------------------------------------- a walker answers


def test_a_walker_who_has_seen_it_verifies_it() -> None:
    seen = confirm(a_task(TaskState.DONE), SeenThere.GOOD)

    assert seen.state is TaskState.VERIFIED
    assert [(event.type, event.by) for event in seen.history] == [("task.confirm", "Någon som gick")]


def test_a_walker_who_saw_it_before_the_work_only_says_so() -> None:
    seen = confirm(a_task(TaskState.DONE, done_on=TODAY), SeenThere.GOOD, seen_on=YESTERDAY)

    assert seen.state is TaskState.DONE


def test_a_walker_who_gives_no_day_was_there_when_answering() -> None:
    assert confirm(a_task(TaskState.DONE, done_on=TODAY), SeenThere.GOOD, seen_on=None).state is TaskState.VERIFIED
    late = date(2026, 11, 24)
    assert confirm(a_task(TaskState.DONE, done_on=late), SeenThere.GOOD, seen_on=None).state is TaskState.DONE


@pytest.mark.parametrize("state", [TaskState.DONE, TaskState.VERIFIED])
def test_a_no_proposes_to_open_it_again_and_moves_nothing(state: TaskState) -> None:
    heard = confirm(a_task(state), SeenThere.NO)

    assert (heard.state, heard.reopen_proposed) == (state, True)


@pytest.mark.parametrize("seen", [SeenThere.PARTLY, SeenThere.NOT_THERE])
def test_other_answers_are_kept_and_propose_nothing(seen: SeenThere) -> None:
    heard = confirm(a_task(TaskState.DONE, extent=Extent.PARTLY), seen)

    assert (heard.state, heard.reopen_proposed) == (TaskState.DONE, False)
    assert [answer.seen for answer in heard.confirmations] == [seen]


@pytest.mark.parametrize("state", [each for each in TaskState if each not in {TaskState.DONE, TaskState.VERIFIED}])
def test_an_answer_that_comes_too_late_is_kept_and_changes_nothing(state: TaskState) -> None:
    for seen in SeenThere:
        heard = confirm(a_task(state), seen)
        assert (heard.state, heard.reopen_proposed, len(heard.confirmations)) == (state, False, 1)


def test_a_phone_has_one_answer() -> None:
    twice = confirm(confirm(a_task(TaskState.DONE), SeenThere.NOT_THERE), SeenThere.PARTLY)

    assert [answer.seen for answer in twice.confirmations] == [SeenThere.PARTLY]


def test_nobody_answers_for_another_walk() -> None:
    with pytest.raises(NotYourTask):
        confirm(a_task(TaskState.DONE), SeenThere.GOOD, by=OTHER_WALKER)


def test_a_visit_to_come_is_not_an_answer() -> None:
    with pytest.raises(DateNotPossible):
        confirm(a_task(TaskState.DONE), SeenThere.GOOD, seen_on=date(2026, 11, 24))


def test_what_is_opened_again_shows_no_photo_of_the_work_that_failed() -> None:
    done = a_task(TaskState.DONE, photos=(AFTER_PHOTO,), department="gata-park")
    again = work.reopen(done, department="gata-park", seen="Den är släckt.", due_on=LATER, by=COORDINATOR, at=MONDAY)

    assert again.photos == ()


def test_a_planned_day_ends_when_the_task_has_to_wait() -> None:
    planned = a_task(TaskState.PLANNED, planned_on=LATER, department="gata-park")
    waits = work.wait(
        planned, reason=WaitReason.SEASON, next_look_on=LATER, public_text="Tjälen ska gå.", by=HANDLER, at=MONDAY
    )

    assert waits.planned_on is None


@pytest.mark.parametrize("state", TaskState)
def test_where_it_stands_is_words_in_every_state(state: TaskState) -> None:
    task = a_task(state, planned_on=LATER, next_look_on=LATER, wait_reason=WaitReason.SEASON, department="gata-park")
    over = replace(
        task, handed_over=HandOver(party="Länsstyrelsen", reference="1234", handed_on=TODAY), next_look_on=None
    )

    assert "None" not in state_words(task, "Gata och park")
    if state is TaskState.REFERRED:
        assert state_words(over, "Gata och park") == "Överlämnat till Länsstyrelsen 2026-11-23"
