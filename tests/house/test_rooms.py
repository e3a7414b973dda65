"""One word per thing on every floor: a capability has the same file name in domain, sync, storage and web.

A module that is not a room is infrastructure, and infrastructure is named here, floor by floor, with what it does.
"""

from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "trygghetsvandring"

INFRASTRUCTURE: dict[str, dict[str, str]] = {
    "sync": {
        "est_sources": "what the picture of an EST week and of a period is made of",
        "repeats": "what came before gets its first answer",
        "turns": "who waits in a municipality, decided and stored together",
        "routes": "which way a finding goes, decided by the rules of then and kept",
        "engine": "the one door for writes: load, decide, store",
        "items": "one operation on its way through the door",
        "known": "what a batch knows",
        "outcomes": "what a rule answers, and how rules are found",
        "changes": "which scope of the feed a change goes to",
        "clocks": "phones' claims about time, corrected",
        "holding": "what is taken in and waits for a person",
        "open_data": "released findings page by page, as features and as rows",
        "erasing": "what was decided is removed, a piece at a time",
        "restoring": "after a restore: the journal again, before anything is served",
        "cursors": "how far a phone has read of each scope, signed",
        "behind": "operations made on a version that is no longer the newest",
        "merge": "three-way merge, field by field",
        "wire": "what travels",
        "outbound": "what a change sets going outside the house",
        "preview": "what everybody would read after a step that is not taken",
        "arrivals": "photos that have wholly come, stored before they are received",
        "subscribing": "addresses of those who want a digest, beside the log",
        "following": "addresses of those who follow the public page, beside the log, and what there is to tell",
        "crewing": "whom each party of the rota is reached by, beside the log",
        "contacting": "addresses of those who may be asked about their feedback, beside the log",
        "telling": "how it goes after a walk, as all who walked may read it",
        "ops": "the rules, one file per room",
    },
    "sync/ops": {
        "held": "what a person says about what waits for one",
    },
    "storage": {
        "incoming": "what came in to a nämnd, as its register lists it",
        "tables": "every table, once",
        "columns": "what tables are made of",
        "catching_up": "columns that the code of the version before left as they were",
        "letter_tables": "the tables of the return path by mail",
        "promise_tables": "the tables of agreements and their promises",
        "lagesbild_tables": "the tables of lägesbilder, their editions and what was shown",
        "rota_tables": "the tables of the rota",
        "trade_tables": "the tables of the grocery trade's safety group",
        "plan_tables": "the tables of action plans, their commitments and their links",
        "public_tables": "the tables of what everybody may write",
        "letters": "what became of each letter",
        "mail_tables": "the tables of mail that comes in",
        "letter_lines": "what each letter tells of",
        "outside": "the tables of what stands between us and other systems",
        "acting": "how a transaction in a thread is told to stop",
        "unit": "one unit of work: begin, write, commit",
        "operations": "the log of everything done, which is the audit trail",
        "changes": "the change feed",
        "journal": "erasures outside the database, only ever added to",
        "scrub": "what an erasure removes, table by table",
        "gallring": "what is due by a nämnd's decision",
        "asked": "a question that is asked all day, past the machinery for results",
        "glances": "who asks and what is new, in one question",
        "records": "entities as the feed carries them",
        "sets": "many rows in one statement",
        "history": "what an entity has been, version by version",
        "queue": "jobs as rows",
        "builds": "the hashed files of yesterday's builds",
        "blobs": "bytes under a key, in a folder",
        "buckets": "the same bytes in an S3 server, which may be away",
        "disk": "write, fsync, rename, fsync the folder",
        "migrate": "the schema, up and down",
        "exports": "everything about one municipality, table by table",
        "held": "what waits for a person",
        "sealed": "other systems' keys, sealed with ours",
        "seals": "the keys rescue files are sealed to",
    },
    "web": {
        "task_rows": "a task as a row of a list, worked out once for each stored task",
        "unseen": "what is said to be mended, for those who are out anyway",
        "colleagues": "those of one's own unit a task can be given to",
        "suggestions": "what the rules say about a finding that is being sorted",
        "errors": "the only table of status codes",
        "lost": "the page for a browser that came to nothing",
        "plain": "pages without a script, for those who came by a letter",
        "folj": "the public page: what was promised and how it goes, as it was released",
        "open_data": "released findings as features and files",
        "open_data_words": "how they describe themselves",
        "folj_lagesbild": "the public page of a lägesbild, as it was released",
        "paper_files": "a paper as a file to take home",
        "folj_page": "that page as it is drawn",
        "folj_frame": "the head and foot of every page there, and the choice of language",
        "folj_promises": "agreements and promises on it",
        "folj_findings": "released findings to read and to search, and their figures",
        "findings_page": "those as they are drawn",
        "folj_pairs": "before and after beside each other on those pages",
        "folj_access": "the accessibility statement",
        "folj_support": "where to turn when somebody close is violent, and a quick way out",
        "folj_feed": "the same for readers of feeds",
        "tongues": "the languages of the public pages, and how a text of theirs is put in",
        "folj_stretches": "stråk on that page, as lamps and in a table",
        "answers": "what the holder of an answer link sees",
        "rota_pages": "what the holder of a rota link sees",
        "rota_attestations": "an association's walked evenings, counted and attested",
        "trade_pages": "what the holder of a trade link sees",
        "folj_dialog": "the dialogue for everybody, as a named person showed it",
        "survey_pages": "what whoever answers a survey sees",
        "feedback_pages": "the form behind the public page's question, and its answer",
        "calendars": "coming walks as iCalendar",
        "raises": "tasks that would go before where they stand, for the coordinator to decide",
        "report_pages": "what the holder of a report link sees",
        "middleware": "headers, sizes, request ids",
        "access": "who is asking",
        "sessions": "signing in and out",
        "sync": "push, pull, have",
        "pull": "states down",
        "listeners": "who waits to hear that something has changed",
        "live": "a word when there is something new",
        "pages": "pages of the feed as they travel, compressed once",
        "tus": "the grammar of tus 1.0: its headers, and what every answer carries",
        "pieces": "the bytes of one request, written down as they come",
        "open311_description": "Open311 in the description for machines",
        "open311_wire": "XML and JSON, and errors in either",
        "open311_write": "forms, keys and what they hand in",
        "surfaces": "the built PWA, one start page each",
        "start": "the page that says where to sign in",
        "waiting": "what waits for a person, and the photos of it",
        "preview": "before an answer is given: words to begin with, what would be read",
        "drafts": "what nobody had handed in, out of a rescue file",
        "sheets": "A4 to print: link, code and QR, and cards to cut apart",
        "follow_up": "how it goes line by line, and whether it holds, for those who came by a letter or a card",
        "health": "is it up",
        "openapi": "every route and body, for machines",
        "said": "what each route is for, in words",
        "said_outside": "the same of what needs no sign-in",
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
