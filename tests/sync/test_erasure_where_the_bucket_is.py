"""Erased by decision is gone from a bucket too, on both databases; and what a silent bucket puts off is done later."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.makers import LIDKOPING, Evening, an_evening
from tests.storage.buckets import HASTY, Wire, a_place
from tests.sync import canary
from tests.sync.registers import PHOTO, WORD, Finding, asked, carried_out, decided, erased, hands
from trygghetsvandring.jobs import proving
from trygghetsvandring.storage.buckets import Bucket, StoreAway
from trygghetsvandring.storage.photos import received_key, small_key
from trygghetsvandring.sync import restoring


@dataclass
class Town:
    evening: Evening
    bucket: Bucket
    wire: Wire
    clock: list[float]

    async def keys(self) -> list[str]:
        return [each.key async for each in self.bucket.under(LIDKOPING)]

    def comes_back(self) -> None:
        self.wire.be("through")
        self.clock[0] += HASTY.rest_most + 1


@pytest_asyncio.fixture
async def town(database: str, tmp_path: Path, s3: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Town]:
    clock = [1_000.0]
    async with Wire(s3) as wire:
        bucket = Bucket(replace(a_place(s3), endpoint=wire.url), patience=HASTY, clock=lambda: clock[0])
        monkeypatch.setattr("trygghetsvandring.asgi.blobs_of", lambda _disk, _settings: bucket)
        async with an_evening(database, tmp_path) as evening:
            yield Town(evening, bucket, wire, clock)


async def checked(town: Town, **later: float) -> dict[str, Any]:
    """What was found, and what was said of it."""
    found = {}
    async for it in proving.check(hands(town.evening), LIDKOPING, datetime.now(UTC) + timedelta(**later)):
        found[it.key] = it.what if isinstance(it, proving.Fault) else it.is_removed
    return found


async def test_a_decision_reaches_the_bucket_and_a_silent_one_puts_it_off(town: Town) -> None:
    evening = town.evening
    one, other = await Finding.handed_in(evening), await Finding.handed_in(evening)
    assert await checked(town, days=2) == {}

    await erased(evening, ("observation", one.id))

    assert {key.split("/")[-2] for key in await town.keys()} == {str(other.photo)}
    assert await checked(town, days=2) == {}

    assert (await decided(evening, await asked(evening, ("observation", other.id)))).outcome == "applied"
    town.wire.be("gone")
    report = await restoring.settle(hands(evening), evening.now)  # a new start while nobody answers

    assert (report.is_left, report.epoch) == (True, None)
    town.comes_back()
    await restoring.finish(hands(evening), report, evening.now)
    assert not report.is_left
    assert await town.keys() == []
    assert await canary.tables_with(evening.store, WORD) == []
    assert await carried_out(evening) == 1  # its job finds nothing more to do


async def test_what_a_restore_brought_back_is_not_served_while_the_bucket_is_silent(town: Town) -> None:
    evening = town.evening
    finding = await Finding.handed_in(evening)
    await erased(evening, ("observation", finding.id))
    again = await Finding.handed_in(evening)
    async with evening.store.write() as db:  # as a backup from before the decision has it
        for table in ("erased", "erasures"):
            await db.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608
    await town.bucket.keep(received_key(LIDKOPING, finding.photo), PHOTO)
    town.wire.be("gone")

    with pytest.raises(StoreAway):
        await restoring.settle(hands(evening), evening.now)
    with pytest.raises(StoreAway):  # and the next start says the same
        await restoring.settle(hands(evening), evening.now)

    town.comes_back()
    report = await restoring.settle(hands(evening), evening.now)
    assert not report.is_left
    assert {key.split("/")[-2] for key in await town.keys()} == {str(again.photo)}


async def test_what_was_erased_and_came_back_is_swept_and_what_waits_for_a_person_is_not(town: Town) -> None:
    evening = town.evening
    gone, stays = await Finding.handed_in(evening), await Finding.handed_in(evening)
    await erased(evening, ("observation", gone.id))
    for key in (received_key(LIDKOPING, gone.photo), small_key(LIDKOPING, gone.photo, 320)):
        await town.bucket.keep(key, PHOTO)
    async with evening.store.write() as db:  # its row is not here; the operation about it is
        await db.exec_driver_sql("DELETE FROM photos")

    found = await checked(town, days=2)

    assert found == {received_key(LIDKOPING, gone.photo): True, small_key(LIDKOPING, gone.photo, 320): True}
    assert {key.split("/")[-2] for key in await town.keys()} == {str(stays.photo)}
