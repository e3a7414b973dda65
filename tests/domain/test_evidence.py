"""Evidence: what our own data shows inside a promise's time and after it, and what can never be worked out from it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.promise_makers import a_promise, a_report, a_task, a_walk, an_agreement, an_evening_out, local
from trygghetsvandring.domain import promises
from trygghetsvandring.domain.adult_hours import HOURS_STEP
from trygghetsvandring.domain.evidence import (
    AdultsOut,
    Evidence,
    Sources,
    Walked,
    adults_out,
    evidence,
    is_evening,
    is_weekend,
    walked,
)
from trygghetsvandring.domain.promise_counts import Count, count_words, people_words
from trygghetsvandring.domain.promise_words import must_be_safe, shown
from trygghetsvandring.domain.promises import EvidenceKind, Mark, Result, Standing
from trygghetsvandring.domain.tasks import Extent, PublicTextNotSafe, TaskState
from trygghetsvandring.domain.walks import WalkState

OF = an_agreement()
TODAY = date(2026, 11, 20)
S = TaskState


def of_street(*tasks: object) -> tuple[Evidence, Evidence]:
    promise = a_promise(OF, evidence=EvidenceKind.STREET, tiles=("ljus",))
    return evidence(promise, OF, Sources(tasks=tasks), TODAY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("history", "inside", "later"),
    [
        ([("2025-11-01", S.DONE), ("2025-12-31", S.VERIFIED)], [S.VERIFIED], []),
        # Mended in time, seen after it: half lit inside, and the rest of the story later.
        ([("2025-12-02", S.DONE), ("2026-01-01", S.VERIFIED)], [S.DONE], [S.VERIFIED]),
        ([("2026-12-31", S.DONE)], [], []),  # not yet
        ([("2023-12-31", S.VERIFIED)], [], []),  # before it was promised
        ([("2025-03-01", S.DONE), ("2025-04-01", S.ASSIGNED)], [], []),  # opened again
        ([("2025-03-01", S.ACCEPTED), ("2025-04-01", S.WONT_DO)], [S.WONT_DO], []),
    ],
)
def test_a_lamp_counts_as_it_stood_on_the_last_day(
    history: list[tuple[str, TaskState]], inside: list[TaskState], later: list[TaskState]
) -> None:
    found = of_street(a_task(*history))

    assert [lamp.state for lamp in found[0].lamps] == inside
    assert [lamp.state for lamp in found[1].lamps] == later


def test_a_note_after_the_end_does_not_make_an_old_lamp_a_later_one() -> None:
    found = of_street(a_task(("2025-12-02", S.DONE), ("2026-02-01", S.DONE)))

    assert [lamp.on for lamp in found[0].lamps] == [date(2025, 12, 2)]
    assert found[1].lamps == ()


def test_half_lit_is_never_drawn_as_lit() -> None:
    seen = (("2025-11-01", S.DONE), ("2025-11-05", S.VERIFIED))
    tasks = [a_task(*seen, extent=Extent.PARTLY), a_task(*seen, reopen_proposed=True)]

    assert {lamp.state for lamp in of_street(*tasks)[0].lamps} == {S.DONE}


def test_what_was_half_done_on_the_last_day_is_half_lit_though_it_is_whole_today() -> None:
    task = a_task(("2025-11-01", S.DONE), ("2025-11-05", S.VERIFIED), ("2026-02-01", S.VERIFIED), extent=Extent.FULL)
    half = replace(task.history[0], extent=Extent.PARTLY)

    then, _ = of_street(replace(task, history=(half, *task.history[1:])))

    assert [lamp.state for lamp in then.lamps] == [S.DONE]


def test_the_reason_is_the_units_and_not_what_somebody_said_who_has_been_there() -> None:
    task = a_task(("2025-03-01", S.ACCEPTED), ("2025-04-01", S.WONT_DO), ("2025-05-01", S.WONT_DO))
    said = replace(task.history[-1], start=S.WONT_DO, text="Nej, det är inte åtgärdat.")

    then, _ = of_street(replace(task, history=(*task.history[:-1], said)))

    assert [lamp.reason for lamp in then.lamps] == ["Stigen stängs."]


def test_what_was_merged_or_lies_in_another_tile_is_no_lamp() -> None:
    seen = ("2025-11-01", S.VERIFIED)

    assert of_street(a_task(seen, retracted=True), a_task(seen, tile="skrap"))[0].lamps == ()


@pytest.mark.parametrize(
    ("starts", "evening", "weekend"),
    [
        ("2025-11-19 19:00", True, False),
        ("2025-11-19 13:00", False, False),
        ("2025-11-22 13:00", False, True),
        ("2025-12-24 13:00", False, True),  # no office is open
        ("2025-11-22 00:30", True, False),  # Friday's evening
        ("2025-11-24 00:30", True, True),  # Sunday's
        ("2025-10-26 02:30", True, True),  # the hour that comes twice, Saturday's evening
    ],
)
def test_a_walk_belongs_to_the_evening_it_began(starts: str, evening: bool, weekend: bool) -> None:
    assert (is_evening(local(starts)), is_weekend(local(starts))) == (evening, weekend)


def test_each_walk_is_counted_once_and_only_when_it_was_walked() -> None:
    walks = [
        a_walk("2025-11-19 19:00"),
        a_walk("2025-11-22 19:00"),
        a_walk("2025-11-20 13:00"),
        a_walk("2025-11-20 19:00", WalkState.PLANNED),
        a_walk("2026-01-01 00:30"),  # New Year's Eve's evening: the last of the promise's time
    ]

    assert walked(walks, date(2024, 1, 1), date(2025, 12, 31)) == Walked(evenings=1, weekends=2)
    assert walked(walks, date(2026, 1, 1), TODAY) == Walked(evenings=0, weekends=0)


def test_adult_hours_are_whole_hundreds_and_a_pass_that_nobody_counted_is_an_evening() -> None:
    evenings = [date(2025, 10, 1) + timedelta(days=n) for n in range(10)]
    passes = [an_evening_out(evening, 6, 4) for evening in evenings]  # 240 hours
    unsaid = an_evening_out(date(2025, 11, 1), None, 4)

    both, some = (adults_out(it, OF.valid_from or TODAY, TODAY) for it in ([*passes, unsaid], passes[:4]))
    assert (both.evenings, both.hours, some.evenings, some.hours) == (11, 200, 4, None)
    assert [(it.month, it.evenings, it.hours) for it in both.months] == [
        (date(2025, 10, 1), 10, 200),
        (date(2025, 11, 1), 1, None),
    ]
    assert adults_out(passes, date(2026, 1, 1), TODAY) == AdultsOut(evenings=0, hours=None)


def test_walks_and_evenings_are_told_as_counts_with_no_zero_among_them() -> None:
    promise = a_promise(OF, evidence=EvidenceKind.WALKS)
    walks = [a_walk("2025-11-19 19:00"), a_walk("2025-11-22 19:00"), a_walk("2026-03-04 19:00")]
    passes = [an_evening_out(date(2025, 10, 1) + timedelta(days=n), 6, 4) for n in (*range(4), 31)]

    told = shown(promise, OF, *evidence(promise, OF, Sources(walks=walks, passes=passes), TODAY), lambda unit: "")

    assert told.standing is Standing.PROMISED
    assert [(it.lead, it.text) for it in told.lines] == [
        ("Trygghetsvandringar:", "1 på kvällar och 1 på helger."),
        ("Vuxna ute:", "5 kvällar. Minst 100 vuxentimmar."),
    ]
    assert told.lines[1].more == ("Oktober 2025: 4 kvällar.", "November 2025: 1 kväll.")
    assert [(it.lead, it.text) for it in told.later] == [("Trygghetsvandringar:", "1 på kvällar.")]


@given(
    base=st.integers(0, 3_000),
    few=st.integers(1, 4),
    hours=st.integers(1, 16),
)
def test_a_pass_of_a_few_adults_shows_nothing_that_a_pass_of_five_would_not(base: int, few: int, hours: int) -> None:
    """Before and after one pass, in two editions: another sum with the same two readings had five adults in it."""

    def read(total: int) -> int:
        return total // HOURS_STEP

    before, after = read(base), read(base + few * hours)
    others = range(before * HOURS_STEP, (before + 1) * HOURS_STEP)

    assert any(read(other + adults * hours) == after for other in others for adults in range(5, 101))


def test_two_readings_of_people_never_tell_a_few_apart() -> None:
    """Every way to go from one number of people to another one, by what is read before and after."""
    read: dict[tuple[str, str], set[tuple[int, int]]] = {}
    for before in range(200):
        for after in range(before, 200):
            read.setdefault((people_words(before), people_words(after)), set()).add((before, after))
    whole = {pair: ways for pair, ways in read.items() if "200" not in "".join(pair)}  # those that end there are cut

    assert all(len({after - before for before, after in ways}) >= 5 for ways in whole.values())
    assert all(len({before for before, _ in ways}) >= 5 for ways in whole.values())


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (Count(n=4, unit="samtal", are_people=True), "Färre än 5 samtal"),
        (Count(n=0, unit="samtal", are_people=True), "Färre än 5 samtal"),
        (Count(n=5, unit="samtal", are_people=True), "Runt 10 samtal"),
        (Count(n=44, unit="samtal", are_people=True), "Runt 40 samtal"),
        (Count(n=12, of=12, unit="klasser", are_people=False), "12 av 12 klasser"),
        (Count(n=3, unit="kurser", are_people=False), "3 kurser"),
        (Count(n=3, unit="kurser"), "Färre än 5 kurser"),
        (Count(n=3, of=4, unit="elever", are_people=False), "Färre än 5 elever"),  # kept before anybody had to say
    ],
)
def test_people_are_never_few_and_never_exact(count: Count, said: str) -> None:
    assert count_words(count) == said


def test_what_is_read_has_the_words_that_were_signed_and_the_field_s_own_for_the_rest() -> None:
    promise = a_promise(OF, reports=(a_report(count=Count(n=12, of=12, unit="klasser", are_people=False)),))
    later = a_report(first=date(2026, 1, 1), last=date(2026, 6, 30), told_on=date(2026, 7, 1), text="Två besök till.")

    told = shown(
        a_promise(OF, id=promise.id, reports=(*promise.reports, later)), OF, Evidence(), Evidence(), lambda unit: ""
    )

    assert (told.text, told.standing) == (promise.text, Standing.DONE)
    assert [(it.mark, it.lead, it.text) for it in told.lines] == [
        (Mark.REPORTED, "Redovisat av Polisen, 14 januari 2026.", "Besök i årskurs 7 båda åren. 12 av 12 klasser.")
    ]
    assert [it.lead for it in told.later] == ["Redovisat av Polisen, 1 juli 2026."]


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (Count(n=3, unit="kurser", are_people=False), "Färre än 5 kurser."),
        (Count(n=11, of=12, unit="kurser", are_people=False), "11 kurser."),
        (Count(n=11, of=12, unit="klasser", are_people=False), "11 av 12 klasser."),
    ],
)
def test_a_reported_number_tells_no_few(count: Count, said: str) -> None:
    told = shown(a_promise(OF, reports=(a_report(count=count),)), OF, Evidence(), Evidence(), lambda unit: "")
    assert told.lines[0].text.endswith(f" {said}")


def test_what_nobody_has_told_is_said_so_with_its_day() -> None:
    told = shown(a_promise(OF), OF, Evidence(), Evidence(), lambda unit: "")

    assert [(it.lead, it.text) for it in told.lines] == [("Uppgift saknas.", "Redovisas senast 15 januari 2027.")]


def test_what_is_not_done_says_why() -> None:
    report = a_report(result=Result.NOT_DONE, reason="Skolan är stängd.")
    told = shown(a_promise(OF, reports=(report,)), OF, Evidence(), Evidence(), lambda unit: "")

    assert [(it.lead, it.text) for it in told.lines] == [
        ("Görs inte.", "Skolan är stängd. Redovisat av Polisen, 14 januari 2026.")
    ]


def test_lamps_are_told_by_state_with_their_unit_and_a_reason() -> None:
    inside, later = of_street(
        a_task(("2025-11-01", S.DONE), ("2025-11-05", S.VERIFIED)),
        a_task(("2025-12-02", S.DONE)),
        a_task(("2025-12-03", S.WONT_DO), title="Stigen bakom skolan"),
    )
    promise = a_promise(OF, evidence=EvidenceKind.STREET, tiles=("ljus",))

    told = shown(promise, OF, inside, later, lambda unit: "Gata och park")

    assert [(it.mark, it.lead, it.text, it.lamps) for it in told.lines] == [
        (Mark.LIT, "Åtgärdat, bekräftat på plats:", "1 plats.", 1),
        (Mark.HALF, "Åtgärdat enligt Gata och park:", "1 plats.", 1),
        (Mark.NO, "Görs inte:", "Margretelund: Stigen bakom skolan. Stigen stängs.", 1),
    ]
    assert told.lines[0].more == ("Margretelund: Lampan vid porten. 5 november 2025.",)


def test_what_is_planned_says_the_day_of_the_work_and_not_the_day_it_was_written() -> None:
    promise = a_promise(OF, evidence=EvidenceKind.STREET, tiles=("ljus",))
    planned = a_task(("2026-03-01", S.PLANNED), planned_on=date(2026, 12, 2))
    since_done = a_task(("2025-11-01", S.PLANNED), ("2026-01-10", S.DONE), planned_on=date(2026, 1, 9))

    told = shown(promise, OF, *of_street(planned, since_done), lambda unit: "Gata och park")

    assert [(it.mark, it.more) for it in told.lines] == [(Mark.PLAN, ("Margretelund: Lampan vid porten.",))]
    assert [(it.mark, it.more) for it in told.later] == [
        (Mark.HALF, ("Margretelund: Lampan vid porten. 10 januari 2026.",)),
        (Mark.PLAN, ("Margretelund: Lampan vid porten. 2 december 2026.",)),
    ]


def test_words_about_a_person_are_not_released_wherever_they_come_from() -> None:
    inside, later = of_street(a_task(("2025-11-01", S.DONE), title="Ring 850709-9805"))
    promise = a_promise(OF, evidence=EvidenceKind.STREET, tiles=("ljus",))

    with pytest.raises(PublicTextNotSafe):
        must_be_safe(shown(promise, OF, inside, later, lambda unit: ""))


def test_the_longest_report_and_reason_that_can_be_kept_can_be_released() -> None:
    said = "ord " * 250
    told = a_report(text=said, count=Count(n=12, of=12, unit="klasser", are_people=False))
    for report in (told, a_report(result=Result.NOT_DONE, text="", reason=said)):
        promise = promises.reported(a_promise(OF), report, OF)
        assert len(said) == promises.LONGEST_TEXT
        must_be_safe(shown(promise, OF, Evidence(), Evidence(), lambda unit: ""))


def test_nobody_is_named_beside_the_lines_either() -> None:
    before = shown(a_promise(OF), OF, Evidence(), Evidence(), lambda unit: "")
    named = "Ring 850709-9805"

    for it in (replace(before, heading=named), replace(before, agreement=replace(before.agreement, keeper=named))):
        with pytest.raises(PublicTextNotSafe):
            must_be_safe(it)


@pytest.mark.parametrize("state", [S.DONE, S.VERIFIED])
def test_what_is_done_in_part_is_read_as_done_in_part(state: TaskState) -> None:
    half, whole = a_task(("2025-11-01", state), extent=Extent.PARTLY), a_task(("2025-11-01", S.DONE))

    told = shown(a_promise(OF, evidence=EvidenceKind.STREET), OF, *of_street(half, whole), lambda unit: "Gata och park")

    assert [(line.mark, line.lead, line.text) for line in told.lines] == [
        (Mark.HALF, "Åtgärdat enligt Gata och park:", "1 plats."),
        (Mark.HALF, "Delvis åtgärdat enligt Gata och park:", "1 plats."),
    ]
