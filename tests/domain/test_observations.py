"""The finding's machine, and what a phone may hand in."""

import math
from dataclasses import replace
from typing import Any

import pytest

from tests.domain.finding_makers import (
    CABINET,
    GOOD_LIGHT,
    HOW,
    LAMP,
    MUSIC,
    TARGET,
    a_finding,
    dismiss,
    named,
    review,
)
from tests.domain.task_makers import ANOTHER_FINDING, FINDING, TASK, TODAY, WALKER, an_id
from trygghetsvandring.domain import observations as rules
from trygghetsvandring.domain.errors import Malformed, PersonalData, TextTooLong
from trygghetsvandring.domain.observations import (
    PASSAGES,
    CannotMerge,
    CategoryUnknown,
    DismissReason,
    KindIsNotATask,
    NoSuchPassage,
    NotYourObservation,
    Observation,
    ObservationState,
    Passage,
    Position,
    PositionOutOfRange,
    PositionSource,
    ReasonMissing,
    SeverityUnknown,
    SocialIsNotATask,
    SocialTakesNoPhoto,
    TooManyPhotos,
    is_danger,
    kind_of,
    must_be_sound,
)
from trygghetsvandring.domain.routing import Category, Kind

PERSONNUMMER = "Han heter 850709-9805."
DRAWN = tuple(passage for passage in PASSAGES if passage.start is not None)

# What else must be so where one operation can end in several states.
STANDING: dict[tuple[str, ObservationState], dict[str, Any]] = {
    ("observation.release", ObservationState.LINKED): {"tasks": (TASK,)},
    ("observation.release", ObservationState.MERGED): {"merged_into": ANOTHER_FINDING},
    ("task.unlink", ObservationState.LINKED): {"tasks": (TASK, an_id(50))},
}

# ---------------------------------------------------------------- every passage


@pytest.mark.parametrize("passage", DRAWN, ids=named)
def test_a_passage_leads_where_the_table_says(passage: Passage) -> None:
    assert passage.start is not None
    finding = a_finding(passage.start, **STANDING.get((passage.operation, passage.end), {}))

    assert HOW[passage.operation](finding).state is passage.end


@pytest.mark.parametrize("state", ObservationState)
@pytest.mark.parametrize("operation", HOW)
def test_where_there_is_no_passage_a_finding_stays_where_it_is(operation: str, state: ObservationState) -> None:
    if any(passage.operation == operation and passage.start is state for passage in PASSAGES):
        return
    before = a_finding(state)
    try:
        after = HOW[operation](before)
    except NoSuchPassage:
        return
    assert (operation, after.state) == ("observation.withdraw", state) or after == before


def test_a_finding_begins_as_received() -> None:
    assert [passage.end for passage in PASSAGES if passage.start is None] == [ObservationState.RECEIVED]
    assert a_finding().state is ObservationState.RECEIVED


def test_every_state_is_reached_and_only_what_its_author_withdrew_is_final() -> None:
    reached: set[ObservationState] = set()
    ways: list[ObservationState | None] = [None]
    while ways:
        here = ways.pop()
        new = {passage.end for passage in PASSAGES if passage.start is here} - reached
        reached |= new
        ways.extend(new)

    assert reached == set(ObservationState)
    assert set(ObservationState) - {passage.start for passage in PASSAGES} == {ObservationState.WITHDRAWN}


# ---------------------------------------------------------------- handing in


def test_a_sound_finding_is_kept_as_it_is() -> None:
    assert must_be_sound(a_finding(), LAMP) == a_finding()


def test_a_category_from_a_newer_phone_is_kept_as_written_and_waits_to_be_sorted() -> None:
    finding = a_finding(category="bel.framtid", kind=kind_of(None))

    assert must_be_sound(finding, None).category == "bel.framtid"
    assert finding.kind is Kind.EXPERIENCE


def test_a_finding_needs_no_position_and_no_severity() -> None:
    assert must_be_sound(a_finding(position=None, severity=None, place_words="bakom skolan"), LAMP).position is None


def at(lat: float, lon: float, accuracy_m: float | None = 5, age_s: float = 0) -> Position:
    return Position(lat=lat, lon=lon, accuracy_m=accuracy_m, age_s=age_s, source=PositionSource.GPS)


@pytest.mark.parametrize(
    "position",
    [
        *(at(90.1, 0), at(-90.1, 0), at(0, 180.1), at(0, -180.1), at(math.nan, 0), at(0, math.inf)),
        *(at(58, 13, -1), at(58, 13, math.nan), at(58, 13, None, -1), at(58, 13, None, math.inf)),
    ],
)
def test_a_position_lies_on_this_earth(position: Position) -> None:
    with pytest.raises(PositionOutOfRange):
        must_be_sound(a_finding(position=position), LAMP)


def test_the_edges_of_the_earth_are_on_it() -> None:
    for position in (at(90, 180), at(-90, -180), at(0, 0, None)):
        assert must_be_sound(a_finding(position=position), LAMP).position == position


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"text": "a" * 501}, TextTooLong),
        ({"place_words": "a" * 121}, TextTooLong),
        ({"category": "a" * 61}, TextTooLong),
        ({"category": " "}, Malformed),
        ({"severity": 4}, SeverityUnknown),
        ({"severity": -1}, SeverityUnknown),
        ({"photos": tuple(an_id(n) for n in range(100, 121))}, TooManyPhotos),
        ({"text": PERSONNUMMER}, PersonalData),
        ({"place_words": PERSONNUMMER}, PersonalData),
        ({"category": PERSONNUMMER}, PersonalData),
        ({"checklist_item": PERSONNUMMER}, PersonalData),
    ],
)
def test_what_cannot_be_kept_is_refused_by_a_name_of_its_own(changes: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal) as refused:
        must_be_sound(a_finding(**changes), LAMP)
    assert "850709" not in str(getattr(refused.value, "facts", ""))


def test_five_hundred_characters_are_not_too_many() -> None:
    assert must_be_sound(a_finding(text="a" * 500, place_words="a" * 120), LAMP).number == "LK-28"


def test_what_is_social_takes_no_photo() -> None:
    with pytest.raises(SocialTakesNoPhoto):
        must_be_sound(a_finding(category="ljud.musik"), MUSIC)
    assert must_be_sound(a_finding(category="ljud.musik", photos=()), MUSIC).photos == ()


def test_danger_is_the_highest_severity_or_an_urgent_category() -> None:
    assert is_danger(a_finding(severity=3), LAMP)
    assert is_danger(a_finding(severity=None), CABINET)
    assert not is_danger(a_finding(severity=2), LAMP)
    assert is_danger(a_finding(severity=3, category="bel.framtid"), None)


# ---------------------------------------------------------------- its author


def correct(state: ObservationState, known_as: Category = LAMP, **changes: object) -> Observation:
    return rules.correct(a_finding(state), WALKER.device, known_as, changes)


def test_before_triage_the_authors_correction_is_what_holds() -> None:
    new = correct(ObservationState.RECEIVED, MUSIC, category="ljud.musik", photos=())

    assert (new.category, new.written_category, new.kind) == ("ljud.musik", "ljud.musik", Kind.SOCIAL)


def test_what_triage_has_sorted_stays_sorted_and_the_authors_word_is_kept_beside() -> None:
    new = correct(ObservationState.REVIEWED, MUSIC, category="ljud.musik", text="Det var musik.", photos=())

    assert (new.category, new.written_category, new.kind) == ("bel.trasig", "ljud.musik", Kind.FAULT)
    assert new.text == "Det var musik."


def test_a_correction_changes_only_what_it_names() -> None:
    assert correct(ObservationState.LINKED, text="Två lampor.") == a_finding(
        ObservationState.LINKED, text="Två lampor."
    )


def test_a_correction_is_held_to_the_same_rules() -> None:
    with pytest.raises(PersonalData):
        correct(ObservationState.RECEIVED, text=PERSONNUMMER)


def test_what_is_withdrawn_is_not_corrected() -> None:
    with pytest.raises(NoSuchPassage):
        correct(ObservationState.WITHDRAWN, text="Ändå inte.")


@pytest.mark.parametrize("device", [None, an_id(77)])
def test_only_the_phone_that_handed_it_in_corrects_or_withdraws_it(device: Any) -> None:
    with pytest.raises(NotYourObservation):
        rules.correct(a_finding(), device, LAMP, {"text": "Nej."})
    with pytest.raises(NotYourObservation):
        rules.withdraw(a_finding(device=None), device, "Nej.")


@pytest.mark.parametrize("state", [ObservationState.LINKED, ObservationState.MERGED, ObservationState.WITHHELD])
def test_withdrawing_what_others_already_work_on_is_a_note_to_the_coordinator(state: ObservationState) -> None:
    asked = rules.withdraw(a_finding(state), WALKER.device, "Jag såg fel.")

    assert (asked.state, asked.withdraw_reason) == (state, "Jag såg fel.")


# ---------------------------------------------------------------- triage


def test_a_review_sorts_by_the_municipalitys_own_categories() -> None:
    sorted_ = review(a_finding(category="okand", kind=Kind.EXPERIENCE), CABINET, severity=3, note=" Skåp 12 ")

    assert (sorted_.category, sorted_.kind, sorted_.severity, sorted_.review_note) == ("el", Kind.FAULT, 3, "Skåp 12")
    assert sorted_.reviewed_on == TODAY
    with pytest.raises(CategoryUnknown):
        review(a_finding(), None)


def test_a_review_names_nobody_and_knows_its_severities() -> None:
    with pytest.raises(PersonalData):
        review(a_finding(), note=PERSONNUMMER)
    with pytest.raises(SeverityUnknown):
        review(a_finding(), severity=4)
    with pytest.raises(TextTooLong):
        review(a_finding(), note="a" * 501)


def test_taking_it_up_again_forgets_why_nothing_was_done() -> None:
    with pytest.raises(rules.ReasonMissing):
        review(a_finding(ObservationState.NO_ACTION), note=" ")
    again = review(a_finding(ObservationState.NO_ACTION), note="Den är sönder igen.")

    assert (again.dismiss_reason, again.public_text, again.settled_on) == (None, "", None)


@pytest.mark.parametrize("reason", DismissReason)
def test_no_action_always_has_a_reason_that_can_be_read(reason: DismissReason) -> None:
    reviewed = a_finding(ObservationState.REVIEWED)
    if reason in {DismissReason.POSITIVE, DismissReason.LAGESBILD}:
        assert dismiss(reviewed, reason=reason, public_text="").public_text
    else:
        with pytest.raises(ReasonMissing):
            dismiss(reviewed, reason=reason, public_text="")
    assert dismiss(reviewed, reason=reason, public_text="Det är lagat.").public_text == "Det är lagat."


def test_what_is_social_never_becomes_a_task() -> None:
    with pytest.raises(SocialIsNotATask):
        rules.link(review(a_finding(photos=()), MUSIC), TASK)


def test_what_is_a_task_already_is_sorted_again_only_as_what_may_be_one() -> None:
    linked = a_finding(ObservationState.LINKED)

    assert (review(linked, CABINET).category, review(linked, CABINET).tasks) == ("el", (TASK,))
    with pytest.raises(SocialIsNotATask):
        review(linked, MUSIC)


def test_experiences_and_good_things_are_kept_and_not_repaired() -> None:
    for kind in (Kind.POSITIVE, Kind.EXPERIENCE):
        with pytest.raises(KindIsNotATask):
            rules.link(a_finding(ObservationState.REVIEWED, kind=kind), TASK)
    assert review(a_finding(), GOOD_LIGHT).kind is Kind.POSITIVE


def test_one_finding_may_be_several_tasks_and_stays_linked_while_one_has_it() -> None:
    two = rules.link(a_finding(ObservationState.LINKED), an_id(50))
    assert (two.state, two.tasks) == (ObservationState.LINKED, (TASK, an_id(50)))
    assert rules.link(two, TASK) == two

    one = rules.unlink(two, TASK)

    assert (one.state, one.tasks) == (ObservationState.LINKED, (an_id(50),))
    assert rules.unlink(one, an_id(50)).state is ObservationState.REVIEWED


def test_merging_tells_both_and_undoing_it_untells_both() -> None:
    gone, target = rules.merge(a_finding(ObservationState.REVIEWED), TARGET)
    assert (gone.merged_into, target.merged_from) == (ANOTHER_FINDING, (FINDING,))

    back, alone = rules.unmerge(gone, target)

    assert (back.state, back.merged_into, alone.merged_from) == (ObservationState.REVIEWED, None, ())


@pytest.mark.parametrize("state", [ObservationState.MERGED, ObservationState.WITHDRAWN, ObservationState.WITHHELD])
def test_nothing_is_merged_into_what_is_out_of_sight(state: ObservationState) -> None:
    with pytest.raises(CannotMerge):
        rules.merge(a_finding(ObservationState.REVIEWED), a_finding(state, id=ANOTHER_FINDING))


def test_nothing_is_merged_into_itself() -> None:
    reviewed = a_finding(ObservationState.REVIEWED)
    with pytest.raises(CannotMerge):
        rules.merge(reviewed, reviewed)


def test_what_is_social_is_merged_with_its_like_only() -> None:
    lamp, music = a_finding(ObservationState.REVIEWED), a_finding(ObservationState.REVIEWED, kind=Kind.SOCIAL)
    for one, other in ((lamp, replace(TARGET, kind=Kind.SOCIAL)), (music, TARGET)):
        with pytest.raises(CannotMerge):
            rules.merge(one, other)
    assert rules.merge(music, replace(TARGET, kind=Kind.SOCIAL))[0].state is ObservationState.MERGED


def test_holding_back_needs_a_reason_and_letting_go_forgets_it() -> None:
    with pytest.raises(ReasonMissing):
        rules.withhold(a_finding(), "")
    held = rules.withhold(a_finding(), "Någon går att känna igen.")

    assert held.withhold_reason
    assert rules.release(held).withhold_reason == ""


@pytest.mark.parametrize("state", [ObservationState.LINKED, ObservationState.MERGED])
def test_what_is_let_go_returns_to_where_its_links_hold_it(state: ObservationState) -> None:
    assert rules.release(rules.withhold(a_finding(state), "Titta på fotot.")).state is state


def test_unlinking_what_is_held_back_lets_nothing_out() -> None:
    held = rules.withhold(a_finding(ObservationState.LINKED), "Titta på fotot.")

    assert rules.unlink(held, TASK).state is ObservationState.WITHHELD
    assert rules.release(rules.unlink(held, TASK)).state is ObservationState.REVIEWED
