"""What may be said of a place, and what may cross the wall: properties over whatever a team may log."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trygghetsvandring.demo import seed
from trygghetsvandring.domain.errors import Malformed
from trygghetsvandring.domain.ids import pass_id
from trygghetsvandring.domain.municipalities import Release
from trygghetsvandring.domain.presence import (
    Action,
    Age,
    Band,
    Mood,
    Pass,
    PassDiffers,
    PassKind,
    PlaceUnknown,
    PresenceEntry,
    PresenceSum,
    Substances,
    TooFewToAsk,
    kind_of_own_pass,
    must_be_loggable,
    must_be_own_pass,
    must_be_sane,
    released,
    sums,
)

FRIDAY = date(2026, 11, 20)
SATURDAY = date(2026, 11, 21)
AREAS = ("Lidköping", "Örslösa", "Tun")
SMALL = ("Tun",)
EIGHT = datetime(2026, 11, 20, 19, 0, tzinfo=UTC)
PLACE = seed.lidkoping()


def a_pass(evening: date = FRIDAY, organisation: str = "socialtjansten") -> UUID:
    return pass_id(organisation, evening.isoformat(), "field_shift")


def an_entry(**changes: Any) -> PresenceEntry:
    said: dict[str, Any] = {
        "id": UUID(int=1),
        "version": 1,
        "number": "LK-1",
        "organisation": "socialtjansten",
        "pass_id": a_pass(changes.get("evening", FRIDAY)),
        "evening": FRIDAY,
        "place": "nya-stadens-torg",
        "area": "Lidköping",
        "at": datetime(2026, 11, 20, 20, 40, tzinfo=UTC),
        "logged_at": datetime(2026, 11, 20, 20, 41, tzinfo=UTC),
        "band": Band.SOME,
        "mood": Mood.CALM,
        "substances": None,
        "action": Action.TALK,
        "minutes": None,
        "ages": None,
        "activity": None,
        "noise": None,
    }
    return PresenceEntry(**(said | changes))


def cell(*entries: PresenceEntry, area: str = "Lidköping", evening: date = FRIDAY) -> PresenceSum:
    rows = sums(entries, areas=AREAS, evenings=[FRIDAY, SATURDAY], small_areas=SMALL)
    return next(row for row in rows if (row.area, row.evening) == (area, evening))


# ---------------------------------------------------------------- the pass


def test_the_pass_of_an_evening_has_one_id_for_the_whole_team() -> None:
    must_be_own_pass("socialtjansten", FRIDAY, PassKind.FIELD_SHIFT, a_pass())


@pytest.mark.parametrize(
    ("organisation", "evening", "kind"),
    [
        ("kultur-fritid", FRIDAY, PassKind.FIELD_SHIFT),
        ("socialtjansten", SATURDAY, PassKind.FIELD_SHIFT),
        ("socialtjansten", FRIDAY, PassKind.NIGHT_WALK),
    ],
)
def test_an_id_that_is_not_that_of_the_teams_own_pass_is_refused(
    organisation: str, evening: date, kind: PassKind
) -> None:
    with pytest.raises(PassDiffers):
        must_be_own_pass(organisation, evening, kind, a_pass())


@pytest.mark.parametrize("hour", [20, 23, 24 + 0, 24 + 4])
def test_what_is_written_after_midnight_belongs_to_the_evening_before(hour: int) -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC) + timedelta(hours=hour)

    assert kind_of_own_pass("socialtjansten", at, a_pass()) is PassKind.FIELD_SHIFT


def test_at_six_in_the_morning_the_evening_is_over() -> None:
    with pytest.raises(PassDiffers):
        kind_of_own_pass("socialtjansten", datetime(2026, 11, 21, 5, 0, tzinfo=UTC), a_pass())


@pytest.mark.parametrize("adults", [0, -1, 31])
def test_a_number_of_adults_that_cannot_be_is_refused(adults: int) -> None:
    it = Pass(id=a_pass(), version=1, organisation="x", evening=FRIDAY, kind=PassKind.FIELD_SHIFT, adults=adults)

    with pytest.raises(Malformed):
        must_be_sane(it)


# ---------------------------------------------------------------- an entry


@pytest.mark.parametrize("asked", [{"ages": (Age.FROM_16,)}, {"substances": Substances.NONE}])
def test_with_so_few_neither_age_nor_substances_may_be_said(asked: dict[str, Any]) -> None:
    must_be_loggable(an_entry(**asked), PLACE)

    with pytest.raises(TooFewToAsk):
        must_be_loggable(an_entry(band=Band.FEW, **asked), PLACE)


@pytest.mark.parametrize("band", list(Band))
def test_where_few_people_live_they_may_not_be_said_of_any_band(band: Band) -> None:
    spot = {"area": "Tun", "place": "tun-bygdegarden"}
    must_be_loggable(an_entry(band=band, **spot), PLACE)

    with pytest.raises(TooFewToAsk):
        must_be_loggable(an_entry(band=band, substances=Substances.SIGNS, **spot), PLACE)


@pytest.mark.parametrize(
    "spot",
    [
        {"area": "Kalle Karlsson"},
        {"place": "hemma hos Kalle"},
        {"area": "Järpås", "place": "nya-stadens-torg"},
    ],
)
def test_no_words_of_ones_own_pass_as_a_place(spot: dict[str, Any]) -> None:
    with pytest.raises(PlaceUnknown):
        must_be_loggable(an_entry(**spot), PLACE)


def test_somewhere_in_an_area_is_a_place() -> None:
    must_be_loggable(an_entry(place=None), PLACE)


@pytest.mark.parametrize("minutes", [-1, 721])
def test_minutes_that_cannot_be_are_refused(minutes: int) -> None:
    with pytest.raises(Malformed):
        must_be_loggable(an_entry(minutes=minutes), PLACE)


def test_no_field_of_an_entry_can_hold_a_sentence() -> None:
    """L11: whatever is text is an id, a number of a receipt, or one of the municipality's own words."""
    texts = {name for name, kind in PresenceEntry.__annotations__.items() if kind in (str, "str", str | None)}

    assert texts == {"number", "organisation", "place", "area"}


# ---------------------------------------------------------------- what crosses the wall


def test_nothing_leaves_without_a_rule_that_is_in_force() -> None:
    rule = Release(by="Enhetschef, Social välfärd", on=FRIDAY)

    assert released(None, FRIDAY) is None
    assert released(rule, FRIDAY - timedelta(days=1)) is None
    assert released(rule, FRIDAY) == rule


def test_nobody_out_is_a_dash_and_never_nought() -> None:
    nobody, empty = cell(), cell(an_entry(band=Band.NONE))

    assert (nobody.passes, nobody.people, nobody.moods) == (0, "–", None)
    assert (empty.passes, empty.people, empty.moods) == (1, "0", {Mood.CALM: 1})


def test_so_few_say_only_area_and_evening() -> None:
    few = cell(an_entry(band=Band.FEW, mood=Mood.THREATENING), an_entry(id=UUID(int=2), band=Band.NONE))

    assert (few.passes, few.people, few.moods) == (1, "färre än 5", None)


@pytest.mark.parametrize(("band", "words"), [(Band.SOME, "6–15"), (Band.MANY, "16–30"), (Band.CROWD, "31+")])
def test_many_are_a_band_and_the_moods_are_counted_by_place(band: Band, words: str) -> None:
    row = cell(
        an_entry(band=band, mood=Mood.LIVELY),
        an_entry(id=UUID(int=2), band=Band.SOME, mood=Mood.LIVELY),
        an_entry(id=UUID(int=3), band=Band.NONE, mood=Mood.CALM),
    )

    assert (row.people, row.moods) == (words, {Mood.CALM: 1, Mood.LIVELY: 2})


def test_two_teams_on_one_evening_are_two_passes() -> None:
    other = a_pass(organisation="nattvandrarna")

    assert cell(an_entry(), an_entry(id=UUID(int=2), pass_id=other)).passes == 2


def test_where_few_people_live_only_area_and_evening_leave_whatever_the_band() -> None:
    rows = [cell(an_entry(area="Tun", band=band, mood=Mood.UNEASY), area="Tun") for band in Band]

    assert {(row.passes, row.people, row.moods) for row in map(_hashable, rows)} == {(1, "visas inte", None)}


def _hashable(row: PresenceSum) -> PresenceSum:
    assert row.moods is None
    return row


ENTRIES = st.lists(
    st.builds(
        an_entry,
        id=st.uuids(),
        evening=st.sampled_from([FRIDAY, SATURDAY]),
        pass_id=st.sampled_from([UUID(int=7), UUID(int=8)]),
        area=st.sampled_from(AREAS),
        band=st.sampled_from(list(Band)),
        mood=st.sampled_from(list(Mood)),
    ),
    max_size=12,
)
DETAILS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "mood": st.sampled_from(list(Mood)),
        "action": st.sampled_from(list(Action)),
        "place": st.sampled_from([None, "stadstradgarden", "folkets-hus"]),
        "at": st.integers(0, 600).map(lambda minutes: EIGHT + timedelta(minutes=minutes)),
        "minutes": st.none() | st.integers(0, 720),
    }
)


def everything(entries: list[PresenceEntry]) -> list[PresenceSum]:
    return sums(entries, areas=AREAS, evenings=[FRIDAY, SATURDAY], small_areas=SMALL)


def small(entry: PresenceEntry) -> bool:
    return entry.band is Band.FEW or entry.area in SMALL


@given(entries=ENTRIES, data=st.data())
def test_nothing_a_small_entry_says_can_be_read_out_of_the_sums(
    entries: list[PresenceEntry], data: st.DataObject
) -> None:
    """Two logs that differ only in what small entries say, beyond area and evening, give the same answer: so no
    subtraction of any answers can tell them apart."""
    others = [replace(entry, **data.draw(DETAILS)) if small(entry) else entry for entry in entries]

    assert everything(others) == everything(entries)


@given(entries=ENTRIES, data=st.data())
def test_how_many_small_entries_there_were_cannot_be_read_out_of_the_sums(
    entries: list[PresenceEntry], data: st.DataObject
) -> None:
    again = [replace(entry, id=UUID(int=n), **data.draw(DETAILS)) for n, entry in enumerate(entries) if small(entry)]

    assert everything(entries + again) == everything(entries)


@given(entries=ENTRIES, extra=st.sampled_from(list(Mood)))
def test_a_small_group_beside_a_large_one_adds_nothing(entries: list[PresenceEntry], extra: Mood) -> None:
    large = [entry for entry in entries if not small(entry) and entry.band is not Band.NONE]
    beside = [replace(entry, id=UUID(int=n), band=Band.FEW, mood=extra) for n, entry in enumerate(large)]

    assert everything(entries + beside) == everything(entries)


@given(entries=ENTRIES)
def test_no_period_asked_for_says_more_than_another(entries: list[PresenceEntry]) -> None:
    """A row is the same whatever it is asked together with, and there is no total to subtract it from."""
    alone = [
        row
        for evening in (FRIDAY, SATURDAY)
        for area in AREAS
        for row in sums(entries, areas=[area], evenings=[evening], small_areas=SMALL)
    ]

    assert sorted(alone, key=_where) == sorted(everything(entries), key=_where)


def _where(row: PresenceSum) -> tuple[str, date]:
    return row.area, row.evening


@given(entries=ENTRIES)
def test_no_cell_shows_a_number_of_people_below_five_or_the_mood_of_so_few(entries: list[PresenceEntry]) -> None:
    for row in everything(entries):
        here = [entry for entry in entries if (entry.area, entry.evening) == (row.area, row.evening)]

        assert row.people in {"–", "0", "färre än 5", "6–15", "16–30", "31+", "visas inte"}
        assert (row.people == "–") == (row.passes == 0) == (not here)
        if row.moods is not None:
            assert sum(row.moods.values()) == sum(not small(entry) for entry in here)
