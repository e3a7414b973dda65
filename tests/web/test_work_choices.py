"""The desk's choice over HTTP: counts, points, saved filters, and what everybody would read after a step."""

from typing import Any
from uuid import UUID

import msgspec
import pytest

from tests.imaging.makers import a_photo
from tests.sync.desks import LAMP, Desk, a_task, coordinator, handler, head, replies, the_task
from tests.web.phones import Evening
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.jobs.work import Lane

pytest_plugins = ["tests.web.evenings"]
TUNNEL = {"lat": 58.49503, "lon": 13.17665, "accuracy_m": 6, "age_s": 2, "source": "gps"}


async def previewed(desk: Desk, task: UUID, type: str, status: int = 200, **body: Any) -> Any:
    return await previewed_all(desk, [(type, task, body)], status)


async def previewed_all(desk: Desk, acts: list[tuple[str, UUID, Any]], status: int = 200) -> Any:
    content = msgspec.json.encode({"operations": [{"type": a, "entity": b, "body": c} for a, b, c in acts]})
    answer = await desk.evening.http.post("/api/preview", content=content, headers=desk.headers)
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_list_counts_and_points_are_of_the_same_choice(evening: Evening) -> None:
    phone, triage = await evening.phone(), await coordinator(evening)
    lamp = await a_task(phone, triage, stop=None, position=TUNNEL)
    await a_task(phone, triage, category="skrap", department="ab-bostader")
    choice = f"tile=ljus&priority=2&area=Lidk%C3%B6ping&walk={evening.walk}&department=gata-park&state=assigned"

    rows = await triage.get(f"/api/tasks?{choice}")
    counted = await triage.get(f"/api/tasks/counts?{choice}")
    points = await triage.get(f"/api/tasks/points?{choice}")

    assert [row["id"] for row in rows["tasks"]] == [str(lamp)]
    assert (counted["counts"]["assigned"], counted["tile"]) == (1, {"ljus": 1})
    assert points["points"] == [{"id": str(lamp), "lat": TUNNEL["lat"], "lon": TUNNEL["lon"], "state": "assigned"}]
    assert (await triage.get("/api/tasks?area=Tun"))["tasks"] == []
    assert (await triage.get(f"/api/tasks?walk={uuid7()}&counts=0")) == {"tasks": [], "next": None, "counts": {}}


async def test_candidates_are_told_apart_by_photo_and_place_and_none_is_of_what_is_held_back(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await coordinator(evening), await handler(evening)
    shown, held = [await a_task(phone, triage, stop=None, position=TUNNEL) for _ in range(2)]
    findings = [(await the_task(evening, it)).findings[0] for it in (shown, held)]
    photos = [await phone.hand_over(a_photo(), of=it) for it in findings]
    await evening.app.state.runner.round(Lane.PHOTOS)
    await triage.done("observation.withhold", findings[1], reason="Någon syns.")

    mine, all = await gata.get("/api/tasks?photos=1"), await triage.get("/api/tasks?photos=1")
    (row,) = (await triage.get(f"/api/observations?brief=1&id={findings[0]}"))["observations"]

    assert mine["photos"] == {str(shown): str(photos[0])}
    assert all["photos"] == {str(shown): str(photos[0]), str(held): str(photos[1])}
    assert row["point"] == {"lat": TUNNEL["lat"], "lon": TUNNEL["lon"]}
    assert "photos" not in await gata.get("/api/tasks")


async def test_a_map_of_more_than_it_may_draw_has_clusters_and_knows_the_wall(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await coordinator(evening), await handler(evening)
    for unit in ("gata-park", "gata-park", "ab-bostader"):
        await a_task(phone, triage, stop=None, position=TUNNEL, department=unit)
    box = "bbox=13.166,58.485,13.187,58.505"

    whole = await triage.get(f"/api/tasks/points?limit=1&{box}")
    theirs = await gata.get(f"/api/tasks/points?limit=1&{box}")

    assert (whole["points"], [it["n"] for it in whole["clusters"]]) == ([], [3])
    assert [it["n"] for it in theirs["clusters"]] == [2]
    assert (await gata.get("/api/tasks/points?limit=1"))["clusters"][0]["n"] == 2
    assert (await gata.get("/api/tasks/points?limit=1&bbox=13,58,13.1,58.1"))["clusters"] == []
    assert len((await gata.get(f"/api/tasks/points?{box}"))["points"]) == 2


async def test_a_map_is_refused_from_the_moment_one_has_signed_out(evening: Evening) -> None:
    gata = await handler(evening)
    await gata.get("/api/tasks/points")
    await evening.http.delete("/api/session", headers=gata.headers)

    for path in ("/api/tasks", "/api/tasks/counts", "/api/tasks/points"):
        assert (await gata.get(path, status=401))["code"] == "not_signed_in"


_NO_CHOICE = ["tile=guld", "area=Paris", "priority=9", "walk=hej", "limit=0", "limit=501"]
_NO_BOX = ["bbox=1,2,3", "bbox=a,b,c,d", "bbox=nan,nan,nan,nan", "bbox=14,58,13,59", "bbox=13,58,14,91"]


@pytest.mark.parametrize("query", [*_NO_CHOICE, *_NO_BOX])
async def test_a_choice_that_is_none_is_answered_with_a_problem(evening: Evening, query: str) -> None:
    assert (await (await handler(evening)).get(f"/api/tasks/points?{query}", status=400))["code"] == "bad_parameter"


async def test_a_filter_is_kept_changed_shared_and_put_away(evening: Evening) -> None:
    gata, other, boss = await handler(evening), await handler(evening, "ab-bostader"), await head(evening)
    mine, units = uuid7(), uuid7()
    await gata.done("filter.save", mine, name="Sena lampor", query="?typ=ljus&status=late&vy=tavla", first=True)
    await gata.done("filter.save", mine, name="Sena lampor", query="status=late&typ=ljus", first=False)
    await boss.done("filter.save", units, name="Enhetens", query="status=all", first=True, shared=True)

    seen = (await gata.get("/api/filters"))["filters"]

    assert [(it["name"], it["query"], it["first"], it["shared"], it["mine"]) for it in seen] == [
        ("Enhetens", "status=all", True, True, False),
        ("Sena lampor", "status=late&typ=ljus", False, False, True),
    ]
    assert (await other.get("/api/filters"))["filters"] == []
    assert await other.refused("filter.forget", mine) == "filter_not_yours"
    assert await gata.refused("filter.save", units, name="Mitt", query="") == "filter_not_yours"
    assert await gata.refused("filter.save", uuid7(), name="Allas", query="", shared=True) == "filter_not_yours"
    await gata.done("filter.forget", mine)
    assert [it["name"] for it in (await gata.get("/api/filters"))["filters"]] == ["Enhetens"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"name": "X", "query": "sida=https://ond.example"}, "malformed"),
        ({"name": " ", "query": ""}, "malformed"),
        ({"name": "X" * 61, "query": ""}, "text_too_long"),
        ({"name": "X", "query": "q=" + "a" * 500}, "text_too_long"),
        ({"name": "Fråga 850709-9805", "query": ""}, "personal_data"),
        ({"name": "X", "query": "q=850709-9805"}, "personal_data"),
    ],
)
async def test_a_filter_is_an_address_of_the_list_and_says_nothing_of_anybody(
    evening: Evening, body: dict[str, str], code: str
) -> None:
    assert await (await handler(evening)).refused("filter.save", uuid7(), **body) == code


async def test_what_is_previewed_is_what_the_walker_then_reads_and_nothing_is_kept_before(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await coordinator(evening), await handler(evening)
    task = await a_task(phone, triage)
    await gata.done("task.accept", task, person="Laget")
    said: dict[str, Any] = {"reason": "parts", "public_text": "  Vi väntar på en lampa. ", "next_look_on": "2026-12-04"}
    finding = str((await the_task(evening, task)).findings[0])

    seen = await previewed(gata, task, "task.wait", **said)

    assert (await the_task(evening, task)).state == "accepted"
    await gata.done("task.wait", task, **said)
    told = (await replies(phone))[finding]
    assert {name: seen[name] for name in ("state", "public_text")} == {
        "state": told["state"],
        "public_text": told["public_text"],
    }
    assert seen["step"] == told["steps"][-1]


async def test_a_preview_refuses_what_the_step_would_and_knows_the_wall(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await coordinator(evening), await handler(evening)
    task = await a_task(phone, triage)
    named: dict[str, Any] = {"reason": "parts", "public_text": "Ring 850709-9805", "next_look_on": "2026-12-04"}

    assert (await previewed(gata, task, "task.wait", 400, **named))["code"] == "no_such_arrow"
    await gata.done("task.accept", task, person="Laget")
    assert (await previewed(gata, task, "task.wait", 400, **named))["code"] == "public_text_not_safe"
    assert (await previewed(gata, task, "erasure.decide", 400))["code"] == "malformed"
    assert (await previewed(gata, task, "task.wait", 400))["code"] == "malformed"
    await previewed(await handler(evening, "ab-bostader"), task, "task.wait", 404, **named)


async def test_a_dismissal_and_a_finish_with_its_photo_are_previewed_as_they_are_then_read(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await coordinator(evening), await handler(evening)
    old, new, content = uuid7(), uuid7(), b"a photo"
    task = await a_task(phone, triage, photos=[str(old)])
    lamp = (await the_task(evening, task)).findings[0]
    await phone.push("photo.declare", old, phone.declaration(content, of=lamp))
    tidy = await phone.observe(**LAMP)
    no = {"reason": "already_fixed", "public_text": " Den är lagad. "}
    await gata.done("task.accept", task, person="Laget")
    finish = {"extent": "full", "public_text": "Ny lampa.", "photos": [new]}
    facts = phone.declaration(content, of=task, kind="task", role="after")
    seen = {"category": "bel.trasig", "severity": 2, "note": ""}
    read: list[tuple[str, UUID, dict[str, Any]]] = [
        ("observation.review", tidy, seen),
        ("observation.dismiss", tidy, no),
    ]

    turned = await previewed_all(triage, read)
    done = await previewed_all(gata, [("photo.declare", new, facts), ("task.finish", task, finish)])
    said = await previewed_all(triage, [("walk.message", evening.walk, {"text": " Tack för i går. "})])
    await triage.push_all(read)
    told = (await replies(phone))[str(tidy)]

    assert (turned["state"], turned["public_text"]) == ("no_action", "Den är lagad.")
    assert (told["state"], told["public_text"]) == ("no_action", "Den är lagad.")
    assert turned["step"] == told["steps"][-1]
    assert (done["state"], done["step"]["text"]) == ("done", "Ny lampa.")
    assert (done["before"], done["after"]) == ({"id": str(old), "shown": False}, {"id": str(new), "shown": False})
    assert (said["message"], said["state"]) == ("Tack för i går.", None)
    assert (await previewed_all(gata, read, 400))["code"] == "malformed"
    assert (await previewed_all(triage, [], 400))["code"] == "malformed"


async def test_time_is_told_with_the_task_and_the_units_own_words_with_its_desk(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await coordinator(evening), await handler(evening)
    task = await a_task(phone, triage)

    assert (await gata.get(f"/api/tasks/{task}"))["spent"] == {"working": 0, "waiting": 0, "referred": 0}
    texts = (await gata.get("/api/reply-texts"))["texts"]
    assert {"task.finish", "task.wait", "task.refuse"} <= {text["step"] for text in texts}
