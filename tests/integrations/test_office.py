"""What people open in LibreOffice says there what it says in the product: read back from the program itself."""

import csv
import re
import subprocess
from io import StringIO
from pathlib import Path

import pytest

from tests.integrations.test_documents import CORPUS, Cells, a_paper, told, written

# 59 is the semicolon, 34 the quote, 76 UTF-8; -1 is every sheet, a file each.
AS = {
    "docx": "html:HTML:EmbedImages",
    "xlsx": "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false,false,false,-1",
}


def opened(content: bytes, format: str, folder: Path) -> list[str]:
    """The cells of every table as the program shows them, when it has read the file and written it anew."""
    (folder / f"papper.{format}").write_bytes(content)
    home = f"-env:UserInstallation={(folder / 'home').as_uri()}"
    command = [
        "soffice",
        home,
        "--headless",
        "--norestore",
        "--convert-to",
        AS[format],
        "--outdir",
        "ut",
        f"papper.{format}",
    ]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=300)
    if format == "docx":
        page = Cells()
        page.feed((folder / "ut/papper.html").read_text(encoding="utf-8"))
        return page.cells
    sheets = [file.read_text(encoding="utf-8") for file in sorted((folder / "ut").glob("papper*.csv"))]
    return [cell for sheet in sheets for row in csv.reader(StringIO(sheet), delimiter=";") for cell in row]


def plain(cell: str) -> str:
    return re.sub(r"\s+", " ", cell).strip()


@pytest.mark.parametrize("format", AS)
def test_it_opens_and_shows_every_figure_and_nothing_that_was_written_as_a_formula_is_one(
    format: str, tmp_path: Path
) -> None:
    paper = a_paper(CORPUS[2])

    shown = [plain(cell) for cell in opened(written(paper, format), format, tmp_path)]

    for cell in told(paper):
        shown.remove(plain(cell))  # as often as it is told, and no less
