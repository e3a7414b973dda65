"""What an association is attested: its own kept passes first, its own word where there is none, and nothing twice."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest

from tests.domain.test_presence import an_entry
from tests.domain.test_rota import HERE, WALKERS, told
from tests.domain.test_rota import an_evening as planned
from trygghetsvandring.domain import attestations as rules
from trygghetsvandring.domain import rota
from trygghetsvandring.domain.attestations import Attestation, AttestationNotPossible, Source, TakenBack, WalkedEvening
from trygghetsvandring.domain.ids import pass_id
from trygghetsvandring.domain.presence import Pass, PassKind, PresenceEntry
from trygghetsvandring.domain.rota import OutingKind, RotaEvening, When

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 31)


def a_logged(
    evening: date, adults: int | None, minutes: int, organisation: str = WALKERS
) -> tuple[Pass, list[PresenceEntry]]:
    """A pass whose one entry lasted so long."""
    kind, begun = PassKind.NIGHT_WALK, datetime.combine(evening, time(19), UTC)
    id = pass_id(organisation, evening.isoformat(), kind)
    one = Pass(id=id, version=1, organisation=organisation, evening=evening, kind=kind, adults=adults)
    return one, [an_entry(organisation=organisation, pass_id=id, evening=evening, at=begun, minutes=minutes)]


def a_told(evening: str, adults: int) -> RotaEvening:
    it = rota.signed(planned(evening), told(WALKERS, 4), HERE)
    return rota.walked(it, replace(told(WALKERS, adults, it.ends_at + timedelta(hours=9)), by_link=True), HERE)


def unsigned(*rows: WalkedEvening) -> Attestation:
    return Attestation(
        id=UUID(int=1),
        version=0,
        party=WALKERS,
        party_name="Nattvandrarna",
        first=FIRST,
        last=LAST,
        rows=rows,
        signed_by="",
        signed_at=datetime(2027, 1, 4, 9, 0, tzinfo=UTC),
    )


def test_a_kept_pass_stands_for_its_evening_and_what_was_said_by_link_where_there_is_none() -> None:
    friday, saturday = date(2026, 12, 4), date(2026, 12, 5)
    found = rules.rows(
        WALKERS,
        [a_logged(friday, 3, 180)],
        [a_told("2026-12-04", 9), a_told("2026-12-05", 4), a_told("2026-12-11", 0)],
        FIRST,
        LAST,
    )
    assert [(it.evening, it.adults, it.minutes, it.source) for it in found] == [
        (friday, 3, 180, Source.LOG),
        (saturday, 4, 270, Source.LINK),
    ]
    sums = rules.totals(found)
    assert (sums.evenings, sums.weekends, sums.logged, sums.hours, sums.unsaid) == (2, 1, 1, 27, 0)


def test_only_the_partys_own_passes_that_hold_something_inside_the_period_count() -> None:
    empty, _ = a_logged(date(2026, 12, 6), 5, 60)
    found = rules.rows(
        WALKERS,
        [
            a_logged(date(2026, 12, 5), 5, 60, "socialtjansten"),
            (empty, []),
            a_logged(date(2026, 11, 30), 2, 60),
            a_logged(date(2027, 1, 1), 2, 60),
        ],
        [planned("2026-12-04")],
        FIRST,
        LAST,
    )
    assert found == ()


def test_an_evening_whose_adults_nobody_said_is_an_evening_and_gives_no_hours() -> None:
    found = rules.rows(WALKERS, [a_logged(date(2026, 12, 2), None, 120)], [], FIRST, LAST)
    sums = rules.totals(found)
    assert (found[0].when, sums.evenings, sums.weekends, sums.hours, sums.unsaid) == (When.EVENING, 1, 0, 0, 1)


def test_it_is_signed_in_a_name_and_never_empty() -> None:
    it = unsigned(*rules.rows(WALKERS, [a_logged(date(2026, 12, 4), 3, 240)], [], FIRST, LAST))
    assert rules.signed(it, "Kim Tall", "Samordnare") == "Kim Tall, Samordnare"
    for of, name in ((it, ""), (it, " "), (it, "x" * 81), (unsigned(), "Kim Tall")):
        with pytest.raises(AttestationNotPossible):
            rules.signed(of, name, "Samordnare")


def test_only_an_association_is_attested_and_only_days_that_have_been() -> None:
    walkers, team = HERE.organisation(WALKERS), HERE.organisation("socialtjansten")
    assert rules.must_be_association(walkers) == walkers
    for party in (team, None):
        with pytest.raises(AttestationNotPossible):
            rules.must_be_association(party)
    rules.must_be_period(FIRST, LAST, LAST + timedelta(days=1))
    for first, last, today in ((LAST, FIRST, date(2027, 2, 1)), (FIRST, LAST, LAST), (date(2025, 1, 1), LAST, LAST)):
        with pytest.raises(AttestationNotPossible):
            rules.must_be_period(first, last, today)


def test_the_paper_says_what_each_row_rests_on() -> None:
    found = rules.rows(WALKERS, [a_logged(date(2026, 12, 4), 3, 240)], [a_told("2026-12-05", 4)], FIRST, LAST)
    assert [rules.cells(row) for row in found] == [
        ("2026-12-04", "fredag", "Kväll", "Nattvandring", 3, 240, "närvarologgen"),
        ("2026-12-05", "lördag", "Helg", "Nattvandring", 4, 270, "föreningen"),
    ]


def test_it_is_taken_back_once_with_a_reason_and_the_paper_says_so() -> None:
    it = unsigned(*rules.rows(WALKERS, [a_logged(date(2026, 12, 4), 3, 240)], [], FIRST, LAST))
    back = TakenBack(reason="Fel dagar.", by="Samordnare", at=it.signed_at)
    gone = rules.taken_back(it, back)
    assert "Fel dagar." in str(rules.paper(gone, "Lidköping"))
    for of, why in ((gone, back), (it, replace(back, reason="")), (it, replace(back, reason="x" * 201))):
        with pytest.raises(AttestationNotPossible):
            rules.taken_back(of, why)


def test_a_log_of_another_kind_or_of_no_time_does_not_take_the_place_of_what_was_said() -> None:
    friday = date(2026, 12, 4)
    none = rules.rows(WALKERS, [a_logged(friday, 3, 0)], [a_told("2026-12-04", 4)], FIRST, LAST)
    assert [(it.adults, it.minutes, it.source) for it in none] == [(4, 270, Source.LINK)]
    alone = rules.rows(WALKERS, [a_logged(friday, 3, 0)], [], FIRST, LAST)
    assert [(it.adults, it.minutes, it.source) for it in alone] == [(3, 0, Source.LOG)]
    walk = replace(a_told("2026-12-04", 4), kind=OutingKind.SAFETY_WALK)
    both = rules.rows(WALKERS, [a_logged(friday, 3, 60)], [walk], FIRST, LAST)
    assert [(it.kind, it.source) for it in both] == [("night_walk", Source.LOG), ("safety_walk", Source.LINK)]


def test_who_came_without_a_word_is_counted_by_the_coordinator_and_the_paper_says_so() -> None:
    it = planned("2026-12-05")
    it = rota.walked(it, told(WALKERS, 2, it.ends_at + timedelta(hours=9)), HERE)
    assert [each.party for each in it.came_unsigned] == [WALKERS]
    (row,) = rules.rows(WALKERS, [], [it], FIRST, LAST)
    assert (row.adults, row.source, rules.cells(row)[-1]) == (2, Source.DESK, "samordnaren")
