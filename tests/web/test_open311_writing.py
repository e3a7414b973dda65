"""Open311, writing: the checklist's G7, P and U by name, and what a key opens."""

import asyncio
import xml.etree.ElementTree as ET
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.sync.desks import a_task, handler, head, jobs_of, the_finding, the_task
from tests.web.open311_houses import BASE, KEY, SWEDISH, a_key, desk_of, get, post, published
from tests.web.phones import Evening
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.observations import ObservationState
from trygghetsvandring.domain.open311 import Attribute, Fault, answered
from trygghetsvandring.storage.tables import observations, operations
from trygghetsvandring.web import open311_write, sessions

pytest_plugins = ["tests.web.evenings"]


async def findings(evening: Evening) -> int:
    async with evening.house.store.read() as db:
        return len((await db.execute(select(observations.c.id))).all())


async def everything_kept(evening: Evening) -> str:
    async with evening.house.store.read() as db:
        wires = (await db.execute(select(operations.c.wire, operations.c.answer, operations.c.actor))).all()
        docs = (await db.execute(select(observations.c.doc))).all()
    return str(wires) + str(docs)


# ---------------------------------------------------------------- posting


async def test_p1_p4_a_form_becomes_a_finding_in_the_inbox_that_says_where_it_came_from(evening: Evening) -> None:
    triage = await desk_of(evening)
    await a_key(triage)

    (taken,) = await post(evening, description=SWEDISH, address_string="Vid tunneln", **{"attribute[SEVERITY]": "2"})

    assert taken.keys() == {"service_request_id", "service_notice", "account_id"}
    (row,) = (await triage.get("/api/observations?state=received"))["observations"]
    assert (row["id"], row["walk_name"], row["text"]) == (taken["service_request_id"], "Open311", SWEDISH)
    assert (row["category"], row["severity"], row["place_words"]) == ("bel.trasig", 2, "Vid tunneln")
    assert row["number"].startswith("LK-")
    await get(evening, f"requests/{row['id']}", 404)  # not before somebody has released it


async def test_p1_multipart_is_taken_too_and_a_photo_that_comes_along_is_not_kept(evening: Evening) -> None:
    await a_key(await desk_of(evening))
    form = {"api_key": KEY, "service_code": "skrap", "address_string": "Torget", "description": SWEDISH}

    answer = await evening.http.post(
        f"{BASE}/requests.xml", data=form, files={"media": ("mig.jpg", b"\xff\xd8 KAMERANS EGNA BYTE", "image/jpeg")}
    )

    assert answer.status_code == 200, answer.text
    root = ET.fromstring(answer.content)
    found = await the_finding(evening, UUID(root.findtext("request/service_request_id")))
    assert (found.text, found.photos) == (SWEDISH, ())
    assert "Fotot är inte mottaget" in (root.findtext("request/service_notice") or "")
    assert not [file for file in evening.folder.rglob("*") if file.is_file() and b"KAMERANS" in file.read_bytes()]


@pytest.mark.parametrize(
    ("status", "fields"),
    [
        (403, {"api_key": None}),
        (403, {"api_key": "fel"}),
        (400, {"service_code": None}),
        (400, {"service_code": ""}),
        (404, {"service_code": "borta"}),
        (404, {"service_code": "ljud.musik"}),
        (400, {"long": None}),
        (400, {"lat": "91"}),
        (400, {"lat": "nan"}),
        (400, {"lat": None, "long": None}),
        (400, {"description": "x" * 4_001}),
        (400, {"attribute[SEVERITY]": "4"}),
        (400, {"attribute[SEEN_AT]": "2026-11-20T19:41:00"}),
        (400, {"service_code": "el"}),
        (400, {"description": "Han med 19121212-1212 står där"}),
    ],
)
async def test_p2_p5_what_is_missing_or_wrong_is_said_with_its_own_status_and_nothing_is_kept(
    evening: Evening, status: int, fields: dict[str, Any]
) -> None:
    await a_key(await desk_of(evening))

    errors = await post(evening, status, **fields)

    assert errors and all(row.keys() == {"code", "description"} for row in errors)
    assert await findings(evening) == 0


async def test_p2_four_thousand_characters_and_an_address_instead_of_a_point_are_enough(evening: Evening) -> None:
    await a_key(await desk_of(evening))

    await post(evening, description="å" * 4_000, lat=None, long=None, address_id="Stenhammarsgatan 1")

    assert await findings(evening) == 1


async def test_p2_a_dangerous_thing_asks_whether_somebody_has_called_and_the_duty_hears_of_it(evening: Evening) -> None:
    await a_key(await desk_of(evening))

    await post(evening, service_code="el", **{"attribute[CALLED]": "not_called"})

    assert len(await jobs_of(evening, "mail.duty")) == 1


def test_p2_many_answers_go_by_brackets_and_each_is_one_of_the_list() -> None:
    asked = [Attribute(code="WHEN", datatype="multivaluelist", order=1, description="", values=(("a", ""), ("b", "")))]
    faults: list[Fault] = []

    assert answered(asked, {"attribute[WHEN][]": ["a", "b"]}, faults) == {"WHEN": ["a", "b"]}
    assert faults == []
    answered(asked, {"attribute[WHEN][]": ["a", "c"]}, faults)
    assert len(faults) == 1


async def test_p3_who_it_came_from_is_kept_nowhere(evening: Evening) -> None:
    await a_key(await desk_of(evening))
    person = {"email": "kim@hemma.example", "first_name": "Kim", "last_name": "Hemlig", "phone": "0701234567"}

    await post(evening, description="Mörkt", device_id="TELEFON-17", account_id="KONTO-3", client_id="1", **person)

    kept = await everything_kept(evening)
    assert not [word for word in (*person.values(), "TELEFON-17", "KONTO-3", KEY) if word in kept]


async def test_p6_several_faults_come_in_one_answer(evening: Evening) -> None:
    await a_key(await desk_of(evening))

    errors = await post(evening, 400, lat="200", **{"attribute[SEVERITY]": "9", "description": "x" * 4_001})

    assert len(errors) == 3


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        ({"Idempotency-Key": "samma"}, {}),
        ({}, {"device_id": "d", "client_id": "1"}),
        ({}, {"device_id": "d", "attribute[client_id]": "1"}),
    ],
)
async def test_p7_the_same_twice_is_one_finding_with_one_id_also_at_the_same_moment(
    evening: Evening, headers: dict[str, str], fields: dict[str, str]
) -> None:
    await a_key(await desk_of(evening))

    first = await post(evening, headers=headers, **fields)
    again = await asyncio.gather(*(post(evening, headers=headers, **fields) for _ in range(4)))

    assert {row["service_request_id"] for (row,) in again} == {first[0]["service_request_id"]}
    assert await findings(evening) == 1


async def test_p7_another_key_or_another_holder_is_another_finding(evening: Evening) -> None:
    triage = await desk_of(evening)
    await a_key(triage)
    await a_key(triage, "en-annan-nyckel-0123456789", name="En annan")

    for key, idempotency in ((KEY, "a"), (KEY, "b"), ("en-annan-nyckel-0123456789", "a")):
        await post(evening, headers={"Idempotency-Key": idempotency}, api_key=key)

    assert await findings(evening) == 3


async def test_p8_the_jurisdiction_may_stand_in_the_address(evening: Evening) -> None:
    await a_key(await desk_of(evening))
    form = {"api_key": KEY, "service_code": "skrap", "address_string": "Torget"}

    right = await evening.http.post(f"{BASE}/requests.json?jurisdiction_id=lidkoping", data=form)
    wrong = await evening.http.post(f"{BASE}/requests.json?jurisdiction_id=borta", data=form)

    assert (right.status_code, wrong.status_code) == (200, 404)


# ---------------------------------------------------------------- keys


async def test_g7_reading_works_without_a_key_and_writing_ends_when_it_is_revoked(evening: Evening) -> None:
    triage = await desk_of(evening)
    id = await a_key(triage)
    await get(evening, "services")
    await post(evening)

    await triage.done("api_key.revoke", id)

    await post(evening, 403)
    assert await triage.refused("api_key.revoke", id) == "key_revoked"


async def test_a_key_stands_nowhere_and_is_shown_to_nobody_again(evening: Evening) -> None:
    triage = await desk_of(evening)
    await a_key(triage)

    shown = await triage.get("/api/connections")

    assert KEY not in str(shown) and "secret_hash" not in str(shown["keys"])
    assert [key["name"] for key in shown["keys"]] == ["Grannkommunen"]
    assert KEY not in await everything_kept(evening)


async def test_g12_a_key_that_came_without_tls_is_refused(evening: Evening) -> None:
    await a_key(await desk_of(evening))

    await post(evening, 403, headers={"X-Forwarded-Proto": "http"})


async def test_x2_each_key_has_its_own_limit_and_wrong_ones_a_smaller_one(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_key(await desk_of(evening))
    sessions.forget_tries()
    monkeypatch.setattr(open311_write, "_WRITES", type(open311_write._WRITES)(2))
    monkeypatch.setattr(open311_write, "_WRONG_KEYS", type(open311_write._WRITES)(1))

    await post(evening)
    await post(evening)
    (error,) = await post(evening, 429)
    await post(evening, 403, api_key="fel")
    await post(evening, 429, api_key="fel")
    sessions.forget_tries()

    assert "Retry-After" in error["description"]


# ---------------------------------------------------------------- updates


@pytest.mark.parametrize(
    ("extent", "status", "words"),
    [("full", "FIXED", "Åtgärdat"), ("partly", "IN_PROGRESS", "Delvis åtgärdat")],
)
async def test_u1_u3_updates_tell_each_change_in_the_extensions_words(
    evening: Evening, extent: str, status: str, words: str
) -> None:
    phone, triage, gata = await evening.phone(), await desk_of(evening), await handler(evening)
    task = await a_task(phone, triage)
    (found,) = (await triage.get(f"/api/tasks/{task}"))["findings"]
    await triage.done("publication.publish", found["id"], text="Lampan är släckt.")
    await gata.done("task.accept", task, person="Laget")
    evening.now += timedelta(days=1)
    await gata.done("task.plan", task, planned_on="2026-11-25")
    await gata.done("task.start", task)
    evening.now += timedelta(days=1)
    await gata.done("task.finish", task, extent=extent, public_text="En av två är bytt.", photos=[])

    rows = await get(evening, "servicerequestupdates")

    assert [row["status"] for row in rows][1:] == ["OPEN", "INVESTIGATING", "ACTION_SCHEDULED", "IN_PROGRESS", status]
    assert rows[-1]["description"] == f"{words} enligt Gata och park 2026-11-22. En av två är bytt."
    assert {row["service_request_id"] for row in rows} == {found["id"]}
    assert len({row["update_id"] for row in rows}) == len(rows)
    (told,) = await get(evening, "requests")
    assert (told["status"], told["status_notes"]) == ("closed" if extent == "full" else "open", rows[-1]["description"])
    later = await get(
        evening, "servicerequestupdates", start_date="2026-11-21T12:00:00Z", end_date="2026-11-30T00:00:00Z"
    )
    assert later == [row for row in rows if row["updated_datetime"] >= "2026-11-21T12:00:00Z"]


async def test_u4_what_is_refused_is_never_a_bare_closed_and_says_why(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await desk_of(evening), await head(evening)
    task = await a_task(phone, triage)
    (found,) = (await triage.get(f"/api/tasks/{task}"))["findings"]
    await triage.done("publication.publish", found["id"], text="Lampan är släckt.")
    await gata.done("task.accept", task, person="Laget")
    await gata.done("task.refuse", task, public_text="Vägen ska byggas om.")

    (row,) = await get(evening, "requests", status="closed", extensions="true")

    assert row["extended_attributes"] == {"status": "NO_FURTHER_ACTION"}
    assert row["status_notes"] == "Görs inte 2026-11-20. Vägen ska byggas om."
    assert (await get(evening, "servicerequestupdates"))[-1]["status"] == "NO_FURTHER_ACTION"


async def test_u3_what_an_authority_has_taken_over_is_its_own_and_promises_no_day(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await desk_of(evening), await head(evening)
    task = await a_task(phone, triage)
    (found,) = (await triage.get(f"/api/tasks/{task}"))["findings"]
    await triage.done("publication.publish", found["id"], text="Lampan är släckt.")
    await gata.done("task.accept", task, person="Laget")
    (before,) = await get(evening, "requests")
    over = {"party": "Trafikverket", "reference": "1", "handed_on": "2026-11-20", "public_text": "Vägen är statens."}
    await gata.done("task.hand_over", task, **over)
    (row,) = await get(evening, "requests", extensions="true")
    assert before["expected_datetime"] and not row.get("expected_datetime")
    assert (row["status"], row["extended_attributes"]) == ("open", {"status": "NOT_COUNCILS_RESPONSIBILITY"})
    assert "Överlämnat till Trafikverket" in row["status_notes"]


async def test_with_two_tasks_it_is_never_better_than_the_worst_one(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await desk_of(evening), await handler(evening)
    task, other = await a_task(phone, triage), uuid7()
    (found,) = (await triage.get(f"/api/tasks/{task}"))["findings"]
    await triage.done("task.create", other, title="Byt stolpe", observations=[found["id"]], priority=2)
    await triage.done("publication.publish", found["id"], text="Lampan är släckt.")
    evening.now += timedelta(hours=1)
    await gata.done("task.accept", task, person="Laget")
    await gata.done("task.finish", task, extent="full", public_text="Lampan är bytt.", photos=[])

    (row,) = await get(evening, "requests", extensions="true")

    assert (row["status"], row["extended_attributes"]["status"]) == ("open", "OPEN")
    assert "FIXED" not in {each["status"] for each in await get(evening, "servicerequestupdates")}


@pytest.mark.parametrize("first", [0, 1])
async def test_two_tasks_that_are_both_done_are_told_whichever_was_done_first(evening: Evening, first: int) -> None:
    phone, triage, gata = await evening.phone(), await desk_of(evening), await handler(evening)
    both = [await a_task(phone, triage), uuid7()]
    (found,) = (await triage.get(f"/api/tasks/{both[0]}"))["findings"]
    await triage.done("task.create", both[1], title="Byt stolpe", observations=[found["id"]], priority=2)
    given = {"department": "gata-park", "explanation": "Stolpar.", "due_on": "2026-12-04"}
    await triage.done("task.assign", both[1], **given)
    await triage.done("publication.publish", found["id"], text="Lampan är släckt.")
    for n in (first, 1 - first):
        evening.now += timedelta(hours=1)
        await gata.done("task.accept", both[n], person="Laget")
        evening.now += timedelta(hours=1)
        await gata.done("task.finish", both[n], extent="full", public_text=f"Klart nummer {n}.", photos=[])

    (row,) = await get(evening, "requests", extensions="true")
    rows = await get(evening, "servicerequestupdates")

    assert (row["status"], row["extended_attributes"]["status"]) == ("closed", "FIXED")
    assert len({each["update_id"] for each in rows}) == len(rows)
    assert [each["updated_datetime"] for each in rows] == sorted(each["updated_datetime"] for each in rows)


async def test_a_note_on_what_is_done_in_part_makes_it_no_more_done(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await desk_of(evening), await handler(evening)
    task, other = await a_task(phone, triage), uuid7()
    (found,) = (await triage.get(f"/api/tasks/{task}"))["findings"]
    await triage.done("task.create", other, title="Byt stolpe", observations=[found["id"]], priority=2)
    given = {"department": "gata-park", "explanation": "Stolpar.", "due_on": "2026-12-04"}
    await triage.done("task.assign", other, **given)
    await triage.done("publication.publish", found["id"], text="Lampan är släckt.")
    for each, extent in ((other, "partly"), (task, "full")):
        evening.now += timedelta(hours=1)
        await gata.done("task.accept", each, person="Laget")
        await gata.done("task.finish", each, extent=extent, public_text="En av två är bytt.", photos=[])
        await gata.done("task.note", each, text="Stegen står kvar.")

    (row,) = await get(evening, "requests", extensions="true")

    assert (row["status"], row["extended_attributes"]["status"]) == ("open", "IN_PROGRESS")
    assert row["status_notes"].startswith("Delvis åtgärdat")


async def test_u2_another_systems_update_is_read_in_the_task_and_comes_once(evening: Evening) -> None:
    phone, triage = await evening.phone(), await desk_of(evening)
    await a_key(triage)
    task = await a_task(phone, triage)
    (found,) = (await triage.get(f"/api/tasks/{task}"))["findings"]
    await triage.done("publication.publish", found["id"], text="Lampan är släckt.")
    form = {"api_key": KEY, "update_id": "77", "service_request_id": found["id"], "status": "FIXED"}
    form |= {"updated_datetime": "2026-11-20T20:00:00+01:00", "description": "Vi bytte den."}

    async def told(**changes: str) -> Any:
        return await evening.http.post(f"{BASE}/servicerequestupdates.json", data={**form, **changes})

    taken, again = await told(), await told()

    assert (taken.status_code, taken.json()) == (200, [{"update_id": "77"}])
    assert again.status_code == 400
    now = await the_task(evening, task)
    notes = [event for event in now.history if event.type == "task.note"]
    assert [(event.text, event.by, event.internal) for event in notes] == [
        ("FIXED. Vi bytte den.", "Grannkommunen", True)
    ]
    assert now.state == "assigned"  # what another system says moves nothing by itself
    assert (await told(api_key="fel")).status_code == 403
    assert (await told(service_request_id=str(uuid7()))).status_code == 404
    assert (await told(update_id="78", status="KLART")).status_code == 400
    assert (await told(update_id="79", description="Ring Anna Svensson 070-123 45 67")).status_code == 400


# ---------------------------------------------------------------- photos


async def test_a_photo_is_public_only_while_it_is_released(evening: Evening) -> None:
    phone, triage = await evening.phone(), await desk_of(evening)
    found, photo = await published(phone, triage), uuid7()

    missing = await evening.http.get(f"{BASE}/photos/{found}/{photo}.jpg")

    assert missing.status_code == 404
    assert (await triage.push("publication.publish", found, {"text": "Text.", "photos": [str(photo)]}))[
        "outcome"
    ] == "deferred"
    assert (await the_finding(evening, found)).state is ObservationState.REVIEWED
