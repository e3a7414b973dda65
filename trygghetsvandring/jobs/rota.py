"""The rota's letters: each once. A reminder the morning before, and once a week what lacks people.

Contacts that have been of no use for long go.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID, uuid5

import msgspec

from trygghetsvandring.domain import rota_links as links
from trygghetsvandring.domain.answer_links import Standing
from trygghetsvandring.domain.departments import Organisation
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import system
from trygghetsvandring.domain.rota import RotaEvening, may_join
from trygghetsvandring.domain.rota_links import RotaContact, RotaLink
from trygghetsvandring.domain.tasks import day_of
from trygghetsvandring.domain.times import evening_of
from trygghetsvandring.domain.weeks import week_of
from trygghetsvandring.integrations import rota_letters
from trygghetsvandring.integrations.mail import Letter
from trygghetsvandring.jobs.alarms import coordinators
from trygghetsvandring.jobs.sending import send_each
from trygghetsvandring.jobs.work import Context, Lane, handles
from trygghetsvandring.storage import municipalities, people, queue, records, rota
from trygghetsvandring.storage import reminders as stored
from trygghetsvandring.storage.queue import Waiting
from trygghetsvandring.storage.reminders import Stay

DAILY: Final = "daily.rota"
MAIL: Final = "mail.rota"
FOLLOW: Final = "rota.follow"
KINDS: Final = frozenset({DAILY, MAIL, FOLLOW})
SOON, LACK = "rota_soon", "rota_lack"
AHEAD: Final = timedelta(days=21)
"""How far ahead a party is told of evenings that lack people."""


class About(msgspec.Struct, kw_only=True):
    """`about`: asked, lack, soon, moved, off, short. `plans`: an overtaken letter is not sent."""

    about: str
    link: UUID | None = None
    evening: UUID | None = None
    plans: int = 0


class Walked(msgspec.Struct, kw_only=True):
    walk: UUID


@dataclass(frozen=True, slots=True)
class Read:
    here: Municipality
    contacts: dict[str, RotaContact]
    links: Sequence[RotaLink]


async def _read(context: Context, municipality: str) -> Read | None:
    async with context.store.read() as db:
        here = await municipalities.municipality(db, municipality)
        if here is None:
            return None
        known = {party: it for party, it in (await rota.contacts(db, municipality)).items() if here.organisation(party)}
        return Read(here, known, await rota.links(db, municipality))


# ---------------------------------------------------------------- once a day


@handles(DAILY, Lane.DAILY)
async def look_through(context: Context, job: Waiting) -> None:
    now = context.clock()
    today = day_of(now)
    async with context.store.read() as db:
        every = await rota.evenings(db, job.municipality, today - timedelta(days=1), today + AHEAD)
        ahead = [it for it in every if it.called_off is None and it.starts_at > now]
        contacts = await rota.contacts(db, job.municipality)
        here = await municipalities.municipality(db, job.municipality)
    for it in ahead:
        for told in it.crew:
            if told.party in contacts and _may_read(here, it, told.party):
                await _use(context, job, told.party)
                if today <= it.evening <= today + timedelta(days=1):
                    stay = (uuid5(it.id, told.party), SOON, it.evening)
                    await _plan(context, job, told.party, contacts[told.party], stay, "soon", it)
    for party, contact in contacts.items():
        known = here.organisation(party) if here is not None else None
        if known is not None and any(it.missing and may_join(it, known) for it in ahead):
            await _plan(context, job, party, contact, (contact.id, LACK, week_of(today).monday), "lack")
    async with context.store.write() as db:
        await rota.forget_unused(db, job.municipality, now - links.KEEP_CONTACT)


@handles(FOLLOW, Lane.LETTERS)
async def follow(context: Context, job: Waiting) -> None:
    """Evenings of a walk that was moved. The letters to those who come are planned with the change itself."""
    walk, now = msgspec.json.decode(job.body, type=Walked).walk, context.clock()
    async with context.store.read() as db:
        ahead = await rota.to_come(db, job.municipality, now)
    for it in ahead:
        if it.walk == walk:
            body = {"walk": walk}
            await context.engine.act(job.municipality, "rota.follow", it.id, body, now, actor=system(job.municipality))


def _may_read(here: Municipality | None, it: RotaEvening, party: str) -> bool:
    """The rule of the party's page holds for its letters too, whoever was let in before the evening was what it is."""
    known = here.organisation(party) if here is not None else None
    return known is not None and may_join(it, known)


async def _use(context: Context, job: Waiting, party: str) -> None:
    async with context.store.write() as db:
        await rota.use_contact(db, job.municipality, party, context.clock())


async def _plan(
    context: Context,
    job: Waiting,
    party: str,
    contact: RotaContact,
    stay: Stay,
    about: str,
    it: RotaEvening | None = None,
) -> None:
    """A letter, unless it has been said."""
    now = context.clock()
    async with context.store.read() as db:
        if (await stored.said(db, job.municipality, [stay[0]])).get(stay):
            return
    link = await _link(context, job, party, contact)
    asked = About(about=about, link=link, evening=it.id if it else None, plans=it.plans if it else 0)
    async with context.store.write() as db:
        body = msgspec.json.encode(asked).decode()
        await queue.plan(db, job.municipality, uuid5(stay[0], f"{stay[1]} {stay[2]}"), MAIL, body, now)
        await stored.keep(db, job.municipality, [(stay, 1)], now)


async def _link(context: Context, job: Waiting, party: str, contact: RotaContact) -> UUID:
    """The one that is out to this contact, or a new one."""
    place, now = job.municipality, context.clock()
    async with context.store.read() as db:
        out = await rota.links(db, place)
    for link in out:
        if link.party == party and links.lasts(link, contact, now):
            return link.id
    id = uuid5(job.id, f"link {party} {contact.id}")
    await context.engine.act(place, "rota.link", id, {"party": party, "contact": contact.id}, now, actor=system(place))
    return id


# ---------------------------------------------------------------- the letter


@handles(MAIL, Lane.LETTERS)
async def send(context: Context, job: Waiting) -> None:
    """What has been overtaken meanwhile is not sent: answered, called off, begun, or the link shut."""
    asked = msgspec.json.decode(job.body, type=About)
    found = await _read(context, job.municipality)
    if found is None:
        return
    if asked.link is not None:
        letters = await _to_one(context, job, asked, found)
    elif asked.about == "short":
        letters = await _to_coordinators(context, job, asked, found)
    else:
        letters = await _to_crew(context, job, asked, found)
    await send_each(context, job.municipality, letters)


async def _to_one(context: Context, job: Waiting, asked: About, found: Read) -> list[Letter]:
    link = next((it for it in found.links if it.id == asked.link), None)
    contact = found.contacts.get(link.party) if link is not None else None
    now = context.clock()
    if link is None or contact is None or links.standing(link, contact, now) is not Standing.OPEN:
        return []
    address, ends_on, name = _address(context, link), day_of(link.ends_at), found.here.name
    if asked.about == "soon":
        it = await _evening(context, job, asked)
        adults = it.coming(link.party) if it is not None else 0
        if it is None or it.called_off or it.starts_at <= now or not adults or it.plans != asked.plans:
            return []
        if not _may_read(found.here, it, link.party):
            return []
        return [_letter(job, contact, rota_letters.reminded(name, it, adults, address, ends_on))]
    party = found.here.organisation(link.party)
    lacking = await _lacking(context, job, party) if party is not None else []
    if asked.about == "lack" and not lacking:
        return []
    return [_letter(job, contact, rota_letters.asked(name, lacking, address, ends_on))]


async def _lacking(context: Context, job: Waiting, party: Organisation) -> list[RotaEvening]:
    """Evenings ahead with too few, that this party may come to and has not said that it does."""
    now = context.clock()
    tonight: date = evening_of(now)
    async with context.store.read() as db:
        ahead = await rota.evenings(db, job.municipality, tonight, tonight + AHEAD)
    open_ = [it for it in ahead if it.called_off is None and it.starts_at > now and it.missing]
    return [it for it in open_ if may_join(it, party) and not it.coming(party.id)]


async def _to_crew(context: Context, job: Waiting, asked: About, found: Read) -> list[Letter]:
    """To each that has said it comes; nothing after it is over, or of a move when it moved again or was called off."""
    it = await _evening(context, job, asked)
    if it is None or it.ends_at <= context.clock():
        return []
    if asked.about == "moved" and (it.called_off is not None or it.plans != asked.plans):
        return []
    letters = []
    for told in it.crew:
        contact = found.contacts.get(told.party)
        if contact is None:
            continue
        if asked.about == "off":
            letters.append(_letter(job, contact, rota_letters.called_off(found.here.name, it)))
            continue
        if not _may_read(found.here, it, told.party):
            continue
        link = await _known_link(context, job, told.party, contact)
        words = rota_letters.moved(found.here.name, it, told.adults, _address(context, link), day_of(link.ends_at))
        letters.append(_letter(job, contact, words))
    return letters


async def _to_coordinators(context: Context, job: Waiting, asked: About, found: Read) -> list[Letter]:
    """That fewer come to an evening that is near, while it lacks people still."""
    it, now = await _evening(context, job, asked), context.clock()
    if it is None or it.called_off is not None or it.starts_at <= now or not it.missing:
        return []
    async with context.store.read() as db:
        users = await people.listed(db, job.municipality)
    subject, text = rota_letters.short(found.here.name, it, f"{context.public_url}/desk/kvallar")
    return [Letter(id=f"{job.id}.{user.id}", to=user.login, subject=subject, text=text) for user in coordinators(users)]


async def _known_link(context: Context, job: Waiting, party: str, contact: RotaContact) -> RotaLink:
    id = await _link(context, job, party, contact)
    async with context.store.read() as db:
        link = await records.one(db, job.municipality, RotaLink, id)
    assert link is not None
    return link


async def _evening(context: Context, job: Waiting, asked: About) -> RotaEvening | None:
    if asked.evening is None:
        return None
    async with context.store.read() as db:
        return await records.one(db, job.municipality, RotaEvening, asked.evening)


def _address(context: Context, link: RotaLink) -> str:
    return f"{context.public_url}/kvallar/{links.secret(context.engine.key, link.id)}"


def _letter(job: Waiting, to: RotaContact, words: tuple[str, str]) -> Letter:
    """The same id whenever the job runs again: what has left does not leave once more."""
    return Letter(id=f"{job.id}.{to.party}", to=to.address, subject=words[0], text=words[1])
