"""Open data: what is released and nothing else, the same in every form, and read by programs that others wrote."""

import asyncio
import csv
import io
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pyogrio
import pytest
import pytest_asyncio

from tests.journeys.house import Server
from tests.sync.desks import Desk, reviewed
from tests.web.open311_houses import AT, SWEDISH, desk_of, get, published
from tests.web.phones import Evening, b64
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.web.open_data import _key, _written

pytest_plugins = ["tests.web.evenings"]
ITEMS = "/ogc/lidkoping/collections/fynd/items"
TEXTS = ("=1+1", 'Lampan; är "släckt"', SWEDISH)


@pytest_asyncio.fixture
async def told(evening: Evening) -> AsyncIterator[tuple[Evening, Desk, list[UUID]]]:
    """Three released findings, and one that nobody has released."""
    phone, triage = await evening.phone(), await desk_of(evening)
    found = [await published(phone, triage, text=text) for text in TEXTS]
    await reviewed(phone, triage, position=AT, text="Mina egna ord.")
    yield evening, triage, found


async def ask(evening: Evening, path: str, status: int = 200, **params: Any) -> Any:
    answer = await evening.http.get(path, params=params)
    assert answer.status_code == status, answer.text
    return answer.json()


async def paged(evening: Evening, limit: int, **params: Any) -> list[Any]:
    """Every feature, by following `next` as a reader does."""
    value, found = await ask(evening, ITEMS, limit=limit, **params), list[Any]()
    while True:
        assert value["numberReturned"] == len(value["features"]) <= limit
        found += value["features"]
        following = [link["href"] for link in value["links"] if link["rel"] == "next"]
        if not following:
            return found
        value = (await evening.http.get(following[0])).json()


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
async def test_every_released_finding_is_there_once_however_it_is_paged(told: Any, limit: int) -> None:
    evening, _, found = told

    features = await paged(evening, limit)

    assert sorted(it["id"] for it in features) == sorted(map(str, found))
    assert {it["properties"]["text"] for it in features} == set(TEXTS)


async def test_table_map_and_open311_say_the_same(told: Any) -> None:
    evening, _, found = told
    features = {it["id"]: it for it in await paged(evening, 100)}
    whole = await ask(evening, "/oppna-data/lidkoping/fynd.geojson")
    sheet = (await evening.http.get("/oppna-data/lidkoping/fynd.csv")).content
    rows = list(csv.DictReader(io.StringIO(sheet.decode("utf-8-sig")), delimiter=";"))
    requests = {it["service_request_id"]: it for it in await get(evening, "requests")}

    assert sheet.startswith(b"\xef\xbb\xbf")
    assert {it["id"]: it for it in whole["features"]} == features
    assert {row["id"] for row in rows} == features.keys() == requests.keys() == set(map(str, found))
    for row in rows:
        one = features[row["id"]]
        lon, lat = one["geometry"]["coordinates"]
        assert (float(row["lat"]), float(row["lon"])) == (lat, lon)
        assert (requests[row["id"]]["lat"], requests[row["id"]]["long"]) == (lat, lon)
        assert row["text"].removeprefix("'") == one["properties"]["text"] == requests[row["id"]]["description"]
    assert {row["text"] for row in rows} == {"'=1+1", *TEXTS[1:]}  # words in a sheet, never a formula


async def test_what_is_withdrawn_is_gone_from_every_form(told: Any) -> None:
    evening, triage, found = told
    assert (await ask(evening, f"{ITEMS}/{found[0]}"))["id"] == str(found[0])

    await triage.done("publication.withdraw", found[0])

    await ask(evening, f"{ITEMS}/{found[0]}", 404)
    assert str(found[0]) not in {it["id"] for it in await paged(evening, 100)}
    for name in ("fynd.csv", "fynd.geojson"):
        assert str(found[0]) not in (await evening.http.get(f"/oppna-data/lidkoping/{name}")).text


async def test_no_walker_s_own_words_and_no_exact_place(told: Any) -> None:
    evening, _, _ = told
    features = await paged(evening, 100)

    assert "Mina egna ord" not in json.dumps(features)
    assert [it["geometry"]["coordinates"] for it in features] == [[13.177, 58.495]] * len(TEXTS)


async def test_a_box_and_a_time_choose(told: Any) -> None:
    evening, _, found = told
    inside = {"bbox": "13.17,58.49,13.18,58.50"}

    assert len(await paged(evening, 2, **inside)) == len(found)
    assert len(await paged(evening, 2, bbox="13.17,58.49,0,13.18,58.50,100")) == len(found)
    assert await paged(evening, 2, bbox="0,0,1,1") == []
    assert len(await paged(evening, 2, datetime="2020-01-01T00:00:00Z/..")) == len(found)
    assert await paged(evening, 2, datetime="../2020-01-01T00:00:00Z") == []
    assert await paged(evening, 2, datetime="2020-01-01T00:00:00Z") == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"limit": "0"},
        {"limit": "många"},
        {"bbox": "1,2,3"},
        {"bbox": "nan,0,1,1"},
        {"bbox": "a,b,c,d"},
        {"datetime": "i går"},
        {"datetime": "0001-01-01T00:00:00+23:00"},
        {"efter": "åäö"},
        {"efter": "MjAyNg"},
        {"efter": b64(f"0001-01-01T00:00:00+23:00 {UUID(int=7)}")},
        {"f": "xml"},
        {"person": "1"},
    ],
    ids=str,
)
async def test_what_cannot_be_understood_is_refused_by_name(evening: Evening, wrong: dict[str, str]) -> None:
    problem = await ask(evening, ITEMS, 400, **wrong)

    assert problem["code"] == "bad_parameter"
    assert problem["facts"]["name"] == next(iter(wrong))


@pytest.mark.parametrize("path", ["/ogc/finns-inte", "/ogc/lidkoping/collections/personer", "/oppna-data/finns-inte"])
async def test_what_is_not_there_is_not_found(evening: Evening, path: str) -> None:
    await ask(evening, path, 404)
    await ask(evening, f"{ITEMS}/{uuid7()}", 404)


async def test_every_link_leads_somewhere(told: Any) -> None:
    evening, _, _ = told
    asked, waiting = set[str](), ["https://trygg.test/ogc/lidkoping", "https://trygg.test/oppna-data/lidkoping"]
    while waiting:
        url = waiting.pop()
        if url in asked or not url.startswith("https://trygg.test/"):
            continue
        asked.add(url)
        answer = await evening.http.get(url)
        assert answer.status_code == 200, url
        if "json" in answer.headers["content-type"]:
            waiting += _links(answer.json())
    assert {it.removeprefix("https://trygg.test") for it in asked} >= {ITEMS, "/ogc/lidkoping/api"}


def _links(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("href"), str):
            yield value["href"]
        for each in value.values():
            yield from _links(each)
    elif isinstance(value, list):
        for each in value:
            yield from _links(each)


async def test_the_catalogue_names_what_dcat_ap_asks_for_and_its_files_are_there(told: Any) -> None:
    evening, _, _ = told
    graph = {it["@type"]: it for it in (await ask(evening, "/oppna-data/lidkoping/katalog.jsonld"))["@graph"]}

    assert graph["dcat:Catalog"].keys() >= {"dct:title", "dct:description", "dct:publisher", "dcat:dataset"}
    data_set = graph["dcat:Dataset"]
    assert data_set.keys() >= {"dct:title", "dct:description", "dcat:distribution", "dcat:theme", "dct:publisher"}
    assert graph["foaf:Agent"]["foaf:name"].startswith("Lidköping")
    for way in data_set["dcat:distribution"]:
        answer = await evening.http.get(way["dcat:accessURL"]["@id"])
        assert answer.status_code == 200
        assert way["dct:license"]["@id"].startswith("http")


async def test_the_page_tells_every_column_and_leads_to_every_file(evening: Evening) -> None:
    page = (await evening.http.get("/oppna-data/lidkoping")).text

    assert "<script" not in page
    for name in ("fynd.csv", "fynd.geojson", "katalog.jsonld", "/ogc/lidkoping", "status_text", "ansvarig"):
        assert name in page


def test_where_a_page_ended_is_read_back_as_it_was() -> None:
    key = datetime(2026, 11, 20, 19, 4, 5, 6, tzinfo=UTC), UUID(int=7)

    assert _key({"efter": _written(key)}) == key


# ---------------------------------------------------------------- programs that others wrote


@contextmanager
def served(evening: Evening) -> Iterator[str]:
    """The evening's own database, by a server of its own that other programs can reach."""
    database = f"sqlite+aiosqlite:///{evening.folder / 'trygg.sqlite'}"
    server = Server(data=evening.folder, database_url=database, smtp_url="", options=("--no-jobs",))
    server.start()
    try:
        yield server.url
    finally:
        server.stop()


async def test_gdal_reads_every_feature_through_paging(told: Any) -> None:
    evening, _, found = told

    def by_gdal() -> tuple[Any, Any]:
        with served(evening) as url:
            there = f"OAPIF:{url}/ogc/lidkoping"
            return pyogrio.read_info(there, layer="fynd"), pyogrio.raw.read(there, layer="fynd", PAGE_SIZE=1)

    info, (meta, _, points, fields) = await asyncio.to_thread(by_gdal)

    assert info["driver"] == "OAPIF"
    assert len(points) == len(found)
    columns = dict(zip(meta["fields"], fields, strict=True))
    assert set(columns["text"]) == set(TEXTS)
