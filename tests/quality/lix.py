"""LIX, the Swedish measure of how hard a text is: words a sentence, plus the share of words over six letters."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_WORD = re.compile(r"[A-Za-zÅÄÖåäöÉéÜü]+(?:-[A-Za-zÅÄÖåäöÉéÜü]+)*")
_END = re.compile(r"[.!?:](?=\s|$)|[\n\t]")
# "kl. 21.14" and its like end no sentence.
_SHORTENED = re.compile(r"\b(kl|t\.ex|bl\.a|nr|ca|t|ex)\.(?=\s)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Lix:
    words: int
    sentences: int
    long: int

    @property
    def value(self) -> float:
        return round(self.words / self.sentences + 100 * self.long / self.words, 1) if self.words else 0.0


def lix(text: str) -> Lix:
    """Each line is at least one sentence: a heading, a key and a table's cell end where they end."""
    sentences = [_WORD.findall(part) for part in _END.split(_SHORTENED.sub(r"\1", text))]
    spoken = [words for words in sentences if words]
    words = [word for sentence in spoken for word in sentence]
    return Lix(words=len(words), sentences=max(1, len(spoken)), long=sum(len(word) > 6 for word in words))


def without(text: str, names: Iterable[str]) -> str:
    """The text without these names, the longest first."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "")
    return text


def longest_word(text: str) -> str:
    return max(_WORD.findall(text), key=len, default="")


def catalogue(file: Path) -> dict[str, str]:
    """The texts as they are read: of an ICU choice every branch is a text of its own."""
    messages: dict[str, str] = json.loads(file.read_text())
    return {key: "\n".join(flattened(message)) for key, message in messages.items()}


def flattened(message: str) -> list[str]:
    """Every way the message can come out, with figures for what is filled in."""
    start = message.find("{")
    if start < 0:
        return [message.replace("#", "2")]
    end = _closing(message, start)
    inner, head, tail = message[start + 1 : end], message[:start], flattened(message[end + 1 :])
    parts = inner.split(",", 2)
    branches = ["2"] if len(parts) < 3 else [way for branch in _branches(parts[2]) for way in flattened(branch)]
    return [f"{head}{branch}{rest}".replace("#", "2") for branch in branches for rest in tail]


def _closing(message: str, start: int) -> int:
    depth = 0
    for at in range(start, len(message)):
        depth += {"{": 1, "}": -1}.get(message[at], 0)
        if depth == 0:
            return at
    raise ValueError(f"a brace is never closed: {message}")


def _branches(choices: str) -> list[str]:
    found, at = [], choices.find("{")
    while at >= 0:
        end = _closing(choices, at)
        found.append(choices[at + 1 : end])
        at = choices.find("{", end)
    return found
