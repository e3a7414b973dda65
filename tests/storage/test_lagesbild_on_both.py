"""A lägesbild's draft, its editions and what has been shown, kept on SQLite and PostgreSQL alike."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select

from tests import makers
from tests.makers import FRIDAY, LIDKOPING, Evening
from tests.sync.registers import Finding, erased
from trygghetsvandring.demo.seed import lidkoping
from trygghetsvandring.domain import lagesbild_words
from trygghetsvandring.domain.lagesbild import (
    Lagesbild,
    LagesbildEdition,
    LagesbildShelf,
    edition_id,
    lagesbild_id,
    shelf_id,
)
from trygghetsvandring.domain.period_picture import period_picture
from trygghetsvandring.domain.periods import Period
from trygghetsvandring.storage import lagesbild, records
from trygghetsvandring.storage.tables import operations, versions
from trygghetsvandring.sync import est_sources
from trygghetsvandring.sync.ops.lagesbild import digest_of, empty_shelf, preview

evening = makers.evening  # and not the web's fixture of the same name, whichever was loaded last

MAY, JUNE = Period(date(2026, 5, 1), date(2026, 5, 31)), Period(date(2026, 6, 1), date(2026, 6, 30))
FUNCTION = makers.COORDINATOR.function


async def does(evening: Evening, type: str, entity: UUID, **body: Any) -> None:
    outcome = await evening.act(type, entity, body)
    assert outcome.outcome == "applied", outcome


async def signed(evening: Evening, period: Period) -> LagesbildEdition:
    """Written and signed once more."""
    id, days = lagesbild_id(LIDKOPING, period), {"first": period.first, "last": period.last}
    await does(evening, "lagesbild.write", id, **days, texts=[{"heading": "samverkan", "text": "Fler är med."}])
    async with evening.store.read() as db:
        draft = await records.one(db, LIDKOPING, Lagesbild, id)
        weeks, is_whole = await est_sources.of_weeks(db, lidkoping(), period.weeks, date(2026, 12, 20))
    assert draft is not None
    assert is_whole
    picture = msgspec.to_builtins(period_picture(period, weeks, [], lidkoping()))
    police = {"police_by": "Kommunpolis", "police_on": period.last + timedelta(days=9)}
    told = {"seen": draft.version, "picture": picture, "name": "Kim Test", "changed": "Nya ord."}
    await does(evening, "lagesbild.sign", id, **days, **police, **told)
    async with evening.store.read() as db:
        return (await lagesbild.editions_of(db, LIDKOPING, id))[0]


async def test_drafts_and_editions_are_found_the_latest_first_and_only_in_their_own_municipality(
    evening: Evening,
) -> None:
    for period in (MAY, JUNE, MAY):
        await signed(evening, period)

    may = lagesbild_id(LIDKOPING, MAY)
    async with evening.store.read() as db:
        assert [it.first for it in await lagesbild.all_of(db, LIDKOPING)] == [JUNE.first, MAY.first]
        editions = await lagesbild.editions_of(db, LIDKOPING, may)
        assert [(it.id, it.number) for it in editions] == [(edition_id(may, 2), 2), (edition_id(may, 1), 1)]
        assert await lagesbild.all_of(db, "grannby") == []
        assert await lagesbild.editions_of(db, "grannby", may) == []


async def test_what_is_shown_is_kept_on_one_shelf_and_read_the_latest_period_first(evening: Evening) -> None:
    for period in (JUNE, MAY):
        edition = await signed(evening, period)
        async with evening.store.read() as db:
            shelf = await records.one(db, LIDKOPING, LagesbildShelf, shelf_id(LIDKOPING))
        shown, _ = preview(edition, shelf or empty_shelf(LIDKOPING), lidkoping(), FUNCTION)
        await does(evening, "lagesbild.release", edition.id, digest=digest_of(shown), name="Kim Test")

    async with evening.store.read() as db:
        assert [it.first for it in await lagesbild.showing(db, LIDKOPING)] == [JUNE.first, MAY.first]
        assert await lagesbild.showing(db, "grannby") == []
    await does(evening, "lagesbild.withdraw", lagesbild_id(LIDKOPING, JUNE), number=1)
    async with evening.store.read() as db:
        assert [it.first for it in await lagesbild.showing(db, LIDKOPING)] == [MAY.first]


async def test_when_something_it_counted_is_erased_the_fine_tables_are_nowhere_and_the_signatures_stay(
    evening: Evening,
) -> None:
    """Another period keeps its own."""
    finding = await Finding.handed_in(evening, with_photo=False)
    await does(evening, "observation.review", finding.id, category="bel.trasig", severity=1, note="")
    week = Period(FRIDAY.date(), FRIDAY.date())
    evening.times["now"] += timedelta(days=25)
    before, other = await signed(evening, week), await signed(evening, MAY)
    assert before.picture.by_place and before.picture.by_hour

    await erased(evening, ("observation", finding.id))

    async with evening.store.read() as db:
        after = await records.one(db, LIDKOPING, LagesbildEdition, before.id)
        assert await records.one(db, LIDKOPING, LagesbildEdition, other.id) == other
        c = versions.c
        kept = (await db.execute(select(c.doc).where(c.id == before.id))).scalars().all()
    assert after is not None and after.is_reduced
    assert (after.signatures, after.texts) == (before.signatures, before.texts)
    assert len(kept) == 2
    for it in (after, *(records.decode(LagesbildEdition, doc) for doc in kept)):
        picture = it.picture
        assert not (picture.by_place or picture.by_hour or picture.by_category or picture.needs or picture.alike)
        assert not [cell for cell in picture.coarse if 0 < cell.n < 5]
    written = "\n".join(str(block) for block in lagesbild_words.paper(after, "Lidköping").blocks)
    assert lagesbild_words.REDUCED in written


async def test_the_log_of_a_signature_holds_its_digest_and_no_number(evening: Evening) -> None:
    await signed(evening, MAY)
    async with evening.store.read() as db:
        o = operations.c
        (wire,) = (
            await db.execute(select(o.wire).where(o.type == "lagesbild.sign", o.municipality == LIDKOPING))
        ).scalars()

    assert set(msgspec.json.decode(wire)) == {"id", "type", "entity", "digest"}
