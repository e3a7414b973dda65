"""Photos made for a test: plain ones, and ones with something planted in them."""

import gc
import io
from pathlib import Path
from typing import Any

import piexif
from PIL import Image

from trygghetsvandring.imaging.intake import Seen, look_at

PHOTOS = Path(__file__).parents[1] / "photos"
PLANT = b"PLANTERAT-58.5052-13.1577"


def seen(content: bytes) -> Seen:
    return look_at(io.BytesIO(content))


def picture(width: int = 640, height: int = 480) -> Image.Image:
    """Upper left red, lower right blue, so that a turn shows."""
    image = Image.new("RGB", (width, height), (40, 90, 60))
    image.paste((220, 20, 20), (0, 0, width // 2, height // 2))
    image.paste((20, 20, 220), (width // 2, height // 2, width, height))
    return image


def saved(image: Image.Image, format: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def a_photo(width: int = 640, height: int = 480) -> bytes:
    return saved(picture(width, height), quality=80)


def with_segment(photo: bytes, marker: int, content: bytes) -> bytes:
    """A segment planted right behind the start marker."""
    return photo[:2] + bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2, "big") + content + photo[2:]


def an_exif_block(orientation: int = 1) -> bytes:
    gps = {piexif.GPSIFD.GPSLatitudeRef: b"N", piexif.GPSIFD.GPSLatitude: ((58, 1), (30, 1), (1872, 100))}
    first = {piexif.ImageIFD.Orientation: orientation, piexif.ImageIFD.Artist: PLANT}
    thumbnail = saved(picture(64, 48)) + PLANT
    block: bytes = piexif.dump({"0th": first, "GPS": gps, "1st": {}, "thumbnail": thumbnail})
    return block


def a_profile(text: str) -> bytes:
    """A colour profile that says `text` where a canvas says "sRGB"."""
    words = text.encode("utf-16-be")
    value = b"mluc" + bytes(4) + (1).to_bytes(4, "big") + (12).to_bytes(4, "big") + b"enUS"
    value += len(words).to_bytes(4, "big") + (28).to_bytes(4, "big") + words
    table = (1).to_bytes(4, "big") + b"desc" + (144).to_bytes(4, "big") + len(value).to_bytes(4, "big")
    size = 128 + len(table) + len(value)
    return size.to_bytes(4, "big") + bytes(124) + table + value


def kb_in_use() -> int:
    """Of this process, now and not at its peak."""
    gc.collect()
    return int(Path("/proc/self/status").read_text(encoding="ascii").partition("VmRSS:")[2].split()[0])


PLANTED = {
    "exif with position and thumbnail": lambda: with_segment(a_photo(), 0xE1, an_exif_block()),
    "xmp": lambda: with_segment(a_photo(), 0xE1, b"http://ns.adobe.com/xap/1.0/\0<x>" + PLANT + b"</x>"),
    "comment": lambda: with_segment(a_photo(), 0xFE, PLANT),
    "text in the colour profile": lambda: with_segment(
        a_photo(), 0xE2, b"ICC_PROFILE\0\x01\x01" + a_profile(PLANT.decode())
    ),
    "iptc": lambda: with_segment(a_photo(), 0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0" + PLANT),
    "multi-picture": lambda: with_segment(a_photo(), 0xE2, b"MPF\0" + PLANT),
    "jfif thumbnail": lambda: with_segment(a_photo(), 0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\x03\x03" + PLANT + b"xx"),
    "jfxx thumbnail": lambda: with_segment(a_photo(), 0xE0, b"JFXX\0\x10" + PLANT),
    "bytes behind the picture": lambda: a_photo() + PLANT,
    "a zip behind the picture": lambda: a_photo() + b"PK\x03\x04" + PLANT,
}
