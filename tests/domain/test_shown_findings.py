"""Figures of released findings, and the search: nothing shines that nobody has seen, and few have no share."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from trygghetsvandring.domain import shown_findings as rules
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.open311_told import Shown, Status
from trygghetsvandring.domain.promises import Mark
from trygghetsvandring.domain.replies import ReplyWord

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
IT = Shown(
    id=uuid7(),
    status=Status.FIXED,
    notes="",
    category=None,
    service_code="bel.trasig",
    text="Släckt",
    agency="",
    requested_at=NOW,
    updated_at=NOW,
    changed_at=NOW,
    expected_on=None,
    place_words="",
    lat=None,
    lon=None,
    photo=None,
)


def of(*words: ReplyWord | None) -> rules.Figures:
    shown = [replace(IT, word=word) for word in words]
    return rules.figures(shown, date(2025, 11, 24), date(2026, 11, 24), is_all=True)


def test_only_what_somebody_has_seen_mended_shines() -> None:
    lit = {word for word in ReplyWord if rules.mark(replace(IT, word=word)) is Mark.LIT}

    assert lit == {ReplyWord.VERIFIED}
    assert rules.mark(IT) is Mark.PLAN
    assert of(*ReplyWord, None).n == len(ReplyWord) + 1


def test_a_share_is_rounded_down_and_of_five_at_least() -> None:
    assert of(*[ReplyWord.VERIFIED] * 4).share is None
    assert of(*[ReplyWord.VERIFIED] * 2, *[ReplyWord.DONE] * 4).share == 33


@pytest.mark.parametrize(
    ("asked", "found"), [("släckt", True), ("  TUNNELN släckt ", True), ("släckt torg", False), ("", True)]
)
def test_every_word_is_looked_for_wherever_it_stands(asked: str, found: bool) -> None:
    assert rules.has(rules.sought(asked), "Släckt lampa", "Gångtunneln") is found
