"""The public page as a feed (Atom, RFC 4287): what was promised and how it goes."""

from collections.abc import Sequence
from typing import Final
from xml.etree import ElementTree as ET

from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.promises import Promise
from trygghetsvandring.web.folj_frame import PAGE, TITLE, feed_path
from trygghetsvandring.web.folj_promises import changed_at, released
from trygghetsvandring.web.open311_wire import NOT_IN_XML

_ATOM: Final = "http://www.w3.org/2005/Atom"


def feed(here: Municipality, found: Sequence[Promise], base: str) -> bytes:
    """Atom (RFC 4287): one entry for each promise that is public, the last to change first."""
    ET.register_namespace("", _ATOM)
    root = ET.Element(f"{{{_ATOM}}}feed")
    address = f"{base}{PAGE}/{here.id}"
    _add(root, "id", address)
    _add(root, "title", f"{TITLE} {here.name}")
    _add(root, "updated", changed_at(found).isoformat())
    _add(root, "link", href=address)
    _add(root, "link", rel="self", href=f"{base}{feed_path(here.id)}")
    _add(_add(root, "author"), "name", here.name)
    for promise, it in sorted(released(found), key=lambda pair: changed_at([pair[0]]), reverse=True):
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
