"""The protocol in words: minutes as a paper, section by section. Swedish, because it is read by everybody in Swedish.

Good things come first, in the summary and at every stop. The action list is told once, with all its columns.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from trygghetsvandring.domain.drawings import Lamp, walk_svg, walk_words
from trygghetsvandring.domain.minutes import Action, Earlier, Line, Minutes, StopMinutes
from trygghetsvandring.domain.papers import (
    Block,
    Cell,
    Drawing,
    Facts,
    Heading,
    Paper,
    Picture,
    Records,
    Table,
    Text,
    joined,
)
from trygghetsvandring.domain.photos import Looked
from trygghetsvandring.domain.rates import Rates
from trygghetsvandring.domain.times import STOCKHOLM

_MONTHS = ("januari februari mars april maj juni juli augusti september oktober november december").split()  # noqa: SIM905
_SEVERITY = {0: "Bra", 1: "Mindre brist", 2: "Tydlig brist", 3: "Fara"}
_PRIORITY = {1: "Först", 2: "Vanlig", 3: "När det går"}
_WORK = {
    "running": "Drift",
    "simple": "Enkel åtgärd",
    "investment": "Investering",
    "decision": "Beslut krävs",
}
_COST = {"small": "Liten", "medium": "Mellan", "large": "Stor"}
_LOOKED_COLUMNS = ("Nr", "Svar innan fotot lämnades in", "Kod (SHA-256)")
MISSING = "Uppgift saknas"
ACTION_COLUMNS = (
    "Nr",
    "Plats",
    "Iakttagelse",
    "Åtgärd",
    "Ansvarig",
    "Typ",
    "Kostnad",
    "Prioritet",
    "Klart senast",
    "Status",
    "Återkoppling",
    "Skäl om det inte görs",
    "Bild före och efter",
    "Bekräftat på plats",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What stands on an approved edition; a draft has none. `changed`: since the edition before it."""

    number: int
    by: str
    on: date
    changed: str = ""


def protocol(minutes: Minutes, signed: Signed | None) -> Paper:
    """All sections, numbered as the method numbers them. A section with nothing to say says that."""
    sections = (
        _head(minutes, signed),
        _parties(minutes),
        _purpose(minutes),
        _summary(minutes),
        _stops(minutes),
        _actions(minutes),
        _not_done(minutes),
        _lagesbild(minutes),
        _feedback(minutes),
        _earlier(minutes.earlier),
        _privacy(minutes),
        _signing(signed),
    )
    return Paper(
        title=f"Protokoll: {minutes.name}",
        subject=f"Trygghetsvandring i {minutes.place}, {day(minutes.starts_at)}",
        author=f"{minutes.municipality}s kommun",
        blocks=tuple(block for section in sections for block in section),
    )


def day(at: datetime | date | None) -> str:
    """ "20 november 2026"."""
    if at is None:
        return "–"
    on = at.astimezone(STOCKHOLM).date() if isinstance(at, datetime) else at
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


def month(of: date) -> str:
    """ "november 2026"."""
    return f"{_MONTHS[of.month - 1]} {of.year}"


def _clock(at: datetime) -> str:
    return f"{at.astimezone(STOCKHOLM):%H.%M}"


def _head(minutes: Minutes, signed: Signed | None) -> list[Block]:
    state = "Utkast. Inte justerat." if signed is None else f"Version {signed.number}. Justerad {day(signed.on)}."
    when = f"{day(minutes.starts_at)} kl. {_clock(minutes.starts_at)}–{_clock(minutes.ends_at)}"
    rows: tuple[tuple[str, Cell], ...] = (
        ("Diarienummer", minutes.reference or MISSING),
        ("Version", state),
        ("Område", minutes.place),
        ("Tid", when),
        ("Väder", minutes.weather or MISSING),
        ("Ljus", minutes.light or MISSING),
    )
    head: list[Block] = [
        Heading(text=f"Protokoll: {minutes.name}", level=1),
        Facts(caption="Om vandringen", rows=rows),
    ]
    if signed is not None and signed.changed:
        head.append(Text(text=f"Ändrat sedan version {signed.number - 1}: {signed.changed}"))
    return head


def _parties(minutes: Minutes) -> list[Block]:
    parties = joined(minutes.parties, MISSING)
    rows: tuple[tuple[str, Cell], ...] = (("Gick med", minutes.participants), ("Parter", parties))
    return [Heading(text="Deltagande parter"), Facts(caption="Deltagande parter", rows=rows)]


def _purpose(minutes: Minutes) -> list[Block]:
    stops = [stop for stop in minutes.stops if stop.id is not None]
    lamps = [
        Lamp(
            number=stop.number, name=stop.name, lat=stop.lat, lon=stop.lon, faults=len(stop.found), good=len(stop.good)
        )
        for stop in stops
    ]
    km = f"{minutes.length_m / 1000:.1f}".replace(".", ",")
    blocks: list[Block] = [
        Heading(text="Syfte och rutt"),
        Text(text=minutes.purpose or "Att tillsammans se vad som gör platsen trygg, och vad som behöver bli bättre."),
        Text(text=f"{len(stops)} stopp, {km} km."),
    ]
    if lamps:
        caption = "Vandringens väg. Plus är bra saker, utropstecken är sådant som behöver åtgärdas."
        blocks.append(Drawing(svg=walk_svg(lamps), alt=walk_words(lamps), caption=caption))
    rows = tuple((stop.number, stop.name, len(stop.good), len(stop.found)) for stop in stops)
    columns = ("Stopp", "Plats", "Bra", "Att åtgärda")
    blocks.append(Table(caption="Rutten i siffror", columns=columns, rows=rows))
    return blocks


def _summary(minutes: Minutes) -> list[Block]:
    blocks: list[Block] = [Heading(text="Sammanfattning")]
    if minutes.summary:
        blocks.append(Text(text=minutes.summary))
    rows: tuple[tuple[str, Cell], ...] = (
        ("Bra saker som sågs", minutes.good),
        ("Sådant som behöver bli bättre", minutes.found),
        *rate_rows(minutes.rates),
        ("Iakttagelser som inte är granskade än", minutes.unsorted),
    )
    return [*blocks, Facts(caption="Vandringen i siffror", rows=rows)]


def rate_rows(rates: Rates) -> tuple[tuple[str, Cell], ...]:
    """Said and seen are two rows."""
    return (
        ("Åtgärder", rates.actions),
        ("Åtgärdat enligt den som ansvarar, helt eller delvis", rates.claimed),
        ("Varav delvis åtgärdat", rates.partly),
        ("Åtgärdat helt, bekräftat på plats av någon annan", rates.verified),
        ("Görs inte", rates.refused),
        ("Pågår eller väntar", rates.open),
        ("Öppnat igen minst en gång", rates.reopened),
    )


# ---------------------------------------------------------------- stop by stop


def _stops(minutes: Minutes) -> list[Block]:
    blocks: list[Block] = [Heading(text="Stopp för stopp"), _felt(minutes)]
    blocks.append(
        Text(
            text="Känslan svarade var och en på själv, innan felen söktes. Svaren visas i steg om fem.",
            quiet=True,
        )
    )
    for stop in minutes.stops:
        blocks += _stop(stop)
    return blocks


def _felt(minutes: Minutes) -> Table:
    stops = [stop for stop in minutes.stops if stop.id is not None]
    rows = tuple(
        (f"{stop.number}. {stop.name}", *((f.safe, f.neither, f.unsafe, f.n) if (f := stop.felt) else ("–",) * 4))
        for stop in stops
    )
    columns = ("Stopp", "Trygg", "Varken eller", "Otrygg", "Svar")
    return Table(caption="Hur det kändes", columns=columns, rows=rows)


def _stop(stop: StopMinutes) -> list[Block]:
    name = f"Stopp {stop.number}: {stop.name}" if stop.id is not None else stop.name
    blocks: list[Block] = [Heading(text=name, level=3)]
    if stop.comment:
        blocks.append(Text(text=stop.comment))
    where = f"stopp {stop.number}" if stop.id is not None else "mellan stoppen"
    at = f"vid {where}" if stop.id is not None else where
    if stop.good:
        blocks.append(_lines(f"Bra {at}", stop.good, is_good=True))
    if stop.found:
        blocks.append(_lines(f"Att åtgärda {at}", stop.found, is_good=False))
    if not stop.good and not stop.found:
        blocks.append(Text(text="Inget noterades här.", quiet=True))
    for line in (*stop.good, *stop.found):
        blocks += pictures(line.photos, f"{line.category}, {where}", f"{line.number}: {line.category}")
    return blocks


def _severity(line: Line) -> str:
    return "–" if line.severity is None else _SEVERITY.get(line.severity, "–")


def _lines(caption: str, lines: Iterable[Line], *, is_good: bool) -> Table:
    rows = tuple(
        (line.number, line.category, "Bra" if is_good else _severity(line), line.words or "–") for line in lines
    )
    return Table(caption=caption, columns=("Nr", "Iakttagelse", "Allvar", "Med ord"), rows=rows)


def pictures(photos: Iterable[UUID], what: str, caption: str) -> list[Block]:
    return [Picture(photo=photo, alt=f"Foto: {what}.", caption=caption) for photo in photos]


# ---------------------------------------------------------------- the action list


def action_row(action: Action) -> tuple[Cell, ...]:
    replied = f"{day(action.replied_on)}: {action.reply}" if action.replied_on else action.reply
    return (
        action.number,
        action.place,
        action.seen or "–",
        action.title,
        action.owner or "Ingen än",
        _WORK.get(action.work, MISSING),
        _COST.get(action.cost, MISSING),
        _PRIORITY.get(action.priority, "–"),
        day(action.due_on),
        action.state_words,
        replied or "–",
        action.why_not or "–",
        f"{len(action.before)} före, {len(action.after)} efter",
        action.verified,
    )


def action_records(caption: str, actions: Sequence[Action], level: int = 3) -> Records:
    return Records(
        caption=caption,
        columns=ACTION_COLUMNS,
        rows=tuple(action_row(action) for action in actions),
        titles=tuple(f"{action.number} {action.title}" for action in actions),
        level=level,
    )


def _actions(minutes: Minutes) -> list[Block]:
    blocks: list[Block] = [Heading(text="Åtgärdslista")]
    if not minutes.actions:
        return [*blocks, Text(text="Inga åtgärder är beslutade än.", quiet=True)]
    blocks.append(action_records("Åtgärdslista", minutes.actions))
    for action in minutes.actions:
        blocks += pictures(action.after, f"efter åtgärd {action.number}, {action.title}", f"{action.number} efter")
    return blocks


def _not_done(minutes: Minutes) -> list[Block]:
    rows = [(action.number, action.title, action.why_not or "–") for action in minutes.actions if action.why_not]
    rows += [(line.number, line.category, line.outcome or "–") for line in minutes.not_done]
    head = Heading(text="Det som inte görs, och varför")
    if not rows:
        return [head, Text(text="Inget har fått nej.", quiet=True)]
    return [head, Table(caption="Görs inte", columns=("Nr", "Vad", "Skäl"), rows=tuple(rows))]


def _lagesbild(minutes: Minutes) -> list[Block]:
    head = Heading(text="Frågor för lägesbilden")
    if not minutes.social:
        return [head, Text(text="Inget noterades som hör till lägesbilden.", quiet=True)]
    table = Table(caption="Till lägesbilden", columns=("Slag", "Antal"), rows=minutes.social)
    text = "Det här blir inga åtgärder. Det räknas i lägesbilden, utan plats och utan ord om personer."
    return [head, Text(text=text), table]


def _feedback(minutes: Minutes) -> list[Block]:
    rows: tuple[tuple[str, Cell], ...] = (
        ("När och hur svaren ges", minutes.feedback or MISSING),
        ("Återvandring", day(minutes.next_walk_on) if minutes.next_walk_on else MISSING),
    )
    return [Heading(text="Återkoppling"), Facts(caption="Återkoppling", rows=rows)]


def _earlier(earlier: Earlier | None) -> list[Block]:
    head = Heading(text="Förra vandringens åtgärder")
    if earlier is None:
        return [head, Text(text="Det finns ingen tidigare vandring här.", quiet=True)]
    columns = ("Nr", "Åtgärd", "Ansvarig", "Status", "Bekräftat på plats")
    rows = tuple(
        (each.number, each.title, each.owner or "Ingen än", each.state_words, each.verified) for each in earlier.actions
    )
    return [
        head,
        Text(text=f"{earlier.name}, {day(earlier.walked_on)}."),
        Facts(caption="Förra vandringen i siffror", rows=rate_rows(earlier.rates)),
        Table(caption="Förra vandringens åtgärder", columns=columns, rows=rows),
    ]


def _privacy(minutes: Minutes) -> list[Block]:
    return [
        Heading(text="Personuppgifter och offentlighet"),
        *(Text(text=text) for text in minutes.privacy if text),
        Text(text="Protokollet är en allmän handling. Ingen som gick med nämns vid namn."),
        *_looked(minutes.looked),
    ]


def _looked(photos: Sequence[Looked]) -> list[Block]:
    """The proof: what was answered about each photo in the protocol, and the digest of what then left the phone."""
    if not photos:
        return []
    text = "Rutor målas in på telefonen. Bilden utan rutor lämnas aldrig in. Koden visar vilken fil svaret gäller."
    rows = tuple((each.number, _answered(each), _grouped(each.sha256)) for each in photos)
    return [
        Text(text=text),
        Table(caption="Fotona i protokollet", columns=_LOOKED_COLUMNS, rows=rows),
    ]


def _answered(photo: Looked) -> str:
    if photo.masks:
        return "1 ruta döljer" if photo.masks == 1 else f"{photo.masks} rutor döljer"
    return "Ingen person i bilden" if photo.checked else MISSING


def _grouped(digest: str) -> str:
    """In groups of eight, so that a column can break it."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def _signing(signed: Signed | None) -> list[Block]:
    text = (
        "Utkastet är inte justerat."
        if signed is None
        else f"Version {signed.number} justerades av {signed.by} den {day(signed.on)}."
    )
    return [Heading(text="Justering"), Text(text=text)]
