"""The dry run: a draft's rules over every kept finding, a page at a time. Reads only; memory stays as it is."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.routing import Category, Rules
from trygghetsvandring.domain.trials import Past, Trying
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.storage import records, rules
from trygghetsvandring.storage.unit import Store
from trygghetsvandring.sync.engine import Engine
from trygghetsvandring.sync.ops.rules import digest_of
from trygghetsvandring.sync.routes import spot_of
from trygghetsvandring.sync.wire import Outcome

_AT_ONCE = 100  # findings between two breaths: others are answered meanwhile


async def dry_run(store: Store, here: Municipality, live: Rules, draft: Rules) -> AsyncIterator[Trying]:
    """The sums so far after every page, and at last all of them; the same object each time."""
    organisations = {organisation.id: organisation for organisation in here.departments}
    trying = Trying(live=live, draft=draft, organisations=organisations)
    categories = {category.code: category for category in here.categories}
    walks: dict[UUID, Walk] = {}
    async for page in rules.history(store, here.id):
        walks = await _walks(store, here.id, page, walks)
        for n, each in enumerate(page, start=1):
            trying.add(_past(each, walks.get(each.walk), here, categories))
            if n % _AT_ONCE == 0:
                await asyncio.sleep(0)
        yield trying
    yield trying  # also when there has been nothing


async def try_draft(
    engine: Engine, here: Municipality, book: UUID, draft: Rules, *, live: Rules, by: str, now: datetime
) -> Outcome:
    """From beginning to end, nobody watching."""
    *_, done = [sums async for sums in dry_run(engine.store, here, live, draft)]
    return await tell(engine, here, book, done, by=by, now=now)


async def tell(engine: Engine, here: Municipality, book: UUID, it: Trying, *, by: str, now: datetime) -> Outcome:
    """What it came to, kept with the draft; refused when somebody has changed the draft meanwhile."""
    body = {
        "digest": digest_of(it.draft),
        "by": by,
        "findings": it.findings,
        "changed": it.changed,
        "last_resort": it.then_last_resort,
        "never": list(it.never()),
    }
    return await engine.act(here.id, "rulebook.tried", book, body, now)


async def _walks(
    store: Store, municipality: str, page: Sequence[Observation], before: dict[UUID, Walk]
) -> dict[UUID, Walk]:
    """The page's own: findings lie walk by walk, so most were there a page ago."""
    wanted = {each.walk for each in page}
    kept = {id: walk for id, walk in before.items() if id in wanted}
    async with store.read() as db:
        return kept | await records.load(db, municipality, Walk, wanted - kept.keys())


def _past(it: Observation, walk: Walk | None, here: Municipality, categories: Mapping[str, Category]) -> Past:
    stop = walk.stop(it.stop) if walk is not None and it.stop is not None else None
    return Past(
        id=it.id,
        number=it.number,
        category=categories.get(it.category),
        spot=spot_of(it, walk, here),
        severity=it.severity,
        place=stop.name if stop else it.place_words,
    )
