"""Promises: the machine as data, the signed words left alone, and what a report may hold."""

from dataclasses import replace
from datetime import date

import pytest

from tests.domain.promise_makers import a_promise, a_report, an_agreement
from trygghetsvandring.domain import promises
from trygghetsvandring.domain.agreements import AgreementNotPossible, Validity, days_left, validity
from trygghetsvandring.domain.agreements import entered as agreed
from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.promise_counts import Count, CountNotPossible
from trygghetsvandring.domain.promises import (
    ARROWS,
    VERIFY,
    EvidenceKind,
    HeadingAddsNumbers,
    NoSuchPromiseArrow,
    NothingSeenThere,
    OwnerUnknown,
    PromiseIsAnswered,
    PromiseState,
    ReportCrossesTheEnd,
    Result,
    Standing,
)
from trygghetsvandring.domain.publications import Release
from trygghetsvandring.domain.tasks import FieldMissing, PublicTextNotSafe

OF = an_agreement()
PERSON = "Ring 850709-9805"


def test_every_report_can_be_given_wherever_the_promise_stands_and_only_what_is_done_is_verified() -> None:
    starts = {(arrow.what, arrow.start) for arrow in ARROWS}

    assert len(starts) == len(ARROWS)
    assert starts == {(result, state) for result in Result for state in PromiseState} | {(VERIFY, PromiseState.DONE)}
    assert [arrow.end for arrow in ARROWS if arrow.end is PromiseState.VERIFIED] == [PromiseState.VERIFIED] * 2


@pytest.mark.parametrize("arrow", [arrow for arrow in ARROWS if arrow.what != VERIFY], ids=str)
def test_a_report_moves_the_promise_along_its_arrow_and_takes_the_place_of_none(arrow: promises.Arrow) -> None:
    before = a_promise(OF, state=arrow.start, reports=(a_report(),))
    told = a_report(result=Result(arrow.what), reason="Skolan är stängd.")

    after = promises.reported(before, told, OF)

    assert (after.state, after.reports) == (arrow.end, (*before.reports, told))
    assert after.text == before.text
    with pytest.raises(FieldMissing):
        promises.reported(before, replace(told, text=" ", reason=" "), OF)


def test_what_is_told_of_days_after_its_time_moves_nothing_and_says_so() -> None:
    later = a_report(first=date(2026, 1, 1), last=date(2026, 10, 31))

    after = promises.reported(a_promise(OF), later, OF)

    assert after.state is PromiseState.PROMISED
    assert promises.within(after.reports, OF.valid_to) == []
    assert promises.after(after.reports, OF.valid_to) == [later]
    assert promises.standing(after, OF.valid_to, has_evidence=False) is Standing.MISSING


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2025, 12, 1), date(2026, 1, 1)),  # over the end
        (date(2023, 12, 31), date(2024, 6, 1)),  # before it began
        (date(2025, 2, 1), date(2025, 1, 1)),  # backwards
    ],
)
def test_a_report_tells_of_days_on_one_side_of_the_end(first: date, last: date) -> None:
    with pytest.raises(ReportCrossesTheEnd):
        promises.reported(a_promise(OF), a_report(first=first, last=last), OF)


def test_a_report_that_may_not_be_shown_is_kept_and_tells_nobody() -> None:
    after = promises.reported(a_promise(OF), a_report(may_publish=False), OF)

    assert after.state is PromiseState.DONE
    assert promises.standing(after, OF.valid_to, has_evidence=False) is Standing.MISSING
    assert promises.standing(after, OF.valid_to, has_evidence=True) is Standing.PROMISED


@pytest.mark.parametrize(
    ("heading", "added"),
    [("Besök i alla 12 klasser", ["12"]), ("Tolv besök", ["tolv"]), ("Besök i årskurs 7", []), ("Besök", [])],
)
def test_a_heading_adds_no_number_to_what_was_signed(heading: str, added: list[str]) -> None:
    promise = a_promise(OF, heading=heading)
    if not added:
        assert promises.entered(None, promise, OF).heading == heading
        return
    with pytest.raises(HeadingAddsNumbers) as refused:
        promises.entered(None, promise, OF)
    assert refused.value.facts == {"numbers": added}


def test_signed_words_are_not_written_over_once_they_are_answered_or_read() -> None:
    plain, changed = a_promise(OF), a_promise(OF, text="Något annat.")
    answered, public = replace(plain, reports=(a_report(),)), replace(plain, release=Release.PUBLIC)

    assert promises.entered(plain, changed, OF).text == "Något annat."
    for before in (answered, public):
        with pytest.raises(PromiseIsAnswered):
            promises.entered(before, replace(before, text="Något annat."), OF)
    with pytest.raises(PromiseIsAnswered):
        promises.entered(public, replace(public, heading="Annat"), OF)
    assert promises.entered(answered, replace(answered, heading="Annat"), OF).heading == "Annat"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"by": ()}, "owner_unknown"),
        ({"by": ("butiken",)}, "owner_unknown"),
        ({"text": " "}, "field_missing"),
        ({"text": "x" * 1001}, "text_too_long"),
    ],
)
def test_a_promise_has_words_and_somebody_who_signed_them(changes: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as refused:
        promises.entered(None, a_promise(OF, **changes), OF)
    assert refused.value.code == code


def test_a_heading_and_the_function_that_answers_for_the_page_name_nobody() -> None:
    with pytest.raises(PublicTextNotSafe):
        promises.entered(None, a_promise(OF, heading=PERSON), OF)
    parties = (replace(OF.parties[0], called=PERSON),)
    for named in (replace(OF, keeper=PERSON), replace(OF, title=PERSON), replace(OF, parties=parties)):
        with pytest.raises(PublicTextNotSafe):
            agreed(named)


def test_only_a_party_to_the_agreement_reports() -> None:
    with pytest.raises(OwnerUnknown):
        promises.reported(a_promise(OF), a_report(party="butiken"), OF)


@pytest.mark.parametrize(
    ("evidence", "count", "possible"),
    [
        (EvidenceKind.REPORTED, Count(n=12, of=12, unit="klasser", are_people=False), True),
        (EvidenceKind.REPORTED, Count(n=13, of=12, unit="klasser", are_people=False), False),
        (EvidenceKind.REPORTED, Count(n=12, unit=" ", are_people=False), False),
        (EvidenceKind.REPORTED, Count(n=9, of=12, unit="elever", are_people=True), False),  # three are left
        (EvidenceKind.YEARLY, Count(n=9, unit="samtal", are_people=True), True),
        (EvidenceKind.YEARLY, Count(n=9, unit="samtal", are_people=False), False),
        (EvidenceKind.REPORTED, Count(n=3, unit="klasser"), True),  # nobody has said: as if they were people
        (EvidenceKind.REPORTED, Count(n=3, unit="gymnasieelever", are_people=False), False),
        (EvidenceKind.REPORTED, Count(n=3, unit="barnvagnar", are_people=False), True),
    ],
)
def test_a_count_is_of_something_and_never_tells_of_a_few_people(
    evidence: EvidenceKind, count: Count, possible: bool
) -> None:
    promise, told = a_promise(OF, evidence=evidence), a_report(count=count)
    if possible:
        assert promises.reported(promise, told, OF).reports == (told,)
        return
    with pytest.raises(CountNotPossible):
        promises.reported(promise, told, OF)


def test_only_what_is_done_on_the_street_and_seen_everywhere_is_confirmed() -> None:
    street = a_promise(OF, evidence=EvidenceKind.STREET, tiles=("ljus",), state=PromiseState.DONE)

    assert promises.verified(street, lit=3, others=0, on=OF.entered_at.date()).state is PromiseState.VERIFIED
    for promise, lit, others in ((street, 0, 0), (street, 3, 1), (a_promise(OF, state=PromiseState.DONE), 3, 0)):
        with pytest.raises(NothingSeenThere):
            promises.verified(promise, lit=lit, others=others, on=OF.entered_at.date())
    with pytest.raises(NoSuchPromiseArrow):
        promises.verified(replace(street, state=PromiseState.PROMISED), lit=3, others=0, on=OF.entered_at.date())


def test_a_promise_about_people_never_has_anything_of_the_street() -> None:
    assert promises.entered(None, a_promise(OF, tiles=("ljus",)), OF).tiles == ()


def test_both_days_are_part_of_an_agreement_and_an_end_that_was_not_agreed_never_comes() -> None:
    days = [date(2023, 12, 31), date(2024, 1, 1), date(2025, 12, 31), date(2026, 1, 1)]
    open_ended = an_agreement(valid_from=None, valid_to=None)

    assert [validity(OF, day) for day in days] == [
        Validity.COMING,
        Validity.IN_FORCE,
        Validity.IN_FORCE,
        Validity.EXPIRED,
    ]
    assert {validity(open_ended, day) for day in days} == {Validity.IN_FORCE}
    assert [days_left(OF, day) for day in days[2:]] == [0, None]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"valid_to": date(2023, 1, 1)}, "period"),
        ({"parties": ()}, "parties"),
        ({"keeper": " "}, "keeper"),
        ({"predecessor": OF.id}, "predecessor"),
    ],
)
def test_an_agreement_that_does_not_hang_together_is_refused(changes: dict[str, object], reason: str) -> None:
    with pytest.raises(AgreementNotPossible) as refused:
        agreed(replace(OF, **changes))  # type: ignore[arg-type]
    assert refused.value.facts == {"reason": reason}
