""" "Följ hur det går!" as it is drawn: HTML for who reads it, Atom for who follows it. Works nothing out.

Lanterns stand for street things only; promises about people have words. Text is escaped where it is put in (`text`).
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final
from uuid import UUID
from xml.etree import ElementTree as ET

from trygghetsvandring.domain.agreements import AgreementKind
from trygghetsvandring.domain.announcements import Outing
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.promises import Line, Mark, OfAgreement, Promise, Shown, has_run_out
from trygghetsvandring.domain.protocol_words import day
from trygghetsvandring.domain.protocols import Edition
from trygghetsvandring.domain.publications import Release
from trygghetsvandring.domain.times import STOCKHOLM
from trygghetsvandring.integrations.letters import date_words
from trygghetsvandring.web import feedback_pages
from trygghetsvandring.web.calendars import JOIN
from trygghetsvandring.web.open311_wire import NOT_IN_XML
from trygghetsvandring.web.plain import text

PAGE, SHEET = "/folj", "/folj/stil.css"
TITLE: Final = "Följ hur det går!"
_HERE: Final = Path(__file__).parent
CSS: Final = (_HERE / "plain.css").read_text() + (_HERE / "folj.css").read_text()
_DRAWN: Final = {
    name: drawn for drawn, name in re.findall(r'(<symbol id="([a-z-]+)".*?</symbol>)', (_HERE / "folj.svg").read_text())
}
_MOST_LAMPS = 11
_ATOM: Final = "http://www.w3.org/2005/Atom"
_LAMPS: Final = {Mark.LIT: "l-lit", Mark.HALF: "l-half", Mark.PLAN: "l-plan", Mark.NO: "l-no"}
_ICONS: Final = {
    Mark.REPORTED: "i-file-check",
    Mark.COUNTED: "i-footprints",
    Mark.DROPPED: "i-circle-minus",
    Mark.MISSING: "i-circle-question-mark",
}
_MEANS: Final = {
    Mark.LIT: "Åtgärdat, bekräftat på plats",
    Mark.HALF: "Åtgärdat enligt ansvarig enhet, helt eller delvis",
    Mark.PLAN: "Planerat",
    Mark.NO: "Görs inte",
    Mark.REPORTED: "Redovisat av den som lovade",
    Mark.COUNTED: "Räknat av kommunen",
    Mark.DROPPED: "Görs inte",
    Mark.MISSING: "Uppgift saknas",
}
_ORDER: Final = (
    AgreementKind.MEDBORGARLOFTE,
    AgreementKind.SAMVERKANSOVERENSKOMMELSE,
    AgreementKind.TRYGGHETSOVERENSKOMMELSE,
)
_SAID: Final = {  # the one that was, and the next
    AgreementKind.MEDBORGARLOFTE: ("Löftet", "löfte"),
    AgreementKind.SAMVERKANSOVERENSKOMMELSE: ("Överenskommelsen", "överenskommelse"),
    AgreementKind.TRYGGHETSOVERENSKOMMELSE: ("Överenskommelsen", "överenskommelse"),
}


def choose(known: Sequence[tuple[str, str]]) -> str:
    """(id, name) of those who show anything."""
    links = "".join(f'<li><a href="{PAGE}/{text(id)}">{text(name)}</a></li>' for id, name in known)
    return whole("", f'<h1>{TITLE}</h1><ul class="plainlist">{links}</ul>' if links else f"<h1>{TITLE}</h1>{_EMPTY}")


_EMPTY: Final = (
    '<p class="ing">Här finns inget än.</p><p>När någon i kommunen har godkänt det ser du här vad som är lovat '
    "och hur det går.</p>"
)


def page(
    here: Municipality,
    found: Sequence[Promise],
    walks: Sequence[Edition],
    today: date,
    coming: Sequence[Outing] = (),
    *,
    has_lagesbild: bool = False,
) -> str:
    """`found`: every promise that is or was public; one that was taken away has changed the page too."""
    shown = _released(found)
    ends = [_lagesbild(here) if has_lagesbild else "", _coming(here, coming), _walks(walks)]
    if not shown:
        return whole(here.name, "".join([f"<h1>{TITLE}</h1>{_EMPTY}", *ends, _follow(here), _ask(here), _foot(here)]))
    parts = [_hero(shown), _meta(found, shown)]
    parts += [_agreement(group, shown, today) for group in _by_agreement(shown)]
    parts += [*ends, _follow(here), _key(shown), _ask(here), _foot(here)]
    return whole(here.name, "".join(parts), feed=here.id)


def _released(found: Iterable[Promise]) -> list[tuple[Promise, Shown]]:
    return [(it, it.shown) for it in found if it.release is Release.PUBLIC and it.shown is not None]


def whole(municipality: str, main: str, *, feed: str = "", called: str = TITLE) -> str:
    title = f"{called} {municipality}" if municipality else called
    used = {"l-lit", *re.findall(r'href="#([a-z-]+)"', main)}
    drawings = "".join(drawn for name, drawn in _DRAWN.items() if name in used)
    alternate = f'<link rel="alternate" type="application/atom+xml" title="{TITLE}" href="{_feed_path(feed)}">'
    return (
        '<!doctype html>\n<html lang="sv">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{text(title)}</title>\n<link rel="stylesheet" href="{SHEET}">\n{alternate if feed else ""}'
        f'</head>\n<body>\n<svg width="0" height="0" aria-hidden="true"><defs>{drawings}</defs></svg>\n'
        f'<header><p class="from">{_draw("l-lit")}{text(municipality or "Trygghetsvandring")}</p></header>\n'
        f"<main>\n{main}\n</main>\n</body>\n</html>\n"
    )


def _draw(name: str) -> str:
    kind = "lamp" if name.startswith("l-") else "i"
    return f'<svg class="{kind}" aria-hidden="true"><use href="#{name}"/></svg>'


# ---------------------------------------------------------------- the top of it


def _hero(shown: Sequence[tuple[Promise, Shown]]) -> str:
    lead = "Här står det som är lovat, ord för ord. Under det ser du vad som är gjort. Vi skriver bara det vi vet."
    top = f'<h1>{TITLE}</h1><p class="ing">{lead}</p>'
    for _, it in sorted(shown, key=lambda pair: _ORDER.index(pair[1].agreement.kind)):
        lamps = [line.mark for line in it.lines if line.mark in _LAMPS for _ in range(line.lamps)]
        if lamps:
            return f'<div class="hero"><div>{top}</div>{_string(lamps, it)}</div>'
    return top


def _string(lamps: list[Mark], it: Shown) -> str:
    """Lamps along a route; too many for a string are told in words by the promise itself."""
    if len(lamps) > _MOST_LAMPS:
        return ""
    said = ", ".join(f"{lamps.count(mark)} {_MEANS[mark].lower()}" for mark in _LAMPS if mark in lamps)
    drawn = "".join(_draw(_LAMPS[mark]) for mark in lamps)
    caption = text(it.heading or it.agreement.title)
    return (
        f'<figure><div class="five" role="img" aria-label="{text(said)}">{drawn}</div>'
        f"<figcaption>{caption}, {_years(it.agreement)}</figcaption></figure>"
    )


def _meta(found: Sequence[Promise], shown: Sequence[tuple[Promise, Shown]]) -> str:
    published = min(it.published_at for it in found if it.published_at)
    keepers = ", ".join(dict.fromkeys(_newest(group).agreement.keeper for group in _by_agreement(shown)))
    facts = (
        ("Publicerad", day(published)),
        ("Senast uppdaterad", day(changed_at(found))),
        ("Sidansvarig", text(keepers)),
    )
    return '<p class="meta">' + "".join(f"<span>{name}: {value}</span>" for name, value in facts) + "</p>"


def changed_at(found: Sequence[Promise]) -> datetime:
    return max((it.changed_at for it in found if it.changed_at), default=datetime.fromtimestamp(0, UTC))


# ---------------------------------------------------------------- what was promised


Group = list[tuple[Promise, Shown]]


def _by_agreement(shown: Sequence[tuple[Promise, Shown]]) -> list[Group]:
    """The promises of each agreement: the citizens' first, and the newest of each kind.

    An agreement may have been corrected between two releases; it stands once, as it was released last.
    """
    groups: dict[UUID, Group] = {}
    for pair in shown:
        groups.setdefault(pair[1].agreement.id, []).append(pair)

    def place(group: Group) -> tuple[int, int, str]:
        of = _newest(group).agreement
        return _ORDER.index(of.kind), -(of.valid_from or date.min).toordinal(), str(of.id)

    return sorted(groups.values(), key=place)


def _newest(group: Group) -> Shown:
    return max(group, key=lambda pair: pair[0].changed_at or datetime.fromtimestamp(0, UTC))[1]


def _agreement(group: list[tuple[Promise, Shown]], every: Sequence[tuple[Promise, Shown]], today: date) -> str:
    newest = _newest(group)
    of, over = newest.agreement, has_run_out(newest, today)
    head = f"<h2>{text(of.title)}</h2><p>Parter: {text(_joined(of.parties))}. {_period(of)}</p>"
    if of.purpose:
        head += f"<details><summary>Så börjar texten</summary><blockquote>{text(of.purpose)}</blockquote></details>"
    return f"<section>{head}{_over(of, every) if over else ''}{_owners(group, over)}{_later(group, of)}</section>"


def _period(of: OfAgreement) -> str:
    if of.valid_from and of.valid_to:
        return f"Gäller {day(of.valid_from)} till {day(of.valid_to)}."
    return f"Gäller från {day(of.valid_from)}." if of.valid_from else "Ingen tid är satt."


def _years(of: OfAgreement) -> str:
    years = dict.fromkeys(str(each.year) for each in (of.valid_from, of.valid_to) if each)
    return f'<span class="nowrap">{"–".join(years)}</span>'


def _over(of: OfAgreement, every: Sequence[tuple[Promise, Shown]]) -> str:
    after = next((it.agreement.title for _, it in every if it.agreement.predecessor == of.id), "")
    was, coming = _SAID[of.kind]
    then = f"Nästa: {text(after)}." if after else f"Nästa {coming} finns inte här än."
    return (
        f'<div class="gone">{_draw("i-calendar-x")}<div><p><b>{was} {_years(of)} har gått ut</b></p>'
        f"<p>Tiden tog slut {day(of.valid_to)}. Här ser du hur det gick. {then}</p></div></div>"
    )


def _owners(group: list[tuple[Promise, Shown]], over: bool) -> str:
    """Each party's own beside each other, and below them what they promised together."""
    verb = "lovade" if over else "lovar"
    alone = [pair for pair in group if len(pair[1].owners) == 1]
    together = [pair for pair in group if len(pair[1].owners) > 1]
    columns = ""
    for owner in dict.fromkeys(it.owners[0] for _, it in alone):
        own = [pair for pair in alone if pair[1].owners[0] == owner]
        columns += f"<div><h3>{text(_upper(owner))} {verb}</h3>{''.join(_promise(*pair) for pair in own)}</div>"
    both = f'<div class="cols">{columns}</div>' if columns else ""
    if together:
        both += f'<h3>Tillsammans {verb} vi</h3><div class="tri">{"".join(_promise(*pair) for pair in together)}</div>'
    return both


def _promise(promise: Promise, it: Shown) -> str:
    """The signed words, whole, whatever the heading says."""
    top = f"<h4>{text(it.text)}</h4>"
    if it.heading:
        top = f"<h4>{text(it.heading)}</h4><blockquote>{text(it.text)}</blockquote>"
    return f'<article class="promise" id="{promise.id}">{top}{_lines(it.lines)}</article>'


def _lines(lines: Iterable[Line]) -> str:
    return f'<ul class="out">{"".join(_line(line) for line in lines)}</ul>'


def _line(line: Line) -> str:
    """One long list of places is folded: the page can be read at a glance, and everything is there."""
    told = "".join(f"<li>{text(each)}</li>" for each in line.more)
    more = f"<details><summary>Se var och när</summary><ul>{told}</ul></details>" if told else ""
    drawn = _draw(_LAMPS.get(line.mark) or _ICONS[line.mark])
    return f"<li>{drawn}<div><p><b>{text(line.lead)}</b> {text(line.text)}</p>{more}</div></li>"


def _later(group: list[tuple[Promise, Shown]], of: OfAgreement) -> str:
    rows = "".join(f"<h4>{text(it.heading or it.text)}</h4>{_lines(it.later)}" for _, it in group if it.later)
    if not rows:
        return ""
    why = f"Det här hände efter {day(of.valid_to)}. Det räknas inte in."
    return f'<div class="after"><h3>Efter löftets tid</h3><p>{why}</p>{rows}</div>'


# ---------------------------------------------------------------- the rest of it


def _lagesbild(here: Municipality) -> str:
    return (
        "<section><h2>Lägesbilden</h2><p>Så ser det ut, enligt dem som var ute och det Polisen berättar.</p>"
        f'<ul class="plainlist"><li><a href="{PAGE}/{text(here.id)}/lagesbild">Läs lägesbilden</a></li></ul></section>'
    )


def _coming(here: Municipality, coming: Sequence[Outing]) -> str:
    rows = "".join(
        f"<li><b>{text(each.name)}</b><br>{_when(each)} Möt upp: {text(each.meeting_point or each.place)}.</li>"
        for each in coming
    )
    calendar = f"{PAGE}/{text(here.id)}/kalender.ics"
    return (
        f'<section class="coming"><h2>Gå med på en vandring</h2>'
        f"{f'<p>{JOIN}</p><ul>{rows}</ul>' if rows else '<p>Ingen vandring är utlyst just nu.</p>'}"
        f'<p class="feed"><a href="{calendar}">Kalender</a> med alla vandringar, för din telefon.</p></section>'
    )


def _when(it: Outing) -> str:
    first, last = it.starts_at.astimezone(STOCKHOLM), it.ends_at.astimezone(STOCKHOLM)
    return f"{date_words(first.date()).capitalize()} {first.year}, kl. {first:%H.%M}–{last:%H.%M}."


def _walks(walks: Sequence[Edition]) -> str:
    if not walks:
        return ""
    rows = "".join(
        f'<li><a href="/protokoll/{each.walk}">{text(each.minutes.name)}</a>, {day(each.minutes.starts_at)}</li>'
        for each in walks
    )
    return (
        "<section><h2>Vandringar</h2><p>Här kan du läsa vad som kom fram och vad som görs.</p>"
        f'<ul class="plainlist">{rows}</ul></section>'
    )


def _feed_path(municipality: str) -> str:
    return f"{PAGE}/{text(municipality)}/flode.xml"


def _follow(here: Municipality) -> str:
    return (
        '<section class="feed"><h2>Vill du veta när något händer?</h2>'
        f'<p><a href="{PAGE}/{text(here.id)}/mejl">Få mejl</a> när något är nytt, högst ett i veckan.</p>'
        f'<p><a href="{_feed_path(here.id)}">Flöde (Atom)</a> för dig som läser nyheter i en app.</p>'
        f'<p><a href="/oppna-data/{text(here.id)}">Öppna data</a> för dig som gör kartor och tabeller.</p></section>'
    )


def _key(shown: Sequence[tuple[Promise, Shown]]) -> str:
    used = {line.mark for _, it in shown for line in (*it.lines, *it.later)}
    marks = [mark for mark in Mark if mark in used]
    rows = "".join(f"<li>{_draw(_LAMPS.get(mark) or _ICONS[mark])}{_MEANS[mark]}</li>" for mark in marks)
    note = (
        "Lyktor visar bara gator och platser. Löften om barn, unga och missbruk har bara ord. "
        "Tal om folk är aldrig exakta. Är de färre än fem står det så. "
        "En lykta lyser först när någon har varit där och sett att det är lagat."
    )
    return f'<section class="key"><h2>Så läser du sidan</h2><ul>{rows}</ul><p class="help">{note}</p></section>'


def _ask(here: Municipality) -> str:
    """What is pressed is chosen on the next page, and sent from there: opening a link says nothing to anybody."""
    form = feedback_pages.path(text(here.id))
    answers = "".join(f'<a href="{form}?svar={it.value}">{words}</a>' for it, words in feedback_pages.WORDS.items())
    return (
        f'<section class="ask"><h2 id="hjalpte">{feedback_pages.QUESTION}</h2>'
        f'<p class="row" role="group" aria-labelledby="hjalpte">{answers}</p>'
        '<p class="help">På nästa sida kan du skriva vad som saknas. Sedan skickar du.</p></section>'
    )


def _foot(here: Municipality) -> str:
    url = text(here.tell_on_url)
    tell = f'<p>Ser du något trasigt? Skriv i <a href="{url}">Tyck till om kommunen</a>.</p>' if url else ""
    return f"<footer>{tell}<p>Pågår ett brott? Ring 112. Annars 114 14.</p></footer>"


def _joined(words: Sequence[str]) -> str:
    return " och ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


# ---------------------------------------------------------------- the feed


def feed(here: Municipality, found: Sequence[Promise], base: str) -> bytes:
    """Atom (RFC 4287): one entry for each promise that is public, the last to change first."""
    ET.register_namespace("", _ATOM)
    root = ET.Element(f"{{{_ATOM}}}feed")
    address = f"{base}{PAGE}/{here.id}"
    _add(root, "id", address)
    _add(root, "title", f"{TITLE} {here.name}")
    _add(root, "updated", changed_at(found).isoformat())
    _add(root, "link", href=address)
    _add(root, "link", rel="self", href=f"{base}{_feed_path(here.id)}")
    _add(_add(root, "author"), "name", here.name)
    for promise, it in sorted(_released(found), key=lambda pair: changed_at([pair[0]]), reverse=True):
        entry = _add(root, "entry")
        _add(entry, "id", f"urn:uuid:{promise.id}")
        _add(entry, "title", it.heading or it.text)
        _add(entry, "updated", changed_at([promise]).isoformat())
        _add(entry, "link", href=f"{address}#{promise.id}")
        lines = [f"{line.lead} {line.text}".strip() for line in it.lines]
        lines += [f"Efter löftets tid: {line.lead} {line.text}".strip() for line in it.later]
        _add(entry, "content", "\n".join([it.text, *lines]), type="text")
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def _add(parent: ET.Element, name: str, words: str = "", **attributes: str) -> ET.Element:
    it = ET.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    it.text = NOT_IN_XML.sub("", words) or None
    return it
