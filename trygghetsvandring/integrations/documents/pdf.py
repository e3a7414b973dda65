"""Papers as PDF: tagged (PDF/UA-1) and archivable (PDF/A-2a) in one file, with the fonts in it.

Words reach the typesetter as data in a file and never as markup. The folder it works in is its whole world.
"""

import json
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Literal
from uuid import UUID

import typst

from trygghetsvandring.domain.papers import (
    Block,
    Cell,
    Drawing,
    Facts,
    Heading,
    Paper,
    Picture,
    Records,
    Table,
    Text,
    printable,
)

STANDARDS: Final[list[Any]] = ["a-2a", "ua-1"]
_HERE: Final = Path(__file__).parent
_FONTS: Final = _HERE / "fonts"
_TEMPLATE: Final = _HERE / "paper.typ"
_SIGNS: Final = frozenset(
    map(
        chr,  # dashes, quotation marks of every country, bullet, ellipsis, euro, trade mark, minus
        (
            *(0x2013, 0x2014, 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E, 0x2022, 0x2026, 0x2039, 0x203A),
            *(0x20AC, 0x2122, 0x2212),
        ),
    )
)
UNDRAWN: Final = "?"


def drawable(text: str) -> str:
    """What the fonts at hand can draw; another script's letter becomes a question mark, as the standard allows none."""
    return "".join(
        sign if _is_drawn(sign) else UNDRAWN for sign in unicodedata.normalize("NFC", printable(text)) if sign != "\r"
    )


def _is_drawn(sign: str) -> bool:
    at = ord(sign)
    latin = 0x20 <= at <= 0x7E or 0xA0 <= at <= 0x17F
    greek_or_cyrillic = (0x391 <= at <= 0x3C9 or 0x410 <= at <= 0x44F) and sign.isalpha()
    return latin or greek_or_cyrillic or sign in _SIGNS | {"\n"}


def write(paper: Paper, photos: Mapping[UUID, bytes], made_at: datetime) -> bytes:
    with TemporaryDirectory(prefix="trygg-paper-") as name:
        folder = Path(name)
        blocks = [told for at, block in enumerate(paper.blocks) if (told := _told(block, folder, at, photos))]
        said = {
            "title": drawable(paper.title),
            "author": drawable(paper.author),
            "subject": drawable(paper.subject),
            "blocks": blocks,
        }
        (folder / "paper.json").write_text(json.dumps(said, ensure_ascii=False), "utf-8")
        (folder / "main.typ").write_bytes(_TEMPLATE.read_bytes())
        # The standard writes a moment in whole seconds, and the compiler refuses more.
        whole = made_at.astimezone(UTC).replace(microsecond=0)
        return _made(folder, "pdf", pdf_standards=STANDARDS, timestamp=whole)


def png(svg: str, *, ppi: float = 200.0) -> bytes:
    """A drawing as a picture, for the formats that take no lines."""
    with TemporaryDirectory(prefix="trygg-drawing-") as name:
        folder = Path(name)
        (folder / "drawing.svg").write_text(svg, "utf-8")
        (folder / "main.typ").write_text('#set page(width: auto, height: auto, margin: 0pt)\n#image("drawing.svg")\n')
        return _made(folder, "png", ppi=ppi)


def _made(folder: Path, format: Literal["pdf", "png"], **more: Any) -> bytes:
    made = typst.compile(
        str(folder / "main.typ"),
        root=str(folder),
        format=format,
        font_paths=[str(_FONTS)],
        ignore_system_fonts=True,
        **more,
    )
    assert isinstance(made, bytes)
    return made


# ---------------------------------------------------------------- blocks as plain data


def _told(block: Block, folder: Path, at: int, photos: Mapping[UUID, bytes]) -> dict[str, Any] | None:
    match block:
        case Drawing():
            return _figure("drawing", block, block.svg.encode(), folder / f"{at}.svg")
        case Picture():
            return _figure("picture", block, photos.get(block.photo), folder / f"{at}.jpg")
        case Heading():
            return {"kind": "heading", "level": block.level, "text": drawable(block.text)}
        case Text():
            return {"kind": "text", "quiet": block.quiet, "text": drawable(block.text)}
        case _:
            return _table(block)


def _figure(kind: str, block: Drawing | Picture, content: bytes | None, file: Path) -> dict[str, Any] | None:
    if content is None:
        return None
    file.write_bytes(content)
    return {"kind": kind, "file": file.name, "alt": drawable(block.alt), "caption": drawable(block.caption)}


def _table(block: Facts | Table | Records) -> dict[str, Any]:
    said = {"caption": drawable(block.caption), "rows": _cells(block.rows)}
    if isinstance(block, Facts):
        return {"kind": "facts", **said}
    said["columns"] = [drawable(column) for column in block.columns]
    if isinstance(block, Table):
        return {"kind": "table", "widths": _widths(block), **said}
    return {"kind": "records", "level": block.level, "titles": [drawable(it) for it in block.titles], **said}


def _cells(rows: tuple[tuple[Cell, ...], ...]) -> list[list[Cell]]:
    return [[cell if isinstance(cell, int) else drawable(cell) for cell in row] for row in rows]


def _widths(block: Table) -> list[int]:
    """In parts of the page by the longest word of each column; 0 = no wider than it needs."""
    widths = []
    for at in range(len(block.columns)):
        cells = [row[at] for row in block.rows]
        longest = max((len(str(cell)) for cell in cells), default=0)
        is_short = longest <= 10 and len(block.columns[at]) <= 12
        widths.append(0 if is_short else min(max(longest // 8, 2), 6))
    return widths if any(widths) else [1] * len(widths)
