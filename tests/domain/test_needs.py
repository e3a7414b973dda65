"""Needs by place and hour beside the commitments that meet them, and what everybody may read of it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from tests.domain.test_est_picture import HERE
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.lagesbild import Basis, LagesbildEdition, ShownPeriod, reduced
from trygghetsvandring.domain.met_needs import MetNeed
from trygghetsvandring.domain.needs import NeedNotPossible, must_be_needs, shown_needs, slots
from trygghetsvandring.domain.period_counts import Coarse, Days, Heading, Hours, Need
from trygghetsvandring.domain.period_picture import period_picture
from trygghetsvandring.domain.periods import Period
from trygghetsvandring.domain.plans import Commitment, Rhythm, Terms

PROMISE, AT = uuid7(), datetime(2026, 12, 1, tzinfo=UTC)
DUE = Terms(since=date(2026, 9, 1), due_on=date(2026, 12, 15), rhythm=Rhythm.MONTH, set_by="", set_at=AT)
OPEN_LATE = Commitment(
    id=uuid7(),
    version=1,
    plan=uuid7(),
    executor="kultur-fritid",
    text="Öppet till midnatt.",
    promises=(PROMISE,),
    tasks=(),
    terms=(DUE,),
)
FRIDAY = MetNeed(area="Lidköping", place="Nya Stadens torg", weekday=4, block=22, commitment=OPEN_LATE.id)


def a_need(name: str, n: int, evenings: int = 0) -> Need:
    return Need(
        area="Lidköping",
        place="Nya Stadens torg",
        category=name,
        name=name,
        weekday=4,
        block=22,
        n=n,
        evenings=evenings,
    )


def an_edition(n: int) -> LagesbildEdition:
    """With `n` events late on a Friday, in two kinds."""
    period = Period(date(2026, 9, 1), date(2026, 9, 30))
    cell = Coarse(part=Heading.ORDER, row=Days.WEEKEND, column=Hours.LATE, n=n, walked=3)
    bare = period_picture(period, [], [], HERE)
    picture = replace(bare, needs=(a_need("Musik", n - 1), a_need("Fart", 1)), coarse=(cell,))
    return LagesbildEdition(
        id=uuid7(),
        version=1,
        of=uuid7(),
        number=1,
        picture=picture,
        texts=(),
        crime=None,
        focus=(),
        signatures=(),
        changed="",
        signed_at=AT,
    )


def a_period(of: LagesbildEdition, told: int) -> ShownPeriod:
    (cell,) = of.picture.coarse
    return ShownPeriod(
        of=of.of,
        first=of.period.first,
        last=of.period.last,
        showing=1,
        bases=(Basis(key=cell.key, n=told),),
        published_at=AT,
        changed_at=AT,
        released_by="",
    )


def test_a_need_is_told_with_its_evenings_beside_the_commitment_that_meets_it() -> None:
    (slot,) = slots(an_edition(9))
    assert (slot.n, slot.evenings, slot.names) == (9, 0, ("Musik", "Fart"))
    assert must_be_needs([FRIDAY, FRIDAY], PROMISE, {OPEN_LATE.id: OPEN_LATE}, HERE) == (FRIDAY,)
    assert slots(reduced(an_edition(9))) == slots(None) == []


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (replace(FRIDAY, place="Bakom garaget"), "place"),
        (replace(FRIDAY, weekday=7), "hour"),
        (replace(FRIDAY, block=21), "hour"),
    ],
)
def test_a_need_lies_at_a_place_and_hour_of_the_municipality_s_own(wrong: MetNeed, reason: str) -> None:
    with pytest.raises(NeedNotPossible) as refused:
        must_be_needs([wrong], PROMISE, {OPEN_LATE.id: OPEN_LATE}, HERE)
    assert refused.value.facts["reason"] == reason


def test_a_commitment_that_leads_to_another_promise_meets_no_need_of_this_one() -> None:
    other = replace(OPEN_LATE, promises=())
    with pytest.raises(NeedNotPossible):
        must_be_needs([FRIDAY], PROMISE, {OPEN_LATE.id: other}, HERE)


@pytest.mark.parametrize(("n", "told", "words"), [(2, 0, "0–4"), (9, 9, "9"), (12, 9, "9")])
def test_everybody_reads_the_number_that_the_lagesbild_tells_and_no_place(n: int, told: int, words: str) -> None:
    edition = an_edition(n)
    commitments: dict[UUID, Commitment] = {OPEN_LATE.id: OPEN_LATE}
    shown = shown_needs([FRIDAY], commitments, (a_period(edition, told), edition), lambda unit: "Kultur & Fritid")
    assert shown is not None
    assert shown.rows == (f"fre–lör 22–00: {words} (kvällar med vandring: 3)",)
    assert shown.met == ("Kultur & Fritid: Öppet till midnatt. Planerat, senast 15 december 2026.",)
    assert "Stadens torg" not in repr(shown)


def test_without_a_lagesbild_that_is_shown_no_number_is_told() -> None:
    shown = shown_needs([FRIDAY], {OPEN_LATE.id: OPEN_LATE}, None, lambda unit: "Kultur & Fritid")
    assert shown is not None
    assert (shown.rows, shown.source, shown.lagesbild) == ((), "", None)
    assert shown_needs([FRIDAY], {}, None, str) is None
