"""What a text must hold before a rule of the guard is worth trying. A rule without its sign finds nothing.

Most findings are about lamps and bushes, and trying 35 patterns at every character of them costs fifty times as much as
seeing that they hold no name, no "@" and too few digits. The phone needs none of this: it reads one text at a time.
A text of ordinary characters is looked through as bytes first (`Signs.has_none`), which is three times as fast again.
Signs stand in the order of `guard_rules.json`; for every rule a test draws texts from its own pattern and sees the sign
in each of them.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

FIRST = 4  # letters that tell a word's beginning
# What the scan copies as it is: texts of these alone, with no two blanks together, are looked through as bytes.
PLAIN = bytes(range(0x20, 0x7F)) + "\nåäöÅÄÖéÉ".encode("latin-1")
_DIGITS = b"0123456789"


@dataclass(frozen=True, slots=True)
class Sign:
    """At least so many digits and, where any are named, a whole word, a word that begins like one, or a part."""

    digits: int = 0
    words: str = ""
    begins: str = ""
    parts: tuple[str, ...] = ()


_IS_CALLED = "heter|hette|kallas|kallades|kallar"
_SOMEBODY = ("en kille ", "en tjej ", "en pojke ", "en flicka ", "en man ", "en kvinna ", "ett barn ")
_ACCOUNT = Sign(begins="snap|snapchat|insta|instagram|tiktok|discord")

SIGNS: tuple[Sign, ...] = (
    # personnummer, reserve_number, birth_date
    Sign(digits=9),
    Sign(digits=9),
    Sign(digits=6),
    Sign(digits=12),
    Sign(digits=7),
    Sign(digits=1, begins="född|födda|födelsedatum|födelsedag|fdat|f"),
    Sign(digits=2, words="född"),
    Sign(digits=6),
    # phone
    Sign(digits=8),
    Sign(digits=9),
    Sign(digits=8),
    Sign(digits=6),
    # email, handle
    Sign(parts=("@", "(", "snabel")),
    Sign(parts=("@",)),
    _ACCOUNT,
    _ACCOUNT,
    # plate
    Sign(digits=2),
    Sign(digits=2),
    Sign(digits=2),
    # name
    Sign(begins=f"{_IS_CALLED}|heta|kallad|namn|alias|smeknamn"),
    Sign(begins=_IS_CALLED),
    Sign(words="<person>|herr|fru", parts=_SOMEBODY),
    Sign(words="<first>"),
    Sign(parts=("sson",)),
    # school_class
    Sign(parts=("går i ", "gick i ", "gå i ")),
    Sign(digits=1),
    Sign(digits=1),
    # address
    Sign(digits=1),
    Sign(digits=1),
    Sign(words="bor"),
    # individual_case
    Sign(
        words="slår|slagen|hotad|rånad|skyddad|adhd|sspf|lvu|lvm",
        begins="orosanmäl|våld|kvinnofrid|omhänderta|psyksjuk|psykiskt|misstänk",
        parts=("misshand", "självmord", "självskad"),
    ),
    Sign(words="<case_verb>"),
    Sign(words="jacka|mössa|luva|keps|tröja|hoodie|byxor|skor|väska|hår|skägg|tatuering"),
    # group_word
    Sign(parts=("gäng",)),
    Sign(
        begins="invandrar|utlänning|zigenar|araber|arab|somali|afghan|syrier|muslim|afrikan|flykting|asylsökand|tiggar"
        "|narkoman|alkoholist|missbrukar|pundar|knarkar|alkis|uteliggar|hemlös|blatt|turkar|kurder|irakier|judar|judinn"
        "|romer|neger|negr|polack|ligist|slödder|patrask",
        parts=("ensamkommand", "mörkhy", "svartsk", "svarting", "värsting"),
    ),
)


class Signs:
    """Which rules are worth trying on a text, as a number with one bit for each rule.

    `letters` is what a word is made of, `lists` the rules' word lists.
    """

    def __init__(self, letters: str, lists: Mapping[str, str]) -> None:
        self._find_words: Callable[[str], list[str]] = re.compile(f"[{letters}]+").findall
        self._words = _bits(_listed(sign.words, lists) for sign in SIGNS)
        self._begins = _bits([word[:FIRST] for word in _listed(sign.begins, lists)] for sign in SIGNS)
        self._parts = _bits(sign.parts for sign in SIGNS)
        self._wordless = sum(1 << at for at, sign in enumerate(SIGNS) if not (sign.words or sign.begins or sign.parts))
        most = max(sign.digits for sign in SIGNS)
        self._digits = [
            sum(1 << at for at, sign in enumerate(SIGNS) if sign.digits <= count) for count in range(most + 1)
        ]

        self._read = _reading(letters, "".join(self._parts))
        self._few = [self._wordless & bits == 0 for bits in self._digits]  # so many digits alone mean nothing
        self._whole = frozenset(word.encode("latin-1") for word in self._words if _is_plain(word))
        self._starts = frozenset(word.encode("latin-1") for word in self._begins if _is_plain(word))
        self._within = [part.encode("latin-1") for part in self._parts if _is_plain(part) and len(part) > 1]
        # A part of one character makes a text something else than ordinary.
        self._ordinary = PLAIN.translate(None, "".join(part for part in self._parts if len(part) == 1).encode())

    def has_none(self, text: str) -> bool:
        """True: no rule is worth trying. False: nobody knows yet."""
        try:
            raw = text.encode("latin-1")
        except UnicodeEncodeError:
            return False
        if raw.translate(None, self._ordinary) or b"  " in raw:
            return False
        digits = len(raw) - len(raw.translate(None, _DIGITS))
        if digits >= len(self._few) or not self._few[digits]:
            return False
        lower = raw.translate(self._read)
        words = set(lower.split())
        if not self._whole.isdisjoint(words) or not self._starts.isdisjoint([word[:FIRST] for word in words]):
            return False
        for part in self._within:  # noqa: SIM110  # any() with a generator takes three times as long
            if part in lower:
                return False
        return True

    def seen(self, lower: str) -> int:
        digits = sum(map(lower.count, "0123456789"))
        words = set(self._find_words(lower))
        found = self._wordless
        if not words.isdisjoint(self._words):
            for word in words:
                found |= self._words.get(word, 0)
        begins = {word[:FIRST] for word in words}
        if not begins.isdisjoint(self._begins):
            for begin in begins:
                found |= self._begins.get(begin, 0)
        for part, bits in self._parts.items():
            if part in lower:
                found |= bits
        return found & self._digits[min(digits, len(self._digits) - 1)]


def _is_plain(word: str) -> bool:
    """Another one cannot stand in a text of plain characters."""
    return all(ord(c) < 0x100 and ord(c) in PLAIN for c in word)


def _reading(letters: str, parts: str) -> bytes:
    """A table for bytes: lower case, with blanks for all that neither words nor parts are made of."""
    is_letter = re.compile(f"[{letters}]").match
    table = bytearray(b" " * 256)
    for byte in PLAIN:
        lower = chr(byte).lower()
        if is_letter(lower) or lower in parts:
            table[byte] = ord(lower)
    return bytes(table)


def _listed(words: str, lists: Mapping[str, str]) -> list[str]:
    """Phrases are left out: what tells them stands among the parts."""
    for name, listed in lists.items():
        words = words.replace(f"<{name}>", listed)
    return [word for word in words.split("|") if word and " " not in word]


def _bits(named: Iterable[Iterable[str]]) -> dict[str, int]:
    bits: dict[str, int] = {}
    for at, names in enumerate(named):
        for name in names:
            bits[name] = bits.get(name, 0) | 1 << at
    return bits
