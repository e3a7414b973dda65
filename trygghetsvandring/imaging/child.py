"""The decoder's child process: the only place where a stranger's bytes meet a decoder.

Run as `python -m trygghetsvandring.imaging.child <long edges, comma separated>`. A photo comes in on standard input.
Out goes one line of JSON, and behind it the JPEG of each edge that was asked for, one after the other. A photo that
cannot be read gives `{"code": …}`. The limits are set before the first byte is read: 1 GiB of memory, 10 s of CPU,
no core file, no large output. Whatever breaks here ends this process and nothing else.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from typing import TYPE_CHECKING, Final

from trygghetsvandring.imaging.intake import MOST_BYTES, MOST_PIXELS, NOT_A_PHOTO, TOO_MANY_PIXELS, TRUNCATED

if TYPE_CHECKING:
    from PIL import Image

FORMATS: Final = ("JPEG", "PNG", "WEBP", "HEIF")
QUALITY: Final = 82
_MEMORY: Final = 1024 * 1024 * 1024
_CPU_SECONDS: Final = 10
_HEIF_BRANDS: Final = frozenset({b"heic", b"heix", b"mif1", b"heim", b"heis", b"msf1"})


class Unreadable(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def limit_ourselves() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (2 * MOST_BYTES, 2 * MOST_BYTES))


def read_photo(content: bytes) -> Image.Image:
    """Opened, not decoded; within our own pixel cap (the library's own guard only warns)."""
    from PIL import Image  # noqa: PLC0415 - imported behind the limits

    Image.MAX_IMAGE_PIXELS = None
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS:
        import pillow_heif  # noqa: PLC0415

        pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
    image = Image.open(io.BytesIO(content), formats=FORMATS)
    if image.width * image.height > MOST_PIXELS:
        raise Unreadable(TOO_MANY_PIXELS)
    return image


def shrink(image: Image.Image, edge: int) -> Image.Image:
    """Long edge at most `edge`; an image that is smaller keeps its size."""
    from PIL import Image  # noqa: PLC0415

    scale = min(1.0, edge / max(image.size))
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    # By aspect: asking a 4:3 photo for a square leaves it unscaled.
    image.draft("RGB", size)
    image.load()
    # LANCZOS needs true colours: palettes and 1-bit images would be scaled by nearest neighbour.
    coloured = _in_colour(image)
    return coloured if coloured.size == size else coloured.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _in_colour(image: Image.Image) -> Image.Image:
    from PIL import Image  # noqa: PLC0415

    if image.mode == "RGB":
        return image
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
    from PIL import ImageCms  # noqa: PLC0415

    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        turned = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a profile nobody can read changes nothing
    return turned or image


def fresh(image: Image.Image) -> bytes:
    """JPEG of the pixels alone: pasted into an image that has never had metadata."""
    from PIL import Image  # noqa: PLC0415

    clean = Image.new("RGB", image.size)
    clean.paste(image)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def make(content: bytes, edges: list[int]) -> tuple[dict[str, object], list[bytes]]:
    from PIL import ImageOps  # noqa: PLC0415

    image = read_photo(content)
    width, height, profile = image.width, image.height, image.info.get("icc_profile")
    largest = in_srgb(ImageOps.exif_transpose(shrink(image, max(edges))), profile)
    parts, told = [], []
    for edge in edges:
        small = shrink(largest.copy(), edge)
        parts.append(fresh(small))
        told.append({"edge": edge, "width": small.width, "height": small.height, "bytes": len(parts[-1])})
    return {"width": width, "height": height, "parts": told}, parts


def answer(content: bytes, edges: list[int]) -> tuple[dict[str, object], list[bytes]]:
    try:
        return make(content, edges)
    except Unreadable as unreadable:
        return {"code": unreadable.code}, []
    except MemoryError:
        return {"code": TOO_MANY_PIXELS}, []
    except Exception as broken:  # noqa: BLE001 - decoders raise anything at all, and each means the same to us
        return {"code": TRUNCATED if "truncated" in str(broken) else NOT_A_PHOTO}, []


def main() -> None:
    limit_ourselves()
    import warnings  # noqa: PLC0415

    warnings.simplefilter("ignore")
    content = sys.stdin.buffer.read(MOST_BYTES + 1)
    told, parts = answer(content, [int(edge) for edge in sys.argv[1].split(",")])
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n")
    sys.stdout.buffer.writelines(parts)


if __name__ == "__main__":
    main()
