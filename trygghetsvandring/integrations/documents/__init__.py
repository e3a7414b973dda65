"""Documents: one paper as a page, a PDF, a docx or an xlsx. Each writer gives bytes and escapes for its own format.

Slow work in plain functions: they are called in a worker thread, never on the event loop.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from trygghetsvandring.domain.papers import Paper
from trygghetsvandring.integrations.documents import docx, page, pdf, xlsx

Photos = Mapping[UUID, bytes]  # JPEG, ready to be shown


@dataclass(frozen=True, slots=True)
class Format:
    """`write(paper, photos, made_at)`."""

    name: str
    media: str
    write: Callable[[Paper, Photos, datetime], bytes]


FORMATS: Final[Mapping[str, Format]] = {
    it.name: it
    for it in (
        Format("html", "text/html; charset=utf-8", page.write),
        Format("pdf", "application/pdf", pdf.write),
        Format("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", docx.write),
        Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx.write),
    )
}
