"""A party answers by a link while nobody can store its photo: the answer stands, and the photo comes after."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.imaging.makers import a_photo
from tests.makers import LIDKOPING, an_evening
from tests.web.mail_houses import PARTYS_MAIL, MailHouse, a_mail_house, links_in
from trygghetsvandring.domain.photos import PhotoState
from trygghetsvandring.domain.tasks import TaskState
from trygghetsvandring.jobs import arrivals
from trygghetsvandring.jobs.work import Lane
from trygghetsvandring.storage import photos
from trygghetsvandring.storage.blobs import Folder
from trygghetsvandring.storage.buckets import StoreAway


@pytest_asyncio.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[MailHouse]:
    async with an_evening(database, tmp_path) as evening, a_mail_house(evening) as it:
        yield it


async def test_done_with_a_photo_is_taken_while_the_store_is_away_and_the_photo_stored_later(
    house: MailHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = await house.task()
    (path,) = links_in(house.inbox.to(PARTYS_MAIL)[0])
    await house.answer(path, "accept")
    context = house.evening.app.state.runner._context

    async def away(*_: object) -> None:
        raise StoreAway("the object store does not answer", retry_after=5)

    with monkeypatch.context() as silent:
        silent.setattr(Folder, "take", away)
        silent.setattr(Folder, "read", away)
        assert (await house.get(path)).status_code == 200
        done = await house.answer(path, "finish", a_photo(), extent="full", public_text="Lampan är bytt.")
        assert await arrivals.look(context) == 0

    assert "Tack. Ni har sagt att det är åtgärdat." in done.text
    assert (await house.read(task)).state is TaskState.DONE
    assert await arrivals.look(context) == 1
    await house.work(Lane.PHOTOS)
    async with house.evening.store.read() as db:
        (photo,) = (await photos.of(db, LIDKOPING, [task]))[task]
    assert photo.state is PhotoState.ACCEPTED
