"""A municipality is kept only when its rules hold together."""

from dataclasses import replace

import pytest

from tests.web.phones import Evening
from trygghetsvandring.demo import seed
from trygghetsvandring.storage import municipalities
from trygghetsvandring.sync.municipalities import MunicipalityBroken, settle

pytest_plugins = ["tests.web.evenings"]


async def test_a_municipality_whose_rules_would_fail_on_the_evening_is_refused_and_not_kept(evening: Evening) -> None:
    skara = seed.blank("skara", "Skara", "SK")
    nobody = replace(skara, departments=tuple(each for each in skara.departments if each.id != "samordning"))

    with pytest.raises(MunicipalityBroken) as refused:
        await settle(evening.house.store, nobody)

    assert "no coordination to catch what no rule fits" in refused.value.facts["broken"]  # type: ignore[operator]
    async with evening.house.store.read() as db:
        assert await municipalities.municipality(db, "skara") is None
