"""The decoder's child process: the only place where a stranger's bytes meet a decoder.

`keeper` forks one for each photo. The photo comes in as a file, and out goes another: one line of JSON, and behind it
the JPEG of each edge that was asked for, one after the other. A photo that cannot be read gives `{"code": …}`. The
limits are set before the first byte is read: 1 GiB of memory, 10 s of CPU, no core file, no large output. Whatever
breaks here ends this process and nothing else.
"""

from __future__ import annotations

import contextlib
import io
import json
import resource
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from PIL import Image, ImageCms

from trygghetsvandring.imaging import metadata
from trygghetsvandring.imaging.headers import is_heif
from trygghetsvandring.imaging.intake import MOST_BYTES, MOST_PIXELS, NOT_A_PHOTO, TOO_MANY_PIXELS, TRUNCATED

if TYPE_CHECKING:
    from collections.abc import Sequence

FORMATS: Final = ("JPEG", "PNG", "WEBP", "HEIF")
QUALITY: Final = 82
_MEMORY: Final = 1024 * 1024 * 1024
_CPU_SECONDS: Final = 10
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# What halves while it decodes costs least. Kept as it is when this much of the edge is there; else decoded and scaled.
_NEAR_ENOUGH: Final = 0.75

Told = dict[str, object]


class Unreadable(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def limit_ourselves() -> None:
    _limit(resource.RLIMIT_AS, _MEMORY, _MEMORY)
    # One second between the signal that has a name of its own and the one that everybody sends.
    _limit(resource.RLIMIT_CPU, _CPU_SECONDS, _CPU_SECONDS + 1)
    _limit(resource.RLIMIT_CORE, 0, 0)
    _limit(resource.RLIMIT_FSIZE, 2 * MOST_BYTES, 2 * MOST_BYTES)


def _limit(kind: int, soft: int, hard: int) -> None:
    """Or what somebody has set already, when that is lower: a limit cannot be raised."""
    _, most = resource.getrlimit(kind)
    hard = hard if most == resource.RLIM_INFINITY else min(hard, most)
    resource.setrlimit(kind, (min(soft, hard), hard))


def read_photo(content: bytes) -> Image.Image:
    """Opened, not decoded; within our own pixel cap (the library's own guard only warns)."""
    Image.MAX_IMAGE_PIXELS = None
    if is_heif(content):
        import pillow_heif  # noqa: PLC0415 - it hooks itself into what opens pictures, so only where it is needed

        pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)
    image = Image.open(io.BytesIO(content), formats=FORMATS)
    if image.width * image.height > MOST_PIXELS:
        raise Unreadable(TOO_MANY_PIXELS)
    return image


def shrink(image: Image.Image, edge: int, *, may_be_smaller: bool = False) -> Image.Image:
    """Long edge at most `edge`; an image that is smaller keeps its size.

    `may_be_smaller`: what the decoder halves to is good enough, from three quarters of `edge` on.
    """
    scale = min(1.0, edge / max(image.size))
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    # By aspect: asking a 4:3 photo for a square leaves it unscaled.
    image.draft("RGB", _halved(image, edge) if may_be_smaller else size)
    image.load()
    # Scaling needs true colours: palettes and 1-bit images would be scaled by nearest neighbour.
    coloured = _in_colour(image)
    if max(coloured.size) <= edge:
        return coloured
    return coloured.resize(size, Image.Resampling.BILINEAR, reducing_gap=1.0)


def _halved(image: Image.Image, edge: int) -> tuple[int, int]:
    for times in (1, 2, 4, 8):
        if _NEAR_ENOUGH * edge <= max(image.size) / times <= edge:
            return image.width // times, image.height // times
    return max(1, edge * image.width // max(image.size)), max(1, edge * image.height // max(image.size))


def _in_colour(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    if image.mode.startswith("I"):  # 16 bits a pixel: cut off at 255 they would all be white
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    if "A" in image.mode or "transparency" in image.info:
        above = image.convert("RGBA")
        ground = Image.new("RGB", image.size, "white")
        ground.paste(above, mask=above.getchannel("A"))
        return ground
    return image.convert("RGB")


def in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as a screen without profiles shows them, since the profile does not come along."""
    if not profile:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        turned = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a profile nobody can read changes nothing
    return turned or image


def fresh(image: Image.Image) -> bytes:
    """JPEG of the pixels alone: pasted into an image that has never had metadata."""
    clean = Image.new("RGB", image.size)
    clean.paste(image)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def make(content: bytes, edges: Sequence[int], *, may_be_smaller: bool = False) -> tuple[Told, list[bytes]]:
    """A copy per edge, small ones from the largest. `may_be_smaller` is for the largest alone."""
    image = read_photo(content)
    width, height, format, profile = image.width, image.height, image.format, image.info.get("icc_profile")
    # First: asking a PNG for its EXIF decodes it, and forgets that it was broken.
    largest = shrink(image, max(edges), may_be_smaller=may_be_smaller)
    turn, beside = metadata.orientation(image), metadata.told(content, image)
    if turn in _TURNS and "original_orientation" not in image.info:
        largest = largest.transpose(_TURNS[turn])
    largest = in_srgb(largest, profile)
    parts, sizes = [], []
    for edge in edges:
        small = largest if edge == max(edges) else shrink(largest, edge)
        parts.append(fresh(small))
        sizes.append({"edge": edge, "width": small.width, "height": small.height, "bytes": len(parts[-1])})
    seen = {"width": width, "height": height, "format": format, "is_turned": turn != 1}
    return {**seen, **beside, "parts": sizes}, parts


def answer(content: bytes, edges: Sequence[int], *, may_be_smaller: bool = False) -> tuple[Told, list[bytes]]:
    try:
        return make(content, edges, may_be_smaller=may_be_smaller)
    except Unreadable as unreadable:
        return {"code": unreadable.code}, []
    except MemoryError:
        return {"code": TOO_MANY_PIXELS}, []
    except Exception as broken:  # noqa: BLE001 - decoders raise anything at all, and each means the same to us
        return {"code": TRUNCATED if "truncated" in str(broken) else NOT_A_PHOTO}, []


def serve(photo: BinaryIO, out: BinaryIO, edges: Sequence[int], *, may_be_smaller: bool) -> None:
    """One photo, in a process that has nothing else to lose."""
    limit_ourselves()
    warnings.simplefilter("ignore")
    told, parts = answer(photo.read(MOST_BYTES + 1), edges, may_be_smaller=may_be_smaller)
    out.write(json.dumps({**told, "peak_kb": _peak_kb()}).encode() + b"\n")
    out.writelines(parts)
    out.flush()


def _peak_kb() -> int | None:
    """Of this process alone: what getrusage gives counts the one it was forked from too. None where nobody says it."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(Path("/proc/self/status").read_text(encoding="ascii").partition("VmHWM:")[2].split()[0])
    return None
