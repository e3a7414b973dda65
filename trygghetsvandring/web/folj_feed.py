"""The public page as a feed (Atom): promises, walks, protocols, lägesbilder and dialogues, as they were released."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID
from xml.etree import ElementTree as ET

from trygghetsvandring.domain.announcements import Announced, Outing
from trygghetsvandring.domain.lagesbild import ShownPeriod
from trygghetsvandring.domain.lagesbild_words import span
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.promises import Promise
from trygghetsvandring.domain.protocol_words import day
from trygghetsvandring.domain.protocols import Edition, protocol_id
from trygghetsvandring.domain.surveys import Survey
from trygghetsvandring.domain.times import STOCKHOLM
from trygghetsvandring.web.calendars import CALLED_OFF
from trygghetsvandring.web.folj_frame import PAGE, TITLE, feed_path
from trygghetsvandring.web.folj_promises import changed_at, released
from trygghetsvandring.web.open311_wire import NOT_IN_XML

_ATOM: Final = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`link`: where it is read, from the municipality's page if it begins with "#"."""

    id: UUID
    title: str
    at: datetime
    link: str
    told: str


def of_promises(found: Iterable[Promise]) -> Iterator[Entry]:
    for promise, it in released(found):
        lines = [f"{line.lead} {line.text}".strip() for line in it.lines]
        lines += [f"Efter löftets tid: {line.lead} {line.text}".strip() for line in it.later]
        told, title = "\n".join([it.text, *lines]), it.heading or it.text
        yield Entry(id=promise.id, title=title, at=changed_at([promise]), link=f"#{promise.id}", told=told)


def of_walks(walks: Iterable[Edition]) -> Iterator[Entry]:
    for it in walks:
        title, told = f"Så blev det efter {it.minutes.name}", f"Vi gick {day(it.minutes.starts_at)}."
        link = f"/protokoll/{it.walk}"
        yield Entry(id=protocol_id(it.walk), title=title, at=it.approved_at, link=link, told=told)


def of_outings(coming: Iterable[tuple[UUID, datetime, Outing, Announced]]) -> Iterator[Entry]:
    """Id, when it changed, what was shown, how it stands: also what is called off, for who has read of it."""
    for id, at, it, stands in coming:
        is_off = stands is Announced.CALLED_OFF
        title = CALLED_OFF if is_off else f"Gå med: {it.name}"  # what was taken away has no words left
        first = it.starts_at.astimezone(STOCKHOLM)
        told = "Titta på sidan innan du går." if is_off else f"Möt upp: {it.meeting_point or it.place}."
        yield Entry(id=id, title=title, at=at, link="#ga-med", told=f"{day(first)} kl. {first:%H.%M}. {told}")


def of_lagesbilder(periods: Iterable[ShownPeriod], municipality: str) -> Iterator[Entry]:
    for it in periods:
        when, link = span(it.first, it.last), f"{PAGE}/{municipality}/lagesbild/{it.of}"
        yield Entry(id=it.of, title=f"Lägesbild {when}", at=it.changed_at, link=link, told=f"Lägesbilden {when}.")


def of_dialogues(surveys: Iterable[Survey], municipality: str) -> Iterator[Entry]:
    """The lines that stand above the counts; the counts are read on the page, in classes."""
    for it in surveys:
        if it.shown is None or it.changed_at is None:
            continue
        link, told = f"{PAGE}/{municipality}/dialog#{it.id}", "\n".join(it.shown.lines)
        yield Entry(id=it.id, title=f"Dialog: {it.shown.title}", at=it.changed_at, link=link, told=told)


def feed(here: Municipality, entries: Sequence[Entry], changed: datetime, base: str) -> bytes:
    """Atom (RFC 4287), the last to change first. `changed`: when the promises did, those taken away too."""
    ET.register_namespace("", _ATOM)
    root = ET.Element(f"{{{_ATOM}}}feed")
    address = f"{base}{PAGE}/{here.id}"
    _add(root, "id", address)
    _add(root, "title", f"{TITLE} {here.name}")
    _add(root, "updated", max([changed, *(it.at for it in entries)]).isoformat())
    _add(root, "link", href=address)
    _add(root, "link", rel="self", href=f"{base}{feed_path(here.id)}")
    _add(_add(root, "author"), "name", here.name)
    for it in sorted(entries, key=lambda it: it.at, reverse=True):
        entry = _add(root, "entry")
        _add(entry, "id", f"urn:uuid:{it.id}")
        _add(entry, "title", it.title)
        _add(entry, "updated", it.at.isoformat())
        _add(entry, "link", href=f"{address if it.link.startswith('#') else base}{it.link}")
        _add(entry, "content", it.told, type="text")
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def _add(parent: ET.Element, name: str, words: str = "", **attributes: str) -> ET.Element:
    it = ET.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    it.text = NOT_IN_XML.sub("", words) or None
    return it
