"""Inspection: what becomes of a file that is handed in as a photo, told without taking it in.

The steps are those of an upload: `intake` looks at the markers, and what is not refused there is decoded in the capped
child, as it is when inside the allow-list and through a copy when it is not.
"""

import asyncio
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from trygghetsvandring.imaging import derivatives
from trygghetsvandring.imaging.conceal import Concealed, conceal
from trygghetsvandring.imaging.derivatives import Beside, Made, Unmade
from trygghetsvandring.imaging.intake import MOST_BYTES, look_at
from trygghetsvandring.imaging.metadata import KINDS

TOO_LARGE: Final = "photo_too_large"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """`code` is why it is refused, or why it is sealed; None when it is kept and shown byte for byte.

    `size` is as stored, before any turning. `peak_mb` is the child's memory: 0 when the header decided and no child was
    asked, None when the child was ended.
    """

    is_accepted: bool
    code: str | None
    size: tuple[int, int] | None = None
    had: frozenset[str] = frozenset()
    beside: Beside | None = None
    peak_mb: float | None = 0.0

    def as_json(self) -> dict[str, Any]:
        it = self.beside
        return {
            "outcome": "accepted" if self.is_accepted else "refused",
            "code": self.code,
            "format": it.format if it else None,
            "width": self.size[0] if self.size else None,
            "height": self.size[1] if self.size else None,
            "orientation_applied": it is not None and it.is_turned,
            "had": {kind: kind in self.had for kind in KINDS},
            "position": {"lat": it.position[0], "lon": it.position[1]} if it and it.position else None,
            "taken_at": it.taken_at if it else None,
            "faces": None,  # nobody looks for faces here: people are masked on the phone, before anything leaves it
        }


async def inspect(content: bytes) -> Inspected:
    if len(content) > MOST_BYTES:
        return Inspected(is_accepted=False, code=TOO_LARGE)
    seen = await asyncio.to_thread(lambda: look_at(BytesIO(content)))
    size = (seen.header.width, seen.header.height) if seen.header else None
    if seen.is_refused:
        return Inspected(is_accepted=False, code=seen.code, size=size, had=seen.had)
    if seen.is_inside and size is not None:
        made: Made | Concealed | Unmade = await derivatives.make(content, *size)
    else:
        made = await conceal(content)
    if isinstance(made, Unmade):
        return Inspected(is_accepted=False, code=made.code, size=size, had=seen.had, peak_mb=made.peak_mb)
    return Inspected(
        is_accepted=True,
        code=seen.code,
        size=size or (made.width, made.height),
        had=seen.had | made.beside.had,
        beside=made.beside,
        peak_mb=made.beside.peak_mb,
    )
