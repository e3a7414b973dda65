"""A paper as a file to take home or a page to read, made in a hand of its own: the loop goes on meanwhile."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Final
from uuid import UUID

from starlette.responses import Response

from trygghetsvandring.domain.papers import Paper
from trygghetsvandring.integrations.documents import FORMATS, page

_HANDS: Final = ThreadPoolExecutor(1, "paper")
"""A document takes a whole core for about a second: one at a time, and the loop goes on."""


async def made(paper: Paper, format: str, made_at: datetime, pictures: Mapping[UUID, bytes] | None = None) -> bytes:
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_HANDS, FORMATS[format].write, paper, pictures or {}, made_at)


def file(content: bytes, format: str, named: str) -> Response:
    """`named` without its ending; a page is shown and not saved."""
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    if format == "html":
        headers["Content-Security-Policy"] = page.CSP
    else:
        headers["Content-Disposition"] = f'attachment; filename="{named}.{format}"'
    return Response(content, headers=headers, media_type=FORMATS[format].media)


async def answer(paper: Paper, format: str, named: str, made_at: datetime) -> Response:
    return file(await made(paper, format, made_at), format, named)
