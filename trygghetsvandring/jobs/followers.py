"""Those who follow the public page hear what has been released since the last letter.

Once a week at most; that a walk they were told of is called off, or is not after all, waits for nothing.
"""

from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

import msgspec

from trygghetsvandring.domain import followers as rules
from trygghetsvandring.domain.followers import Follower
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.integrations.follow_letters import confirm_subject, confirm_text, news_subject, news_text
from trygghetsvandring.integrations.mail import Letter, NotDelivered
from trygghetsvandring.jobs.digest import one_click
from trygghetsvandring.jobs.sending import send_once
from trygghetsvandring.jobs.work import Context, Lane, handles
from trygghetsvandring.storage import followers, municipalities, queue
from trygghetsvandring.storage.queue import Waiting
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync import following
from trygghetsvandring.sync.following import CONFIRM_KIND

DAILY: Final = "daily.followers"
MAIL: Final = "mail.followed"
_OF_A_LETTER: Final = 200  # protocols read for each of thousands of letters
KINDS: Final = frozenset({DAILY, MAIL, CONFIRM_KIND})


class Confirm(msgspec.Struct, kw_only=True):
    follower: UUID


class Send(msgspec.Struct, kw_only=True):
    """`news`: keys of `following.released`; the words are those that stand there when the letter is written."""

    follower: UUID
    news: list[str]


@handles(CONFIRM_KIND, Lane.FOLLOWERS)
async def ask(context: Context, job: Waiting) -> None:
    id = msgspec.json.decode(job.body, type=Confirm).follower
    here, mine = await _about(context, job.municipality, id)
    if here is None or mine is None or mine.confirmed_at is not None:
        return
    link = f"{context.public_url}/foljare/{rules.secret(context.engine.key, id)}{_asked_in(mine)}"
    text = confirm_text(here.name, link, mine.language)
    letter = Letter(id=str(job.id), to=mine.address, subject=confirm_subject(here.name, mine.language), text=text)
    await _leave(context, here.id, mine, letter)


@handles(DAILY, Lane.DAILY)
async def look_through(context: Context, job: Waiting) -> None:
    now = context.clock()
    async with context.store.write() as db:
        await followers.forget_unconfirmed(db, job.municipality, now - rules.CONFIRM_WITHIN)
        await _tell(db, job, now)


async def _tell(db: Db, job: Waiting, now: datetime) -> None:
    """The first time nothing is told: what stood there before is no news."""
    place = job.municipality
    stamps = {key: it.stamp for key, it in (await following.released(db, place, now)).items()}
    before = await followers.told(db, place)
    if before is None:
        return await followers.keep_told(db, place, stamps, now)
    said, sent_at = before
    news = rules.news(said, stamps)
    if not news or (now - sent_at < rules.AT_MOST_EVERY and rules.may_wait(news, said, stamps)):
        return None
    for id in await followers.confirmed(db, place):
        body = msgspec.json.encode({"follower": id, "news": news}).decode()
        await queue.plan(db, place, uuid5(job.id, str(id)), MAIL, body, now)
    # What is left out of a look stands: back in it one day, it is no news.
    return await followers.keep_told(db, place, {**said, **stamps}, now)


@handles(MAIL, Lane.FOLLOWERS)
async def send(context: Context, job: Waiting) -> None:
    """To one address. Who has said stop since is not written to, and what was taken away since is not told."""
    it = msgspec.json.decode(job.body, type=Send)
    here, mine = await _about(context, job.municipality, it.follower)
    if here is None or mine is None or mine.confirmed_at is None:
        return
    async with context.store.read() as db:
        there = await following.released(db, here.id, context.clock(), protocols_at_most=_OF_A_LETTER)
    news = [there[key] for key in it.news if key in there]
    if not news:
        return
    stop = f"{context.public_url}/foljare/sluta/{rules.secret(context.engine.key, mine.id)}{_asked_in(mine)}"
    page = f"{context.public_url}/folj/{here.id}{_asked_in(mine)}"
    letter = Letter(
        id=str(job.id),
        to=mine.address,
        subject=news_subject(here.name, mine.language),
        text=news_text(here.name, news, page, stop, mine.language),
        headers=one_click(stop),
    )
    await _leave(context, here.id, mine, letter)


def _asked_in(it: Follower) -> str:
    """So that what a link opens is in the language of its letter."""
    return "" if it.language == rules.SWEDISH else f"?sprak={it.language}"


async def _leave(context: Context, municipality: str, to: Follower, letter: Letter) -> None:
    """An address that takes no letters is nobody's: it is forgotten, and no coordinator has to hear of it."""
    try:
        await send_once(context, municipality, letter)
    except NotDelivered as failed:
        if not failed.for_good or (to.confirmed_at is not None and not failed.of_address):
            raise
        await following.stop(context.engine, municipality, to.address)


async def _about(context: Context, municipality: str, id: UUID) -> tuple[Municipality | None, Follower | None]:
    async with context.store.read() as db:
        return await municipalities.municipality(db, municipality), await followers.one(db, municipality, id)
