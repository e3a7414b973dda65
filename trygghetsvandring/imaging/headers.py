"""Headers: how large a picture says it is, in the first bytes of formats that are not JPEG. Nothing is decoded.

PNG says it in IHDR (ISO 15948 11.2.2), WEBP in its first chunk (RFC 9649 2.5 to 2.7). HEIF keeps it deep inside, where
only its library looks, in the capped child.
"""

import struct
from dataclasses import dataclass
from typing import Final

READS: Final = 30
"""So many bytes are enough for every format here."""

HEIF_BRANDS: Final = frozenset({b"heic", b"heix", b"mif1", b"heim", b"heis", b"msf1", b"hevc", b"hevx"})
_PNG: Final = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class Header:
    """Pixels as stored, before any turning."""

    width: int
    height: int


class NoHeader(Exception):
    """It begins like a picture, and does not say how large it is."""


def is_other_picture(head: bytes) -> bool:
    """By the first twelve bytes."""
    return head.startswith(_PNG) or is_heif(head) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")


def is_heif(head: bytes) -> bool:
    return head[4:8] == b"ftyp" and head[8:12] in HEIF_BRANDS


def header_of(head: bytes) -> Header | None:
    """Of another picture, from its first `READS` bytes; None when only its library can tell (HEIF)."""
    if is_heif(head):
        return None
    try:
        return _png(head) if head.startswith(_PNG) else _webp(head)
    except (struct.error, IndexError):
        raise NoHeader from None


def _png(head: bytes) -> Header:
    if head[12:16] != b"IHDR":
        raise NoHeader
    return Header(*struct.unpack_from(">II", head, 16))


def _webp(head: bytes) -> Header:
    match head[12:16]:
        case b"VP8X" if len(head) >= READS:
            return Header(1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little"))
        case b"VP8L" if head[20] == 0x2F:
            (bits,) = struct.unpack_from("<I", head, 21)
            return Header(1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
        case b"VP8 " if head[23:26] == b"\x9d\x01\x2a":
            width, height = struct.unpack_from("<HH", head, 26)
            return Header(width & 0x3FFF, height & 0x3FFF)
    raise NoHeader
