"""A lägesbild as the demo loads and shows it: the four weeks before the last one, of what parties have counted.

It calls itself an example. Crime says that nothing was told: nothing is said in the police's name but that they signed.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from trygghetsvandring.domain.lagesbild import Lagesbild, LagesbildEdition, edition_id, lagesbild_id
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.period_picture import period_picture
from trygghetsvandring.domain.periods import Period
from trygghetsvandring.domain.tasks import day_of
from trygghetsvandring.domain.times import evening_of
from trygghetsvandring.domain.weeks import week_at
from trygghetsvandring.storage import plans, records
from trygghetsvandring.storage.unit import Store
from trygghetsvandring.sync import est_sources
from trygghetsvandring.sync.ops.lagesbild import digest_of, empty_shelf, preview

Do = Callable[[str, UUID, dict[str, Any]], Awaitable[None]]
_WEEKS = 4
_TEXTS = (
    ("otrygghet", "Exempel: mest skräp."),
    ("ordningsstorning", "Exempel: mest motorer och musik sent på fredagar."),
    ("samverkan", "Exempel: butik, hyresvärd och vuxna på stan hjälps åt att räkna."),
)


async def load(store: Store, here: Municipality, now: datetime, keeper: str, name: str, do: Do) -> None:
    """`keeper`: the function of whoever does it; `name` stands for it."""
    latest = week_at(now).after(-2)  # over since a week at least: it may be shown
    period = Period(latest.after(1 - _WEEKS).monday, latest.sunday)
    id, days = lagesbild_id(here.id, period), {"first": period.first, "last": period.last}
    async with store.read() as db:
        focus = [each.id for each in await plans.all_of(db, here.id)]
    texts = [{"heading": heading, "text": text} for heading, text in _TEXTS]
    await do("lagesbild.write", id, {**days, "texts": texts, "focus": focus})
    async with store.read() as db:
        draft = await records.one(db, here.id, Lagesbild, id)
        weeks, _ = await est_sources.of_weeks(db, here, period.weeks, evening_of(now))
        before, _ = await est_sources.of_weeks(db, here, period.year_before.weeks, evening_of(now))
        agreed = await est_sources.decided_in(db, here, period)
    assert draft is not None
    picture = msgspec.to_builtins(period_picture(period, weeks, before, here, agreed))
    police = {"police_by": "Kommunpolis", "police_on": day_of(now)}
    await do("lagesbild.sign", id, {**days, **police, "seen": draft.version, "picture": picture, "name": name})
    async with store.read() as db:
        edition = await records.one(db, here.id, LagesbildEdition, edition_id(id, 1))
    assert edition is not None
    shown, _ = preview(edition, empty_shelf(here.id), here, keeper)
    await do("lagesbild.release", edition.id, {"digest": digest_of(shown), "name": name})
