"""Correspondence: where letters to each party go, and the words that public replies begin with. The coordinator's.

Both come with the municipality's settings; what is changed at the desk stands instead, each change with who and when.

    Refused
    ├── NotAnAddress   (answer_links) what was written is not one address
    ├── PartyUnknown   no organisation of the municipality that tasks can go to
    └── StepUnknown    no step that somebody writes a public reply in
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from trygghetsvandring.domain.answer_links import address
from trygghetsvandring.domain.errors import Malformed, Refused, TextTooLong
from trygghetsvandring.domain.municipalities import Municipality, ReplyText
from trygghetsvandring.domain.tasks import public_safe

STEPS: Final = ("task.decline", "task.wait", "task.refer", "task.finish", "task.refuse")
LONGEST_TEXT: Final = 500
MOST_TEXTS: Final = 200
_LONGEST_ID: Final = 40


class PartyUnknown(Refused):
    code = "party_unknown"


class StepUnknown(Refused):
    code = "step_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """`about`: the organisation's or the text's id. "" = there was none, or there is none any more."""

    at: datetime
    by: str
    about: str
    was: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Correspondence:
    """One for each municipality. `addresses` by organisation, "" = nowhere; `texts` None: as they came."""

    id: UUID
    version: int = 0
    addresses: tuple[tuple[str, str], ...] = ()
    texts: tuple[ReplyText, ...] | None = None
    changes: tuple[Change, ...] = ()  # oldest first


def applied(here: Municipality, it: Correspondence | None) -> Municipality:
    """The municipality as letters and replies read it."""
    if it is None:
        return here
    mails = dict(it.addresses)
    departments = tuple(replace(each, mail=mails.get(each.id, each.mail)) for each in here.departments)
    return replace(here, departments=departments, reply_texts=here.reply_texts if it.texts is None else it.texts)


def addressed(
    it: Correspondence, here: Municipality, organisation: str, mail: str, *, by: str, at: datetime
) -> Correspondence:
    """The same address again changes nothing. "" = nobody is written to."""
    party = here.organisation(organisation)
    if party is None or not party.owns_tasks:
        raise PartyUnknown()
    mail = address(mail.strip()) if mail.strip() else ""
    was = dict(it.addresses).get(organisation, party.mail)
    if mail == was:
        return it
    change = Change(at=at, by=by, about=organisation, was=was, now=mail)
    addresses = {**dict(it.addresses), organisation: mail}
    return replace(it, addresses=tuple(sorted(addresses.items())), changes=(*it.changes, change))


def worded(it: Correspondence, here: Municipality, text: ReplyText, *, by: str, at: datetime) -> Correspondence:
    """A new text, or another wording of the one with its id; "" takes it away."""
    _must_be_sound(text, here)
    words = public_safe(text.text)
    before = it.texts if it.texts is not None else here.reply_texts
    was = next((each for each in before if each.id == text.id), None)
    now = replace(text, text=words) if words else None
    if was == now:
        return it
    after = _put(before, text.id, now)
    if len(after) > MOST_TEXTS:
        raise Malformed(field="id")
    change = Change(at=at, by=by, about=text.id, was=was.text if was else "", now=words)
    return replace(it, texts=after, changes=(*it.changes, change))


def _must_be_sound(text: ReplyText, here: Municipality) -> None:
    if not 0 < len(text.id) <= _LONGEST_ID:
        raise Malformed(field="id")
    if text.step not in STEPS:
        raise StepUnknown()
    if text.tile and text.tile not in {tile.id for tile in here.tiles}:
        raise Malformed(field="tile")
    if len(text.text) > LONGEST_TEXT:
        raise TextTooLong(field="text", longest=LONGEST_TEXT)


def _put(texts: Sequence[ReplyText], id: str, now: ReplyText | None) -> tuple[ReplyText, ...]:
    """In its old place, or last."""
    kept = [now if each.id == id else each for each in texts]
    if now is not None and all(each.id != id for each in texts):
        kept.append(now)
    return tuple(each for each in kept if each is not None)
