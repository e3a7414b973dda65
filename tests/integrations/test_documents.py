"""One protocol in four formats: the same numbers in all, readable by ear, and what people wrote is only words."""

import re
from datetime import date
from html.parser import HTMLParser
from io import BytesIO
from itertools import chain
from typing import Any
from zipfile import ZipFile

import docx
import openpyxl
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from tests.domain.minutes_makers import AFTER, BEFORE, FRIDAY, sources
from trygghetsvandring.domain import meetings, protocol_words
from trygghetsvandring.domain.charts import Bar, bars_svg, bars_words
from trygghetsvandring.domain.minutes import compose
from trygghetsvandring.domain.papers import Drawing, Facts, Paper, Records, Table
from trygghetsvandring.domain.protocol_words import Signed
from trygghetsvandring.integrations.documents import FORMATS
from trygghetsvandring.integrations.documents.pdf import drawable

CORPUS = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "\"><svg onload=alert(3)>'",
    '=HYPERLINK("x","y")+cmd|\' /C calc\'!A0',
    "@SUM(1+1)*cmd|x",
    "+1-1\t=2",
    "-2+3",
    '#panic() #import "x.typ" $ a $ *b* _c_ `d` <label> @ref [e] \\ // /* */',
    "]]><!ENTITY x SYSTEM 'file:///etc/passwd'>&x;",
    "a\x00b\x01c\x0bd\x1fe\ufffe\ud800f\u202eg\u200bh",
    "\N{ARABIC LETTER ALEF}\N{GRINNING FACE}Ж\r\nBcc: alla\r\n",
    "å" * 500,
)


def a_photo() -> bytes:
    out = BytesIO()
    Image.new("RGB", (64, 48), (90, 120, 80)).save(out, "JPEG")
    return out.getvalue()


PHOTOS = {BEFORE: a_photo(), AFTER: a_photo()}


def a_paper(text: str = "") -> Paper:
    signed = Signed(number=2, by="Anna Ek, Trygghetssamordnare", on=date(2026, 11, 30), changed=text or "Två svar.")
    return protocol_words.protocol(compose(sources(text)), signed)


def written(paper: Paper, format: str) -> bytes:
    return FORMATS[format].write(paper, PHOTOS, FRIDAY)


# ---------------------------------------------------------------- reading back


class Cells(HTMLParser):
    """Every cell of a page's tables, and every tag there is."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._in = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in {"td", "th"}:
            self._in = True
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        self._in = self._in and tag not in {"td", "th"}

    def handle_data(self, data: str) -> None:
        if self._in:
            self.cells[-1] += data


def cells_of_page(content: bytes) -> list[str]:
    page = Cells()
    page.feed(content.decode())
    return page.cells


def cells_of_docx(content: bytes) -> list[str]:
    return [cell.text for table in docx.Document(BytesIO(content)).tables for row in table.rows for cell in row.cells]


def cells_of_xlsx(content: bytes) -> list[str]:
    book = openpyxl.load_workbook(BytesIO(content))
    rows = chain.from_iterable(sheet.iter_rows() for sheet in book)
    return [str(cell.value) for row in rows for cell in row if cell.value is not None]


def text_of_pdf(content: bytes) -> str:
    with pypdfium2.PdfDocument(content) as pdf:
        return " ".join(page.get_textpage().get_text_range() for page in pdf)


def told(paper: Paper) -> list[str]:
    """Every cell of the paper's own tables, in no order."""
    rows: list[Any] = [
        cell
        for block in paper.blocks
        if isinstance(block, Facts | Table | Records)
        for row in block.rows
        for cell in row
    ]
    return [str(cell) for cell in rows]


def test_the_same_numbers_stand_in_all_four() -> None:
    paper = a_paper()
    expected = told(paper)

    for read in (
        cells_of_page(written(paper, "html")),
        cells_of_docx(written(paper, "docx")),
        cells_of_xlsx(written(paper, "xlsx")),
    ):
        left = list(read)
        for cell in expected:
            left.remove(cell)  # as often as it is told, and no less
    squeezed = re.sub(r"\s+", "", text_of_pdf(written(paper, "pdf"))).replace("\x02", "").replace("-", "")
    assert [cell for cell in expected if re.sub(r"\s+", "", cell).replace("-", "") not in squeezed] == []


def test_the_pdf_is_tagged_named_and_made_to_last() -> None:
    paper = a_paper()
    with pikepdf.open(BytesIO(written(paper, "pdf"))) as pdf:
        xmp = pdf.Root.Metadata.read_bytes().decode()
        figures = [it for it in _structure(pdf.Root.StructTreeRoot) if it.get("/S") == "/Figure"]

        assert bool(pdf.Root.MarkInfo.Marked) and str(pdf.Root.Lang).startswith("sv")
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle) and str(pdf.docinfo.Title) == paper.title
        assert re.search(r"pdfuaid:part[>=\"]+1", xmp)
        assert re.search(r"pdfaid:part[>=\"]+2", xmp) and re.search(r"pdfaid:conformance[>=\"]+A", xmp)
        assert len(figures) == 3 and all(str(it.Alt) for it in figures)  # the map, one before, one after
        assert {"/Table", "/TH", "/H1", "/Figure"} <= {str(it.get("/S")) for it in _structure(pdf.Root.StructTreeRoot)}
        assert _fonts_are_in_it(pdf)


def test_a_moment_with_parts_of_a_second_is_no_reason_to_make_no_paper() -> None:
    assert FORMATS["pdf"].write(a_paper(), {}, FRIDAY.replace(microsecond=1)).startswith(b"%PDF")


def test_bars_are_a_figure_with_their_numbers_in_words() -> None:
    bars = (Bar(label="Nya Stadens torg <1>", n=9, said="9 & fler"), Bar(label="Parken", n=None, said="–"))
    drawn = Drawing(svg=bars_svg(bars), alt=bars_words("Otrygghet", bars), caption="Samma tal som i tabellen.")
    paper = Paper(title="Lägesbild", subject="Prov", author="Lidköpings kommun", blocks=(drawn,))
    with pikepdf.open(BytesIO(written(paper, "pdf"))) as pdf:
        (figure,) = [it for it in _structure(pdf.Root.StructTreeRoot) if it.get("/S") == "/Figure"]

        assert str(figure.Alt) == "Otrygghet. Nya Stadens torg <1>: 9 & fler, Parken: –."
        assert _fonts_are_in_it(pdf)


def _structure(element: Any) -> list[Any]:
    found = [element]
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            found += _structure(kid)
    return found


def _fonts_are_in_it(pdf: Any) -> bool:
    about = [it for it in pdf.objects if isinstance(it, pikepdf.Dictionary) and it.get("/Type") == "/FontDescriptor"]
    return bool(about) and all({"/FontFile2", "/FontFile3"} & set(it.keys()) for it in about)


def test_the_docx_has_headings_header_rows_words_for_its_pictures_and_a_language() -> None:
    content = written(a_paper(), "docx")
    document = docx.Document(BytesIO(content))
    xml = ZipFile(BytesIO(content)).read("word/document.xml").decode()
    styles = ZipFile(BytesIO(content)).read("word/styles.xml").decode()

    assert {"Title", "Heading 2", "Heading 3"} <= {it.style.name for it in document.paragraphs if it.style}
    assert xml.count("<w:tblHeader/>") == len(document.tables)
    assert len(re.findall(r'<wp:docPr [^>]*descr="[^"]+"', xml)) == xml.count("<wp:docPr ") == 3
    assert set(re.findall(r'<w:lang w:val="([^"]+)"', styles)) == {"sv-SE"}


@pytest.mark.parametrize("text", CORPUS, ids=range(len(CORPUS)))
def test_what_somebody_wrote_is_words_and_nothing_else_in_every_format(text: str) -> None:
    paper = a_paper(text)

    page = Cells()
    page.feed(written(paper, "html").decode())
    assert not {"script", "iframe", "object", "link"} & {tag for tag, _ in page.tags}
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]
    assert {attrs.get("src", "data:")[:5] for tag, attrs in page.tags if tag == "img" and attrs} == {"data:"}  # type: ignore[index]
    book = openpyxl.load_workbook(BytesIO(written(paper, "xlsx")))
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    with ZipFile(BytesIO(written(paper, "xlsx"))) as parts:
        assert not [name for name in parts.namelist() if "externalLink" in name]
        assert b"<f>" not in b"".join(parts.read(name) for name in parts.namelist() if "sheet" in name)
    document = docx.Document(BytesIO(written(paper, "docx")))
    assert any("Diarienummer" in cell.text for cell in document.tables[0].column_cells(0))
    squeezed = re.sub(r"\W+", "", text_of_pdf(written(paper, "pdf")))
    assert re.sub(r"\W+", "", drawable(text))[:40] in squeezed


def test_every_sign_that_is_let_through_has_a_glyph() -> None:
    """The standard refuses a file with a missing one: a sign too many would stop a protocol."""
    every = "".join(sign for at in range(0x20, 0x2300) if drawable(sign := chr(at)) == sign)
    paper = Paper(title="Tecken", subject="Tecken", author="Vi", blocks=(Facts(caption="Alla", rows=((every, 1),)),))

    assert written(paper, "pdf").startswith(b"%PDF")


def test_a_units_sheet_holds_its_own_actions_and_the_report_everybodys() -> None:
    minutes = compose(sources())
    units = meetings.units(minutes)
    sheet, report = meetings.sheet(minutes, units[0]), meetings.report(minutes)

    assert {str(row[0]) for block in sheet.blocks if isinstance(block, Records) for row in block.rows} == {
        action.number for action in units[0].actions
    }
    assert [unit.name for unit in units] == ["Gata och park"]
    assert "Å-2" in text_of_pdf(written(report, "pdf"))
