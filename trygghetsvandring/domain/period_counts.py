"""What a period's picture consists of: counts, each beside the evenings somebody was out. Made by `period_picture`.

Where nobody was out and nothing was told, `n` is None, which is neither 0 nor calm.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from trygghetsvandring.domain.routing import Kind


class Heading(StrEnum):
    """The four that the agreement names, in its order."""

    UNSAFE = "otrygghet"
    CRIME = "brott"
    ORDER = "ordningsstorning"
    TOGETHER = "samverkan"


COUNTED = (Heading.UNSAFE, Heading.ORDER)
"""Those we have numbers of our own for. Crime is the police's to tell."""


class Hours(StrEnum):
    """Coarse hours of an evening, for what everybody may read."""

    DAY = "06–18"
    EARLY = "18–20"
    MIDDLE = "20–22"
    LATE = "22–00"
    NIGHT = "00–06"


class Days(StrEnum):
    WEEK = "sön–tor"
    WEEKEND = "fre–lör"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """`seen`: those of `n` that were seen on a walk. `evenings` somebody was out, `walked` those of them with a walk.

    `n` None = nothing known.
    """

    n: int | None
    seen: int
    evenings: int
    walked: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceCounts:
    """`place` "": the whole area. `area` "": not known."""

    area: str
    place: str
    unsafe: Counted
    order: Counted


@dataclass(frozen=True, slots=True, kw_only=True)
class HourCounts:
    """Seven rows from Monday, a cell for each block of `PeriodPicture.blocks`; `no_hour`: told without an hour."""

    heading: Heading
    rows: tuple[tuple[Counted, ...], ...]
    no_hour: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryCounts:
    """`name` as the municipality called it then; "" = nobody has sorted it."""

    heading: Heading
    category: str
    name: str
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What disturbs most, where, on which day of the week and at what hour. Places and hours, nobody.

    `name` of its category as in `CategoryCounts`.
    """

    area: str
    place: str
    category: str
    name: str
    weekday: int
    block: int
    n: int
    evenings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """One block of hours at one darkness, in this period and in the like one before. Seen on walks only.

    Comparable when both have evenings; no cause is told.
    """

    heading: Heading
    is_dark: bool
    block: int
    seen: int
    evenings: int
    seen_before: int
    evenings_before: int

    @property
    def is_comparable(self) -> bool:
        return self.evenings > 0 and self.evenings_before > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The last answer of each phone on each walk. Exact here, a band wherever it is read, and never public."""

    safe: int
    neither: int
    unsafe: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Meetings held and decisions taken within a period, and how many of those are done."""

    meetings: int
    decisions: int
    done: int


NOTHING_DECIDED = Decided(meetings=0, decisions=0, done=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """What the parties did. `walked`: evenings with a walk, of the `evenings` that somebody was out.

    `passes` of field teams, counted in each area: 0 where no rule lets them over the wall.
    """

    walks: int
    stops: int
    evenings: int
    passes: int
    meetings: int
    decisions: int
    done: int
    walked: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Coarse:
    """One cell of what could become public; no two of them count the same thing, and no sum of them is made.

    Never what people told of themselves. `walked`: evenings with a walk; a field team's are its own.
    """

    part: str
    row: str
    column: str
    n: int
    walked: int = 0

    @property
    def key(self) -> str:
        return f"{self.part}/{self.row}/{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodPicture:
    first: date
    last: date
    blocks: tuple[int, ...]
    unsafe: int
    order: int
    good: int
    unsorted: int
    by_place: tuple[PlaceCounts, ...]
    by_hour: tuple[HourCounts, ...]
    by_category: tuple[CategoryCounts, ...]
    needs: tuple[Need, ...]
    alike: tuple[Alike, ...]
    felt: People
    together: Together
    coarse: tuple[Coarse, ...]


def heading_of(kind: Kind) -> Heading | None:
    """None: something good, which is counted beside the headings."""
    if kind is Kind.POSITIVE:
        return None
    return Heading.ORDER if kind is Kind.SOCIAL else Heading.UNSAFE
