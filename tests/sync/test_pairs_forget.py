"""Law 5, erasure: a photo or a task that is erased takes the pair along, and what was said of it."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from tests import makers
from tests.makers import LIDKOPING, Evening
from tests.sync import canary
from tests.sync.registers import Finding, erased
from tests.sync.test_promises_forget import a_done_task, does
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.photos import Belongs, Photo, PhotoOf, PhotoRole, PhotoState
from trygghetsvandring.storage import records

evening = makers.evening  # and not the web's fixture of the same name, whichever was loaded last
SAID = "Kanariefågelns lampa lyser"


async def a_pair(evening: Evening) -> tuple[UUID, UUID, UUID]:
    """(finding, task, photo of after), shown to everybody."""
    finding = await Finding.handed_in(evening)
    task, after = await a_done_task(evening, finding.id, "Byt lampa"), uuid7()
    async with evening.store.write() as db:
        before = await records.one(db, LIDKOPING, Photo, finding.photo)
        assert before is not None
        shown = replace(before, state=PhotoState.ACCEPTED, is_sealed=False, version=before.version + 1)
        of = Belongs(kind=PhotoOf.TASK, id=task)
        taken = before.taken_at + timedelta(days=1)
        proof = replace(shown, id=after, version=1, of=of, role=PhotoRole.AFTER, taken_at=taken)
        await records.save(db, LIDKOPING, [shown, proof], evening.now)
    await does(evening, "publication.publish", finding.id, {"text": "En lampa.", "place_words": "", "photos": []})
    body = {"task": task, "before": finding.photo, "after": after, "before_words": "Mörkt.", "after_words": SAID}
    await does(evening, "publication.pair", finding.id, body | {"name": "Kim T", "looked": True, "seen": 1})
    return finding.id, task, after


@pytest.mark.law(5)
@pytest.mark.parametrize("what", ["photo", "task"])
async def test_a_pair_goes_with_its_photo_and_with_its_task_out_of_every_version(evening: Evening, what: str) -> None:
    finding, task, after = await a_pair(evening)
    page = (await evening.http.get(f"/folj/{LIDKOPING}")).text
    assert SAID in page
    assert f"/par/{finding}/{after}.jpg" in page
    assert await canary.tables_with(evening.store, SAID) != []

    await erased(evening, (what, after if what == "photo" else task))

    page = (await evening.http.get(f"/folj/{LIDKOPING}")).text
    assert SAID not in page
    assert "/par/" not in page
    assert "En lampa." in (await evening.http.get(f"/folj/{LIDKOPING}/fynd")).text
    assert await canary.tables_with(evening.store, SAID) == []
