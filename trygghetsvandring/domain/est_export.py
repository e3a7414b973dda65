"""The EST week as lines for the municipality's own EST tool: one for each event, and one for each evening's presence.

The fields are those of `docs/est.md`. Categories and places are words of the municipality's, never somebody's own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from trygghetsvandring.domain.est_events import BLOCK_H, Event, Source, Taken
from trygghetsvandring.domain.est_picture import Picture
from trygghetsvandring.domain.field_lists import plain
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.presence import PresenceSum
from trygghetsvandring.domain.routing import Kind

FORMAT = "trygghetsvandring-est"
FORMAT_VERSION = 1
PRESENCE = "narvaro"
COLUMNS = (
    *("vecka", "datum", "veckodag", "tid", "plats", "omrade", "kategorikod", "kategori", "typ", "allvar"),
    *("antal", "kalla", "part", "atgard", "aterkommande"),
)
_DAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
_KINDS: Mapping[Kind, str] = {
    Kind.FAULT: "fel",
    Kind.MAINTENANCE: "skötsel",
    Kind.SOCIAL: "ordningsstörning",
    Kind.EXPERIENCE: "upplevelse",
    Kind.POSITIVE: "bra",
}
_SOURCES: Mapping[Source, str] = {
    Source.WALK: "trygghetsvandring",
    Source.RESIDENT: "invånare",
    Source.PARTNER: "part",
}
_TAKEN: Mapping[Taken, str] = {
    Taken.UNSORTED: "inte granskad",
    Taken.NOTHING: "ingen",
    Taken.TASK: "pågår",
    Taken.DONE: "åtgärdad enligt den som ansvarar",
    Taken.VERIFIED: "bekräftad på plats",
    Taken.WONT_DO: "görs inte",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Everything as text, ready to write; "" = not known. `antal`: events exactly, people as a band."""

    vecka: str
    datum: str
    veckodag: str
    tid: str
    plats: str
    omrade: str
    kategorikod: str
    kategori: str
    typ: str
    allvar: str
    antal: str
    kalla: str
    part: str
    atgard: str
    aterkommande: str


def lines(picture: Picture, presence: Iterable[PresenceSum], here: Municipality) -> list[Line]:
    """Events in the order of the picture, then the evenings that a team was out."""
    told = [_presence(picture.week, it) for it in presence if it.passes]
    return [_line(picture.week, it, here) for it in picture.events] + told


def cells(line: Line) -> list[str]:
    """In the order of `COLUMNS`, one line each, none that a spreadsheet takes for a formula."""
    return [plain(getattr(line, name)) for name in COLUMNS]


def block_words(hour: int | None) -> str:
    """ "22–00"."""
    if hour is None:
        return ""
    first = hour - hour % BLOCK_H
    return f"{first:02}–{(first + BLOCK_H) % 24:02}"


def _line(week: str, it: Event, here: Municipality) -> Line:
    category, party = here.category(it.category), here.organisation(it.party)
    return Line(
        vecka=week,
        datum=_day(it.evening),
        veckodag=_weekday(it.evening),
        tid=block_words(it.hour),
        plats=it.place,
        omrade=it.area,
        kategorikod=it.category,
        kategori=category.name if category else "Ej sorterat",
        typ=_KINDS[it.kind],
        allvar="" if it.severity is None else str(it.severity),
        antal=str(it.n),
        kalla=_SOURCES[it.source],
        part=party.name if party else "",
        atgard=_TAKEN[it.taken],
        aterkommande="ja" if it.again else "nej",
    )


def _presence(week: str, it: PresenceSum) -> Line:
    return Line(
        vecka=week,
        datum=_day(it.evening),
        veckodag=_weekday(it.evening),
        tid="",
        plats="",
        omrade=it.area,
        kategorikod=PRESENCE,
        kategori="Närvaro",
        typ=PRESENCE,
        allvar="",
        antal=it.people,
        kalla="fältpass",
        part="",
        atgard="",
        aterkommande="",
    )


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _weekday(day: date | None) -> str:
    return "" if day is None else _DAYS[day.weekday()]
