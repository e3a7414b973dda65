"""The picture of an EST week: evenings of Swedish weeks, what was noticed beside who was out, and people as bands."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.domain.finding_makers import a_finding
from trygghetsvandring.demo.seed import lidkoping
from trygghetsvandring.domain import est_export
from trygghetsvandring.domain.errors import Malformed
from trygghetsvandring.domain.est_events import PartnerCount, Sources
from trygghetsvandring.domain.est_picture import PlaceRow, Trend, band_of, picture, trend
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.observations import NO_WALK, DismissReason, Observation, ObservationState
from trygghetsvandring.domain.presence import PresenceSum
from trygghetsvandring.domain.routing import Kind
from trygghetsvandring.domain.stops import Feeling, FeelingAnswer, Stop
from trygghetsvandring.domain.times import STOCKHOLM
from trygghetsvandring.domain.walks import Recording, Walk, WalkState
from trygghetsvandring.domain.weeks import Week, week_at, week_from, week_of

HERE = lidkoping()
WEEK = Week(2026, 47)
FRIDAY = datetime(2026, 11, 20, 21, 0, tzinfo=STOCKHOLM)
TORGET = "Nya Stadens torg"


def a_walk(starts_at: datetime = FRIDAY, hours: float = 2, place: str = "nya-stadens-torg", **changes: Any) -> Walk:
    known = next(each for each in HERE.places if each.id == place)
    stop = Stop(
        id=uuid7(),
        number=1,
        name=known.name,
        place=place,
        place_type=known.place_type,
        lat=known.lat,
        lon=known.lon,
        radius_m=40,
        template="torg",
    )
    it = Walk(
        id=uuid7(),
        version=1,
        name="Kväll",
        place="Centrum",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours),
        leader="Maria",
        meeting_point="Torget",
        recording=Recording.OWN_PHONES,
        night=False,
        camera=True,
        stops=(stop,),
        state=WalkState.ENDED,
    )
    return replace(it, **changes)


def seen(walk: Walk | None, at: datetime = FRIDAY, category: str = "ljud.musik", **changes: Any) -> Observation:
    known = HERE.category(category)
    facts: dict[str, Any] = {
        "id": uuid7(),
        "walk": walk.id if walk else NO_WALK,
        "stop": walk.stops[0].id if walk else None,
        "seen_at": at,
        "category": category,
        "kind": known.kind if known else Kind.EXPERIENCE,
        "photos": (),
    }
    return a_finding(ObservationState.REVIEWED, **facts | changes)


def drawn(found: Sources, before: Sources | None = None, week: Week = WEEK) -> Any:
    return picture(week, found, before or Sources(), HERE)


def row(of: Any, place: str, area: str = "Lidköping") -> PlaceRow:
    (found,) = [each for each in of.by_place if (each.area, each.place) == (area, place)]
    assert isinstance(found, PlaceRow)
    return found


def cells(it: PlaceRow) -> list[tuple[int | None, int]]:
    return [(cell.n, cell.evenings) for cell in it.cells]


# ---------------------------------------------------------------- weeks


def test_the_first_days_of_a_year_can_lie_in_the_week_of_the_year_before() -> None:
    assert str(week_of(date(2027, 1, 1))) == "2026-W53"
    assert str(week_of(date(2024, 12, 30))) == "2025-W01"
    assert Week(2026, 53).after(1) == Week(2027, 1)
    assert Week(2027, 1).evenings[0] == date(2027, 1, 4)
    assert str(Week(2025, 1).after(-1)) == "2024-W52"


def test_a_week_is_written_as_iso_writes_it_and_nothing_else_is_a_week() -> None:
    assert week_from("2026-W47") == WEEK
    for wrong in ("2026-47", "2026-W54", "2025-W53", "2026-W00", "0001-W01", "9999-W52", "2026-W4\uff17", ""):
        with pytest.raises(Malformed):
            week_from(wrong)


def test_a_night_belongs_to_the_week_its_evening_began_in() -> None:
    assert week_at(datetime(2026, 11, 23, 2, 0, tzinfo=STOCKHOLM)) == WEEK
    assert week_at(datetime(2026, 11, 23, 6, 0, tzinfo=STOCKHOLM)) == WEEK.after(1)


def test_a_walk_over_midnight_on_sunday_belongs_to_the_evening_it_began() -> None:
    sunday = datetime(2026, 11, 22, 22, 30, tzinfo=STOCKHOLM)
    walk = a_walk(sunday, hours=9)
    found = Sources(walks=[walk], findings=[seen(walk, sunday + timedelta(hours=8))])  # half past six on Monday

    assert cells(row(drawn(found), TORGET))[6] == (1, 1)
    assert drawn(found, week=WEEK.after(1)).by_place == ()


def test_the_hour_that_comes_twice_in_october_is_one_hour_of_saturdays_evening() -> None:
    week, walk = Week(2026, 43), a_walk(datetime(2026, 10, 24, 22, 0, tzinfo=UTC), hours=5)
    twice = [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1)]  # 02.30 and then 02.30 again
    it = drawn(Sources(walks=[walk], findings=[seen(walk, at) for at in twice]), week=week)

    assert {(each.evening, each.hour) for each in it.events} == {(date(2026, 10, 24), 2)}
    assert cells(row(it, TORGET))[5] == (2, 1)
    saturday = it.by_hour[5]
    assert saturday.cells[it.blocks.index(2)].n == 2


# ---------------------------------------------------------------- what is and is not known


def test_where_nobody_was_out_the_cell_says_nothing_and_never_zero() -> None:
    walk = a_walk()
    it = drawn(Sources(walks=[walk]))

    assert cells(row(it, TORGET)) == [(None, 0)] * 4 + [(0, 1)] + [(None, 0)] * 2
    friday = it.by_hour[4]
    assert (it.blocks, [(cell.n, cell.evenings) for cell in friday.cells]) == ((20, 22), [(0, 1), (0, 1)])
    assert all(cell.n is None for each in it.by_hour if each is not friday for cell in each.cells)


def test_what_a_resident_told_of_an_evening_when_nobody_was_out_is_counted_with_no_evening() -> None:
    told = seen(None, FRIDAY - timedelta(days=2), stop=None, position=replace_position(58.50452, 13.15694))
    it = drawn(Sources(findings=[told]))

    assert cells(row(it, TORGET))[2] == (1, 0)
    assert it.events[0].source == "resident"


def replace_position(lat: float, lon: float) -> Any:
    position = a_finding().position
    assert position is not None
    return replace(position, lat=lat, lon=lon)


def test_a_planned_walk_is_no_evening_out_until_something_is_handed_in_from_it() -> None:
    walk = a_walk(state=WalkState.PLANNED)

    assert drawn(Sources(walks=[walk])).by_place == ()
    assert cells(row(drawn(Sources(walks=[walk], findings=[seen(walk)])), TORGET))[4] == (1, 1)


def test_a_teams_evening_counts_for_its_area_and_for_no_place_or_hour_in_it() -> None:
    walk, evenings = a_walk(), WEEK.evenings
    sums = [PresenceSum(area="Lidköping", evening=evenings[5], passes=1, people="6–15", moods=None)]
    it = drawn(Sources(walks=[walk], presence=sums))

    assert cells(row(it, ""))[4:6] == [(0, 1), (0, 1)]
    assert row(it, "").cells[5].people == "6–15"
    assert cells(row(it, TORGET))[5] == (None, 0)
    assert [cell.n for cell in it.by_hour[5].cells] == [None, None]


@pytest.mark.parametrize(
    "hidden",
    [
        {"state": ObservationState.WITHHELD},
        {"state": ObservationState.WITHDRAWN},
        {"state": ObservationState.MERGED, "merged_into": UUID(int=1)},
        {"state": ObservationState.NO_ACTION, "dismiss_reason": DismissReason.PERSONAL_MATTER},
    ],
)
def test_what_is_hidden_or_somebodys_own_matter_is_not_in_it(hidden: dict[str, Any]) -> None:
    walk = a_walk()
    one = seen(walk)

    assert drawn(Sources(walks=[walk], findings=[one])).total == 1
    assert drawn(Sources(walks=[walk], findings=[replace(one, **hidden)])).total == 0


def test_no_word_that_somebody_has_written_is_in_the_picture_or_the_lines() -> None:
    walk = a_walk()
    one = seen(walk, text="HEMLIGT", place_words="HEMLIGT", category="HEMLIGT", written_category="HEMLIGT")
    two = replace(seen(None, text="HEMLIGT", place_words="HEMLIGT"), position=None, stop=None)
    it = drawn(Sources(walks=[walk], findings=[one, two]))

    assert it.total == 2
    assert "HEMLIGT" not in repr(it) + repr(est_export.lines(it, [], HERE))


def test_people_are_bands_and_events_are_exact() -> None:
    walk = a_walk()
    answers = [
        FeelingAnswer(
            id=uuid7(),
            version=1,
            number="",
            walk=walk.id,
            stop=walk.stops[0].id,
            device=uuid7(),
            felt_at=FRIDAY,
            own=None,
            counts={Feeling.SAFE: 3, Feeling.UNSAFE: 9},
        )
    ]
    it = drawn(Sources(walks=[walk], findings=[seen(walk), seen(walk), seen(walk)], feelings=answers))

    assert (it.felt.answers, it.felt.safe, it.felt.neither, it.felt.unsafe) == ("6–15", "högst 5", "0", "6–15")
    assert it.total == 3
    assert [band_of(n) for n in (0, 1, 5, 6, 15, 16, 30, 31)] == [
        *("0", "högst 5", "högst 5", "6–15", "6–15", "16–30", "16–30", "31 eller fler")
    ]


# ---------------------------------------------------------------- what has changed


def test_what_has_moved_between_the_weeks_is_told_with_the_evenings_somebody_looked() -> None:
    then, now = a_walk(FRIDAY - timedelta(weeks=1), place="stadstradgarden"), a_walk()
    both = replace(now, stops=(*now.stops, *then.stops))
    last = [seen(then, FRIDAY - timedelta(weeks=1), category="motor") for _ in range(3)]
    found = Sources(walks=[both], findings=[seen(both, category="motor")])
    it = drawn(found, Sources(walks=[then], findings=last))

    assert [(each.place, each.before, each.n, each.trend) for each in it.changes] == [
        (TORGET, 0, 1, Trend.FIRST_LOOK),  # nobody was there the week before: it is not called new
        ("Stadsträdgården", 3, 0, Trend.GONE),
    ]


def test_what_nobody_looked_for_has_neither_gone_nor_come() -> None:
    assert trend(0, 3, 0, 1) is Trend.NOT_LOOKED
    assert trend(0, 3, 1, 1) is Trend.GONE
    assert trend(2, 3, 0, 1) is Trend.NOT_LOOKED  # told by a party, and nobody out
    assert trend(2, 0, 1, 0) is Trend.FIRST_LOOK
    assert trend(2, 0, 1, 1) is Trend.NEW
    assert [trend(n, 2, 1, 1) for n in (1, 2, 3)] == [Trend.FEWER, Trend.SAME, Trend.MORE]


def test_the_same_thing_in_the_same_place_as_the_week_before_comes_again() -> None:
    then, now = a_walk(FRIDAY - timedelta(weeks=1)), a_walk()
    found = Sources(walks=[now], findings=[seen(now), seen(now, category="skrap")])
    it = drawn(found, Sources(walks=[then], findings=[seen(then, FRIDAY - timedelta(weeks=1))]))

    assert {(each.category, each.again) for each in it.events} == {("ljud.musik", True), ("skrap", False)}


# ---------------------------------------------------------------- parties and lines


def a_count(**changes: Any) -> PartnerCount:
    facts: dict[str, Any] = {
        "id": uuid7(),
        "party": "polisen",
        "told_by": "Kommunpolis",
        "told_on": date(2026, 11, 23),
        "area": "Lidköping",
        "place": "nya-stadens-torg",
        "evening": date(2026, 11, 20),
        "hour": 23,
        "category": "motor",
        "n": 4,
    }
    return PartnerCount(**facts | changes)


def test_what_a_party_has_counted_stands_in_the_same_picture_and_without_a_day_in_the_sum_only() -> None:
    it = drawn(Sources(counts=[a_count(), a_count(evening=None, hour=None, place=None, n=2), a_count(n=0)]))

    assert cells(row(it, TORGET))[4] == (4, 0)
    whole = row(it, "")
    assert (whole.total, whole.undated, it.total) == (6, 2, 6)
    assert it.by_hour[4].cells[it.blocks.index(22)].n == 4


def test_every_line_has_where_when_and_what_and_no_cell_begins_a_formula() -> None:
    walk = a_walk(stops=(replace(a_walk().stops[0], place=None, name="=1+1"),))
    it = drawn(Sources(walks=[walk], findings=[seen(walk, category="bel.trasig")], counts=[a_count()]))
    sums = [PresenceSum(area="Lidköping", evening=WEEK.evenings[5], passes=1, people="färre än 5", moods=None)]
    first, second, third = est_export.lines(it, sums, HERE)

    assert (first.vecka, first.datum, first.veckodag, first.tid) == ("2026-W47", "2026-11-20", "fredag", "20–22")
    assert (first.kategorikod, first.kategori, first.typ, first.kalla) == (
        *("bel.trasig", "Trasig belysning", "fel", "trygghetsvandring"),
    )
    assert (second.tid, second.antal, second.kalla, second.part) == ("22–00", "4", "part", "Polisen, Västra Skaraborg")
    assert (third.kategorikod, third.antal) == ("narvaro", "färre än 5")
    assert est_export.cells(first)[4] == "'=1+1"
