"""Files nobody should hand in as a photo, and odd ones that somebody will: made from a seed, by kind.

`docs/photos.md` says for every kind here what becomes of it, and nothing else may. `damaged_…` and `cut_…` are drawn
anew each time; most of the rest differ in size, place and content.
"""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

import piexif
import pillow_heif
from PIL import Image

from tests.imaging.makers import PLANT, PLANTED, a_photo, an_exif_block, picture, saved, with_segment

SEED: Final = 20_261_123
Chance = random.Random
Make = Callable[[Chance], bytes]

_FRAME: Final = b"\xff\xc0\x00\x11\x08"


@cache
def _heic() -> bytes:
    pillow_heif.register_heif_opener()
    return saved(picture(128, 96), "HEIF", quality=50)


@cache
def _plain(width: int = 96, height: int = 64) -> bytes:
    return a_photo(width, height)


def _any_size(chance: Chance) -> bytes:
    return _plain(chance.randrange(8, 200), chance.randrange(8, 200))


def sized(photo: bytes, width: int, height: int) -> bytes:
    """The frame claims another size than its data has."""
    at = photo.index(_FRAME) + len(_FRAME)
    return photo[:at] + struct.pack(">HH", height, width) + photo[at + 4 :]


def _png_chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def one_bit_png(width: int, height: int, *chunks: bytes) -> bytes:
    """One bit a pixel, and as much data as a row has."""
    head = _png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    data = _png_chunk(b"IDAT", zlib.compress(bytes(64)))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + data + _png_chunk(b"IEND", b"")


def webp_canvas(width: int, height: int) -> bytes:
    canvas = bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + canvas + b"ANIM" + struct.pack("<I", 6) + bytes(6)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def heic_of(width: int, height: int) -> bytes:
    """Every size in it changed to this one."""
    content, at = bytearray(_heic()), 0
    while (at := content.find(b"ispe", at)) >= 0:
        struct.pack_into(">II", content, at + 8, width, height)
        at += 4
    return bytes(content)


def _frames(format: str) -> bytes:
    more = [picture(48, 32), picture(48, 32).rotate(90)]
    return saved(picture(48, 32).rotate(180), format, save_all=True, append_images=more, duration=80)


def _damaged(whole: bytes, chance: Chance, *, start: int = 0, end: int | None = None) -> bytes:
    content = bytearray(whole)
    for _ in range(chance.choice((1, 1, 2, 4, 16, 64))):
        content[chance.randrange(start, end or len(content))] = chance.randrange(256)
    return bytes(content)


def _cut(whole: bytes, chance: Chance) -> bytes:
    return whole[: chance.randrange(1, len(whole) - 2)]


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("../../index.html", "<script>alert(1)</script>")
    return out.getvalue()


def _damaged_exif(chance: Chance) -> bytes:
    block = bytearray(an_exif_block(chance.randrange(10)))
    return with_segment(_plain(), 0xE1, _damaged(bytes(block), chance, start=6))


def _paths(chance: Chance) -> bytes:
    path = chance.choice((b"/etc/passwd", b"../../trygg.sqlite", b"C:\\boot.ini", b"|id", b"file:///etc/hosts"))
    first = {piexif.ImageIFD.ImageDescription: path, piexif.ImageIFD.Artist: path, piexif.ImageIFD.Orientation: 1}
    return with_segment(_plain(), 0xE1, piexif.dump({"0th": first, "Exif": {piexif.ExifIFD.UserComment: path}}))


def _maker_note(chance: Chance) -> bytes:
    note = chance.randbytes(200) + PLANT
    return with_segment(_plain(), 0xE1, piexif.dump({"Exif": {piexif.ExifIFD.MakerNote: note}}))


def _repeated_scans(chance: Chance) -> bytes:
    whole = _plain()
    scan = whole[whole.index(b"\xff\xda") : -2]
    return whole[:-2] + scan * chance.randrange(100, 400) + whole[-2:]


def _many_segments(chance: Chance) -> bytes:
    photo = _plain()
    return photo[:2] + b"\xff\xfe\x00\x02" * chance.randrange(600, 3_000) + photo[2:]


_TEXT_BOMB: Final = _png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(80_000_000), 9))


def _text_bomb(_: Chance) -> bytes:
    return one_bit_png(64, 8, _TEXT_BOMB)


def _bomb_size(chance: Chance) -> tuple[int, int]:
    """178 MP, 400 MP, 65,500², and what is just too much."""
    return chance.choice(((13_344, 13_344), (20_000, 20_000), (65_500, 65_500), (65_000, 770), (7_072, 7_072)))


_STARTS: Final = (
    b"GIF89a\x01\0\x01\0\x80\0\0", b"BM\x9a\0\0\0", b"II*\0\x08\0\0\0", b"%PDF-1.7\n", b"8BPS\0\x01",
    b"<svg xmlns='http://www.w3.org/2000/svg'>", b"<!doctype html><script>", b"PK\x03\x04", b"\x7fELF", b"MZ",
    b"\0\0\0\x1cftypavif\0\0\0\0", b"\0\0\0\x18ftypmp42", b"\0\0\x01\0\x01\0", b"8BIM", b"P6 65500 65500 255\n",
)  # fmt: skip

KINDS: Final[dict[str, Make]] = {
    # what phones, cameras and screens write
    "plain": _any_size,
    "progressive": lambda _: saved(picture(96, 64), progressive=True),
    "grey": lambda _: saved(picture(96, 64).convert("L")),
    "exif": lambda chance: with_segment(_any_size(chance), 0xE1, an_exif_block(chance.randrange(1, 9))),
    "second_exif": lambda _: with_segment(with_segment(_plain(), 0xE1, an_exif_block()), 0xE1, an_exif_block(6)),
    "exif_paths": _paths,
    "maker_note": _maker_note,
    "xmp": lambda _: PLANTED["xmp"](),
    "iptc": lambda _: PLANTED["iptc"](),
    "comment": lambda _: PLANTED["comment"](),
    "icc_text": lambda _: PLANTED["text in the colour profile"](),
    "mpf": lambda _: PLANTED["multi-picture"](),
    "thumbnail": lambda _: PLANTED["jfif thumbnail"](),
    "trailing": lambda chance: _any_size(chance) + chance.randbytes(chance.randrange(1, 5_000)),
    "multi_picture": lambda _: saved(picture(96, 64), "MPO", save_all=True, append_images=[picture(96, 64)]),
    "cmyk": lambda _: saved(picture(96, 64).convert("CMYK")),
    "png": lambda _: saved(picture(96, 64), "PNG"),
    "png_16_bit": lambda chance: saved(Image.new("I;16", (64, 48), chance.randrange(65_536)), "PNG"),
    "png_palette": lambda _: saved(picture(96, 64).quantize(8), "PNG", transparency=3),
    "png_animated": lambda _: _frames("PNG"),
    "webp": lambda chance: saved(picture(96, 64), "WEBP", lossless=chance.random() < 0.5),
    "webp_animated": lambda _: _frames("WEBP"),
    "heic": lambda _: _heic(),
    # two things at once
    "zip_behind": lambda chance: _any_size(chance) + _zip(),
    "page_behind": lambda _: _plain() + b"<!doctype html><script>alert(1)</script>",
    "page_in_comment": lambda _: with_segment(_plain(), 0xFE, b"<script>alert(1)</script><?php system('id'); ?>"),
    # work for a decoder
    "bomb_jpeg": lambda chance: sized(_plain(), *_bomb_size(chance)),
    "bomb_png": lambda chance: one_bit_png(*_bomb_size(chance)),
    "bomb_webp": lambda chance: webp_canvas(chance.choice((16_383, 12_000)), 16_383),
    "bomb_heic": lambda chance: heic_of(*_bomb_size(chance)),
    "bomb_text": _text_bomb,
    "many_scans": _repeated_scans,
    "many_segments": _many_segments,
    # no photo
    "empty": lambda _: b"",
    "no_size": lambda chance: chance.choice(
        (sized(_plain(), 0, 64), sized(_plain(), 96, 0), one_bit_png(0, 5), one_bit_png(5, 0))
    ),
    "path": lambda chance: chance.choice((b"/etc/passwd", b"/proc/self/environ", b"..\\..\\trygg.sqlite")),
    "noise": lambda chance: chance.randbytes(chance.randrange(1, 4_000)),
    "other_format": lambda chance: chance.choice(_STARTS) + chance.randbytes(chance.randrange(2_000)),
    # broken on the way
    "cut_jpeg": lambda chance: _cut(_any_size(chance), chance),
    "cut_png": lambda chance: _cut(saved(picture(96, 64), "PNG"), chance),
    "cut_webp": lambda chance: _cut(saved(picture(96, 64), "WEBP"), chance),
    "cut_heic": lambda chance: _cut(_heic(), chance),
    "damaged_exif": _damaged_exif,
    "damaged_jpeg": lambda chance: _damaged(_any_size(chance), chance),
    "damaged_png": lambda chance: _damaged(saved(picture(96, 64), "PNG"), chance),
    "damaged_webp": lambda chance: _damaged(saved(picture(96, 64), "WEBP"), chance),
    "damaged_heic": lambda chance: _damaged(_heic(), chance),
    "larger_than_its_data": lambda chance: sized(_plain(), chance.randrange(97, 3_000), chance.randrange(65, 3_000)),
}


def _broken_at(whole: bytes, share: float, count: int = 200) -> bytes:
    at = round(share * len(whole))
    return whole[:at] + bytes(byte ^ 0x55 for byte in whole[at : at + count]) + whole[at + count :]


def _noise(format: str) -> bytes:
    """Enough data that its middle is nothing but the picture's."""
    return saved(Image.frombytes("RGB", (160, 120), Chance(SEED).randbytes(160 * 120 * 3)), format)


def _with_last_chunk(photo: bytes, chunk: bytes) -> bytes:
    return photo[:-12] + chunk + photo[-12:]


DAMAGED: Final[dict[str, Callable[[], bytes]]] = {
    "png_broken_in_the_middle": lambda: _broken_at(_noise("PNG"), 0.5),
    "png_broken_near_its_end": lambda: _broken_at(_noise("PNG"), 0.9),
    "png_without_its_last_half": lambda: _noise("PNG")[: len(_noise("PNG")) // 2],
    "png_text_bomb_behind": lambda: _with_last_chunk(_noise("PNG"), _TEXT_BOMB),
    "webp_without_its_last_half": lambda: _noise("WEBP")[: len(_noise("WEBP")) // 2],
    "jpeg_without_its_last_half": lambda: _noise("JPEG")[: len(_noise("JPEG")) // 2],
    "jpeg_broken_tables": lambda: _broken_at(_plain(), 0.05),
}
"""Always the same files."""


def files(count: int, seed: int = SEED) -> Iterator[tuple[str, bytes]]:
    """Every kind in turn, each of `count` files from a chance of its own: number 4,711 is the same in every run."""
    names = list(KINDS)
    for number in range(count):
        kind = names[number % len(names)]
        yield kind, KINDS[kind](random.Random(f"{seed} {number}"))
