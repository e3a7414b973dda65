"""Once a day: which shops have not told of last week, and whose card is to be confirmed. One letter to each."""

from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID, uuid5

import msgspec

from trygghetsvandring.domain import trade as rules
from trygghetsvandring.domain import trade_links as links
from trygghetsvandring.domain.answer_links import Standing
from trygghetsvandring.domain.departments import OrganisationKind
from trygghetsvandring.domain.ids import trade_id
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import system
from trygghetsvandring.domain.reminders import working_days
from trygghetsvandring.domain.tasks import day_of
from trygghetsvandring.domain.times import is_working_day
from trygghetsvandring.domain.trade import TradeCard
from trygghetsvandring.domain.trade_links import TradeLink
from trygghetsvandring.domain.weeks import Week, week_of
from trygghetsvandring.integrations import trade_letters
from trygghetsvandring.integrations.mail import Letter
from trygghetsvandring.jobs.sending import send_once
from trygghetsvandring.jobs.work import Context, Lane, handles
from trygghetsvandring.storage import municipalities, queue, records, trade
from trygghetsvandring.storage import reminders as stored
from trygghetsvandring.storage.queue import Waiting
from trygghetsvandring.storage.reminders import Said, Stay
from trygghetsvandring.storage.unit import Db

DAILY: Final = "daily.trade"
MAIL: Final = "mail.trade"
KINDS: Final = frozenset({DAILY, MAIL})
WEEK, CARD = "trade_week", "trade_card"
AGAIN: Final = 3
"""Working days into the week when a shop that has not told is reminded once more."""


class Asked(msgspec.Struct, kw_only=True):
    """`by_hand`: sent by a person, about whatever there is to say. `week`: the one that a reminder asks for."""

    link: UUID
    by_hand: bool = False
    week: str = ""


@handles(DAILY, Lane.DAILY)
async def look_through(context: Context, job: Waiting) -> None:
    now = context.clock()
    today = day_of(now)
    if not is_working_day(today):
        return
    async with context.store.read() as db:
        here = await municipalities.municipality(db, job.municipality)
        cards = await trade.cards(db, job.municipality)
        said = await stored.said(db, job.municipality, [it.id for it in cards])
        due = [(it, steps) for it in cards if here and (steps := await _due(db, here, it, today, said))]
    for it, steps in due:
        link = await _link(context, job, it)
        async with context.store.write() as db:
            about = str(week_of(today).after(-1)) if any(stay[1] == WEEK for stay, _ in steps) else ""
            body = msgspec.json.encode(Asked(link=link, week=about)).decode()
            await queue.plan(db, job.municipality, uuid5(job.id, f"letter {it.id}"), MAIL, body, now)
            await stored.keep(db, job.municipality, steps, now)


async def _due(
    db: Db, here: Municipality, it: TradeCard, today: date, said: Mapping[Stay, list[Said]]
) -> list[tuple[Stay, int]]:
    """The steps that are reached now and have not been said."""
    if here.organisation(it.party) is None:
        return []
    monday = week_of(today).monday
    steps: list[tuple[Stay, int]] = []
    if await _untold(db, here, it, today, 1):
        last = week_of(today).after(-1).monday
        reached = 2 if working_days(monday, today) >= AGAIN else 1
        steps += [((it.id, WEEK, last), step) for step in range(1, reached + 1)]
    if it.confirm_by <= today:
        steps.append(((it.id, CARD, it.confirm_by), 1))
    told = {(stay, one.step) for stay, each in said.items() for one in each}
    return [step for step in steps if step not in told]


async def _untold(db: Db, here: Municipality, it: TradeCard, today: date, n: int) -> list[Week]:
    """Of the last weeks of a shop, those it has told nothing of. Nobody else is asked."""
    party = here.organisation(it.party)
    if party is None or party.kind is not OrganisationKind.SHOP:
        return []
    weeks = rules.last_weeks(today, n)
    told = {one.id for one in await trade.weeks(db, here.id, weeks)}
    return [week for week in weeks if trade_id(here.id, "week", it.party, str(week)) not in told]


async def _link(context: Context, job: Waiting, it: TradeCard) -> UUID:
    """The one that is out to this address, or a new one."""
    place, now = job.municipality, context.clock()
    async with context.store.read() as db:
        out = await trade.links(db, place)
    for link in out:
        if link.party == it.party and links.lasts(link, it, now):
            return link.id
    id = uuid5(job.id, str(it.id))
    await context.engine.act(place, "trade.link", it.id, {"link": id}, now, actor=system(place))
    return id


# ---------------------------------------------------------------- the letter


@handles(MAIL, Lane.LETTERS)
async def send(context: Context, job: Waiting) -> None:
    """Without what has been told meanwhile; no letter when nothing is left of it."""
    asked = msgspec.json.decode(job.body, type=Asked)
    today = day_of(context.clock())
    async with context.store.read() as db:
        here = await municipalities.municipality(db, job.municipality)
        link = await records.one(db, job.municipality, TradeLink, asked.link)
        if here is None or link is None or here.organisation(link.party) is None:
            return
        card = await records.one(db, job.municipality, TradeCard, trade_id(job.municipality, "card", link.party))
        if card is None or links.standing(link, card, context.clock()) is not Standing.OPEN:
            return
        weeks = await _untold(db, here, card, today, rules.WEEKS_BY_LINK if asked.by_hand else 1)
    if not asked.by_hand:
        weeks = [week for week in weeks if str(week) == asked.week]
    is_due = card.confirm_by <= today
    if not (weeks or is_due or asked.by_hand):
        return
    address = f"{context.public_url}/butik/{links.secret(context.engine.key, link.id)}"
    letter = Letter(
        id=str(job.id),
        to=link.to,
        subject=trade_letters.subject(weeks, card=is_due),
        text=trade_letters.text(here.name, weeks, address, card=is_due, ends_on=day_of(link.ends_at)),
    )
    await send_once(context, job.municipality, letter)
