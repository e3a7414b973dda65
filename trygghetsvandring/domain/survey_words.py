"""A survey in words: its questions, and its counts as everybody reads them. In Swedish for its readers.

Everything here is made of what was told (`Tally`), so that the desk, the public page and the file say the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from trygghetsvandring.domain.lagesbild import ShownTable
from trygghetsvandring.domain.municipalities import Age, Municipality
from trygghetsvandring.domain.protocol_words import day
from trygghetsvandring.domain.stops import Feeling
from trygghetsvandring.domain.survey_counts import FEWEST, Cell, N, floor, room, words
from trygghetsvandring.domain.surveys import AGE, FELT, HELP, Shown, Source, Survey

SOURCES: Final[Mapping[Source, str]] = {
    Source.CITIZENS: "Medborgardialog",
    Source.YOUTH: "Dialog med unga",
    Source.STAFF: "Medarbetardialog",
}
ASKED: Final[Mapping[str, str]] = {
    FELT: "Hur känns det för dig här?",
    HELP: "Vad skulle hjälpa mest?",
    AGE: "Hur gammal är du?",
}
FELT_WORDS: Final[Mapping[Feeling, str]] = {
    Feeling.SAFE: "Trygg",
    Feeling.NEITHER: "Varken eller",
    Feeling.UNSAFE: "Otrygg",
}
AGES: Final[Mapping[Age, str]] = {
    Age.UNDER_18: "Under 18 år",
    Age.TO_29: "18–29 år",
    Age.TO_64: "30–64 år",
    Age.OLDER: "65 år eller äldre",
}
HELPS: Final = ("Bättre ljus", "Fler vuxna ute", "Klippta buskar", "Helt och rent", "Mer att göra", "Något annat")
"""What a survey begins with; whoever makes it writes their own."""
MISSING: Final = "Uppgift saknas"
MEANS: Final = (
    f"Alla antal står i steg om fem. {words(0)} betyder färre än {FEWEST}, eller inga alls. Så kan ingen räknas fram."
)
NOT_WHY: Final = "Talen säger inte varför något har ändrats."
WHERE: Final = "Plats och tid"
ANSWERED: Final = "Svarande"
_Told = Mapping[tuple[str, str, str, str], int]


def option(question: str, it: str) -> str:
    if question == FELT:
        return FELT_WORDS[Feeling(it)]
    return AGES[Age(it)] if question == AGE else it


def shown(it: Survey, before: Survey | None, here: Municipality, keeper: str) -> Shown | None:
    """None: nothing has been counted. `before`: the survey that it is compared with."""
    if it.tally is None:
        return None
    tables = [table for table in (_felt(it), _helped(it), _compared(it, before)) if table is not None]
    return Shown(
        municipality=here.name,
        title=it.title,
        source=it.source,
        told_by=it.told_by,
        first=it.opened_on,
        last=it.closed_on or it.tally.on,
        lines=tuple(_lines(it, here)),
        tables=tuple(tables),
        keeper=keeper,
    )


def _lines(it: Survey, here: Municipality) -> list[str]:
    source = f"Källa: {it.told_by}." if it.told_by else f"Källa: enkät av {here.name}s kommun."
    last = it.closed_on or (it.tally.on if it.tally else None)
    return [f"{SOURCES[it.source]}, {day(it.opened_on)} till {day(last)}.", source, *_missing(it, here)]


def _of(it: Survey) -> _Told:
    return {cell.key: cell.n for cell in (it.tally.cells if it.tally else ())}


def _at(it: Survey, question: str) -> list[tuple[str, str]]:
    """The places and hours that are told of, in the survey's own order."""
    told = {(cell.place, cell.band) for cell in (it.tally.cells if it.tally else ()) if cell.question == question}
    return [(place.id, band) for place in it.places for band in it.bands if (place.id, band) in told]


def _names(it: Survey) -> Mapping[str, str]:
    return {place.id: place.name for place in it.places}


def _row(told: _Told, at: tuple[str, str], question: str, options: Iterable[str]) -> tuple[str, ...]:
    return tuple(words(told[(*at, question, each)]) for each in (*options, N))


def _by_place(it: Survey, question: str, options: Sequence[str]) -> ShownTable | None:
    told, names = _of(it), _names(it)
    rows = [(f"{names[at[0]]}, {at[1]}", *_row(told, at, question, options)) for at in _at(it, question)]
    columns = (WHERE, *(option(question, each) for each in options), ANSWERED)
    return ShownTable(caption=ASKED[question], columns=columns, rows=tuple(rows)) if rows else None


def _felt(it: Survey) -> ShownTable | None:
    return _by_place(it, FELT, tuple(Feeling))


def _helped(it: Survey) -> ShownTable | None:
    return None if it.is_imported else _by_place(it, HELP, it.helps)


def _compared(it: Survey, before: Survey | None) -> ShownTable | None:
    """The same places and hours only; each line has its own n, and none says why."""
    if before is None or before.tally is None:
        return None
    told, then, names = _of(it), _of(before), _names(it)
    both = [at for at in _at(it, FELT) if at in set(_at(before, FELT))]
    rows = [
        (f"{names[at[0]]}, {at[1]}: {title}", *_row(cells, at, FELT, tuple(Feeling)))
        for at in both
        for title, cells in ((before.title, then), (it.title, told))
    ]
    columns = (WHERE, *FELT_WORDS.values(), ANSWERED)
    caption = f"Samma plats och tid, förr och nu. {NOT_WHY}"
    return ShownTable(caption=caption, columns=columns, rows=tuple(rows)) if rows else None


# ---------------------------------------------------------------- whose voice is missing


def _population(here: Municipality) -> Mapping[Age, int]:
    return {it.age: it.percent for it in here.population}


def missing_of(cells: Sequence[Cell], here: Municipality) -> tuple[Age, ...]:
    """Those who surely are less than half of what they are among all who live here, whatever the classes hide.

    None where that would say how many there are at a place.
    """
    bottoms = {Age(cell.option): cell.n for cell in cells if cell.question == AGE and cell.option != N}
    if not bottoms or room(cells, FELT, AGE) < FEWEST:
        return ()
    found = []
    for age, percent in _population(here).items():
        most = bottoms[age] + FEWEST - 1
        others = sum(n for other, n in bottoms.items() if other is not age)
        if most * 200 < percent * (most + others):
            found.append(age)
    return tuple(found)


def _missing(it: Survey, here: Municipality) -> list[str]:
    share = _population(here)
    return [
        f"{AGES[age]} saknas bland svaren: de är mindre än hälften av sin del av invånarna, {share[age]} av 100."
        for age in (it.tally.missing if it.tally else ())
        if age in share
    ]


# ---------------------------------------------------------------- elsewhere


def built_on(it: Survey) -> str:
    """As a promise says what it is built on."""
    told = f"{SOURCES[it.source]}: {it.title}" + ("" if it.title.endswith(("?", "!", ".")) else ".")
    if it.tally is None:
        return f"{told} Antal svar: uppgift saknas."
    n = floor(sum(cell.n for cell in it.tally.cells if cell.question == FELT and cell.option == N))
    return f"{told} Antal svar: minst {n}. Källa: {it.told_by or 'egen enkät'}."


def lines_of(it: Shown) -> Sequence[tuple[str, ...]]:
    """A line for each count, under the names of `LINE`."""
    top = (it.title, SOURCES[it.source], it.told_by)
    found: list[tuple[str, ...]] = []
    for table in it.tables:
        for where, *values in table.rows:
            named = zip(table.columns[1:-1], values[:-1], strict=True)
            found += [(*top, table.caption, where, name, value, values[-1]) for name, value in named]
    return found


LINE: Final = ("enkat", "slag", "kalla", "fraga", "plats_och_tid", "svar", "antal", "svarande")
