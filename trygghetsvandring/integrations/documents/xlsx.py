"""Papers as xlsx: the text on the first sheet, every table on its own. Cells are values, never a formula or a link."""

import re
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any, Final
from uuid import UUID

from xlsxwriter import Workbook

from trygghetsvandring.domain.papers import (
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

_NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME: Final = 31
_LONGEST_CELL: Final = 32_000
_LINE_PT: Final = 15
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write(paper: Paper, _photos: Mapping[UUID, bytes], made_at: datetime) -> bytes:
    out = BytesIO()
    book = Workbook(out, _OPTIONS)
    about = {"title": paper.title[:255], "subject": paper.subject[:255], "author": paper.author[:255]}
    book.set_properties(
        {**{name: printable(text) for name, text in about.items()}, "created": made_at.replace(tzinfo=None)}
    )
    _Book(book).put(paper)
    book.close()
    return out.getvalue()


class _Book:
    """One workbook on its way."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self._title = book.add_format({"bold": True, "font_size": 16})
        self._names: set[str] = set()

    def put(self, paper: Paper) -> None:
        first = self._sheet("Protokoll")
        first.set_column(0, 0, 44)
        first.set_column(1, 1, 60)
        at = 0
        for block in paper.blocks:
            match block:
                case Heading():
                    first.write_string(at, 0, _kept(block.text), self._title if block.level == 1 else self._bold)
                    at += 1
                case Text():
                    first.write_string(at, 0, _kept(block.text), self._wrap)
                    first.set_row(at, _LINE_PT * (1 + len(block.text) // 40 + block.text.count("\n")))
                    at += 1
                case Facts():
                    at = self._facts(first, at, block)
                case Drawing():
                    self._drawing(block)
                case Picture():
                    first.write_string(at, 0, _kept(block.caption), self._wrap)
                    first.write_string(at, 1, _kept(block.alt), self._wrap)
                    at += 1
                case Table() | Records():
                    self._table(block)

    def _facts(self, sheet: Any, at: int, block: Facts) -> int:
        for label, value in block.rows:
            sheet.write_string(at, 0, _kept(label), self._wrap)
            self._cell(sheet, at, 1, value)
            at += 1
        return at

    def _table(self, block: Table | Records) -> None:
        sheet = self._sheet(block.caption)
        for column, word in enumerate(block.columns):
            sheet.write_string(0, column, _kept(word), self._bold)
            longest = max([len(word), *(len(str(row[column])) for row in block.rows)])
            sheet.set_column(column, column, min(longest + 3, 48))
        for at, row in enumerate(block.rows, start=1):
            for column, value in enumerate(row):
                self._cell(sheet, at, column, value)
        sheet.freeze_panes(1, 1)
        if block.rows:
            sheet.autofilter(0, 0, len(block.rows), len(block.columns) - 1)

    def _drawing(self, block: Drawing) -> None:
        sheet = self._sheet("Karta")
        sheet.write_string(0, 0, _kept(block.caption))
        sheet.insert_image(
            2, 0, "karta.png", {"image_data": BytesIO(png(block.svg)), "description": printable(block.alt)}
        )

    def _cell(self, sheet: Any, at: int, column: int, value: Cell) -> None:
        if isinstance(value, int):
            sheet.write_number(at, column, value, self._wrap)
        else:
            sheet.write_string(at, column, _kept(value), self._wrap)

    def _sheet(self, caption: str) -> Any:
        """Names are short, without some signs, and different whatever the case."""
        plain = _NOT_IN_NAMES.sub(" ", printable(caption)).strip()[:_LONGEST_NAME] or "Tabell"
        name, n = plain, 1
        while name.lower() in self._names or name.lower() == "history":
            n += 1
            name = f"{plain[: _LONGEST_NAME - len(str(n)) - 1]} {n}"
        self._names.add(name.lower())
        sheet = self._book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        return sheet


def _kept(text: str) -> str:
    return printable(text)[:_LONGEST_CELL]
