"""Before and after beside each other: named one by one, and gone at every address when they are taken away."""

import re
from typing import Any
from uuid import UUID

from tests.imaging.makers import PLANTED
from tests.sync.desks import Desk as Pushing
from tests.sync.desks import coordinator
from tests.web.phones import MUNICIPALITY, Desk, Evening, Phone, a_task_of, at_the_desk
from tests.web.test_photos import HANDLER, PHOTO, derive
from tests.web.test_promises import a_promise, an_agreement, publish, section
from tests.web.test_stretches import ID, ON
from trygghetsvandring.domain.ids import uuid7

pytest_plugins = ["tests.web.evenings"]
PAGE = f"/folj/{MUNICIPALITY}"
SAID = {"before_words": "En <mörk> lampa.", "after_words": "Lampan lyser.", "name": "Kim T", "looked": True}


async def seen(phone: Phone, content: bytes = PHOTO) -> tuple[UUID, UUID]:
    """(finding, its photo) of a lamp on a stråk."""
    found = uuid7()
    photo = await phone.hand_over(content, of=found)
    body: dict[str, Any] = {
        "walk": str(phone.evening.walk),
        "stop": None,
        "category": "bel.trasig",
        "severity": 1,
        "text": "",
    }
    body |= {"position": ON, "seen_at": phone.evening.now.isoformat(), "photos": [str(photo)]}
    assert (await phone.push("observation.record", found, body))["outcome"] == "applied"
    return found, photo


async def mended(evening: Evening, handler: Desk, found: UUID) -> tuple[UUID, UUID]:
    """(task, photo of the finished work)"""
    task = await a_task_of(evening, found)
    await handler.act("task.accept", task, {"person": "Laget"})
    after = await handler.hand_over(PHOTO, task=task)
    await derive(evening)
    return task, after


async def finish(handler: Desk, task: UUID) -> None:
    await handler.act("task.finish", task, {"extent": "full", "public_text": "Lampan är bytt."})


async def pair(triage: Pushing, found: UUID, task: UUID, *photos: UUID, **changes: Any) -> Any:
    row = (await triage.get(f"/api/tasks/{task}/pairs"))["findings"][0]
    body = SAID | {"task": task, "before": photos[0], "after": photos[1], "seen": row["version"]} | changes
    outcome = await triage.push("publication.pair", found, body)
    return outcome.get("code", outcome["outcome"])


async def sources(evening: Evening, path: str = PAGE) -> list[str]:
    html = (await evening.http.get(path)).text
    return re.findall(rf'<img src="({PAGE}/par/[^"]+)"', html)


async def statuses(evening: Evening, addresses: list[str]) -> set[int]:
    both = [each for it in addresses for each in (it, it.partition("?")[0])]
    return {(await evening.http.get(each)).status_code for each in both}


async def test_both_photos_stand_beside_each_other_until_somebody_takes_them_away(evening: Evening) -> None:
    phone, triage, handler = await evening.phone(), await coordinator(evening), await at_the_desk(evening, HANDLER)
    found, before = await seen(phone)
    task, after = await mended(evening, handler, found)
    assert await pair(triage, found, task, before, after) == "not_published"
    await triage.done("publication.publish", found, text="En lampa.", place_words="Vid bron", photos=[])
    assert await pair(triage, found, task, before, after) == "pair_not_done"
    await finish(handler, task)
    assert await sources(evening) == []
    for code, changes in (
        ("seen_has_moved", {"seen": 99}),
        ("pair_not_looked_at", {"looked": False}),
        ("field_missing", {"name": " "}),
        ("public_text_not_safe", {"after_words": "Vid 19811218-9876."}),
        ("photo_not_releasable", {"before": after}),
        ("photo_not_releasable", {"after": before}),
    ):
        assert await pair(triage, found, task, before, after, **changes) == code

    assert await pair(triage, found, task, before, after) == "applied"

    shown = await sources(evening)
    assert [str(before) in shown[0], str(after) in shown[1], len(shown)] == [True, True, 2]
    assert await sources(evening, f"{PAGE}/fynd") == shown
    html = (await evening.http.get(f"{PAGE}?sprak=ar")).text
    assert 'lang="sv" dir="ltr" alt="En &lt;mörk&gt; lampa."' in html
    assert "20 نوفمبر 2026" in html
    assert "Kim T" not in html
    assert await statuses(evening, shown) == {200}
    image = await evening.http.get(shown[0])
    assert (image.headers["content-type"], image.headers["cache-control"]) == ("image/jpeg", "no-store")
    assert image.headers["x-robots-tag"] == "noindex, noarchive"
    assert (await evening.http.get(f"/open311/v2/photos/{found}/{before}.jpg")).status_code == 404  # for this only
    assert (await evening.http.get(f"{PAGE}/par/{found}/{before}.jpg?storlek=full")).status_code == 400

    promise = await a_promise(triage, await an_agreement(triage))
    await publish(triage, promise)
    drawer = (await section(evening)).partition('<details name="strak-')[2].partition("</details>")[0]
    assert re.findall(r'<img src="([^"]+)"', drawer) == shown
    html = (await evening.http.get(PAGE)).text
    assert 'class="pairs"' not in html  # under its stråk, and not a second time by itself
    rows = {row["id"]: row for row in (await triage.get(f"/api/promises/{promise}/pairs"))["stretches"]}
    assert (rows[ID]["finding"], [it["id"] for it in rows[ID]["tasks"]]) == (str(found), [str(task)])

    await triage.done("publication.publish", found, text="Lampan.", place_words="Vid bron", photos=[])  # said better
    assert set(await sources(evening)) == set(shown)
    await triage.done("publication.unpair", found)
    assert await sources(evening) == []
    assert await statuses(evening, shown) == {404}
    assert await pair(triage, found, task, before, after) == "applied"
    await triage.done("observation.withhold", found, reason="En person syns")
    assert await sources(evening) == []
    assert await statuses(evening, shown) == {404}


async def test_work_that_is_opened_again_shows_nothing_and_what_came_unmasked_never_does(evening: Evening) -> None:
    phone, triage, handler = await evening.phone(), await coordinator(evening), await at_the_desk(evening, HANDLER)
    found, before = await seen(phone)
    task, after = await mended(evening, handler, found)
    sealed = await handler.hand_over(PLANTED["comment"](), task=task)
    await derive(evening)
    await finish(handler, task)
    await triage.done("publication.publish", found, text="En lampa.", place_words="", photos=[])

    could = await triage.get(f"/api/tasks/{task}/pairs")
    assert ([it["id"] for it in could["after"]], could["left"]) == ([str(after)], 1)
    assert await pair(triage, found, task, before, sealed) == "photo_not_releasable"
    assert await pair(triage, found, task, before, after) == "applied"
    shown = await sources(evening)
    await triage.done("task.reopen", task, department="gata-park", seen="Släckt igen.", due_on="2026-12-18")
    assert await statuses(evening, shown) == {404}
    await triage.done("publication.withdraw", found)
    await triage.done("publication.publish", found, text="En lampa.", place_words="", photos=[])
    assert (await triage.get(f"/api/tasks/{task}/pairs"))["findings"][0]["pair"] is None
