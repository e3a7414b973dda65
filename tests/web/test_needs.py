"""Where it is needed most: exact at the desk, and outside only what the shown lägesbild tells of it."""

from tests.sync.desks import Desk
from tests.web.phones import MUNICIPALITY
from tests.web.test_lagesbild import ID, page, released, signed, triage, write
from tests.web.test_promises import a_promise, an_agreement, publish
from trygghetsvandring.domain.ids import uuid7

pytest_plugins = ["tests.web.evenings"]
__all__ = ["triage"]


async def test_everybody_reads_of_a_need_only_what_the_lagesbild_shows_and_not_when_it_is_taken_away(
    triage: Desk,
) -> None:
    agreement, plan, commitment = await an_agreement(triage), uuid7(), uuid7()
    promise = await a_promise(triage, agreement, evidence="reported", tiles=[])
    await triage.done("plan.enter", plan, agreement=agreement, focus="Unga", title="Mer för unga")
    told = {"executor": "gata-park", "text": "Öppet till midnatt.", "due_on": "2027-06-15", "rhythm": "month"}
    await triage.done("commitment.enter", commitment, plan=plan, promises=[promise], **told)
    await write(triage)
    await signed(triage)
    (need, *_) = (await triage.get(f"/api/promises/{promise}"))["needs"]["slots"]
    at = {name: need[name] for name in ("area", "place", "weekday", "block")}
    await triage.done("promise.meet_needs", promise, needs=[at | {"commitment": commitment}])
    await released(triage)
    await publish(triage, promise)

    seen, table = await page(triage, f"/folj/{MUNICIPALITY}"), await page(triage)
    assert need["n"] == 8
    assert "fre–lör 22–00: 8 (kvällar med vandring: 0)" in seen
    assert "8 (0)" in table
    assert "Öppet till midnatt. Planerat, senast 15 juni 2027." in seen
    assert "Nya Stadens torg" not in seen.split("Där behovet är störst")[1].split("</details>")[0]
    await triage.done("lagesbild.withdraw", ID, number=1)
    gone = await page(triage, f"/folj/{MUNICIPALITY}")
    assert "fre–lör 22–00" not in gone
    assert "Öppet till midnatt." in gone
