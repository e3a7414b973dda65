"""Whatever the house refuses, a person reads why and what to do next: no code reaches anybody bare."""

import importlib
import json
import pkgutil
import re
from pathlib import Path

import pytest

import trygghetsvandring
from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.web.errors import WORDS

UI = Path(__file__).parents[2] / "pwa" / "src" / "ui"
DESK = json.loads((UI / "words" / "desk.words.json").read_text(encoding="utf-8"))
KNOWN_TO_THE_DESK = set(re.findall(r'"([a-z_]+)",', (UI / "desk" / "data" / "troubleWords.ts").read_text("utf-8")))

# Codes that no person is answered with, and why.
NEVER_READ = {
    "refused": "the root of the tree is never raised",
    "bytes_lost": "a job's reason to try again, in the log",
    "open311_faulty": "another system is answered in the specification's own words",
    "not_taken": "a job's reason to try again, in the log",
    "municipality_unknown": "a session's municipality is always here",
    "municipality_broken": "told by the command line with every fault named",
    "feeling_not_counted": "the phone counts before it hands in",
    "too_few_to_ask": "the evening log's form does not ask",
    "pass_differs": "the evening log makes the pass from its own day and team",
    "promises_too_much": "the phone has counted what it has before it hands in",
    "place_unknown": "the evening log offers only places there are",
}


def every_refusal() -> set[type[Refused]]:
    for module in pkgutil.walk_packages(trygghetsvandring.__path__, "trygghetsvandring."):
        importlib.import_module(module.name)
    found, asked = set[type[Refused]](), [Refused]
    while asked:
        kind = asked.pop()
        found.add(kind)
        asked += [each for each in kind.__subclasses__() if each not in found]
    return {kind for kind in found if kind.__module__.startswith("trygghetsvandring.")}


CODES = sorted({kind.code for kind in every_refusal()})


@pytest.mark.parametrize("code", [code for code in CODES if code not in NEVER_READ])
def test_every_refusal_has_words_where_it_can_be_read(code: str) -> None:
    answered = code in WORDS
    at_the_desk = code in KNOWN_TO_THE_DESK and f"refused.{code}" in DESK

    assert answered or at_the_desk, f"{code}: no sentence says what it is and what to do next"


@pytest.mark.parametrize("folder", ["domain", "sync"])
def test_what_a_rule_refuses_has_words_at_the_desk(folder: str) -> None:
    rules = {kind.code for kind in every_refusal() if kind.__module__.startswith(f"trygghetsvandring.{folder}.")}
    over_http = {
        "invite_unknown",
        "invite_ended",
        "invite_full",
        "not_a_push_address",
        "not_this_phone",
        "batch_malformed",
        "batch_too_large",
        "device_restarted",
        "not_a_rescue",
        "rescue_truncated",
        "rescue_damaged",
        "rescue_key_unknown",
        "rescue_elsewhere",
        "rescue_too_large",
        "uploads_full",
    }

    silent = rules - over_http - NEVER_READ.keys() - KNOWN_TO_THE_DESK

    assert silent == set()


def test_the_list_of_what_nobody_reads_holds_only_codes_there_are() -> None:
    assert set(NEVER_READ) <= set(CODES)
