"""The house says when it can no longer write."""

from pathlib import Path

import pytest

from tests.web.phones import Evening
from trygghetsvandring.storage.disk import Disk, StorageStopped

pytest_plugins = ["tests.web.evenings"]


async def test_a_house_that_can_write_is_well(evening: Evening) -> None:
    answer = await evening.http.get("/healthz")

    assert (answer.status_code, answer.json()["ok"]) == (200, True)


async def test_after_a_failed_fsync_the_house_is_not_well_and_says_why(evening: Evening, tmp_path: Path) -> None:
    disk: Disk = evening.house.uploads._disk  # the one disk of the house
    with pytest.raises(StorageStopped):
        disk.sync(tmp_path / "gone")

    answer = await evening.http.get("/healthz")

    assert answer.status_code == 503
    assert "No such file" in answer.json()["stopped"]
