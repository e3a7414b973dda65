"""A text as the guard's rules read it: one way to write each sign, and where each character stood before."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple


class Scanned(NamedTuple):
    """A text as the rules read it."""

    plain: str  # normalised
    lower: str  # the same length, lower case
    starts: Sequence[int]  # of each character, in the original
    ends: Sequence[int]


# Invisible characters that may hide inside a number; U+20E3 makes "1" a keycap.
_UNSEEN = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20e3\ufe00-\ufe0f\ufeff]")
_CLUSTER = re.compile("(?s:.)[\u0300-\u036f\u20e3\ufe0f]{0,8}")
# Any other character, and one of two blanks together, may not be itself in the copy. Most texts have none.
_CHANGES = re.compile("[^ -~åäöÅÄÖéÉ\n]")
_DASHES = re.compile("[\u058a\u05be\u1806\u2010-\u2015\u2043\u2212\u2796\u30fc]")
_BLANKS = re.compile("[\t\u000b\u000c \u1680]")
_LINE_ENDS = re.compile("[\r\u0085\u2028\u2029]")
# Arabic and Persian keyboards write digits that NFKC keeps.
_EASTERN = {chr(zero + n): str(n) for zero in (0x660, 0x6F0) for n in range(10)}
_LAST_BMP = "\uffff"


@lru_cache(4_096)
def _normalised(cluster: str) -> str:
    text = cluster if cluster.isascii() else unicodedata.normalize("NFKC", cluster)
    text = _LINE_ENDS.sub("\n", _BLANKS.sub(" ", _DASHES.sub("-", _UNSEEN.sub("", text))))
    # One character of the copy is one unit in both languages.
    return "".join("\ufffd" if c > _LAST_BMP else _EASTERN.get(c, c) for c in text)


def scan(text: str) -> Scanned:
    if "  " not in text and not _CHANGES.search(text):
        return Scanned(text, text.lower(), range(len(text)), range(1, len(text) + 1))
    return cluster_by_cluster(text)


def cluster_by_cluster(text: str) -> Scanned:
    plain: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for cluster in _CLUSTER.finditer(text):
        for c in _normalised(cluster[0]):
            if c == " " and plain and plain[-1] == " ":
                continue
            plain.append(c)
            starts.append(cluster.start())
            ends.append(cluster.end())
    lower = (c.lower() if len(c.lower()) == 1 else c for c in plain)
    return Scanned("".join(plain), "".join(lower), starts, ends)
