"""The safety group at the desk: who to reach, the routine, what shops have told week by week. For its parties only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain import trade as rules
from trygghetsvandring.domain import trade_links as links
from trygghetsvandring.domain.departments import Organisation, OrganisationKind
from trygghetsvandring.domain.ids import trade_id
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import Act, Principal, Role
from trygghetsvandring.domain.tasks import day_of
from trygghetsvandring.domain.trade import Shift, ShopWeek, TradeCard, TradeRoutine
from trygghetsvandring.domain.trade_links import TradeLink
from trygghetsvandring.domain.weeks import Week
from trygghetsvandring.storage import municipalities, records, trade
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.web import routing

WEEKS = 12


@dataclass(frozen=True, slots=True)
class Found:
    here: Municipality
    cards: Mapping[str, TradeCard]
    routine: TradeRoutine | None
    weeks: Mapping[UUID, ShopWeek]
    links: Sequence[TradeLink]
    left: Sequence[TradeCard] = ()


async def whole_group(request: Request) -> Response:
    """`TradeView`: cards, the routine in every wording, twelve weeks of each shop, and where it went up and down."""
    asker, now = routing.principal(request), routing.now(request)
    today = day_of(now)
    shown = sorted(rules.last_weeks(today, WEEKS))
    async with routing.house(request).store.read() as db:
        found = await _read_by(db, asker, shown)
    is_coordinator = asker.role is Role.COORDINATOR
    kinds = [kind.id for kind in found.here.crime_kinds]
    return routing.json(
        {
            "today": today,
            "is_coordinator": is_coordinator,
            "is_member": _is_member(asker, found.cards),
            "own": None if is_coordinator else asker.organisation,
            "kinds": found.here.crime_kinds,
            "weeks": [str(week) for week in shown],
            "cards": [_card(it, found, today, now, asker) for it in found.here.departments if _is_here(it, found)],
            "parties": [{"id": it.id, "name": it.name} for it in found.here.departments] if is_coordinator else [],
            "left": [_gone(it, found.here) for it in found.left] if is_coordinator else [],
            "card_ids": {it.id: trade_id(found.here.id, "card", it.id) for it in found.here.departments},
            "routine": _routine(found, today),
            "shops": [_shop(it, found, shown) for it in _shops(found.here)] if _is_member(asker, found.cards) else [],
            "shifts": [_shift(it, found.here) for it in rules.shifts(found.weeks.values(), kinds, shown)],
        }
    )


async def _read_by(db: Db, asker: Principal, shown: Sequence[Week]) -> Found:
    """A shop whose organisation has no card is no party of the group: nothing of it is its to read."""
    found = await _found(db, asker.municipality, shown)
    return found if _is_member(asker, found.cards) else Found(found.here, {}, None, {}, ())


def _is_member(asker: Principal, cards: Mapping[str, TradeCard]) -> bool:
    return asker.role is not Role.SHOP or asker.organisation in cards


def _gone(it: TradeCard, here: Municipality) -> dict[str, object]:
    party = here.organisation(it.party)
    return {"party": it.party, "party_name": party.name if party else it.party, "version": it.version, "left": it.left}


async def _found(db: Db, municipality: str, shown: Sequence[Week]) -> Found:
    here = await municipalities.municipality(db, municipality)
    assert here is not None
    cards = await trade.every_card(db, municipality)
    return Found(
        here,
        {it.party: it for it in cards if it.is_in},
        await records.one(db, municipality, TradeRoutine, trade_id(municipality, "routine")),
        {it.id: it for it in await trade.weeks(db, municipality, shown)},
        await trade.links(db, municipality),
        [it for it in cards if it.left],
    )


def _is_here(it: Organisation, found: Found) -> bool:
    return it.id in found.cards


def _shops(here: Municipality) -> list[Organisation]:
    return [it for it in here.departments if it.kind is OrganisationKind.SHOP]


def _card(it: Organisation, found: Found, today: date, now: datetime, asker: Principal) -> dict[str, object]:
    card = found.cards[it.id]
    is_coordinator = asker.role is Role.COORDINATOR
    may_write = is_coordinator or asker.organisation == it.id
    return {
        "id": card.id,
        "version": card.version,
        "party": it.id,
        "party_name": it.name,
        "contacts": list(reversed(card.contacts)) if may_write else [card.now],
        "confirmed_on": card.confirmed_on,
        "confirmed_by": card.confirmed_by,
        "is_due": card.confirm_by <= today,
        "may_write": may_write,
        "may_send": is_coordinator,
        "links": [_link(out, card, now) for out in found.links if out.party == it.id] if is_coordinator else [],
    }


def _link(it: TradeLink, card: TradeCard, now: datetime) -> dict[str, object]:
    told = {name: getattr(it, name) for name in ("id", "to", "made_at", "made_by", "ends_at", "used_at")}
    return {**told, "standing": links.standing(it, card, now)}


def _routine(found: Found, today: date) -> dict[str, object]:
    it = found.routine
    texts = it.texts if it is not None else ()
    now = rules.in_force(texts, today)
    return {
        "id": trade_id(found.here.id, "routine"),
        "version": it.version if it is not None else 0,
        "now": now,
        "texts": list(reversed(texts)),
    }


def _shop(it: Organisation, found: Found, shown: Sequence[Week]) -> dict[str, object]:
    ids = [trade_id(found.here.id, "week", it.id, str(week)) for week in shown]
    return {"id": it.id, "name": it.name, "weeks": [_week(id, found.weeks.get(id)) for id in ids]}


def _week(id: UUID, it: ShopWeek | None) -> dict[str, Any]:
    told = it.told if it is not None else ()
    numbers = {each.kind: each.n for each in told[-1].counts} if told else {}
    return {
        "id": id,
        "version": it.version if it is not None else 0,
        "numbers": numbers,
        "told": [
            {
                "numbers": {each.kind: each.n for each in one.counts},
                "told_by": one.told_by,
                "by_link": one.by_link,
                "told_at": one.told_at,
            }
            for one in reversed(told)
        ],
    }


def _shift(it: Shift, here: Municipality) -> dict[str, object]:
    names = {shop.id: shop.name for shop in _shops(here)}
    return {
        "kind": it.kind,
        "week": str(it.week),
        "fewer": names[it.fewer],
        "fell": it.fell,
        "more": names[it.more],
        "rose": it.rose,
    }


async def contacts(request: Request) -> Response:
    """Every card as vCard: in the phone's own contacts they are there without a network."""
    asker, today = routing.principal(request), day_of(routing.now(request))
    async with routing.house(request).store.read() as db:
        found = await _read_by(db, asker, [])
    written = "".join(_vcard(it, found.cards[it.id], today) for it in found.here.departments if _is_here(it, found))
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": 'attachment; filename="trygghetsgruppen.vcf"',
    }
    return Response(written, media_type="text/vcard; charset=utf-8", headers=headers)


def _vcard(of: Organisation, card: TradeCard, today: date) -> str:
    now = card.now
    due = " Ska bekräftas." if card.confirm_by <= today else ""
    note = f"{now.hours}. Bekräftad {card.confirmed_on}.{due}".lstrip(". ")
    lines = [
        "BEGIN:VCARD",
        "VERSION:4.0",
        f"UID:urn:uuid:{card.id}",
        f"FN:{_escaped(f'{of.name}, {now.function}')}",
        f"ORG:{_escaped(of.name)}",
        f"TITLE:{_escaped(now.function)}",
        f"TEL;VALUE=text:{_escaped(now.phone)}",
        f"EMAIL:{_escaped(now.mail)}",
        f"NOTE:{_escaped(note)}",
        "END:VCARD",
    ]
    return "".join(f"{line}\r\n" for line in lines)


def _escaped(words: str) -> str:
    for sign in ("\\", ",", ";"):
        words = words.replace(sign, f"\\{sign}")
    return " ".join(words.split())


routes = [
    routing.route("/api/trade", whole_group, methods=["GET"], act=Act.READ_TRADE),
    routing.route("/api/trade/contacts.vcf", contacts, methods=["GET"], act=Act.READ_TRADE),
]
