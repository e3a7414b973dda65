"""Open311 between two running municipalities, and read by programs that others wrote from the specification."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax import ContentHandler, parseString

import httpx
import jsonschema
import pytest
from civicbot.http import HttpTransport, RateLimiter
from civicbot.open311 import Open311Client, ValidationError
from civicbot.registry import Endpoint
from georeport import GeoReport

from tests.journeys.open311_schemas import DEFINITION, REQUESTS, SERVICES
from tests.journeys.open311_towns import KEY, WORDS, Town, a_town, until
from trygghetsvandring.demo import seed
from trygghetsvandring.domain.connections import partner_id


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Three findings from another system, published; one of them is mended."""
    with a_town(tmp_path_factory.mktemp("open311") / "one") as it:
        for n in range(3):
            it.published(it.handed_in(f"Lampa {n}", device_id="d", client_id=str(n)))
        newest = it.asked("requests")[0]["service_request_id"]
        task = it.given_to(newest, "gata-park")
        it.handler.does("task.accept", task, {"person": "Laget"})
        it.handler.does("task.finish", task, {"extent": "full", "public_text": "Lampan är bytt.", "photos": []})
        yield it


# ---------------------------------------------------------------- programs by others


@pytest.mark.parametrize("form", ["json", "xml"])
def test_georeport_reads_services_definition_list_and_one(town: Town, form: str) -> None:
    client = GeoReport(town.open311, jurisdiction=seed.MUNICIPALITY, output_format=form)

    services, definition = client.get_service_list(), client.get_service_definition("el")
    rows = client.get_service_requests(status="open,closed")
    one = client.get_service_request(rows[0]["service_request_id"])

    assert "bel.trasig" in {row["service_code"] for row in services}
    assert definition["service_code"] == "el"
    assert len(rows) == 3 and {row["description"] for row in rows} == {WORDS}
    assert {row["status"] for row in rows} == {"open", "closed"}
    assert one == rows[0]


def test_civicbot_validates_against_our_definition_and_hands_in(town: Town) -> None:
    at = Endpoint("here", "Här", town.open311, write=True)
    client = Open311Client(at, HttpTransport(rate_limiter=RateLimiter(0.0)), seed.MUNICIPALITY)
    where = {"lat": 58.495, "lng": 13.176, "api_key": KEY, "validate_remote": True}

    with pytest.raises(ValidationError):
        client.create_request("el", dry_run=False, confirm="SEND", description="Öppet", **where)
    with pytest.raises(ValidationError):
        client.create_request("el", attributes={"CALLED": "kanske"}, **where)
    sent = client.create_request(
        "el", dry_run=False, confirm="SEND", description=WORDS, attributes={"CALLED": "called"}, **where
    )

    id = sent.response[0]["service_request_id"]
    found = town.at_desk(f"/api/observations/{id}")
    assert (found["text"], found["category"], found["called"]["choice"]) == (WORDS, "el", "called")
    assert len(client.list_requests(page_size=2)) == 2


class Raw(ContentHandler):
    """A reader that knows XML and the specification's words, and nothing of ours."""

    def __init__(self) -> None:
        super().__init__()
        self.path: list[str] = []
        self.rows: list[dict[str, str]] = []
        self.attributes = 0

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802
        self.attributes += len(attrs)
        self.path.append(name)
        if self.path == ["service_requests", "request"]:
            self.rows.append({})
        elif len(self.path) == 3:
            assert name not in self.rows[-1], f"{name} twice"
            self.rows[-1][name] = ""

    def characters(self, content: str) -> None:
        if len(self.path) == 3:
            self.rows[-1][self.path[-1]] += content

    def endElement(self, name: str) -> None:  # noqa: N802
        assert self.path.pop() == name


def test_a_reader_written_from_the_specification_reads_every_request(town: Town) -> None:
    answer, reader = httpx.get(f"{town.open311}/requests.xml"), Raw()

    parseString(answer.content, reader)

    assert reader.attributes == 0
    assert len(reader.rows) == 3
    for row in reader.rows:
        assert row["status"] in {"open", "closed"}
        assert -90 <= float(row["lat"]) <= 90 and -180 <= float(row["long"]) <= 180
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", row["requested_datetime"])
        assert row["description"] == WORDS
    closed = next(row for row in reader.rows if row["status"] == "closed")
    assert closed["status_notes"].endswith("Lampan är bytt.")


@pytest.mark.parametrize(
    ("path", "schema"), [("services", SERVICES), ("services/el", DEFINITION), ("requests", REQUESTS)]
)
def test_answers_hold_to_the_schemas_of_the_specification(town: Town, path: str, schema: dict[str, Any]) -> None:
    jsonschema.Draft4Validator(schema).validate(town.asked(path))


@pytest.mark.parametrize("broken", [{"service_request_id": 1}, {"status": "fixed"}, {"requested_datetime": None}])
def test_the_schemas_would_see_a_fault(town: Town, broken: dict[str, Any]) -> None:
    (row, *_) = town.asked("requests")

    assert not jsonschema.Draft4Validator(REQUESTS).is_valid([row | broken])


def test_a_fuzzer_finds_no_answer_that_our_own_description_does_not_have(town: Town, tmp_path: Path) -> None:
    checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{town.server.url}/openapi.json"]
    command += ["--include-path-regex", "^/open311/v2/[a-z/{}.]+format}$", "--checks", checks, "--seed", "311"]
    command += ["--max-examples", "12", "--phases", "coverage,fuzzing", "--no-color"]
    command += ["--generation-database", "none", "--suppress-health-check", "all"]

    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)

    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-2000:]
    assert "9 selected" in ran.stdout, ran.stdout[-3000:]


# ---------------------------------------------------------------- one municipality to another


def test_a_task_goes_to_the_other_municipality_once_and_comes_back_as_what_they_report(
    town: Town, tmp_path: Path
) -> None:
    with a_town(tmp_path / "two") as ours:
        secret = {"text": KEY}
        sealed = httpx.post(
            f"{ours.server.url}/api/connections/seal", json=secret, headers=ours.coordinator.headers
        ).json()["sealed"]
        partner: dict[str, Any] = {"organisation": "vasttrafik", "endpoint": town.open311, "sealed_key": sealed}
        partner |= {"services": {"": "busskur"}, "knows_repeats": True, "jurisdiction": seed.MUNICIPALITY}
        ours.coordinator.does("partner.set", str(partner_id(seed.MUNICIPALITY, "vasttrafik")), partner)
        finding = ours.handed_in("Trasig busskur")
        ours.coordinator.does("observation.review", finding, {"category": "busskur", "severity": 2, "note": ""})
        task = ours.given_to(finding, "vasttrafik")

        def delivery() -> Any:
            found = ours.at_desk(f"/api/tasks/{task}/deliveries")["deliveries"]
            return found[0] if found and found[0]["state"] == "acknowledged" else None

        sent = until(delivery)
        theirs = town.at_desk(f"/api/observations/{sent['remote_id']}")
        assert (theirs["category"], theirs["walk_name"]) == ("busskur", "Open311")
        assert theirs["text"].startswith("Byt lampa")

        town.coordinator.does("observation.review", theirs["id"], {"category": "busskur", "severity": 2, "note": ""})
        shown = {"text": "Busskuren är trasig.", "place_words": "Torget", "photos": []}
        town.coordinator.does("publication.publish", theirs["id"], shown)
        work = town.given_to(theirs["id"], "gata-park")
        town.handler.does("task.accept", work, {"person": "Laget"})
        town.handler.does("task.start", work, {"note": ""})
        town.handler.does("task.finish", work, {"extent": "full", "public_text": "Glaset är bytt.", "photos": []})

        def done() -> Any:
            it = ours.at_desk(f"/api/tasks/{task}")
            return it if it["state"] == "done" else None

        it = until(done, ours.hurried)
        assert it["finished_by"] == "Open311, för Västtrafik"
        assert "Glaset är bytt." in it["public_text"]
        assert [event["type"] for event in it["history"]].count("task.finish") == 1
        same = [
            row for row in town.at_desk("/api/observations?limit=200")["observations"] if row["text"] == theirs["text"]
        ]
        assert len(same) == 1
