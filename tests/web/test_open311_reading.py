"""Open311, reading: the checklist's D, G, S, F, T, Q, R and X, by name, against the running routes."""

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from limits import RateLimitItemPerMinute

from tests.sync.desks import a_task, handler
from tests.web.open311_houses import SWEDISH, desk_of, get, published, raw
from tests.web.phones import Evening
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.storage.municipalities import municipality
from trygghetsvandring.sync.municipalities import settle
from trygghetsvandring.web import open311_wire, sessions

pytest_plugins = ["tests.web.evenings"]
LISTS = {"services", "attributes", "values", "formats", "endpoints", "service_requests", "errors"}


async def tree(evening: Evening, path: str, **params: Any) -> ET.Element:
    answer = await raw(evening, path, **params)
    return ET.fromstring(answer.content)


def plain(element: ET.Element) -> Any:
    """What a reader of XML has, as JSON would say it: text is text, an empty element is nothing."""
    if len(element) == 0:
        return element.text
    if element.tag in LISTS:
        return [plain(child) for child in element]
    return {child.tag: plain(child) for child in element}


def as_text(value: Any) -> Any:
    """JSON's own types as XML writes them."""
    if isinstance(value, dict):
        return {name: as_text(each) for name, each in value.items()}
    if isinstance(value, list):
        return [as_text(each) for each in value]
    return None if value in (None, "") else json.dumps(value) if isinstance(value, bool | float | int) else value


# ---------------------------------------------------------------- discovery


async def test_d1_d2_d5_discovery_names_the_endpoint_its_formats_and_whom_to_ask(evening: Evening) -> None:
    it = await get(evening, "discovery")

    assert it.keys() == {"changeset", "contact", "key_service", "endpoints"}
    (endpoint,) = it["endpoints"]
    assert endpoint.keys() == {"specification", "url", "changeset", "type", "formats"}
    assert endpoint["specification"].endswith("GeoReport_v2")
    assert endpoint["type"] == "test"
    assert "text/xml" in endpoint["formats"]
    assert endpoint["url"].startswith("https://")  # G12


async def test_d3_the_changeset_lies_in_the_past_and_is_another_when_a_service_is(evening: Evening) -> None:
    before = (await get(evening, "discovery"))["changeset"]
    async with evening.house.store.read() as db:
        here = await municipality(db, "lidkoping")
    assert here is not None
    renamed = (replace(here.categories[0], name="Ljus"), *here.categories[1:])
    await settle(evening.house.store, replace(here, categories=renamed, version=here.version + 1))
    after = (await get(evening, "discovery"))["changeset"]

    assert before != after
    assert max(datetime.fromisoformat(before), datetime.fromisoformat(after)) < datetime.now(UTC)


@pytest.mark.parametrize("path", ["discovery", "services", "services/el", "requests", "tokens/1"])
async def test_d4_xml_and_json_say_the_same(evening: Evening, path: str) -> None:
    phone, triage = await evening.phone(), await desk_of(evening)
    await published(phone, triage)

    in_json = (await raw(evening, f"{path}.json")).json()

    assert plain(await tree(evening, f"{path}.xml")) == as_text(in_json)


# ---------------------------------------------------------------- general


@pytest.mark.parametrize("path", ["services", "services.html", "services.xml.html", "vad.xml", "", "requests.exe"])
async def test_g1_another_extension_is_404_with_an_error_body_and_never_html(evening: Evening, path: str) -> None:
    answer = await raw(evening, path)

    assert answer.status_code == 404
    assert "html" not in answer.headers["content-type"]
    assert [child.tag for child in ET.fromstring(answer.content)[0]] == ["code", "description"]


async def test_g2_each_format_has_its_type_and_xml_its_declaration(evening: Evening) -> None:
    in_xml, in_json = await raw(evening, "services.xml"), await raw(evening, "services.json")

    assert in_xml.headers["content-type"] == "text/xml; charset=utf-8"
    assert in_json.headers["content-type"] == "application/json; charset=utf-8"
    assert in_xml.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')


async def test_g3_swedish_signs_and_faces_come_through_in_both(evening: Evening) -> None:
    phone, triage = await evening.phone(), await desk_of(evening)
    await published(phone, triage)

    assert (await get(evening, "requests"))[0]["description"] == SWEDISH
    assert (await tree(evening, "requests.xml")).findtext("request/description") == SWEDISH


async def test_g4_a_time_without_a_zone_is_refused_and_times_out_have_one(evening: Evening) -> None:
    phone, triage = await evening.phone(), await desk_of(evening)
    await published(phone, triage)

    await get(evening, "requests", 400, start_date="2026-11-20T00:00:00")
    (row,) = await get(evening, "requests", start_date="2026-11-20T00:00:00+01:00")
    assert row["requested_datetime"] == "2026-11-20T19:41:00Z"


async def test_g5_json_is_a_bare_array_but_for_a_definition(evening: Evening) -> None:
    phone, triage = await evening.phone(), await desk_of(evening)
    one = await published(phone, triage)

    for path in ("services", "requests", f"requests/{one}", "servicerequestupdates"):
        assert isinstance(await get(evening, path), list), path
    assert isinstance(await get(evening, "services/el"), dict)


async def test_g6_the_jurisdiction_is_asked_for_where_there_are_several(evening: Evening) -> None:
    assert await get(evening, "services", jurisdiction_id="")
    async with evening.house.store.read() as db:
        here = await municipality(db, "lidkoping")
    assert here is not None
    await settle(evening.house.store, replace(here, id="grannby", name="Grannby", prefix="GB"))

    await get(evening, "services", 400)
    await get(evening, "services", 400, jurisdiction_id="")
    await get(evening, "services", 404, jurisdiction_id="borta")
    assert await get(evening, "services", jurisdiction_id="grannby")


async def test_g8_nothing_is_added_unless_extensions_are_asked_for(evening: Evening) -> None:
    phone, triage = await evening.phone(), await desk_of(evening)
    one = await published(phone, triage)

    assert "extended_attributes" not in (await get(evening, f"requests/{one}"))[0]
    assert (await get(evening, f"requests/{one}", extensions="true"))[0]["extended_attributes"] == {"status": "OPEN"}
    assert b"xmlns" not in (await raw(evening, "requests.xml")).content


async def test_g9_g10_g11_elements_are_named_empty_ones_are_there_and_codes_are_text(evening: Evening) -> None:
    phone, triage = await evening.phone(), await desk_of(evening)
    await published(phone, triage)

    root = await tree(evening, "requests.xml")
    (row,) = await get(evening, "requests")

    assert (root.tag, root[0].tag) == ("service_requests", "request")
    assert root.find("request/zipcode") is not None and root.findtext("request/zipcode") == ""
    assert row["zipcode"] is None
    assert isinstance(row["service_request_id"], str) and isinstance(row["service_code"], str)
    assert [child.tag for child in root[0]] == list(row)


# ---------------------------------------------------------------- services


async def test_s1_s2_services_have_their_fields_and_codes_that_fit_a_path(evening: Evening) -> None:
    rows = await get(evening, "services")

    codes = [row["service_code"] for row in rows]
    assert len(set(codes)) == len(codes) > 20
    assert all(re.fullmatch(r"[a-z0-9._~-]+", code) for code in codes)
    assert {"service_code", "service_name", "description", "metadata", "type", "keywords", "group"} == rows[0].keys()
    assert {row["metadata"] for row in rows} == {True}
    assert {row["type"] for row in rows} == {"realtime"}
    assert "ljud.musik" not in codes  # what is social is never handed in here


async def test_f1_a_definition_of_what_is_no_service_is_404(evening: Evening) -> None:
    for code in ("borta", "ljud.musik", "a b", "bra"):
        assert (await get(evening, f"services/{code}", 404))[0]["code"] == "404"


async def test_f2_f3_attributes_have_their_fields_and_information_is_never_asked_back(evening: Evening) -> None:
    it = await get(evening, "services/el")

    orders = [each["order"] for each in it["attributes"]]
    assert orders == sorted(set(orders)) and min(orders) > 0
    by_code = {each["code"]: each for each in it["attributes"]}
    assert by_code["CALLED"]["required"] is True
    assert {value["key"] for value in by_code["CALLED"]["values"]} == {"called", "not_called"}
    assert (by_code["DANGER"]["variable"], by_code["DANGER"]["required"]) == (False, False)
    assert "112" in by_code["DANGER"]["description"]


async def test_t1_no_token_is_known_and_the_answer_says_so_in_its_format(evening: Evening) -> None:
    assert (await get(evening, "tokens/123", 404))[0]["code"] == "404"
    assert (await tree(evening, "tokens/123.xml")).tag == "errors"


# ---------------------------------------------------------------- requests


async def test_q1_named_ids_override_everything_else(evening: Evening) -> None:
    phone, triage = await evening.phone(), await desk_of(evening)
    one, two = await published(phone, triage), await published(phone, triage)
    await published(phone, triage)
    evening.now += timedelta(days=200)

    rows = await get(evening, "requests", service_request_id=f"{one},{two},{uuid7()},nej", status="closed", page="2")

    assert {row["service_request_id"] for row in rows} == {str(one), str(two)}


async def test_q2_q3_service_and_status_are_comma_lists(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await desk_of(evening), await handler(evening)
    await published(phone, triage)
    other = await published(phone, triage, category="skrap")
    task = uuid7()
    await triage.done("task.create", task, title="Plocka skräp", observations=[other], priority=2)
    await triage.done("task.assign", task, department="gata-park", explanation="Skräp.", due_on="2026-12-04")
    await gata.done("task.accept", task, person="Laget")
    await gata.done("task.finish", task, extent="full", public_text="Skräpet är borta.", photos=[])

    async def codes(**params: str) -> set[str]:
        return {row["service_code"] for row in await get(evening, "requests", **params)}

    assert await codes(service_code="skrap,klotter") == {"skrap"}
    assert await codes(status="open") == {"bel.trasig"}
    assert await codes(status="closed") == {"skrap"}
    assert await codes(status="open,closed") == {"skrap", "bel.trasig"}
    await get(evening, "requests", 400, status="mended")


async def test_q4_the_span_is_ninety_days_at_most_and_the_last_ninety_when_nothing_is_said(evening: Evening) -> None:
    phone, triage = await evening.phone(), await desk_of(evening)
    await published(phone, triage)

    await get(evening, "requests", 400, start_date="2026-01-01T00:00:00Z", end_date="2026-04-05T00:00:00Z")
    await get(evening, "requests", 400, start_date="2026-12-01T00:00:00Z", end_date="2026-11-01T00:00:00Z")
    assert await get(evening, "requests", end_date="2026-11-20T19:40:59Z") == []
    assert len(await get(evening, "requests", start_date="2026-11-20T19:41:00Z")) == 1
    evening.now += timedelta(days=91)
    assert await get(evening, "requests") == []


async def test_q5_q6_pages_are_counted_from_one_and_meet_without_a_gap(evening: Evening) -> None:
    phone, triage = await evening.phone(), await desk_of(evening)
    made = []
    for _ in range(5):
        evening.now += timedelta(minutes=1)
        made.append(str(await published(phone, triage)))

    pages = [await get(evening, "requests", page=n, page_size=2) for n in (1, 2, 3, 4)]

    assert [row["service_request_id"] for page in pages for row in page] == made[::-1]
    assert [len(page) for page in pages] == [2, 2, 1, 0]
    for wrong in ({"page": "0"}, {"page_size": "1001"}, {"page_size": "-1"}, {"page": "ett"}, {"page": "²"}):
        await get(evening, "requests", 400, **wrong)


async def test_q7_what_has_changed_is_asked_for_by_moment(evening: Evening) -> None:
    phone, triage = await evening.phone(), await desk_of(evening)
    old = await published(phone, triage)
    evening.now += timedelta(hours=2)
    new = await published(phone, triage)

    after = await get(evening, "requests", updated_after=(evening.now - timedelta(hours=1)).isoformat())
    before = await get(evening, "requests", updated_before=(evening.now - timedelta(hours=1)).isoformat())

    assert [row["service_request_id"] for row in after] == [str(new)]
    assert [row["service_request_id"] for row in before] == [str(old)]


async def test_q8_every_field_is_there_and_closed_says_when_and_why(evening: Evening) -> None:
    phone, triage, gata = await evening.phone(), await desk_of(evening), await handler(evening)
    task = await a_task(phone, triage)
    (found,) = (await triage.get(f"/api/tasks/{task}"))["findings"]
    await triage.done("publication.publish", found["id"], text="Lampan är släckt.", place_words="", photos=[])
    await gata.done("task.accept", task, person="Laget")
    evening.now += timedelta(days=3)
    await gata.done("task.finish", task, extent="full", public_text="Lampan är bytt.", photos=[])

    (row,) = await get(evening, "requests")

    assert list(row) == [
        *("service_request_id", "status", "status_notes", "service_name", "service_code", "description"),
        *("agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime"),
        *("address", "address_id", "zipcode", "lat", "long", "media_url"),
    ]
    assert (row["status"], row["updated_datetime"]) == ("closed", "2026-11-23T19:41:00Z")
    assert row["status_notes"] == "Åtgärdat enligt Gata och park 2026-11-23. Lampan är bytt."
    assert row["agency_responsible"] == "Gata och park"


async def test_q9_q10_only_released_words_and_a_coarse_place_are_told(evening: Evening) -> None:
    phone, triage = await evening.phone(), await desk_of(evening)
    await phone.observe(text="OSORTERAT")
    await published(phone, triage, text="Lampan är trasig.")

    everything = (await raw(evening, "requests.json")).text + (await raw(evening, "requests.xml")).text
    (row,) = await get(evening, "requests")

    assert "Mina egna ord" not in everything and "OSORTERAT" not in everything
    assert (row["lat"], row["long"]) == (58.495, 13.177)


async def test_q9_a_social_finding_is_never_released_nor_one_that_nobody_has_sorted(evening: Evening) -> None:
    phone, triage = await evening.phone(), await desk_of(evening)
    raw_one = await phone.observe()
    social = await phone.observe(category="ljud.musik")
    await triage.done("observation.review", social, category="ljud.musik", severity=1, note="")

    assert await triage.refused("publication.publish", raw_one, text="Text.") == "not_publishable"
    assert await triage.refused("publication.publish", social, text="Text.") == "not_publishable"


async def test_r1_r2_one_request_is_an_array_and_all_that_is_not_public_is_the_same_404(evening: Evening) -> None:
    phone, triage = await evening.phone(), await desk_of(evening)
    public, held, gone = [await published(phone, triage) for _ in range(3)]
    unreleased = await phone.observe()
    await triage.done("observation.withhold", held, reason="En person syns")
    await triage.done("publication.withdraw", gone)

    assert len(await get(evening, f"requests/{public}")) == 1
    answers = {(await raw(evening, f"requests/{id}.json")).text for id in (held, gone, unreleased, uuid7(), "nej")}
    assert len(answers) == 1
    assert [row["service_request_id"] for row in await get(evening, "requests")] == [str(public)]


async def test_x1_errors_are_an_array_of_codes_and_descriptions_in_both_formats(evening: Evening) -> None:
    in_json = await get(evening, "requests", 400, start_date="i går")
    in_xml = await tree(evening, "requests.xml", start_date="i går")

    assert [row.keys() for row in in_json] == [{"code", "description"}]
    assert in_xml.findtext("error/code") == "400"
    assert in_xml.findtext("error/description") == in_json[0]["description"]


async def test_x2_too_many_questions_are_429_with_how_long_to_wait(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions.forget_tries()
    monkeypatch.setattr(open311_wire, "_READS", RateLimitItemPerMinute(3))
    answers = [await raw(evening, "services.xml") for _ in range(4)]
    sessions.forget_tries()

    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    assert 0 < int(answers[-1].headers["retry-after"]) <= 60
    assert ET.fromstring(answers[-1].content).findtext("error/code") == "429"


# ---------------------------------------------------------------- what a browser and a parser would do


@pytest.mark.parametrize(
    "words",
    ["<script>alert(1)</script>", "]]><request>", '"><img src=x onerror=alert(1)>', "&lt;b&gt;", "=1+2", "a\x0bb\x1fc"],
)
async def test_words_of_any_kind_stay_words_in_xml_and_json(evening: Evening, words: str) -> None:
    phone, triage = await evening.phone(), await desk_of(evening)
    await published(phone, triage, text=f"Lampa {words}")

    root = await tree(evening, "requests.xml")
    (row,) = await get(evening, "requests")

    assert len(root) == 1 and len(root[0]) == len(row)
    assert root.findtext("request/description") == re.sub("[\x0b\x1f]", "\ufffd", f"Lampa {words}")
    assert row["description"] == f"Lampa {words}"
