"""Commitments: a day inside the agreed time, report days by a rhythm, and what was said kept as it was said."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest

from tests.domain.promise_makers import NOW, an_agreement
from trygghetsvandring.domain import plans as rules
from trygghetsvandring.domain.answer_links import AnsweredAlready, Standing
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.plans import (
    ARROWS,
    ActionPlan,
    Commitment,
    CommitmentStands,
    CommitmentState,
    DueOutsidePeriod,
    Kept,
    NoSuchCommitmentArrow,
    NotAReportDay,
    Rate,
    ReportBack,
    Rhythm,
    Terms,
    Told,
)
from trygghetsvandring.domain.report_backs import Step, review_step, step
from trygghetsvandring.domain.report_links import ReportLink, answered, revoked, standing
from trygghetsvandring.domain.tasks import DateNotPossible, FieldMissing, PublicTextNotSafe

AGREED = an_agreement(valid_from=date(2024, 1, 1), valid_to=date(2027, 12, 31))
TODAY = date(2026, 11, 20)


def terms(due_on: str, rhythm: Rhythm = Rhythm.MONTH, since: date = TODAY) -> Terms:
    return Terms(since=since, due_on=date.fromisoformat(due_on), rhythm=rhythm, set_by="Samordnare", set_at=NOW)


def a_commitment(due_on: str = "2027-03-15", rhythm: Rhythm = Rhythm.MONTH, **changes: Any) -> Commitment:
    it = Commitment(
        id=uuid7(),
        version=1,
        plan=uuid7(),
        executor="gata-park",
        text="Byta lampor längs stråket.",
        promises=(),
        tasks=(),
        terms=(terms(due_on, rhythm),),
    )
    return replace(it, **changes)


def a_report(due_on: str, on: str, told: Told = Told.GOING_ON, **changes: Any) -> ReportBack:
    given: dict[str, Any] = {"text": "Hälften är bytta.", "reason": "", "told_by": "Gatuchef", "by_link": False}
    return ReportBack(
        id=uuid7(),
        due_on=date.fromisoformat(due_on),
        told=told,
        told_on=date.fromisoformat(on),
        entered_by="Gatuchef",
        entered_at=datetime.fromisoformat(f"{on}T12:00:00+00:00"),
        **given | changes,
    )


def days(it: Commitment) -> list[str]:
    return [day.isoformat() for day in rules.report_days(it)]


@pytest.mark.parametrize("due_on", ["2028-01-10", "2023-12-31"])
def test_a_day_outside_the_agreed_time_is_refused(due_on: str) -> None:
    with pytest.raises(DueOutsidePeriod) as refused:
        rules.committed(None, a_commitment(due_on), AGREED, TODAY)
    assert refused.value.facts == {"first": "2024-01-01", "last": "2027-12-31"}


@pytest.mark.parametrize("due_on", ["2027-12-31", "2026-11-21"])
def test_the_last_agreed_day_is_inside_and_so_is_tomorrow(due_on: str) -> None:
    it = a_commitment(due_on)
    assert rules.committed(None, it, AGREED, TODAY) == it


def test_a_day_that_has_come_is_refused() -> None:
    with pytest.raises(DateNotPossible):
        rules.committed(None, a_commitment("2026-11-20"), AGREED, TODAY)


@pytest.mark.parametrize(
    ("rhythm", "due_on", "asked"),
    [
        # 31 January is a Sunday, 28 February too: each goes to the Monday after.
        (Rhythm.MONTH, "2027-03-15", ["2026-11-30", "2027-01-04", "2027-02-01", "2027-03-01", "2027-03-15"]),
        (Rhythm.QUARTER, "2027-05-10", ["2027-01-04", "2027-03-31", "2027-05-10"]),
        (Rhythm.TERTIAL, "2027-12-31", ["2027-01-04", "2027-04-30", "2027-08-31", "2028-01-03"]),
        (Rhythm.HALF_YEAR, "2027-07-01", ["2027-01-04", "2027-06-30", "2027-07-01"]),
        (Rhythm.YEAR, "2027-06-01", ["2027-01-04", "2027-06-01"]),
        (Rhythm.ONCE, "2027-06-05", ["2027-06-07"]),
    ],
)
def test_report_days_follow_the_rhythm_on_swedish_working_days(rhythm: Rhythm, due_on: str, asked: list[str]) -> None:
    assert days(a_commitment(due_on, rhythm)) == asked


def test_new_terms_ask_for_nothing_less_of_the_days_that_have_been() -> None:
    it = a_commitment("2027-01-15")
    later = rules.committed(
        it,
        replace(it, terms=(*it.terms, terms("2027-06-30", Rhythm.QUARTER, date(2027, 1, 10)))),
        AGREED,
        date(2027, 1, 10),
    )

    assert days(later) == ["2026-11-30", "2027-01-04", "2027-03-31", "2027-06-30"]
    assert [each.due_on.isoformat() for each in later.terms] == ["2027-01-15", "2027-06-30"]


@pytest.mark.parametrize(
    ("began", "changed", "asked"),
    [
        # 31 July 2027 is a Saturday: asked for on Monday 2 August. 31 December goes to Monday 4 January.
        (date(2027, 7, 1), date(2027, 8, 1), "2027-08-02"),
        (TODAY, date(2027, 1, 2), "2027-01-04"),
    ],
)
def test_a_day_moved_over_a_weekend_is_still_asked_for_when_terms_change_in_it(
    began: date, changed: date, asked: str
) -> None:
    before = a_commitment("2027-10-15", terms=(terms("2027-10-15", since=began),))
    later = replace(before, terms=(*before.terms, terms("2027-11-15", since=changed)))

    assert asked in days(before)
    assert asked in days(later)
    assert len(set(days(later))) == len(days(later))


def test_a_commitment_that_begins_on_a_weekend_is_not_asked_about_the_month_before() -> None:
    it = a_commitment("2027-10-15", terms=(terms("2027-10-15", since=date(2027, 8, 1)),))
    assert days(it)[0] == "2027-08-31"


def test_the_same_terms_again_are_no_change() -> None:
    it = a_commitment()
    again = replace(it, tasks=(uuid7(),), terms=(*it.terms, terms("2027-03-15", since=date(2027, 6, 1))))
    assert rules.committed(it, again, AGREED, date(2027, 6, 1)) == replace(it, tasks=again.tasks)


def test_who_does_it_is_never_changed_nor_the_words_once_reported_on() -> None:
    it = a_commitment()
    assert rules.committed(it, replace(it, text="Byta lampor."), AGREED, TODAY).text == "Byta lampor."
    told = rules.reported(it, a_report("2026-11-30", "2026-11-27"))
    for changed in (replace(it, executor="ab-bostader"), replace(told, text="Något annat.")):
        before = told if changed.reports else it
        with pytest.raises(CommitmentStands):
            rules.committed(before, changed, AGREED, TODAY)


def test_on_time_late_and_missing_are_worked_out_with_their_n() -> None:
    it = a_commitment()
    it = rules.reported(it, a_report("2026-11-30", "2026-11-30"))
    it = rules.reported(it, a_report("2027-01-04", "2027-01-05"))
    today = date(2027, 2, 2)

    assert [rules.kept(it, day, today) for day in rules.report_days(it)] == [
        Kept.ON_TIME,
        Kept.LATE,
        Kept.MISSING,
        Kept.COMING,
        Kept.COMING,
    ]
    assert rules.rate([it], today) == Rate(on_time=1, of=3)
    assert rules.is_late(it, today)
    assert not rules.is_late(it, date(2027, 2, 1))
    assert rules.rate([a_commitment()], TODAY) == Rate(on_time=0, of=0)


def test_a_party_reads_what_the_others_of_its_agreement_are_late_with_and_of_no_other() -> None:
    ours, same, elsewhere = (
        ActionPlan(
            id=uuid7(),
            version=1,
            agreement=agreement,
            focus="Ljus",
            title="Ljus 2027",
            entered_by="Samordnare",
            entered_at=NOW,
        )
        for agreement in (UUID(int=1), UUID(int=1), UUID(int=2))
    )
    late = rules.reported(a_commitment(plan=same.id, executor="trafikverket"), a_report("2026-11-30", "2026-11-30"))
    every = [
        a_commitment(plan=ours.id),
        late,
        a_commitment(plan=elsewhere.id, executor="trafikverket"),
        a_commitment(plan=elsewhere.id, executor="ab-bostader"),
    ]
    today = date(2027, 2, 2)

    found = rules.others(every[0].executor, (ours, same, elsewhere), every, today)

    assert found == {UUID(int=1): (rules.Other("trafikverket", Rate(on_time=1, of=3), (late,)),)}
    assert rules.late_since(late, today) == date(2027, 1, 4)
    assert rules.others("polisen", (ours, same, elsewhere), every, today) == {}
    (in_time,) = rules.others(every[0].executor, (ours, same), every[:2], date(2026, 12, 1))[UUID(int=1)]
    assert (in_time.late, in_time.rate) == ((), Rate(on_time=1, of=1))


def test_what_is_written_later_neither_mends_nor_takes_away() -> None:
    it = rules.reported(a_commitment(), a_report("2026-11-30", "2026-12-02", text="Det gick inte."))
    it = rules.reported(it, a_report("2026-11-30", "2026-11-30", text="Sagt på mötet den 30."))

    assert [report.text for report in it.reports] == ["Det gick inte.", "Sagt på mötet den 30."]
    assert rules.kept(it, date(2026, 11, 30), TODAY) is Kept.LATE


def test_nobody_is_asked_after_it_is_done_until_it_is_said_to_go_on() -> None:
    it = rules.reported(a_commitment(), a_report("2026-11-30", "2026-11-27", Told.DONE))
    assert (days(it), rules.asked_for(it, date(2027, 1, 20)), it.state) == (["2026-11-30"], None, CommitmentState.DONE)

    again = rules.reported(it, a_report("2026-11-30", "2027-01-20", Told.GOING_ON))
    assert days(again) == ["2026-11-30", "2027-02-01", "2027-03-01", "2027-03-15"]
    assert again.state is CommitmentState.UNDER_WAY


def test_only_what_was_asked_for_is_reported_on_with_words() -> None:
    it = a_commitment()
    for report, refusal in (
        (a_report("2026-12-24", "2026-11-20"), NotAReportDay),
        (a_report("2026-11-30", "2026-11-20", text=" "), FieldMissing),
        (a_report("2026-11-30", "2026-11-20", Told.NOT_DONE), FieldMissing),
        (a_report("2026-11-30", "2026-11-20", told_by=""), FieldMissing),
        (a_report("2026-11-30", "2026-11-20", text="Ring 19811218-9876."), PublicTextNotSafe),
    ):
        with pytest.raises(refusal):
            rules.reported(it, report)
    begun = rules.reported(it, a_report("2026-11-30", "2026-11-20"))
    with pytest.raises(NoSuchCommitmentArrow):
        rules.reported(begun, a_report("2026-11-30", "2026-11-20", Told.NOT_BEGUN))


def test_a_day_is_asked_about_when_the_one_before_it_has_been_and_not_years_ahead() -> None:
    it = a_commitment()
    assert rules.asked_for(it, TODAY) == date(2026, 11, 30)
    with pytest.raises(NotAReportDay):
        rules.reported(it, a_report("2027-01-04", "2026-11-30"))
    it = rules.reported(it, a_report("2026-11-30", "2026-11-20"))
    assert rules.asked_for(it, date(2026, 11, 30)) is None
    assert rules.asked_for(it, date(2026, 12, 1)) == date(2027, 1, 4)
    assert rules.rate([it], TODAY) == Rate(on_time=1, of=1)


def test_a_last_day_told_to_go_on_is_asked_about_until_it_is_said_to_end() -> None:
    it = rules.reported(a_commitment("2026-12-15", Rhythm.ONCE), a_report("2026-12-15", "2026-12-10"))
    last = date(2026, 12, 15)
    assert rules.asked_for(it, date(2026, 12, 14)) is None
    assert rules.asked_for(it, last) == rules.asked_for(it, date(2027, 2, 1)) == last
    assert rules.unanswered(it, date(2027, 2, 1)) == ()  # nobody is reminded of what they have answered

    done = rules.reported(it, a_report("2026-12-15", "2027-02-01", Told.DONE))
    assert (done.state, rules.asked_for(done, date(2027, 2, 1))) == (CommitmentState.DONE, None)


def test_every_state_can_be_told_of_and_left() -> None:
    for state in CommitmentState:
        assert {Told.GOING_ON, Told.DONE, Told.NOT_DONE} <= set(rules.may_tell(state))
    assert len({(arrow.told, arrow.start) for arrow in ARROWS}) == len(ARROWS)


@pytest.mark.parametrize(
    ("today", "reached"),
    [
        ("2026-11-20", Step.NONE),
        ("2026-11-23", Step.BEFORE),
        ("2026-11-30", Step.DAY),
        ("2026-12-02", Step.DAY),
        ("2026-12-03", Step.LATE),
        ("2026-12-08", Step.LAST),
    ],
)
def test_reminders_come_before_on_and_after_the_day(today: str, reached: Step) -> None:
    assert step(date(2026, 11, 30), date.fromisoformat(today)) is reached


def test_a_review_reminds_until_something_has_taken_over() -> None:
    it = an_agreement(review_on=date(2026, 12, 31))
    asked = {"2026-11-29": Step.NONE, "2026-11-30": Step.BEFORE, "2026-12-31": Step.DAY, "2027-03-01": Step.DAY}
    for today, reached in asked.items():
        assert review_step(it, date.fromisoformat(today), has_successor=False) is reached, today
    assert review_step(it, date(2027, 3, 1), has_successor=True) is Step.NONE
    assert review_step(an_agreement(), date(2027, 3, 1), has_successor=False) is Step.NONE


def test_a_link_ends_with_its_commitment_by_time_or_by_hand_and_takes_a_form_once() -> None:
    it = a_commitment()
    link = ReportLink(
        id=uuid7(),
        version=1,
        commitment=it.id,
        executor=it.executor,
        to="a@b.example",
        secret_hash="",
        made_at=NOW,
        made_by="Servern",
        ends_at=NOW.replace(year=2027),
    )
    assert standing(link, it, NOW) is Standing.OPEN
    assert standing(link, it, link.ends_at) is Standing.EXPIRED
    assert standing(link, replace(it, state=CommitmentState.NOT_DONE), NOW) is Standing.CLOSED
    assert standing(revoked(link, "Samordnare", NOW), it, NOW) is Standing.REVOKED
    with pytest.raises(AnsweredAlready):
        answered(answered(link, "form", NOW), "form", NOW)
