"""One word per thing on every floor: a capability has the same file name in domain, sync, storage and web.

A module that is not a room is infrastructure, and infrastructure is named here, floor by floor, with what it does.
"""

from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "trygghetsvandring"

INFRASTRUCTURE: dict[str, dict[str, str]] = {
    "sync": {
        "engine": "the one door for writes: load, decide, store",
        "items": "one operation on its way through the door",
        "known": "what a batch knows",
        "outcomes": "what a rule answers, and how rules are found",
        "changes": "which scope of the feed a change goes to",
        "clocks": "phones' claims about time, corrected",
        "wire": "what travels",
        "ops": "the rules, one file per room",
    },
    "sync/ops": {
        "devices": "what a phone says of itself: how many drafts it still holds",
    },
    "storage": {
        "tables": "every table, once",
        "unit": "one unit of work: begin, write, commit",
        "operations": "the log of everything done, which is the audit trail",
        "changes": "the change feed",
        "records": "entities as the feed carries them",
        "queue": "jobs as rows",
        "blobs": "bytes on disk or in an object store",
        "disk": "write, fsync, rename, fsync the folder",
        "uploads": "partial bytes of tus",
        "migrate": "the schema, up and down",
        "exports": "everything about one municipality, table by table",
    },
    "web": {
        "errors": "the only table of status codes",
        "middleware": "headers, sizes, request ids",
        "access": "who is asking",
        "sessions": "signing in and out",
        "sync": "push, pull, have",
        "uploads": "tus 1.0",
        "surfaces": "the built PWA, one start page each",
        "start": "the page that says where to sign in",
        "sheets": "A4 to print: link, code and QR",
        "health": "is it up",
        "openapi": "every route and body, for machines",
    },
}

# What the rooms of the domain stand on; not rooms themselves.
GROUND = {"ids", "errors", "times"}

# A noun that fits everything names nothing.
NOT_NOUNS_OF_OURS = {
    "utils",
    "util",
    "common",
    "helpers",
    "helper",
    "services",
    "service",
    "manager",
    "managers",
    "misc",
}


def modules(floor: str) -> set[str]:
    return {path.stem for path in (PACKAGE / floor).glob("*.py")} - {"__init__"}


def rooms() -> set[str]:
    return (modules("domain") | packages("domain")) - GROUND


def packages(floor: str) -> set[str]:
    return {path.parent.name for path in (PACKAGE / floor).glob("*/__init__.py")}


@pytest.mark.parametrize("floor", INFRASTRUCTURE)
def test_every_module_is_a_room_of_the_domain_or_named_infrastructure(floor: str) -> None:
    strangers = (modules(floor) | packages(floor)) - rooms()

    assert strangers <= INFRASTRUCTURE[floor].keys()


@pytest.mark.parametrize("floor", INFRASTRUCTURE)
def test_infrastructure_is_only_what_there_is(floor: str) -> None:
    assert INFRASTRUCTURE[floor].keys() <= modules(floor) | packages(floor)


@pytest.mark.parametrize("floor", INFRASTRUCTURE)
def test_infrastructure_never_borrows_the_name_of_a_room(floor: str) -> None:
    assert not INFRASTRUCTURE[floor].keys() & rooms()


def test_no_file_is_named_by_a_word_that_fits_everything() -> None:
    named = {path.stem for path in PACKAGE.rglob("*.py")} | {path.name for path in PACKAGE.iterdir() if path.is_dir()}

    assert not named & NOT_NOUNS_OF_OURS
