"""Protocols and their editions on either database: kept, found by walk, published, and emptied by a removal."""

from datetime import timedelta

from sqlalchemy import select

from tests import makers
from tests.makers import LIDKOPING, Evening
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.protocols import protocol_id
from trygghetsvandring.storage import protocols, records
from trygghetsvandring.storage.tables import operations, versions
from trygghetsvandring.sync.ops.protocols import digest_of
from trygghetsvandring.web.protocols import read

evening = makers.evening  # and not the web's fixture of the same name, whichever was loaded last

SAID = "Tre lampor är släckta."


async def approved(evening: Evening, *, publish: bool) -> None:
    async with evening.store.read() as db:
        it = await read(db, LIDKOPING, evening.walk)
    assert it is not None
    ids = {"observations": [each.id for each in it.sources.observations]}
    body = {"walk": evening.walk, "made_from": ids, "digest": digest_of(it.minutes), "name": "Anna Ek"}
    body |= {"changed": "En sak.", "publish": publish}
    outcome = await evening.act("protocol.approve", protocol_id(evening.walk), body)
    assert outcome.outcome == "applied", outcome


async def test_an_edition_is_found_by_its_walk_and_holds_nothing_of_what_was_removed(evening: Evening) -> None:
    phone, found, id = await evening.phone(), uuid7(), protocol_id(evening.walk)
    await phone.push(phone.observation(found))
    await evening.act("observation.review", found, {"category": "bel.trasig", "severity": 1, "note": ""})
    await evening.act("protocol.draft", id, {"walk": evening.walk})
    await evening.act("protocol.edit", id, {"words": [{"id": found, "text": SAID}]})
    await approved(evening, publish=True)
    await approved(evening, publish=False)

    async with evening.store.read() as db:
        assert [each.number for each in await protocols.editions_of(db, LIDKOPING, evening.walk)] == [2, 1]
        place, public = await protocols.published(db, evening.walk) or ("", None)
        assert place == LIDKOPING and public is not None and public.number == 1
        assert await protocols.walks_about(db, LIDKOPING, [found]) == [evening.walk]
    async with evening.store.write() as db:
        await protocols.scrub(db, LIDKOPING, [found], evening.now)
    async with evening.store.read() as db:
        kept = [records.encode(each) for each in await protocols.editions_of(db, LIDKOPING, evening.walk)]
        kept += (await db.execute(select(versions.c.doc))).scalars()
        kept += (await db.execute(select(operations.c.wire).where(operations.c.type == "protocol.edit"))).scalars()
    assert not [text for text in kept if SAID in text]


async def test_the_walk_before_is_the_last_one_at_the_same_place(evening: Evening) -> None:
    later = await evening.plan(walk=uuid7(), starts_at=evening.now + timedelta(hours=1), place=" margretelund")
    await evening.plan(walk=uuid7(), place="Torget")

    async with evening.store.read() as db:
        it = await read(db, LIDKOPING, later)
    assert it is not None and it.sources.earlier is not None and it.sources.earlier.id == evening.walk
