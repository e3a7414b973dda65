"""Metadata: what a file carried beside its picture. For the capped child only; told, never kept and never shown.

Position and time are what the file claims. Nothing of ours is decided by them: a phone's own position and time come as
fields of what was seen (docs/decisions/photos-as-uploads.md).
"""

from __future__ import annotations

import contextlib
import re
import struct
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS: Final = ("gps", "xmp", "iptc", "comment", "thumbnail", "maker_note", "trailing")
# In the first picture, a second one, a thumbnail or behind them all: wherever it stands it would have been told.
_EXIF_SEGMENT: Final = re.compile(rb"\xff\xe1(..)(Exif\0\0)", re.DOTALL)
_MOST_BLOCKS: Final = 16
_IPTC_TAG, _XMP_TAG = 0x83BB, 0x02BC
_IN_THE_BLOCK: Final = {_IPTC_TAG: "iptc", _XMP_TAG: "xmp", Base.ImageDescription: "comment"}
_IN_THE_DETAIL: Final = {Base.UserComment: "comment", Base.MakerNote: "maker_note"}
_PNG_KINDS: Final = {b"tEXt": "comment", b"zTXt": "comment", b"iTXt": "comment"}


def told(content: bytes, image: Image.Image) -> dict[str, Any]:
    """`had` as a list, `position` in degrees or None, `taken_at` as ISO 8601 or None. What cannot be read is left."""
    had: set[str] = set()
    position, taken_at = None, None
    for block in _exif_blocks(content, image):
        with contextlib.suppress(Exception):  # a block that cannot be read says nothing, and the picture stands
            exif = Image.Exif()
            exif.load(block)
            had |= _kinds(exif)
            position = position or _position(exif)
            taken_at = taken_at or _taken_at(exif)
    with contextlib.suppress(struct.error):
        had |= _around(content, image)
    return {"had": sorted(had), "position": position, "taken_at": taken_at}


def orientation(image: Image.Image) -> int:
    """As the file says it stands, 1 to 8; 1 when it says nothing, or nothing that can be read."""
    turned = image.info.get("original_orientation")  # the HEIF library turns the picture itself
    if turned is not None:
        return int(turned)
    with contextlib.suppress(Exception):
        said = image.getexif().get(Base.Orientation, 1)
        return said if said in range(1, 9) else 1
    return 1


def _exif_blocks(content: bytes, image: Image.Image) -> Iterator[bytes]:
    if content[:2] == b"\xff\xd8":
        for number, found in enumerate(_EXIF_SEGMENT.finditer(content)):
            if number == _MOST_BLOCKS:
                return
            yield content[found.start(2) : found.start(1) + int.from_bytes(found[1], "big")]
    elif block := image.info.get("exif"):
        yield block


def _kinds(exif: Image.Exif) -> set[str]:
    detail = exif.get_ifd(IFD.Exif)
    kinds = {kind for tag, kind in _IN_THE_BLOCK.items() if exif.get(tag)}
    kinds |= {kind for tag, kind in _IN_THE_DETAIL.items() if detail.get(tag)}
    kinds |= {"gps"} if exif.get_ifd(IFD.GPSInfo) else set()
    return kinds | ({"thumbnail"} if exif.get_ifd(IFD.IFD1) else set())


def _position(exif: Image.Exif) -> dict[str, float] | None:
    gps = exif.get_ifd(IFD.GPSInfo)
    with contextlib.suppress(KeyError, TypeError, ValueError, ZeroDivisionError):
        lat = _degrees(gps[GPS.GPSLatitude], is_negative=gps.get(GPS.GPSLatitudeRef) in {"S", b"S"})
        lon = _degrees(gps[GPS.GPSLongitude], is_negative=gps.get(GPS.GPSLongitudeRef) in {"W", b"W"})
        if abs(lat) <= 90 and abs(lon) <= 180:  # NaN is neither
            return {"lat": lat, "lon": lon}
    return None


def _degrees(parts: Any, *, is_negative: bool) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = round(degrees + minutes / 60 + seconds / 3600, 7)
    return -value if is_negative else value


def _taken_at(exif: Image.Exif) -> str | None:
    detail = exif.get_ifd(IFD.Exif)
    with contextlib.suppress(ValueError, TypeError):
        local = datetime.strptime(str(detail.get(Base.DateTimeOriginal)), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - as said
        offset = str(detail.get(Base.OffsetTimeOriginal, ""))
        return local.isoformat() + (offset if re.fullmatch(r"[+-]\d\d:\d\d", offset) else "")
    return None


# ---- what stands around the picture, in formats whose segments the walk of `intake` does not read


def _around(content: bytes, image: Image.Image) -> set[str]:
    if content.startswith(b"\x89PNG"):
        return _around_png(content)
    if content.startswith(b"RIFF"):
        return _around_webp(content)
    if content[4:8] == b"ftyp":
        return _around_heif(content, image)
    return set()


def _around_png(content: bytes) -> set[str]:
    kinds, at = set(), 8
    while at + 8 <= len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        if name == b"iTXt" and content[at + 8 :].startswith(b"XML:com.adobe.xmp"):
            kinds.add("xmp")
        elif name in _PNG_KINDS:
            kinds.add(_PNG_KINDS[name])
        at += 12 + length
        if name == b"IEND":
            return kinds | ({"trailing"} if at < len(content) else set())
    return kinds


def _around_webp(content: bytes) -> set[str]:
    kinds, at = set(), 12
    (size,) = struct.unpack_from("<I", content, 4)
    while at + 8 <= min(len(content), 8 + size):
        name, length = struct.unpack_from("<4sI", content, at)
        if name == b"XMP ":
            kinds.add("xmp")
        at += 8 + length + length % 2
    return kinds | ({"trailing"} if len(content) > 8 + size + size % 2 else set())


def _around_heif(content: bytes, image: Image.Image) -> set[str]:
    kinds = {"xmp"} if image.info.get("xmp") else set()
    kinds |= {"thumbnail"} if b"thmb" in content[: 1 << 20] else set()
    at = 0
    while at + 8 <= len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        if length < 8:  # 0: to the end; 1: a length of 64 bits, which no phone writes for a picture
            return kinds if length in {0, 1} and name.isalnum() else kinds | {"trailing"}
        at += length
    return kinds | ({"trailing"} if at != len(content) else set())
