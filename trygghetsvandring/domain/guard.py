"""The guard against personal data in free text: what looks like a person, where, and how sure we are.

The rules are data (`guard_rules.json`); `pwa/src/domain/guard.ts` runs the same file on the phone, and
`tests/guard/vectors.jsonl` holds both to the same answers. Patterns use only what both languages' engines share,
never look behind (older iPhones refuse to load such a script) and have an upper bound on every repetition.

Nothing here logs, and no message repeats the text it is about.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import cycle
from pathlib import Path
from typing import NamedTuple, NotRequired, TypedDict, cast

from trygghetsvandring.domain.guard_signs import Signs
from trygghetsvandring.domain.guard_text import Scanned, scan


class Kind(StrEnum):
    PERSONNUMMER = "personnummer"
    RESERVE_NUMBER = "reserve_number"
    PLATE = "plate"
    BIRTH_DATE = "birth_date"
    PHONE = "phone"
    EMAIL = "email"
    HANDLE = "handle"
    NAME = "name"
    SCHOOL_CLASS = "school_class"
    ADDRESS = "address"
    INDIVIDUAL_CASE = "individual_case"
    GROUP_WORD = "group_word"


class Verdict(StrEnum):
    OK = "ok"
    ASK = "ask"
    BLOCK = "block"


class Explanation(TypedDict):
    """Plain Swedish: what was found, and what to do about it."""

    what: str
    next: str


@dataclass(frozen=True, slots=True)
class Span:
    """Code points `start` to `end` (not included) of the text as it was written."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Finding:
    """Spans in order, never overlapping; the verdict is the sternest of theirs."""

    spans: tuple[Span, ...]
    verdict: Verdict


class _RuleData(TypedDict):
    kind: str
    body: str
    lead: NotRequired[str]
    end: NotRequired[str]
    check: NotRequired[str]
    near: NotRequired[str]
    unless: NotRequired[str]


class _File(TypedDict):
    kinds: dict[str, Explanation]
    words: dict[str, str]
    rules: list[_RuleData]


class _Rule(NamedTuple):
    kind: Kind
    pattern: re.Pattern[str]  # group 1 is what stands before the span
    check: str
    refused: re.Pattern[str] | None  # the span is not one if it begins like this
    unless: re.Pattern[str] | None  # nor if this stands before it
    near: re.Pattern[str] | None  # but certain if this stands around it


class _Hit(NamedTuple):
    start: int
    end: int
    kind: Kind
    verdict: Verdict


_FILE = cast(_File, json.loads(Path(__file__).with_name("guard_rules.json").read_text("utf-8")))
EXPLAIN: Mapping[Kind, Explanation] = {kind: _FILE["kinds"][kind] for kind in Kind}
_RANK = {kind: rank for rank, kind in enumerate(Kind)}
_STERN = {Verdict.OK: 0, Verdict.ASK: 1, Verdict.BLOCK: 2}


def _filled(pattern: str) -> str:
    for name, words in _FILE["words"].items():
        pattern = pattern.replace(f"<{name}>", words)
    return pattern


def _pattern(source: str | None) -> re.Pattern[str] | None:
    # ASCII: \d means 0-9 on the phone too; other digits have been turned into these before the scan.
    return re.compile(_filled(source), re.ASCII) if source else None


# Words are filled in twice, because a word list may name another one.
for _name in _FILE["words"]:
    _FILE["words"][_name] = _filled(_FILE["words"][_name])


def _rule(data: _RuleData) -> _Rule:
    lead, end = data.get("lead", ""), data.get("end", r"(?![<L>\d])")
    if not lead.startswith("(?:^"):
        lead = rf"(?:^|[^<L>\d]){lead}"
    refused, unless = cast(Mapping[str, str], data).get("not"), data.get("unless")
    return _Rule(
        Kind(data["kind"]),
        re.compile(_filled(f"({lead}){data['body']}{end}"), re.ASCII),
        data.get("check", ""),
        _pattern(f"(?:{refused})" if refused else None),
        _pattern(rf"(?:{unless})\Z" if unless else None),
        _pattern(data.get("near")),
    )


_RULES = [_rule(data) for data in _FILE["rules"]]
_SIGNS = Signs(_FILE["words"]["L"], _FILE["words"])

# The letter's value in the check digit: 1 in interim numbers, its own in Västra Götaland's reserve numbers.
_INTERIM = dict.fromkeys("trsuwxjklmn", 1)
_REGIONAL = {"k": 5, "m": 7, "x": 8}
_CENTURY = 8  # digits in a date with its century
_BARE = 10  # characters in a number without century or separator
_FIRST_CLOCK_YEAR, _LAST_CLOCK_YEAR = 24, 35

_Answer = tuple[Kind, Verdict] | None


class _Number(NamedTuple):
    date: str  # six or eight digits
    sep: str
    last: str  # four characters
    grouped: bool  # blanks or signs inside the date or the last four
    even: bool  # the date's parts are all apart, by the same sign, or all together
    bare: bool


def _number(match: re.Match[str]) -> _Number:
    date, last = re.sub(r"\D", "", match[2]), re.sub(r"[ -]", "", match[4])
    grouped = not match[2].isdigit() or len(match[4]) != len(last)
    even = re.sub(r"\d", "", match[2]) in {"", "  ", "..", "//", "--"}
    return _Number(date, match[3], last, grouped, even, match.end() - match.end(1) == _BARE)


def _adds_up(digits: str, letters: Mapping[str, int]) -> bool:
    """Mod 10 with weights 2, 1 over an even number of characters, the check digit included."""
    total = 0
    for c, weight in zip(digits, cycle((2, 1)), strict=False):
        product = weight * (letters[c] if c in letters else int(c))
        total += product // 10 + product % 10
    return total % 10 == 0


class _Day(StrEnum):
    KNOWN = "known"
    INCOMPLETE = "incomplete"  # a coordination number for someone whose birthday nobody knows
    RESERVE = "reserve"  # 32-59: no calendar and no coordination number has such a day
    NONE = "none"


def _day(date: str) -> _Day:
    month, day = int(date[-4:-2]), int(date[-2:])
    if month > 12 or day == 0 or day > 91 or (month == 0 and day < 60):
        return _Day.NONE
    if 32 <= day < 60:
        return _Day.RESERVE if len(date) == _CENTURY else _Day.NONE
    return _Day.INCOMPLETE if month == 0 or day == 60 else _Day.KNOWN


def _is_clock(number: _Number) -> bool:
    """A date of these years followed by hours and minutes is a time of observation."""
    recent = _FIRST_CLOCK_YEAR <= int(number.date[-6:-4]) <= _LAST_CLOCK_YEAR
    return recent and number.last[:2] < "24" and number.last[2:] < "60"


def _is_list(number: _Number) -> bool:
    """Lamps 10 11 12 13 14: pairs with something between them, each higher than the one before."""
    digits = number.date + number.last
    pairs = [digits[at : at + 2] for at in range(0, len(digits), 2)]
    return number.grouped and len(pairs) == len(set(pairs)) and pairs == sorted(pairs)


def _with_letter(number: _Number) -> _Answer:
    letter, significant = number.last[0], number.date[-6:] + number.last
    if letter in _INTERIM and _adds_up(significant, _INTERIM):
        return Kind.PERSONNUMMER, Verdict.BLOCK
    if letter in _REGIONAL and _adds_up(significant, _REGIONAL):
        return Kind.RESERVE_NUMBER, Verdict.BLOCK
    return (Kind.PERSONNUMMER, Verdict.ASK) if letter in _INTERIM and number.sep else None


def _mistyped(number: _Number, day: _Day) -> bool:
    """A slip of the finger still points at somebody, when it is written the way only these numbers are."""
    signed = "-" in number.sep or "+" in number.sep
    return signed and day is _Day.KNOWN and not number.grouped and not _is_clock(number)


def _certain(number: _Number, day: _Day) -> bool:
    """Separated, or with its century. Ten bare digits may be a telephone number."""
    if day is _Day.INCOMPLETE:
        return False
    if len(number.date) == _CENTURY:
        return "-" in number.sep or not _is_clock(number)
    return bool(number.sep) and not number.grouped


def _personnummer(number: _Number, day: _Day) -> _Answer:
    if number.last.startswith("000"):
        return None
    if not _adds_up(number.date[-6:] + number.last, {}):
        return (Kind.PERSONNUMMER, Verdict.ASK) if _mistyped(number, day) else None
    if number.bare and day is _Day.INCOMPLETE:
        return None
    return Kind.PERSONNUMMER, Verdict.BLOCK if _certain(number, day) else Verdict.ASK


_WHOLE_DEGREES = re.compile(r"(?:^|\D)\d{1,3}\.\Z", re.ASCII)


def _identity(number: _Number, before: str) -> _Answer:
    day = _day(number.date)
    if day is _Day.NONE or not number.even or _is_list(number) or (number.bare and _WHOLE_DEGREES.search(before)):
        return None  # no date, lamps in a row, or a coordinate
    if number.last[0].isalpha():
        return _with_letter(number) if day is not _Day.RESERVE else None
    if day is _Day.RESERVE:
        adds_up = _adds_up(number.date[-6:] + number.last, {})
        return (Kind.RESERVE_NUMBER, Verdict.BLOCK) if adds_up else None
    return _personnummer(number, day)


def _stockholm(number: _Number) -> _Answer:
    """99, the year it was given out, five digits; the check digit counts from the year's last two."""
    return (Kind.RESERVE_NUMBER, Verdict.BLOCK) if _adds_up(number.date[4:] + number.last, {}) else None


_WINDOW_BEFORE, _WINDOW_AFTER = 40, 25
_NEXT_NAME = re.compile(_filled("[ -][<L>]{1,25}(?![<L>])"), re.ASCII)


def _end_of_name(scanned: Scanned, end: int) -> int:
    """A surname with a capital belongs to the name before it."""
    more = _NEXT_NAME.match(scanned.lower, end)
    return more.end() if more and _is_capital(scanned, end + 1) else end


def _is_capital(scanned: Scanned, at: int) -> bool:
    return scanned.plain[at] != scanned.lower[at]


def _is_ruled_out(rule: _Rule, match: re.Match[str]) -> bool:
    lower, lead = match.string, match.start() + 1
    if rule.refused and rule.refused.match(lower[match.end(1) : match.end()]):
        return True
    return bool(rule.unless and rule.unless.search(lower[max(0, lead - _WINDOW_BEFORE) : lead]))


def _answer(rule: _Rule, match: re.Match[str], scanned: Scanned) -> _Answer:
    lower, start, end = scanned.lower, match.end(1), match.end()
    before, after = lower[max(0, start - _WINDOW_BEFORE) : start], lower[end : end + _WINDOW_AFTER]
    match rule.check:
        case "identity":
            return _identity(_number(match), before)
        case "stockholm":
            return _stockholm(_number(match))
        case "date" if _day(_number(match).date) is _Day.NONE:
            return None
        case "capital" if not _is_capital(scanned, start):
            return None
        case "capitals" if not all(_is_capital(scanned, at) for at in range(start, start + 3)):
            return None
    certain = rule.near and (rule.near.search(before) or rule.near.search(after))
    return rule.kind, Verdict.BLOCK if certain else Verdict.ASK


def _hit(rule: _Rule, match: re.Match[str], scanned: Scanned) -> _Hit | None:
    answer = None if _is_ruled_out(rule, match) else _answer(rule, match, scanned)
    if answer is None:
        return None
    end = _end_of_name(scanned, match.end()) if rule.check == "capital" else match.end()
    return _Hit(match.end(1), end, *answer)


def _hits(scanned: Scanned, worth: int) -> Iterator[_Hit]:
    """Every step moves at least one character on, and a match is never longer than its pattern's bound."""
    for rule in [rule for at, rule in enumerate(_RULES) if worth >> at & 1]:
        match = rule.pattern.search(scanned.lower)
        while match:
            hit = _hit(rule, match, scanned)
            if hit:
                yield hit
            match = rule.pattern.search(scanned.lower, match.end() if hit else match.start() + 1)


def _weight(hit: _Hit) -> tuple[int, int]:
    return _STERN[hit.verdict], -_RANK[hit.kind]


def _merged(hits: Iterable[_Hit]) -> list[_Hit]:
    """Overlapping finds become one, named after the sternest of them."""
    merged: list[_Hit] = []
    for hit in sorted(hits):
        last = merged[-1] if merged else None
        if last is None or hit.start >= last.end:
            merged.append(hit)
            continue
        sternest = max(last, hit, key=_weight)
        merged[-1] = _Hit(last.start, max(last.end, hit.end), sternest.kind, sternest.verdict)
    return merged


_NOTHING = Finding((), Verdict.OK)


def inspect(text: str) -> Finding:
    if _SIGNS.has_none(text):
        return _NOTHING
    scanned = scan(text)
    worth = _SIGNS.seen(scanned.lower)
    if not worth:
        return _NOTHING
    hits = _merged(
        hit._replace(start=scanned.starts[hit.start], end=scanned.ends[hit.end - 1]) for hit in _hits(scanned, worth)
    )
    verdict = max((hit.verdict for hit in hits), key=_STERN.__getitem__, default=Verdict.OK)
    return Finding(tuple(Span(hit.start, hit.end, hit.kind) for hit in hits), verdict)


def run_jsonl(lines: Iterable[str]) -> Iterator[str]:
    """`{"id","text"}` in, `{"id","spans","verdict"}` out, line by line; blank lines are passed over.

    A line that is not such an object answers `{"id": null, "error": "line_malformed", "line": n}`, counted from 1.
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield json.dumps(_answered(line, number))


def _answered(line: str, number: int) -> dict[str, object]:
    try:
        asked = json.loads(line)
        identifier, text = asked["id"], asked["text"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return {"id": None, "error": "line_malformed", "line": number}
    if not isinstance(text, str):
        return {"id": None, "error": "line_malformed", "line": number}
    finding = inspect(text)
    spans = [{"start": span.start, "end": span.end, "kind": span.kind} for span in finding.spans]
    return {"id": identifier, "spans": spans, "verdict": finding.verdict}
