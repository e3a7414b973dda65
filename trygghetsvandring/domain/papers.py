"""Papers: a document as data, before it is a page, a PDF, a docx or an xlsx. Every format is a view of the same blocks.

Texts are plain: no markup of any kind is ever read out of them. Each writer escapes for its own format.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

Cell = str | int


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    text: str
    level: int = 2  # 1 is the title alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Label and value, a row each."""

    caption: str
    rows: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The first row of every page is the header; the first column names the row."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Rows too wide for paper: on paper each is a small table of its own under `titles`, in xlsx one row."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    titles: tuple[str, ...]
    level: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    svg: str
    alt: str
    caption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A photo by its id; the writer is given the bytes. One without bytes is left out, and its caption says so."""

    photo: UUID
    alt: str
    caption: str


Block = Heading | Text | Facts | Table | Records | Drawing | Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    title: str
    subject: str
    author: str  # the municipality, never a person
    blocks: tuple[Block, ...]

    @property
    def photos(self) -> tuple[UUID, ...]:
        return tuple(dict.fromkeys(block.photo for block in self.blocks if isinstance(block, Picture)))


# XML 1.0 has no way to say these, and a PDF that is read aloud has no glyph for them.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# Written from right to left, or not seen at all: what is read must be what was written.
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


def printable(text: str) -> str:
    """The text without what no document can hold, and without signs that change the order it is read in."""
    return _UNSEEN.sub("", _UNPRINTABLE.sub(" ", text.replace("\r\n", "\n").replace("\t", " ")))


def joined(words: Iterable[str], otherwise: str = "–") -> str:
    return ", ".join(dict.fromkeys(word for word in words if word)) or otherwise
