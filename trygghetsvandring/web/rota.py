"""The rota at the desk: evenings, who comes and what is missing, and whom each party is reached by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain import rota as rules
from trygghetsvandring.domain import rota_links as links
from trygghetsvandring.domain.departments import Organisation, OrganisationKind
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.rota import OutingKind, RotaEvening, RotaNotPossible, Told
from trygghetsvandring.domain.rota_links import RotaContact, RotaLink
from trygghetsvandring.domain.times import STOCKHOLM, evening_of
from trygghetsvandring.storage import municipalities, rota, walks
from trygghetsvandring.sync import crewing
from trygghetsvandring.web import routing

_BACK, _AHEAD = timedelta(days=35), timedelta(days=183)


class Contact(msgspec.Struct, kw_only=True):
    """A function and where it is written to. `mail` empty: forget whom the party is reached by."""

    party: str
    function: str
    mail: str


@dataclass(frozen=True, slots=True)
class Found:
    here: Municipality
    contacts: Mapping[str, RotaContact]
    links: Sequence[RotaLink]


async def whole_rota(request: Request) -> Response:
    """`RotaView`: five weeks back and half a year ahead, the first evening first."""
    place, now = routing.principal(request).municipality, routing.now(request)
    tonight = evening_of(now)
    async with routing.house(request).store.read() as db:
        here = await municipalities.municipality(db, place)
        assert here is not None
        found = Found(here, await rota.contacts(db, place), await rota.links(db, place))
        every = await rota.evenings(db, place, tonight - _BACK, tonight + _AHEAD)
        planned = [it for it in await walks.not_ended(db, place) if it.ends_at > now]
    return routing.json(
        {
            "tonight": tonight,
            "kinds": list(OutingKind),
            "areas": here.areas,
            "walks": [{"id": it.id, "name": it.name, "starts_at": it.starts_at} for it in planned],
            "parties": [_party(it, found, now) for it in here.departments],
            "evenings": [_evening(it, here, now) for it in every],
        }
    )


def _party(it: Organisation, found: Found, now: datetime) -> dict[str, object]:
    contact = found.contacts.get(it.id)
    out = [link for link in found.links if link.party == it.id]
    return {
        "id": it.id,
        "name": it.name,
        "is_association": it.kind is OrganisationKind.ASSOCIATION,
        "is_municipal": rules.is_municipal(it),
        "contact": contact,
        "forgotten_on": (contact.used_at + links.KEEP_CONTACT).astimezone(STOCKHOLM).date() if contact else None,
        "links": [_link(link, contact, now) for link in out],
    }


def _link(it: RotaLink, contact: RotaContact | None, now: datetime) -> dict[str, object]:
    told = {name: getattr(it, name) for name in ("id", "made_at", "made_by", "ends_at", "used_at")}
    return {**told, "standing": links.standing(it, contact, now)}


def _evening(it: RotaEvening, here: Municipality, now: datetime) -> dict[str, object]:
    names = ("id", "version", "kind", "area", "place", "starts_at", "ends_at", "needed", "evening", "when", "missing")
    told = {name: getattr(it, name) for name in (*names, "called_off", "walk")}
    begins, over = (at.astimezone(STOCKHOLM) for at in (it.starts_at, it.ends_at))
    return {
        **told,
        "starts": f"{begins:%H:%M}",
        "ends": f"{over:%H:%M}",
        "has_begun": it.starts_at <= now,
        "is_over": it.ends_at <= now,
        "may_tell": it.ends_at <= now < it.ends_at + rules.SAID_WITHIN and it.called_off is None,
        "crew": [{**_said(told, here), "walked": it.out(told.party)} for told in it.crew],
        "came_unsigned": [_said(told, here) for told in it.came_unsigned],
        "history": [_said(told, here) for told in reversed(it.signed)],
    }


def _said(told: Told, here: Municipality) -> dict[str, object]:
    known = here.organisation(told.party)
    return {
        "party": told.party,
        "name": known.name if known is not None else told.party,
        "adults": told.adults,
        "by": told.by,
        "by_link": told.by_link,
        "at": told.at,
    }


async def contact(request: Request) -> Response:
    """Kept apart from the log, like every address that is nobody's account."""
    body, asker = await routing.read(request, Contact), routing.principal(request)
    house, now = routing.house(request), routing.now(request)
    async with house.store.read() as db:
        here = await municipalities.municipality(db, asker.municipality)
    if here is None or here.organisation(body.party) is None:
        raise RotaNotPossible(reason="party")
    if body.mail.strip():
        await crewing.keep(house.engine, here.id, body.party, body.function, body.mail, now)
    else:
        await crewing.forget(house.engine, here.id, body.party)
    return routing.json({"party": body.party})


routes = [
    routing.route("/api/rota", whole_rota, methods=["GET"], act=Act.KEEP_ROTA),
    routing.route("/api/rota/contact", contact, methods=["POST"], act=Act.KEEP_ROTA),
]
