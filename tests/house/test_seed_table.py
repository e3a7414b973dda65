"""`docs/seed.md` is what is: every test it names exists, every place is there, and what is not built says so."""

import dataclasses
import re
from typing import Any

from tests.house.tracked import text_of, tracked
from tests.quality.screens import routes_in_source
from trygghetsvandring import asgi
from trygghetsvandring.storage.records import ROOMS
from trygghetsvandring.storage.tables import metadata
from trygghetsvandring.sync.outcomes import OPERATIONS

CODE = re.compile(r"`([^`]+)`")


def table() -> list[list[str]]:
    lines = [line for line in (text_of("docs/seed.md") or "").splitlines() if re.match(r"\| \d+ \|", line)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def every_test() -> set[str]:
    names = [name for name in tracked() if name.startswith("tests/") and name.endswith(".py")]
    found = (re.findall(r"^(?:async )?def (test_\w+)", text_of(name) or "", re.MULTILINE) for name in names)
    return {test for each in found for test in each}


def every_place() -> set[str]:
    served = {re.sub(r":\w+}", "}", route.path) for route in asgi.routes()}
    return served | {f"/desk{route}" for route in routes_in_source()["desk"] if route.startswith("/")}


def test_there_are_forty_four_rows_in_order(capsys: Any) -> None:
    rows = table()
    stands = [row[2] for row in rows]
    with capsys.disabled():
        counted = ", ".join(f"{stands.count(each)} {each.lower()}" for each in ("Klart", "Delvis", "Inte byggt"))
        print(f"\nseed table: {counted} of {len(rows)}")

    assert [int(row[0]) for row in rows] == list(range(1, 45))
    assert set(stands) <= {"Klart", "Delvis", "Inte byggt"}


def test_every_test_and_every_place_named_is_there() -> None:
    tests, places = every_test(), every_place()

    assert [(row[0], test) for row in table() for test in CODE.findall(row[4]) if test not in tests] == []
    assert [(row[0], place) for row in table() for place in CODE.findall(row[3]) if place not in places] == []


def test_a_row_that_stands_has_a_place_and_a_test_and_one_that_does_not_says_what_is_missing() -> None:
    for number, _, stands, place, test, missing in table():
        is_there = bool(CODE.findall(place)) and bool(CODE.findall(test))
        assert is_there == (stands != "Inte byggt"), number
        assert (missing == "–") == (stands == "Klart"), number


NOT_OURS = re.compile(r"sspf|oros|suspect|victim|offender|personnummer|ssn|birth|nickname|violence|relation")


def test_what_is_not_ours_has_no_table_no_operation_and_no_field() -> None:
    """Persons who are observed, SSPF, concern talks, violence in close relations: nothing here can hold a case."""
    fields = {f"{type.__name__}.{field.name}" for type in ROOMS for field in dataclasses.fields(type)}
    sent = {f"{name}.{field}" for name, it in OPERATIONS.items() for field in it.body.__struct_fields__}
    columns = {f"{each.name}.{column.name}" for each in metadata.sorted_tables for column in each.columns}

    assert len(fields) > 100
    assert sorted(each for each in fields | sent | columns if NOT_OURS.search(each.lower())) == []
