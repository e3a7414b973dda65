"""Presence: a field team's log of an evening, place by place, and the sums that may leave it.

No person who is seen exists here and nothing can be written in words: an entry is made of choices only. The log belongs
to one organisation (OSL 26:1). What crosses its wall is `sums`, under a rule released by a named function there.

What crosses, and why nobody can be worked out from it by subtraction:

* A cell is one area on one evening, whatever period is asked for; no total and no finer or other cut exists, so two
  answers never differ by a few people. A cell depends on the entries of that area and evening only.
* An entry that is too small (band 1-5, or any entry in an area under the configured population) counts as its area,
  evening and pass, and as nothing else. Its place, hour, mood, action and everything more can be changed at will, and
  small entries of the same pass repeated or removed down to one, without any cell changing.
* `people` is the highest band seen, never a sum of bands: adding a small group to a large one changes nothing.
* Where the highest band is 1-5, moods are hidden whole, so that what a calm empty square adds cannot be taken away.

What remains: who reads the same cell again and again sees when it changes. The rule covers what a cell says, not when
it came to say it; and what was released before a correction stays known, as with any document that was handed out.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from trygghetsvandring.domain.errors import Malformed, Refused
from trygghetsvandring.domain.ids import pass_id
from trygghetsvandring.domain.municipalities import Municipality, Release
from trygghetsvandring.domain.times import evening_of

NOBODY_OUT = "–"
FEW_WORDS = "färre än 5"
HIDDEN_WORDS = "visas inte"
_MOST_ADULTS = 30
_MOST_MINUTES = 720


class PassKind(StrEnum):
    FIELD_SHIFT = "field_shift"
    NIGHT_WALK = "night_walk"


class Band(StrEnum):
    """Approximately how many people; one set of bands everywhere, nobody is counted one by one."""

    NONE = "0"
    FEW = "1-5"
    SOME = "6-15"
    MANY = "16-30"
    CROWD = "31+"


class Mood(StrEnum):
    CALM = "calm"
    LIVELY = "lively"
    UNEASY = "uneasy"
    THREATENING = "threatening"


class Substances(StrEnum):
    """Alcohol or drugs in the place; never about a person."""

    NONE = "none"
    SIGNS = "signs"
    CLEAR = "clear"


class Action(StrEnum):
    TALK = "talk"
    SUPPORT = "support"
    CONTACT = "contact"
    PRESENT = "present"


class Age(StrEnum):
    UNDER_13 = "under_13"
    FROM_13 = "13_15"
    FROM_16 = "16_18"
    FROM_19 = "19_25"
    ADULT = "adult"


class Activity(StrEnum):
    HANGING_OUT = "hanging_out"
    SPORT = "sport"
    VEHICLES = "vehicles"
    PARTY = "party"
    YOUTH_CENTRE = "youth_centre"


class Noise(StrEnum):
    NONE = "none"
    SOME = "some"
    LASTING = "lasting"


class TooFewToAsk(Refused):
    """With so few people in a place, an answer about age or substances is an answer about somebody."""

    code = "too_few_to_ask"


class PassDiffers(Refused):
    """The id is not the one this organisation's pass of that evening has."""

    code = "pass_differs"


class PlaceUnknown(Refused):
    """The area, or the place in it, is not on the municipality's list: no word of one's own can be sent as a place."""

    code = "place_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """One team's evening. `adults` None = not said."""

    id: UUID
    version: int
    organisation: str
    evening: date
    kind: PassKind
    adults: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceEntry:
    """One place on one evening. `at`: when they were there, as the person says. `logged_at`: when the server got it."""

    id: UUID
    version: int
    number: str
    organisation: str
    pass_id: UUID
    evening: date
    place: str | None
    area: str
    at: datetime
    logged_at: datetime
    band: Band
    mood: Mood
    substances: Substances | None
    action: Action
    minutes: int | None
    ages: tuple[Age, ...] | None
    activity: tuple[Activity, ...] | None
    noise: Noise | None


def must_be_own_pass(organisation: str, evening: date, kind: PassKind, id: UUID) -> None:
    if id != pass_id(organisation, evening.isoformat(), kind):
        raise PassDiffers(evening=evening.isoformat())


def kind_of_own_pass(organisation: str, at: datetime, id: UUID) -> PassKind:
    """The kind of this organisation's pass on the evening of `at`. Another organisation's pass is refused with the same
    words whether it exists or not, so that nobody can ask by its id who was out."""
    evening = evening_of(at)
    for kind in PassKind:
        if id == pass_id(organisation, evening.isoformat(), kind):
            return kind
    raise PassDiffers(evening=evening.isoformat())


def must_be_sane(it: Pass) -> Pass:
    if it.adults is not None and not 1 <= it.adults <= _MOST_ADULTS:
        raise Malformed(reason=f"adults is 1 to {_MOST_ADULTS}")
    return it


def must_be_loggable(entry: PresenceEntry, place: Municipality) -> PresenceEntry:
    """What may be kept of a place: known names only, and nothing about a handful of people."""
    spot = next((known for known in place.places if known.id == entry.place), None)
    if entry.area not in place.areas or (entry.place is not None and (spot is None or spot.area != entry.area)):
        raise PlaceUnknown()
    if entry.minutes is not None and not 0 <= entry.minutes <= _MOST_MINUTES:
        raise Malformed(reason=f"minutes is 0 to {_MOST_MINUTES}")
    if is_small(entry, place.small_areas) and (entry.ages is not None or entry.substances is not None):
        raise TooFewToAsk(band=entry.band, area=entry.area)
    return entry


def is_small(entry: PresenceEntry, small_areas: Collection[str]) -> bool:
    return entry.band is Band.FEW or entry.area in small_areas


# --- what may cross the wall

_ORDER = list(Band)
_WORDS: Mapping[Band, str] = {
    Band.NONE: "0",
    Band.FEW: FEW_WORDS,
    Band.SOME: "6–15",
    Band.MANY: "16–30",
    Band.CROWD: "31+",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceSum:
    """One area on one evening. `passes` 0 = nobody was out, which is not the same as nobody seen.

    `people` is ready to show. `moods` counts entries, not people; None = hidden.
    """

    area: str
    evening: date
    passes: int
    people: str
    moods: Mapping[Mood, int] | None


def released(rule: Release | None, today: date) -> Release | None:
    """The rule when it is in force; without one nothing leaves the log."""
    return rule if rule is not None and rule.on <= today else None


def sums(
    entries: Iterable[PresenceEntry],
    *,
    areas: Iterable[str],
    evenings: Collection[date],
    small_areas: Collection[str] = (),
) -> list[PresenceSum]:
    """One row for every area and evening asked for, the areas in the order given."""
    cells: dict[tuple[str, date], list[PresenceEntry]] = {}
    for entry in entries:
        cells.setdefault((entry.area, entry.evening), []).append(entry)
    return [
        _sum(area, evening, cells.get((area, evening), []), area in small_areas)
        for area in areas
        for evening in sorted(evenings)
    ]


def _sum(area: str, evening: date, entries: list[PresenceEntry], small_area: bool) -> PresenceSum:
    passes = len({entry.pass_id for entry in entries})
    if not entries:
        return PresenceSum(area=area, evening=evening, passes=0, people=NOBODY_OUT, moods=None)
    if small_area:
        return PresenceSum(area=area, evening=evening, passes=passes, people=HIDDEN_WORDS, moods=None)
    most = max((entry.band for entry in entries), key=_ORDER.index)
    return PresenceSum(
        area=area,
        evening=evening,
        passes=passes,
        people=_WORDS[most],
        moods=None if most is Band.FEW else _moods(entries),
    )


def _moods(entries: Iterable[PresenceEntry]) -> Mapping[Mood, int]:
    """The mood of a small group is the mood of somebody: it is not counted anywhere."""
    counted = Counter(entry.mood for entry in entries if entry.band is not Band.FEW)
    return {mood: counted[mood] for mood in Mood if counted[mood]}
