"""The guard: what it catches, what it leaves alone, and that no text makes it slow or makes it fail."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trygghetsvandring.domain import guard
from trygghetsvandring.domain.guard import EXPLAIN, Kind, Verdict, inspect

ROOT = Path(__file__).parents[2]
RULES = ROOT / "trygghetsvandring/domain/guard_rules.json"
PHONE_RULES = ROOT / "pwa/src/domain/guard-rules.json"
VECTORS: list[dict[str, Any]] = [
    json.loads(line) for line in (ROOT / "tests/guard/vectors.jsonl").read_text("utf-8").splitlines()
]


def spans(text: str) -> list[dict[str, object]]:
    return [{"start": s.start, "end": s.end, "kind": s.kind.value} for s in inspect(text).spans]


# ------------------------------------------------------------------ shared vectors


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_every_shared_vector_gets_its_verdict_and_its_spans(vector: dict[str, Any]) -> None:
    assert (inspect(vector["text"]).verdict, spans(vector["text"])) == (vector["verdict"], vector["spans"])


def test_the_vectors_hold_sixty_texts_to_leave_alone_and_sixty_to_catch() -> None:
    alone = [v for v in VECTORS if v["verdict"] == "ok"]

    assert len(alone) >= 60
    assert len(VECTORS) - len(alone) >= 60
    assert {span["kind"] for v in VECTORS for span in v["spans"]} == set(Kind)
    assert len({v["id"] for v in VECTORS}) == len(VECTORS)


def test_phone_and_server_run_the_same_rules() -> None:
    assert PHONE_RULES.read_bytes() == RULES.read_bytes()


def test_every_kind_explains_itself_and_says_what_to_do_next() -> None:
    assert set(EXPLAIN) == set(Kind)
    for explanation in EXPLAIN.values():
        assert explanation["what"].endswith(".")
        assert explanation["next"].endswith(".")


# ------------------------------------------------------------------ every way to write a number

DASHES = ["-", "\u2010", "\u2011", "\u2013", "\u2014", "\u2212", "\uff0d", "+", " - "]
BLANKS = [" ", "\u00a0", "\u2009", "\u202f", "\u3000", "\t"]
BEFORE = ["", "Killen har ", "pnr:", "Bänken (", "Lampa trasig,", "😀 ", "a\u030a "]
AFTER = ["", " står där.", ")", ", stolpe 1182", ".jpg", "\nkl 20.30"]
FULL_WIDTH = {ord("0") + n: 0xFF10 + n for n in range(10)}
INTERIM = "TRSUWXJKLMN"


def check_digit(nine: str) -> int:
    products = [int(d) * w for d, w in zip(nine, cycle((2, 1)), strict=False)]
    return -sum(p // 10 + p % 10 for p in products) % 10


@st.composite
def numbers(draw: st.DrawFn, *, letters: bool = True) -> tuple[str, str]:
    """Eight digits of a date and the four after it: ordinary, coordination or interim."""
    born = draw(st.dates(date(1900, 1, 1), date(2023, 12, 31)))
    day = born.day + draw(st.sampled_from([0, 60]))
    eight = f"{born.year}{born.month:02}{day:02}"
    letter = draw(st.sampled_from(["", *INTERIM, *INTERIM.lower()])) if letters else ""
    if letter:
        two = f"{draw(st.integers(0, 99)):02}"
        return eight, f"{letter}{two}{check_digit(eight[2:] + '1' + two)}"
    three = f"{draw(st.integers(1, 999)):03}"
    return eight, f"{three}{check_digit(eight[2:] + three)}"


def embedded(draw: Callable[[st.SearchStrategy[Any]], Any], number: str) -> tuple[str, int, int]:
    if draw(st.booleans()):
        number = number.translate(FULL_WIDTH)
    before = draw(st.sampled_from(BEFORE))
    return before + number + draw(st.sampled_from(AFTER)), len(before), len(before) + len(number)


def covers(text: str, start: int, end: int) -> bool:
    return any(s.start <= start and end <= s.end and s.kind is Kind.PERSONNUMMER for s in inspect(text).spans)


@given(st.data())
def test_a_number_with_a_dash_is_blocked_however_it_is_written(data: st.DataObject) -> None:
    eight, four = data.draw(numbers())
    written = data.draw(st.sampled_from([eight, eight[2:]])) + data.draw(st.sampled_from(DASHES)) + four
    text, start, end = embedded(data.draw, written)

    assert covers(text, start, end)
    assert inspect(text).verdict is Verdict.BLOCK


@given(st.data())
def test_a_number_with_a_blank_or_with_its_century_is_blocked(data: st.DataObject) -> None:
    eight, four = data.draw(numbers())
    short = eight[2:] + data.draw(st.sampled_from(BLANKS)) + four
    text, start, end = embedded(data.draw, data.draw(st.sampled_from([eight + four, short])))

    assert covers(text, start, end)
    assert inspect(text).verdict is Verdict.BLOCK or _may_be_a_clock(eight, four)


def _may_be_a_clock(eight: str, four: str) -> bool:
    """A date of 1924-1935 and a time of day look alike, so there the guard asks."""
    return "24" <= eight[2:4] <= "35" and four[:2] < "24" and four[2:] < "60"


@given(st.data())
def test_ten_bare_digits_that_add_up_are_asked_about(data: st.DataObject) -> None:
    eight, four = data.draw(numbers(letters=False))
    text, start, end = embedded(data.draw, eight[2:] + four)

    assert any(s.start <= start and end <= s.end for s in inspect(text).spans)
    assert inspect(text).verdict in {Verdict.ASK, Verdict.BLOCK}


@given(numbers(letters=False), st.integers(1, 9))
def test_a_mistyped_check_digit_is_still_asked_about(number: tuple[str, str], slip: int) -> None:
    eight, four = number
    wrong = four[:3] + str((int(four[3]) + slip) % 10)

    assert inspect(f"{eight[2:]}-{wrong}").verdict is Verdict.ASK or _may_be_a_clock(eight, wrong)


@given(st.from_regex("[1-9][0-9][2-9][0-9]{3}-[0-9]{4}", fullmatch=True))
def test_an_organisation_number_is_nobodys_personnummer(number: str) -> None:
    assert Kind.PERSONNUMMER not in {s.kind for s in inspect(number).spans}


@given(st.from_regex("07[02369][0-9]{7}", fullmatch=True), st.sampled_from(["", " ", "-", "\u2013", "/"]))
def test_every_mobile_number_is_asked_about(digits: str, sign: str) -> None:
    finding = inspect(f"Ring {digits[:3]}{sign}{digits[3:]} i kväll")

    assert finding.verdict is not Verdict.OK
    assert finding.spans[0].start == len("Ring ")


@given(st.from_regex("[ABCDEFGHJKLMNOPRSTUWXYZ]{3} ?[0-9]{2}[0-9ABCDEFGHJKLMNPRSTUWXYZ]", fullmatch=True))
def test_every_plate_after_a_vehicle_is_blocked(plate: str) -> None:
    known_words = set(json.loads(RULES.read_text("utf-8"))["words"]["notplate"].split("|"))
    if plate[:3].lower() not in known_words and plate[:2].lower() not in known_words:
        assert inspect(f"A-traktor {plate} vid torget").verdict is Verdict.BLOCK


# ------------------------------------------------------------------ everyday figures

YEARS = st.dates(date(2024, 1, 1), date(2035, 12, 31))
TIMES = st.times().map(lambda t: f"{t:%H.%M}") | st.times().map(lambda t: f"{t:%H:%M}")


@given(YEARS, YEARS, TIMES, TIMES)
def test_dates_and_times_are_left_alone(first: date, last: date, start: str, end: str) -> None:
    for text in (
        f"Släckt {first} kl {start}",
        f"{first} {start}",
        f"{first} {start}-{end}",
        f"{first} - {last}",
        f"Kl {start}–{end} den {first.day}/{first.month}",
        f"{first:%Y%m%d}-{last:%Y%m%d}",
    ):
        assert inspect(text).verdict is Verdict.OK, text


@given(st.floats(55, 69), st.floats(11, 24), st.integers(4, 10))
def test_coordinates_are_left_alone(lat: float, lon: float, decimals: int) -> None:
    assert inspect(f"Lampan finns på {lat:.{decimals}f}, {lon:.{decimals}f}.").verdict is Verdict.OK


@given(st.integers(1, 99_999), st.integers(1, 400), st.integers(1, 999))
def test_posts_measures_roads_and_prices_are_left_alone(post: int, metres: int, number: int) -> None:
    for text in (
        f"Stolpe {post} är släckt",
        f"Gångvägen {metres} m norr om väg {number}",
        f"Buss {number} vid stopp {metres}",
        f"Kostar {post} kr, {metres} lampor",
        f"LED {number} V på riksväg {metres}",
    ):
        assert inspect(text).verdict is Verdict.OK, text


# ------------------------------------------------------------------ any text at all

ALPHABET = st.one_of(
    st.characters(),
    st.sampled_from("0123456789 -+.@\u0301\u200b\u2009\u2013\ufdfa\ufb01İẞ\uff11\n"),
)


@given(st.text(ALPHABET, max_size=200))
def test_any_text_is_answered_with_spans_inside_it_in_order_and_apart(text: str) -> None:
    finding = inspect(text)

    edges = [edge for span in finding.spans for edge in (span.start, span.end)]
    assert edges == sorted(edges)
    assert all(0 <= span.start < span.end <= len(text) for span in finding.spans)
    assert (finding.verdict is Verdict.OK) == (not finding.spans)


@given(st.sampled_from(VECTORS), st.sampled_from(VECTORS))
def test_what_is_caught_alone_is_caught_beside_something_else(first: dict[str, Any], second: dict[str, Any]) -> None:
    joined = f"{first['text']}.\n\n{second['text']}"
    found = inspect(joined).spans
    ahead = len(joined) - len(second["text"])

    for moved, vector in ((0, first), (ahead, second)):
        for span in vector["spans"]:
            start, end = span["start"] + moved, span["end"] + moved
            assert any(s.start <= start and end <= s.end for s in found)


def test_what_is_removed_is_gone() -> None:
    text = "Lampan är släckt. Ring Kalle på 070-123 45 67 eller ABC123."
    for span in reversed(inspect(text).spans):
        text = text[: span.start] + text[span.end :]

    assert inspect(text).verdict is Verdict.OK


# ------------------------------------------------------------------ no text is slow


def patterns() -> Iterator[str]:
    for rule in guard._RULES:
        for pattern in (rule.pattern, rule.refused, rule.unless, rule.near):
            if pattern:
                yield pattern.pattern


def without_classes(pattern: str) -> str:
    """Escapes and character classes become one letter, so that only groups and repetitions are left to read."""
    return re.sub(r"\[(?:\\.|[^\]\\])*\]", "x", re.sub(r"\\.", "x", pattern))


def longest_path(pattern: str) -> int:
    """The most characters one attempt can take, read from the pattern's own bounds."""
    width: int = re._parser.parse(pattern).getwidth()[1]  # type: ignore[attr-defined]
    return width


def test_no_repetition_is_unbounded_and_no_pattern_looks_behind() -> None:
    for pattern in patterns():
        bare = without_classes(pattern)
        assert not re.search(r"[*+]", bare), bare
        assert not re.search(r"\{\d+,\}", bare), bare
        assert "(?<" not in bare, bare


def test_one_attempt_reads_at_most_as_far_as_its_pattern_is_wide() -> None:
    assert max(longest_path(pattern) for pattern in patterns()) <= 450


class CountedPattern:
    """A pattern that counts how often it is tried."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern, self.tries = pattern, 0

    def search(self, text: str, at: int = 0) -> re.Match[str] | None:
        self.tries += 1
        return self.pattern.search(text, at)


@pytest.mark.parametrize(
    "piece", ["8507099805", "0", "a", "heter A ", "@", "a@a.", "070 ", "aaa 12", "-", "i 8", "\u0301"]
)
def test_ten_thousand_characters_are_tried_at_most_once_each(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (piece * 10_000)[:10_000]
    counted = [CountedPattern(rule.pattern) for rule in guard._RULES]
    rules = [rule._replace(pattern=c) for rule, c in zip(guard._RULES, counted, strict=True)]  # type: ignore[arg-type]
    monkeypatch.setattr(guard, "_RULES", rules)

    inspect(text)

    assert max(c.tries for c in counted) <= len(text) + 1


# ------------------------------------------------------------------ line by line


def test_lines_are_answered_in_order_with_their_id() -> None:
    lines = ['{"id": "a", "text": "Ring 070-123 45 67"}\n', "\n", '{"id": 7, "text": "Väg 44"}']

    assert [json.loads(line) for line in guard.run_jsonl(lines)] == [
        {"id": "a", "spans": [{"start": 5, "end": 18, "kind": "phone"}], "verdict": "ask"},
        {"id": 7, "spans": [], "verdict": "ok"},
    ]


@pytest.mark.parametrize("line", ["{", "[]", "null", '"text"', '{"id": 1}', '{"id": 1, "text": 5}', "[" * 100_000])
def test_a_malformed_line_is_named_and_stops_nothing(line: str) -> None:
    answers = [json.loads(a) for a in guard.run_jsonl(["", line, '{"id": 1, "text": "Ring 112"}'])]

    assert answers == [
        {"id": None, "error": "line_malformed", "line": 2},
        {"id": 1, "spans": [], "verdict": "ok"},
    ]


def test_an_answer_never_repeats_the_text() -> None:
    [answer] = guard.run_jsonl(['{"id": 1, "text": "Kalle har 850709-9805"}'])

    assert "Kalle" not in answer
    assert "850709" not in answer


@pytest.mark.parametrize("vector", [v for v in VECTORS if v["id"].startswith("reference")], ids=lambda v: v["id"])
def test_the_reference_set_holds_line_by_line(vector: dict[str, Any]) -> None:
    [answer] = guard.run_jsonl([json.dumps({"id": vector["id"], "text": vector["text"]})])

    assert json.loads(answer) == {key: vector[key] for key in ("id", "spans", "verdict")}
