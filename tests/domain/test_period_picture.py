"""The picture of a period: the same events as its weeks, beside who was out, and compared only with what is alike."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tests.domain.test_est_picture import HERE, TORGET, a_count, a_walk, seen
from trygghetsvandring.domain.errors import Malformed
from trygghetsvandring.domain.est_events import Sources
from trygghetsvandring.domain.est_picture import picture
from trygghetsvandring.domain.est_week import EstDecision, EstWeek
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.period_counts import Counted, Days, Decided, Heading, Hours, People, PeriodPicture
from trygghetsvandring.domain.period_picture import WeekFound, decided, period_picture
from trygghetsvandring.domain.periods import Period, tertial_before
from trygghetsvandring.domain.presence import PresenceSum
from trygghetsvandring.domain.routing import Kind
from trygghetsvandring.domain.stops import Feeling, FeelingAnswer
from trygghetsvandring.domain.times import STOCKHOLM
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.domain.weeks import week_of

AUTUMN = Period(date(2026, 9, 1), date(2026, 12, 31))
FRIDAY = datetime(2026, 11, 20, 20, 0, tzinfo=STOCKHOLM)


def found_in(period: Period, *sources: Sources) -> list[WeekFound]:
    """Each of the sources in the week its first walk began; the other weeks are empty."""
    by_week = {week_of(it.walks[0].starts_at.date()): it for it in sources}
    return [WeekFound(week=week, found=by_week.get(week, Sources())) for week in period.weeks]


def drawn(*now: Sources, before: tuple[Sources, ...] = (), period: Period = AUTUMN) -> PeriodPicture:
    return period_picture(period, found_in(period, *now), found_in(period.year_before, *before), HERE)


def felt_on(walk: Walk, counts: dict[Feeling, int]) -> FeelingAnswer:
    facts = {"version": 1, "number": "", "walk": walk.id, "stop": walk.stops[0].id, "device": uuid7()}
    return FeelingAnswer(id=uuid7(), felt_at=walk.starts_at, own=None, counts=counts, **facts)  # type: ignore[arg-type]


def an_evening(at: datetime, *codes: str) -> Sources:
    walk = a_walk(at)
    return Sources(walks=[walk], findings=[seen(walk, at + timedelta(minutes=5), code) for code in codes])


# ---------------------------------------------------------------- periods


def test_the_last_tertial_that_is_over_is_the_one_before_this() -> None:
    assert tertial_before(date(2026, 11, 24)) == Period(date(2026, 5, 1), date(2026, 8, 31))
    assert tertial_before(date(2026, 1, 1)) == Period(date(2025, 9, 1), date(2025, 12, 31))


def test_the_year_before_has_the_same_days_of_the_week() -> None:
    before = AUTUMN.year_before
    assert (before.first.weekday(), before.last.weekday()) == (AUTUMN.first.weekday(), AUTUMN.last.weekday())
    assert before.first == date(2025, 9, 2)


@pytest.mark.parametrize(("first", "last"), [("2026-05-02", "2026-05-01"), ("2025-01-01", "2026-12-31")])
def test_a_period_goes_forward_and_is_no_longer_than_a_year(first: str, last: str) -> None:
    with pytest.raises(Malformed):
        Period(date.fromisoformat(first), date.fromisoformat(last))


def test_every_evening_of_a_period_lies_in_one_of_its_weeks() -> None:
    evenings = [evening for week in AUTUMN.weeks for evening in week.evenings]

    assert len(evenings) == len(set(evenings))
    assert AUTUMN.first in evenings
    assert AUTUMN.last in evenings


# ---------------------------------------------------------------- the same events as the weeks


def test_a_period_of_one_week_counts_what_the_week_s_own_picture_counts() -> None:
    week = week_of(FRIDAY.date())
    one = Period(week.monday, week.sunday)
    found = an_evening(FRIDAY, "ljud.musik", "motor", "bel.trasig", "bel.bra")
    it, weekly = drawn(found, period=one), picture(week, found, Sources(), HERE)

    assert it.unsafe + it.order + it.good == weekly.total
    (row,) = [each for each in it.by_place if each.place == TORGET]
    assert (row.unsafe, row.order) == (
        Counted(n=1, seen=1, evenings=1, walked=1),
        Counted(n=2, seen=2, evenings=1, walked=1),
    )


def test_what_lies_outside_the_period_is_not_in_it() -> None:
    monday = datetime(2026, 8, 31, 20, 0, tzinfo=STOCKHOLM)  # the week of 1 September, the evening before it

    assert drawn(an_evening(monday, "motor")).order == 0
    assert drawn(an_evening(monday, "motor"), period=Period(date(2026, 8, 31), date(2026, 9, 30))).order == 1


def test_where_nobody_was_out_the_cell_says_nothing_and_never_nought() -> None:
    it = drawn(an_evening(FRIDAY, "motor"))
    order = next(each for each in it.by_hour if each.heading is Heading.ORDER)

    assert {cell for at, row in enumerate(order.rows) for cell in row if at != FRIDAY.weekday()} == {
        Counted(n=None, seen=0, evenings=0)
    }
    assert order.rows[FRIDAY.weekday()][it.blocks.index(20)] == Counted(n=1, seen=1, evenings=1, walked=1)


def test_what_a_party_told_without_a_day_belongs_where_most_of_its_week_lies() -> None:
    """The first of a period on a Friday: that week's Thursday lies before it."""
    november = Period(date(2026, 11, 6), date(2026, 11, 30))  # a Friday to a Monday
    told = Sources(counts=[a_count(evening=None, hour=None, n=3)])
    every = [WeekFound(week=week, found=told) for week in november.weeks]
    it = period_picture(november, every, found_in(november.year_before), HERE)

    assert len(every) == 5
    assert it.order == 9  # three weeks have their Thursday in it
    assert [each.no_hour for each in it.by_hour if each.heading is Heading.ORDER] == [9]
    assert all(each.seen == 0 for each in it.alike)


# ---------------------------------------------------------------- like with like


def test_light_and_dark_are_never_compared_with_each_other() -> None:
    """Eight in the evening is light in early September and dark in November."""
    light = an_evening(datetime(2026, 9, 4, 18, 0, tzinfo=STOCKHOLM), "motor", "motor")
    dark = an_evening(datetime(2025, 11, 21, 18, 0, tzinfo=STOCKHOLM), "motor")
    it = drawn(light, before=(dark,))
    told = {(each.is_dark, each.block): each for each in it.alike if each.heading is Heading.ORDER}

    assert (told[False, 18].seen, told[False, 18].evenings, told[False, 18].evenings_before) == (2, 1, 0)
    assert (told[True, 18].seen, told[True, 18].evenings, told[True, 18].seen_before) == (0, 0, 1)
    assert not any(each.is_comparable for each in it.alike)


def test_the_same_hour_at_the_same_darkness_is_comparable_with_both_efforts() -> None:
    now = [an_evening(FRIDAY + timedelta(weeks=n), "motor", "motor") for n in (0, 1)]
    then = (an_evening(FRIDAY - timedelta(weeks=52), "motor"),)
    (it,) = [each for each in drawn(*now, before=then).alike if each.heading is Heading.ORDER and each.block == 20]

    assert it.is_dark
    assert it.is_comparable
    assert (it.seen, it.evenings, it.seen_before, it.evenings_before) == (4, 2, 1, 1)


# ---------------------------------------------------------------- needs, people, and what could become public


def test_the_needs_are_places_and_hours_with_how_often_somebody_was_there() -> None:
    it = drawn(*(an_evening(FRIDAY + timedelta(weeks=n), "motor", "alkohol") for n in (0, 1)))
    told = [(need.place, need.name, need.weekday, need.block, need.n, need.evenings) for need in it.needs]

    assert told == [
        (TORGET, "Berusning eller alkohol på platsen", 4, 20, 2, 2),
        (TORGET, "Störande körning", 4, 20, 2, 2),
    ]


def test_nothing_is_counted_in_two_cells_of_what_could_become_public() -> None:
    found = an_evening(FRIDAY, "ljud.musik", "motor", "bel.trasig")
    felt = [felt_on(found.walks[0], {Feeling.SAFE: 4, Feeling.UNSAFE: 2})]
    it = drawn(Sources(walks=found.walks, findings=found.findings, feelings=felt))
    keys = [cell.key for cell in it.coarse]
    n = {cell.key: cell.n for cell in it.coarse if cell.n}

    assert len(keys) == len(set(keys))
    assert n == {f"{Heading.UNSAFE}/Lidköping/": 1, f"{Heading.ORDER}/{Days.WEEKEND}/{Hours.MIDDLE}": 2}
    assert not [cell for cell in it.coarse if TORGET in cell.key]


def test_an_experience_stands_in_no_cell_that_could_become_public() -> None:
    """Faults are told one by one elsewhere: what is left over in their cell would be the experiences."""
    code = next(each.code for each in HERE.categories if each.kind is Kind.EXPERIENCE)
    it = drawn(an_evening(FRIDAY, code, "bel.trasig"))

    assert it.unsafe == 2
    assert sum(cell.n for cell in it.coarse) == 1


def test_two_phones_that_answer_at_every_stop_are_two_people() -> None:
    found = an_evening(FRIDAY)
    phones = [uuid7(), uuid7()]
    answers = [
        replace(felt_on(found.walks[0], {}), own=own, counts=None, device=phone, felt_at=FRIDAY + timedelta(minutes=at))
        for phone in phones
        for at, own in enumerate((Feeling.UNSAFE, Feeling.UNSAFE, Feeling.SAFE))
    ]
    it = drawn(Sources(walks=found.walks, findings=found.findings, feelings=answers))

    assert it.felt == People(safe=2, neither=0, unsafe=0)


def test_a_team_s_evening_is_no_evening_with_a_walk() -> None:
    """Neither to divide what walks saw by, nor for everybody to read."""
    found = an_evening(FRIDAY, "motor", "motor")
    week = week_of(FRIDAY.date())
    teams = [PresenceSum(area="Lidköping", evening=week.monday, passes=2, people="", moods=None)]
    it = drawn(Sources(walks=found.walks, findings=found.findings, presence=teams))
    (area,) = [row for row in it.by_place if row.area == "Lidköping" and not row.place]

    assert area.order == Counted(n=2, seen=2, evenings=2, walked=1)
    assert (it.together.evenings, it.together.walked) == (2, 1)
    assert [cell.walked for cell in it.coarse if cell.row == "Lidköping"] == [1]


def test_what_a_walk_saw_after_its_planned_end_was_seen_by_somebody_who_was_there() -> None:
    walk = a_walk(FRIDAY)
    late = walk.ends_at + timedelta(hours=2)
    it = drawn(Sources(walks=[walk], findings=[seen(walk, late, "motor")]))
    block = late.hour - late.hour % 2
    (alike,) = [each for each in it.alike if each.heading is Heading.ORDER and each.block == block]
    (cell,) = [each for each in it.coarse if each.n]

    assert (alike.seen, alike.evenings) == (1, 1)
    assert cell.walked == 1


def test_meetings_and_decisions_count_by_their_own_day() -> None:
    """The meeting about the last week of August is held in September."""
    decision = EstDecision(
        id=uuid7(),
        text="Fler vuxna",
        owner="polisen",
        due_on=date(2026, 9, 30),
        place=None,
        task=None,
        decided_on=date(2026, 9, 2),
        decided_by="Samordnare",
        is_done=True,
    )
    kept = EstWeek(id=uuid7(), version=1, week="2026-W34", met_on=date(2026, 9, 2), decisions=(decision,))
    after = EstWeek(id=uuid7(), version=1, week="2026-W53", met_on=date(2027, 1, 4))
    agreed = decided(AUTUMN, [kept, after], {})

    assert agreed == Decided(meetings=1, decisions=1, done=1)
    told = period_picture(AUTUMN, [], [], HERE, agreed).together
    assert (told.meetings, told.decisions, told.done) == (1, 1, 1)
