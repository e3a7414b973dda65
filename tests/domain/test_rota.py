"""The rota's rules: whose evening it is, who comes and how many are missing, and what nobody can say any more."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.makers import a_municipality
from trygghetsvandring.domain import rota as rules
from trygghetsvandring.domain import rota_links as links
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.rota import CalledOff, OutingKind, RotaEvening, RotaNotPossible, Told, When
from trygghetsvandring.domain.rota_links import RotaLink

HERE = a_municipality()
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
WALKERS, HOME_AND_SCHOOL = "nattvandrarna", "socialtjansten"


def an_evening(evening: str = "2026-12-04", starts: str = "20:00", ends: str = "00:30", **changes: Any) -> RotaEvening:
    begins, over = rules.moments(date.fromisoformat(evening), starts, ends)
    given: dict[str, Any] = {"kind": OutingKind.NIGHT_WALK, "area": HERE.areas[0], "place": "Torget", "needed": 4}
    it = RotaEvening(id=uuid7(), version=0, starts_at=begins, ends_at=over, **(given | changes))
    return rules.planned(None, it, HERE, NOW)


def told(party: str, adults: int, at: datetime = NOW) -> Told:
    return Told(party=party, adults=adults, by="Samordnare", by_link=False, at=at)


@pytest.mark.parametrize(
    ("evening", "starts", "ends", "hours", "when"),
    [
        ("2026-12-04", "20:00", "00:30", 4.5, When.EVENING),  # Friday: the weekend begins the day after
        ("2026-12-05", "20:00", "00:30", 4.5, When.WEEKEND),
        ("2026-12-02", "19:00", "22:00", 3, When.EVENING),
        ("2026-12-02", "10:00", "11:00", 1, When.DAY),
        ("2026-12-24", "10:00", "11:00", 1, When.WEEKEND),  # a red day in all but name
        ("2026-10-24", "22:00", "03:30", 6.5, When.WEEKEND),  # the clock goes back meanwhile
        ("2026-12-04", "00:30", "02:00", 1.5, When.EVENING),  # after midnight, and still Friday's
        ("2026-12-31", "21:00", "01:00", 4, When.WEEKEND),
    ],
)
def test_an_evening_belongs_to_the_day_it_began_and_says_itself_if_it_is_a_weekend(
    evening: str, starts: str, ends: str, hours: float, when: When
) -> None:
    begins, over = rules.moments(date.fromisoformat(evening), starts, ends)
    it = RotaEvening(
        id=uuid7(),
        version=0,
        kind=OutingKind.NIGHT_WALK,
        area=HERE.areas[0],
        place="Torget",
        starts_at=begins,
        ends_at=over,
        needed=4,
    )
    assert (it.evening, it.when) == (date.fromisoformat(evening), when)
    assert over - begins == timedelta(hours=hours)


@pytest.mark.parametrize(("starts", "ends"), [("20:00", "19:00"), ("20:00", "20:00"), ("25:00", "26:00"), ("", "")])
def test_times_that_cannot_be_are_refused(starts: str, ends: str) -> None:
    with pytest.raises(RotaNotPossible) as refused:
        an_evening(starts=starts, ends=ends)
    assert refused.value.facts["reason"] == "times"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"area": "Atlantis"}, "area"),
        ({"needed": 0}, "needed"),
        ({"needed": 31}, "needed"),
        ({"place": " "}, "place"),
        ({"evening": "2026-11-19"}, "begun"),
    ],
)
def test_an_evening_that_nobody_could_go_to_is_not_planned(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(RotaNotPossible) as refused:
        an_evening(**changes)
    assert refused.value.facts["reason"] == reason


def test_the_gap_is_what_nobody_has_promised_and_the_last_word_of_a_party_holds() -> None:
    it = an_evening()
    assert (it.missing, it.crew) == (4, ())
    it = rules.signed(it, told(WALKERS, 3), HERE)
    it = rules.signed(it, told(HOME_AND_SCHOOL, 2), HERE)
    assert it.missing == 0
    it = rules.signed(it, told(WALKERS, 0), HERE)
    assert (it.missing, [each.party for each in it.crew]) == (2, [HOME_AND_SCHOOL])
    assert [each.adults for each in it.signed] == [3, 2, 0]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (told("nagra-andra", 2), "party"),
        (told(WALKERS, 31), "adults"),
        (told(WALKERS, 0), "adults"),
        (told(WALKERS, 2, datetime(2026, 12, 4, 19, 0, tzinfo=UTC)), "begun"),
    ],
)
def test_what_a_party_cannot_say_is_refused(said: Told, reason: str) -> None:
    with pytest.raises(RotaNotPossible) as refused:
        rules.signed(an_evening(), said, HERE)
    assert refused.value.facts["reason"] == reason


def test_who_walked_is_said_after_it_by_who_had_said_that_they_come_and_not_for_ever() -> None:
    it = rules.signed(an_evening(), told(WALKERS, 3), HERE)
    after = it.ends_at + timedelta(hours=8)
    for said in (
        told(WALKERS, 3, it.ends_at - timedelta(minutes=1)),
        replace(told(HOME_AND_SCHOOL, 2, after), by_link=True),
        told(WALKERS, 3, it.ends_at + rules.SAID_WITHIN),
    ):
        with pytest.raises(RotaNotPossible):
            rules.walked(it, said, HERE)
    it = rules.walked(it, told(WALKERS, 2, after), HERE)
    assert (it.out(WALKERS), it.out(HOME_AND_SCHOOL)) == (2, None)


def test_what_is_called_off_is_called_off_for_good() -> None:
    it = rules.signed(an_evening(), told(WALKERS, 3), HERE)
    off = CalledOff(reason="Storm väntas.", by="Samordnare", at=NOW)
    gone = rules.called_off(it, off)
    with pytest.raises(RotaNotPossible):
        rules.called_off(gone, off)
    with pytest.raises(RotaNotPossible):
        rules.signed(gone, told(WALKERS, 2), HERE)
    with pytest.raises(RotaNotPossible):
        rules.planned(gone, it, HERE, NOW)
    with pytest.raises(RotaNotPossible):
        rules.called_off(it, replace(off, reason=" "))


def test_a_page_is_old_when_its_evening_or_its_partys_own_answer_changed_and_not_when_anothers_did() -> None:
    it = an_evening()
    seen = rules.as_seen(it, WALKERS)
    assert rules.as_seen(rules.signed(it, told(HOME_AND_SCHOOL, 2), HERE), WALKERS) == seen
    assert rules.as_seen(rules.planned(it, replace(it, needed=6), HERE, NOW), WALKERS) == seen
    for changed in (
        rules.signed(it, told(WALKERS, 2), HERE),
        rules.planned(it, replace(it, place="Parken"), HERE, NOW),
        rules.called_off(it, CalledOff(reason="Storm.", by="Samordnare", at=NOW)),
    ):
        assert rules.as_seen(changed, WALKERS) != seen


def test_a_change_of_plan_keeps_who_said_that_they_come() -> None:
    it = rules.signed(an_evening(), told(WALKERS, 3), HERE)
    later = rules.planned(it, replace(it, place="Parken", signed=()), HERE, NOW)
    assert (later.coming(WALKERS), later.plans) == (3, 2)
    with pytest.raises(RotaNotPossible):
        rules.planned(it, replace(it, place="Parken"), HERE, it.starts_at)


@pytest.mark.parametrize("text", ["Karin Andersson", ""])
def test_a_party_is_reached_by_a_function_and_no_name(text: str) -> None:
    with pytest.raises(RotaNotPossible):
        rules.must_be_function(text)
    assert rules.must_be_function("Passledare") == "Passledare"


def test_a_field_shift_is_for_the_municipalitys_own_units_and_stays_so() -> None:
    it = an_evening(kind=OutingKind.FIELD_SHIFT)
    outside, inside = HERE.organisation(WALKERS), HERE.organisation(HOME_AND_SCHOOL)
    assert outside is not None and inside is not None
    assert (rules.may_join(it, outside), rules.may_join(it, inside)) == (False, True)
    assert rules.may_join(an_evening(), outside)
    with pytest.raises(RotaNotPossible):
        rules.signed(it, told(WALKERS, 2), HERE)
    assert rules.signed(it, told(HOME_AND_SCHOOL, 2), HERE).missing == 2
    open_to_all = rules.signed(an_evening(), told(WALKERS, 3), HERE)
    with pytest.raises(RotaNotPossible):
        rules.planned(open_to_all, replace(open_to_all, kind=OutingKind.FIELD_SHIFT), HERE, NOW)


def test_a_seasons_answers_fit_in_one_link() -> None:
    link = RotaLink(
        id=uuid7(),
        version=1,
        party=WALKERS,
        contact=uuid7(),
        secret_hash="",
        made_at=NOW,
        made_by="Samordnare",
        ends_at=NOW + links.LASTS,
    )
    for n in range(200):
        link = links.answered(link, str(n), NOW)
    assert len(link.used) == 200


def test_a_partys_own_evenings_are_always_on_its_page_and_what_is_left_out_is_counted() -> None:
    ahead = [an_evening(f"2026-12-{day:02}") for day in range(1, 8)]
    ahead[6] = rules.signed(ahead[6], told(WALKERS, 3), HERE)
    shown, left_out = rules.offered(ahead, WALKERS, 4)
    assert shown == [*ahead[:4], ahead[6]]
    assert left_out == 2
