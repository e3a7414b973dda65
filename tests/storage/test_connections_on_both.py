"""What other systems read and are sent, as rows, on SQLite and PostgreSQL alike; and what an erasure takes along."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests import makers
from tests.makers import LIDKOPING, Evening
from trygghetsvandring.domain.connections import ApiKey, Delivery, delivery_id
from trygghetsvandring.domain.erasures import Ref
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import system
from trygghetsvandring.domain.publications import Publication
from trygghetsvandring.storage import connections, publications, records, scrub, sealed

evening = makers.evening  # and not the web's fixture of the same name, whichever was loaded last

SYSTEM = system(LIDKOPING)


async def does(evening: Evening, type: str, entity: UUID, **body: Any) -> None:
    by_server = type in {"observation.receive", "report.receive", "delivery.note"}
    outcome = await (evening.act(type, entity, body, SYSTEM) if by_server else evening.act(type, entity, body))
    assert outcome.outcome == "applied", outcome


async def a_public_finding(evening: Evening) -> UUID:
    id, key = uuid7(), uuid7()
    there = {"lat": 58.5039, "lon": 13.1556}
    await does(
        evening, "observation.receive", id, key=key, category="skrap", text="Skräp.", seen_at=evening.now, **there
    )
    await does(evening, "observation.review", id, category="skrap", severity=1)
    await does(evening, "publication.publish", id, text="Skräp vid bänken.")
    return id


async def test_public_findings_come_newest_first_in_pages_without_a_gap(evening: Evening) -> None:
    made = []
    for _ in range(3):
        made.append(await a_public_finding(evening))
        evening.passes(minutes=1)
    await does(evening, "publication.withdraw", made[1])
    first = {"first": evening.now - timedelta(days=1), "last": evening.now, "limit": 1}

    async with evening.store.read() as db:
        one = await publications.public(db, LIDKOPING, **first)  # type: ignore[arg-type]
        two = await publications.public(db, LIDKOPING, after=(one[0].requested_at, one[0].id), **first)  # type: ignore[arg-type]
        end = await publications.public(db, LIDKOPING, after=(two[0].requested_at, two[0].id), **first)  # type: ignore[arg-type]
        none = await publications.public(db, LIDKOPING, categories=["klotter"], **first)  # type: ignore[arg-type]

    assert [it.id for it in (*one, *two)] == [made[2], made[0]]
    assert end == none == []


async def test_a_key_is_found_by_its_digest_until_it_is_revoked(evening: Evening) -> None:
    id = uuid7()
    await does(evening, "api_key.create", id, name="Grannen", secret_hash="a" * 64)
    async with evening.store.read() as db:
        found = await connections.by_key(db, LIDKOPING, "a" * 64)
        elsewhere = await connections.by_key(db, "grannby", "a" * 64)
    await does(evening, "api_key.revoke", id)
    async with evening.store.read() as db:
        after = await connections.by_key(db, LIDKOPING, "a" * 64)

    assert isinstance(found, ApiKey) and found.id == id
    assert (elsewhere, after) == (None, None)


async def test_a_call_is_one_row_however_often_it_is_tried(evening: Evening) -> None:
    id, webhook, finding = uuid7(), uuid7(), uuid7()
    for n, state in enumerate(("waiting", "waiting", "sent"), start=1):
        async with evening.store.write() as db:
            await connections.note_call(
                db,
                LIDKOPING,
                id,
                webhook=webhook,
                finding=finding,
                event="request.updated",
                state=state,
                status=200,
                reason="",
                attempts=n,
                at=evening.now,
            )
    async with evening.store.read() as db:
        rows = await connections.calls(db, LIDKOPING, 10)

    assert [(row["id"], row["state"], row["attempts"]) for row in rows] == [(id, "sent", 3)]


async def test_an_erasure_takes_along_what_was_public_and_what_others_said_of_it(evening: Evening) -> None:
    finding, task, key = await a_public_finding(evening), uuid7(), uuid7()
    await does(evening, "task.create", task, title="Plocka skräp", observations=[finding], priority=2)
    said = {"key": key, "key_name": "Grannen", "update": "1", "status": "OPEN", "text": "DERAS ORD"}
    await does(evening, "report.receive", finding, **said, said_at=evening.now)
    await does(evening, "delivery.note", task, turn=1, organisation="vasttrafik", to="pending", remote_text="MER ORD")

    async with evening.store.write() as db:
        await scrub.scrub(db, LIDKOPING, [Ref("observation", finding), Ref("task", task)], uuid7(), evening.now)

    async with evening.store.read() as db:
        assert await records.one(db, LIDKOPING, Publication, finding) is None
        assert await records.one(db, LIDKOPING, Delivery, delivery_id(LIDKOPING, task, 1)) is None
        for table in ("operations", "versions", "publications", "reports", "deliveries"):
            kept = str((await db.exec_driver_sql(f"SELECT * FROM {table}")).all())  # noqa: S608
            assert not [word for word in ("DERAS ORD", "MER ORD", "Skräp vid bänken") if word in kept], table


def test_a_sealed_key_is_opened_by_this_server_for_this_municipality_only() -> None:
    key = bytes(range(32))
    text = sealed.seal(key, LIDKOPING, "hemlig å")

    assert sealed.unsealed(key, LIDKOPING, text) == "hemlig å"
    assert sealed.seal(key, LIDKOPING, "hemlig å") != text
    for other in (
        (bytes(32), LIDKOPING, text),
        (key, "grannby", text),
        (key, LIDKOPING, "AAAA"),
        (key, LIDKOPING, "å"),
    ):
        with pytest.raises(sealed.NotOurs):
            sealed.unsealed(*other)
