"""The plug is pulled under twenty writers: what was acknowledged is on the disk, whole.

Power can be cut only where a file system can be mounted and shut down. Elsewhere these tests are not collected, and one
says in words why; `make power-cuts` says the same.
"""

import pytest

from tests import profile
from tests.crash import power
from tests.crash.power_cuts import MUST_BE_CAUGHT, rounds

SEED = "20261123"
CANNOT = power.cannot()

if CANNOT is None:

    @pytest.mark.law(1)
    @pytest.mark.law(2)
    @pytest.mark.law(7)
    @pytest.mark.law(8)
    async def test_what_was_acknowledged_before_the_power_went_is_there_when_it_is_back() -> None:
        cuts = profile.pick(quick=1, ci=5, night=200)

        came = await rounds(cuts, SEED)

        assert [it.wrong for it in came if it.wrong] == []
        assert sum(it.kills for it in came) >= cuts
        assert sum(len(it.ledger.told) for it in came) > cuts
        assert came[0].ledger.received

    @pytest.mark.law(1)
    @pytest.mark.law(8)
    async def test_a_disk_filled_to_its_last_block_loses_nothing_and_takes_everything_when_there_is_room() -> None:
        it = await power.full(SEED)

        assert it.wrong == []
        assert it.ledger.told.keys() == it.ledger.sent.keys()

    @pytest.mark.parametrize("plant", MUST_BE_CAUGHT)
    async def test_the_harness_sees_what_a_careless_server_loses(plant: str) -> None:
        it = await power.cuts(20, SEED, plant, until_wrong=True)

        assert it.wrong != []

else:

    def test_a_machine_that_cannot_cut_the_power_says_why() -> None:
        print(f"Strömavbrott kan inte köras här: {CANNOT}.")

        assert CANNOT
        assert power.cannot() == CANNOT
