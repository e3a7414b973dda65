"""Conceal: a photo that came with more than its pixels is sealed, and shown only through a copy made of them.

The sealed bytes keep the digest they came with (`received_sha256`); they are what the municipality received and stay
as they are. The copy has a digest of its own (`stored_sha256`). Neither is ever passed off as the other.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

from trygghetsvandring.imaging.derivatives import SMALL, Beside, Copy, Unmade, decode

COPY_EDGE: Final = 2048
"""As large as a phone's own photo; down to three quarters of it where the decoder then need not scale."""


@dataclass(frozen=True, slots=True)
class Concealed:
    """`width` and `height` are the sealed photo's own, as stored."""

    received_sha256: str
    stored_sha256: str
    copy: Copy
    small: Copy
    width: int
    height: int
    beside: Beside


async def conceal(content: bytes) -> Concealed | Unmade:
    made = await decode(content, (SMALL, COPY_EDGE), may_be_smaller=True)
    if isinstance(made, Unmade):
        return made
    small, copy = made.copies
    return Concealed(
        received_sha256=hashlib.sha256(content).hexdigest(),
        stored_sha256=hashlib.sha256(copy.content).hexdigest(),
        copy=copy,
        small=small,
        width=made.width,
        height=made.height,
        beside=made.beside,
    )
