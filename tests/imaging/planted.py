"""One photo of each format with a marker of its own in every place that can hold one."""

import struct
from base64 import b64encode
from typing import Final

import piexif
import pillow_heif
from PIL import PngImagePlugin

from tests.imaging.makers import a_photo, a_profile, picture, saved, with_segment

PLACES: Final = {
    "jpeg": (
        *("exif", "second_exif", "xmp", "iptc", "comment", "icc_text", "mpf", "thumbnail", "trailer", "maker_note"),
        *("jfif_thumbnail", "app_14", "second_picture"),
    ),
    "png": ("exif", "xmp", "comment", "author", "unknown_chunk", "trailer", "maker_note", "thumbnail"),
    "webp": ("exif", "xmp", "icc_text", "unknown_chunk", "trailer", "maker_note", "thumbnail"),
    "heic": ("exif", "xmp", "trailer", "maker_note", "thumbnail"),
}


def marker(place: str) -> bytes:
    return f"PLANTERAT-{place}-58.5052".encode()


def disguises(place: str) -> tuple[bytes, ...]:
    """As it stands, as two bytes a letter either way, and as it would stand in JSON or a page."""
    plain = marker(place)
    text = plain.decode()
    packed = b64encode(plain)[:24]
    return plain, text.encode("utf-16-be"), text.encode("utf-16-le"), packed, plain.hex().encode()


def found_in(content: bytes, format: str) -> list[str]:
    """The places whose markers can be read in `content`."""
    return [place for place in PLACES[format] if any(it in content for it in disguises(place))]


def a_planted(format: str) -> bytes:
    return {"jpeg": _jpeg, "png": _png, "webp": _webp, "heic": _heic}[format]()


def _exif() -> bytes:
    thumbnail = with_segment(saved(picture(64, 48)), 0xFE, marker("thumbnail"))
    first = {piexif.ImageIFD.Artist: marker("exif"), piexif.ImageIFD.Orientation: 6}
    detail = {piexif.ExifIFD.MakerNote: marker("maker_note"), piexif.ExifIFD.UserComment: marker("exif")}
    place = {piexif.GPSIFD.GPSAreaInformation: marker("exif"), piexif.GPSIFD.GPSLatitudeRef: b"N"}
    block: bytes = piexif.dump({"0th": first, "Exif": detail, "GPS": place, "1st": {}, "thumbnail": thumbnail})
    return block


def _xmp() -> bytes:
    return (
        b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><exif:GPSLatitude>" + marker("xmp") + b"</exif:GPSLatitude></x:xmpmeta>"
    )


def _jpeg() -> bytes:
    """Laid from the innermost segment outwards, so that the first EXIF is the one with the orientation."""
    photo = a_photo()
    second = piexif.dump({"0th": {piexif.ImageIFD.Copyright: marker("second_exif")}})
    hidden = piexif.dump({"0th": {piexif.ImageIFD.Artist: marker("second_picture")}})
    behind = with_segment(a_photo(64, 48), 0xE1, hidden)
    for code, content in (
        (0xEE, b"Adobe\0d\0\0\0\0" + marker("app_14")),
        (0xE0, b"JFXX\0\x10" + marker("jfif_thumbnail")),
        (0xE2, b"MPF\0" + marker("mpf")),
        (0xE2, b"ICC_PROFILE\0\x01\x01" + a_profile(marker("icc_text").decode())),
        (0xFE, marker("comment")),
        (0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(marker("iptc"))) + marker("iptc")),
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + _xmp()),
        (0xE1, second),
        (0xE1, _exif()),
    ):
        photo = with_segment(photo, code, content)
    return photo + behind + marker("trailer")


def _png() -> bytes:
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", marker("comment").decode())
    text.add_text("Author", marker("author").decode())
    text.add_itxt("XML:com.adobe.xmp", _xmp().decode())
    text.add(b"prVt", marker("unknown_chunk"))
    whole = saved(picture(), "PNG", pnginfo=text, exif=_exif())
    return whole + marker("trailer")


def _webp() -> bytes:
    whole = saved(picture(), "WEBP", exif=_exif(), xmp=_xmp(), icc_profile=a_profile(marker("icc_text").decode()))
    secret = marker("unknown_chunk")
    chunk = b"PRVT" + struct.pack("<I", len(secret)) + secret + bytes(len(secret) % 2)
    size = struct.unpack_from("<I", whole, 4)[0] + len(chunk)
    return whole[:4] + struct.pack("<I", size) + whole[8:] + chunk + marker("trailer")


def _heic() -> bytes:
    pillow_heif.register_heif_opener()
    return saved(picture(), "HEIF", exif=_exif(), xmp=_xmp()) + marker("trailer")
