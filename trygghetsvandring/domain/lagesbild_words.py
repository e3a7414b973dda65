"""The lägesbild in words: what everybody may read of an edition, and an edition as a paper. In Swedish for its readers.

Two papers: the edition as both parties signed it, for the group, and what was released of it. People
are bands in the first, and in the second they are not told of. Every number stands beside its evenings.
"""

from collections.abc import Iterable, Mapping, Sequence

from trygghetsvandring.domain import suppression
from trygghetsvandring.domain.charts import PAPER_WIDTH, Bar, bars_svg, bars_words
from trygghetsvandring.domain.est_events import BLOCK_H
from trygghetsvandring.domain.est_picture import band_of
from trygghetsvandring.domain.lagesbild import CrimeTold, LagesbildEdition, Shown, ShownPart, ShownTable, Signature
from trygghetsvandring.domain.papers import Block, Drawing, Facts, Heading, Paper, Table, Text
from trygghetsvandring.domain.period_counts import (
    Alike,
    Coarse,
    Counted,
    Days,
    HourCounts,
    Hours,
    PeriodPicture,
    PlaceCounts,
)
from trygghetsvandring.domain.period_counts import Heading as Of
from trygghetsvandring.domain.protocol_words import MISSING, day

TITLES: Mapping[Of, str] = {
    Of.UNSAFE: "Otrygghet",
    Of.CRIME: "Brott",
    Of.ORDER: "Ordningsstörning",
    Of.TOGETHER: "Utveckling av samverkan",
}
NOBODY_OUT = "–"
NOWHERE = "Platsen är inte känd"
MEANS = (
    f"{NOBODY_OUT} betyder att vi inte har gått där, eller att vi inte kan visa något tal. "
    "Det är inte samma sak som lugnt. "
    f"{suppression.UNDER} betyder färre än {suppression.FEWEST}, eller inga alls. "
    "Ett tal kan vara från en tidigare utgåva. Det ändras först när skillnaden är stor. "
    "Så kan ingen räknas fram. Hur det kändes för dem som gick visas inte här."
)
REDUCED = "Tabellerna är borttagna, för något i dem är borttaget enligt beslut."
CHANGED = "Något är ändrat sedan förra utgåvan."
_WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
_OURS = "Källa: de som gick, de som bor här och parternas egna tal."


def span(first: object, last: object) -> str:
    """ "1 maj 2026 till 31 augusti 2026"."""
    return f"{day(first)} till {day(last)}"  # type: ignore[arg-type]


def block(begins: int) -> str:
    """ "22–00"."""
    return f"{begins:02}–{(begins + BLOCK_H) % 24:02}"


def on_evenings(evenings: int) -> str:
    return "1 kväll" if evenings == 1 else f"{evenings} kvällar"


def per_evening(seen: int, evenings: int) -> str:
    """ "1,5 per kväll (6 på 4 kvällar)"; without an evening there is nothing to divide by."""
    if evenings == 0:
        return NOBODY_OUT
    return f"{seen / evenings:.1f}".replace(".", ",") + f" per kväll ({seen} på {on_evenings(evenings)})"


def signed_by(it: Signature, *, name: bool) -> str:
    who = f"{it.name}, {it.function}" if name and it.name else it.function
    return f"{it.party}: {who}, {day(it.on)}"


def crime_source(it: CrimeTold | None) -> str:
    return "" if it is None else f"Källa: {it.source}. Berättat av {it.told_by}, {day(it.told_on)}."


# ---------------------------------------------------------------- what everybody may read


def shown(edition: LagesbildEdition, basis: Mapping[str, int], municipality: str, keeper: str) -> Shown:
    """`basis` of every coarse cell, as `suppression.bases` gives it."""
    cells = {part: [it for it in edition.picture.coarse if it.part == part] for part in (Of.UNSAFE, Of.ORDER)}
    areas = [(it, suppression.said(it, basis.get(it.key))) for it in cells[Of.UNSAFE]]
    by_area = ShownTable(
        caption="Fel och brister som gör en plats otrygg, ort för ort",
        columns=("Ort", "Antal", "Kvällar med vandring"),
        rows=tuple((it.row, said, str(it.walked)) for it, said in areas),
    )
    bars = tuple(Bar(label=it.row, n=int(said) if said.isdigit() else None, said=said) for it, said in areas)
    ours = {
        Of.UNSAFE: ((), bars, (by_area,), _OURS),
        Of.CRIME: ((), (), (), crime_source(edition.crime)),
        Of.ORDER: ((), _hour_bars(cells[Of.ORDER], basis), (_hours(cells[Of.ORDER], basis),), _OURS),
        Of.TOGETHER: (_together(edition.picture), (), (), "Källa: kommunen."),
    }
    return Shown(
        municipality=municipality,
        first=edition.picture.first,
        last=edition.picture.last,
        number=edition.number,
        parts=tuple(
            ShownPart(
                heading=of,
                title=TITLES[of],
                text=_narrative(edition, of),
                lines=lines,
                bars=charted,
                tables=tables,
                source=source,
            )
            for of, (lines, charted, tables, source) in ours.items()
        ),
        focus=edition.focus,
        signed=tuple(signed_by(it, name=False) for it in edition.signatures),
        keeper=keeper,
        changed=CHANGED if edition.number > 1 else "",
    )


def _narrative(edition: LagesbildEdition, of: Of) -> str:
    if of is Of.CRIME:
        return f"{MISSING}." if edition.crime is None else edition.crime.text
    return edition.text(of)


def _hours(cells: Sequence[Coarse], basis: Mapping[str, int]) -> ShownTable:
    at = {(it.row, it.column): it for it in cells}
    rows = []
    for days in Days:
        told = [f"{suppression.said(it, basis.get(it.key))} ({it.walked})" for it in (at[days, h] for h in Hours)]
        rows.append((f"{days}", *told))
    return ShownTable(
        caption="Kväll och tid. Inom parentes: kvällar med vandring.",
        columns=("Kvällar", *Hours),
        rows=tuple(rows),
    )


def _hour_bars(cells: Sequence[Coarse], basis: Mapping[str, int]) -> tuple[Bar, ...]:
    told = [(it, suppression.said(it, basis.get(it.key))) for it in cells]
    return tuple(
        Bar(label=f"{it.row} {it.column}", n=int(said) if said.isdigit() else None, said=said)
        for it, said in told
        if it.column != Hours.DAY
    )


def _together(picture: PeriodPicture) -> tuple[str, ...]:
    it = picture.together
    return (
        f"Vandringar: {it.walks}",
        f"Kvällar med vandring: {it.walked}",
        f"Möten om lägesbilden: {it.meetings}",
        f"Beslut: {it.decisions}, varav gjorda: {it.done}",
    )


# ---------------------------------------------------------------- papers


def public_paper(it: Shown) -> Paper:
    blocks: list[Block] = [
        Heading(text=_title(it.first, it.last), level=1),
        Facts(caption="Om lägesbilden", rows=(("Utgåva", it.number), ("Sidansvarig", it.keeper))),
    ]
    for part in it.parts:
        blocks += [Heading(text=part.title), *_texts(part.text), *(Text(text=line) for line in part.lines)]
        blocks += _chart(part.title, part.bars)
        blocks += [Table(caption=each.caption, columns=each.columns, rows=each.rows) for each in part.tables]
        blocks += _quiet(part.source)
    blocks += [*_focus(it.focus), Heading(text="Så läser du talen"), Text(text=MEANS)]
    blocks += [Heading(text="Underskrifter"), *(Text(text=line) for line in it.signed), *_texts(it.changed)]
    return _paper(it.municipality, it.first, it.last, blocks)


def paper(edition: LagesbildEdition, municipality: str) -> Paper:
    """As it was signed: for the group."""
    picture = edition.picture
    blocks: list[Block] = [
        Heading(text=_title(picture.first, picture.last), level=1),
        Facts(caption="Om lägesbilden", rows=(("Utgåva", edition.number), ("För", "Lägesbildens parter"))),
    ]
    for of, title in TITLES.items():
        blocks += [Heading(text=title), *_texts(_narrative(edition, of))]
        if of is Of.CRIME:
            blocks += _quiet(crime_source(edition.crime))
        elif edition.is_reduced and of is not Of.TOGETHER:
            blocks.append(Text(text=REDUCED))
        elif of is Of.TOGETHER:
            own = (f"Kvällar vi vet att någon var ute: {picture.together.evenings}", _passes(picture))
            blocks += [Text(text=line) for line in (*_together(picture), *own)]
        else:
            blocks += _numbers(picture, of)
    blocks += [*_focus(edition.focus), Heading(text="Underskrifter")]
    blocks += [*(Text(text=signed_by(it, name=True)) for it in edition.signatures), *_changed(edition.changed)]
    return _paper(municipality, picture.first, picture.last, blocks)


def _passes(picture: PeriodPicture) -> str:
    return f"Fältgruppernas pass, räknade ort för ort: {picture.together.passes or NOBODY_OUT}"


def _title(first: object, last: object) -> str:
    return f"Lägesbild {span(first, last)}"


def _paper(municipality: str, first: object, last: object, blocks: list[Block]) -> Paper:
    return Paper(
        title=_title(first, last),
        subject=f"Gemensam lägesbild i {municipality}",
        author=f"{municipality}s kommun",
        blocks=tuple(blocks),
    )


def _texts(text: str) -> list[Block]:
    return [Text(text=each) for each in text.split("\n") if each.strip()]


def _quiet(text: str) -> list[Block]:
    return [Text(text=text, quiet=True)] if text else []


def _changed(text: str) -> list[Block]:
    return [Text(text=f"Ändrat sedan förra utgåvan: {text}")] if text else []


def _focus(focus: Sequence[str]) -> list[Block]:
    return [Heading(text="Fokusområden som vilar på lägesbilden"), *(Text(text=it) for it in focus)] if focus else []


def _chart(title: str, bars: Sequence[Bar]) -> list[Block]:
    if not any(bar.n for bar in bars):
        return []
    drawn = bars_svg(bars, width=PAPER_WIDTH)
    return [Drawing(svg=drawn, alt=bars_words(title, bars), caption=f"{title}: samma tal som i tabellen.")]


# ---------------------------------------------------------------- the signed edition's own tables


def _numbers(picture: PeriodPicture, of: Of) -> list[Block]:
    table = next(it for it in picture.by_hour if it.heading is of)
    blocks = _chart(TITLES[of], _place_bars(picture.by_place, of))
    blocks += [_by_place(picture.by_place, of), _by_hour(table, picture.blocks)]
    kinds = tuple((it.name or "Inte sorterat", it.n) for it in picture.by_category if it.heading is of)
    if kinds:
        blocks.append(Table(caption="Efter typ", columns=("Typ", "Antal"), rows=kinds))
    if of is Of.UNSAFE:
        felt = picture.felt
        rows = (("Trygg", band_of(felt.safe)), ("Varken eller", band_of(felt.neither)))
        blocks.append(Facts(caption="Så svarade de som gick", rows=(*rows, ("Otrygg", band_of(felt.unsafe)))))
    elif picture.needs:
        blocks.append(_needs(picture))
    blocks.append(_alike([it for it in picture.alike if it.heading is of]))
    return [*blocks, Text(text=_OURS, quiet=True)]


def _told(it: Counted) -> str:
    return NOBODY_OUT if it.n is None else f"{it.n} ({on_evenings(it.evenings)})"


def _place(it: PlaceCounts) -> str:
    return it.place or it.area or NOWHERE


def _counted(it: PlaceCounts, of: Of) -> Counted:
    return it.unsafe if of is Of.UNSAFE else it.order


def _place_bars(rows: Iterable[PlaceCounts], of: Of) -> list[Bar]:
    told = [(it, _counted(it, of)) for it in rows if it.place]
    return [Bar(label=it.place, n=counted.n, said=_told(counted)) for it, counted in told]


def _by_place(rows: Iterable[PlaceCounts], of: Of) -> Table:
    told = [(_place(it), _counted(it, of)) for it in rows]
    return Table(
        caption=f"{TITLES[of]} efter plats",
        columns=("Plats", "Antal och kvällar någon var ute", "Sett på vandring"),
        rows=tuple((name, _told(it), per_evening(it.seen, it.walked)) for name, it in told),
    )


def _by_hour(table: HourCounts, blocks: Sequence[int]) -> Table:
    return Table(
        caption=f"{TITLES[table.heading]} efter kväll och tid. Inom parentes: kvällar någon var ute.",
        columns=("Kväll", *(block(it) for it in blocks)),
        rows=tuple((_WEEKDAYS[at], *(_told(cell) for cell in row)) for at, row in enumerate(table.rows)),
    )


def _needs(picture: PeriodPicture) -> Table:
    return Table(
        caption="Var och när det händer mest",
        columns=("Plats", "Vad", "När", "Antal", "Kvällar någon var ute"),
        rows=tuple(
            (
                it.place or it.area,
                it.name or "Inte sorterat",
                f"{_WEEKDAYS[it.weekday]} {block(it.block)}",
                it.n,
                it.evenings or NOBODY_OUT,
            )
            for it in picture.needs
        ),
    )


def _alike(rows: Sequence[Alike]) -> Table:
    return Table(
        caption="Jämfört med ett år tidigare, vid samma ljus och tid. Bara det som är sett på vandringar.",
        columns=("Ljus och tid", "Nu", "Ett år tidigare", "Går att jämföra"),
        rows=tuple(
            (
                f"{'mörkt' if it.is_dark else 'ljust'} {block(it.block)}",
                per_evening(it.seen, it.evenings),
                per_evening(it.seen_before, it.evenings_before),
                "ja" if it.is_comparable else "nej, inte ute båda åren",
            )
            for it in rows
        ),
    )
