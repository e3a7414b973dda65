"""Exported copies carry a metadata block of our own making: declared position, time, upright, whose and which case.

Nothing is ever read.
"""

from datetime import UTC, datetime
from fractions import Fraction
from io import BytesIO
from typing import Any

import piexif
from piexif.helper import UserComment

from trygghetsvandring.imaging.intake import look_at


class NotPlain(ValueError):
    """Only a file inside the allow-list, or a copy of our own, may be given metadata."""


def with_declared(
    content: bytes, *, taken_at: datetime, position: tuple[float, float] | None, municipality: str, number: str | None
) -> bytes:
    """`content` with one EXIF block: latitude and longitude in degrees, WGS 84. The pixels are the same bytes.

    `municipality` is its name; `number` is that of the finding or the task, None when the photo's has not come.
    """
    if not look_at(BytesIO(content)).is_inside:
        raise NotPlain("metadata is only written into a photo without any")
    block: bytes = piexif.dump(_tags(taken_at, position, municipality, number))
    # Written by hand behind the start marker: piexif.insert would parse the photo.
    length = (len(block) + 2).to_bytes(2, "big")
    return b"".join((content[:2], b"\xff\xe1", length, block, content[2:]))


def _tags(
    taken_at: datetime, position: tuple[float, float] | None, municipality: str, number: str | None
) -> dict[str, dict[int, Any]]:
    offset = taken_at.strftime("%z")
    first = {piexif.ImageIFD.Orientation: 1, piexif.ImageIFD.Software: b"Trygghetsvandring"}
    # The comment is the one text that may hold å, ä and ö: all others are ASCII (CIPA DC-008, 4.6.2).
    if number is not None and number.isascii():
        first[piexif.ImageIFD.ImageDescription] = number.encode()
    words = ", ".join(filter(None, (municipality, number)))
    exif = {
        piexif.ExifIFD.DateTimeOriginal: taken_at.strftime("%Y:%m:%d %H:%M:%S").encode(),
        piexif.ExifIFD.OffsetTimeOriginal: f"{offset[:3]}:{offset[3:]}".encode(),
        piexif.ExifIFD.UserComment: UserComment.dump(words, encoding="unicode"),
    }
    return {"0th": first, "Exif": exif, "GPS": _gps(taken_at, position) if position else {}}


def _gps(taken_at: datetime, position: tuple[float, float]) -> dict[int, Any]:
    lat, lon = position
    utc = taken_at.astimezone(UTC)
    return {
        piexif.GPSIFD.GPSVersionID: (2, 3, 0, 0),
        piexif.GPSIFD.GPSLatitudeRef: b"N" if lat >= 0 else b"S",
        piexif.GPSIFD.GPSLatitude: _sexagesimal(abs(lat)),
        piexif.GPSIFD.GPSLongitudeRef: b"E" if lon >= 0 else b"W",
        piexif.GPSIFD.GPSLongitude: _sexagesimal(abs(lon)),
        piexif.GPSIFD.GPSMapDatum: b"WGS-84",
        piexif.GPSIFD.GPSDateStamp: utc.strftime("%Y:%m:%d").encode(),
        piexif.GPSIFD.GPSTimeStamp: ((utc.hour, 1), (utc.minute, 1), (utc.second, 1)),
    }


def _sexagesimal(degrees: float) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]:
    """Degrees, minutes and hundredths of a thousandth of a second: about 0.3 mm on the ground."""
    hundredths = round(Fraction(degrees) * 3600 * 10_000)
    whole, rest = divmod(hundredths, 3600 * 10_000)
    minutes, seconds = divmod(rest, 60 * 10_000)
    return (whole, 1), (minutes, 1), (seconds, 10_000)
