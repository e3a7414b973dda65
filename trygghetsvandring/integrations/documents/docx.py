"""Papers as docx: real headings, header rows that repeat, words for every picture, and Swedish said to be Swedish."""

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any, Final
from uuid import UUID

from docx import Document
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Mm, Pt, RGBColor

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
from trygghetsvandring.integrations.documents.pdf import png

_LANGUAGE: Final = "sv-SE"
_FONT: Final = "Atkinson Hyperlegible Next"
_INK: Final = RGBColor(0x12, 0x23, 0x1E)


def write(paper: Paper, photos: Mapping[UUID, bytes], made_at: datetime) -> bytes:
    document = Document()
    _begin(document, paper, made_at)
    for block in paper.blocks:
        _put(document, block, photos)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _begin(document: Any, paper: Paper, made_at: datetime) -> None:
    about = document.core_properties
    about.title, about.subject = printable(paper.title)[:255], printable(paper.subject)[:255]
    about.author, about.language = printable(paper.author)[:255], _LANGUAGE
    about.created = about.modified = made_at.replace(tzinfo=None)
    about.comments = ""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(11)
    for style in document.styles:
        if style.type == 1 and style.name.startswith(("Normal", "Heading", "Title")):
            _speak_swedish(style.element.get_or_add_rPr())
            style.font.name, style.font.color.rgb = _FONT, _INK
            fonts = style.element.rPr.rFonts
            for theme in [name for name in fonts.attrib if name.endswith("Theme")]:
                del fonts.attrib[theme]
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), _LANGUAGE)


def _speak_swedish(properties: Any) -> None:
    language = properties.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        properties.append(language)
    language.set(qn("w:val"), _LANGUAGE)


def _put(document: Any, block: Block, photos: Mapping[UUID, bytes]) -> None:
    match block:
        case Heading():
            document.add_heading(printable(block.text), level=block.level if block.level > 1 else 0)
        case Text():
            run = document.add_paragraph().add_run(printable(block.text))
            run.italic = block.quiet or None
        case Drawing():
            _picture(document, png(block.svg), block, Mm(160))
        case Picture():
            if block.photo in photos:
                _picture(document, photos[block.photo], block, Mm(100))
        case Records():
            _records(document, block)
        case Table() | Facts():
            columns = ("Uppgift", "Svar") if isinstance(block, Facts) else block.columns
            _table(document, block.caption, columns, block.rows)


def _records(document: Any, block: Records) -> None:
    for title, row in zip(block.titles, block.rows, strict=True):
        document.add_heading(printable(title), level=block.level)
        _table(document, "", ("Uppgift", "Svar"), tuple(zip(block.columns, row, strict=True)))


def _table(document: Any, caption: str, columns: tuple[str, ...], rows: tuple[tuple[Cell, ...], ...]) -> None:
    if caption:
        above = document.add_paragraph(printable(caption))
        above.paragraph_format.keep_with_next = True
        above.paragraph_format.space_after = Pt(2)
    table = document.add_table(rows=1, cols=len(columns), style="Table Grid")
    for cell, word in zip(table.rows[0].cells, columns, strict=True):
        cell.paragraphs[0].add_run(printable(word)).bold = True
    _repeat(table.rows[0])
    for row in rows:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.paragraphs[0].add_run(printable(str(value)))
    if caption:
        _describe(table, caption)
    document.add_paragraph().paragraph_format.space_after = Pt(4)


def _repeat(row: Any) -> None:
    """The header row, on every page and for whoever listens."""
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001  # the library has no name for it
    properties.append(OxmlElement("w:tblHeader"))


def _describe(table: Any, caption: str) -> None:
    words = OxmlElement("w:tblCaption")
    words.set(qn("w:val"), printable(caption))
    table._tbl.tblPr.append(words)  # noqa: SLF001  # the library has no name for it


def _picture(document: Any, content: bytes, block: Drawing | Picture, width: Any) -> None:
    shape = document.add_paragraph().add_run().add_picture(BytesIO(content), width=width)
    about = shape._inline.docPr  # noqa: SLF001  # the library has no name for it
    about.set("descr", printable(block.alt))
    about.set("title", printable(block.caption))
    document.add_paragraph(printable(block.caption), style="Caption")
