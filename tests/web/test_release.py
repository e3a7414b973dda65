"""What of a walk could be shown to everybody: nothing held back, social, unsorted or unmasked is ever among it."""

from typing import Any
from uuid import UUID

from tests.imaging.makers import PHOTOS, a_photo
from tests.sync.desks import Desk, coordinator, reviewed, the_finding
from tests.web.open311_houses import AT, get
from tests.web.phones import Evening
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.jobs.work import Lane

pytest_plugins = ["tests.web.evenings"]


async def listed(triage: Desk, evening: Evening) -> Any:
    return await triage.get(f"/api/walks/{evening.walk}/release")


async def test_the_list_holds_what_everybody_would_read_and_says_how_much_is_not_in_it(evening: Evening) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    masked, bare = uuid7(), uuid7()
    lamp = await reviewed(
        phone, triage, position=AT, text="Kalle har slagit sönder den.", photos=[str(masked), str(bare)]
    )
    for id, content in ((masked, a_photo()), (bare, (PHOTOS / "fuji_gps.jpg").read_bytes())):
        await phone.push("photo.declare", id, phone.declaration(content, of=lamp))
        await phone.create(id, content)
        await phone.send(id, 0, content)
    await evening.app.state.runner.round(Lane.PHOTOS)
    held = await reviewed(phone, triage)
    await triage.done("observation.withhold", held, reason="En person syns.")
    await reviewed(phone, triage, category="ljud.musik", severity=None)
    await phone.observe(stop=str(evening.stop), category="bel.trasig", severity=1)

    told = await listed(triage, evening)

    (row,) = told["findings"]
    assert (row["id"], row["category"], row["photos"], row["photos_left"]) == (
        str(lamp),
        "Trasig belysning",
        [str(masked)],
        1,
    )
    assert (row["lat"], row["lon"], row["publication"]) == (58.495, 13.177, None)
    assert "Kalle" not in str(told) and str(held) not in str(told)
    assert told["left"] == {"held": 1, "social": 1, "unsorted": 1, "other": 0}


async def test_what_is_released_from_the_list_reads_as_the_list_said_and_one_act_takes_all_of_it_back(
    evening: Evening,
) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    seen = [await reviewed(phone, triage, position=AT) for _ in range(2)]
    rows = (await listed(triage, evening))["findings"]
    assert {row["id"] for row in rows} == {str(id) for id in seen}
    await triage.push_all(
        [
            (
                "publication.publish",
                UUID(row["id"]),
                {"text": "Lampan är släckt.", "place_words": "Bron", "photos": [], "seen": row["version"]},
            )
            for row in rows
        ]
    )

    public = await get(evening, "requests")
    assert {it["service_request_id"] for it in public} == {str(id) for id in seen}
    for row, it in zip(
        rows, sorted(public, key=lambda it: [r["id"] for r in rows].index(it["service_request_id"])), strict=True
    ):
        assert (it["service_name"], it["status_notes"], it["lat"], it["long"]) == (
            row["category"],
            row["notes"],
            row["lat"],
            row["lon"],
        )
    now = (await listed(triage, evening))["findings"]
    assert {row["publication"]["state"] for row in now} == {"public"}

    await triage.push_all([("publication.withdraw", id, {}) for id in seen])
    assert await get(evening, "requests") == []


async def test_what_has_changed_since_it_was_read_is_not_released_and_the_others_are(evening: Evening) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    moved, held, same = [await reviewed(phone, triage, position=AT) for _ in range(3)]
    read = {id: (await the_finding(evening, id)).version for id in (moved, held, same)}
    await triage.done("observation.review", moved, category="skrap", severity=1, note="")
    await triage.done("observation.withhold", held, reason="En person syns.")

    outcomes = await triage.push_all(
        [("publication.publish", id, {"text": "Det är mörkt.", "seen": seen}) for id, seen in read.items()]
    )

    assert [it.get("code") for it in outcomes] == ["seen_has_moved", "not_publishable", None]
    assert [it["service_request_id"] for it in await get(evening, "requests")] == [str(same)]
