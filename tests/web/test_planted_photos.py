"""A marker planted in every place of a file that can hold one is in nothing that is shown, derived or given out.

Only the sealed bytes have it: what the municipality received stays as it came.
"""

import asyncio
import json
from pathlib import Path

import pytest

from tests.imaging.planted import PLACES, a_planted, disguises, found_in
from tests.web.phones import MUNICIPALITY, Evening, a_task_of, at_the_desk
from trygghetsvandring.jobs.photos import export
from trygghetsvandring.jobs.work import Lane
from trygghetsvandring.storage import exports
from trygghetsvandring.storage.photos import received_key

pytest_plugins = ["tests.web.evenings"]

COORDINATOR, HANDLER = "samordnare@lidkoping", "handlaggare@lidkoping"


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("format", PLACES)
def test_the_marker_of_every_place_is_found_where_it_was_planted(format: str) -> None:
    assert found_in(a_planted(format), format) == list(PLACES[format])


def test_a_marker_in_disguise_is_found_too() -> None:
    assert all(found_in(b"..." + it + b"...", "jpeg") == ["xmp"] for it in disguises("xmp"))


@pytest.mark.parametrize("format", PLACES)
async def test_nothing_that_is_shown_derived_or_given_out_has_any_of_it(
    evening: Evening, tmp_path: Path, format: str
) -> None:
    phone, coordinator = await evening.phone(), await at_the_desk(evening, COORDINATOR)
    seen = await phone.observe()
    photo = await phone.hand_over(a_planted(format), of=seen)
    task = await a_task_of(evening, seen)
    while await evening.app.state.runner.round(Lane.PHOTOS):
        pass
    handler, house = await at_the_desk(evening, HANDLER), evening.house

    given_out: dict[str, bytes] = {}
    for asker in (phone, coordinator, handler):
        for path in (f"/photos/{photo}?size=320", f"/photos/{photo}?size=full", "/sync/pull"):
            answer = await evening.http.get(path, headers=asker.headers)
            given_out[f"{type(asker).__name__} {path}"] = answer.content + str(answer.headers).encode()
            assert answer.status_code == 200, (path, answer.text)
    for path in (f"/api/tasks/{task}", f"/api/walks/{evening.walk}", "/api/inbox"):
        given_out[path] = (await evening.http.get(path, headers=coordinator.headers)).content
    async for it in export(house.store, house.blobs, MUNICIPALITY, tmp_path / "ut"):
        assert isinstance(it, Path)
        given_out[f"exported {it.name}"] = await asyncio.to_thread(it.read_bytes)
    async with house.store.read() as db:
        async for name, rows in exports.tables(db, MUNICIPALITY):
            given_out[f"table {name}"] = json.dumps(rows, ensure_ascii=False, default=str).encode()

    sealed = received_key(MUNICIPALITY, photo)
    kept = await asyncio.to_thread(files_in, evening.folder)
    holds = {name for name, content in (kept | given_out).items() if found_in(content, format)}
    assert holds == {name for name in kept if name.endswith(sealed)}
    assert len(holds) == 1
    assert sum(name.startswith("exported") for name in given_out) == 1
    assert {"320.jpg", "shown.jpg"} <= {Path(name).name for name in kept}
