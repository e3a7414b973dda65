"""Papers as a page of their own: plain HTML with its style, drawing and photos in it, and no script."""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import datetime
from html import escape
from typing import Final
from uuid import UUID

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

CSP: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; base-uri 'none'"
_STYLE: Final = """
:root { color-scheme: light dark; --ink: #12231E; --quiet: #38473F; --ground: #FBF8F1; --line: #71796F }
@media (prefers-color-scheme: dark) { :root { --ink: #F3EFE4; --quiet: #C9CDC3; --ground: #10171C; --line: #8A938A } }
* { box-sizing: border-box }
body { font: 1.0625rem/1.5 "Atkinson Hyperlegible Next", system-ui, sans-serif; color: var(--ink) }
body { background: var(--ground); margin: 0 auto; max-width: 62rem; padding: 1.25rem }
h1 { font-size: 2rem; line-height: 1.15; margin: .5rem 0 1rem } h2 { font-size: 1.4rem; margin: 2.2rem 0 .6rem }
h3 { font-size: 1.1rem; margin: 1.6rem 0 .5rem } p { max-width: 42rem; margin: 0 0 .8rem }
.quiet, caption, figcaption { color: var(--quiet) } .wide { overflow-x: auto; margin: 0 0 1.2rem }
table { border-collapse: collapse; min-width: min(100%, 26rem) } caption { text-align: left; padding: 0 0 .3rem }
th, td { text-align: left; vertical-align: top; padding: .45rem .9rem .45rem 0; border-bottom: 1px solid var(--line) }
td.num { text-align: right; font-variant-numeric: tabular-nums } .records th, .records td { min-width: 7rem }
figure { margin: 0 0 1.4rem; max-width: 42rem } figure svg, figure img { width: 100%; height: auto; display: block }
figure svg { background: #fff }
@media print { body { background: #fff; color: #000; max-width: none } .wide { overflow: visible } }
"""


def write(paper: Paper, photos: Mapping[UUID, bytes], _made_at: datetime) -> bytes:
    body = "\n".join(_blocks(paper, photos))
    page = (
        f'<!doctype html>\n<html lang="sv"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="description" content="{_safe(paper.subject)}">'
        f'<meta name="author" content="{_safe(paper.author)}">'
        f"<title>{_safe(paper.title)}</title><style>{_STYLE}</style></head><body><main>\n{body}\n</main></body></html>"
    )
    return page.encode()


def _blocks(paper: Paper, photos: Mapping[UUID, bytes]) -> Iterator[str]:
    """A caption that only repeats the heading above it is left to those who listen."""
    above = ""
    for block in paper.blocks:
        told = _block(block, photos)
        if isinstance(block, Heading):
            above = block.text
        elif isinstance(block, Facts | Table | Records) and block.caption == above:
            told = told.replace(f"<caption>{_safe(above)}</caption>", "", 1)
        yield told


def _safe(text: str) -> str:
    return escape(printable(text))


def _block(  # one answer for each kind of block
    block: Block, photos: Mapping[UUID, bytes]
) -> str:
    match block:
        case Heading():
            return f"<h{block.level}>{_safe(block.text)}</h{block.level}>"
        case Text():
            lines = "<br>".join(_safe(block.text).split("\n"))
            return f'<p class="quiet">{lines}</p>' if block.quiet else f"<p>{lines}</p>"
        case Drawing() | Picture():
            return _figure(block, photos)
        case Records():
            return _wide(block.caption, _rows(block), "records")
        case Table():
            return _wide(block.caption, _rows(block))
        case Facts():
            rows = "".join(f'<tr><th scope="row">{_safe(label)}</th>{_cell(value)}</tr>' for label, value in block.rows)
            return _wide(block.caption, f"<tbody>{rows}</tbody>")


def _wide(caption: str, inner: str, named: str = "") -> str:
    """May be wider than a phone: it scrolls by itself, and by keyboard too."""
    label = _safe(caption)
    table = f'<table class="{named}"><caption>{label}</caption>{inner}</table>'
    return f'<div class="wide" role="region" aria-label="{label}" tabindex="0">{table}</div>'


def _rows(block: Table | Records) -> str:
    head = "".join(f'<th scope="col">{_safe(column)}</th>' for column in block.columns)
    rows = "".join(
        f'<tr><th scope="row">{_safe(str(row[0]))}</th>{"".join(_cell(cell) for cell in row[1:])}</tr>'
        for row in block.rows
    )
    return f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>"


def _cell(cell: Cell) -> str:
    return f'<td class="num">{cell}</td>' if isinstance(cell, int) else f"<td>{_safe(cell)}</td>"


def _figure(block: Drawing | Picture, photos: Mapping[UUID, bytes]) -> str:
    if isinstance(block, Drawing):
        shown = block.svg.replace("<svg ", f'<svg role="img" aria-label="{_safe(block.alt)}" ', 1)
    elif block.photo in photos:
        source = f"data:image/jpeg;base64,{b64encode(photos[block.photo]).decode()}"
        shown = f'<img src="{source}" alt="{_safe(block.alt)}">'
    else:
        return ""
    return f"<figure>{shown}<figcaption>{_safe(block.caption)}</figcaption></figure>"
