"""The guard passes over rules whose sign a text does not hold. It must find exactly what it would find without."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.test_guard import VECTORS
from trygghetsvandring.domain import guard
from trygghetsvandring.domain.guard_signs import SIGNS
from trygghetsvandring.domain.guard_text import cluster_by_cluster, scan

EVERY_RULE = (1 << len(SIGNS)) - 1
PIECES = [vector["text"] for vector in VECTORS] + [
    "Lampan vid",
    "1",
    "12 34",
    " ",
    "barn",
    "gäng",
    "Anna",
    "@",
    "en man ",
]


class NoSigns:
    """Every rule is tried on every text."""

    def seen(self, _lower: str) -> int:
        return EVERY_RULE

    def has_none(self, _text: str) -> bool:
        return False


def test_there_is_a_sign_for_each_rule() -> None:
    assert len(SIGNS) == len(guard._RULES)


@pytest.mark.parametrize("at", range(len(SIGNS)))
@given(data=st.data())
def test_whatever_a_rule_matches_holds_its_sign(at: int, data: st.DataObject) -> None:
    pattern = guard._RULES[at].pattern
    text = data.draw(st.from_regex(pattern, fullmatch=data.draw(st.booleans())))

    assert guard._SIGNS.seen(text) >> at & 1
    if scan(text).lower == text:  # as rules read it
        assert not guard._SIGNS.has_none(text)


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=6).map("".join))
def test_the_guard_finds_the_same_with_signs_and_without(text: str) -> None:
    with_signs = guard.inspect(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guard, "_SIGNS", NoSigns())

        assert guard.inspect(text) == with_signs


@given(st.text(st.sampled_from("ab åÄÖé 19-–…\t\n\r\u00ad\u017fK\u0301²") | st.characters(max_codepoint=0x250)))
def test_a_text_without_strange_characters_reads_as_cluster_by_cluster(text: str) -> None:
    def told(it: Any) -> tuple[str, str, list[int], list[int]]:
        return it.plain, it.lower, list(it.starts), list(it.ends)

    assert told(scan(text)) == told(cluster_by_cluster(text))


@given(st.lists(st.sampled_from(PIECES) | st.text("abeginrså ÅÄÖé19-.,@(\n", max_size=8), max_size=6).map("".join))
def test_what_is_passed_over_as_bytes_shows_no_sign(text: str) -> None:
    if guard._SIGNS.has_none(text):
        assert guard._SIGNS.seen(scan(text).lower) == 0


def test_an_ordinary_finding_is_worth_no_rule_at_all() -> None:
    assert guard._SIGNS.has_none("Lampan vid gångvägen är släckt\noch grenarna skymmer skylten.")
    assert guard._SIGNS.seen("lampan vid gångvägen är släckt och grenarna skymmer skylten.") == 0
