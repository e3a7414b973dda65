"""A tick in the release list holds for exactly what was read: the place on the map too, which a moved stop changes."""

from typing import Any

import pytest

from tests import makers
from tests.makers import LIDKOPING, Evening
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.publications import coarse
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.storage import records

evening = makers.evening  # and not the web's fixture of the same name, whichever was loaded last


@pytest.mark.parametrize("moved", ["elsewhere", "nowhere"])
async def test_what_was_read_at_another_place_is_read_again(evening: Evening, moved: str) -> None:
    phone, finding = await evening.phone(), uuid7()
    await phone.push(phone.observation(finding, stop=str(evening.stop), position=None))
    await evening.act("observation.review", finding, {"category": "bel.trasig", "severity": 1})
    async with evening.store.read() as db:
        walk = await records.one(db, LIDKOPING, Walk, evening.walk)
    assert walk is not None
    here = [*coarse(walk.stops[0].lat, walk.stops[0].lon)]
    body: dict[str, Any] = {"text": "Lampan är släckt.", "place_words": "Bron", "photos": []}

    read_at = [] if moved == "nowhere" else [here[0] + 0.001, here[1]]
    no = await evening.act("publication.publish", finding, body | {"read_at": read_at})

    assert (no.outcome, no.code) == ("rejected", "seen_has_moved")
    assert (await evening.act("publication.publish", finding, body | {"read_at": here})).outcome == "applied"


async def test_a_desk_that_says_nothing_of_the_place_releases_as_before(evening: Evening) -> None:
    phone, finding = await evening.phone(), uuid7()
    await phone.push(phone.observation(finding, stop=str(evening.stop), position=None))
    await evening.act("observation.review", finding, {"category": "bel.trasig", "severity": 1})

    assert (await evening.act("publication.publish", finding, {"text": "Lampan är släckt."})).outcome == "applied"
