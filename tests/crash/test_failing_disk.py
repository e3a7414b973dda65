"""Each call that changes the data folder fails once, at every place of an evening: no promise that is not kept.

The k-th open, write, fsync, rename, ftruncate or mkdir under the data folder answers EIO or ENOSPC; k walks until an
evening makes no k-th call. A failed fsync is the last thing a server writes; it is then started again, as whoever
watches /healthz would. The phone keeps its finding waiting, and comes home at last.
"""

import asyncio
import errno
from pathlib import Path

import pytest

from tests import profile
from tests.crash import faults
from tests.crash.failing import Street, a_street

SEED = "20261123"
MORE_THAN_ANY_EVENING = 1_000


def step() -> int:
    """Every call at night; in between a different selection for each error, so that both see different places."""
    return profile.pick(quick=16, ci=4, night=1)


async def settled(street: Street) -> int:
    """After two evenings folders and connections are there; then how many calls an evening makes."""
    await street.evening()
    await street.evening()
    with street.faults.armed(0):
        await street.evening()
    return street.faults.calls


@pytest.mark.law(1)
@pytest.mark.law(7)
@pytest.mark.law(8)
@pytest.mark.parametrize(("error", "first"), [(errno.EIO, 1), (errno.ENOSPC, 2)], ids=["EIO", "ENOSPC"])
async def test_whatever_call_fails_nothing_is_acknowledged_that_is_not_kept(
    tmp_path: Path, error: int, first: int
) -> None:
    failed: set[str] = set()
    async with a_street(tmp_path, SEED) as street:
        calls = await settled(street)
        for at in range(first, MORE_THAN_ANY_EVENING, step()):
            if not await street.evening_with(at, error, torn=at % 2 == 0):
                break
            failed.add(street.faults.what.split()[0])
            assert street.wrong == [], f"call {at}: {street.faults.what}"
        assert at > calls // 2 and "write" in failed
        print(f"{calls} calls an evening, up to the {at}th failed, {street.restarts} starts after a failed fsync")
        assert street.judge.look() == []


@pytest.mark.law(7)
async def test_the_first_failed_fsync_is_the_last_thing_a_server_writes(tmp_path: Path) -> None:
    async with a_street(tmp_path, SEED) as street:
        await settled(street)
        at, files = 1, []
        while True:
            before = street.restarts
            with street.faults.armed(at, kinds=faults.FSYNC):
                await street.evening()
            if not street.faults.failed:
                break
            files.append(street.faults.what)
            if not await street.is_well():
                await street.start_again()
            street.look()
            assert (street.restarts, street.wrong) == (before + 1, []), street.faults.what
            at += 1
    assert any("sqlite" in name for name in files)
    assert any("partial" in name for name in files)
    assert any("blobs" in name for name in files)


@pytest.mark.law(1)
async def test_a_disk_that_stays_full_refuses_and_the_phone_waits_until_there_is_room(tmp_path: Path) -> None:
    async with a_street(tmp_path, SEED) as street:
        await settled(street)
        for kinds in (faults.WRITE, faults.OPEN, faults.WRITE | faults.OPEN | faults.MKDIR):
            told, refused = len(street.phone.ledger.told), street.phone.ledger.refused
            with street.faults.armed(1, errno.ENOSPC, kinds=kinds, lasting=True):
                evening = asyncio.create_task(street.evening())
                while street.phone.ledger.refused < refused + 3 and not evening.done():  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
                assert len(street.phone.ledger.received) == len(street.phone.ledger.photos) - 1
                assert kinds == faults.OPEN or len(street.phone.ledger.told) == told
            await evening
            street.look()
            assert (street.wrong, street.restarts) == ([], 0)


async def test_a_start_that_fails_is_followed_by_one_that_works(tmp_path: Path) -> None:
    async with a_street(tmp_path, SEED) as street:
        await street.evening()
        at = 1
        while await street.start_with(at, errno.EIO) and at < profile.pick(quick=2, ci=8, night=200):
            at += 1
        await street.evening()
        street.look()
        assert street.wrong == []


@pytest.mark.parametrize("error", [errno.EIO, errno.ENOSPC], ids=["EIO", "ENOSPC"])
async def test_the_harness_sees_a_server_that_shrugs_at_a_failed_fsync(tmp_path: Path, error: int) -> None:
    async with a_street(tmp_path, SEED, "shrugs at a failed fsync") as street:
        await settled(street)
        with street.faults.armed(2, error, kinds=faults.FSYNC):
            await street.evening()
        street.look()

    assert any("was acknowledged although this failed: fsync" in sentence for sentence in street.wrong)
