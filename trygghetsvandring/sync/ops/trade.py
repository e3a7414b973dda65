"""Operations of the grocery trade's safety group: its cards, the routine, four numbers a week, and links.

A party writes for itself; the coordinator for those who do not sign in. What comes by a link (`trade.answer`,
`trade.confirm_by_link`) is made by the server's own route only.
"""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from trygghetsvandring.domain import answer_links
from trygghetsvandring.domain import trade as rules
from trygghetsvandring.domain import trade_links as links
from trygghetsvandring.domain.errors import Malformed, NotAllowed, SeenHasMoved
from trygghetsvandring.domain.ids import trade_id
from trygghetsvandring.domain.people import Act, Role
from trygghetsvandring.domain.tasks import day_of
from trygghetsvandring.domain.trade import (
    Contact,
    CrimeCount,
    Left,
    RoutineText,
    ShopWeek,
    TradeCard,
    TradeNotPossible,
    TradeRoutine,
    WeekTold,
)
from trygghetsvandring.domain.trade_links import TradeLink
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.domain.weeks import week_from
from trygghetsvandring.storage import trade as _stored  # noqa: F401  # registers how they are stored
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.outcomes import Decision, Job, Op, operation
from trygghetsvandring.sync.wire import Body


class Card(Body, kw_only=True):
    """The whole card; writing it confirms it. The entity is that party's own id."""

    party: str
    function: str
    phone: str
    mail: str
    hours: str = ""


class Nothing(Body, kw_only=True):
    pass


class Routine(Body, kw_only=True):
    text: str
    decided_by: str
    valid_from: date


class Numbers(Body, kw_only=True):
    """By type of crime; null and what is left out: not told. The entity is that shop's and week's own id."""

    shop: str
    week: str
    numbers: dict[str, int | None] = msgspec.field(default_factory=dict)
    told_by: str = ""


class ByLink(Body, kw_only=True):
    """`form` is the digest of the form it came by, `seen` the version that its page showed."""

    link: UUID
    form: str
    seen: int


class NumbersByLink(ByLink, kw_only=True):
    shop: str
    week: str
    numbers: dict[str, int | None] = msgspec.field(default_factory=dict)


class Send(Body, kw_only=True):
    link: UUID


class Leave(Body, kw_only=True):
    reason: str


def _card(op: Op[Any]) -> list[Key]:
    return [(TradeCard, op.entity)]


@operation("trade.card", Card, act=Act.TELL_TRADE, needs=_card)
def card(op: Op[Card], known: Known) -> Decision:
    body, before = op.body, known.get(TradeCard, op.entity)
    _must_speak_for(op, body.party)
    is_new = before is None or not before.is_in
    if is_new:
        _must_be_coordinator(op)
    _must_be(op, known, "card", body.party)
    op.must_have_read(before.version if before else 0)
    if before is not None and not is_new and op.base is None and op.actor.role is not Role.SYSTEM:
        raise SeenHasMoved(seen=0, now=before.version)
    now = Contact(
        function=body.function.strip(),
        phone=body.phone.strip(),
        mail=body.mail.strip(),
        hours=body.hours.strip(),
        said_by=op.actor.function,
        said_at=op.received_at,
    )
    it = TradeCard(
        id=op.entity,
        version=before.version if before else 0,
        party=body.party,
        contacts=(*(before.contacts if before else ()), now),
        confirmed_on=day_of(op.received_at),
        confirmed_by=op.actor.function,
        left=before.left if before else (),
    )
    return Decision(entities=[rules.carded(it, known.municipality)])


@operation("trade.confirm", Nothing, act=Act.TELL_TRADE, needs=_card)
def confirm(op: Op[Nothing], known: Known) -> Decision:
    it = known.need(TradeCard, op.entity)
    _must_speak_for(op, it.party)
    op.must_have_read(it.version)
    return Decision(entities=[rules.confirmed(it, by=op.actor.function, on=day_of(op.received_at))])


@operation("trade.leave", Leave, act=Act.KEEP_TRADE, needs=_card)
def leave(op: Op[Leave], known: Known) -> Decision:
    """The party's links and reminders end with its card."""
    it = known.need(TradeCard, op.entity)
    op.must_have_read(it.version)
    left = Left(reason=op.body.reason.strip(), by=op.actor.function, at=op.received_at)
    return Decision(entities=[rules.gone(it, left)])


@operation("trade.routine", Routine, act=Act.KEEP_TRADE, needs=lambda op: [(TradeRoutine, op.entity)])
def routine(op: Op[Routine], known: Known) -> Decision:
    body = op.body
    _must_be(op, known, "routine")
    it = known.get(TradeRoutine, op.entity) or TradeRoutine(id=op.entity, version=0, texts=())
    op.must_have_read(it.version)
    text = RoutineText(
        text=body.text.strip(),
        decided_by=body.decided_by.strip(),
        valid_from=body.valid_from,
        entered_by=op.actor.function,
        entered_at=op.received_at,
    )
    return Decision(entities=[rules.worded(replace(it, texts=(*it.texts, text)))])


@operation("trade.count", Numbers, act=Act.TELL_TRADE, needs=lambda op: [(ShopWeek, op.entity)])
def count(op: Op[Numbers], known: Known) -> Decision:
    body = op.body
    _must_speak_for(op, body.shop)
    own = op.actor.role is not Role.COORDINATOR
    told_by = op.actor.function if own else body.told_by.strip()
    it = _week(op, known, body.shop, body.week)
    op.must_have_read(it.version)
    return Decision(entities=[_told(op, known, it, body.numbers, told_by)])


@operation(
    "trade.answer",
    NumbersByLink,
    act=Act.ANSWER_BY_LINK,
    needs=lambda op: [(ShopWeek, op.entity), (TradeLink, op.body.link), _card_of(op, op.body.shop)],
    at_the_door=True,
)
def answer(op: Op[NumbersByLink], known: Known) -> Decision:
    body = op.body
    spent = _spent(op, known, body.shop)
    it = _week(op, known, body.shop, body.week)
    _must_have_seen(op, it.version)
    return Decision(entities=[_told(op, known, it, body.numbers, op.actor.function, by_link=True), spent])


@operation(
    "trade.confirm_by_link",
    ByLink,
    act=Act.ANSWER_BY_LINK,
    needs=lambda op: [(TradeCard, op.entity), (TradeLink, op.body.link), _card_of(op, op.actor.organisation or "")],
    at_the_door=True,
)
def confirm_by_link(op: Op[ByLink], known: Known) -> Decision:
    it = known.need(TradeCard, op.entity)
    spent = _spent(op, known, it.party)
    _must_have_seen(op, it.version)
    return Decision(entities=[rules.confirmed(it, by=op.actor.function, on=day_of(op.received_at)), spent])


@operation(
    "trade.link",
    Send,
    act=Act.SEND_TRADE_LINK,
    needs=lambda op: [(TradeCard, op.entity), (TradeLink, op.body.link)],
)
def link(op: Op[Send], known: Known) -> Decision:
    """To the card's own address. The same link again changes nothing. By a reminder it leaves with that letter."""
    it, body = known.need(TradeCard, op.entity), op.body
    if known.get(TradeLink, body.link) is not None:
        return Decision()
    if not it.is_in or known.municipality.organisation(it.party) is None:
        raise TradeNotPossible(reason="party")
    made = TradeLink(
        id=body.link,
        version=0,
        party=it.party,
        to=answer_links.address(it.now.mail),
        secret_hash=digest(links.secret(known.key, body.link)),
        made_at=op.received_at,
        made_by=op.actor.function,
        ends_at=op.received_at + links.LASTS,
    )
    asked = Job(kind="mail.trade", body={"link": str(body.link), "by_hand": True})
    return Decision(entities=[made], jobs=[] if op.actor.role is Role.SYSTEM else [asked])


@operation(
    "trade.unlink",
    Send,
    act=Act.SEND_TRADE_LINK,
    needs=lambda op: [(TradeCard, op.entity), (TradeLink, op.body.link)],
)
def unlink(op: Op[Send], known: Known) -> Decision:
    it, out = known.need(TradeCard, op.entity), known.need(TradeLink, op.body.link)
    if out.party != it.party:
        raise Malformed(field="link")
    shut = links.revoked(out, op.actor.function, op.received_at)
    return Decision(version=out.version) if shut == out else Decision(entities=[shut])


def _must_be(op: Op[Any], known: Known, *of: str) -> None:
    """The entity is the one there is of it in this municipality."""
    if op.entity != trade_id(known.municipality.id, *of):
        raise Malformed(field="entity")


def _must_be_coordinator(op: Op[Any]) -> None:
    """Who is in the group is the coordinator's to say."""
    if op.actor.role not in (Role.COORDINATOR, Role.SYSTEM):
        raise NotAllowed(reason="not in the group")


def _must_speak_for(op: Op[Any], party: str) -> None:
    if op.actor.role is not Role.COORDINATOR and op.actor.organisation != party:
        raise NotAllowed(reason="another party's")


def _week(op: Op[Any], known: Known, shop: str, week: str) -> ShopWeek:
    written = str(week_from(week))
    _must_be(op, known, "week", shop, written)
    return known.get(ShopWeek, op.entity) or ShopWeek(id=op.entity, version=0, shop=shop, week=written)


def _told(
    op: Op[Any], known: Known, it: ShopWeek, numbers: dict[str, int | None], told_by: str, *, by_link: bool = False
) -> ShopWeek:
    counts = tuple(CrimeCount(kind=kind, n=n) for kind, n in sorted(numbers.items()))
    told = WeekTold(counts=counts, told_by=told_by, by_link=by_link, told_at=op.received_at)
    return rules.counted(it, told, known.municipality, day_of(op.received_at))


def _card_of(op: Op[Any], party: str) -> Key:
    return (TradeCard, trade_id(op.actor.municipality, "card", party))


def _must_have_seen(op: Op[Any], version: int) -> None:
    if op.body.seen != version:
        raise SeenHasMoved(seen=op.body.seen, now=version)


def _spent(op: Op[Any], known: Known, party: str) -> TradeLink:
    out = known.need(TradeLink, op.body.link)
    if out.party != party or op.actor.organisation != party:
        raise NotAllowed(reason="another party's link")
    spent = links.answered(out, op.body.form, op.received_at)
    card = known.get(TradeCard, _card_of(op, party)[1]) if known.municipality.organisation(party) else None
    links.must_be_open(out, card, op.received_at)
    return spent
